// Streams checkpoint matrices into graph constants: as they are, rounded to blocks, rounded by rows, or repacked. Each plan holds a
// small piece at a time, so that a 7B model compiles in little memory.
import { throwIfCancelled, type Job } from '../base/job.ts';
import { assert } from '../base/errors.ts';
import { type ElementType, toHalves } from '../model/element-type.ts';
import type { Matrix } from '../model/matrix.ts';
import type { PackedMatrix } from '../model/packed-matrix.ts';
import type { Vector } from './checkpoint-weights.ts';
import type { GraphType } from './graph.ts';
import type { WeightPlan } from './graph-builder.ts';
import { quantizeBlocks, quantizeRows } from './quantize.ts';
import type { ComputeType, WeightFormat } from './weight-formats.ts';

/** Elements that are converted at once: few enough to stay in a processor's cache. */
const pieceElements = 1 << 19;

const stored16: Partial<Record<ElementType, GraphType>> = { bf16: 'bfloat16', f16: 'float16' };

function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function encode(values: Float32Array, type: ComputeType): Uint8Array {
  return bytesOf(type === 'float16' ? toHalves(values) : values);
}

/** Reads consecutive pieces of rows and gives them to `take`, the next one being read meanwhile. */
async function byPieces<T>(job: Job, matrix: Matrix, read: (start: number, count: number) => Promise<T>, take: (piece: T, start: number, count: number) => Promise<void>): Promise<void> {
  const step = Math.max(4, Math.floor(pieceElements / matrix.columns) & ~3);
  const readAt = (start: number): Promise<T> | null => {
    const piece = start < matrix.rows ? read(start, Math.min(step, matrix.rows - start)) : null;
    // awaited in its turn; a failure before that is no unhandled one
    piece?.catch(() => {});
    return piece;
  };
  let next = readAt(0);
  for (let start = 0; next; start += step) {
    throwIfCancelled(job);
    const piece: T = await next;
    next = readAt(start + step);
    await take(piece, start, Math.min(step, matrix.rows - start));
    job.progress('compiling', Math.min(1, (start + step) / matrix.rows), matrix.label);
  }
}

/** `[rows, columns]` in float32 or float16; with `keepStored`, a 16-bit matrix keeps its own type and bytes. */
export function densePlan(name: string, matrix: Matrix, type: ComputeType, keepStored: boolean): WeightPlan {
  const own = keepStored && matrix.readStoredRows ? stored16[matrix.type] : undefined;
  const graphType: GraphType = own ?? (keepStored ? 'float16' : type);
  const size = graphType === 'float32' ? 4 : 2;
  return {
    parts: [{ name, type: graphType, dims: [matrix.rows, matrix.columns] }],
    readBytes: matrix.readBytes,
    fill: ([constant], job, write) => byPieces(
      job, matrix,
      async (start, count) => (own ? await matrix.readStoredRows!(start, count) : encode(await matrix.readRows(start, count), graphType === 'float32' ? 'float32' : 'float16')),
      (bytes, start) => write(constant!, start * matrix.columns * size, bytes),
    ),
  };
}

/** MatMulNBits: packed integers, scales, and zero points unless symmetric. */
export function blockPlan(name: string, matrix: Matrix, format: WeightFormat, type: ComputeType, importance: Vector | null): WeightPlan {
  const bits = format.type === 'int8' ? 8 : 4;
  const blocks = Math.ceil(matrix.columns / format.block);
  const blobBytes = (format.block * bits) / 8;
  const zeroBytes = Math.ceil((blocks * bits) / 8);
  const scaleSize = type === 'float16' ? 2 : 4;
  return {
    parts: [
      { name: `${name}/integers`, type: 'uint8', dims: [matrix.rows, blocks, blobBytes] },
      { name: `${name}/scales`, type, dims: [matrix.rows, blocks] },
      ...(format.symmetric ? [] : [{ name: `${name}/zeros`, type: 'uint8' as const, dims: [matrix.rows, zeroBytes] }]),
    ],
    readBytes: matrix.readBytes,
    async fill([integers, scales, zeros], job, write) {
      const weights = importance ? (await importance.read()).map((value) => value * value) : null;
      await byPieces(job, matrix, matrix.readRows, async (values, start, count) => {
        const data = quantizeBlocks(values, count, matrix.columns, { bits, block: format.block, symmetric: format.symmetric, search: format.search }, weights);
        await write(integers!, start * blocks * blobBytes, data.packed);
        await write(scales!, start * blocks * scaleSize, encode(data.scales, type));
        if (zeros) await write(zeros, start * zeroBytes, data.zeros!);
      });
    },
  };
}

/** Columns that are turned together: their target's cache lines stay at hand until they are full. */
const turnedColumns = 128;

