// A table's grid in the hands of a person: ruling lines moved, added, removed, cells merged and split, and the way from cell to cell.
// Pure; every change returns a new shape. Rows and columns are handled alike, as bands along an axis.
import type { PagePoint, Quad } from '@contract/geometry.ts';
import type { CellSpan, ShownCell, ShownTable, TableGrid } from '@contract/table.ts';

export type Axis = 'rows' | 'columns';
export interface CellPlace { row: number; column: number }

/** What a correction of the ruling lines says. */
export interface TableShape { grid: TableGrid; merged: CellSpan[] }

/** The least distance between two ruling lines, as a share of the table. */
const leastBand = 0.004;

const spanOf = (cell: CellSpan, axis: Axis): { start: number; span: number } => (axis === 'rows' ? { start: cell.row, span: cell.rowSpan } : { start: cell.column, span: cell.columnSpan });
const withSpan = (cell: CellSpan, axis: Axis, start: number, span: number): CellSpan => (axis === 'rows' ? { ...cell, row: start, rowSpan: span } : { ...cell, column: start, columnSpan: span });
const isMerged = ({ rowSpan, columnSpan }: CellSpan): boolean => rowSpan > 1 || columnSpan > 1;
const bare = ({ row, column, rowSpan, columnSpan }: CellSpan): CellSpan => ({ row, column, rowSpan, columnSpan });

export const shapeOf = ({ grid, cells }: ShownTable): TableShape => ({ grid, merged: cells.filter(isMerged).map(bare) });
export const bandCount = (grid: TableGrid, axis: Axis): number => grid[axis].length - 1;

/** The middle of the table: by it, a table is known again after it was changed. */
export const middleOf = ([a, , c]: Quad): PagePoint => [(a[0] + c[0]) / 2, (a[1] + c[1]) / 2];

/** The grid with these edges along one axis; the table grows or shrinks to the outer ones. */
function withEdges(grid: TableGrid, axis: Axis, edges: readonly number[]): TableGrid {
  const first = edges[0]!, last = edges.at(-1)!;
  const [a, b, , d] = grid.quad;
  const at = (u: number, v: number): PagePoint => [a[0] + (b[0] - a[0]) * u + (d[0] - a[0]) * v, a[1] + (b[1] - a[1]) * u + (d[1] - a[1]) * v];
  const quad: Quad = axis === 'columns' ? [at(first, 0), at(last, 0), at(last, 1), at(first, 1)] : [at(0, first), at(1, first), at(1, last), at(0, last)];
  const shares = edges.map((edge, place) => (place === 0 ? 0 : place === edges.length - 1 ? 1 : (edge - first) / (last - first)));
  return { ...grid, quad, [axis]: shares };
}

/** The edges while a ruling line is being dragged: it stays between its neighbours; outer ones go as far as they like. */
export function draggedEdges(edges: readonly number[], index: number, share: number): number[] {
  const low = index === 0 ? -Infinity : edges[index - 1]! + leastBand, high = index === edges.length - 1 ? Infinity : edges[index + 1]! - leastBand;
  return edges.map((edge, at) => (at === index ? Math.min(Math.max(share, low), Math.max(low, high)) : edge));
}

export function moveRuling({ grid, merged }: TableShape, axis: Axis, index: number, share: number): TableShape {
  return { grid: withEdges(grid, axis, draggedEdges(grid[axis], index, share)), merged };
}

/** A new ruling line: within the table it cuts a band in two, outside it adds one. */
export function addRuling({ grid, merged }: TableShape, axis: Axis, share: number): TableShape {
  const edges = grid[axis];
  const place = edges.filter((edge) => edge < share).length;
  const band = place - 1;
  const moved = merged.map((cell) => {
    const { start, span } = spanOf(cell, axis);
    return start > band ? withSpan(cell, axis, start + 1, span) : band >= 0 && band < start + span ? withSpan(cell, axis, start, span + 1) : cell;
  });
  return { grid: withEdges(grid, axis, [...edges.slice(0, place), share, ...edges.slice(place)]), merged: place === edges.length ? merged : moved };
}

/** Takes an inner ruling line away: what stood on both sides of it stands together. */
export function removeRuling({ grid, merged }: TableShape, axis: Axis, index: number): TableShape {
  const moved = merged.map((cell) => {
    const { start, span } = spanOf(cell, axis);
    if (start >= index) return withSpan(cell, axis, start - 1, span);
    return start + span > index ? withSpan(cell, axis, start, span - 1) : cell;
  });
  return { grid: { ...grid, [axis]: grid[axis].filter((_, at) => at !== index) }, merged: moved.filter(isMerged) };
}

