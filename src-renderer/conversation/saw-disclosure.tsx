// "What the model saw": each picture as it was really sent, its size and tokens, and a warning where its small print cannot be read at that size.
import { Eye, TriangleAlert } from 'lucide-react';
import { useEffect } from 'react';
import type { Message, MessageRecord, SentPicture } from '@contract/conversation.ts';
import { ensureAttached, useAttached } from '../stores/attached-pages.ts';
import { regenerate } from '../stores/conversation-actions.ts';
import { useLibrary } from '../stores/library-store.ts';
import { Button } from '../ui/button.tsx';

const shownPictures = 60;
const number = (value: number): string => value.toLocaleString('en');

export function SawDisclosure({ message, record }: { message: Message; record: MessageRecord }) {
  const { pictures, promptTokens, reusedTokens } = record;
  const small = pictures.filter((one) => one.tooSmall);
  if (pictures.length === 0 && promptTokens === null) return null;
  return (
    <div className="mt-1.5 text-small">
      {small.length > 0 && (
        <div className="mb-1 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-warn-soft px-3 py-2 text-warn">
          <TriangleAlert size={14} className="shrink-0" aria-hidden />
          <p className="min-w-40 flex-1">{smallSentence(pictures, small)}</p>
          <Button className="h-7! px-2.5!" onClick={() => void regenerate(message.id, { tiles: true })}>Send tiles</Button>
          <Button className="h-7! px-2.5!" onClick={() => void regenerate(message.id, { maxImageTokens: 3072 })}>Send larger</Button>
        </div>
      )}
      <details className="text-muted">
        <summary className="-mx-1 w-fit rounded px-1 hover:text-ink"><Eye size={12} className="mr-1 inline-block align-[-1px]" aria-hidden />What the model saw</summary>
        <ul className="mt-1.5 flex flex-col gap-1.5">
          {pictures.slice(0, shownPictures).map((picture, index) => <Sent key={index} picture={picture} place={index + 1} />)}
        </ul>
        {pictures.length > shownPictures && <p className="mt-1 text-tiny text-faint">and {number(pictures.length - shownPictures)} more</p>}
        {promptTokens !== null && <p className="mt-1.5 tabular-nums">{number(promptTokens)} tokens in all{reusedTokens ? `, ${number(reusedTokens)} of them kept from before` : ''}.</p>}
      </details>
    </div>
  );
}

function smallSentence(pictures: readonly SentPicture[], small: readonly SentPicture[]): string {
  const height = Math.min(...small.map((one) => one.smallestText ?? Infinity));
  const which = pictures.length === 1 ? 'the picture' : small.length === 1 ? 'one of the pictures' : `${small.length} of the pictures`;
  return `The smallest text was only ${Number.isFinite(height) ? `${Math.max(1, Math.round(height))} pixels high` : 'too small'} in ${which} as sent; the model may have misread it.`;
}

function Sent({ picture, place }: { picture: SentPicture; place: number }) {
  useEffect(() => void ensureAttached([picture.pageId]), [picture.pageId]);
  const page = useAttached((attached) => attached.byId.get(picture.pageId));
  const title = useLibrary((library) => (page ? library.byId.get(page.documentId)?.title : undefined));
  const { original, sent, crop, tokens, smallestText, tooSmall } = picture;
  return (
    <li className="flex gap-2 tabular-nums">
      <span className="w-5 shrink-0 text-right text-faint">{place}</span>
      <span className="min-w-0">
        <span className="block truncate text-ink">{title ?? 'Page'}{page ? `, page ${page.index + 1}` : ''}</span>
        <span className="block">
          {number(original.width)} × {number(original.height)}{sent.width !== original.width || sent.height !== original.height ? ` sent as ${number(sent.width)} × ${number(sent.height)}` : ' sent as it is'}
          {tokens !== null && `, ${number(tokens)} tokens`}
          {crop && `; the part at ${number(Math.round(crop.x))}, ${number(Math.round(crop.y))} of ${number(Math.round(crop.width))} × ${number(Math.round(crop.height))}`}
        </span>
        {smallestText !== null && <span className={tooSmall ? 'block text-warn' : 'block'}>Smallest text {Math.max(1, Math.round(smallestText))} pixels high</span>}
      </span>
    </li>
  );
}
