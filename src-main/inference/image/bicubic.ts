// Bicubic resizing with antialiasing, bit for bit what Pillow does to 8-bit pictures: the models were trained on its pixels.
// Knows nothing of models.
import { picture, type Picture } from './picture.ts';

/** Fixed-point bits of the weights. @source Pillow `Resample.c` PRECISION_BITS */
const precisionBits = 22;
const half = 2 ** (precisionBits - 1);
const unit = 2 ** precisionBits;

/** Keys' cubic with a = -0.5. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  const a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

interface Weights {
  /** Where each output's first source pixel lies, and how many it takes. */
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** `taps` fixed-point weights per output. */
  readonly values: Int32Array;
  readonly taps: number;
}

/** @source Pillow `Resample.c` precompute_coeffs, normalize_coeffs_8bpc */
function weightsFor(inputSize: number, outputSize: number): Weights {
  const scale = inputSize / outputSize;
  const filterScale = Math.max(1, scale);
  const support = 2 * filterScale;
  const taps = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(outputSize);
  const counts = new Int32Array(outputSize);
  const values = new Int32Array(outputSize * taps);
  const row = new Float64Array(taps);
  for (let at = 0; at < outputSize; at++) {
    const center = (at + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(inputSize, Math.trunc(center + support + 0.5)) - start;
    let sum = 0;
    for (let x = 0; x < count; x++) sum += row[x] = cubic((x + start - center + 0.5) * (1 / filterScale));
    for (let x = 0; x < count; x++) {
      const weight = (sum === 0 ? row[x]! : row[x]! / sum) * unit;
      values[at * taps + x] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    starts[at] = start;
    counts[at] = count;
  }
  return { starts, counts, values, taps };
}

const clamp = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value);

function resizeRows(source: Uint8Array, width: number, height: number, newWidth: number): Uint8Array {
  const { starts, counts, values, taps } = weightsFor(width, newWidth);
  const target = new Uint8Array(newWidth * height * 3);
  for (let y = 0; y < height; y++) {
    const line = y * width * 3;
    let to = y * newWidth * 3;
    for (let x = 0; x < newWidth; x++, to += 3) {
      let red = half;
      let green = half;
      let blue = half;
      let from = line + starts[x]! * 3;
      const first = x * taps;
      for (let tap = first, end = first + counts[x]!; tap < end; tap++, from += 3) {
        const weight = values[tap]!;
        red += source[from]! * weight;
        green += source[from + 1]! * weight;
        blue += source[from + 2]! * weight;
      }
      target[to] = clamp(red >> precisionBits);
      target[to + 1] = clamp(green >> precisionBits);
      target[to + 2] = clamp(blue >> precisionBits);
    }
  }
  return target;
}

function resizeColumns(source: Uint8Array, width: number, height: number, newHeight: number): Uint8Array {
  const { starts, counts, values, taps } = weightsFor(height, newHeight);
  const stride = width * 3;
  const target = new Uint8Array(stride * newHeight);
  const sums = new Float64Array(stride);
  for (let y = 0; y < newHeight; y++) {
    sums.fill(half);
    for (let tap = 0; tap < counts[y]!; tap++) {
      const weight = values[y * taps + tap]!;
      const line = (starts[y]! + tap) * stride;
      for (let x = 0; x < stride; x++) sums[x]! += source[line + x]! * weight;
    }
    for (let x = 0, to = y * stride; x < stride; x++, to++) target[to] = clamp(sums[x]! >> precisionBits);
  }
  return target;
}

/** `source` at exactly `width` × `height`, equal to Pillow's `resize(…, BICUBIC)` in every byte. */
export function resizeBicubic(source: Picture, width: number, height: number): Picture {
  let data = source.data;
  if (width !== source.width) data = resizeRows(data, source.width, source.height, width);
  if (height !== source.height) data = resizeColumns(data, width, source.height, height);
  return picture(width, height, data);
}
