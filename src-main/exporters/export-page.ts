// What every exporter is given: pages with their text and names. Pure data; knows no library.
import type { Line, PageText, Region, Table, TableCell } from '@contract/document.ts';

export interface ExportPage {
  /** Name of the file the page came from. */
  file: string;
  /** From 0. */
  pageIndex: number;
  pageCount: number;
  text: PageText;
}

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
    if (lines.length) regions.push({ ...region, lines, ...(region.table && { table: onlyCells(region.table, chosen) }) });
  }
  return { ...page, text: { ...page.text, regions } };
}

/** The rows and columns that hold chosen lines, moved together. */
function onlyCells(table: Table, chosen: ReadonlyMap<number, number>): Table {
  const cells = table.cells.map((cell) => ({ ...cell, lines: cell.lines.flatMap((line) => chosen.get(line) ?? []) })).filter((cell) => cell.lines.length > 0);
  const kept = (of: (cell: TableCell) => number): number[] => [...new Set(cells.map(of))].sort((a, b) => a - b);
  const rows = kept((cell) => cell.row), columns = kept((cell) => cell.column);
  const spanIn = (starts: readonly number[], from: number, span: number): number => starts.filter((start) => start >= from && start < from + span).length;
  return {
    rows: rows.length, columns: columns.length,
    cells: cells.map((cell) => ({ ...cell, row: rows.indexOf(cell.row), column: columns.indexOf(cell.column), rowSpan: spanIn(rows, cell.row, cell.rowSpan), columnSpan: spanIn(columns, cell.column, cell.columnSpan) })),
  };
}
