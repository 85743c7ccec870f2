// Searchable PDFs read back by two readers that are not ours, PDFium and poppler's pdftotext. Would catch: characters that copy as others,
// spaces inside words or between Han, text that lies elsewhere than its picture, a picture that was changed or turned, an original lost.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { boundsOf, type Quad } from '@contract/geometry.ts';
import { linesOf, type PageText } from '@contract/document.ts';
import { canCarry, picturesPdf, withTextLayer, type PicturePage } from '../../../src-main/exporters/searchable-pdf.ts';
import { openPdf, type PdfCharacter } from '../../../src-main/ocr/rasterize.ts';
import { jpegOf, pdfOf } from '../../helpers/pdf-files.ts';
import { lineAt, pageWith, regionOf } from '../../helpers/library.ts';
import { truthText } from '../../helpers/truth-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'searchable-pdf-'));
afterAll(() => rmSync(folder, { recursive: true }));
const facts = { title: 'Ein Titel (한국어)', madeAt: new Date('2024-05-06T07:08:09Z') };
let files = 0;
function saved(bytes: Uint8Array): string {
  const path = join(folder, `${++files}.pdf`);
  writeFileSync(path, bytes);
  return path;
}
const pdfOfTruth = (id: string, rest: Partial<PicturePage> = {}): Promise<Uint8Array> => picturesPdf([{ ...truthText(id), orientation: 1, dpi: null, ...rest }], facts);

const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined;
const popplerText = (path: string, ...args: string[]): string => execFileSync('pdftotext', [...args, path, '-'], { encoding: 'utf8' });
const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
const plain = (text: string): string => text.replace(/\s+/g, '');

async function characters(path: string, pageIndex = 0): Promise<{ all: PdfCharacter[]; text: string }> {
  const file = await openPdf(path);
  const all = file.charactersOf(pageIndex);
  file.close();
  return { all, text: all.map((one) => one.text).join('') };
}

const upright = ['en-columns', 'ko-letter', 'zh-columns', 'ja-columns', 'ja-vertical', 'mixed-notice'];
const turned = ['ko-table-rot270', 'en-receipt-photo90', 'zh-letter-rot90', 'ko-letter-rot180'];

describe('text', () => {
  test.each([...upright, ...turned])('%s: PDFium finds the same characters in the same order, each on its line', async (id) => {
    const { text } = truthText(id);
    const { all, text: found } = await characters(saved(await pdfOfTruth(id)));
    const lines = linesOf(text);
    if (id === 'ja-vertical') expect(plain(found)).toBe(plain(lines.map((line) => line.text).join('\n')));
    else expect(words(found)).toEqual(words(lines.map((line) => line.text).join('\n')));
    // The page is shown upright: so are the places of the characters.
    const shown = (quad: Quad): Quad => quad.map(([x, y]) => (text.rotation === 90 ? [text.height - y, x] : text.rotation === 180 ? [text.width - x, text.height - y] : text.rotation === 270 ? [y, text.width - x] : [x, y])) as Quad;
    const width = text.rotation % 180 ? text.height : text.width;
    const size = await sizeOf(saved(await pdfOfTruth(id)));
    const scale = size.width / width;
    const printed = all.filter((one) => one.quad !== null);
    expect(printed.every((one) => one.invisible)).toBe(true);
    let at = 0;
    for (const line of lines) {
      const own = printed.slice(at, (at += [...plain(line.text)].length));
      const want = boundsOf(shown(line.quad)), have = boundsOf(own.flatMap((one) => one.quad!));
      const tolerance = 3 + 0.3 * Math.min(want.width, want.height);
      for (const [a, b] of [[want.x, have.x], [want.y, have.y], [want.x + want.width, have.x + have.width], [want.y + want.height, have.y + have.height]] as const) {
        expect(Math.abs(a - b / scale), `${line.text}: ${JSON.stringify({ want, have, scale })}`).toBeLessThan(tolerance);
      }
    }
  });

  test.skipIf(!hasPoppler).each([...upright, ...turned])('%s: pdftotext gives the words in reading order (skipped without poppler-utils)', async (id) => {
    const { lines } = truthText(id);
    const path = saved(await pdfOfTruth(id));
    expect(words(popplerText(path, '-raw'))).toEqual(words(lines.join('\n')));
    // In its own idea of the page's layout, nothing is lost or doubled either.
    expect([...plain(popplerText(path))].sort().join('')).toBe([...plain(lines.join(''))].sort().join(''));
  });

  test.skipIf(!hasPoppler)('a letter and a vertical page read the same in pdftotext\'s own layout', async () => {
    for (const id of ['en-letter', 'ja-vertical', 'ko-letter', 'zh-letter-rot90']) expect(plain(popplerText(saved(await pdfOfTruth(id))))).toBe(plain(truthText(id).lines.join('')));
  });

  test('rare characters, emoji and a corrected line copy as they are', async () => {
    const texts = ['𠮷野家 😀 fi ﬁ', 'a\\b(c)<d>', 'e\u0301 한\u1112\u1161\u11ab'];
    const lines = texts.map((text, at) => lineAt(text, 50, 50 + at * 40));
    const corrected = { ...lineAt('wrong wrods', 50, 200), text: 'right words' };
    const path = saved(await pdfOfTruth('en-card', { text: pageWith([regionOf('paragraph', [...lines, corrected])], { width: 640, height: 366 }) }));
    expect((await characters(path)).text.normalize('NFC')).toContain('𠮷野家 😀 fi');
    if (hasPoppler) expect(words(popplerText(path, '-raw'))).toEqual(words([...texts, 'right words'].join(' ')));
  });
});

