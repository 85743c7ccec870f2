// What every exporter is given: pages with their text and names. Pure data; knows no library.
import type { Line, PageText, Region } from '@contract/document.ts';
import type { CellSpan, Table, TableCell } from '@contract/table.ts';
import { tableOf } from '../layout/table-structure.ts';

export interface ExportPage {
  /** Name of the file the page came from. */
  file: string;
  /** From 0. */
  pageIndex: number;
  pageCount: number;
  text: PageText;
  /** Pictures (PNG) of its figures, in their order, where the format wants them. */
  figures?: readonly Uint8Array[];
}

export const figuresOf = (text: Pick<PageText, 'regions'>): Region[] => text.regions.filter((region) => region.role === 'figure');

/** The same page with only the named lines, counted in reading order; regions left empty are dropped. */
export function onlyLines(page: ExportPage, lineIndexes: readonly number[]): ExportPage {
  const wanted = new Set(lineIndexes);
  let next = 0;
  const regions: Region[] = [];
  for (const region of page.text.regions) {
    const lines: Line[] = [];
    /** Index among the chosen lines by index in the region. */
    const chosen = new Map<number, number>();
    region.lines.forEach((line, at) => {
      if (wanted.has(next++)) chosen.set(at, lines.push(line) - 1);
    });
    // A table that was chosen whole keeps its empty rows and columns.
    if (lines.length) regions.push(lines.length === region.lines.length ? region : { ...region, lines, ...(region.table && { table: filledCells(region.table, chosen) }) });
  }
  return { ...page, text: { ...page.text, regions } };
}

/** The rows and columns that hold chosen lines, moved together. */
function filledCells(table: Table, chosen: ReadonlyMap<number, number>): Table {
  const cells = table.cells.map((cell) => ({ ...cell, lines: cell.lines.flatMap((line) => chosen.get(line) ?? []) })).filter((cell) => cell.lines.length > 0);
  const kept = (of: (cell: TableCell) => number): number[] => [...new Set(cells.map(of))].sort((a, b) => a - b);
  const rows = kept((cell) => cell.row), columns = kept((cell) => cell.column);
  const spanIn = (starts: readonly number[], from: number, span: number): number => starts.filter((start) => start >= from && start < from + span).length;
  return {
    rows: rows.length, columns: columns.length,
    cells: cells.map((cell) => ({ ...cell, row: rows.indexOf(cell.row), column: columns.indexOf(cell.column), rowSpan: spanIn(rows, cell.row, cell.rowSpan), columnSpan: spanIn(columns, cell.column, cell.columnSpan) })),
  };
}

/** The same page with nothing but these cells of one of its tables, empty ones too. */
export function onlyCells(page: ExportPage, regionIndex: number, { row, column, rowSpan, columnSpan }: CellSpan): ExportPage {
  const region = page.text.regions[regionIndex];
  const found = region?.role === 'table' ? tableOf(region) : null;
  if (!region || !found) return { ...page, text: { ...page.text, regions: [] } };
  const rows = Math.min(rowSpan, found.table.rows - row), columns = Math.min(columnSpan, found.table.columns - column);
  const lines: Line[] = [];
  const cells = found.table.cells.flatMap((cell): TableCell[] => {
    const top = Math.max(row, cell.row), bottom = Math.min(row + rows, cell.row + cell.rowSpan);
    const left = Math.max(column, cell.column), right = Math.min(column + columns, cell.column + cell.columnSpan);
    if (top >= bottom || left >= right) return [];
    return [{ row: top - row, column: left - column, rowSpan: bottom - top, columnSpan: right - left, lines: cell.lines.map((at) => lines.push(found.lines[at]!) - 1) }];
  });
  const regions: Region[] = cells.length === 0 ? [] : [{ role: 'table', quad: region.quad, lines, table: { rows, columns, cells } }];
  return { ...page, text: { ...page.text, regions } };
}
