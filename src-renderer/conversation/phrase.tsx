// A phrase of an answer that points at a page: lights up with its box, opens the page, and says what the recognised text makes of it.
import { memo, type ReactNode } from 'react';
import { Check, CircleHelp, TriangleAlert } from 'lucide-react';
import type { Message, MessageGrounding } from '@contract/conversation.ts';
import { choosePlace, goToPlace, hoverPlace, samePlace, usePlaces } from '../stores/answer-places.ts';
import { classes } from '../ui/classes.ts';
import { pressable } from './pressable.ts';

const looks: Record<MessageGrounding['check']['state'], string> = {
  found: 'decoration-good',
  differs: 'decoration-warn',
  'not-on-page': 'decoration-bad decoration-wavy',
  unchecked: 'decoration-accent-text',
};

/** What a check says, in one sentence. */
export function checkSentence({ check, isUnsure }: MessageGrounding): string {
  switch (check.state) {
    case 'found': return `Found on the page: “${check.read}”`;
    case 'differs': return `Differs: the answer says “${check.expected}”, the page reads “${check.read}”`;
    case 'not-on-page': return `“${check.expected}” is not on the page`;
    case 'unchecked': return isUnsure ? 'The answer does not say on which of the pictures this is; it is shown on the last' : 'Shown on the page; there is no text to compare it with';
  }
}

interface PhraseProps {
  messageId: string;
  index: number;
  grounding: MessageGrounding;
  /** The answer is still being written: it is compared with the page when it is done. */
  pending?: boolean;
  /** The first piece of the phrase takes the focus, the last carries the mark of the check. */
  first?: boolean;
  last?: boolean;
  children: ReactNode;
}

export const Phrase = memo(function Phrase({ messageId, index, grounding, pending = false, first = true, last = true, children }: PhraseProps) {
  const ref = { messageId, index };
  const lit = usePlaces((places) => samePlace(places.hovered, ref));
  const chosen = usePlaces((places) => samePlace(places.chosen, ref));
  return (
    <span
      {...(first && { role: 'button', tabIndex: 0, 'aria-pressed': chosen, 'data-place': `${messageId} ${index}` })}
      title={`${pending ? 'Compared with the page when the answer is done' : checkSentence(grounding)}${grounding.quad ? '. Click to show it on the page.' : ''}`}
      onMouseEnter={() => hoverPlace(ref)}
      onMouseLeave={() => hoverPlace(null)}
      onFocus={() => hoverPlace(ref)}
      onBlur={() => hoverPlace(null)}
      {...pressable(() => { void goToPlace(ref, grounding); })}
      className={classes(
        'cursor-pointer rounded-[3px] box-decoration-clone px-0.5 underline decoration-2 underline-offset-[3px] transition-colors',
        // The mark of the check stays beside a short phrase.
        grounding.end - grounding.start <= 24 && (grounding.check.state === 'found' ? 'whitespace-nowrap' : grounding.check.state === 'not-on-page' && 'in-[td]:whitespace-nowrap'),
        looks[grounding.check.state],
        grounding.isUnsure && 'decoration-dashed',
        lit ? 'bg-hit-now' : chosen ? 'bg-hit' : 'bg-accent-soft/60 hover:bg-hit',
      )}
    >
      {children}
      {last && <CheckMark grounding={grounding} />}
    </span>
  );
});

/** Found and unchecked are marked in passing; what differs says both readings at once. In the cells of a table a sign must do. */
function CheckMark({ grounding }: { grounding: MessageGrounding }) {
  const { check, isUnsure } = grounding;
  if (check.state === 'unchecked') return isUnsure ? <span data-aside className="ml-0.5 inline-block align-[-1px] text-muted"><CircleHelp size={11} aria-hidden /><span className="sr-only"> (on which picture is not said)</span></span> : null;
  if (check.state === 'found') return <span data-aside className="ml-0.5 inline-block align-[-1px] text-good"><Check size={12} strokeWidth={3} aria-hidden /><span className="sr-only"> (found on the page)</span></span>;
  if (check.state === 'differs') {
    return (
      <span data-aside className="ml-1 inline-block rounded bg-warn-soft px-1 text-small text-warn">
        <TriangleAlert size={11} className="mr-0.5 inline-block align-[-1px]" aria-hidden />page reads “{check.read}”
      </span>
    );
  }
  return (
    <span data-aside className="ml-1 inline-block rounded bg-bad-soft px-1 text-small text-bad">
      <CircleHelp size={11} className="mr-0.5 inline-block align-[-1px] in-[td]:mr-0" aria-hidden /><span className="in-[td]:sr-only">not on the page</span>
    </span>
  );
}

/** Places that no phrase of the text stands for: as chips behind it. */
export function LoosePlaces({ message }: { message: Message }) {
  const loose = message.groundings.map((grounding, index) => ({ grounding, index })).filter(({ grounding: { start, end } }) => end <= start);
  if (loose.length === 0) return null;
  return (
    <p className="mt-2 flex flex-wrap gap-1.5">
      {loose.map(({ grounding, index }, place) => (
        <Phrase key={index} messageId={message.id} index={index} grounding={grounding} pending={message.status === 'streaming'}>{grounding.label ?? `Place ${place + 1}`}</Phrase>
      ))}
    </p>
  );
}

/** How many of an answer's values were found, in words that leave out what there is none of. */
export function checkSummary(groundings: readonly MessageGrounding[]): { state: MessageGrounding['check']['state']; words: string }[] {
  const count = (state: MessageGrounding['check']['state']): number => groundings.filter((one) => one.check.state === state).length;
  const said = { found: `${count('found')} found on the page`, differs: `${count('differs')} ${count('differs') === 1 ? 'differs' : 'differ'}`, 'not-on-page': `${count('not-on-page')} not on the page`, unchecked: `${count('unchecked')} not checked` } as const;
  return (['found', 'differs', 'not-on-page', 'unchecked'] as const).filter((state) => count(state) > 0).map((state) => ({ state, words: said[state] }));
}

/** Steps to the place before or after the chosen one; wraps around. */
export function stepPlace(message: Message, direction: 1 | -1): void {
  const { chosen } = usePlaces.getState();
  const all = message.groundings.map((_one, index) => index);
  if (all.length === 0) return;
  const at = chosen?.messageId === message.id ? all.indexOf(chosen.index) : direction > 0 ? -1 : 0;
  const index = all[(at + direction + all.length) % all.length]!;
  const ref = { messageId: message.id, index };
  choosePlace(ref);
  void goToPlace(ref, message.groundings[index]!);
}
