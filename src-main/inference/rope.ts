// Rotary position rows: the cosines and sines that graphs take as input, for the decoder (one or three axes) and the vision towers (two).
// Rounds where the reference rounds: at position 10,000 a frequency that is off by one bit turns by a visible angle.
import { tensor, type Tensor } from './tensor.ts';

export interface RopeRows {
  /** `[rows, half] float32` */
  readonly cos: Tensor<'float32'>;
  readonly sin: Tensor<'float32'>;
}

/** 1 / base^(2i/size) for i < size/2, in single precision. */
export function inverseFrequencies(size: number, base: number): Float32Array {
  return Float32Array.from({ length: size / 2 }, (_, i) => Math.fround(1 / Math.fround(base ** Math.fround((2 * i) / size))));
}

function rowsFrom(count: number, half: number, angle: (row: number, i: number) => number): RopeRows {
  const cos = new Float32Array(count * half);
  const sin = new Float32Array(count * half);
  for (let row = 0, at = 0; row < count; row++) {
    for (let i = 0; i < half; i++, at++) {
      const turned = angle(row, i);
      cos[at] = Math.cos(turned);
      sin[at] = Math.sin(turned);
    }
  }
  return { cos: tensor('float32', [count, half], cos), sin: tensor('float32', [count, half], sin) };
}

/** Which axis (0 time, 1 height, 2 width) each of the decoder's frequencies follows. */
export function axisOfFrequency(half: number, section: readonly [number, number, number] | null, interleaved: boolean): Uint8Array {
  const axes = new Uint8Array(half);
  if (!section) return axes;
  const [time, height, width] = section;
  for (let i = 0; i < half; i++) {
    if (interleaved) axes[i] = i % 3 === 1 && i < height * 3 ? 1 : i % 3 === 2 && i < width * 3 ? 2 : 0;
    else axes[i] = i < time ? 0 : i < time + height ? 1 : 2;
  }
  return axes;
}

/** Decoder rows for `positions` `[3, rows]` (time, height, width one after the other). */
export function decoderRope(positions: Int32Array, frequencies: Float32Array, axes: Uint8Array): RopeRows {
  const count = positions.length / 3;
  return rowsFrom(count, frequencies.length, (row, i) => Math.fround(positions[axes[i]! * count + row]! * frequencies[i]!));
}

/** Vision rows: the first half of the frequencies follows the patch's row, the second half its column. */
export function visionRope(rows: Int32Array, columns: Int32Array, headDim: number): RopeRows {
  const frequencies = inverseFrequencies(headDim / 2, 10000);
  const quarter = frequencies.length;
  return rowsFrom(rows.length, quarter * 2, (row, i) => Math.fround(i < quarter ? rows[row]! * frequencies[i]! : columns[row]! * frequencies[i - quarter]!));
}

/**
 * v1: how much the base grows when the whole prompt is longer than the pretraining (1: not at all).
 * @source Qwen-7B `get_ntk_alpha`
 */
export function ntkAlpha(totalLength: number, trainedLength: number): number {
  if (totalLength <= trainedLength) return 1;
  return Math.max(2 ** Math.ceil(Math.log2(totalLength / trainedLength) + 1) - 1, 1);
}

/** v1: factor on the query at each position from `first` on. @source Qwen-7B `logn_tensor` */
export function lognScale(first: number, count: number, trainedLength: number): Tensor<'float32'> {
  const scale = Float32Array.from({ length: count }, (_, at) => Math.max(1, Math.log(first + at + 1) / Math.log(trainedLength)));
  return tensor('float32', [1, count, 1], scale);
}
