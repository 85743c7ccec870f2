// The verb `read` as a script sees it: what goes to stdout, what to stderr, which exit code. Would catch: progress in the result,
// one bad file that costs the others, an existing file overwritten, PDF pages without their number.
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readCommand } from '../../../src-main/engine/commands/read.ts';

const card = join(import.meta.dirname, '../../fixtures/pages/images/en-card.png');
let folder: string;
let out = '', err = '';
const signal = new AbortController().signal;
const read = (...args: string[]): Promise<number> => readCommand.run(args, signal);

/** A PDF of pages that say their number, in a font that the PDF does not carry. */
function pdf(pages: number, encodingAndText: (page: number) => { font: string; text: string }): string {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', `<< /Type /Pages /Count ${pages} /Kids [${Array.from({ length: pages }, (_, at) => `${3 + at * 3} 0 R`).join(' ')}] >>`];
  for (let page = 0; page < pages; page++) {
    const { font, text } = encodingAndText(page);
    const content = `BT /F1 18 Tf 40 120 Td ${text} Tj ET`;
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 200] /Contents ${4 + page * 3} 0 R /Resources << /Font << /F1 ${5 + page * 3} 0 R >> >> >>`);
    objects.push(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
    objects.push(font);
  }
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = file.length;
  return `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
}
const latin = (page: number) => ({ font: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>', text: `(Page number ${page + 1})` });
/** "문서" in Unicode, in a Korean font that every viewer is expected to have. */
const korean = () => ({ font: '<< /Type /Font /Subtype /Type0 /BaseFont /HYGoThic-Medium /Encoding /UniKS-UCS2-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /HYGoThic-Medium /CIDSystemInfo << /Registry (Adobe) /Ordering (Korea1) /Supplement 1 >> /FontDescriptor << /Type /FontDescriptor /FontName /HYGoThic-Medium /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> /DW 1000 >>] >>', text: '<BB38C11CBC88D638>' });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-command-'));
  await writeFile(join(folder, 'two.pdf'), pdf(2, latin), 'latin1');
  await writeFile(join(folder, 'korean.pdf'), pdf(1, korean), 'latin1');
  await writeFile(join(folder, 'broken.png'), 'no picture at all');
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  out = err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
  return () => vi.restoreAllMocks();
});

