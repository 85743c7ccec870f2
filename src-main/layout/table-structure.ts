// Rows, columns and merged cells of a table from where its lines stand. Knows no pixels and no file format.
import type { Line, Region, Word } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';
import type { Table, TableCell } from '@contract/table.ts';
import { frameOf, heightOf, median } from './line-frame.ts';
import type { FrameBox } from './line-frame.ts';
import { placedWords } from './line-words.ts';

/** A gap between two words wider than this many line heights separates two cells that were found as one line. */
const cellGap = 1.6;

interface Cell extends FrameBox {
  /** Index of the line. */
  readonly line: number;
}

interface Span {
  start: number;
  end: number;
}

/** Lines with each one that runs over several cells cut into them, between words for which `isCut` says so. */
export function cutLines(lines: readonly Line[], isCut: (before: Word, after: Word, line: Line) => boolean): Line[] {
  return lines.flatMap((line) => {
    const places = placedWords(line);
    const cuts = places?.flatMap(({ word }, at) => (at > 0 && isCut(places[at - 1]!.word, word, line) ? [at] : [])) ?? [];
    if (!places || cuts.length === 0) return [line];
    return [0, ...cuts].map((from, part): Line => {
      const own = places.slice(from, cuts[part] ?? places.length);
      const first = own[0]!, last = own.at(-1)!;
      const words = own.map(({ word }) => word);
      return { ...line, text: line.text.slice(first.start, last.end), words, quad: between(first.word.quad, last.word.quad), confidence: words.reduce((sum, word) => sum + word.confidence, 0) / words.length };
    });
  });
}

function cutAtGaps(lines: readonly Line[]): Line[] {
  const frame = frameOf(lines);
  return cutLines(lines, (before, after, line) => frame(after.quad).start - frame(before.quad).end > heightOf(frame(line.quad)) * cellGap);
}

/** From the start of one word to the end of another of the same line. */
const between = (first: Quad, last: Quad): Quad => [first[0], last[1], last[2], first[3]];

function rowsOf(cells: readonly Cell[]): Cell[][] {
  const centre = (cell: Cell): number => (cell.top + cell.bottom) / 2;
  const reach = median(cells.map(heightOf)) * 0.6;
  const rows: Cell[][] = [];
  for (const cell of [...cells].sort((a, b) => centre(a) - centre(b))) {
    const row = rows.at(-1);
    const mean = row ? row.reduce((sum, one) => sum + centre(one), 0) / row.length : 0;
    if (row && Math.abs(centre(cell) - mean) <= reach) row.push(cell);
    else rows.push([cell]);
  }
  return rows.map((row) => row.sort((a, b) => a.start - b.start));
}

const overlap = (a: Span, b: Span): number => Math.min(a.end, b.end) - Math.max(a.start, b.start);

/** Columns as spans, left to right: the fullest rows speak first, later cells join the span they overlap most or open their own. */
function columnsOf(rows: readonly Cell[][]): Span[] {
  const columns: Span[] = [];
  for (const row of [...rows].sort((a, b) => b.length - a.length)) {
    for (const cell of row) {
      const touched = columns.filter((column) => overlap(column, cell) > 0);
      if (touched.length === 0) columns.push({ start: cell.start, end: cell.end });
      // A cell over several columns spans them and says nothing about where they end.
      else if (touched.length === 1) {
        const [column] = touched;
        column!.start = Math.min(column!.start, cell.start);
        column!.end = Math.max(column!.end, cell.end);
      }
    }
  }
  return columns.sort((a, b) => a.start - b.start);
}

/** The columns of one cell: the one it overlaps most, and those after it which it covers by half. */
function columnsUnder(cell: Span, columns: readonly Span[]): { column: number; columnSpan: number } {
  let best = 0;
  columns.forEach((column, at) => {
    if (overlap(column, cell) > overlap(columns[best]!, cell)) best = at;
  });
  const covers = (at: number): boolean => overlap(columns[at]!, cell) > (columns[at]!.end - columns[at]!.start) * 0.5;
  const first = columns.findIndex((_, at) => covers(at));
  const column = first >= 0 && first < best ? first : best;
  let last = column;
  while (last + 1 < columns.length && covers(last + 1)) last++;
  return { column, columnSpan: last - column + 1 };
}

