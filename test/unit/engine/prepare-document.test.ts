// How a file of pages becomes a list of pages: quickly, whatever its size, and with a named reason when it cannot.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { logFor } from '../../../src-main/base/log.ts';
import { drawPage } from '../../../src-main/engine/jobs/draw-page.ts';
import { decodePage } from '../../../src-main/engine/jobs/page-pictures.ts';
import { prepareDocument } from '../../../src-main/engine/jobs/prepare-document.ts';
import { probeImage } from '../../../src-main/inference/image/decode-image.ts';
import { fixturePage } from '../../helpers/fixture-pages.ts';
import { never, temporaryFolder } from '../../helpers/library.ts';
import { mixedTiff, tiffOf } from '../../helpers/odd-files.ts';
import { pdfOf, prosePage, type PdfPage } from '../../helpers/pdf-files.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

const job = { signal: never, log: logFor('test'), progress: () => {}, post: () => {} };

function put(name: string, bytes: Uint8Array): string {
  const path = join(folder.path, name);
  writeFileSync(path, bytes);
  return path;
}
const prepare = (path: string, format: 'pdf' | 'tiff' = 'pdf', password?: string) => prepareDocument(job, { path, format, outputFolder: join(folder.path, 'out'), ...(password !== undefined && { password }) });
const drawn = (): string[] => readdirSync(join(folder.path, 'out'));

// Drawing 500 pages takes minutes; the list of pages must not wait for it.
test('a PDF’s pages are listed at once and drawn when they are asked for', async () => {
  const path = put('book.pdf', pdfOf(Array.from({ length: 500 }, (_, at): PdfPage => ({ texts: prosePage(at, 3), width: at === 7 ? 842 : 595 }))));
  const started = performance.now();
  const { pages } = await prepare(path);
  expect(performance.now() - started).toBeLessThan(5000);
  expect(pages).toHaveLength(500);
  expect(pages[7]!.width).toBeGreaterThan(pages[8]!.width);
  expect(drawn()).toEqual([]);

  const { width, height, displayFile, thumbnailFile } = pages[499]!;
  await drawPage(job, { source: { path, format: 'pdf', pageIndex: 499 }, file: displayFile!, longSide: Math.max(width, height) });
  await drawPage(job, { source: { path, format: 'pdf', pageIndex: 499 }, file: thumbnailFile, longSide: 320 });
  expect(await probeImage(displayFile!)).toMatchObject({ width, height });
  expect(Math.max((await probeImage(thumbnailFile)).height)).toBe(320);
});

test('so are those of a TIFF', async () => {
  const path = await tiffOf([fixturePage('en-card').path, fixturePage('en-card').path, fixturePage('en-card').path], folder.path);
  const { pages } = await prepare(path, 'tiff');
  expect(pages).toHaveLength(3);
  expect(drawn()).toEqual([]);
});

// A fax, a photograph and a turned scan in one file: each page has its own size, depth and turn.
test('a TIFF whose pages have nothing in common', async () => {
  const dark = (width: number, height: number, channels: 1 | 3, bytes = 1): Uint8Array => {
    // The left half is dark.
    const data = Buffer.alloc(width * height * channels * bytes, 0xff);
    for (let y = 0; y < height; y++) data.fill(0, y * width * channels * bytes, (y * width + width / 2) * channels * bytes);
    return data;
  };
  const fax = Buffer.alloc(16 * 40);
  for (let y = 0; y < 40; y++) fax.fill(0xff, y * 16, y * 16 + 8);
  const path = mixedTiff([
    { width: 100, height: 60, bits: 8, channels: 3, data: dark(100, 60, 3) },
    { width: 128, height: 40, bits: 1, channels: 1, data: fax },
    { width: 64, height: 50, bits: 8, channels: 1, orientation: 6, data: dark(64, 50, 1) },
    { width: 80, height: 20, bits: 16, channels: 3, data: dark(80, 20, 3, 2) },
  ], folder.path);
  const { pages } = await prepare(path, 'tiff');
  expect(pages.map(({ width, height }) => [width, height])).toEqual([[100, 60], [128, 40], [50, 64], [80, 20]]);
  for (const [pageIndex, { width, height }] of pages.entries()) {
    const { picture } = await decodePage({ path, format: 'tiff', pageIndex });
    expect([picture.width, picture.height]).toEqual([width, height]);
    const valueAt = (x: number, y: number): number => picture.data[(y * width + x) * 3]!;
    // Turned clockwise, the left half is the upper one.
    const [first, second] = pageIndex === 2 ? [valueAt(25, 5), valueAt(25, 58)] : [valueAt(5, 10), valueAt(width - 5, 10)];
    expect([first, second], `page ${pageIndex + 1}`).toEqual([0, 255]);
  }
});

