// Rounds weights to integers: blocks of 4 or 8 bits for MatMulNBits, whole rows of 8 bits for DynamicQuantizeMatMul. Pure functions
// on typed arrays; what a row means, and where bytes go, is the caller's business.

import { RoundingKernel } from './rounding-kernel.ts';

/** How a matrix is rounded block by block along its columns. */
export interface BlockFormat {
  readonly bits: 4 | 8;
  readonly block: number;
  /** Zero in the middle of the range (no zero points stored). */
  readonly symmetric: boolean;
  /** Tries several scales per block and keeps the one with the least (weighted) squared error. */
  readonly search: boolean;
}

/** `rows` rows of MatMulNBits data. */
export interface BlockRows {
  /** `[rows, blocks, block * bits / 8]`, low nibble first. */
  readonly packed: Uint8Array;
  /** `[rows, blocks]`. */
  readonly scales: Float32Array;
  /** `[rows, ceil(blocks * bits / 8)]`; null when symmetric. */
  readonly zeros: Uint8Array | null;
}

/** Scales around the plain one: a slightly smaller scale clips the extreme and serves the many. */
const factors = [0.88, 1.06, 0.76, 0.82, 0.94, 1];
/** With the first of them it is also tried which end of the range shall have one step more. With the others it would pay little. */
const mirrored = 2;

/** What a value counts in the search: this many units to a step of the integers, so that values, and their products with the importance, fit 16 bits. */
const unitsOf = (bits: 4 | 8): number => (bits === 4 ? 512 : 32);

/** Importance that fits 16 bits once it is multiplied by an integer. */
const mostImportance = (bits: 4 | 8, symmetric: boolean): number => Math.floor(32760 / (symmetric ? 1 << (bits - 1) : (1 << bits) - 1));

/** Larger blocks are rounded the plain way: their sums would not fit 32 bits. */
const mostSearched = (bits: 4 | 8): number => (bits === 4 ? 4096 : 256);

let made: RoundingKernel | null = null;
const theKernel = (): RoundingKernel => (made ??= new RoundingKernel());

