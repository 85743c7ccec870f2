// Fields of documents in a grid: a row per document, a column per field, changed in place; below, the rows of the chosen document.
import { useState } from 'react';
import { Crosshair, Download, FilePlus2, RefreshCw, Trash2 } from 'lucide-react';
import type { DocumentExtraction, ExtractedValue, Extraction, ExtractionChange, ExtractionProblem, ExtractionSchema, PlainField, RowsField } from '@contract/extraction.ts';
import { changeExtracted, chooseSchema, deleteSchema, exportExtraction, extractAgain, showOnPage, useExtraction } from '../stores/extraction-store.ts';
import { closeDialog } from '../stores/layout-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Dialog } from '../ui/dialog.tsx';
import { errorLine } from '../ui/error-sentences.ts';
import { isComposing } from '../ui/is-composing.ts';
import { SchemaEditor } from './schema-editor.tsx';

const words = (name: string): string => {
  const spaced = name.replace(/[_-]+/g, ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

const problemWords: Readonly<Record<ExtractionProblem['kind'], (problem: ExtractionProblem) => string>> = {
  missing: ({ field }) => `${words(field)} is missing`,
  pattern: ({ field, detail }) => `${words(field)}: “${detail}” does not have the form that is asked for`,
  range: ({ field, detail }) => `${words(field)}: ${detail} is out of range`,
  choice: ({ field, detail }) => `${words(field)}: “${detail}” is none of the choices`,
  sum: ({ field, detail }) => `${field.replaceAll('_', ' ').replaceAll(' + -', ' − ')} does not hold: ${detail}`,
  blank: () => 'There is no text on it',
};

export default function ExtractDialog() {
  const { schemas, schema: name, rows, busy, documentIds } = useExtraction();
  const [chosen, setChosen] = useState<string | null>(null);
  const [editing, setEditing] = useState(false);
  const kept = schemas.find(({ schema }) => schema.name === name);
  const detail = rows.find((row) => row.documentId === (chosen ?? documentIds[0]));
  return (
    <Dialog
      title="Extract fields"
      size="full"
      onClose={closeDialog}
      actions={
        <>
          <span className="flex-1 text-small text-muted">The built-in reader finds values by their labels and places. What is not on the page stays empty.</span>
          {(['csv', 'xlsx', 'json'] as const).map((format) => (
            <Button key={format} disabled={busy || !rows.some((row) => row.extraction)} onClick={() => void exportExtraction(format)}><Download size={14} aria-hidden />{format === 'xlsx' ? 'Excel' : format.toUpperCase()}</Button>
          ))}
          <Button kind="primary" onClick={closeDialog}>Done</Button>
        </>
      }
    >
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <label className="flex items-center gap-2 text-body">
          Schema
          <select data-start value={name} disabled={busy} onChange={(event) => chooseSchema(event.target.value)} className="h-8 rounded-md border border-edge-strong bg-raised px-2 text-body">
            {schemas.map(({ schema }) => <option key={schema.name} value={schema.name}>{schema.name}</option>)}
          </select>
        </label>
        <IconButton label="New schema" pressed={editing} onClick={() => setEditing(!editing)}><FilePlus2 size={16} aria-hidden /></IconButton>
        {kept && !kept.bundled && <IconButton label="Delete this schema" onClick={() => void deleteSchema(name)}><Trash2 size={16} aria-hidden /></IconButton>}
        <IconButton label="Extract again (changes by hand are forgotten)" disabled={busy} onClick={extractAgain}><RefreshCw size={16} aria-hidden /></IconButton>
        <span role="status" className="text-small text-muted">{busy ? 'Looking for the fields…' : `${rows.length} ${rows.length === 1 ? 'document' : 'documents'}`}</span>
      </div>
      {editing && kept && <SchemaEditor key={name} schema={kept.schema} onDone={() => setEditing(false)} />}
      {kept && rows.length > 0 && <Grid schema={kept.schema} rows={rows} chosen={detail?.documentId ?? null} onChoose={setChosen} />}
      {kept && detail?.extraction && <RowTables key={detail.documentId} schema={kept.schema} documentId={detail.documentId} extraction={detail.extraction} />}
    </Dialog>
  );
}

const headCell = 'border-b border-edge-strong px-2 py-1.5 text-left text-small font-medium whitespace-nowrap text-muted';

function Grid({ schema, rows, chosen, onChoose }: { schema: ExtractionSchema; rows: readonly DocumentExtraction[]; chosen: string | null; onChoose(documentId: string): void }) {
  const fields = schema.fields.filter((field) => field.type !== 'rows');
  return (
    <div tabIndex={0} role="group" aria-label="Grid of fields" className="overflow-x-auto rounded-lg border border-edge">
      <table className="w-full border-collapse text-body">
        <thead><tr><th scope="col" className={classes(headCell, 'sticky left-0 bg-raised')}>Document</th>{fields.map((field) => <th key={field.name} scope="col" className={headCell}>{words(field.name)}</th>)}<th scope="col" className={headCell}>To check</th></tr></thead>
        <tbody>{rows.map((row) => <GridRow key={row.documentId} row={row} fields={fields} chosen={row.documentId === chosen} onChoose={() => onChoose(row.documentId)} />)}</tbody>
      </table>
    </div>
  );
}

function GridRow({ row, fields, chosen, onChoose }: { row: DocumentExtraction; fields: readonly PlainField[]; chosen: boolean; onChoose(): void }) {
  const title = useLibrary((library) => library.byId.get(row.documentId)?.title ?? '');
  const { extraction, error } = row;
  return (
    <tr aria-selected={chosen} className={classes('border-b border-edge last:border-b-0', chosen && 'bg-hover')}>
      <th scope="row" className={classes('sticky left-0 max-w-56 text-left font-medium', chosen ? 'bg-hover' : 'bg-raised')}>
        <button type="button" aria-pressed={chosen} title={title} onClick={onChoose} className="w-full truncate px-2 py-1.5 text-left">{title}</button>
      </th>
      {extraction
        ? fields.map((field) => <Cell key={field.name} documentId={row.documentId} name={`${words(field.name)}, ${title}`} value={extraction.fields[field.name] ?? null} change={{ field: field.name, cell: null }} />)
        : <td colSpan={fields.length} className="px-2 py-1.5 text-bad">{error ? errorLine(error) : ''}</td>}
      <td className="min-w-48 px-2 py-1.5 text-small text-warn" data-selectable>{extraction?.problems.map((problem) => problemWords[problem.kind](problem)).join('; ')}</td>
    </tr>
  );
}

/** Enter or leaving the cell keeps what was typed, Escape takes it back. */
function Cell({ documentId, name, value, change }: { documentId: string; name: string; value: ExtractedValue | null; change: Omit<ExtractionChange, 'text'> }) {
  const [typed, setTyped] = useState<string | null>(null);
  const text = value?.text ?? '';
  const keep = (): void => {
    if (typed !== null && typed.trim() !== text) void changeExtracted(documentId, { ...change, text: typed });
    setTyped(null);
  };
  const mark = value === null ? null : value.mark === 'found' ? `Found on the page${value.label ? ` at “${value.label}”` : ''}` : value.mark === 'typed' ? 'Typed by hand' : 'On the page, but not as the schema wants it';
  return (
    <td className="min-w-36 p-0">
      <div className="flex items-center pr-1">
        <input
          aria-label={name}
          title={mark ?? 'Not on the page'}
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
          className={classes('h-8 w-full min-w-0 bg-transparent px-2 outline-none placeholder:text-faint focus:outline-2 focus:-outline-offset-2 focus:outline-accent-text', value?.mark === 'invalid' && 'text-bad', value?.mark === 'typed' && 'italic')}
        />
        {value && value.places.length > 0 && <IconButton small label={`Show on the page: ${name}`} onClick={() => void showOnPage(documentId, value)}><Crosshair size={13} aria-hidden /></IconButton>}
      </div>
    </td>
  );
}

function RowTables({ schema, documentId, extraction }: { schema: ExtractionSchema; documentId: string; extraction: Extraction }) {
  const tables = schema.fields.filter((field): field is RowsField => field.type === 'rows' && (extraction.rows[field.name] ?? []).length > 0);
  return tables.map((field) => (
    <section key={field.name} aria-label={words(field.name)} className="mt-5">
      <h3 className="mb-1.5 text-small font-medium text-muted">{words(field.name)}</h3>
      <div tabIndex={0} role="group" aria-label={`Grid of ${field.name}`} className="overflow-x-auto rounded-lg border border-edge">
        <table className="w-full border-collapse text-body">
          <thead><tr>{field.columns.map((column) => <th key={column.name} scope="col" className={headCell}>{words(column.name)}</th>)}</tr></thead>
          <tbody>
            {extraction.rows[field.name]!.map((row, at) => (
              <tr key={at} className="border-b border-edge last:border-b-0">
                {field.columns.map((column) => <Cell key={column.name} documentId={documentId} name={`${words(column.name)}, row ${at + 1}`} value={row[column.name] ?? null} change={{ field: field.name, cell: { row: at, column: column.name } }} />)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  ));
}
