// The text of an answer: Markdown once its renderer is here (it is loaded with the panel, not with the window), plain until then.
import { lazy, Suspense, useCallback, useDeferredValue, useMemo, type ReactNode } from 'react';
import type { MessageGrounding } from '@contract/conversation.ts';
import { Phrase } from './phrase.tsx';
import type { PhrasePiece } from './phrase-context.ts';

const MarkdownText = lazy(() => import('./markdown-text.tsx'));

/** A paragraph or table of more characters takes more than a frame to read: it is shown when there is time, so that typing goes before it. */
const longPiece = 6000;

interface AnswerTextProps {
  messageId: string;
  text: string;
  groundings: readonly MessageGrounding[];
  /** The answer is still being written. */
  growing: boolean;
}

export function AnswerText({ messageId, text, groundings, growing }: AnswerTextProps) {
  const later = useDeferredValue(text);
  const shown = growing && text.length - text.lastIndexOf('\n\n') > longPiece ? later : text;
  const marks = useMemo(() => groundings.map(({ start, end }, id) => ({ id, start, end })).filter((one) => one.end <= shown.length), [groundings, shown.length]);
  const phrase = useCallback((id: number, piece: PhrasePiece, content: ReactNode): ReactNode => {
    const grounding = groundings[id];
    return grounding ? <Phrase messageId={messageId} index={id} grounding={grounding} pending={growing} {...piece}>{content}</Phrase> : content;
  }, [messageId, groundings, growing]);
  return (
    <div data-selectable className="text-read" data-answer={messageId}>
      <Suspense fallback={<p className="break-words whitespace-pre-wrap">{shown}</p>}>
        <MarkdownText text={shown} marks={marks} phrase={phrase} growing={growing} />
      </Suspense>
    </div>
  );
}