function structureOf(lines: readonly Line[]): Table | null {
  const frame = frameOf(lines);
  const rows = rowsOf(lines.flatMap((line, at) => (line.text.trim() ? [{ ...frame(line.quad), line: at }] : [])));
  if (rows.length === 0) return null;
  const columns = columnsOf(rows);
  const cells = rows.flatMap((row, at): TableCell[] => {
    const found: TableCell[] = [];
    for (const cell of row) {
      const { column, columnSpan } = columnsUnder(cell, columns);
      const last = found.at(-1);
      if (last && last.column + last.columnSpan > column) {
        if (last.column >= column) {
          last.lines.push(cell.line);
          continue;
        }
        last.columnSpan = column - last.column;
      }
      found.push({ row: at, column, rowSpan: 1, columnSpan, lines: [cell.line] });
    }
    return found;
  });
  return { rows: rows.length, columns: columns.length, cells };
}

/** The lines of a table, cut where one ran over several cells, and the cells they stand in; null when there is no text. */
export function tableFrom(lines: readonly Line[]): { lines: Line[]; table: Table } | null {
  const cut = cutAtGaps(lines);
  const table = structureOf(cut);
  return table && { lines: cut, table };
}

/** Lines in the order of their cells, row by row: a cell over several rows is read with the first of them. */
export function inCellOrder(lines: readonly Line[], table: Table): { lines: Line[]; table: Table } {
  const ordered: Line[] = [];
  const cells = [...table.cells].sort((a, b) => a.row - b.row || a.column - b.column).map((cell): TableCell => ({ ...cell, lines: cell.lines.map((at) => ordered.push(lines[at]!) - 1) }));
  return { lines: ordered, table: { ...table, cells } };
}

/** Cells that are drawn on the page. Edges count from the first row's upper to the last row's lower one. */
export interface DrawnCells {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly cells: readonly Omit<TableCell, 'lines'>[];
}

/**
 * The same for a table whose cells are drawn. `middleOf` gives the middle of a box in the frame of the edges.
 * Null when less than half of the lines stand in cells of their own making: then the strokes are no table's.
 */
export function tableInCells(lines: readonly Line[], drawn: DrawnCells, middleOf: (quad: Quad) => readonly [x: number, y: number]): { lines: Line[]; table: Table } | null {
  const cellAt = (quad: Quad): number => {
    const [x, y] = middleOf(quad);
    const row = drawn.rows.findLastIndex((edge) => edge <= y), column = drawn.columns.findLastIndex((edge) => edge <= x);
    return drawn.cells.findIndex((cell) => row >= cell.row && row < cell.row + cell.rowSpan && column >= cell.column && column < cell.column + cell.columnSpan);
  };
  const cut = cutLines(lines, (before, after) => cellAt(before.quad) !== cellAt(after.quad));
  const own = drawn.cells.map((): number[] => []);
  for (const [at, line] of cut.entries()) {
    const cell = cellAt(line.quad);
    if (cell < 0) return null;
    own[cell]!.push(at);
  }
  const filled = own.filter((some) => some.length > 0).length;
  if (filled < 4 || filled * 2 < cut.length) return null;
  const cells = drawn.cells.map((cell, at) => ({ ...cell, lines: own[at]! })).filter((cell) => cell.lines.length > 0 || cell.rowSpan > 1 || cell.columnSpan > 1);
  return inCellOrder(cut, { rows: drawn.rows.length - 1, columns: drawn.columns.length - 1, cells });
}

/** The same for a region, whose own structure is taken where it has one. */
export function tableOf(region: Region): { lines: Line[]; table: Table } | null {
  return region.table ? { lines: region.lines, table: region.table } : tableFrom(region.lines);
}
