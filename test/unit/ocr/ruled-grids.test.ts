// Tables drawn with lines. Would catch: merged cells lost, a frame or an underline taken for a table, a table that swallows the text
// around it, a cell of two lines read as two rows.
import { describe, expect, it } from 'vitest';
import { linesOf, type Line, type Region } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';
import { textTable } from '../../../src-main/exporters/table-text.ts';
import { decodeImage } from '../../../src-main/inference/image/decode-image.ts';
import { picture, type Picture } from '../../../src-main/inference/image/picture.ts';
import { readingOrder, type Box } from '../../../src-main/ocr/reading-order.ts';
import { regionsOf } from '../../../src-main/ocr/regions.ts';
import { ruledGrids } from '../../../src-main/ocr/ruled-grids.ts';
import { fixturePage } from '../../helpers/fixture-pages.ts';
import { fixtureItems, truthOf } from '../../helpers/fixture-set.ts';
import { lineAt } from '../../helpers/library.ts';
import { truthText } from '../../helpers/truth-text.ts';
import { nothingDrawn, placedLines } from '../../helpers/placed-lines.ts';

/** White paper with strokes two pixels thick: [x1, y1, x2, y2]. */
function paper(width: number, height: number, strokes: readonly (readonly [number, number, number, number])[]): Picture {
  const data = new Uint8Array(width * height * 3).fill(255);
  for (const [x1, y1, x2, y2] of strokes) for (let y = y1; y <= y2 + 1; y++) for (let x = x1; x <= x2 + 1; x++) data.fill(150, (y * width + x) * 3, (y * width + x) * 3 + 3);
  return picture(width, height, data);
}
const straight = (x: number, y: number): [number, number] => [x, y];

function layoutOf(page: Picture, lines: readonly Line[]): Region[] {
  const boxOf = (quad: Quad): Box => ({ left: Math.min(...quad.map(([x]) => x)), right: Math.max(...quad.map(([x]) => x)), top: Math.min(...quad.map(([, y]) => y)), bottom: Math.max(...quad.map(([, y]) => y)) });
  const boxes = lines.map((line) => boxOf(line.quad));
  const middleOf = (quad: Quad): [number, number] => {
    const { left, right, top, bottom } = boxOf(quad);
    return [(left + right) / 2, (top + bottom) / 2];
  };
  const heights = boxes.map((box) => box.bottom - box.top).sort((a, b) => a - b);
  return regionsOf(readingOrder(boxes), placedLines(lines, boxes), straight, { ...nothingDrawn, grids: ruledGrids(page, heights[heights.length >> 1]!, straight), middleOf });
}

