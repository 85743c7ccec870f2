// Two PDFs as the application compares them, with the real library and the real networks: pages of different size and orientation, blank ones,
// pages put in and taken out, page numbers that moved on. Their thumbnails were never drawn: only what is looked at is.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Comparison, KeptPair } from '@contract/compare.ts';
import { createComparisons, type Comparisons } from '../../src-main/app/comparisons.ts';
import { createPageFiles } from '../../src-main/app/page-files.ts';
import { createPasswords } from '../../src-main/app/passwords.ts';
import { drawPage } from '../../src-main/engine/jobs/draw-page.ts';
import { matchPages } from '../../src-main/engine/jobs/match-pages.ts';
import { prepareDocument } from '../../src-main/engine/jobs/prepare-document.ts';
import { closeReader, readPage } from '../../src-main/engine/jobs/read-page.ts';
import { engineHere } from '../helpers/engine-here.ts';
import { never, openTestLibrary, temporaryFolder, type TestLibrary } from '../helpers/library.ts';
import { clientOf } from '../helpers/library-client.ts';
import { pdfOf, type PdfPage } from '../helpers/pdf-files.ts';

const folder = temporaryFolder();
const engine = engineHere(() => {}, { 'draw-page': drawPage, 'match-pages': matchPages, 'prepare-document': prepareDocument, 'read-page': readPage });
let library: TestLibrary;
let comparisons: Comparisons;
let before: string, later: string;
let told: { comparison: Comparison; pairs: KeptPair[] }[];

beforeAll(() => {
  mkdirSync(join(folder.path, 'library'));
  library = openTestLibrary(join(folder.path, 'library'));
  const client = clientOf(library), passwords = createPasswords();
  told = [];
  comparisons = createComparisons({
    library: client, engine, passwords, queue: { prefer: () => {} }, pageFiles: createPageFiles({ library: client, engine, passwords }),
    publish: (name, payload) => name === 'compare.changed' && told.push(payload as (typeof told)[number]),
  });
});
afterAll(async () => {
  await closeReader();
  library.database.close();
  folder.remove();
});

async function documentOf(name: string, pages: readonly PdfPage[]): Promise<string> {
  const path = join(folder.path, name);
  writeFileSync(path, pdfOf(pages));
  const [documentId] = (await library.methods.importFiles({ paths: [path] }, { signal: never })).documents;
  const prepared = await engine.run('prepare-document', { path, format: 'pdf', outputFolder: join(folder.path, 'library/pages', documentId!) });
  const saved = library.methods.savePrepared({ documentId: documentId!, pages: prepared.pages });
  for (const page of saved.pages) library.methods.savePageText({ pageId: page.id, text: await engine.run('read-page', { source: { path, format: 'pdf', pageIndex: page.index }, rotation: null }) });
  return documentId!;
}

const topics = { nets: 'nets and ropes were counted twice', crane: 'the crane needs a new bearing soon', fees: 'fees for visitors rise by a tenth', lamp: 'the lamp on the mole was mended' };
/** `number` stands at the foot. Landscape pages are wider than high. */
const page = (topic: string, amount: string, number: number, size: Partial<PdfPage> = {}): PdfPage => {
  const height = size.height ?? 842;
  const lines = [`Minutes about how ${topic}`, `It was agreed that ${topic} as planned.`, `The treasurer paid ${amount} crowns for it before the meeting.`, 'Nobody was against it and nobody wished to speak again.'];
  return { ...size, texts: [...lines.map((text, at) => ({ text, x: 60, y: height - 70 - at * 26, size: 13 })), { text: String(number), x: 290, y: 30, size: 10 }] };
};
const landscape = { width: 842, height: 595 };
const pageOf = (documentId: string, index: number): string => library.methods.pagesOf({ documentId })[index]!.id;

async function ended(comparisonId: string): Promise<{ comparison: Comparison; pairs: KeptPair[] }> {
  for (;;) {
    const now = library.methods.comparisonById({ comparisonId });
    if (!['reading', 'comparing'].includes(now.comparison.status)) return now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const said = ({ before, after, comparison }: KeptPair): string => `${before ? before.pageIndex + 1 : '-'}:${after ? after.pageIndex + 1 : '-'} ${(comparison?.changes ?? []).map((one) => `${one.doubtful ? '?' : ''}${one.kind} ${one.before.text}>${one.after.text}`).join(', ')}`.trim();

test('pages of other size and orientation, blank ones, page numbers that moved on', { timeout: 180_000 }, async () => {
  before = await documentOf('before.pdf', [page(topics.nets, '1240', 1), page(topics.crane, '3305', 2, landscape), {}, page(topics.fees, '515', 4)]);
  later = await documentOf('after.pdf', [page(topics.nets, '1240', 1, { height: 900 }), page(topics.lamp, '77', 2), page(topics.crane, '3385', 3, landscape), {}, page(topics.fees, '515', 5)]);
  const { comparison } = await comparisons.start({ documentId: before, pageId: null }, { documentId: later, pageId: null }, false);
  const { comparison: done, pairs } = await ended(comparison.id);
  expect(done).toMatchObject({ status: 'done', error: null });
  expect(pairs.map((pair) => pair.error)).toEqual([null, null, null, null, null]);
  expect(pairs.map(said)).toEqual(['1:1', '-:2', '2:3 changed 3305>3385', '3:4', '4:5']);
  expect(told.at(-1)!.comparison).toMatchObject({ status: 'done', done: 5, total: 5 });
});

test('one page against one of another size, and against a blank one', async () => {
  const of = async (after: string): Promise<KeptPair> => {
    const { comparison } = await comparisons.start({ documentId: before, pageId: pageOf(before, 3) }, { documentId: later, pageId: after }, false);
    const { comparison: done, pairs } = await ended(comparison.id);
    expect(done.status).toBe('done');
    return pairs[0]!;
  };
  const wider = await of(pageOf(later, 2)), blank = await of(pageOf(later, 3));
  expect(wider.comparison!.changes.some((one) => !one.doubtful && one.kind === 'changed')).toBe(true);
  expect(blank.comparison!.changes.length).toBeGreaterThan(0);
  expect(blank.comparison!.changes.every((one) => one.kind === 'removed')).toBe(true);
});

test('stopping ends a comparison before its pages are through', async () => {
  const { comparison } = await comparisons.start({ documentId: before, pageId: null }, { documentId: later, pageId: null }, true);
  comparisons.stop(comparison.id);
  const { comparison: stopped } = await ended(comparison.id);
  expect(stopped.status).toBe('stopped');
  expect(stopped.done).toBeLessThan(5);
});
