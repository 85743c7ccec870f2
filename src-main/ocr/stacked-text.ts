// Vertical Chinese and Japanese: cuts a column of upright characters into square cells and lays them side by side, so that a
// recogniser for horizontal lines can read it, and maps positions back. Knows pixels only.
import type { Quad } from '@contract/geometry.ts';
import type { Picture } from '../inference/image/picture.ts';
import { cropStrip, sideLengths, type Strip } from './crop.ts';
import { inkOf, type LineInk } from './line-ink.ts';

/** Where the cells of a column begin and end, as fractions of its length. */
export interface StackedLine {
  readonly line: { readonly strip: Strip; readonly ink: LineInk; readonly crisper: null; readonly grainy: null; readonly smaller: null; readonly part: null };
  /** Position in the side-by-side strip (pixels) → fraction of the column's length. */
  readonly toColumn: (x: number) => number;
}

/**
 * Rows at which to cut: at each step the emptiest row near one character's height below the last cut.
 * Characters of such a column are as high as it is wide.
 */
export function cellCuts(inkRows: ArrayLike<number>, pitch: number): number[] {
  const cuts = [0];
  while (inkRows.length - cuts.at(-1)! > pitch * 1.35) {
    const from = cuts.at(-1)!;
    let best = Math.round(from + pitch), bestCost = Infinity;
    for (let row = Math.floor(from + pitch * 0.7); row <= Math.min(inkRows.length - 1, from + pitch * 1.3); row++) {
      const cost = (inkRows[row] ?? 0) + (Math.abs(row - from - pitch) / pitch) * 2;
      if (cost < bestCost) {
        bestCost = cost;
        best = row;
      }
    }
    cuts.push(best);
  }
  cuts.push(inkRows.length);
  return cuts;
}

/** `quad` as on the upright page: its first side runs to the right. Null when it is no column. */
export function cutStacked(page: Picture, quad: Quad, height: number, maxCells = 200): StackedLine | null {
  const size = sideLengths(quad);
  if (size.height < size.width * 1.5) return null;
  const columnLength = Math.max(height, Math.round((size.height / size.width) * height));
  const column = cropStrip(page, quad, height, columnLength);
  const ink = inkOf(column);
  const rows = new Float64Array(columnLength);
  for (let y = 0; y < columnLength; y++) for (let x = 0; x < height; x++) rows[y]! += ink.mask[y * height + x]!;
  // Boxes are cut a little wider than the characters: their pitch is the ink's width, not the box's.
  const columns = new Float64Array(height);
  for (let at = 0; at < ink.mask.length; at++) columns[at % height]! += ink.mask[at]!;
  const most = Math.max(1, ...columns);
  let left = 0, right = height - 1;
  while (left < right && columns[left]! < most * 0.1) left++;
  while (right > left && columns[right]! < most * 0.1) right--;
  const pitch = Math.max(height * 0.6, Math.min(height, (right - left + 1) * 1.06));
  const cuts = cellCuts(rows, pitch).slice(0, maxCells + 1);
  const cells = cuts.length - 1;
  const cell = Math.round(pitch);
  const width = Math.max(32, Math.ceil((cells * cell) / 16) * 16);
  const data = new Uint8Array(width * height * 3).fill(paperOf(column, ink));
  for (let at = 0; at < cells; at++) {
    const from = cuts[at]!, to = cuts[at + 1]!;
    // Each cell stands in the middle of the strip's height, in its natural size.
    const copied = Math.min(to - from, height);
    const offset = Math.floor((height - copied) / 2);
    const firstColumn = Math.max(0, Math.floor((height - cell) / 2));
    for (let y = 0; y < copied; y++) {
      for (let x = 0; x < cell && firstColumn + x < height; x++) {
        const source = ((from + y) * height + firstColumn + x) * 3;
        const target = ((offset + y) * width + at * cell + x) * 3;
        data[target] = column.data[source]!;
        data[target + 1] = column.data[source + 1]!;
        data[target + 2] = column.data[source + 2]!;
      }
    }
  }
  const strip = { width, height, data };
  const toColumn = (x: number): number => {
    const at = Math.max(0, Math.min(cells - 1, Math.floor(x / cell)));
    const inside = Math.max(0, Math.min(1, x / cell - at));
    return (cuts[at]! + inside * (cuts[at + 1]! - cuts[at]!)) / columnLength;
  };
  return { line: { strip, ink: inkOf(strip), crisper: null, grainy: null, smaller: null, part: null }, toColumn };
}

/** Mean brightness of what is not ink. */
function paperOf({ data }: Strip, { mask }: LineInk): number {
  let sum = 0, count = 0;
  for (let at = 0; at < mask.length; at++) {
    if (mask[at]) continue;
    sum += data[at * 3 + 1]!;
    count++;
  }
  return count ? Math.round(sum / count) : 255;
}
