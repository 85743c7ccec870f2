// Corrections of tables: what each step makes of the page, and that every format of export takes them.
import { describe, expect, test } from 'vitest';
import type { Correction } from '@contract/correction.ts';
import { linesOf, type PageText } from '@contract/document.ts';
import type { TableGrid } from '@contract/table.ts';
import { exportTsv } from '../../../src-main/exporters/csv.ts';
import { onlyCells } from '../../../src-main/exporters/export-page.ts';
import { exportHtml } from '../../../src-main/exporters/html.ts';
import { exportMarkdown } from '../../../src-main/exporters/markdown.ts';
import { exportXlsx } from '../../../src-main/exporters/xlsx.ts';
import { shownTable } from '../../../src-main/layout/table-grid.ts';
import { applyCorrection, applyCorrections } from '../../../src-main/library/apply-corrections.ts';
import { lineAt, pageWith, regionOf } from '../../helpers/library.ts';
import { unzip } from '../../helpers/unzip.ts';

const rows = [['Item', 'Qty', 'Price'], ['Coffee', '2', '7.00'], ['Tea', '1', '1.20']];
const page = (): PageText =>
  pageWith([
    regionOf('heading', [lineAt('Bill', 100, 20)]),
    regionOf('table', rows.flatMap((row, at) => row.map((text, column) => lineAt(text, 100 + column * 300, 100 + at * 50)))),
    regionOf('paragraph', [lineAt('Thank you', 100, 300)]),
  ]);
const exported = (text: PageText) => ({ file: 'bill.png', pageIndex: 0, pageCount: 1, text });
const tsv = (text: PageText): string[][] => exportTsv([exported(text)]).replace(/\n$/, '').split('\n').map((row) => row.split('\t'));
const shown = (text: PageText) => text.regions.flatMap((region, at) => shownTable(region, at) ?? [])[0]!;
const shape = (text: PageText, grid: Partial<TableGrid> = {}, merged: Extract<Correction, { kind: 'shape-table' }>['merged'] = []): PageText => {
  const { region, grid: before } = shown(text);
  return applyCorrection(text, { kind: 'shape-table', region, grid: { ...before, ...grid }, merged });
};
const set = (text: PageText, row: number, column: number, typed: string): PageText => applyCorrection(text, { kind: 'set-cell', region: shown(text).region, row, column, text: typed });