test('ten thousand pages', async () => {
  const path = put('log.pdf', pdfOf(Array.from({ length: 10_000 }, () => ({ width: 300, height: 300 }))));
  const started = performance.now();
  expect((await prepare(path)).pages).toHaveLength(10_000);
  expect(performance.now() - started).toBeLessThan(20_000);
});

test('of a file with a password everything is drawn while it is open', async () => {
  const path = put('secret.pdf', pdfOf([{ texts: prosePage(0, 3) }, { texts: prosePage(1, 3) }], { password: 'tulip' }));
  await expect(prepare(path)).rejects.toMatchObject({ code: 'pdf-encrypted', data: { passwordGiven: false } });
  await expect(prepare(path, 'pdf', 'rose')).rejects.toMatchObject({ code: 'pdf-encrypted', data: { passwordGiven: true } });
  const { pages } = await prepare(path, 'pdf', 'tulip');
  for (const { displayFile, thumbnailFile } of pages) expect([displayFile, thumbnailFile].every((file) => existsSync(file!))).toBe(true);
});

test.each([
  ['pdf-empty', () => pdfOf([])],
  ['file-truncated', () => pdfOf([{ texts: prosePage(0) }, { texts: prosePage(1) }]).subarray(0, 300)],
  ['file-corrupt', () => Buffer.from('%PDF-1.4\nThis is no document.\n%%EOF\n')],
  ['file-empty', () => Buffer.alloc(0)],
])('%s', async (code, bytes) => {
  await expect(prepare(put('bad.pdf', bytes()))).rejects.toMatchObject({ name: 'AppError', code });
});

// One bad page must not take the others with it.
test('a page that the file names but does not hold is listed and named, and the others open', async () => {
  const whole = pdfOf([{ texts: prosePage(0, 2) }, { texts: prosePage(1, 2) }]).toString('latin1');
  const path = put('hole.pdf', Buffer.from(whole.replace('/Count 2', '/Count 3'), 'latin1'));
  const { pages } = await prepare(path);
  expect(pages.map((page) => page.notes.map((note) => note.kind))).toEqual([[], [], ['damaged']]);
  await expect(decodePage({ path, format: 'pdf', pageIndex: 2 })).rejects.toMatchObject({ code: 'file-corrupt' });
  expect((await decodePage({ path, format: 'pdf', pageIndex: 1 })).picture.width).toBe(pages[1]!.width);
});

test('a page as large as a wall is drawn coarsely, and says so', async () => {
  const path = put('wall.pdf', pdfOf([{ width: 14_400, height: 14_400, texts: [{ text: 'Wall', x: 1000, y: 1000, size: 900 }] }]));
  const { pages } = await prepare(path);
  expect(pages[0]!.width * pages[0]!.height).toBeLessThanOrEqual(101e6);
  expect(pages[0]!.notes).toMatchObject([{ kind: 'display-reduced' }]);
});

// The bug: opening a third file closed the first under whoever was drawing it, and PDFium fell over.
test('several PDFs are drawn side by side', async () => {
  const paths = [0, 1, 2, 3].map((at) => put(`${at}.pdf`, pdfOf([{ texts: prosePage(at, 4), width: 400 + 50 * at, height: 400 }])));
  const sizes = await Promise.all([...paths, ...paths, ...paths].map(async (path) => (await decodePage({ path, format: 'pdf', pageIndex: 0 })).picture.width / (await decodePage({ path, format: 'pdf', pageIndex: 0 })).picture.height));
  sizes.forEach((ratio, at) => expect(ratio).toBeCloseTo((400 + 50 * (at % 4)) / 400, 1));
});
