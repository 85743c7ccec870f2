// The text of an answer: Markdown once its renderer is here (it is loaded with the first answer, not with the window), plain until then.
import { lazy, Suspense, useCallback, useDeferredValue, useMemo, type ReactNode } from 'react';
import type { Message } from '@contract/conversation.ts';
import type { MarkedRange } from './mark-ranges.ts';
import type { PhrasePiece } from './markdown-text.tsx';
import { Phrase } from './phrase.tsx';

const MarkdownText = lazy(() => import('./markdown-text.tsx'));
const noMarks: readonly MarkedRange[] = [];

/** `text` may be newer than the message's own while the answer is being written. */
export function AnswerText({ message, text }: { message: Message; text: string }) {
  // While text streams in, each frame shows it as soon as the one before is done, and never holds up typing.
  const shown = useDeferredValue(text);
  const marks = useMemo(() => (shown === message.text ? message.groundings.map(({ start, end }, id) => ({ id, start, end })) : noMarks), [message.groundings, message.text, shown]);
  const phrase = useCallback((id: number, piece: PhrasePiece, content: ReactNode): ReactNode => <Phrase message={message} index={id} {...piece}>{content}</Phrase>, [message]);
  return (
    <div data-selectable className="text-read" data-answer={message.id}>
      <Suspense fallback={<p className="break-words whitespace-pre-wrap">{shown}</p>}>
        <MarkdownText text={shown} marks={marks} phrase={phrase} />
      </Suspense>
    </div>
  );
}
