// The ruling lines of a table as a grid over the page: derived from where its cells' text stands, and which text stands in the cells of a
// grid that a person set. Knows no pixels and no file format.
import type { Line, Region } from '@contract/document.ts';
import type { PagePoint, Quad } from '@contract/geometry.ts';
import { placeIn } from '@contract/table.ts';
import type { CellSpan, ShownCell, ShownTable, Table, TableCell, TableGrid } from '@contract/table.ts';
import { axisOf, frameAlong, heightOf, median } from './line-frame.ts';
import { cutLines, tableOf } from './table-structure.ts';

/** Air between the outermost text and the outer edges, in line heights. */
const outerAir = 0.4;

const middleOf = (quad: Quad): PagePoint => [(quad[0][0] + quad[2][0]) / 2, (quad[0][1] + quad[2][1]) / 2];

const isMerged = ({ rowSpan, columnSpan }: Pick<CellSpan, 'rowSpan' | 'columnSpan'>): boolean => rowSpan > 1 || columnSpan > 1;

/** The merged cells that fit into the grid and do not overlap an earlier one. */
function fitting({ rows, columns }: TableGrid, merged: readonly CellSpan[]): CellSpan[] {
  const kept: CellSpan[] = [];
  for (const { row, column, rowSpan, columnSpan } of merged) {
    const isInside = row + rowSpan < rows.length && column + columnSpan < columns.length && isMerged({ rowSpan, columnSpan });
    const isFree = kept.every((one) => row >= one.row + one.rowSpan || one.row >= row + rowSpan || column >= one.column + one.columnSpan || one.column >= column + columnSpan);
    if (isInside && isFree) kept.push({ row, column, rowSpan, columnSpan });
  }
  return kept;
}

/** All cells of a grid, row by row. */
function cellsOf({ rows, columns }: TableGrid, merged: readonly CellSpan[]): CellSpan[] {
  const cells: CellSpan[] = [];
  for (let row = 0; row < rows.length - 1; row++) {
    for (let column = 0; column < columns.length - 1; column++) {
      const over = merged.find((one) => row >= one.row && row < one.row + one.rowSpan && column >= one.column && column < one.column + one.columnSpan);
      if (!over) cells.push({ row, column, rowSpan: 1, columnSpan: 1 });
      else if (over.row === row && over.column === column) cells.push(over);
    }
  }
  return cells;
}

/** Between which edges a share lies; `null` outside, or the nearest when `clamped`. */
function between(edges: readonly number[], share: number, clamped: boolean): number | null {
  if (!clamped && (share < 0 || share > 1)) return null;
  return Math.max(0, Math.min(edges.length - 2, edges.findLastIndex((edge) => edge <= share)));
}

function finder(grid: TableGrid, cells: readonly CellSpan[], clamped: boolean): (quad: Quad) => number {
  const place = placeIn(grid.quad);
  return (quad) => {
    const [u, v] = place(middleOf(quad));
    const row = between(grid.rows, v, clamped), column = between(grid.columns, u, clamped);
    if (row === null || column === null) return -1;
    return cells.findIndex((cell) => row >= cell.row && row < cell.row + cell.rowSpan && column >= cell.column && column < cell.column + cell.columnSpan);
  };
}

const kept = (cells: readonly TableCell[]): TableCell[] => cells.filter((cell) => cell.lines.length > 0 || isMerged(cell));
const tableWith = (grid: TableGrid, cells: readonly TableCell[]): Table => ({ rows: grid.rows.length - 1, columns: grid.columns.length - 1, cells: kept(cells), grid });

/** Lines cut where they cross a ruling line, in the order of their cells; those outside the grid apart. */
export function tableInGrid(lines: readonly Line[], grid: TableGrid, merged: readonly CellSpan[]): { lines: Line[]; table: Table; outside: Line[] } {
  const cells = cellsOf(grid, fitting(grid, merged));
  const cellAt = finder(grid, cells, false);
  const cut = cutLines(lines, (before, after) => cellAt(before.quad) !== cellAt(after.quad));
  const own = cells.map((): Line[] => []);
  const outside: Line[] = [];
  for (const line of cut) (own[cellAt(line.quad)] ?? outside).push(line);
  const ordered: Line[] = [];
  const filled = cells.map((cell, at): TableCell => ({ ...cell, lines: own[at]!.map((line) => ordered.push(line) - 1) }));
  return { lines: ordered, table: tableWith(grid, filled), outside };
}

