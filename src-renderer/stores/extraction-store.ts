// The grid of extracted fields: schemas, the documents it is about, what was found in each. Asks main; draws nothing.
import { create } from 'zustand';
import { linesOf } from '@contract/document.ts';
import type { DocumentExtraction, ExtractedValue, ExtractionChange, ExtractionFormat, GuessedField, KeptSchema } from '@contract/extraction.ts';
import { boundsOf, type PagePoint } from '@contract/geometry.ts';
import { failureOf, request } from '../api.ts';
import { errorLine } from '../ui/error-sentences.ts';
import { openDocument, pickLines, revealOnPage } from './desk-store.ts';
import { closeDialog, openDialog } from './layout-store.ts';
import { markOnly } from './library-store.ts';
import { notify } from './notice-store.ts';
import { ensurePages, ensureText, pageById } from './page-store.ts';
import { reportFailure } from './report-failure.ts';
import { nothingSelected } from '../page/selection.ts';

interface ExtractionState {
  schemas: readonly KeptSchema[];
  /** Name of the schema in use. */
  schema: string;
  documentIds: readonly string[];
  /** The model or server that reads beside the built-in reader; null: none. */
  modelId: string | null;
  /** Of the documents that are done, in their order. */
  rows: readonly DocumentExtraction[];
  busy: boolean;
}

export const useExtraction = create<ExtractionState>(() => ({ schemas: [], schema: 'Receipt', documentIds: [], modelId: null, rows: [], busy: false }));

/** Counts up: what an earlier run still brings is not shown any more. */
let turn = 0;

let working = 0;

/** What failed is said where the dialog lets it be seen: in the place it is about. */
async function whileBusy(work: () => Promise<void>): Promise<void> {
  const mine = ++working;
  useExtraction.setState({ busy: true });
  try {
    await work();
  } finally {
    if (mine === working) useExtraction.setState({ busy: false });
  }
}

export function openExtraction(documentIds: readonly string[]): void {
  useExtraction.setState({ documentIds, rows: [], modelId: null });
  openDialog('extract');
  void whileBusy(async () => {
    useExtraction.setState({ schemas: await request('extraction.schemas', {}) });
    await run(false);
  }).catch(reportFailure);
}

/** Document by document, each shown when it is done. `modelId` left out: by whom each was read before. */
async function run(again: boolean, modelId?: string | null): Promise<void> {
  const mine = ++turn;
  const { schema, documentIds } = useExtraction.getState();
  useExtraction.setState({ rows: [], ...(modelId === undefined ? { modelId: null } : {}) });
  for (const documentId of documentIds) {
    const row = await request('extraction.run', { schema, documentId, again, ...(modelId === undefined ? {} : { modelId }) });
    if (mine !== turn) return;
    useExtraction.setState(({ rows, modelId: before }) => ({ rows: [...rows, row], modelId: modelId === undefined ? (row.extraction?.model?.id ?? before) : modelId }));
  }
}

export function chooseSchema(schema: string): void {
  useExtraction.setState({ schema });
  void whileBusy(() => run(false)).catch(reportFailure);
}

/** Lets a model read too, or the built-in reader alone. */
export function chooseReading(modelId: string | null): void {
  useExtraction.setState({ modelId });
  void whileBusy(() => run(false, modelId)).catch(reportFailure);
}

export function extractAgain(): void {
  void whileBusy(() => run(true, useExtraction.getState().modelId)).catch(reportFailure);
}

/** Ends reading by a model; the documents that are done stay. */
export function stopExtraction(): void {
  turn++;
  request('extraction.stop', {}).catch(reportFailure);
  useExtraction.setState({ busy: false });
}

export function closeExtraction(): void {
  if (useExtraction.getState().busy) stopExtraction();
  closeDialog();
}

export async function changeExtracted(documentId: string, change: ExtractionChange): Promise<void> {
  try {
    const changed = await request('extraction.change', { schema: useExtraction.getState().schema, documentId, change });
    useExtraction.setState(({ rows }) => ({ rows: rows.map((row) => (row.documentId === documentId ? changed : row)) }));
  } catch (failure) {
    reportFailure(failure);
  }
}

/** Gives what is wrong with the schema, for the editor to say; null when it is saved and in use. */
export async function saveSchema(json: string): Promise<string | null> {
  try {
    const saved = await request('extraction.save-schema', { json });
    useExtraction.setState(({ schemas }) => ({ schemas: [...schemas.filter(({ schema }) => schema.name !== saved.schema.name), saved] }));
    chooseSchema(saved.schema.name);
    return null;
  } catch (failure) {
    return errorLine(failureOf(failure));
  }
}

/** What field the value at a point of a page would be; null where there is no text. */
export async function guessField(pageId: string, at: PagePoint): Promise<GuessedField | null> {
  try {
    return await request('extraction.guess-field', { pageId, at });
  } catch (failure) {
    reportFailure(failure);
    return null;
  }
}

export async function deleteSchema(name: string): Promise<void> {
  try {
    await request('extraction.delete-schema', { name });
    useExtraction.setState(({ schemas }) => ({ schemas: schemas.filter(({ schema }) => schema.name !== name) }));
    chooseSchema(useExtraction.getState().schemas[0]!.schema.name);
  } catch (failure) {
    reportFailure(failure);
  }
}

export async function exportExtraction(format: ExtractionFormat): Promise<void> {
  const { schema, documentIds } = useExtraction.getState();
  try {
    const written = await request('extraction.export', { schema, documentIds: [...documentIds], format });
    if (written) notify(`Written to ${written.file}.`, { tone: 'good' });
  } catch (failure) {
    reportFailure(failure);
  }
}

/** Leaves the grid for the place of a value: its page is opened, its line selected. What was extracted is kept. */
export async function showOnPage(documentId: string, value: ExtractedValue): Promise<void> {
  const place = value.places[0];
  if (!place) return;
  closeDialog();
  await ensurePages(documentId);
  const page = pageById(place.pageId);
  if (!page) return void notify('The page is no longer in the library.');
  const text = await ensureText(page.id);
  openDocument(documentId, page.index);
  markOnly(documentId);
  const bounds = boundsOf(place.quad);
  const [x, y] = [bounds.x + bounds.width / 2, bounds.y + bounds.height / 2];
  const at = text ? linesOf(text).findIndex((line) => { const box = boundsOf(line.quad); return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height; }) : -1;
  if (at >= 0) pickLines([at], nothingSelected);
  revealOnPage(bounds);
}
