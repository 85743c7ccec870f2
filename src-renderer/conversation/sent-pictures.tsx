// Pictures as they are sent, or would be: which page or part, at what size, for how many tokens, and how high its smallest text is then.
import { useEffect } from 'react';
import type { SentPicture } from '@contract/conversation.ts';
import { ensureAttached, useAttached } from '../stores/attached-pages.ts';
import { useLibrary } from '../stores/library-store.ts';

const most = 60;
const number = (value: number): string => value.toLocaleString('en');

/** `first`: the number by which an answer calls the first of them. */
export function SentPictures({ pictures, first = 1 }: { pictures: readonly SentPicture[]; first?: number }) {
  return (
    <>
      <ul className="mt-1.5 flex flex-col gap-1.5" aria-label="Pictures">
        {pictures.slice(0, most).map((picture, index) => <Sent key={index} picture={picture} place={first + index} />)}
      </ul>
      {pictures.length > most && <p className="mt-1 text-tiny text-faint">and {number(pictures.length - most)} more</p>}
    </>
  );
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

/** Which of the pictures have text that is too small, and how small; null when none has. */
export function smallText(pictures: readonly SentPicture[]): { pixels: string; which: string } | null {
  const small = pictures.filter((one) => one.tooSmall);
  if (small.length === 0) return null;
  const height = Math.max(1, Math.round(Math.min(...small.map((one) => one.smallestText ?? Infinity))));
  return {
    pixels: Number.isFinite(height) ? `${height} ${height === 1 ? 'pixel' : 'pixels'} high` : 'too small',
    which: pictures.length === 1 ? 'the picture' : small.length === 1 ? 'one of the pictures' : `${small.length} of the pictures`,
  };
}
