// Figures, captions, footnotes and levels of lists in every format that knows them. Would catch: a picture that is cut from another
// place, a caption told twice, a nested list that comes out flat or that loses its parent.
import { expect, test, describe } from 'vitest';
import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { exportAsFile, exportAsText } from '../../../src-main/exporters/formats.ts';
import type { ExportPage } from '../../../src-main/exporters/export-page.ts';
import { figurePictures } from '../../../src-main/engine/jobs/crop-page.ts';
import { boxQuad, lineAt, pageWith, regionOf, temporaryFolder } from '../../helpers/library.ts';
import { join } from 'node:path';

const png = await sharp({ create: { width: 300, height: 120, channels: 3, background: '#2f6f8f' } }).png().toBuffer();
const items = [['• Bread', 100], ['- with salt', 140], ['- without', 140], ['• Cheese', 100]] as const;
const page: ExportPage = {
  file: 'x.png', pageIndex: 0, pageCount: 1, figures: [png],
  text: pageWith([
    regionOf('list', items.map(([text, x], at) => lineAt(text, x, 100 + at * 28))),
    { role: 'figure', quad: boxQuad(100, 300, 300, 120), lines: [lineAt('Upper', 120, 380)] },
    regionOf('caption', [lineAt('Figure 1. <Sand>', 100, 440)]),
    regionOf('paragraph', [lineAt('After it.', 100, 500)]),
    regionOf('footnote', [lineAt('1 A note.', 100, 900), lineAt('2 Another one.', 100, 925)]),
  ]),
};

describe('HTML', () => {
  const html = exportAsText([page], 'html').replace(/\n\s*/g, '');
  test('holds the picture with its words, and its caption once', () => {
    expect(html).toContain(`<figure><img src="data:image/png;base64,${png.toString('base64')}" alt="Upper"><figcaption>Figure 1. &lt;Sand&gt;</figcaption></figure>`);
    expect(html.split('Figure 1.')).toHaveLength(2);
  });
  test('keeps what belongs to an item inside it', () => {
    expect(html).toContain('<ul><li>Bread<ul><li>with salt</li><li>without</li></ul></li><li>Cheese</li></ul>');
    expect(html).toContain('<p class="footnote">1 A note.</p><p class="footnote">2 Another one.</p>');
  });
});

test('Markdown names the picture where it stands and holds it at the end', () => {
  expect(exportAsText([page], 'md')).toBe(`- Bread\n    - with salt\n    - without\n- Cheese\n\n![Upper][figure-1]\n\n*Figure 1. \\<Sand>*\n\nAfter it.\n\n1 A note.\n\n2 Another one.\n\n[figure-1]: data:image/png;base64,${png.toString('base64')}\n`);
  // Without pictures (the clipboard), the words stay.
  expect(exportAsText([{ ...page, figures: [] }], 'md')).toContain('\n\nUpper\n\n*Figure 1.');
});

test('text sets inner items in', () => {
  expect(exportAsText([page], 'txt')).toBe('• Bread\n  - with salt\n  - without\n• Cheese\n\nUpper\nFigure 1. <Sand>\n\nAfter it.\n\n1 A note.\n2 Another one.\n');
});

test('Word gets the picture in its size, and the levels', async () => {
  const files = unzipSync((await exportAsFile([page], 'docx')) as Uint8Array);
  const document = new TextDecoder().decode(files['word/document.xml']);
  const media = Object.entries(files).filter(([name]) => name.startsWith('word/media/'));
  expect(media).toHaveLength(1);
  expect(Buffer.from(media[0]![1]).equals(png)).toBe(true);
  // 914400 units to the inch of 96 pixels.
  expect(document).toContain(`cx="${300 * 9525}" cy="${120 * 9525}"`);
  expect(document).toContain('descr="Upper"');
  expect([...document.matchAll(/<w:ilvl w:val="(\d)"/g)].map((match) => match[1])).toEqual(['0', '1', '1', '0']);
});

test.each([0, 90] as const)('the picture is what stands there, upright (page turned by %i)', async (rotation) => {
  const folder = temporaryFolder();
  try {
    const path = join(folder.path, 'page.png');
    const flat = await sharp({ create: { width: 600, height: 400, channels: 3, background: 'white' } }).composite([{ input: png, left: 200, top: 100 }]).png().toBuffer();
    // Stored so that turning it by `rotation` makes it upright.
    await sharp(flat).rotate((360 - rotation) % 360).toFile(path);
    const corner = (x: number, y: number): [number, number] => (rotation === 0 ? [x, y] : [y, 600 - x]);
    const quad = [corner(200, 100), corner(500, 100), corner(500, 220), corner(200, 220)] as never;
    const [cut] = await figurePictures({ path, format: 'png', pageIndex: 0 }, { rotation, regions: [{ role: 'figure', quad, lines: [] }] });
    const { data, info } = await sharp(cut).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([300, 120]);
    expect([...data.subarray(0, 3)]).toEqual([0x2f, 0x6f, 0x8f]);
    expect([...data.subarray(-3)]).toEqual([0x2f, 0x6f, 0x8f]);
  } finally {
    folder.remove();
  }
});