describe('what a step makes of a table', () => {
  test('a ruling line less: two rows stand together; one more: they stand apart again', () => {
    const { rows: edges } = shown(page()).grid;
    const joined = shape(page(), { rows: edges.filter((_, at) => at !== 2) });
    expect(tsv(joined)).toEqual([['Item', 'Qty', 'Price'], ['Coffee Tea', '2 1', '7.00 1.20']]);
    expect(tsv(shape(joined, { rows: edges }))).toEqual(rows);
  });

  test('a ruling line moved over a text takes it to the other cell', () => {
    const { columns } = shown(page()).grid;
    // Behind the quantities: they are in the first column then.
    const moved = shape(page(), { columns: columns.map((edge, at) => (at === 1 ? columns[2]! - 0.01 : edge)) });
    expect(tsv(moved)[1]).toEqual(['Coffee 2', '', '7.00']);
  });

  test('merged cells keep their texts, and are merged in HTML and Excel', async () => {
    const merged = shape(page(), {}, [{ row: 0, column: 0, rowSpan: 1, columnSpan: 2 }]);
    expect(tsv(merged)[0]).toEqual(['Item Qty', '', 'Price']);
    expect(exportHtml([exported(merged)])).toContain('colspan="2"');
    const sheet = unzip(await exportXlsx([exported(merged)])).get('xl/worksheets/sheet1.xml')!.toString();
    expect(sheet).toContain('mergeCell ref="A1:B1"');
    expect(tsv(shape(merged))).toEqual(rows);
  });

  test('a grid drawn narrower lets lines go, one drawn wider takes them in', () => {
    const { columns, quad: [a, b, c, d] } = shown(page()).grid;
    const share = columns[2]!, cut = (from: readonly [number, number], to: readonly [number, number]): [number, number] => [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
    const narrow = shape(page(), { quad: [a, cut(a, b), cut(d, c), d], columns: columns.slice(0, 3).map((edge) => edge / share) });
    expect(tsv(narrow)).toEqual(rows.map((row) => row.slice(0, 2)));
    expect(narrow.regions.map((region) => [region.role, region.lines.length])).toEqual([['heading', 1], ['table', 6], ['paragraph', 3], ['paragraph', 1]]);
    const tall = shape(page(), { quad: [a, b, [c[0], 340], [d[0], 340]], rows: [0, 0.2, 0.4, 0.7, 1] });
    expect(tsv(tall).at(-1)).toEqual(['Thank you', '', '']);
    expect(tall.regions.map((region) => region.role)).toEqual(['heading', 'table']);
  });

  test('a cell’s text reaches the lines of the page, and empty cells can be filled and emptied', () => {
    const typed = set(page(), 1, 1, '12');
    expect(tsv(typed)[1]).toEqual(['Coffee', '12', '7.00']);
    expect(linesOf(typed).find((line) => line.text === '12')).toMatchObject({ confidence: 1, quad: linesOf(page()).find((line) => line.text === '2')!.quad });
    const emptied = set(typed, 2, 0, '');
    expect(tsv(emptied)[2]).toEqual(['', '1', '1.20']);
    const filled = set(emptied, 2, 0, 'Green\ntea');
    expect(tsv(filled)[2]).toEqual(['Green tea', '1', '1.20']);
    // Both lines stand inside the cell, one below the other.
    const [green, tea] = ['Green', 'tea'].map((text) => linesOf(filled).find((line) => line.text === text)!.quad);
    expect(green![3][1]).toBeLessThanOrEqual(tea![0][1] + 0.001);
    expect(exportMarkdown([exported(filled)])).toContain('| Green tea | 1 | 1.20 |');
  });

  test('lines become a table in the order of its cells, and a table with a grid keeps it when its lines change', () => {
    const base = page();
    const loose: PageText = { ...base, regions: [base.regions[0]!, ...base.regions[1]!.lines.map((line) => regionOf('paragraph', [line])).reverse(), base.regions[2]!] };
    const made = applyCorrection(loose, { kind: 'make-table', lines: [1, 2, 3, 4, 5, 6, 7, 8, 9] });
    expect(tsv(made)).toEqual(rows);
    expect(linesOf(made).map((line) => line.text)).toEqual(['Bill', ...rows.flat(), 'Thank you']);
    const without = applyCorrections(made, [{ kind: 'delete', lines: [4, 5, 6] }]);
    expect(tsv(without)).toEqual([rows[0], ['', '', ''], rows[2]]);
  });

  test('a line that is moved by its box changes cells', () => {
    const made = shape(page());
    const tea = linesOf(made).findIndex((line) => line.text === 'Tea');
    const { quad } = linesOf(made)[tea - 3]!;
    expect(tsv(applyCorrection(made, { kind: 'place', line: tea, quad }))[2]![0]).toBe('');
  });

  test.each<Correction>([
    { kind: 'shape-table', region: 0, grid: { quad: [[0, 0], [1, 0], [1, 1], [0, 1]], rows: [0, 1], columns: [0, 1] }, merged: [] },
    { kind: 'shape-table', region: 1, grid: { quad: [[900, 900], [910, 900], [910, 910], [900, 910]], rows: [0, 1], columns: [0, 1] }, merged: [] },
    { kind: 'set-cell', region: 1, row: 3, column: 0, text: 'x' },
    { kind: 'set-cell', region: 9, row: 0, column: 0, text: 'x' },
    { kind: 'make-table', lines: [11] },
  ])('what names no table, no cell or no text is refused: $kind', (step) => {
    expect(() => applyCorrection(page(), step)).toThrow('request-invalid');
  });
});

test('chosen cells are exported alone, empty ones too', () => {
  const text = set(page(), 1, 1, '');
  expect(exportTsv([onlyCells(exported(text), 1, { row: 1, column: 0, rowSpan: 2, columnSpan: 2 })])).toBe('Coffee\t\nTea\t1\n');
  expect(() => exportTsv([onlyCells(exported(text), 0, { row: 0, column: 0, rowSpan: 1, columnSpan: 1 })])).toThrow('table-missing');
});
