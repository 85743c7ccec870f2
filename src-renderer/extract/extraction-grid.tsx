// The grid of fields, a row per document and a column per field, and below it the rows of the chosen document's tables.
import type { DocumentExtraction, Extraction, ExtractionProblem, ExtractionSchema, PlainField, RowsField } from '@contract/extraction.ts';
import { changeExtracted } from '../stores/extraction-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { errorLine } from '../ui/error-sentences.ts';
import { ValueCell } from './value-cell.tsx';

const words = (name: string): string => {
  const spaced = name.replace(/[_-]+/g, ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

/** `lines.amount = total - discount` as its columns are headed. */
function sumWords(rule: string): string {
  const [left = '', right = ''] = rule.split(' = ').map((side) => side.split(' + ').map((term) => {
    const [, minus, name = ''] = /^(-?)(.*)$/.exec(term)!;
    const [list, column] = name.split('.');
    return `${minus ? '− ' : ''}${column === undefined ? words(name) : `${words(column)} of all ${words(list!).toLowerCase()}`}`;
  }).join(' + ').replaceAll(' + − ', ' − '));
  return `${left} should be ${right}`;
}

const problemWords: Readonly<Record<ExtractionProblem['kind'], (problem: ExtractionProblem) => string>> = {
  missing: ({ field }) => `${words(field)} is missing`,
  pattern: ({ field, detail }) => `${words(field)}: “${detail}” does not have the form that is asked for`,
  range: ({ field, detail }) => `${words(field)}: ${detail} is out of range`,
  choice: ({ field, detail }) => `${words(field)}: “${detail}” is none of the choices`,
  currency: ({ field, detail }) => `${words(field)} is in ${detail}`,
  unfounded: ({ field }) => `${words(field)}: the page does not bear out the model’s value`,
  sum: ({ field, detail }) => `${sumWords(field)}: ${detail}`,
  blank: () => 'There is no text on it',
  cut: () => 'The model’s answer had to be ended before its last field',
};

const headCell = 'border-b border-edge-strong px-2 py-1.5 text-left text-small font-medium whitespace-nowrap text-muted';

export function ExtractionGrid({ schema, rows, chosen, onChoose }: { schema: ExtractionSchema; rows: readonly DocumentExtraction[]; chosen: string | null; onChoose(documentId: string): void }) {
  const fields = schema.fields.filter((field) => field.type !== 'rows');
  return (
    <div tabIndex={0} role="group" aria-label="Grid of fields" className="overflow-x-auto rounded-lg border border-edge">
      <table className="w-full border-separate border-spacing-0 text-body">
        <thead><tr><th scope="col" className={classes(headCell, 'sticky left-0 z-10 bg-raised')}>Document</th><th scope="col" className={headCell}>To check</th>{fields.map((field) => <th key={field.name} scope="col" className={headCell}>{words(field.name)}</th>)}</tr></thead>
        <tbody>{rows.map((row) => <GridRow key={row.documentId} row={row} fields={fields} chosen={row.documentId === chosen} onChoose={() => onChoose(row.documentId)} />)}</tbody>
      </table>
    </div>
  );
}

function GridRow({ row, fields, chosen, onChoose }: { row: DocumentExtraction; fields: readonly PlainField[]; chosen: boolean; onChoose(): void }) {
  const document = useLibrary((library) => library.byId.get(row.documentId));
  const title = document?.title ?? '';
  const { extraction } = row;
  // What could not be opened will not be read later either.
  const error = row.error?.code === 'page-not-read' && document?.error ? document.error : row.error;
  return (
    <tr aria-selected={chosen} className={classes('align-top not-last:*:border-b not-last:*:border-edge', chosen && 'bg-hover')}>
      <th scope="row" className="sticky left-0 z-10 max-w-56 bg-raised text-left font-medium">
        {chosen && <span aria-hidden className="absolute inset-0 bg-hover" />}
        <button type="button" aria-pressed={chosen} title={title} onClick={onChoose} className="relative w-full truncate px-2 py-1.5 text-left">{title}</button>
      </th>
      <td className={classes('px-2 py-1.5 text-small text-warn', extraction?.problems.length ? 'min-w-48' : 'min-w-20')} data-selectable>
        {extraction?.problems.map((problem) => <div key={`${problem.kind} ${problem.field}`}>{problemWords[problem.kind](problem)}</div>)}
      </td>
      {extraction
        ? fields.map((field) => <ValueCell key={field.name} documentId={row.documentId} name={`${words(field.name)}, ${title}`} value={extraction.fields[field.name] ?? null} place={{ field: field.name, cell: null }} />)
        : <td colSpan={fields.length} className="px-2 py-1.5 text-bad">{error ? errorLine(error, document?.fileName) : ''}</td>}
    </tr>
  );
}

export function RowTables({ schema, documentId, extraction }: { schema: ExtractionSchema; documentId: string; extraction: Extraction }) {
  const title = useLibrary((library) => library.byId.get(documentId)?.title ?? '');
  const tables = schema.fields.filter((field): field is RowsField => field.type === 'rows' && (extraction.rows[field.name] ?? []).length > 0);
  return tables.map((field) => {
    const other = extraction.otherRows[field.name];
    return (
      <section key={field.name} aria-label={words(field.name)} className="mt-5">
        <div className="mb-1.5 flex items-center gap-3">
          <h3 className="text-small font-medium text-muted">{words(field.name)} of {title}</h3>
          {other && (
            <span className="flex items-center gap-1 text-small text-warn">
              Built-in reader and model read different numbers of rows.
              <Button kind="quiet" onClick={() => void changeExtracted(documentId, { field: field.name, cell: null, take: 'other' })}>Show the other {other.length}</Button>
            </span>
          )}
        </div>
        <div tabIndex={0} role="group" aria-label={`Grid of ${field.name}`} className="overflow-x-auto rounded-lg border border-edge">
          <table className="w-full border-collapse text-body">
            <thead><tr>{field.columns.map((column) => <th key={column.name} scope="col" className={headCell}>{words(column.name)}</th>)}</tr></thead>
            <tbody>
              {extraction.rows[field.name]!.map((row, at) => (
                <tr key={at} className="border-b border-edge align-top last:border-b-0">
                  {field.columns.map((column) => <ValueCell key={column.name} documentId={documentId} name={`${words(column.name)}, row ${at + 1}`} value={row[column.name] ?? null} place={{ field: field.name, cell: { row: at, column: column.name } }} />)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    );
  });
}
