// What the user does with the open page: turn, read again, stop reading, copy, export. Each function is one intent from request to notice.
import type { Rotation } from '@contract/geometry.ts';
import type { WireError } from '@contract/errors.ts';
import type { ExportFormat, ExportTarget, TextFormat } from '@contract/export.ts';
import { failureOf, request } from '../api.ts';
import { selectionText } from '../page/reading-text.ts';
import { isEmpty, selectAll, selectedLines } from '../page/selection.ts';
import { errorLine } from '../ui/error-sentences.ts';
import { currentLines, currentPage, useDesk } from './desk-store.ts';
import { remember } from './history-store.ts';
import { openDialog, useLayout } from './layout-store.ts';
import { markedDocuments, useLibrary } from './library-store.ts';
import { notify } from './notice-store.ts';
import { pagesOf } from './page-store.ts';
import { reportFailure } from './report-failure.ts';
import { changeSettings, useSettings } from './settings-store.ts';
import { focusedCell, selectedCells, useTable } from './table-store.ts';

/** Turns the page clockwise and reads it again as upright after that turn. */
export async function rotatePage(degrees: 90 | -90): Promise<void> {
  const page = currentPage();
  if (!page) return;
  const before = page.rotation;
  const after = ((before + degrees + 360) % 360) as Rotation;
  const turn = async (rotation: Rotation): Promise<void> => void (await request('page.reread', { pageId: page.id, rotation }));
  try {
    await turn(after);
    remember({ label: 'Rotate page', undo: () => turn(before), redo: () => turn(after) });
  } catch (failure) {
    reportFailure(failure);
  }
}

export async function rereadPage(pageId = currentPage()?.id): Promise<void> {
  if (pageId === undefined) return;
  await request('page.reread', { pageId, rotation: null }).catch(reportFailure);
}

export async function cancelReading(pageIds: readonly string[]): Promise<void> {
  if (pageIds.length > 0) await request('page.cancel-reading', { pageIds: [...pageIds] }).catch(reportFailure);
}

/** Stops everything that waits in the open document. */
export async function cancelOpenDocument(): Promise<void> {
  const pending = pagesOf(useDesk.getState().documentId).filter((page) => page.status === 'waiting' || page.status === 'reading');
  await cancelReading(pending.map((page) => page.id));
}

/** The selected text, or the whole page's when nothing is selected. */
export function textToCopy(): { text: string; whole: boolean } {
  const { lines } = currentLines();
  const { selection } = useDesk.getState();
  const whole = isEmpty(selection);
  return { text: selectionText(lines, whole ? selectAll(lines) : selection), whole };
}

export async function copyText(): Promise<void> {
  const { text, whole } = textToCopy();
  if (text === '') return void notify('There is no text to copy on this page.');
  await toClipboard(text, whole ? 'The text of the page was copied.' : 'Copied.');
}

/** Copies as an export would write it, for instance Markdown with headings and tables. */
export async function copyAs(format: TextFormat): Promise<void> {
  const target = pageTarget();
  if (!target) return;
  try {
    const { text } = await request('document.render', { target, format });
    await toClipboard(text, 'Copied.');
  } catch (failure) {
    reportFailure(failure);
  }
}

export async function toClipboard(text: string, said: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(said, { tone: 'good' });
  } catch {
    notify('The system did not let Lectern use the clipboard. Try again with the window in front.', { tone: 'bad' });
  }
}

/** The selected lines of the open page, or the page. */
function pageTarget(): ExportTarget | null {
  const page = currentPage();
  if (!page) return null;
  const table = tableTarget();
  if (table) return table.target;
  const { selection } = useDesk.getState();
  return isEmpty(selection) ? { kind: 'page', pageId: page.id } : { kind: 'lines', pageId: page.id, lineIndexes: selectedLines(selection) };
}

