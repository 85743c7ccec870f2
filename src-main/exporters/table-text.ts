// The text of a table's cells, for every format that writes tables. Knows no format.
import type { Region } from '@contract/document.ts';
import { tableOf } from '../layout/table-structure.ts';
import { joinTwo } from './paragraphs.ts';

export interface TextCell {
  row: number;
  column: number;
  rowSpan: number;
  columnSpan: number;
  text: string;
}

export interface TextTable {
  rows: number;
  columns: number;
  /** Row by row; places without a cell are empty. */
  cells: TextCell[];
}

/** Null when the region has no text. */
export function textTable(region: Region): TextTable | null {
  const found = tableOf(region);
  if (!found) return null;
  const { table, lines } = found;
  const cells = table.cells.map(({ lines: own, ...place }) => ({ ...place, text: own.flatMap((at) => lines[at]?.text.trim() || []).reduce((all, text) => (all ? joinTwo(all, text) : text), '') }));
  return { rows: table.rows, columns: table.columns, cells: cells.sort((a, b) => a.row - b.row || a.column - b.column) };
}

/** Rows of equally many texts; a merged cell's text stands at its first place. */
export function gridOfTable(table: TextTable): string[][] {
  const grid = Array.from({ length: table.rows }, () => Array.from({ length: table.columns }, () => ''));
  for (const { row, column, text } of table.cells) grid[row]![column] = text;
  return grid;
}
