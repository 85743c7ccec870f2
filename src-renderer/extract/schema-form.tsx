// A schema as a form: its fields in their order, columns of rows under them, sums, and what contradicts itself beside what it is about.
import { Plus } from 'lucide-react';
import type { ExtractionField, ExtractionSchema, PlainField, RowsField } from '@contract/extraction.ts';
import { Button } from '../ui/button.tsx';
import { FieldForm } from './field-form.tsx';
import { emptyField, freeName, moved, replaced, retyped, withField, type DraftTrouble } from './schema-draft.ts';
import { SumsForm } from './sums-form.tsx';

const called = (name: string, kind: string, at: number): string => (name === '' ? `${kind} ${at + 1}` : name);
const without = <T,>(list: readonly T[], at: number): T[] => list.filter((_, index) => index !== at);

function Said({ sentences }: { sentences: readonly string[] | undefined }) {
  return sentences && sentences.length > 0 ? <p role="alert" className="pt-1 pl-1 text-small text-bad">{sentences.join('; ')}</p> : null;
}

function Columns({ field, onField }: { field: RowsField; onField(field: RowsField): void }) {
  const change = (columns: PlainField[]): void => onField({ ...field, columns });
  const set = (at: number, column: PlainField): void => change(replaced(field.columns, at, column));
  return (
    <ul aria-label={`Columns of ${field.name}`} className="mt-2 ml-4 space-y-2 border-l border-edge pl-3">
      {field.columns.map((column, at) => (
        <li key={at}>
          <FieldForm
            name={column.name} type={column.type} hints={column.hints} plain={column} withRows={false}
            called={`${field.name}, ${called(column.name, 'column', at)}`}
            isFirst={at === 0} isLast={at === field.columns.length - 1}
            onName={(name) => set(at, { ...column, name })}
            onType={(type) => set(at, retyped(column, type) as PlainField)}
            onHints={(hints) => set(at, { ...column, hints })}
            onPlain={(plain) => set(at, plain)}
            onMove={(step) => change(moved(field.columns, at, at + step))}
            onRemove={() => change(without(field.columns, at))}
          />
        </li>
      ))}
      <li><Button kind="quiet" onClick={() => change([...field.columns, { ...emptyField, name: freeName('column', field.columns) }])}><Plus size={14} aria-hidden />Add a column</Button></li>
    </ul>
  );
}

export function SchemaForm({ draft, trouble, onDraft }: { draft: ExtractionSchema; trouble: DraftTrouble | null; onDraft(draft: ExtractionSchema): void }) {
  const change = (fields: ExtractionField[]): void => onDraft({ ...draft, fields });
  const set = (at: number, field: ExtractionField): void => onDraft(withField(draft, at, field));
  return (
    <>
      <ol aria-label="Fields" className="space-y-2">
        {draft.fields.map((field, at) => (
          <li key={at} className="rounded-md border border-edge bg-raised p-2">
            <FieldForm
              name={field.name} type={field.type} hints={field.hints} plain={field.type === 'rows' ? null : field} withRows
              called={called(field.name, 'field', at)}
              isFirst={at === 0} isLast={at === draft.fields.length - 1}
              onName={(name) => set(at, { ...field, name })}
              onType={(type) => set(at, retyped(field, type))}
              onHints={(hints) => set(at, { ...field, hints })}
              onPlain={(plain) => set(at, plain)}
              onMove={(step) => change(moved(draft.fields, at, at + step))}
              onRemove={() => change(without(draft.fields, at))}
            />
            {field.type === 'rows' && <Columns field={field} onField={(rows) => set(at, rows)} />}
            <Said sentences={trouble?.fields.get(at)} />
          </li>
        ))}
      </ol>
      <div className="mt-2 flex gap-2">
        <Button kind="quiet" onClick={() => change([...draft.fields, { ...emptyField, name: freeName('field', draft.fields) }])}><Plus size={14} aria-hidden />Add a field</Button>
        {draft.fields.length > 0 && <Button kind="quiet" onClick={() => onDraft({ ...draft, fields: [], sums: [] })}>Remove all</Button>}
      </div>
      <SumsForm draft={draft} onSums={(sums) => onDraft({ ...draft, sums })} />
      <Said sentences={trouble?.sums} />
    </>
  );
}
