// The job that writes searchable PDFs, from files on disk. Would catch: text laid over text that the file already has, a page of a TIFF
// in the place of another, a protected PDF that cannot be exported although its password is known.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { quietJob } from '../../../src-main/base/job.ts';
import { writePdf } from '../../../src-main/engine/jobs/write-pdf.ts';
import { openPdf } from '../../../src-main/ocr/rasterize.ts';
import { lineAt, pageWith, regionOf } from '../../helpers/library.ts';
import { jpegOf, pdfOf } from '../../helpers/pdf-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'write-pdf-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const read = (text: string, width = 827, height = 1169) => pageWith([regionOf('paragraph', [lineAt(text, 100, 100)])], { width, height });
const input = { title: 'T', whole: true, overwrite: false } as const;

async function textsOf(path: string): Promise<string[]> {
  const file = await openPdf(path);
  const texts = Array.from({ length: file.pageCount }, (_, page) => file.charactersOf(page).map((one) => one.text).join('').trim());
  file.close();
  return texts;
}

test('every page of a TIFF, in its order', async () => {
  const path = join(import.meta.dirname, '../../../resources/samples/Museum notices, 3 pages.tif');
  const pages = ['one', 'two', 'three'].map((text, pageIndex) => ({ pageIndex, text: read(text) }));
  await writePdf(quietJob(), { ...input, path, format: 'tiff', outputFile: at('tiff.pdf'), pages });
  expect(await textsOf(at('tiff.pdf'))).toEqual(['one', 'two', 'three']);
  await expect(writePdf(quietJob(), { ...input, path, format: 'tiff', outputFile: at('tiff.pdf'), pages })).rejects.toMatchObject({ code: 'file-exists' });
});

// Main hands many pages over in a file: would catch a page that is lost or out of order on that way.
test('the same with its pages from a file, a line each', async () => {
  const path = join(import.meta.dirname, '../../../resources/samples/Museum notices, 3 pages.tif');
  const pages = ['one\u2028', '둘', '三'].map((text, pageIndex) => ({ pageIndex, text: read(text) }));
  writeFileSync(at('pages.jsonl'), pages.map((page) => `${JSON.stringify(page)}\n`).join(''));
  await writePdf(quietJob(), { ...input, path, format: 'tiff', outputFile: at('from-file.pdf'), pages: { file: at('pages.jsonl') } });
  await writePdf(quietJob(), { ...input, path, format: 'tiff', outputFile: at('from-message.pdf'), pages });
  expect(await textsOf(at('from-file.pdf'))).toEqual(await textsOf(at('from-message.pdf')));
  expect((await textsOf(at('from-file.pdf'))).slice(1)).toEqual(['둘', '三']);
  await expect(writePdf(quietJob(), { ...input, path, format: 'tiff', outputFile: at('none.pdf'), pages: { file: at('none.jsonl') } })).rejects.toMatchObject({ code: 'file-not-found' });
});

test('a PDF page with text of its own gets no second one', async () => {
  const picture = await jpegOf(join(import.meta.dirname, '../../fixtures/pages/images/en-card.png'));
  writeFileSync(at('mixed.pdf'), pdfOf([{ texts: [{ text: 'Own words', x: 72, y: 700 }] }, { picture }]));
  const pages = ['Own words', 'Read words'].map((text, pageIndex) => ({ pageIndex, text: read(text) }));
  await writePdf(quietJob(), { ...input, path: at('mixed.pdf'), format: 'pdf', outputFile: at('out.pdf'), pages });
  expect(await textsOf(at('out.pdf'))).toEqual(['Own words', 'Read words']);
  expect(readFileSync(at('out.pdf')).subarray(0, readFileSync(at('mixed.pdf')).length).equals(readFileSync(at('mixed.pdf')))).toBe(true);
});

test('a protected PDF is drawn when its password is known, and named when not', async () => {
  const picture = await jpegOf(join(import.meta.dirname, '../../fixtures/pages/images/en-card.png'));
  writeFileSync(at('locked.pdf'), pdfOf([{ picture }], { password: 'x' }));
  const job = { ...input, path: at('locked.pdf'), format: 'pdf', pages: [{ pageIndex: 0, text: read('Read words') }] } as const;
  await writePdf(quietJob(), { ...job, outputFile: at('unlocked.pdf'), password: 'x', pages: [...job.pages] });
  expect(await textsOf(at('unlocked.pdf'))).toEqual(['Read words']);
  await expect(writePdf(quietJob(), { ...job, outputFile: at('no.pdf'), pages: [...job.pages] })).rejects.toMatchObject({ code: 'pdf-encrypted' });
});
