// Fields of documents: which schema, who reads, what was found, and where it goes. The grid itself is in extraction-grid.tsx.
import { useEffect, useState } from 'react';
import { Download, FilePlus2, Pencil, RefreshCw, Trash2 } from 'lucide-react';
import type { Endpoint } from '@contract/endpoint.ts';
import { chooseReading, chooseSchema, closeExtraction, deleteSchema, exportExtraction, extractAgain, stopExtraction, useExtraction } from '../stores/extraction-store.ts';
import { allowEndpoint, loadEndpoints, useEndpoints } from '../stores/endpoints-store.ts';
import { loadModels, useModels } from '../stores/models-store.ts';
import { useReading } from '../stores/reading-store.ts';
import { reportFailure } from '../stores/report-failure.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { ExtractionGrid, RowTables } from './extraction-grid.tsx';
import { SchemaEditor } from './schema-editor.tsx';

const select = 'h-8 max-w-72 rounded-md border border-edge-strong bg-raised px-2 text-body';

export default function ExtractDialog() {
  const { schemas, schema: name, rows, busy, documentIds, modelId } = useExtraction();
  const models = useModels((state) => state.description?.models);
  const servers = useEndpoints((state) => state.endpoints);
  useEffect(() => {
    void loadModels().catch(reportFailure);
    void loadEndpoints().catch(reportFailure);
  }, []);
  /** The server to which the pages would go, while the person is asked. */
  const [unasked, setUnasked] = useState<Endpoint | null>(null);
  const send = async ({ id }: Endpoint): Promise<void> => {
    if (!(await allowEndpoint(id, true))) return;
    setUnasked(null);
    chooseReading(id);
  };
  const [chosen, setChosen] = useState<string | null>(null);
  const [editing, setEditing] = useState<'new' | 'change' | null>(null);
  const current = documentIds[rows.length];
  const fraction = useReading((state) => (current === undefined ? 0 : (state.documents.get(current)?.fraction ?? 0)));
  const kept = schemas.find(({ schema }) => schema.name === name);
  const detail = rows.find((row) => row.documentId === (chosen ?? documentIds[0]));
  const count = `${documentIds.length} ${documentIds.length === 1 ? 'document' : 'documents'}`;
  return (
    <Dialog
      title="Extract fields"
      size="full"
      onClose={closeExtraction}
      actions={
        <>
          <span className="flex-1 text-small text-muted">
            {modelId === null ? 'The built-in reader finds values by their labels and places. What is not on the page stays empty.' : 'Where built-in reader and model disagree, both readings are shown. Click the other one to take it.'}
          </span>
          {(['csv', 'xlsx', 'json'] as const).map((format) => (
            <Button key={format} disabled={busy || !rows.some((row) => row.extraction)} onClick={() => void exportExtraction(format)}><Download size={14} aria-hidden />{format === 'xlsx' ? 'Excel' : format.toUpperCase()}</Button>
          ))}
          <Button kind="primary" onClick={closeExtraction}>Done</Button>
        </>
      }
    >
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <label className="flex items-center gap-2 text-body">
          Schema
          <select data-start value={name} disabled={busy} onChange={(event) => chooseSchema(event.target.value)} className={select}>
            {schemas.map(({ schema }) => <option key={schema.name} value={schema.name}>{schema.name}</option>)}
          </select>
        </label>
        <IconButton label="New schema" pressed={editing === 'new'} onClick={() => setEditing(editing === 'new' ? null : 'new')}><FilePlus2 size={16} aria-hidden /></IconButton>
        {kept && !kept.bundled && <IconButton label="Change this schema" pressed={editing === 'change'} onClick={() => setEditing(editing === 'change' ? null : 'change')}><Pencil size={16} aria-hidden /></IconButton>}
        {kept && !kept.bundled && <IconButton label="Delete this schema" onClick={() => void deleteSchema(name)}><Trash2 size={16} aria-hidden /></IconButton>}
        {(models ?? []).length + (servers ?? []).length > 0 && (
          <label className="flex items-center gap-2 text-body">
            Read by
            <select value={unasked?.id ?? modelId ?? ''} disabled={busy} onChange={(event) => {
              const server = servers?.find((one) => one.id === event.target.value) ?? null;
              setUnasked(server && !server.mayReceivePages ? server : null);
              if (!server || server.mayReceivePages) chooseReading(event.target.value || null);
            }} className={select}>
              <option value="">Built-in reader</option>
              {(models ?? []).map((one) => <option key={one.id} value={one.id} disabled={!one.fits}>{one.fits ? `Built-in reader and ${one.name}` : `${one.name} (not enough memory)`}</option>)}
              {(servers ?? []).map((one) => <option key={one.id} value={one.id}>Built-in reader and {one.name}</option>)}
            </select>
          </label>
        )}
        <IconButton label="Extract again (changes by hand are forgotten)" disabled={busy} onClick={extractAgain}><RefreshCw size={16} aria-hidden /></IconButton>
        <span role="status" className="text-small text-muted">{rows.length < documentIds.length ? `${busy ? 'Looking for the fields: ' : ''}${rows.length} of ${count}` : count}</span>
        {busy && modelId !== null && (
          <>
            <ProgressBar label="Reading by the model" fraction={(rows.length + fraction) / documentIds.length} className="w-40" />
            <Button kind="quiet" onClick={stopExtraction}>Stop</Button>
          </>
        )}
      </div>
      {unasked && (
        <div role="group" aria-label="Pages would leave this computer" className="mb-3 flex flex-wrap items-center gap-3 rounded-lg border border-edge bg-panel p-3">
          <p className="min-w-60 flex-1 text-body">The pages of {documentIds.length === 1 ? 'this document' : `these ${count}`} would leave this computer for <strong className="font-semibold break-all">{new URL(unasked.baseUrl).host}</strong>. Who runs that server can see them.</p>
          <Button onClick={() => setUnasked(null)}>Keep them here</Button>
          <Button kind="primary" onClick={() => void send(unasked)}>Send and remember</Button>
        </div>
      )}
      {editing && kept && documentIds[0] !== undefined && (
        <SchemaEditor key={`${name} ${editing}`} schema={editing === 'new' ? { ...kept.schema, name: `My ${kept.schema.name.toLowerCase()}` } : kept.schema} exampleId={detail?.documentId ?? documentIds[0]} onDone={() => setEditing(null)} />
      )}
      {kept && rows.length > 0 && <ExtractionGrid schema={kept.schema} rows={rows} chosen={detail?.documentId ?? null} onChoose={setChosen} />}
      {kept && detail?.extraction && <RowTables key={detail.documentId} schema={kept.schema} documentId={detail.documentId} extraction={detail.extraction} />}
    </Dialog>
  );
}
