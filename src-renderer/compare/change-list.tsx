// What changed, as a list: each change with its words, what was decided about it, and a note.
import { useEffect, useRef, useState } from 'react';
import { Check, X } from 'lucide-react';
import type { Change, ChangeKind, KeptPair, Review } from '@contract/compare.ts';
import { CommandButton } from '../commands/use-command.tsx';
import { listedChanges, reviewChange, showChange, stepChange, useCompare } from '../stores/compare-store.ts';
import { classes } from '../ui/classes.ts';

const kindWords: Readonly<Record<ChangeKind, string>> = { changed: 'Changed', inserted: 'Added', removed: 'Removed', moved: 'Moved', picture: 'Drawing' };
const shown = (text: string): string => (text.length > 160 ? `${text.slice(0, 157).trimEnd()}…` : text);

export function ChangeList({ pair }: { pair: KeptPair }) {
  const active = useCompare((compare) => compare.change);
  const all = listedChanges(pair);
  const doubtful = all.findIndex(({ change }) => change.doubtful);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active !== null) document.getElementById(`change-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, pair.position]);

  const press = (event: React.KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    stepChange(event.key === 'ArrowDown' ? 1 : -1);
  };
  if (all.length === 0) return <p className="px-4 py-6 text-small text-muted">{pair.comparison ? (pair.moved ? 'This page was moved; nothing on it changed.' : 'These pages show no change.') : pair.before && pair.after ? 'These pages are not compared yet.' : pair.before ? 'This page was removed.' : 'This page was added.'}</p>;
  return (
    <div
      ref={list}
      id="change-list"
      role="listbox"
      aria-label="Changes"
      tabIndex={0}
      aria-activedescendant={active === null ? undefined : `change-${active}`}
      onKeyDown={press}
      className="focus-inside min-h-0 flex-1 overflow-y-auto p-1.5"
    >
      {all.map(({ change, index, review }, at) => (
        <div key={index} role="presentation">
          {at === doubtful && <p className="px-2.5 pt-3 pb-1 text-small font-medium text-muted">May only be misreadings</p>}
          <div
            id={`change-${index}`}
            role="option"
            aria-selected={index === active}
            onClick={() => showChange(index)}
            className={classes('rounded-lg px-2.5 py-2 text-body', index === active ? 'bg-accent-soft' : 'hover:bg-hover')}
          >
            <p className="flex items-center gap-1.5 text-small text-muted">
              <span className={classes('change-dot', review.verdict === 'dismissed' && 'change-dot-dismissed')} data-kind={change.kind} aria-hidden />
              <span className="font-medium">{kindWords[change.kind]}</span>
              {review.verdict !== 'open' && <span className="shrink-0 whitespace-nowrap">· {review.verdict}</span>}
              {review.note !== '' && <span className="min-w-0 truncate">· {review.note}</span>}
            </p>
            <Words change={change} />
          </div>
        </div>
      ))}
    </div>
  );
}

function Words({ change: { kind, before, after } }: { change: Change }) {
  const text = 'break-words [overflow-wrap:anywhere]';
  if (kind === 'changed') return <p className={text}><del className="decoration-bad text-bad">{shown(before.text)}</del> <span aria-hidden>→</span> <ins className="text-good no-underline">{shown(after.text)}</ins></p>;
  if (kind === 'inserted') return <p className={text}><ins className="text-good no-underline">{shown(after.text)}</ins></p>;
  if (kind === 'removed') return <p className={text}><del className="text-bad">{shown(before.text)}</del></p>;
  if (kind === 'picture') return <p className={classes(text, 'text-muted')}>{shown(after.text || before.text) || 'Something besides text'}</p>;
  return <p className={text}>{shown(after.text)}</p>;
}

/** What is decided about the change that is looked at. */
export function ChangeReview({ index, review }: { index: number; review: Review }) {
  const [note, setNote] = useState(review.note);
  const keep = (): void => {
    if (note !== review.note) void reviewChange(index, { note });
  };
  return (
    <div className="shrink-0 border-t border-edge p-3">
      <div className="mb-2 flex items-center gap-1">
        <CommandButton id="accept-change" pressed={review.verdict === 'accepted'} side="top"><Check size={16} aria-hidden /></CommandButton>
        <CommandButton id="dismiss-change" pressed={review.verdict === 'dismissed'} side="top"><X size={16} aria-hidden /></CommandButton>
        <span className="flex-1 pl-1 text-small text-muted">{review.verdict === 'open' ? 'Not decided' : review.verdict === 'accepted' ? 'Accepted' : 'Dismissed'}</span>
      </div>
      <textarea
        aria-label="Note about this change"
        placeholder="Note"
        rows={2}
        maxLength={4000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          event.stopPropagation();
        }}
        className="field-sizing-content max-h-48 min-h-14 w-full resize-none rounded-md border border-edge-strong bg-raised px-2 py-1.5 text-body outline-none placeholder:text-faint focus:border-accent-text focus:outline-2 focus:-outline-offset-1 focus:outline-accent-text"
      />
    </div>
  );
}
