// What the user does with documents: bring in, open, rename, delete, take back. Each function is one intent from request to notice.
import type { ImportResult } from '@contract/requests.ts';
import { pathOf, request } from '../api.ts';
import { errorLine } from '../ui/error-sentences.ts';
import { walkStoredSteps } from './correction-store.ts';
import { openDocument, useDesk } from './desk-store.ts';
import { redo, remember, undo, type Step } from './history-store.ts';
import { openDialog, useLayout } from './layout-store.ts';
import { leaveDocuments } from './leave-documents.ts';
import { markOnly, takeDocuments, useLibrary } from './library-store.ts';
import { dismissNotice, notify, showRefused } from './notice-store.ts';
import { reportFailure } from './report-failure.ts';

const count = (n: number, one: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : `${one}s`}`;

export async function importPaths(paths: readonly string[]): Promise<void> {
  if (paths.length > 0) await importing(request('document.import', { paths: [...paths] }));
}

export async function importWithDialog(): Promise<void> {
  await importing(request('document.open-dialog', {}));
}

export async function captureScreen(): Promise<void> {
  await importing(request('document.capture-screen', {}));
}

/** Dropped or pasted files: by path where they have one, else by their bytes (a picture dragged out of a web page). */
export async function importFiles(files: readonly File[]): Promise<void> {
  const { paths, loose } = pathsOf(files);
  await importPaths(paths);
  for (const file of loose) await importPicture(file);
}

function pathsOf(files: readonly File[]): { paths: string[]; loose: File[] } {
  const paths: string[] = [];
  const loose: File[] = [];
  for (const file of files) {
    const path = pathOf(file);
    if (path) paths.push(path);
    else loose.push(file);
  }
  return { paths, loose };
}

/** Brings files in for a question: what lies open stays open. Returns the documents, new ones and those already there. */
export async function importQuietly(files: readonly File[]): Promise<string[]> {
  const { paths, loose } = pathsOf(files);
  const documentIds: string[] = [];
  const take = async (asked: Promise<ImportResult | null>): Promise<void> => {
    const result = await importing(asked, summariseRefused);
    if (result) documentIds.push(...result.documents, ...result.alreadyThere);
  };
  if (paths.length > 0) await take(request('document.import', { paths }));
  for (const picture of loose) {
    const fileName = pastedName(picture);
    await take(picture.arrayBuffer().then((bytes) => request('document.import-bytes', { fileName, bytes: new Uint8Array(bytes) })));
  }
  return documentIds;
}

/** A picture without a file, named after the moment it came in. */
export async function importPicture(picture: Blob): Promise<void> {
  const fileName = pastedName(picture);
  try {
    const bytes = new Uint8Array(await picture.arrayBuffer());
    await importing(request('document.import-bytes', { fileName, bytes }));
  } catch (failure) {
    reportFailure(failure, fileName);
  }
}

/** Tries once more to open what could not be opened. */
export async function openAgain(documentId: string): Promise<void> {
  await request('document.open-again', { documentId }).catch(reportFailure);
}

/** Tries a password; whether it was right shows in the document. */
export async function unlockDocument(documentId: string, password: string): Promise<void> {
  await request('document.unlock', { documentId, password }).catch(reportFailure);
}

function pastedName(picture: Blob): string {
  const moment = new Date().toLocaleString('sv').replaceAll(':', '.');
  const extension = /^image\/([a-z]+)/.exec(picture.type)?.[1] ?? 'png';
  const given = picture instanceof File && picture.name !== '' && picture.name !== 'image.png' ? picture.name : null;
  return given ?? `Pasted ${moment}.${extension === 'jpeg' ? 'jpg' : extension}`;
}

async function importing(asked: Promise<ImportResult | null>, said: (result: ImportResult) => void = summarise): Promise<ImportResult | null> {
  try {
    const result = await asked;
    if (result) said(result);
    return result;
  } catch (failure) {
    reportFailure(failure);
    return null;
  } finally {
    useLibrary.setState({ importing: null });
  }
}

/** Opens what came in and says what happened: one line when all went well, the list of refused files when not. */
function summarise({ documents, alreadyThere, refused, cancelled }: ImportResult): void {
  const first = documents[0] ?? alreadyThere[0];
  if (first !== undefined) {
    openDocument(first);
    markOnly(first);
  }
  const parts: string[] = [];
  if (documents.length > 0) parts.push(`${count(documents.length, 'document')} added`);
  if (alreadyThere.length > 0) parts.push(alreadyThere.length === 1 && documents.length === 0 ? 'This document is already in the library' : `${alreadyThere.length} already in the library`);
  if (cancelled) parts.push('the rest was cancelled');
  const only = refused[0];
  if (refused.length === 1 && only) {
    if (parts.length > 0) notify(`${parts.join(', ')}.`);
    notify(errorLine(only.error, only.fileName), { tone: 'bad' });
  } else if (refused.length > 1) {
    showRefused(refused);
    openDialog('refused');
    if (parts.length > 0) notify(`${parts.join(', ')}, ${count(refused.length, 'file')} refused.`, { action: { label: 'Show refused', run: () => openDialog('refused') } });
  } else if (parts.length > 0 && (documents.length !== 1 || parts.length > 1)) {
    notify(`${parts.join(', ')}.`, { tone: documents.length > 0 ? 'good' : 'plain' });
  } else if (parts.length === 0) {
    notify('No pictures were found there.');
  }
}

function summariseRefused({ refused }: ImportResult): void {
  if (refused.length === 0) return;
  const only = refused[0];
  if (refused.length === 1 && only) return void notify(errorLine(only.error, only.fileName), { tone: 'bad' });
  showRefused(refused);
  openDialog('refused');
}

export function cancelImport(): void {
  void request('document.cancel-import', {}).catch(reportFailure);
}

/** Asks first; the dialog then calls `deleteDocuments`. */
export function askToDelete(documentIds: readonly string[]): void {
  if (documentIds.length === 0) return;
  useLayout.setState({ deleteIds: documentIds });
  openDialog('delete');
}

export async function deleteDocuments(documentIds: readonly string[]): Promise<void> {
  const ids = [...documentIds];
  const titles = ids.map((id) => useLibrary.getState().byId.get(id)?.title ?? '');
  const named = ids.length === 1 ? `“${titles[0]}”` : count(ids.length, 'document');
  const take = async (): Promise<void> => {
    await request('document.delete', { documentIds: ids });
    leaveDocuments(ids);
  };
  try {
    await take();
  } catch (failure) {
    return reportFailure(failure);
  }
  const step: Step = {
    label: `Delete ${named}`,
    undo: async () => {
      takeDocuments(await request('document.restore', { documentIds: ids }));
      dismissNotice(notice);
      if (ids[0] !== undefined) { openDocument(ids[0]); markOnly(ids[0]); }
    },
    redo: take,
  };
  remember(step);
  const notice = notify(`${named} deleted.`, { action: { label: 'Undo', run: () => void undo(step).catch(reportFailure) } });
}

/** Puts tags on documents and takes others off; each document's own tags come back with undo. */
export async function tagDocuments(documentIds: readonly string[], add: readonly string[], remove: readonly string[]): Promise<void> {
  const { byId } = useLibrary.getState();
  const ids = [...documentIds];
  const gains = ids.filter((id) => add.some((tag) => !byId.get(id)?.tags.includes(tag))), loses = ids.filter((id) => remove.some((tag) => byId.get(id)?.tags.includes(tag)));
  const tag = async (on: readonly string[], put: readonly string[], take: readonly string[]): Promise<void> => {
    if (on.length > 0) takeDocuments(await request('document.tag', { documentIds: [...on], add: [...put], remove: [...take] }));
  };
  const change = async (): Promise<void> => { await tag(gains, add, []); await tag(loses, [], remove); };
  try {
    await change();
    remember({ label: 'Change tags', undo: async () => { await tag(gains, [], add); await tag(loses, remove, []); }, redo: change });
  } catch (failure) {
    reportFailure(failure);
  }
}

export async function renameDocument(documentId: string, title: string): Promise<void> {
  const before = useLibrary.getState().byId.get(documentId)?.title;
  const wanted = title.trim();
  if (before === undefined || wanted === '' || wanted === before) return;
  const rename = async (to: string): Promise<void> => takeDocuments([await request('document.rename', { documentId, title: to })]);
  try {
    await rename(wanted);
    remember({ label: `Rename “${before}”`, undo: () => rename(before), redo: () => rename(wanted) });
  } catch (failure) {
    reportFailure(failure);
  }
}

/** Opens the document above (-1) or below (1) the open one in the list. */
export function openNextDocument(direction: 1 | -1): void {
  const { documents } = useLibrary.getState();
  const at = documents.findIndex((one) => one.id === useDesk.getState().documentId);
  const next = documents[at < 0 ? 0 : Math.max(0, Math.min(documents.length - 1, at + direction))];
  if (!next) return;
  openDocument(next.id);
  markOnly(next.id);
}

export async function undoLast(): Promise<void> {
  try {
    const step = await undo();
    if (step) notify(`${step.label}: taken back.`, { about: 'history' });
    else await walkStoredSteps('made');
  } catch (failure) {
    reportFailure(failure);
  }
}

export async function redoLast(): Promise<void> {
  try {
    const step = await redo();
    if (step) notify(`${step.label}: done again.`, { about: 'history' });
    else await walkStoredSteps('undone');
  } catch (failure) {
    reportFailure(failure);
  }
}
