// Tables that are drawn with lines: finds long thin strokes in a page's pixels and the grids that they form, with merged cells where a
// stroke is missing. Knows no text.
import type { Picture } from '../inference/image/picture.ts';
import type { Box } from './reading-order.ts';

/** A stroke along one axis, in the frame of the page's text: `at` across it, `from`–`to` along it. */
interface Stroke {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface RuledGrid extends Box {
  /** Edges between rows and columns, outer ones included. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** For each place, row by row, which cell it belongs to. */
  readonly cells: readonly { readonly row: number; readonly column: number; readonly rowSpan: number; readonly columnSpan: number }[];
}

type ToFrame = (x: number, y: number) => [number, number];

/** How much darker than both its sides a stroke is, in 256 steps. */
const leastContrast = 18;
/** A stroke is at least this many text heights long: letters have shorter ones. */
const leastLength = 2.5;
/** Holes in a stroke, in pixels: noise, letters that touch it. */
const largestHole = 4;

function greyOf({ width, height, data }: Picture): Uint8Array {
  const grey = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < grey.length; at++, from += 3) grey[at] = (data[from]! * 77 + data[from + 1]! * 150 + data[from + 2]! * 29) >> 8;
  return grey;
}

/** Runs of pixels darker than what lies `reach` before and behind them. `across` and `along` are steps in the pixel array. */
function strokesAlong(grey: Uint8Array, lines: number, length: number, across: number, along: number, textHeight: number): Stroke[] {
  const reach = Math.max(3, Math.round(textHeight * 0.2));
  const found: { at: number; from: number; to: number; weight: number }[] = [];
  for (let line = reach; line < lines - reach; line++) {
    let start = -1, last = -1;
    const close = (): void => {
      if (start >= 0 && last - start >= leastLength * textHeight) {
        // The same stroke a pixel further on, or its next step when it is a little askew.
        const same = found.findLast((one) => line - one.at <= 2.5 && Math.min(one.to, last) - Math.max(one.from, start) > -reach);
        if (same) {
          same.at = line;
          same.from = Math.min(same.from, start);
          same.to = Math.max(same.to, last);
        } else found.push({ at: line, from: start, to: last, weight: 1 });
      }
      start = -1;
    };
    for (let at = 0, pixel = line * across; at < length; at++, pixel += along) {
      const value = grey[pixel]!;
      if (Math.min(grey[pixel - reach * across]!, grey[pixel + reach * across]!) - value >= leastContrast) {
        if (start < 0) start = at;
        last = at;
      } else if (start >= 0 && at - last > largestHole) close();
    }
    close();
  }
  return found;
}

/** One number for values that lie within `reach` of each other. */
function clustered(values: readonly number[], reach: number): number[] {
  const groups: number[][] = [];
  for (const value of [...values].sort((a, b) => a - b)) {
    const last = groups.at(-1);
    if (last && value - last.at(-1)! <= reach) last.push(value);
    else groups.push([value]);
  }
  return groups.map((group) => group.reduce((sum, value) => sum + value, 0) / group.length);
}

/** Whether strokes at `at` cover most of a stretch. */
function covers(strokes: readonly Stroke[], at: number, from: number, to: number, reach: number): boolean {
  const inside = strokes.filter((stroke) => Math.abs(stroke.at - at) <= reach).map((stroke) => Math.min(stroke.to, to) - Math.max(stroke.from, from));
  return inside.reduce((sum, length) => sum + Math.max(0, length), 0) > 0.6 * (to - from);
}

function gridFrom(across: readonly Stroke[], down: readonly Stroke[], reach: number): RuledGrid | null {
  const rows = clustered(across.map((stroke) => stroke.at), reach), columns = clustered(down.map((stroke) => stroke.at), reach);
  if (rows.length < 3 || columns.length < 3) return null;
  const rowCount = rows.length - 1, columnCount = columns.length - 1;
  const taken = Array.from({ length: rowCount }, () => Array.from({ length: columnCount }, () => false));
  const isOpenRight = (row: number, column: number): boolean => !covers(down, columns[column + 1]!, rows[row]!, rows[row + 1]!, reach);
  const isOpenBelow = (row: number, column: number): boolean => !covers(across, rows[row + 1]!, columns[column]!, columns[column + 1]!, reach);
  const cells: RuledGrid['cells'][number][] = [];
  for (let row = 0; row < rowCount; row++) {
    for (let column = 0; column < columnCount; column++) {
      if (taken[row]![column]) continue;
      let columnSpan = 1, rowSpan = 1;
      while (column + columnSpan < columnCount && !taken[row]![column + columnSpan] && isOpenRight(row, column + columnSpan - 1)) columnSpan++;
      const own = (at: number): number[] => Array.from({ length: columnSpan }, (_, index) => at + index);
      // Downwards only as a whole: merged cells are rectangles.
      while (row + rowSpan < rowCount && own(column).every((at) => isOpenBelow(row + rowSpan - 1, at)) && own(column).slice(0, -1).every((at) => isOpenRight(row + rowSpan, at))) rowSpan++;
      for (let r = row; r < row + rowSpan; r++) for (const c of own(column)) taken[r]![c] = true;
      cells.push({ row, column, rowSpan, columnSpan });
    }
  }
  // A frame around text is no table.
  return cells.length < 4 ? null : { left: columns[0]!, right: columns.at(-1)!, top: rows[0]!, bottom: rows.at(-1)!, rows, columns, cells };
}

/**
 * The ruled tables of a page in the frame of its text; `textHeight` is that of a usual line in pixels. Pages more than slightly askew
 * have none: their strokes are no rows of pixels.
 */
export function ruledGrids(page: Picture, textHeight: number, toFrame: ToFrame): RuledGrid[] {
  const { width, height } = page;
  const grey = greyOf(page);
  const reach = Math.max(4, textHeight * 0.35);
  const across: Stroke[] = [], down: Stroke[] = [];
  const add = (a: [number, number], b: [number, number]): void => {
    const [x1, x2] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])], [y1, y2] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
    if (y2 - y1 <= reach) across.push({ at: (y1 + y2) / 2, from: x1, to: x2 });
    else if (x2 - x1 <= reach) down.push({ at: (x1 + x2) / 2, from: y1, to: y2 });
  };
  for (const { at, from, to } of strokesAlong(grey, height, width, width, 1, textHeight)) add(toFrame(from, at), toFrame(to, at));
  for (const { at, from, to } of strokesAlong(grey, width, height, 1, width, textHeight)) add(toFrame(at, from), toFrame(at, to));

  // Strokes that meet belong together.
  const groups: { across: Stroke[]; down: Stroke[] }[] = [];
  const meet = (one: Stroke, other: Stroke): boolean => one.at >= other.from - reach && one.at <= other.to + reach && other.at >= one.from - reach && other.at <= one.to + reach;
  for (const stroke of across) {
    const own = { across: [stroke], down: down.filter((other) => meet(stroke, other)) };
    if (own.down.length === 0) continue;
    for (const group of groups.filter((one) => one.down.some((other) => own.down.includes(other)))) {
      own.across.push(...group.across);
      own.down.push(...group.down.filter((other) => !own.down.includes(other)));
      groups.splice(groups.indexOf(group), 1);
    }
    groups.push(own);
  }
  return groups.flatMap((group) => gridFrom(group.across, group.down, reach) ?? []);
}
