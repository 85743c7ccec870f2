// Everything besides pixels that a vision tower needs to know about the grid: rotary rows, attention windows (Qwen2.5-VL), positions on
// the learned grid (Qwen3-VL). Knows grids, no pixels.
import type { PackageVisionConfig } from '../../model/package-format.ts';
import { visionRope, type RopeRows } from '../rope.ts';
import { tensor, type Tensor } from '../tensor.ts';
import { patchOrder, type PatchGrid } from './patches.ts';

/** A score far below all others; half precision holds it. */
const unseen = -10_000;

export interface WindowPlan {
  /** `[merged tokens]`: which merged token of the picture stands at each place in window order. */
  readonly order: Int32Array;
  /** `[W, L] int64` row of each slot, `[W, 1, L, L] float32` score that keeps padding unseen, `[N] int64` slot of each row; rows are patches in window order. */
  readonly rows: Tensor<'int64'>;
  readonly bias: Tensor<'float32'>;
  readonly slots: Tensor<'int64'>;
  /** Bounds of the windows in patches. */
  readonly bounds: readonly number[];
}

/**
 * Qwen2.5-VL: square windows of merged tokens, row by row, cut at the right and bottom edges.
 * @source transformers `Qwen2_5_VisionTransformer.get_window_index`
 */
export function planWindows(grid: PatchGrid, mergeSize: number, side: number): WindowPlan {
  const height = grid.height / mergeSize;
  const width = grid.width / mergeSize;
  const perToken = mergeSize * mergeSize;
  const order = new Int32Array(height * width);
  const bounds = [0];
  let at = 0;
  for (let top = 0; top < height; top += side) {
    for (let left = 0; left < width; left += side) {
      for (let row = top; row < Math.min(top + side, height); row++) {
        for (let column = left; column < Math.min(left + side, width); column++) order[at++] = row * width + column;
      }
      bounds.push(at * perToken);
    }
  }
  const windows = bounds.length - 1;
  const longest = bounds.reduce((most, bound, i) => (i === 0 ? most : Math.max(most, bound - bounds[i - 1]!)), 0);
  const rows = new BigInt64Array(windows * longest);
  const bias = new Float32Array(windows * longest * longest);
  const slots = new BigInt64Array(at * perToken);
  for (let window = 0; window < windows; window++) {
    for (let row = bounds[window]!, slot = window * longest; row < bounds[window + 1]!; row++, slot++) {
      rows[slot] = BigInt(row);
      slots[row] = BigInt(slot);
    }
    const used = bounds[window + 1]! - bounds[window]!;
    for (let line = window * longest ** 2, end = line + longest ** 2; line < end; line += longest) {
      bias.fill(unseen, line + used, line + longest);
    }
  }
  return { order, bounds, rows: tensor('int64', [windows, longest], rows), bias: tensor('float32', [windows, 1, longest, longest], bias), slots: tensor('int64', [slots.length], slots) };
}

/** `count` values from 0 to `last`, rounded as torch.linspace rounds. */
function linspace(last: number, count: number): Float32Array {
  if (count === 1) return new Float32Array(1);
  const step = Math.fround(last / (count - 1));
  return Float32Array.from({ length: count }, (_, i) => (i < count / 2 ? Math.fround(step * i) : Math.fround(last - Math.fround(step * (count - 1 - i)))));
}

/**
 * Qwen3-VL: the four neighbours on the learned `side` × `side` grid and their bilinear weights, per patch row.
 * @source transformers `Qwen3VLVisionModel.fast_pos_embed_interpolate`
 */
export function learnedPositions(grid: PatchGrid, mergeSize: number, side: number): { index: Tensor<'int64'>; weight: Tensor<'float32'> } {
  const { rows, columns } = patchOrder(grid, mergeSize);
  const down = linspace(side - 1, grid.height);
  const across = linspace(side - 1, grid.width);
  const count = rows.length;
  const index = new BigInt64Array(4 * count);
  const weight = new Float32Array(4 * count);
  for (let at = 0; at < count; at++) {
    const y = down[rows[at]!]!;
    const x = across[columns[at]!]!;
    const top = Math.trunc(y);
    const left = Math.trunc(x);
    const bottom = Math.min(top + 1, side - 1);
    const right = Math.min(left + 1, side - 1);
    const dy = Math.fround(y - top);
    const dx = Math.fround(x - left);
    [[top, left, (1 - dy) * (1 - dx)], [top, right, (1 - dy) * dx], [bottom, left, dy * (1 - dx)], [bottom, right, dy * dx]].forEach(([row, column, part], corner) => {
      index[corner * count + at] = BigInt(row! * side + column!);
      weight[corner * count + at] = part!;
    });
  }
  return { index: tensor('int64', [4, count], index), weight: tensor('float32', [4, count], weight) };
}

/** Rotary rows of a grid, in merge-block order. */
export function gridRope(grid: PatchGrid, config: PackageVisionConfig): RopeRows {
  const { rows, columns } = patchOrder(grid, config.mergeSize);
  return visionRope(rows, columns, config.hiddenSize / config.heads);
}

/** The rows of a tensor with whole groups (rows / order.length each) put into `order`. */
export function reorderRows(source: Tensor<'float32'>, order: Int32Array): Tensor<'float32'> {
  const size = source.data.length / order.length;
  const data = new Float32Array(source.data.length);
  order.forEach((from, to) => data.set(source.data.subarray(from * size, (from + 1) * size), to * size));
  return tensor('float32', source.dims, data);
}

/** Undoes `reorderRows` with the same order, one row per group. */
export function restoreRows(source: Tensor<'float32'>, order: Int32Array): Tensor<'float32'> {
  const size = source.data.length / order.length;
  const data = new Float32Array(source.data.length);
  order.forEach((to, from) => data.set(source.data.subarray(from * size, (from + 1) * size), to * size));
  return tensor('float32', source.dims, data);
}
