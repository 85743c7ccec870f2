// "What the model saw": each picture as it was really sent, its size and tokens, and a warning where its small print cannot be read at that size.
import { Eye, TriangleAlert } from 'lucide-react';
import type { Message, MessageRecord } from '@contract/conversation.ts';
import { regenerate } from '../stores/conversation-actions.ts';
import { Button } from '../ui/button.tsx';
import { SentPictures, smallText } from './sent-pictures.tsx';

const number = (value: number): string => value.toLocaleString('en');

export function SawDisclosure({ message, record }: { message: Message; record: MessageRecord }) {
  const { pictures, promptTokens, reusedTokens, newTokens } = record;
  const small = smallText(pictures);
  if (pictures.length === 0 && promptTokens === null) return null;
  return (
    <div className="mt-1.5 text-small">
      {small && (
        <div className="mb-1 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-warn-soft px-3 py-2 text-warn">
          <TriangleAlert size={14} className="shrink-0" aria-hidden />
          <p className="min-w-40 flex-1">The smallest text was only {small.pixels} in {small.which} as sent; the model may have misread it.</p>
          <Button className="h-7! px-2.5!" onClick={() => void regenerate(message.id, { tiles: true })}>Send tiles</Button>
          <Button className="h-7! px-2.5!" onClick={() => void regenerate(message.id, { maxImageTokens: 3072 })}>Send larger</Button>
        </div>
      )}
      <details className="text-muted">
        <summary className="-mx-1 w-fit rounded px-1 hover:text-ink"><Eye size={12} className="mr-1 inline-block align-[-1px]" aria-hidden />What the model saw</summary>
        <SentPictures pictures={pictures} />
        {promptTokens !== null && <p className="mt-1.5 tabular-nums">{number(promptTokens)} tokens in all{reusedTokens ? `, ${number(reusedTokens)} of them kept from before` : ''}{newTokens === null ? '' : `; ${number(newTokens)} were written`}.</p>}
      </details>
    </div>
  );
}