/** Whether a line's middle lies in the grid. */
export function standsIn(grid: TableGrid): (line: Line) => boolean {
  const place = placeIn(grid.quad);
  return (line) => place(middleOf(line.quad)).every((share) => share >= 0 && share <= 1);
}

/** The same grid and merged cells for other lines, none of them cut or left out. */
export function tableFor(lines: readonly Line[], before: Table & { grid: TableGrid }): Table {
  const cells = cellsOf(before.grid, before.cells.filter(isMerged));
  const cellAt = finder(before.grid, cells, true);
  const own = cells.map((): number[] => []);
  for (const [at, line] of lines.entries()) own[cellAt(line.quad)]!.push(at);
  return tableWith(before.grid, cells.map((cell, at) => ({ ...cell, lines: own[at]! })));
}

interface Extent { start: number; end: number; firstMiddle: number; lastMiddle: number }

/** Edges between bands of text: halfway from one to the next, and where texts overlap, at least between their middles. */
function edgesBetween(extents: readonly (Extent | null)[], air: number): number[] {
  const known = extents.flatMap((extent, at) => (extent ? [{ at, ...extent }] : []));
  const first = known[0]!, last = known.at(-1)!;
  const edges: number[] = Array.from({ length: extents.length + 1 });
  edges[0] = first.start - air;
  edges[extents.length] = last.end + air;
  known.slice(1).forEach((next, place) => {
    const before = known[place]!;
    const low = before.end <= next.start ? before.end : Math.min(before.lastMiddle, next.firstMiddle), high = before.end <= next.start ? next.start : Math.max(before.lastMiddle, next.firstMiddle);
    const count = next.at - before.at;
    // Bands without text share the room between those that have some.
    for (let step = 1; step <= count; step++) edges[before.at + step] = low + ((high - low) * (step * 2 - 1)) / (count * 2);
  });
  for (let at = 1; at <= first.at; at++) edges[at] = edges[0]! + ((first.start - edges[0]!) * at) / first.at;
  for (let at = last.at + 1; at < extents.length; at++) edges[at] = last.end + ((edges[extents.length]! - last.end) * (at - last.at)) / (extents.length - last.at);
  return edges;
}

/** Shares of the whole, each a little more than the one before. */
function sharesOf(edges: readonly number[]): number[] {
  const first = edges[0]!, length = edges.at(-1)! - first || 1;
  const least = 1e-4;
  const shares = edges.map((edge) => (edge - first) / length);
  for (let at = 1; at < shares.length; at++) shares[at] = Math.max(shares[at]!, shares[at - 1]! + least);
  const over = shares.at(-1)!;
  return shares.map((share, at) => (at === shares.length - 1 ? 1 : share / over));
}

/** Along the rows: the boxes of short texts lie a little askew, the way from the first to the last text of a row does not. */
function rowAxis(lines: readonly Line[], { rows, cells }: Table): [x: number, y: number] {
  const along = axisOf(lines);
  let sumX = 0, sumY = 0;
  for (let row = 0; row < rows; row++) {
    const inRow = cells.filter((cell) => cell.row === row && cell.rowSpan === 1 && cell.lines.length === 1).sort((a, b) => a.column - b.column);
    const first = lines[inRow[0]?.lines[0] ?? -1], last = lines[inRow.at(-1)?.lines[0] ?? -1];
    if (!first || !last || first === last) continue;
    const [from, to] = [middleOf(first.quad), middleOf(last.quad)];
    sumX += to[0] - from[0];
    sumY += to[1] - from[1];
  }
  const length = Math.hypot(sumX, sumY);
  // Where rows and texts disagree, the table is not what it seems: texts count.
  return length > 0 && (sumX * along[0] + sumY * along[1]) / length > 0.99 ? [sumX / length, sumY / length] : along;
}

