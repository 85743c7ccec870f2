// One field of a schema as a line of a form: name, type, labels, and behind a switch what its values must be. Knows one field.
import { useId, useState } from 'react';
import { ChevronDown, ChevronUp, SlidersHorizontal, Trash2 } from 'lucide-react';
import { fieldType, type PlainField } from '@contract/extraction.ts';
import { IconButton } from '../ui/button.tsx';
import { TextField } from '../ui/text-field.tsx';
import { NumberField } from './number-field.tsx';
import { WordList } from './word-list.tsx';

const typeWords: Readonly<Record<PlainField['type'] | 'rows', string>> = { text: 'Text', amount: 'Amount', date: 'Date', number: 'Number', identifier: 'Identifier', phone: 'Telephone', email: 'E-mail', choice: 'Choice', rows: 'List of rows' };

/** The same without a key that has no value any more. */
function withOptional<K extends 'pattern' | 'minimum' | 'maximum' | 'currency'>(field: PlainField, key: K, value: PlainField[K]): PlainField {
  const { [key]: _, ...rest } = field;
  return (value === undefined || value === '' ? rest : { ...rest, [key]: value }) as PlainField;
}

/** What a value of the field must be, in the words of its type. */
function Rules({ field, called, onField }: { field: PlainField; called: string; onField(field: PlainField): void }) {
  const row = 'flex items-center gap-1.5 text-small text-muted';
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pt-2 pl-1">
      <label className={row}><input type="checkbox" checked={field.required} onChange={(event) => onField({ ...field, required: event.target.checked })} />Must be there</label>
      {field.type === 'amount' && <span className={row}>Currency<TextField label={`Currency of ${called}`} placeholder="any" maxLength={3} value={field.currency ?? ''} onText={(text) => onField(withOptional(field, 'currency', text.toUpperCase()))} className="w-20" /></span>}
      {(field.type === 'amount' || field.type === 'number') && (
        <>
          <span className={row}>From<NumberField label={`Smallest ${called}`} value={field.minimum} onValue={(value) => onField(withOptional(field, 'minimum', value))} /></span>
          <span className={row}>to<NumberField label={`Largest ${called}`} value={field.maximum} onValue={(value) => onField(withOptional(field, 'maximum', value))} /></span>
        </>
      )}
      <span className={row}>Pattern<TextField label={`Pattern of ${called}`} placeholder="[A-Z]{2}\d+" value={field.pattern ?? ''} onText={(text) => onField(withOptional(field, 'pattern', text))} className="w-44 font-mono" /></span>
    </div>
  );
}

interface FieldFormProps<T extends PlainField['type'] | 'rows'> {
  name: string;
  /** How it is called in the names of its controls. */
  called: string;
  type: T;
  hints: readonly string[];
  /** Null for a list of rows, which has columns instead of rules. */
  plain: PlainField | null;
  isFirst: boolean;
  isLast: boolean;
  /** Columns cannot be lists of rows. */
  withRows: boolean;
  onName(name: string): void;
  onType(type: T): void;
  onHints(hints: string[]): void;
  onPlain(field: PlainField): void;
  onMove(step: -1 | 1): void;
  onRemove(): void;
}

export function FieldForm<T extends PlainField['type'] | 'rows'>({ name, called, type, hints, plain, isFirst, isLast, withRows, onName, onType, onHints, onPlain, onMove, onRemove }: FieldFormProps<T>) {
  const [open, setOpen] = useState(false);
  const rules = useId();
  return (
    <>
      <div className="flex items-start gap-1.5">
        <TextField label={`Name of ${called}`} placeholder="name" value={name} onText={onName} className="w-36 shrink-0" />
        <select aria-label={`Type of ${called}`} value={type} onChange={(event) => onType(event.target.value as T)} className="h-8 w-28 shrink-0 rounded-md border border-edge-strong bg-raised px-1.5 text-body">
          {[...fieldType.options, ...(withRows ? (['rows'] as const) : [])].map((one) => <option key={one} value={one}>{typeWords[one]}</option>)}
        </select>
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1.5">
          {plain?.type === 'choice' && <WordList label={`Choices of ${called}`} placeholder="Choices, each ended by Enter" values={plain.choices ?? []} onValues={(choices) => onPlain({ ...plain, choices })} />}
          <WordList label={`Labels of ${called}`} placeholder="Other labels it stands at" values={hints} onValues={onHints} />
        </div>
        <div className="flex h-8 shrink-0 items-center">
          {plain && <IconButton small label={`Rules for ${called}`} pressed={open} aria-expanded={open} aria-controls={rules} onClick={() => setOpen(!open)}><SlidersHorizontal size={13} aria-hidden /></IconButton>}
          <IconButton small label={`Move ${called} up`} disabled={isFirst} onClick={() => onMove(-1)}><ChevronUp size={13} aria-hidden /></IconButton>
          <IconButton small label={`Move ${called} down`} disabled={isLast} onClick={() => onMove(1)}><ChevronDown size={13} aria-hidden /></IconButton>
          <IconButton small label={`Remove ${called}`} onClick={onRemove}><Trash2 size={13} aria-hidden /></IconButton>
        </div>
      </div>
      {plain && open && <div id={rules}><Rules field={plain} called={called} onField={onPlain} /></div>}
    </>
  );
}
