// Word and Excel files opened by LibreOffice and given back by it. Would catch: a file that our own reader takes and no office program
// does, lists that come out flat, pictures and merged cells that are lost.
import { afterAll, describe, expect, test } from 'vitest';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { findProgram } from '../../../build/processes.mjs';
import type { ExportPage } from '../../../src-main/exporters/export-page.ts';
import { exportAsFile } from '../../../src-main/exporters/formats.ts';
import { boxQuad, lineAt, pageWith, regionOf, temporaryFolder } from '../../helpers/library.ts';

const office = findProgram('soffice');
const folder = temporaryFolder();
afterAll(() => folder.remove());

const cells = [['Item', 'Price'], ['커피', '7.50'], ['茶', '1,234']];
const table = regionOf('table', cells.flatMap((row, at) => row.map((text, column) => lineAt(text, 100 + column * 300, 500 + at * 40))));
const page: ExportPage = {
  file: 'x.png', pageIndex: 0, pageCount: 1, figures: [await sharp({ create: { width: 200, height: 80, channels: 3, background: '#c9803a' } }).png().toBuffer()],
  text: pageWith([
    regionOf('title', [lineAt('Annual <Report>', 100, 40, { height: 40 })]), regionOf('heading', [lineAt('1. 서론', 100, 100, { height: 26 })]), regionOf('paragraph', [lineAt('Words of a paragraph.', 100, 140)]),
    regionOf('list', [lineAt('• outer', 100, 200), lineAt('- inner', 140, 230)]), { role: 'figure', quad: boxQuad(100, 280, 200, 80), lines: [] }, regionOf('caption', [lineAt('Figure 1. A field', 100, 380)]), table,
  ]),
};

async function converted(format: 'docx' | 'xlsx', to: string): Promise<string> {
  const file = join(folder.path, `made.${format}`);
  writeFileSync(file, await exportAsFile([page], format));
  // A profile of its own: a running LibreOffice of the person at the machine is left alone.
  execFileSync(office!, [`-env:UserInstallation=file://${folder.path}/profile`, '--headless', '--convert-to', to, '--outdir', folder.path, file], { stdio: 'ignore', timeout: 120_000 });
  return readFileSync(join(folder.path, `made.${to.split(':')[0]!}`), 'utf8');
}

describe.skipIf(!office)('LibreOffice (skipped where soffice is not installed)', () => {
  test('opens a Word file with its headings, levels, table and picture', async () => {
    const html = (await converted('docx', 'html')).replace(/\s+/g, ' ');
    expect(html).toMatch(/<h1[^>]*>.*Annual &lt;Report&gt;.*<\/h1>/);
    expect(/<h2[^>]*>(.*?)<\/h2>/.exec(html)?.[1]?.replace(/<[^>]*>/g, '')).toBe('1. 서론');
    expect(html).toMatch(/<ul>.*outer.*<ul>.*inner.*<\/ul>/);
    expect(html).toContain('<img ');
    for (const text of ['Figure 1. A field', ...cells.flat()]) expect(html).toContain(text);
    expect(html.match(/<td/g)).toHaveLength(6);
  }, 180_000);

  test('opens an Excel file: numbers are numbers, shown as they were printed', async () => {
    // Commas, quotes, UTF-8; as shown, and then the values themselves.
    const filter = 'csv:Text - txt - csv (StarCalc):44,34,76';
    expect(await converted('xlsx', filter)).toBe('Item,Price\n커피,7.50\n茶,"1,234"\n');
    expect(await converted('xlsx', `${filter},1,,0,false,true,false`)).toBe('Item,Price\n커피,7.5\n茶,1234\n');
  }, 180_000);
});
