// The lines of a table whose cells are drawn. Would catch: a head over two rows, which stands lower than the heads beside it, read after them.
import { expect, test } from 'vitest';
import { tableInCells } from '../../../src-main/layout/table-structure.ts';
import { lineAt } from '../../helpers/library.ts';

test('lines stand in the order of their cells, whatever order they were found in', () => {
  const drawn = {
    rows: [0, 30, 60, 90], columns: [0, 100, 200, 300],
    cells: [{ row: 0, column: 1, rowSpan: 1, columnSpan: 2 }, { row: 1, column: 1, rowSpan: 1, columnSpan: 1 }, { row: 1, column: 2, rowSpan: 1, columnSpan: 1 }, { row: 0, column: 0, rowSpan: 2, columnSpan: 1 },
      { row: 2, column: 0, rowSpan: 1, columnSpan: 1 }, { row: 2, column: 1, rowSpan: 1, columnSpan: 1 }, { row: 2, column: 2, rowSpan: 1, columnSpan: 1 }],
  };
  const found = [lineAt('Depth', 150, 5), lineAt('Basin', 10, 20), lineAt('2022', 110, 35), lineAt('2023', 210, 35), lineAt('North', 10, 65), lineAt('2.4', 110, 65), lineAt('2.9', 210, 65)];
  const { lines, table } = tableInCells(found, drawn, ([a, , c]) => [(a[0] + c[0]) / 2, (a[1] + c[1]) / 2])!;
  expect(lines.map((line) => line.text)).toEqual(['Basin', 'Depth', '2022', '2023', 'North', '2.4', '2.9']);
  expect(table.cells.map((cell) => cell.lines.map((at) => lines[at]!.text).join())).toEqual(['Basin', 'Depth', '2022', '2023', 'North', '2.4', '2.9']);
  expect(table.cells[0]).toMatchObject({ row: 0, column: 0, rowSpan: 2 });
});