describe('lectern read', () => {
  it('prints text, and names the file that failed', async () => {
    expect(await read(join(folder, 'broken.png'), card, join(folder, 'missing.png'))).toBe(1);
    expect(out.split('\n').filter((line) => line.trim()).length).toBeGreaterThan(2);
    expect(err).toContain('broken.png: the file is neither a picture nor a PDF');
    expect(err).toContain('missing.png: there is no such file');
    expect(out).not.toContain('broken.png');
  });
  it('prints JSON with quads in pixels of the picture, and each page of a PDF by its number', async () => {
    expect(await read('--format', 'json', card, join(folder, 'two.pdf'))).toBe(0);
    const pages = JSON.parse(out) as { file: string; width: number; height: number; rotation: number; lines: { text: string; quad: number[][]; confidence: number; words: { text: string; quad: number[][] }[] }[] }[];
    expect(pages.map((page) => page.file)).toEqual([card, `${join(folder, 'two.pdf')}#1`, `${join(folder, 'two.pdf')}#2`]);
    expect(pages[0]).toMatchObject({ width: 640, height: 366, rotation: 0 });
    for (const { quad, words, text } of pages[0]!.lines) {
      expect(quad).toHaveLength(4);
      for (const [x, y] of quad as [number, number][]) expect(x > -20 && x < 660 && y > -20 && y < 390).toBe(true);
      expect(words.map((word) => word.text).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
    expect(pages[2]!.lines[0]!.text).toBe('Page number 2');
  });
  it('reads one page of a PDF', async () => {
    expect(await read(`${join(folder, 'two.pdf')}#2`)).toBe(0);
    expect(out.trim()).toBe('Page number 2');
  });
  it('draws Korean text whose font the PDF does not carry', async () => {
    expect(await read(join(folder, 'korean.pdf'))).toBe(0);
    expect(out.replaceAll(/\s/g, '')).toBe('문서번호');
  });
  it('writes into a folder and overwrites nothing', async () => {
    const target = join(folder, 'out');
    expect(await read('--output', target, '--format', 'md', card)).toBe(0);
    expect(out).toBe('');
    expect(await readdir(target)).toEqual(['en-card.png.md']);
    const before = await readFile(join(target, 'en-card.png.md'), 'utf8');
    expect(await read('--output', target, '--format', 'md', card)).toBe(1);
    expect(err).toContain('exists already');
    expect(await readFile(join(target, 'en-card.png.md'), 'utf8')).toBe(before);
  });
  it('reads a folder with all below it, names and places results alike, and says what became of each file', async () => {
    const batch = join(folder, 'batch');
    await mkdir(join(batch, 'sub', '.hidden'), { recursive: true });
    for (const name of ['b.png', 'sub/a.png', 'sub/.hidden/c.png']) await copyFile(card, join(batch, name));
    await writeFile(join(batch, 'notes.md'), 'no picture');
    // By its name a picture: that its kind is unknown must not make it one of the files that nobody meant.
    await writeFile(join(batch, 'raw.jpg'), 'of a kind that nobody knows');
    await writeFile(join(batch, 'sub', 'two.pdf'), pdf(2, latin), 'latin1');
    await writeFile(join(batch, 'sub', 'torn.png'), (await readFile(card)).subarray(0, 2000));
    // The results of an earlier run lie inside the folder that is read.
    const target = join(batch, 'results');
    const files = async (): Promise<string[]> => (await readdir(target, { recursive: true })).filter((name) => name.includes('.')).sort();
    expect(await read(batch, '--output', target, '--format', 'pdf', '--name', '{title}-{format}', '--jobs', '2')).toBe(1);
    expect(await files()).toEqual(['b-pdf.pdf', 'sub/a-pdf.pdf', 'sub/two-pdf.pdf']);
    expect(err).toContain('torn.png: ');
    expect(err).toMatch(/raw\.jpg: the file is neither a picture nor a PDF/);
    expect(err).toMatch(/notes\.md: passed over/);
    expect(err).toMatch(/5 files: 3 written, 2 failed; 1 other file was passed over/);

    err = '';
    await rm(join(target, 'sub/a-pdf.pdf'));
    expect(await read(batch, '--output', target, '--format', 'pdf', '--name', '{title}-{format}', '--resume')).toBe(1);
    expect(await files()).toEqual(['b-pdf.pdf', 'sub/a-pdf.pdf', 'sub/two-pdf.pdf']);
    expect(err).toMatch(/5 files: 1 written, 2 there already, 2 failed/);
  });
  it('writes a file for each page where the format knows only pages, and replaces when asked to', async () => {
    const target = join(folder, 'pages');
    expect(await read(join(folder, 'two.pdf'), '--output', target, '--format', 'page')).toBe(0);
    expect((await readdir(target)).sort()).toEqual(['two.pdf (1).page.xml', 'two.pdf (2).page.xml']);
    expect(await readFile(join(target, 'two.pdf (2).page.xml'), 'utf8')).toContain('Page number 2');
    await writeFile(join(target, 'two.pdf (2).page.xml'), 'mine');
    expect(await read(join(folder, 'two.pdf'), '--output', target, '--format', 'page')).toBe(1);
    expect(await readFile(join(target, 'two.pdf (2).page.xml'), 'utf8')).toBe('mine');
    expect(await read(join(folder, 'two.pdf'), '--output', target, '--format', 'page', '--overwrite')).toBe(0);
    expect(await readFile(join(target, 'two.pdf (2).page.xml'), 'utf8')).toContain('Page number 2');
  });
  it('keeps the order of the arguments, however many are read at once', async () => {
    expect(await read(card, `${join(folder, 'two.pdf')}#2`, `${join(folder, 'two.pdf')}#1`, card, '--jobs', '3', '--format', 'json')).toBe(0);
    expect((JSON.parse(out) as { file: string }[]).map((page) => page.file.split('/').at(-1))).toEqual(['en-card.png', 'two.pdf#2', 'two.pdf#1', 'en-card.png']);
  });
  it('shows boxes and order on stderr alone', async () => {
    expect(await read('--show', 'detection,order', card)).toBe(0);
    expect(err).toMatch(/640 × 366 pixels/);
    expect(err).toMatch(/0\.\d\d latin/);
    expect(out).not.toMatch(/pixels/);
  });
  it('refuses what it does not understand', async () => {
    expect(await read()).toBe(2);
    expect(await read('--format', 'rtf', card)).toBe(2);
    // A workbook on a terminal helps nobody.
    expect(await read('--format', 'docx', card)).toBe(2);
    expect(await read('--show', 'everything', card)).toBe(2);
    expect(await read('--frobnicate')).toBe(2);
    // What is wrong in one sentence, not drowned in all there is to know.
    expect(err).toMatch(/^Unknown option '--frobnicate'\.\n\nUsage: lectern read/m);
    expect(err).not.toContain('searched');
    expect(err).toContain('"lectern read --help" tells more.');
    expect(await read('--jobs', '0', card)).toBe(2);
    expect(await read('--name', '{titel}', card)).toBe(2);
    expect(err).toContain('{titel}');
    expect(await read('--resume', card)).toBe(2);
    expect(err).toContain('Usage: lectern read');
  });
  // The bug: "writing failed", said of the picture, after it had been read.
  it('says what stands where its folder should be', async () => {
    const file = join(folder, 'a file');
    await writeFile(file, '');
    expect(await read('--output', join(file, 'below'), card)).toBe(1);
    expect(err).toContain(`${file}: this is a file, not a folder`);
  });
  it('stops when told to', async () => {
    const controller = new AbortController();
    const reading = readCommand.run([card, card, card, card], controller.signal);
    setTimeout(() => controller.abort(), 150);
    await expect(reading).rejects.toMatchObject({ code: 'job-cancelled' });
    expect(out).toBe('');
  });
});
