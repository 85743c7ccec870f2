// The columns of a table in the text panel.
import { expect, test } from 'vitest';
import type { Table } from '@contract/table.ts';
import { breaksOf, tableColumns } from '../../../src-renderer/page/table-columns.ts';

const texts = ['Month', 'Rain', 'Change', 'January', '88.4', '+4.1%', 'Total', '649.5'];
const at = (line: number, row: number, column: number): Table['cells'][number] => ({ row, column, rowSpan: 1, columnSpan: 1, lines: [line] });
const table: Table = { rows: 3, columns: 3, cells: [at(0, 0, 0), at(1, 0, 1), at(2, 0, 2), at(3, 1, 0), at(4, 1, 1), at(5, 1, 2), at(6, 2, 0), at(7, 2, 1)] };

test('a column of figures stands at its right, names at their left; an empty cell moves nothing', () => {
  const columns = tableColumns(table, texts)!;
  expect(columns.figures).toEqual([false, true, false]);
  expect(columns.cells.get(7)).toMatchObject({ row: 2, column: 1 });
  expect(columns.template.split('minmax')).toHaveLength(4);
});

test('a long cell does not take all the room, and one that spans columns takes none', () => {
  const wide = tableColumns({ ...table, cells: [...table.cells, { row: 3, column: 0, rowSpan: 1, columnSpan: 3, lines: [8] }] }, [...texts, 'A note that runs over all three columns of it']);
  expect(wide!.widest).toBe(tableColumns(table, texts)!.widest);
  const long = tableColumns(table, texts.with(3, 'x'.repeat(200)));
  expect(long!.widest).toBeLessThan(40);
});

// The bug: a line that no cell holds would not be shown at all.
test('no columns where a line stands in no cell', () => {
  expect(tableColumns(table, [...texts, 'a stray line'])).toBeNull();
  expect(tableColumns({ rows: 1, columns: 1, cells: [at(0, 0, 0)] }, ['one'])).toBeNull();
});

test('figures are never broken, Korean between words, Chinese where it is long', () => {
  expect(breaksOf('010-0000-4182')).toBe('nowhere');
  expect(breaksOf('−1,306.80 %')).toBe('nowhere');
  expect(breaksOf('2025년 7월 11일')).toBe('words');
  expect(breaksOf('全年合计')).toBe('words');
  expect(breaksOf('数据来自内部统计，四舍五入后保留一位小数。')).toBe('anywhere');
});
