// Rounds float32 weights to integers: blocks of 4 or 8 bits for MatMulNBits, whole rows of 8 bits for DynamicQuantizeMatMul. Pure functions
// on typed arrays; what a row means, and where bytes go, is the caller's business.

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

/** Candidate scales around the plain one: a slightly smaller scale clips the extreme and serves the many. */
const candidates = [0.8, 0.85, 0.9, 0.95, 1, 1.05] as const;

/** Sum of weighted squared errors when values[from … to] are rounded with this scale and zero. */
function roundingError(values: Float32Array, from: number, to: number, scale: number, zero: number, top: number, importance: Float32Array | null, column: number): number {
  const inverse = 1 / scale;
  let error = 0;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    let q = Math.round(value * inverse) + zero;
    q = q < 0 ? 0 : q > top ? top : q;
    const difference = value - (q - zero) * scale;
    error += difference * difference * (importance ? importance[column + i - from]! : 1);
  }
  return error;
}

/**
 * The scale that fits the integers already chosen best, in the least-squares sense: Σ w·q·x / Σ w·q².
 * Choosing integers and scale in turn only ever lowers the error.
 */
function refitScale(values: Float32Array, from: number, to: number, scale: number, zero: number, top: number, importance: Float32Array | null, column: number): number {
  const inverse = 1 / scale;
  let upper = 0;
  let lower = 0;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    let q = Math.round(value * inverse) + zero;
    q = (q < 0 ? 0 : q > top ? top : q) - zero;
    const weight = importance ? importance[column + i - from]! : 1;
    upper += weight * q * value;
    lower += weight * q * q;
  }
  return lower > 0 && upper / lower > 0 === scale > 0 ? upper / lower : scale;
}

interface Fit {
  scale: number;
  zero: number;
}

function fitSymmetric(values: Float32Array, from: number, to: number, format: BlockFormat, importance: Float32Array | null, column: number): Fit {
  const zero = format.bits === 4 ? 8 : 128;
  const top = 2 * zero - 1;
  let extreme = 0;
  for (let i = from; i < to; i++) if (Math.abs(values[i]!) > Math.abs(extreme)) extreme = values[i]!;
  if (extreme === 0) return { scale: 1, zero };
  // The longer, negative side of the range takes the value of largest magnitude, whatever its sign.
  const plain = extreme / -zero;
  if (!format.search) return { scale: plain, zero };
  let best = plain;
  let least = Number.POSITIVE_INFINITY;
  for (const sign of format.bits === 4 ? [1, -1] : [1]) {
    for (const factor of candidates) {
      const refitted = refitScale(values, from, to, sign * plain * factor, zero, top, importance, column);
      const error = roundingError(values, from, to, refitted, zero, top, importance, column);
      if (error < least) {
        least = error;
        best = refitted;
      }
    }
  }
  return { scale: best, zero };
}

function fitAsymmetric(values: Float32Array, from: number, to: number, format: BlockFormat, importance: Float32Array | null, column: number): Fit {
  const top = (1 << format.bits) - 1;
  // The range includes 0, so that zero stays exactly zero.
  let low = 0;
  let high = 0;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (high === low) return { scale: 1, zero: 0 };
  const fitOf = (factor: number): Fit => {
    const scale = ((high - low) / top) * factor;
    return { scale, zero: Math.min(top, Math.max(0, Math.round(-low / scale))) };
  };
  if (!format.search) return fitOf(1);
  let best = fitOf(1);
  let least = Number.POSITIVE_INFINITY;
  for (const factor of candidates) {
    const { scale, zero } = fitOf(factor);
    const refitted = refitScale(values, from, to, scale, zero, top, importance, column);
    const error = roundingError(values, from, to, refitted, zero, top, importance, column);
    if (error < least) {
      least = error;
      best = { scale: refitted, zero };
    }
  }
  return best;
}

/**
 * Rounds `[rows, columns] float32` to blocks. The last block of a row may be short; its rest holds zeros.
 * @param importance `[columns]`, how much an error in each column matters; null when all count alike
 */
export function quantizeBlocks(values: Float32Array, rows: number, columns: number, format: BlockFormat, importance: Float32Array | null = null): BlockRows {
  const { bits, block } = format;
  const blocks = Math.ceil(columns / block);
  const top = (1 << bits) - 1;
  const blobBytes = (block * bits) / 8;
  const zeroBytes = Math.ceil((blocks * bits) / 8);
  const packed = new Uint8Array(rows * blocks * blobBytes);
  const scales = new Float32Array(rows * blocks);
  const zeros = format.symmetric ? null : new Uint8Array(rows * zeroBytes);
  const fit = format.symmetric ? fitSymmetric : fitAsymmetric;
  for (let row = 0; row < rows; row++) {
    for (let b = 0; b < blocks; b++) {
      const from = row * columns + b * block;
      const to = Math.min(from + block, (row + 1) * columns);
      const { scale, zero } = fit(values, from, to, format, importance, b * block);
      const at = row * blocks + b;
      scales[at] = scale;
      // What is computed later multiplies by the stored float32, so integers are chosen with it.
      const inverse = 1 / scales[at]!;
      if (zeros) zeros[row * zeroBytes + ((b * bits) >> 3)]! |= bits === 8 ? zero : zero << ((b & 1) * 4);
      const blob = at * blobBytes;
      for (let i = 0; i < block; i++) {
        let q = from + i < to ? Math.round(values[from + i]! * inverse) + zero : zero;
        q = q < 0 ? 0 : q > top ? top : q;
        if (bits === 8) packed[blob + i] = q;
        else packed[blob + (i >> 1)]! |= q << ((i & 1) * 4);
      }
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

/** Rounds each row of `[rows, columns]` to int8 with one scale; symmetric, −64 … 64. */
export function quantizeRows(values: Float32Array, rows: number, columns: number): { readonly integers: Int8Array; readonly scales: Float32Array } {
  const integers = new Int8Array(rows * columns);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    let extreme = 0;
    for (let i = from; i < from + columns; i++) {
      const magnitude = Math.abs(values[i]!);
      if (magnitude > extreme) extreme = magnitude;
    }
    const scale = Math.fround(extreme > 0 ? extreme / rowLimit : 1);
    const inverse = 1 / scale;
    scales[row] = scale;
    for (let i = from; i < from + columns; i++) {
      const q = Math.round(values[i]! * inverse);
      integers[i] = q > rowLimit ? rowLimit : q < -rowLimit ? -rowLimit : q;
    }
  }
  return { integers, scales };
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