const sizeOf = async (path: string, pageIndex = 0): Promise<{ width: number; height: number }> => {
  const file = await openPdf(path);
  const size = file.sizeOf(pageIndex);
  file.close();
  return size;
};

async function drawn(path: string, width: number, height: number): Promise<Uint8Array> {
  const file = await openPdf(path);
  const { width: w, height: h, data } = file.draw(0);
  file.close();
  return sharp(data, { raw: { width: w, height: h, channels: 3 } }).resize(width, height, { fit: 'fill' }).raw().toBuffer();
}
const meanDifference = (a: Uint8Array, b: Uint8Array): number => a.reduce((sum, value, at) => sum + Math.abs(value - b[at]!), 0) / a.length;

describe('pictures', () => {
  test('lie in the file byte for byte', async () => {
    const { picture } = truthText('en-receipt-photo90');
    expect(Buffer.from(await pdfOfTruth('en-receipt-photo90')).includes(Buffer.from(picture))).toBe(true);
  });

  // A picture of four colours, stored in all eight ways.
  test.each([1, 2, 3, 4, 5, 6, 7, 8].flatMap((orientation) => ([0, 90, 180, 270] as const).map((rotation) => [orientation, rotation] as const)))('EXIF orientation %i, page turned by %i°: shown upright', async (orientation, rotation) => {
    const quarter = (colour: string, left: number, top: number) => ({ input: { create: { width: 60, height: 40, channels: 3 as const, background: colour } }, left, top });
    const stored = await sharp({ create: { width: 120, height: 80, channels: 3, background: '#000' } }).composite([quarter('#f00', 0, 0), quarter('#0f0', 60, 0), quarter('#00f', 0, 40), quarter('#ff0', 60, 40)]).jpeg({ quality: 95 }).withMetadata({ orientation }).toBuffer();
    const upright = await sharp(stored).autoOrient().png().toBuffer({ resolveWithObject: true });
    const { data: want, info } = await sharp(upright.data).rotate(rotation).raw().toBuffer({ resolveWithObject: true });
    const path = saved(await picturesPdf([{ text: pageWith([], { width: upright.info.width, height: upright.info.height, rotation }), picture: stored, orientation, dpi: 96 }], facts));
    expect(meanDifference(await drawn(path, info.width, info.height), want)).toBeLessThan(8);
  });

  test.each([
    ['grey', (image: Sharp) => image.greyscale().png()],
    ['one bit', (image: Sharp) => image.greyscale().threshold(128).png({ palette: true, colours: 2 })],
    ['palette', (image: Sharp) => image.png({ palette: true, colours: 16 })],
    ['16 bits', (image: Sharp) => image.toColourspace('rgb16').png()],
    ['grey JPEG', (image: Sharp) => image.greyscale().jpeg()],
    ['progressive JPEG', (image: Sharp) => image.jpeg({ progressive: true })],
    ['CMYK JPEG', (image: Sharp) => image.toColourspace('cmyk').jpeg()],
  ])('%s looks the same in the PDF', async (_, encode) => {
    const { picture, text } = truthText('en-card');
    const file = await encode(sharp(picture).flatten({ background: 'white' })).toBuffer();
    expect(canCarry(file)).toBe(true);
    const want = await sharp(file).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    const rgb = want.info.channels === 3 ? want.data : Buffer.from([...want.data].flatMap((value) => [value, value, value]));
    const have = await drawn(saved(await picturesPdf([{ text, picture: file, orientation: 1, dpi: 150 }], facts)), want.info.width, want.info.height);
    expect(meanDifference(have, rgb)).toBeLessThan(10);
  });

  test('what a PDF cannot carry is known', async () => {
    const image = sharp({ create: { width: 20, height: 20, channels: 4, background: '#f008' } });
    expect(canCarry(await image.png().toBuffer())).toBe(false);
    expect(canCarry(await image.webp().toBuffer())).toBe(false);
    expect(canCarry(await image.png({ progressive: true }).removeAlpha().toBuffer())).toBe(false);
    expect(canCarry(new Uint8Array(3))).toBe(false);
  });

  test('a page is as large as its file says, else like A4', async () => {
    const { text, picture } = truthText('en-letter');
    const at = async (dpi: number | null): Promise<string> => /MediaBox ?\[([^\]]+)\]/.exec(Buffer.from(await picturesPdf([{ text, picture, orientation: 1, dpi }], facts)).toString('latin1'))?.[1] ?? '';
    const [, , width, height] = (await at(100)).trim().split(/\s+/).map(Number);
    expect([width, height]).toEqual([text.width * 0.72, text.height * 0.72]);
    expect(Math.max(...(await at(null)).trim().split(/\s+/).map(Number))).toBeCloseTo(842);
  });
});

