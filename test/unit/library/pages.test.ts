// Pages and documents over their life: prepared, read, turned, failed, deleted, restored, purged, and across a restart.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError, toWireError } from '../../../src-main/base/errors.ts';
import { addReadDocument, lineAt, never, openTestLibrary, pageWith, regionOf, temporaryFolder, writePng } from '../../helpers/library.ts';
import type { TestLibrary } from '../../helpers/library.ts';

let folder: ReturnType<typeof temporaryFolder>;
let library: TestLibrary;
const at = (name: string): string => join(folder.path, name);
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(at('library'));
  library = openTestLibrary(at('library'));
});
afterEach(() => {
  library.database.close();
  folder.remove();
});

const document = (documentId: string) => library.methods.documentsById({ documentIds: [documentId] })[0]!;
const page = (pageId: string) => library.methods.pageById({ pageId });
const text = (...lines: string[]) => pageWith([regionOf('paragraph', lines.map((one, index) => lineAt(one, 0, index * 30, { confidence: 0.5 + index * 0.2 })))]);

test('a page that was read has its text, its counts and its mean confidence; so has its document', async () => {
  const { documentId, pageId } = await addReadDocument(library, writePng(at('a.png'), 'a'), []);
  expect(library.methods.pageText({ pageId })).toBeNull();
  expect(document(documentId)).toMatchObject({ status: 'ready', pageCount: 1, readCount: 0 });
  const saved = { ...text('one', 'two'), rotation: 90 as const, notes: [{ kind: 'tiled' as const, tiles: 4 }] };
  const changed = library.methods.savePageText({ pageId, text: saved });
  expect(changed.pages[0]).toMatchObject({ status: 'read', rotation: 90, lineCount: 2, confidence: 0.6, readMs: 12, notes: saved.notes });
  expect(changed.documents[0]).toMatchObject({ readCount: 1, failedCount: 0 });
  expect(library.methods.pageText({ pageId })).toEqual(saved);
});

test("what preparing said about a page stays, an earlier reading's remarks go", async () => {
  const { documents } = await library.methods.importFiles({ paths: [writePng(at('a.gif'), 'a')] }, { signal: never });
  const { pages } = library.methods.savePrepared({ documentId: documents[0]!, pages: [{ width: 9, height: 9, displayFile: null, thumbnailFile: 't.webp', notes: [{ kind: 'animation', frames: 3 }] }] });
  const pageId = pages[0]!.id;
  library.methods.savePageText({ pageId, text: { ...text('a'), notes: [{ kind: 'enlarged', factor: 2 }] } });
  library.methods.savePageText({ pageId, text: { ...text('a'), notes: [{ kind: 'tiled', tiles: 2 }] } });
  expect(page(pageId).notes.map((one) => one.kind)).toEqual(['animation', 'tiled']);
});

test('an empty page is read, without confidence', async () => {
  const { pageId } = await addReadDocument(library, writePng(at('a.png'), 'a'), []);
  library.methods.savePageText({ pageId, text: pageWith([], { notes: [{ kind: 'blank' }] }) });
  expect(page(pageId)).toMatchObject({ status: 'read', lineCount: 0, confidence: null });
});

test('to be read again with a turn: shown turned at once, the old text stays until the new one is there', async () => {
  const { pageId } = await addReadDocument(library, writePng(at('a.png'), 'a'), ['old']);
  library.methods.readAgain({ pageId, rotation: 180 });
  expect(page(pageId)).toMatchObject({ status: 'waiting', rotation: 180 });
  expect(library.methods.pageText({ pageId })?.regions[0]?.lines[0]?.text).toBe('old');
  expect(library.methods.takeNextPage({ first: [] })?.work).toMatchObject({ pageId, rotation: 180 });
  library.methods.savePageText({ pageId, text: { ...text('new'), rotation: 180 } });
  // The turn was asked for once: the next reading finds its own.
  library.methods.readAgain({ pageId, rotation: null });
  expect(library.methods.takeNextPage({ first: [] })?.work.rotation).toBeNull();
});

test('a session that ended while reading: its pages wait again', async () => {
  const { pageId } = await addReadDocument(library, writePng(at('a.png'), 'a'), []);
  library.methods.takeNextPage({ first: [] });
  expect(page(pageId).status).toBe('reading');
  library.database.close();
  library = openTestLibrary(at('library'));
  await library.methods.start(null);
  expect(page(pageId).status).toBe('waiting');
});

