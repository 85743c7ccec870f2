// The messages of a conversation, only those in view in the document: ten thousand scroll like ten. Stays at the end while an answer
// is being written, unless the reader has scrolled up.
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Message } from '@contract/conversation.ts';
import { usePlaces } from '../stores/answer-places.ts';
import { useConversations } from '../stores/conversation-store.ts';
import { AnswerView } from './answer-view.tsx';
import { QuestionView } from './question-view.tsx';

/** A guess that is corrected as soon as a message is drawn: longer text is taller. */
const guess = (message: Message): number => 90 + Math.min(2400, Math.ceil(message.text.length / 55) * 24) + (message.attachments.length > 0 ? 84 : 0);

/** So near to the end counts as being there. */
const endPixels = 64;

export function MessageList({ branch }: { branch: readonly Message[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  // Asked for all rows below one whose height has changed, at every frame of scrolling: looked up, not worked out.
  const guesses = useMemo(() => branch.map(guess), [branch]);
  const keys = useMemo(() => branch.map((one) => one.id), [branch]);
  const rows = useVirtualizer({
    count: branch.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => keys[index] ?? index, [keys]),
    estimateSize: useCallback((index: number) => guesses[index] ?? 120, [guesses]),
    overscan: 3,
    paddingStart: 8,
    paddingEnd: 16,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: endPixels,
    initialOffset: () => Number.MAX_SAFE_INTEGER,
  });
  const openId = useConversations((state) => state.openId);
  useEffect(() => { rows.scrollToEnd(); }, [openId, rows]);

  // Whoever reads the end goes on reading it while the question below grows and takes room.
  const atEnd = useRef(true);
  useEffect(() => {
    const element = scroller.current!;
    const look = (): void => { atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < endPixels; };
    const watch = new ResizeObserver(() => { if (atEnd.current) element.scrollTop = element.scrollHeight; });
    element.addEventListener('scroll', look, { passive: true });
    watch.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      watch.disconnect();
    };
  }, []);

  const reveal = usePlaces((places) => places.revealInPanel);
  const revealed = useRef(reveal);
  useEffect(() => {
    const { chosen } = usePlaces.getState();
    if (reveal === revealed.current || !chosen) return;
    revealed.current = reveal;
    const index = branch.findIndex((one) => one.id === chosen.messageId);
    const bring = (): boolean => {
      const phrase = scroller.current?.querySelector(`[data-place="${chosen.messageId} ${chosen.index}"]`);
      phrase?.scrollIntoView({ block: 'nearest' });
      return phrase !== null && phrase !== undefined;
    };
    if (bring() || index < 0) return;
    rows.scrollToIndex(index, { align: 'center' });
    requestAnimationFrame(() => requestAnimationFrame(bring));
  }, [reveal, branch, rows]);

  return (
    <div ref={scroller} id="message-list" role="feed" aria-label="Messages" tabIndex={0} className="focus-inside size-full overflow-x-hidden overflow-y-auto [overflow-anchor:none]">
      <div className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const message = branch[item.index];
          return message && (
            <article
              key={message.id}
              ref={rows.measureElement}
              data-index={item.index}
              data-message={message.id}
              aria-posinset={item.index + 1}
              aria-setsize={branch.length}
              aria-label={message.role === 'user' ? 'Question' : 'Answer'}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {/* Both are memoised: scrolling and the growth of an answer move rows, they do not draw them again. */}
              {message.role === 'user' ? <QuestionView message={message} /> : <AnswerView message={message} />}
            </article>
          );
        })}
      </div>
    </div>
  );
}
