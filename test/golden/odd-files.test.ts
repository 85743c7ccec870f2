// Every awkward file reads like the page it was made from, or is refused with its own named error, and the page after it reads as before.
// Catches: a channel order, a colour space or an orientation that only survives decoding, and errors that lose their name on the way.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { FileFormat } from '@contract/document.ts';
import { linesOf, type PageText } from '@contract/document.ts';
import { findProgram } from '../../build/processes.mjs';
import { quietJob } from '../../src-main/base/job.ts';
import { prepareDocument } from '../../src-main/engine/jobs/prepare-document.ts';
import { closeReader, readPage } from '../../src-main/engine/jobs/read-page.ts';
import { bombPng, encodings, tiffOf, unreadable, withOrientation } from '../helpers/odd-files.ts';
import { fixtureItems, truthOf } from '../helpers/fixture-set.ts';
import { scorePage } from '../helpers/score-pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'lectern-odd-files-'));
const images = resolve(import.meta.dirname, '../fixtures/pages/images');
const card = fixtureItems.find((item) => item.id === 'en-card')!;
const page = join(images, 'en-card.png');

afterAll(async () => {
  await closeReader();
  rmSync(folder, { recursive: true, force: true });
});

const formats: Readonly<Record<string, FileFormat>> = { jpg: 'jpeg', png: 'png', avif: 'avif', webp: 'webp', gif: 'gif', bmp: 'bmp', tif: 'tiff' };
const read = (path: string, pageIndex = 0, format?: FileFormat): Promise<PageText> =>
  readPage(quietJob(), { source: { path, format: format ?? formats[path.split('.').at(-1)!] ?? 'png', pageIndex }, rotation: null });
const errorOf = (text: PageText): number => scorePage(truthOf(card), linesOf(text)).placedError!;

describe('reads like the page itself', () => {
  test.each(Object.entries(encodings))('%s', async (name, make) => {
    const path = await make(page, folder);
    const text = await read(path, 0, name.startsWith('PNG named') ? 'png' : undefined);
    expect([text.width, text.height]).toEqual([640, 366]);
    expect(errorOf(text)).toBeLessThanOrEqual(0.02);
    expect(text.notes.some((note) => note.kind === 'animation')).toBe(name === 'animated GIF');
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i: upright, boxes in turned pixels', async (orientation) => {
    const text = await read(await withOrientation(page, folder, orientation));
    expect([text.width, text.height, text.rotation]).toEqual([640, 366, 0]);
    expect(errorOf(text)).toBeLessThanOrEqual(0.02);
  });

  test.skipIf(process.platform === 'linux' && !findProgram('heif-dec') && !findProgram('heif-convert'))('HEIC, where the system decodes it', async () => {
    const text = await read(resolve(import.meta.dirname, '../fixtures/photos/en-card.heic'), 0, 'heic');
    expect([text.width, text.height]).toEqual([640, 366]);
    expect(errorOf(text)).toBeLessThanOrEqual(0.02);
  });

  test('each page of a TIFF gives its own text', async () => {
    const path = await tiffOf([page, join(images, 'zh-card.png'), join(images, 'ko-card.png')], folder);
    const { pages } = await prepareDocument(quietJob(), { path, format: 'tiff', outputFolder: join(folder, 'tiff') });
    expect(pages.length).toBe(3);
    expect(errorOf(await read(path, 0))).toBeLessThanOrEqual(0.02);
    expect(linesOf(await read(path, 1)).map((line) => line.text).join(' ')).toContain('韦若琳');
    expect(linesOf(await read(path, 2)).map((line) => line.text).join(' ')).toContain('임세아');
    await expect(read(path, 3)).rejects.toMatchObject({ code: 'page-not-found' });
  });

  test('a blank page is no error, and says that it is blank', async () => {
    const path = join(folder, 'blank.png');
    writeFileSync(path, bombPng(1000, 1400));
    const text = await read(path);
    expect(linesOf(text)).toEqual([]);
    expect(text.notes).toContainEqual({ kind: 'blank' });
  });
});

describe('is refused by name, and the next page reads as before', () => {
  test.each(Object.entries(unreadable))('%s', async (name, { code, make }) => {
    const path = await make(page, folder);
    await expect(read(path, 0, path.endsWith('.jpg') ? 'jpeg' : 'png')).rejects.toMatchObject({ name: 'AppError', code });
    const outputFolder = join(folder, `prepared ${name}`);
    await expect(prepareDocument(quietJob(), { path, format: path.endsWith('.jpg') ? 'jpeg' : 'png', outputFolder })).rejects.toMatchObject({ name: 'AppError', code });
    expect(existsSync(join(outputFolder, '0-thumbnail.webp'))).toBe(false);
  });

  test('the page after all of them', async () => {
    expect(errorOf(await read(page))).toBeLessThanOrEqual(0.02);
  });

  test('100 megapixels are prepared, reduced for display and said to be', async () => {
    const path = join(folder, 'poster.png');
    writeFileSync(path, bombPng(12_500, 8_000));
    const { pages } = await prepareDocument(quietJob(), { path, format: 'png', outputFolder: join(folder, 'poster') });
    expect(pages).toMatchObject([{ width: 12_500, height: 8_000 }]);
    const note = pages[0]!.notes.find((one) => one.kind === 'display-reduced');
    expect(note!.width / note!.height).toBeCloseTo(12_500 / 8_000, 2);
    expect(note!.width).toBeLessThanOrEqual(8192);
  });
});