test('failing touches only pages that are not read', async () => {
  const read = await addReadDocument(library, writePng(at('a.png'), 'a'), ['text']);
  const unread = await addReadDocument(library, writePng(at('b.png'), 'b'), []);
  const error = toWireError(new AppError('job-cancelled', { file: '/data/originals/ab/abcdef.png' }));
  const changed = library.methods.failPages({ pageIds: [read.pageId, unread.pageId], error });
  expect(changed.pages.map((one) => one.id)).toEqual([unread.pageId]);
  // Under the name that the user knows, not that of the copy.
  expect(page(unread.pageId)).toMatchObject({ status: 'failed', error: { ...error, data: { file: 'b.png' } } });
  expect(document(unread.documentId).failedCount).toBe(1);
  expect(library.methods.countUnread(null)).toBe(0);
});

test('deleted documents are neither listed nor read, restored ones are both', async () => {
  const { documentId, pageId } = await addReadDocument(library, writePng(at('a.png'), 'a'), []);
  expect(library.methods.deleteDocuments({ documentIds: [documentId, 'unknown'] })).toEqual([documentId]);
  expect(library.methods.deleteDocuments({ documentIds: [documentId] })).toEqual([]);
  expect(library.methods.listDocuments(null)).toEqual([]);
  expect(library.methods.takeNextPage({ first: [pageId] })).toBeNull();
  expect(library.methods.restoreDocuments({ documentIds: [documentId] })[0]).toMatchObject({ id: documentId, deletedAt: null });
  expect(library.methods.takeNextPage({ first: [] })?.work.pageId).toBe(pageId);
});

test('thirty days after it was deleted a document goes at the next start, with its files; younger ones stay', async () => {
  const old = await addReadDocument(library, writePng(at('old.png'), 'old'), ['old text']);
  const young = await addReadDocument(library, writePng(at('young.png'), 'young'), ['young text']);
  const paths = [old, young].map(({ pageId }) => library.methods.pagePaths({ pageId }));
  for (const { thumbnail } of paths) {
    mkdirSync(join(thumbnail, '..'), { recursive: true });
    writeFileSync(thumbnail, 'picture');
  }
  library.methods.deleteDocuments({ documentIds: [old.documentId, young.documentId] });
  const day = 24 * 60 * 60 * 1000;
  library.database.run('age', 'UPDATE documents SET deleted_at = deleted_at - :ms WHERE id = :id', { ms: 31 * day, id: old.documentId });
  library.database.run('age', 'UPDATE documents SET deleted_at = deleted_at - :ms WHERE id = :id', { ms: 29 * day, id: young.documentId });
  await library.methods.start(null);
  expect(paths.map((one) => [existsSync(one.image), existsSync(one.thumbnail)])).toEqual([[false, false], [true, true]]);
  expect(() => page(old.pageId)).toThrow('page-not-found');
  expect(library.database.rows('lines', 'SELECT text FROM lines')).toEqual([{ text: 'young text' }]);
  expect(library.database.rows('search', "SELECT rowid FROM line_search WHERE line_search MATCH '\"old text\"'")).toEqual([]);
  library.methods.restoreDocuments({ documentIds: [young.documentId] });
  expect(library.methods.search({ text: 'young', limit: 5 })).toHaveLength(1);
});

test('preparing again keeps ids and texts', async () => {
  const { documentId, pageId } = await addReadDocument(library, writePng(at('a.png'), 'a'), ['text']);
  library.methods.savePrepared({ documentId, pages: [{ width: 1000, height: 1400, displayFile: '/x/0.webp', thumbnailFile: '/x/t.webp', notes: [] }] });
  expect(page(pageId).status).toBe('read');
  // Only names are kept: the library may be moved, and nothing outside it can be pointed at.
  expect(library.methods.pagePaths({ pageId }).image).toBe(at(`library/pages/${documentId}/0.webp`));
});

test('unknown ids are named', () => {
  expect(() => library.methods.pageText({ pageId: 'x' })).toThrow('page-not-found');
  expect(() => library.methods.pagesOf({ documentId: 'x' })).toThrow('document-not-found');
  expect(() => library.methods.renameDocument({ documentId: 'x', title: 'y' })).toThrow('document-not-found');
  expect(() => library.methods.pagePaths({ pageId: '../../etc/passwd' })).toThrow('page-not-found');
});