/** Rows that are rounded together, in memory that the next piece takes over. */
export interface Piece {
  readonly type: 'f32' | 'bf16';
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]`, to be filled by the caller. */
  readonly bytes: Uint8Array;
}

/** Room for a piece, to be read from position `readAt` of a file; the one before and its integers are gone. */
export function openPiece(type: Piece['type'], rows: number, columns: number, readAt?: number): Piece {
  return { type, rows, columns, bytes: theKernel().source(rows * columns * (type === 'f32' ? 4 : 2), readAt) };
}

/** `[rows, columns] float32` as a piece. */
export function pieceOf(values: Float32Array, rows: number, columns: number): Piece {
  const piece = openPiece('f32', rows, columns);
  piece.bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return piece;
}

interface Fit {
  readonly scale: number;
  readonly zero: number;
}

/** The factor of a start whose scale is `factor` times the plain one. */
const startFactor = (bits: 4 | 8, factor: number): number => Math.round(32768 / (unitsOf(bits) * factor));

/** The longer side of the range takes the value of largest magnitude, or the other side does, by a negative scale. */
function setSymmetricStarts(kernel: RoundingKernel, bits: 4 | 8): void {
  const half = 1 << (bits - 1);
  for (const [at, factor] of factors.entries()) kernel.setStart(at, startFactor(bits, factor), -half, half - 1, 1 - half, half);
}

/** The scale and the zero point of values[from … to) of the kernel's row. */
function fitAsymmetric(kernel: RoundingKernel, from: number, to: number, { bits, search }: BlockFormat): Fit {
  const top = (1 << bits) - 1;
  // The range includes 0, so that zero stays exactly zero.
  kernel.findExtremes(from, to);
  const { least, most } = kernel;
  if (most === least) return { scale: 1, zero: 0 };
  const plain = (most - least) / top;
  const within = (zero: number): number => Math.min(top, Math.max(0, zero));
  if (!search) return { scale: plain, zero: within(Math.round(-least / plain)) };
  // where zero would lie exactly, and the integers on either side of it
  const exact = -least / plain;
  for (let at = 0; at < factors.length; at++) {
    const below = within(Math.floor(exact / factors[at]!));
    const above = within(below + 1);
    kernel.setStart(at, startFactor(bits, factors[at]!), -below, top - below, -above, top - above);
  }
  const found = kernel.search(from, to, 1 / plain, unitsOf(bits), factors.length, factors.length);
  if (found === null) return { scale: plain, zero: within(Math.round(exact)) };
  return { scale: plain * found, zero: within(within(Math.floor(exact / factors[kernel.foundStart]!)) + kernel.foundRange) };
}

/**
 * Rounds a piece to blocks. The last block of a row may be short; its rest holds zeros. The integers lie in the piece's memory.
 * @param importance `[columns]`, how much an error in each column matters; null when all count alike
 * @param writeAt position of a file that the integers will be written to
 */
export function quantizeBlocks({ type, rows, columns }: Piece, format: BlockFormat, importance: Float32Array | null = null, writeAt?: number): BlockRows {
  const { bits, block } = format;
  const blocks = Math.ceil(columns / block);
  const top = (1 << bits) - 1;
  const rowBytes = (blocks * block * bits) / 8;
  const zeroBytes = Math.ceil((blocks * bits) / 8);
  const kernel = theKernel();
  const packed = kernel.target(rows * rowBytes, writeAt);
  const scales = new Float32Array(rows * blocks);
  const zeros = format.symmetric ? null : new Uint8Array(rows * zeroBytes);
  const chosen = { ...format, search: format.search && block <= mostSearched(bits) };
  kernel.setWeights(importance, block, mostImportance(bits, format.symmetric));
  if (format.symmetric) setSymmetricStarts(kernel, bits);
  for (let row = 0; row < rows; row++) {
    kernel.takeRow(type, row, columns, blocks * block);
    if (!zeros) {
      const [pairs, count] = chosen.search ? [mirrored, factors.length] : [0, 0];
      scales.set(kernel.roundRow(bits, blocks, block, unitsOf(bits), pairs, count, row * rowBytes), row * blocks);
      continue;
    }
    for (let b = 0; b < blocks; b++) {
      const { scale, zero } = fitAsymmetric(kernel, b * block, (b + 1) * block, chosen);
      const at = row * blocks + b;
      scales[at] = scale;
      zeros[row * zeroBytes + ((b * bits) >> 3)]! |= bits === 8 ? zero : zero << ((b & 1) * 4);
      // What is computed later multiplies by the stored float32, so integers are chosen with it.
      kernel.pack(bits, b * block, (b + 1) * block, 1 / scales[at]!, -zero, top - zero, zero, row * rowBytes + (b * block * bits) / 8);
    }
  }
  return { packed, scales, zeros };
}

/** The float32 values that MatMulNBits computes with. */
export function dequantizeBlocks(data: BlockRows, rows: number, columns: number, format: Pick<BlockFormat, 'bits' | 'block'>): Float32Array {
  const { bits, block } = format;
  const blocks = Math.ceil(columns / block);
  const zeroBytes = Math.ceil((blocks * bits) / 8);
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const b = Math.floor(column / block);
      const at = row * blocks + b;
      const place = at * block + (column % block);
      const q = bits === 8 ? data.packed[place]! : (data.packed[place >> 1]! >> ((place & 1) * 4)) & 15;
      const stored = data.zeros ? data.zeros[row * zeroBytes + ((b * bits) >> 3)]! : 0;
      const zero = data.zeros ? (bits === 8 ? stored : (stored >> ((b & 1) * 4)) & 15) : 1 << (bits - 1);
      out[row * columns + column] = (q - zero) * data.scales[at]!;
    }
  }
  return out;
}

/**
 * Largest integer of a row. Processors without VNNI add two products of 8-bit activations and weights in 16 bits, saturating:
 * 2 · 255 · 64 still fits, 2 · 255 · 127 does not (measured on AVX2: 20 % error instead of 2 %). A package runs on any processor.
 * @source ONNX Runtime documentation, "Quantize ONNX models", reduce_range
 */
const rowLimit = 64;

const sixteens = (count: number): number => Math.ceil(count / 16) * 16;

/** Rows rounded to int8 with one scale each; symmetric, −64 … 64. */
export interface TurnedRows {
  /** `[columns, stride] int8`, of which the first `rows` bytes of every line count. In the piece's memory. */
  readonly turned: Uint8Array;
  readonly stride: number;
  /** `[rows]`. */
  readonly scales: Float32Array;
}

/** Rounds each row of a piece to int8 and turns rows into columns. */
export function quantizeRows({ type, rows, columns }: Piece): TurnedRows {
  const [stride, width] = [sixteens(rows), sixteens(columns)];
  const kernel = theKernel();
  const both = kernel.target(2 * stride * width);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    kernel.takeRow(type, row, columns, width);
    kernel.findExtremes(0, width);
    const extreme = Math.max(-kernel.least, kernel.most);
    scales[row] = extreme > 0 ? extreme / rowLimit : 1;
    kernel.pack(8, 0, width, 1 / scales[row]!, -rowLimit, rowLimit, 0, row * width);
  }
  kernel.turnTarget(stride, width);
  return { turned: both.subarray(stride * width, stride * width + columns * stride), stride, scales };
}

/** Root of the summed squared error over the root of the summed squares: how much of a weight rounding took. */
export function relativeError(exact: Float32Array, rounded: Float32Array): number {
  let error = 0;
  let size = 0;
  for (let i = 0; i < exact.length; i++) {
    error += (exact[i]! - rounded[i]!) ** 2;
    size += exact[i]! ** 2;
  }
  return size > 0 ? Math.sqrt(error / size) : 0;
}
