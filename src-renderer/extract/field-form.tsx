// One field of a schema as a line of a form: name, type, labels, and behind a switch what its values must be. Knows one field.
import { useId, useState } from 'react';
import { ChevronDown, ChevronUp, SlidersHorizontal, Trash2 } from 'lucide-react';
import { fieldType, type PlainField } from '@contract/extraction.ts';
import { IconButton } from '../ui/button.tsx';
import { TextField } from '../ui/text-field.tsx';

/** Parts between commas, kept as typed while the field has the focus. */
function ListField({ label, values, placeholder, onValues }: { label: string; values: readonly string[]; placeholder: string; onValues(values: string[]): void }) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <TextField
      label={label}
      placeholder={placeholder}
      title={values.length > 0 ? values.join(', ') : `${placeholder}, with commas between them`}
      value={typed ?? values.join(', ')}
      onText={(text) => {
        setTyped(text);
        onValues(text.split(',').map((one) => one.trim()).filter((one) => one !== ''));
      }}
      onBlur={() => setTyped(null)}
      className="min-w-24 flex-1"
    />
  );
}

function NumberField({ label, value, onValue }: { label: string; value: number | undefined; onValue(value: number | undefined): void }) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <TextField
      label={label}
      placeholder="any"
      inputMode="decimal"
      value={typed ?? String(value ?? '')}
      onText={(text) => {
        setTyped(text);
        const number = Number(text.replace(',', '.'));
        onValue(text.trim() === '' || !Number.isFinite(number) ? undefined : number);
      }}
      onBlur={() => setTyped(null)}
      className="w-24"
    />
  );
}

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
      <div className="flex flex-wrap items-center gap-1.5">
        <TextField label={`Name of ${called}`} placeholder="name" value={name} onText={onName} className="w-36" />
        <select aria-label={`Type of ${called}`} value={type} onChange={(event) => onType(event.target.value as T)} className="h-8 w-28 rounded-md border border-edge-strong bg-raised px-1.5 text-body">
          {[...fieldType.options, ...(withRows ? (['rows'] as const) : [])].map((one) => <option key={one} value={one}>{typeWords[one]}</option>)}
        </select>
        {plain?.type === 'choice' && <ListField label={`Choices of ${called}`} placeholder="choices" values={plain.choices ?? []} onValues={(choices) => onPlain({ ...plain, choices })} />}
        <ListField label={`Labels of ${called}`} placeholder="more labels" values={hints} onValues={onHints} />
        {plain && <IconButton small label={`Rules for ${called}`} pressed={open} aria-expanded={open} aria-controls={rules} onClick={() => setOpen(!open)}><SlidersHorizontal size={13} aria-hidden /></IconButton>}
        <IconButton small label={`Move ${called} up`} disabled={isFirst} onClick={() => onMove(-1)}><ChevronUp size={13} aria-hidden /></IconButton>
        <IconButton small label={`Move ${called} down`} disabled={isLast} onClick={() => onMove(1)}><ChevronDown size={13} aria-hidden /></IconButton>
        <IconButton small label={`Remove ${called}`} onClick={onRemove}><Trash2 size={13} aria-hidden /></IconButton>
      </div>
      {plain && open && <div id={rules}><Rules field={plain} called={called} onField={onPlain} /></div>}
    </>
  );
}