/** The selected cells of the table that lies open, or all of it when only one is selected. */
function tableTarget(): { target: ExportTarget; label: string } | null {
  const state = useTable.getState();
  const range = selectedCells(state), cell = focusedCell(state);
  if (!state.open || !range || !cell) return null;
  const { pageId, table: { region, grid } } = state.open;
  const one = range.rowSpan === cell.rowSpan && range.columnSpan === cell.columnSpan;
  const cells = one ? { row: 0, column: 0, rowSpan: grid.rows.length - 1, columnSpan: grid.columns.length - 1 } : range;
  return { target: { kind: 'cells', pageId, region, cells }, label: `${one ? 'This table' : 'These cells'} (${cells.rowSpan} × ${cells.columnSpan})` };
}

/** Every target that makes sense now, the likeliest first. */
export function exportTargets(): { target: ExportTarget; label: string }[] {
  const targets: { target: ExportTarget; label: string }[] = [];
  const page = currentPage();
  const { documentId, selection } = useDesk.getState();
  const table = tableTarget();
  if (table) targets.push(table);
  const marked = markedDocuments();
  if (marked.length > 1) targets.push({ target: { kind: 'documents', documentIds: marked.map((one) => one.id) }, label: `${marked.length} marked documents` });
  if (page && !isEmpty(selection)) {
    const lineIndexes = selectedLines(selection);
    targets.push({ target: { kind: 'lines', pageId: page.id, lineIndexes }, label: `Selection (${lineIndexes.length} ${lineIndexes.length === 1 ? 'line' : 'lines'})` });
  }
  const count = pagesOf(documentId).length;
  if (documentId !== null) targets.push({ target: { kind: 'documents', documentIds: [documentId] }, label: count > 1 ? `This document (${count} pages)` : 'This document' });
  if (page && count > 1) targets.push({ target: { kind: 'page', pageId: page.id }, label: `This page (${page.index + 1})` });
  return targets;
}

/** The pointer drags the selection (or the page) out of the window, as a file of the last used format. */
export async function dragOut(): Promise<void> {
  const target = pageTarget();
  if (target) await request('document.drag-out', { target, format: useSettings.getState().settings.lastExportFormat }).catch(reportFailure);
}

export function openExport(target: ExportTarget | null = null): void {
  if (exportTargets().length === 0 && !target) return;
  useLayout.setState({ exportTarget: target });
  openDialog('export');
}

/** True when something was written. */
export async function exportTo(target: ExportTarget, format: ExportFormat): Promise<boolean> {
  try {
    const written = await request('document.export', { target, format });
    void changeSettings({ lastExportFormat: format }).catch(reportFailure);
    const first = written?.files[0];
    if (!written || first === undefined) return false;
    const name = first.split(/[\\/]/).at(-1) ?? first;
    const passedOver = written.passedOver.length ? ` Passed over, because they are not read or have no table: ${written.passedOver.slice(0, 3).join(', ')}${written.passedOver.length > 3 ? ` and ${written.passedOver.length - 3} more` : ''}.` : '';
    const said = (written.files.length === 1 ? `Exported to “${name}”.` : `${written.files.length} files exported.`) + passedOver;
    notify(said, { tone: 'good', action: { label: 'Show in folder', run: () => void request('document.show-exported', { file: first }).catch(reportFailure) } });
    return true;
  } catch (failure) {
    reportFailure(failure);
    return false;
  }
}

/** What an export would write, or why it cannot be written. */
export async function previewExport(target: ExportTarget, format: TextFormat): Promise<{ text: string; failed: boolean }> {
  return request('document.render', { target, format }).then(
    ({ text }) => ({ text, failed: false }),
    (thrown: unknown) => ({ text: whyNoText(target, failureOf(thrown)), failed: true }),
  );
}

/** A document that could not be opened is not read later either: what has to be done is said by its own error. */
function whyNoText(target: ExportTarget, failure: WireError): string {
  const only = target.kind === 'documents' && target.documentIds.length === 1 ? useLibrary.getState().byId.get(target.documentIds[0]!) : undefined;
  return failure.code === 'page-not-read' && only?.error ? errorLine(only.error, only.fileName) : errorLine(failure);
}