/** Writes `[count, columns]` as columns `start … start + count` of a `[columns, rows]` target. */
function turnInto(target: Int8Array, rows: number, start: number, source: Int8Array, count: number, columns: number): void {
  // four rows make a word of the target, where that is aligned
  const words = rows % 4 === 0 && start % 4 === 0 ? new Int32Array(target.buffer, target.byteOffset, target.byteLength >> 2) : null;
  const whole = words ? count - (count % 4) : 0;
  for (let first = 0; first < columns; first += turnedColumns) {
    const end = Math.min(first + turnedColumns, columns);
    for (let row = 0; row < whole; row += 4) {
      const [a, b, c, d] = [row * columns, (row + 1) * columns, (row + 2) * columns, (row + 3) * columns];
      for (let column = first; column < end; column++) {
        words![(column * rows + start + row) >> 2] = (source[a + column]! & 255) | ((source[b + column]! & 255) << 8) | ((source[c + column]! & 255) << 16) | (source[d + column]! << 24);
      }
    }
    for (let row = whole; row < count; row++) for (let column = first; column < end; column++) target[column * rows + start + row] = source[row * columns + column]!;
  }
}

/** DynamicQuantizeMatMul: int8 `[columns, rows]` and one float32 scale per row of the checkpoint's matrix. */
export function rowPlan(name: string, matrix: Matrix): WeightPlan {
  return {
    parts: [
      { name: `${name}/integers`, type: 'int8', dims: [matrix.columns, matrix.rows] },
      { name: `${name}/scales`, type: 'float32', dims: [matrix.rows] },
    ],
    readBytes: matrix.readBytes,
    async fill([integers, scales], job, write) {
      const turned = new Int8Array(matrix.rows * matrix.columns);
      const allScales = new Float32Array(matrix.rows);
      await byPieces(job, matrix, matrix.readRows, async (values, start, count) => {
        const data = quantizeRows(values, count, matrix.columns);
        allScales.set(data.scales, start);
        turnInto(turned, matrix.rows, start, data.integers, count, matrix.columns);
      });
      await write(integers!, 0, bytesOf(turned));
      await write(scales!, 0, bytesOf(allScales));
    },
  };
}

/** Packed modules of one width and group order as one MatMulNBits weight: the same integers, in its layout. */
export function packedPlan(name: string, parts: readonly PackedMatrix[], symmetric: boolean, type: ComputeType): WeightPlan {
  const [first] = parts;
  assert(first && parts.every((part) => part.columns === first.columns && part.bits === first.bits && part.groupSize === first.groupSize), `${name}: packed parts are alike`);
  const { bits, groupSize, columns } = first;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const groups = columns / groupSize;
  const rowBytes = (columns * bits) / 8;
  const zeroBytes = Math.ceil((groups * bits) / 8);
  const scaleSize = type === 'float16' ? 2 : 4;
  return {
    parts: [
      { name: `${name}/integers`, type: 'uint8', dims: [rows, groups, (groupSize * bits) / 8] },
      { name: `${name}/scales`, type, dims: [rows, groups] },
      ...(symmetric ? [] : [{ name: `${name}/zeros`, type: 'uint8' as const, dims: [rows, zeroBytes] }]),
    ],
    readBytes: parts.reduce((sum, part) => sum + part.readBytes, 0),
    async fill([integers, scales, zeros], job, write) {
      let top = 0;
      for (const part of parts) {
        throwIfCancelled(job);
        const data = await part.readIntegers();
        const packed = bits === 8 ? data.integers : new Uint8Array(part.rows * rowBytes);
        if (bits === 4) for (let i = 0; i < packed.length; i++) packed[i] = data.integers[2 * i]! | (data.integers[2 * i + 1]! << 4);
        await write(integers!, top * rowBytes, packed);
        await write(scales!, top * groups * scaleSize, encode(data.scales, type));
        const packedZeros = new Uint8Array(part.rows * zeroBytes);
        for (let row = 0; row < part.rows; row++) {
          for (let group = 0; group < groups; group++) packedZeros[row * zeroBytes + ((group * bits) >> 3)]! |= data.zeros[row * groups + group]! << (((group * bits) & 7));
        }
        if (zeros) await write(zeros, top * zeroBytes, packedZeros);
        top += part.rows;
      }
    },
  };
}

/** A bias or a norm's weight. */
export function vectorPlan(name: string, vector: Vector, type: ComputeType): WeightPlan {
  return {
    parts: [{ name, type, dims: [vector.length] }],
    readBytes: 0,
    fill: async ([constant], _job, write) => write(constant!, 0, encode(await vector.read(), type)),
  };
}

/** The order in which a packed module wants its inputs, as indices for Gather. */
export function columnOrderPlan(name: string, matrix: PackedMatrix): WeightPlan {
  return {
    parts: [{ name: `${name}/order`, type: 'int64', dims: [matrix.columns] }],
    readBytes: 0,
    fill: async ([constant], _job, write) => write(constant!, 0, bytesOf(BigInt64Array.from(await matrix.columnOrder(), BigInt))),
  };
}

/** A float32 constant that is computed from small parts of the checkpoint. */
export function computedPlan(name: string, dims: readonly number[], compute: () => Promise<Float32Array>): WeightPlan {
  return { parts: [{ name, type: 'float32', dims }], readBytes: 0, fill: async ([constant], _job, write) => write(constant!, 0, bytesOf(await compute())) };
}