/** The ruling line that goes when a band does: the one before it, or for the first the one behind. */
export const rulingOfBand = (band: number): number => Math.max(1, band);

/**
 * Where a ruling line is most likely missing in a band: in the widest gap between its texts, else behind them. Beyond the last band, where
 * that has one text only: a band as wide as it is added there.
 */
export function shareForRuling({ grid, cells }: ShownTable, axis: Axis, band: number): number {
  const from = grid[axis][band]!, to = grid[axis][band + 1]!;
  const side = axis === 'columns' ? 0 : 1;
  const texts = cells.filter((cell) => spanOf(cell, axis).start === band && spanOf(cell, axis).span === 1).flatMap((cell) => cell.boxes.map((box) => [box[side], box[side + 2]!] as const)).sort((a, b) => a[0] - b[0]);
  let end = from, widest = 0, middle: number | null = null;
  for (const [start, stop] of texts) {
    if (end > from && start - end > widest) {
      widest = start - end;
      middle = (start + end) / 2;
    }
    end = Math.max(end, stop);
  }
  if (middle !== null) return middle;
  if (band === bandCount(grid, axis) - 1) return to + (to - from);
  return end > from && to - end > (to - from) * 0.1 ? (end + to) / 2 : (from + to) / 2;
}

export function cellAt(cells: readonly ShownCell[], { row, column }: CellPlace): ShownCell | undefined {
  return cells.find((cell) => row >= cell.row && row < cell.row + cell.rowSpan && column >= cell.column && column < cell.column + cell.columnSpan);
}

/** The smallest rectangle of whole cells around two places. */
export function rangeOf(cells: readonly ShownCell[], one: CellPlace, other: CellPlace): CellSpan {
  let top = Math.min(one.row, other.row), left = Math.min(one.column, other.column), bottom = Math.max(one.row, other.row) + 1, right = Math.max(one.column, other.column) + 1;
  for (let grown = true; grown; ) {
    grown = false;
    for (const { row, column, rowSpan, columnSpan } of cells) {
      const touches = row < bottom && row + rowSpan > top && column < right && column + columnSpan > left;
      if (!touches || (row >= top && row + rowSpan <= bottom && column >= left && column + columnSpan <= right)) continue;
      [top, left, bottom, right] = [Math.min(top, row), Math.min(left, column), Math.max(bottom, row + rowSpan), Math.max(right, column + columnSpan)];
      grown = true;
    }
  }
  return { row: top, column: left, rowSpan: bottom - top, columnSpan: right - left };
}

export const isIn = ({ row, column, rowSpan, columnSpan }: CellSpan, place: CellPlace): boolean => place.row >= row && place.row < row + rowSpan && place.column >= column && place.column < column + columnSpan;

export function mergeCells({ grid, merged }: TableShape, range: CellSpan): TableShape {
  return { grid, merged: [...merged.filter((cell) => !isIn(range, cell)), range] };
}

export function splitCell({ grid, merged }: TableShape, place: CellPlace): TableShape {
  return { grid, merged: merged.filter((cell) => !isIn(cell, place)) };
}

export type CellMove = 'up' | 'down' | 'left' | 'right' | 'first' | 'last';

/** The cell that a key leads to; at the edge of the table the same again. */
export function moveCell({ grid, cells }: ShownTable, from: CellPlace, move: CellMove): CellPlace {
  const cell = cellAt(cells, from);
  if (!cell) return { row: 0, column: 0 };
  const rows = bandCount(grid, 'rows'), columns = bandCount(grid, 'columns');
  const to: CellPlace = {
    up: { row: Math.max(0, cell.row - 1), column: from.column },
    down: { row: Math.min(rows - 1, cell.row + cell.rowSpan), column: from.column },
    left: { row: from.row, column: Math.max(0, cell.column - 1) },
    right: { row: from.row, column: Math.min(columns - 1, cell.column + cell.columnSpan) },
    first: { row: from.row, column: 0 },
    last: { row: from.row, column: columns - 1 },
  }[move];
  return to;
}

/** The next (or previous) cell row by row; null past the last (or first). */
export function nextCell(cells: readonly ShownCell[], from: CellPlace, direction: 1 | -1): CellPlace | null {
  const at = cells.findIndex((cell) => isIn(cell, from));
  const next = cells[at + direction];
  return next ? { row: next.row, column: next.column } : null;
}

/** As spreadsheets name it: B3. */
export function cellName({ row, column }: CellPlace): string {
  let letters = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  return `${letters}${row + 1}`;
}
