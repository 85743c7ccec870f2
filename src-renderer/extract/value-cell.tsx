// One value of the grid: typed over in place, as wide as its text; who read it and what the page says; the other reading, where there is one.
import { useState } from 'react';
import { Check, CircleSlash, Crosshair, TriangleAlert } from 'lucide-react';
import type { ExtractedValue, ExtractionChange, ValueReading } from '@contract/extraction.ts';
import { changeExtracted, showOnPage } from '../stores/extraction-store.ts';
import { IconButton } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { isComposing } from '../ui/is-composing.ts';

const reader = ({ by }: ValueReading): string => (by.length === 2 ? 'built-in reader and model' : by[0] === 'model' ? 'the model' : 'the built-in reader');

function markWords(value: ValueReading): string {
  const says = {
    found: `Found on the page${value.label ? ` at “${value.label}”` : ''}`,
    invalid: 'On the page, but not as the schema wants it',
    typed: 'Typed by hand',
    differs: `The page says “${value.read ?? ''}” there`,
    'not-on-page': 'Not on the page',
    unchecked: 'The page is not read',
  }[value.mark];
  return value.mark === 'typed' ? says : `${says}. Read by ${reader(value)}.`;
}

function Mark({ value }: { value: ValueReading }) {
  const Icon = value.mark === 'found' ? Check : value.mark === 'not-on-page' ? CircleSlash : TriangleAlert;
  if (value.mark === 'typed' || value.mark === 'unchecked') return null;
  return <Icon size={13} role="img" aria-label={markWords(value)} className={classes('shrink-0', value.mark === 'found' ? 'text-good' : value.mark === 'not-on-page' ? 'text-bad' : 'text-warn')} />;
}

interface ValueCellProps {
  documentId: string;
  name: string;
  value: ExtractedValue | null;
  place: Pick<ExtractionChange, 'field' | 'cell'>;
}

/** Enter or leaving the cell keeps what was typed, Escape takes it back. */
export function ValueCell({ documentId, name, value, place }: ValueCellProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const text = value?.text ?? '';
  const keep = (): void => {
    if (typed !== null && typed.trim() !== text) void changeExtracted(documentId, { ...place, text: typed });
    setTyped(null);
  };
  const other = value?.other;
  return (
    <td className="min-w-36 p-0">
      <div className="flex items-center gap-0.5 pr-1">
        <input
          aria-label={name}
          title={value ? `${text}\n${markWords(value)}` : 'Not on the page'}
          value={typed ?? text}
          placeholder="–"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={keep}
          onKeyDown={(event) => {
            if (isComposing(event)) return;
            if (event.key === 'Enter') event.currentTarget.blur();
            if (event.key === 'Escape' && typed !== null) {
              event.stopPropagation();
              setTyped(null);
            }
          }}
          className={classes('field-sizing-content h-8 max-w-96 min-w-24 flex-1 bg-transparent px-2 outline-none placeholder:text-faint focus:outline-2 focus:-outline-offset-2 focus:outline-accent-text', value?.mark === 'invalid' && 'text-bad', value?.mark === 'typed' && 'italic')}
        />
        {value && <Mark value={value} />}
        {value && value.places.length > 0 && <IconButton small label={`Show on the page: ${name}`} onClick={() => void showOnPage(documentId, value)}><Crosshair size={13} aria-hidden /></IconButton>}
      </div>
      {other && (
        <button
          type="button"
          aria-label={`Take the other reading of ${name}: ${other.text}`}
          title={`${other.text}\n${markWords(other)}\nClick to take it.`}
          onClick={() => void changeExtracted(documentId, { ...place, take: 'other' })}
          className="mx-1 mb-1 flex max-w-80 items-center gap-1 rounded-md bg-warn-soft px-1.5 py-0.5 text-left text-small text-ink hover:outline-1 hover:outline-edge-strong"
        >
          <Mark value={other} /><span className="shrink-0 text-muted">{other.by[0] === 'model' ? 'Model' : 'Reader'}</span><span className="truncate">{other.text}</span>
        </button>
      )}
    </td>
  );
}
