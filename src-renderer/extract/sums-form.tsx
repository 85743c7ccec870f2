// The sums that must hold, each a line of figures to choose: left = right, or another right, with how far they may be apart.
import { Plus, Trash2 } from 'lucide-react';
import type { ExtractionSchema, SumRule } from '@contract/extraction.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { NumberField } from './number-field.tsx';
import { figuresOf, replaced } from './schema-draft.ts';

interface SideProps {
  /** Which side of which sum, in the names of its controls. */
  called: string;
  terms: readonly string[];
  figures: readonly string[];
  onTerms(terms: string[]): void;
}

const bare = (term: string): string => term.replace(/^-/, '');

/** Figures added up or taken away. */
function Side({ called, terms, figures, onTerms }: SideProps) {
  return (
    <span role="group" aria-label={called} className="flex flex-wrap items-center gap-1">
      {terms.map((term, at) => {
        const minus = term.startsWith('-'), name = bare(term);
        const set = (isMinus: boolean, figure: string): void => onTerms(replaced(terms, at, `${isMinus ? '-' : ''}${figure}`));
        return (
          <span key={at} className="flex items-center gap-1">
            {(at > 0 || minus) && (
              <select aria-label={`Sign of ${name}, ${called}`} value={minus ? '-' : '+'} onChange={(event) => set(event.target.value === '-', name)} className="h-7 rounded-md border border-edge-strong bg-raised px-0.5 text-small">
                <option value="+">+</option>
                <option value="-">−</option>
              </select>
            )}
            <select aria-label={`Figure ${at + 1}, ${called}`} value={name} onChange={(event) => (event.target.value === '' ? onTerms(terms.filter((_, index) => index !== at)) : set(minus, event.target.value))} className="h-7 max-w-48 rounded-md border border-edge-strong bg-raised px-1 text-small">
              {!figures.includes(name) && <option value={name}>{name === '' ? 'choose…' : `${name} (no figure)`}</option>}
              {figures.map((figure) => <option key={figure} value={figure}>{figure}</option>)}
              <option value="">– remove –</option>
            </select>
          </span>
        );
      })}
      <IconButton small label={`Add a figure, ${called}`} disabled={figures.length === 0} onClick={() => onTerms([...terms, figures.find((figure) => !terms.some((term) => bare(term) === figure)) ?? figures[0]!])}><Plus size={13} aria-hidden /></IconButton>
    </span>
  );
}

export function SumsForm({ draft, onSums }: { draft: ExtractionSchema; onSums(sums: SumRule[]): void }) {
  const figures = figuresOf(draft);
  const set = (at: number, sum: SumRule): void => onSums(replaced(draft.sums, at, sum));
  if (figures.length < 2 && draft.sums.length === 0) return null;
  return (
    <fieldset className="mt-3">
      <legend className="mb-1 text-small text-muted">Sums that must hold. A column, such as lines.amount, stands for all of its rows.</legend>
      <ul className="space-y-2">
        {draft.sums.map((sum, at) => {
          const called = `sum ${at + 1}`;
          return (
            <li key={at} className="flex flex-wrap items-center gap-x-2 gap-y-1 rounded-md border border-edge bg-raised p-2 text-small text-muted">
              <Side called={`left of ${called}`} terms={sum.left} figures={figures} onTerms={(left) => set(at, { ...sum, left })} />
              {sum.right.map((terms, index) => (
                <span key={index} className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <span>{index === 0 ? '=' : 'or'}</span>
                  <Side called={`${index === 0 ? 'right' : `choice ${index + 1}`} of ${called}`} terms={terms} figures={figures} onTerms={(next) => set(at, { ...sum, right: next.length === 0 && sum.right.length > 1 ? sum.right.filter((_, other) => other !== index) : replaced(sum.right, index, next) })} />
                </span>
              ))}
              <Button kind="quiet" disabled={figures.length === 0} onClick={() => set(at, { ...sum, right: [...sum.right, [figures[0]!]] })}>or…</Button>
              <span className="ml-auto flex items-center gap-1.5">
                Off by at most
                <NumberField label={`How far apart, ${called}`} value={sum.tolerance} placeholder="0" onValue={(value) => set(at, { ...sum, tolerance: Math.max(0, value ?? 0) })} />
                <IconButton small label={`Remove ${called}`} onClick={() => onSums(draft.sums.filter((_, other) => other !== at))}><Trash2 size={13} aria-hidden /></IconButton>
              </span>
            </li>
          );
        })}
      </ul>
      <Button kind="quiet" className="mt-1" disabled={figures.length < 2} onClick={() => onSums([...draft.sums, { left: [figures[0]!], right: [[figures[1]!]], tolerance: 0.01 }])}><Plus size={14} aria-hidden />Add a sum</Button>
    </fieldset>
  );
}