/** The table's own grid, or one drawn between the texts of its cells. */
export function gridOf(lines: readonly Line[], table: Table): TableGrid {
  if (table.grid) return table.grid;
  const [x, y] = rowAxis(lines, table), frame = frameAlong([x, y]);
  const boxes = lines.map((line) => frame(line.quad));
  const extentsOf = (count: number, at: (cell: TableCell) => number, span: (cell: TableCell) => number, from: (box: (typeof boxes)[number]) => number, to: (box: (typeof boxes)[number]) => number): (Extent | null)[] =>
    Array.from({ length: count }, (_, band) => {
      const inBand = table.cells.filter((cell) => at(cell) === band && span(cell) === 1).flatMap((cell) => cell.lines.flatMap((line) => boxes[line] ?? []));
      if (inBand.length === 0) return null;
      const starts = inBand.map(from), ends = inBand.map(to), middles = inBand.map((box) => (from(box) + to(box)) / 2);
      return { start: Math.min(...starts), end: Math.max(...ends), firstMiddle: Math.min(...middles), lastMiddle: Math.max(...middles) };
    });
  const air = median(boxes.map(heightOf)) * outerAir;
  const whole = (from: number[], to: number[]): Extent => ({ start: Math.min(...from), end: Math.max(...to), firstMiddle: 0, lastMiddle: 0 });
  const orWhole = (extents: (Extent | null)[], from: number[], to: number[]): (Extent | null)[] => (extents.some(Boolean) ? extents : [whole(from, to), ...extents.slice(1)]);
  const columns = edgesBetween(orWhole(extentsOf(table.columns, (cell) => cell.column, (cell) => cell.columnSpan, (box) => box.start, (box) => box.end), boxes.map((box) => box.start), boxes.map((box) => box.end)), air);
  const rows = edgesBetween(orWhole(extentsOf(table.rows, (cell) => cell.row, (cell) => cell.rowSpan, (box) => box.top, (box) => box.bottom), boxes.map((box) => box.top), boxes.map((box) => box.bottom)), air);
  // Text over several columns may reach further out than that of any one.
  columns[0] = Math.min(columns[0]!, ...boxes.map((box) => box.start - air));
  columns[columns.length - 1] = Math.max(columns.at(-1)!, ...boxes.map((box) => box.end + air));
  const at = (along: number, across: number): PagePoint => [along * x - across * y, along * y + across * x];
  const [left, right, top, bottom] = [columns[0], columns.at(-1)!, rows[0]!, rows.at(-1)!];
  return { quad: [at(left, top), at(right, top), at(right, bottom), at(left, bottom)], rows: sharesOf(rows), columns: sharesOf(columns) };
}

/** A table as the window draws it; null when the region is none, or has no text. */
export function shownTable(region: Region, index: number): ShownTable | null {
  const found = region.role === 'table' ? tableOf(region) : null;
  if (!found) return null;
  const { lines, table } = found;
  const grid = gridOf(lines, table);
  const place = placeIn(grid.quad);
  const linesAt = new Map(table.cells.map((cell) => [`${cell.row} ${cell.column}`, cell.lines]));
  const cells = cellsOf(grid, table.cells.filter(isMerged)).map((span): ShownCell => {
    const own = (linesAt.get(`${span.row} ${span.column}`) ?? []).flatMap((at) => lines[at] ?? []);
    const boxes = own.map(({ quad }): ShownCell['boxes'][number] => {
      const corners = quad.map(place);
      const us = corners.map(([u]) => u), vs = corners.map(([, v]) => v);
      return [Math.min(...us), Math.min(...vs), Math.max(...us), Math.max(...vs)];
    });
    return { ...span, text: own.map((line) => line.text).join('\n'), confidence: Math.min(1, ...own.map((line) => line.confidence)), boxes };
  });
  return { region: index, grid, cells };
}
