// Which rows of a block stand in a table: those in a drawn one, and those whose cells share columns. Knows boxes, no pixels.
import type { Box } from './reading-order.ts';
import type { RuledGrid } from './ruled-grids.ts';

export interface Row {
  readonly indexes: readonly number[];
  readonly top: number;
  readonly bottom: number;
}

/** A table has at least this many rows with more than one cell. */
const tableRows = 3;
/** A wider step than this, against the rows on its quieter side, begins another table where the columns change too. */
const widerStep = 1.4;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const heightOf = (box: Box): number => box.bottom - box.top;
const widthOf = (box: Box): number => box.right - box.left;

/** The drawn table in which a row stands, null for none. */
export function gridAround(row: Row, boxes: readonly Box[], grids: readonly RuledGrid[]): RuledGrid | null {
  return grids.find((grid) => row.indexes.every((index) => {
    const { left, right, top, bottom } = boxes[index]!;
    const x = (left + right) / 2, y = (top + bottom) / 2;
    return x > grid.left && x < grid.right && y > grid.top && y < grid.bottom;
  })) ?? null;
}

/** For each row the number of its table, or null. `drawn` are the grids of the rows, `isHead` says which row can only be a heading. */
export function rowsInTables(rows: readonly Row[], boxes: readonly Box[], drawn: readonly (RuledGrid | null)[], isHead: (row: Row) => boolean): (number | null)[] {
  const tables: (number | null)[] = rows.map(() => null);
  let count = 0;
  for (let start = 0; start < rows.length; ) {
    let end = start + 1;
    while (end < rows.length && drawn[end] === drawn[start]) end++;
    if (drawn[start] && end - start > 1) {
      // A heading may have a row of the drawing for itself.
      for (let at = start; at < end; at++) {
        if (rows[at]!.indexes.length === 1 && isHead(rows[at]!)) count++;
        else tables[at] = count;
      }
      count++;
    } else {
      for (const [from, to] of tableRuns(rows.slice(start, end), boxes, isHead)) tables.fill(count++, start + from, start + to);
    }
    start = end;
  }
  return tables;
}

/** How many cells of a row stand in the columns of another. */
function cellsShared(upper: Row, lower: Row, boxes: readonly Box[]): number {
  return lower.indexes.filter((index) => upper.indexes.some((other) => {
    const a = boxes[index]!, b = boxes[other]!;
    return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 * Math.min(widthOf(a), widthOf(b));
  })).length;
}

/** Runs of rows that form a table, as [first, end): several cells each, standing in common columns. */
function tableRuns(rows: readonly Row[], boxes: readonly Box[], isHead: (row: Row) => boolean): [number, number][] {
  const runs: [number, number][] = [];
  for (let start = 0; start < rows.length; ) {
    if (rows[start]!.indexes.length < 2) {
      start++;
      continue;
    }
    let end = start;
    while (end + 1 < rows.length) {
      const next = rows[end + 1]!, reference = rows[end]!;
      const tall = median([...next.indexes, ...reference.indexes].map((index) => heightOf(boxes[index]!)));
      if (next.top - reference.bottom > 2.5 * tall || (next.indexes.length === 1 && isHead(next))) break;
      if (next.indexes.length >= 2 ? cellsShared(reference.indexes.length >= 2 ? reference : rows[start]!, next, boxes) === 0 : reference.indexes.length < 2) break;
      end++;
    }
    for (const [from, to] of parted(rows.slice(start, end + 1), boxes)) {
      let last = to;
      // A last row of one cell is the beginning of what follows.
      while (last > from && rows[start + last - 1]!.indexes.length < 2) last--;
      if (rows.slice(start + from, start + last).filter((row) => row.indexes.length > 1).length >= tableRows) runs.push([start + from, start + last]);
    }
    start = end + 1;
  }
  return runs;
}

/** One run cut where two tables follow one another: after a wider step than the rows keep, with other columns beyond it. */
function parted(rows: readonly Row[], boxes: readonly Box[]): [number, number][] {
  const steps = rows.slice(1).map((row, at) => row.top - rows[at]!.top);
  const several = (part: readonly Row[]): Row[] => part.filter((row) => row.indexes.length > 1);
  const cuts = [0];
  for (let at = 1; at < rows.length; at++) {
    const above = steps.slice(cuts.at(-1)!, at - 1), below = steps.slice(at, at + 4);
    const usual = Math.min(above.length ? median(above) : Infinity, below.length ? median(below) : Infinity);
    if (steps[at - 1]! <= widerStep * usual) continue;
    const upper = several(rows.slice(cuts.at(-1)!, at)).slice(-3), lower = several(rows.slice(at)).slice(0, 3);
    const cells = (part: readonly Row[]): number => median(part.map((row) => row.indexes.length));
    const shared = upper.length && lower.length ? cellsShared(upper.at(-1)!, lower[0]!, boxes) / Math.max(upper.at(-1)!.indexes.length, lower[0]!.indexes.length) : 0;
    if (upper.length === 0 || lower.length === 0 || cells(upper) !== cells(lower) || shared < 0.6) cuts.push(at);
  }
  return cuts.map((from, at) => [from, cuts[at + 1] ?? rows.length]);
}