describe('a drawn table', () => {
  const rows = [100, 150, 220, 270];
  // The head is one cell over both right columns.
  const strokes: [number, number, number, number][] = [...rows.map((y): [number, number, number, number] => [50, y, 550, y]), [50, 100, 50, 270], [200, 100, 200, 270], [400, 150, 400, 270], [550, 100, 550, 270]];
  const lines = [
    lineAt('Before the table.', 50, 60), lineAt('Name', 60, 115), lineAt('Both years', 300, 115),
    lineAt('Harbour', 60, 160), lineAt('dues', 60, 190), lineAt('12', 210, 175), lineAt('14', 410, 175),
    lineAt('Fuel', 60, 235), lineAt('7', 210, 235), lineAt('9', 410, 235), lineAt('After the table.', 50, 290),
  ];

  it('has its merged cells, and cells of several lines', () => {
    const regions = layoutOf(paper(600, 400, strokes), lines);
    expect(regions.map((region) => region.role)).toEqual(['paragraph', 'table', 'paragraph']);
    expect(textTable(regions[1]!)).toEqual({
      rows: 3, columns: 3,
      cells: [
        { row: 0, column: 0, rowSpan: 1, columnSpan: 1, text: 'Name' }, { row: 0, column: 1, rowSpan: 1, columnSpan: 2, text: 'Both years' },
        { row: 1, column: 0, rowSpan: 1, columnSpan: 1, text: 'Harbour dues' }, { row: 1, column: 1, rowSpan: 1, columnSpan: 1, text: '12' }, { row: 1, column: 2, rowSpan: 1, columnSpan: 1, text: '14' },
        { row: 2, column: 0, rowSpan: 1, columnSpan: 1, text: 'Fuel' }, { row: 2, column: 1, rowSpan: 1, columnSpan: 1, text: '7' }, { row: 2, column: 2, rowSpan: 1, columnSpan: 1, text: '9' },
      ],
    });
  });

  it('comes with its strokes as a grid over the page', () => {
    const { grid } = layoutOf(paper(600, 400, strokes), lines)[1]!.table!;
    const near = (edges: readonly number[], expected: readonly number[]): void => edges.forEach((edge, at) => expect(Math.abs(edge - expected[at]!)).toBeLessThan(2));
    near(grid!.quad.flat(), [50, 100, 550, 100, 550, 270, 50, 270]);
    near(grid!.rows.map((share) => 100 + share * 170), rows);
    near(grid!.columns.map((share) => 50 + share * 500), [50, 200, 400, 550]);
  });

  it('one line found over two cells is cut where the stroke stands', () => {
    const joined = lineAt('Fuel 7', 160, 235, { perCharacter: 12 });
    const [, table] = layoutOf(paper(600, 400, strokes), [...lines.slice(0, 7), joined, lineAt('9', 410, 235), lines.at(-1)!]);
    expect(textTable(table!)!.cells.filter((cell) => cell.row === 2).map((cell) => cell.text)).toEqual(['Fuel', '7', '9']);
  });

  it('the same turned by a quarter is found in the frame of its text', () => {
    const upright = paper(600, 400, strokes);
    const turned = new Uint8Array(upright.data.length);
    for (let y = 0; y < 400; y++) for (let x = 0; x < 600; x++) turned.set(upright.data.subarray((y * 600 + x) * 3, (y * 600 + x) * 3 + 3), (x * 400 + (399 - y)) * 3);
    const [grid] = ruledGrids(picture(400, 600, turned), 20, (x, y) => [y, 399 - x]);
    expect(grid!.cells).toEqual(ruledGrids(upright, 20, straight)[0]!.cells);
  });
});

it('frames, underlines and crossing marks are no tables', () => {
  expect(ruledGrids(paper(600, 400, [[50, 50, 550, 50], [50, 350, 550, 350], [50, 50, 50, 350], [550, 50, 550, 350]]), 20, straight)).toEqual([]);
  expect(ruledGrids(paper(600, 400, [[50, 50, 550, 50], [50, 150, 550, 150], [50, 250, 550, 250]]), 20, straight)).toEqual([]);
  expect(ruledGrids(paper(600, 400, [[50, 200, 550, 200], [300, 50, 300, 350]]), 20, straight)).toEqual([]);
});

describe('the project\'s own pages', () => {
  it.each(['zh-table', 'ko-table', 'ja-table', 'mixed-table'])('%s: drawn cells are those of the page', async (id) => {
    const rows = truthOf(fixtureItems.find((item) => item.id === id)!).tsv!.split('\n').map((row) => row.split('\t'));
    const page = await decodeImage(fixturePage(id).path);
    const { text } = truthText(id);
    const regions = layoutOf(page, linesOf(text));
    const [region] = regions.filter((one) => one.role === 'table');
    const table = textTable(region!)!;
    expect(ruledGrids(page, 15, straight)[0]).toMatchObject({ rows: { length: rows.length + 1 }, columns: { length: rows[0]!.length + 1 } });
    expect(rows.map((row, r) => row.map((_, c) => table.cells.find((cell) => cell.row === r && cell.column === c)?.text ?? ''))).toEqual(rows);
  });

  it('a form keeps a row whose label takes two lines', async () => {
    const regions = layoutOf(await decodeImage(fixturePage('en-form').path), linesOf(truthText('en-form').text));
    const tables = regions.filter((region) => region.role === 'table').map((region) => textTable(region)!.cells.map((cell) => cell.text));
    expect(tables.flat()).toContain('Deputy informed');
  });
});
