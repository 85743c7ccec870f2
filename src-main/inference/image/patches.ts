// Cuts a resized picture into the rows that a vision tower takes: normalised, in the order of the published processors.
// Knows sizes and orders, no model.
import { assert } from '../../base/errors.ts';
import { tensor, type Tensor } from '../tensor.ts';
import type { Picture } from './picture.ts';

export interface PatchLayout {
  readonly patchSize: number;
  /** Still pictures are repeated this often along time. */
  readonly temporalPatchSize: number;
  /** Patches per side that become one token: rows come in blocks of mergeSize × mergeSize. */
  readonly mergeSize: number;
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** Patches per column and row. */
export interface PatchGrid {
  readonly height: number;
  readonly width: number;
}

/** What each byte of each channel becomes, in the reference's own single-precision steps. */
function normalisation({ mean, std }: PatchLayout): Float32Array {
  const table = new Float32Array(3 * 256);
  for (let channel = 0; channel < 3; channel++) {
    const shift = Math.fround(mean[channel]!);
    const scale = Math.fround(std[channel]!);
    for (let value = 0; value < 256; value++) {
      table[channel * 256 + value] = Math.fround(Math.fround(Math.fround(value * (1 / 255)) - shift) / scale);
    }
  }
  return table;
}

export function gridOf(size: { width: number; height: number }, patchSize: number): PatchGrid {
  return { height: size.height / patchSize, width: size.width / patchSize };
}

/**
 * For each row of the patch tensor, the patch's place in the grid: blocks of mergeSize × mergeSize from the top left, row by row, and
 * inside a block row by row again.
 */
export function patchOrder(grid: PatchGrid, mergeSize: number): { rows: Int32Array; columns: Int32Array } {
  const rows = new Int32Array(grid.height * grid.width);
  const columns = new Int32Array(rows.length);
  let at = 0;
  for (let blockRow = 0; blockRow < grid.height; blockRow += mergeSize) {
    for (let blockColumn = 0; blockColumn < grid.width; blockColumn += mergeSize) {
      for (let row = 0; row < mergeSize; row++) {
        for (let column = 0; column < mergeSize; column++, at++) {
          rows[at] = blockRow + row;
          columns[at] = blockColumn + column;
        }
      }
    }
  }
  return { rows, columns };
}

/**
 * `[patches, 3 * temporal * patch * patch] float32`, columns ordered channel, time, row, column.
 * The picture's sides must be multiples of patchSize * mergeSize.
 */
export function cutPatches(source: Picture, layout: PatchLayout): { patches: Tensor<'float32'>; grid: PatchGrid } {
  const { patchSize, temporalPatchSize, mergeSize } = layout;
  assert(source.width % (patchSize * mergeSize) === 0 && source.height % (patchSize * mergeSize) === 0, 'a picture is resized to whole blocks before it is cut');
  const grid = gridOf(source, patchSize);
  const { rows, columns } = patchOrder(grid, mergeSize);
  const table = normalisation(layout);
  const area = patchSize * patchSize;
  const columnsPerPatch = 3 * temporalPatchSize * area;
  const data = new Float32Array(rows.length * columnsPerPatch);
  for (let patch = 0; patch < rows.length; patch++) {
    for (let channel = 0; channel < 3; channel++) {
      const first = patch * columnsPerPatch + channel * temporalPatchSize * area;
      let to = first;
      for (let y = 0; y < patchSize; y++) {
        let from = ((rows[patch]! * patchSize + y) * source.width + columns[patch]! * patchSize) * 3 + channel;
        for (let x = 0; x < patchSize; x++, from += 3) data[to++] = table[channel * 256 + source.data[from]!]!;
      }
      for (let time = 1; time < temporalPatchSize; time++) data.copyWithin(first + time * area, first, first + area);
    }
  }
  return { patches: tensor('float32', [rows.length, columnsPerPatch], data), grid };
}