describe('the file', () => {
  test('is archivable, the same every time, and says its title', async () => {
    const bytes = await pdfOfTruth('ko-letter');
    const text = Buffer.from(bytes).toString('latin1');
    expect(text).toMatch(/<pdfaid:part>2<\/pdfaid:part>\s*<pdfaid:conformance>U</);
    expect(text).toContain('/GTS_PDFA1');
    if (hasPoppler) expect(execFileSync('pdfinfo', [saved(bytes)], { encoding: 'utf8' })).toMatch(/Title: +Ein Titel \(한국어\)/);
    expect(Buffer.from(await pdfOfTruth('ko-letter')).equals(bytes)).toBe(true);
  });

  test('with inks that the standard does not allow here does not claim to be', async () => {
    const { picture, text } = truthText('en-card');
    const cmyk = await sharp(picture).flatten().toColourspace('cmyk').jpeg().toBuffer();
    expect(Buffer.from(await picturesPdf([{ text, picture: cmyk, orientation: 1, dpi: null }], facts)).toString('latin1')).not.toContain('pdfaid');
  });

  test('a page without text is only its picture', async () => {
    const path = saved(await pdfOfTruth('en-card', { text: pageWith([], { width: 640, height: 366 }) }));
    expect((await characters(path)).text.trim()).toBe('');
  });
});

describe('a PDF that existed', () => {
  const read = (width: number, height: number): PageText => pageWith([regionOf('paragraph', [lineAt('Scanned words', width * 0.1, height * 0.1, { perCharacter: width * 0.02, height: height * 0.03 })])], { width, height });

  test.each([0, 90, 180, 270])('turned by %i°: its scanned page gets text where it is shown; all else stays byte for byte', async (rotate) => {
    const picture = await jpegOf(join(import.meta.dirname, '../../fixtures/pages/images/en-card.png'));
    const original = pdfOf([{ texts: [{ text: 'Born digital', x: 72, y: 700 }] }, { picture, rotate, width: 595, height: 842 }]);
    const { width, height } = await sizeOf(saved(original), 1);
    const made = await withTextLayer(original, [{ pageIndex: 1, text: read(width, height) }], null);
    expect(Buffer.from(made).subarray(0, original.length).equals(original)).toBe(true);
    const path = saved(made);
    expect((await characters(path, 0)).text.trim()).toBe('Born digital');
    const { all, text } = await characters(path, 1);
    expect(text.trim()).toBe('Scanned words');
    const { x, y } = boundsOf(all.flatMap((one) => one.quad ?? []));
    expect([x / width, y / height].map((share) => Math.round(share * 50) / 50)).toEqual([0.1, 0.1]);
    expect(all.every((one) => one.quad === null || one.invisible)).toBe(true);
    if (hasPoppler) expect(words(popplerText(path))).toEqual(['Born', 'digital', 'Scanned', 'words']);
  });

  test('single pages become a new PDF', async () => {
    const original = pdfOf([{ texts: [{ text: 'one', x: 72, y: 700 }] }, { texts: [{ text: 'two', x: 72, y: 700 }] }, {}]);
    const { width, height } = await sizeOf(saved(original), 2);
    const path = saved(await withTextLayer(original, [{ pageIndex: 2, text: read(width, height) }], [1, 2]));
    expect([(await characters(path, 0)).text.trim(), (await characters(path, 1)).text.trim()]).toEqual(['two', 'Scanned words']);
  });

  test('nothing to add: the same file; locked or broken: named', async () => {
    const original = pdfOf([{}]);
    expect(await withTextLayer(original, [], null)).toBe(original);
    const scanned = [{ pageIndex: 0, text: read(100, 100) }];
    await expect(withTextLayer(pdfOf([{}], { password: 'x' }), scanned, null)).rejects.toMatchObject({ code: 'pdf-encrypted' });
    await expect(withTextLayer(Buffer.from('%PDF-1.4 nothing'), scanned, null)).rejects.toMatchObject({ code: 'file-corrupt' });
  });
});
