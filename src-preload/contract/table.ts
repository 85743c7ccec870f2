// Tables: which cell is where, the ruling lines between them as a grid over the page, and how the window is shown both. Knows no text but a cell's.
import { z } from 'zod';
import { quad, type PagePoint, type Quad } from './geometry.ts';

const index = z.number().int().nonnegative();
const span = z.number().int().positive();

/** A cell, or a rectangle of cells. Rows and columns count from 0. */
export const cellSpan = z.object({ row: index, column: index, rowSpan: span, columnSpan: span });
export type CellSpan = z.infer<typeof cellSpan>;

/** One cell of a table. `lines` are indexes into the region's lines, in reading order. */
export const tableCell = cellSpan.extend({ lines: z.array(index) });
export type TableCell = z.infer<typeof tableCell>;

const share = z.number().min(0).max(1);
const edges = z.array(share).min(2).max(1001).refine((all) => all[0] === 0 && all.at(-1) === 1 && all.every((one, at) => at === 0 || one > all[at - 1]!), 'ascending from 0 to 1');

/**
 * Ruling lines. `quad` is the table, a parallelogram clockwise from its text's top-left; `columns` are the edges between columns as shares of
 * its upper side, `rows` those between rows as shares of its left side, outer edges included.
 */
export const tableGrid = z.object({ quad, rows: edges, columns: edges });
export type TableGrid = z.infer<typeof tableGrid>;

/** Where a point lies in a grid's quad, as shares of its upper and left side. */
export function placeIn([a, b, , d]: Quad): (point: PagePoint) => [u: number, v: number] {
  const along = [b[0] - a[0], b[1] - a[1]] as const, down = [d[0] - a[0], d[1] - a[1]] as const;
  const determinant = along[0] * down[1] - along[1] * down[0] || 1;
  return ([x, y]) => {
    const dx = x - a[0], dy = y - a[1];
    return [(dx * down[1] - dy * down[0]) / determinant, (dy * along[0] - dx * along[1]) / determinant];
  };
}

/** The part of a grid's quad that a rectangle of its cells takes. */
export function quadOfCells({ quad: [a, b, , d], rows, columns }: TableGrid, { row, column, rowSpan, columnSpan }: CellSpan): Quad {
  const at = (u: number, v: number): PagePoint => [a[0] + (b[0] - a[0]) * u + (d[0] - a[0]) * v, a[1] + (b[1] - a[1]) * u + (d[1] - a[1]) * v];
  const left = columns[column]!, right = columns[column + columnSpan]!, top = rows[row]!, bottom = rows[row + rowSpan]!;
  return [at(left, top), at(right, top), at(right, bottom), at(left, bottom)];
}

/**
 * Rows and columns of a region whose role is 'table'. Cells do not overlap; places without a cell are empty. With a `grid`, which is
 * drawn on the page or was set by a person, cells follow from it when lines change.
 */
export const table = z.object({ rows: span, columns: span, cells: z.array(tableCell), grid: tableGrid.optional() });
export type Table = z.infer<typeof table>;

/** A table as the window draws it: every cell, empty ones too. `boxes` are its lines, [left, top, right, bottom] in shares of the grid. */
export const shownCell = cellSpan.extend({ text: z.string(), confidence: share, boxes: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])) });
export type ShownCell = z.infer<typeof shownCell>;
export const shownTable = z.object({ region: index, grid: tableGrid, cells: z.array(shownCell) });
export type ShownTable = z.infer<typeof shownTable>;
