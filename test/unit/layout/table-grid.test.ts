// Grids of tables: ruling lines between texts, and which text stands in which cell. The bugs: a cell's text lands next door once a grid is
// drawn over the page; a line that runs over two columns stays one; tables on turned pages get a grid that lies across them.
import { describe, expect, test } from 'vitest';
import type { Line } from '@contract/document.ts';
import type { PagePoint, Quad } from '@contract/geometry.ts';
import type { CellSpan } from '@contract/table.ts';
import { gridOf, shownTable, tableFor, tableInGrid } from '../../../src-main/layout/table-grid.ts';
import { tableFrom } from '../../../src-main/layout/table-structure.ts';
import { boxQuad, lineAt, regionOf } from '../../helpers/library.ts';

const rows = [['Item', 'Qty', 'Price'], ['Coffee large', '2', '7.00'], ['Tea', '', '1.20']];
const lines = rows.flatMap((row, at) => row.flatMap((text, column) => (text ? [lineAt(text, 100 + column * 300, 100 + at * 50)] : [])));
const turned = (line: Line, by: (point: PagePoint) => PagePoint): Line => ({ ...line, quad: line.quad.map(by) as Quad, words: line.words.map((word) => ({ ...word, quad: word.quad.map(by) as Quad })) });
const texts = (found: { lines: readonly Line[]; table: { cells: readonly (CellSpan & { lines: readonly number[] })[] } }): Record<string, string> =>
  Object.fromEntries(found.table.cells.map((cell) => [`${cell.row} ${cell.column}`, cell.lines.map((line) => found.lines[line]!.text).join('|')]));
const cellTexts = { '0 0': 'Item', '0 1': 'Qty', '0 2': 'Price', '1 0': 'Coffee large', '1 1': '2', '1 2': '7.00', '2 0': 'Tea', '2 2': '1.20' };

describe('a grid drawn between the texts of cells', () => {
  const found = tableFrom(lines)!;

  test('keeps every text in its cell when the cells are found from the grid again', () => {
    const grid = gridOf(found.lines, found.table);
    expect([grid.rows.length, grid.columns.length]).toEqual([4, 4]);
    expect(texts(tableInGrid(lines, grid, []))).toEqual(cellTexts);
  });

  // A page lying on its side, and one photographed askew.
  test.each([['on its side', 90], ['upside down', 180], ['askew', 4]])('lies along the text of a page %s', (_, degrees) => {
    const angle = (degrees * Math.PI) / 180;
    const by = ([x, y]: PagePoint): PagePoint => [1500 + x * Math.cos(angle) - y * Math.sin(angle), 1500 + x * Math.sin(angle) + y * Math.cos(angle)];
    const there = tableFrom(lines.map((line) => turned(line, by)))!;
    const grid = gridOf(there.lines, there.table);
    expect(texts(tableInGrid(there.lines, grid, []))).toEqual(cellTexts);
    const straight = gridOf(found.lines, found.table).quad.map(by);
    grid.quad.forEach(([x, y], at) => expect(Math.hypot(x - straight[at]![0], y - straight[at]![1])).toBeLessThan(1));
  });

  test('has a row and a column for those without text', () => {
    const table = { rows: 4, columns: 3, cells: [{ row: 1, column: 0, rowSpan: 1, columnSpan: 1, lines: [0] }, { row: 3, column: 2, rowSpan: 1, columnSpan: 1, lines: [1] }] };
    const grid = gridOf([lineAt('a', 100, 100), lineAt('b', 500, 300)], table);
    expect(grid.rows).toHaveLength(5);
    expect(grid.columns).toHaveLength(4);
    for (const edges of [grid.rows, grid.columns]) edges.forEach((edge, at) => expect(edge).toBeGreaterThan(at === 0 ? -1 : edges[at - 1]!));
    expect(texts(tableInGrid([lineAt('a', 100, 100), lineAt('b', 500, 300)], grid, []))).toEqual({ '1 0': 'a', '3 2': 'b' });
  });
});

describe('cells of a grid that a person set', () => {
  const grid = { quad: boxQuad(100, 100, 400, 200), rows: [0, 0.5, 1], columns: [0, 0.5, 1] };

  test('a line is cut where it crosses a ruling line, and what stands outside is left out', () => {
    const made = tableInGrid([lineAt('left right', 240, 120), lineAt('below', 110, 220), lineAt('far', 600, 120)], grid, []);
    expect(texts(made)).toEqual({ '0 0': 'left', '0 1': 'right', '1 0': 'below' });
    expect(made.outside.map((line) => line.text)).toEqual(['far']);
  });

  test('a merged cell holds what stands in all its places, and is there without text', () => {
    const merged = [{ row: 0, column: 0, rowSpan: 1, columnSpan: 2 }, { row: 1, column: 0, rowSpan: 1, columnSpan: 2 }];
    const made = tableInGrid([lineAt('left right', 240, 120)], grid, merged);
    expect(made.table.cells).toEqual([{ ...merged[0], lines: [0] }, { ...merged[1], lines: [] }]);
    expect(made.lines.map((line) => line.text)).toEqual(['left right']);
  });

  test('merged cells that overlap or leave the grid are passed over', () => {
    const made = tableInGrid([lineAt('a', 110, 120)], grid, [{ row: 0, column: 0, rowSpan: 2, columnSpan: 1 }, { row: 1, column: 0, rowSpan: 1, columnSpan: 2 }, { row: 1, column: 1, rowSpan: 1, columnSpan: 2 }]);
    expect(made.table.cells).toEqual([{ row: 0, column: 0, rowSpan: 2, columnSpan: 1, lines: [0] }]);
  });

  test('other lines take the same grid, the nearest cell for those outside', () => {
    const { table } = tableInGrid([lineAt('a', 110, 120)], grid, []);
    const now = tableFor([lineAt('far right', 600, 120), lineAt('a', 110, 120)], { ...table, grid });
    expect(now.cells.map(({ row, column, lines: own }) => [row, column, own])).toEqual([[0, 0, [1]], [0, 1, [0]]]);
  });
});

test('the window is shown every cell with its text and where its lines stand', () => {
  const shown = shownTable(regionOf('table', lines), 3)!;
  expect(shown.region).toBe(3);
  expect(shown.cells).toHaveLength(9);
  expect(shown.cells[3]).toMatchObject({ row: 1, column: 0, text: 'Coffee large', confidence: 0.9 });
  expect(shown.cells[7]).toMatchObject({ row: 2, column: 1, text: '', boxes: [] });
  const [left, top, right, bottom] = shown.cells[3]!.boxes[0]!;
  expect(left).toBeGreaterThanOrEqual(0);
  expect(right).toBeLessThan(shown.grid.columns[1]!);
  expect(top).toBeGreaterThan(shown.grid.rows[1]!);
  expect(bottom).toBeLessThan(shown.grid.rows[2]!);
  expect(shownTable(regionOf('paragraph', lines), 0)).toBeNull();
});
