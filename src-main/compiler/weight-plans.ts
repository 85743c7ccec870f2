// How checkpoint matrices become graph constants: as they are, rounded to blocks, rounded by rows, or repacked. Each plan cuts its matrix
// into small pieces for any thread to do, so that a 7B model compiles in little memory.
import { assert } from '../base/errors.ts';
import type { ElementType } from '../model/element-type.ts';
import type { Matrix } from '../model/matrix.ts';
import type { PackedMatrix } from '../model/packed-matrix.ts';
import type { Vector } from './checkpoint-weights.ts';
import type { ConstantTarget, GraphType } from './graph.ts';
import type { WeightPlan } from './graph-builder.ts';
import { bytesOf, encode, type RowSource, type WeightTask } from './weight-task.ts';
import type { ComputeType, WeightFormat } from './weight-formats.ts';

/** Elements that are converted at once: few enough to stay in a processor's cache. */
const pieceElements = 1 << 19;

const stored16: Partial<Record<ElementType, GraphType>> = { bf16: 'bfloat16', f16: 'float16' };

/** Cuts a matrix into pieces of rows and has the task done that `give` makes of each. */
async function byPieces(target: ConstantTarget, matrix: Matrix, give: (source: RowSource, start: number) => WeightTask): Promise<void> {
  // whole sixteens, which turn into columns best
  const step = Math.max(16, Math.floor(pieceElements / matrix.columns) & ~15);
  const done: Promise<void>[] = [];
  for (let start = 0; start < matrix.rows; start += step) {
    const rows = Math.min(step, matrix.rows - start);
    const run = async (from: RowSource['from']): Promise<void> => {
      await target.run(give({ rows, columns: matrix.columns, from }, start));
      target.progress((matrix.readBytes * rows) / matrix.rows, matrix.label);
    };
    // values that had to be computed here lie in memory until their task is done: one piece of them at a time
    if (matrix.storedRows) done.push(run({ type: matrix.type, stored: matrix.storedRows(start, rows) }));
    else await run({ values: await matrix.readRows(start, rows) });
  }
  await Promise.all(done);
}

/** `[rows, columns]` in float32 or float16; with `keepStored`, a 16-bit matrix keeps its own type and bytes. */
export function densePlan(name: string, matrix: Matrix, type: ComputeType, keepStored: boolean): WeightPlan {
  const own = keepStored && matrix.storedRows ? stored16[matrix.type] : undefined;
  const other = keepStored ? 'float16' : type;
  const rowBytes = matrix.columns * (own || other === 'float16' ? 2 : 4);
  return {
    parts: [{ name, type: own ?? other, dims: [matrix.rows, matrix.columns] }],
    readBytes: matrix.readBytes,
    fill: ([constant], target) => byPieces(target, matrix, (source, start) => ({ do: 'copy', source, as: own ? 'stored' : other, to: target.placeOf(constant!, start * rowBytes) })),
  };
}

/** MatMulNBits: packed integers, scales, and zero points unless symmetric. */
export function blockPlan(name: string, matrix: Matrix, format: WeightFormat, type: ComputeType, importance: Vector | null): WeightPlan {
  const bits = format.type === 'int8' ? 8 : 4;
  const blocks = Math.ceil(matrix.columns / format.block);
  const blobBytes = (format.block * bits) / 8;
  const zeroBytes = Math.ceil((blocks * bits) / 8);
  const scaleSize = type === 'float16' ? 2 : 4;
  const { block, symmetric, search } = format;
  return {
    parts: [
      { name: `${name}/integers`, type: 'uint8', dims: [matrix.rows, blocks, blobBytes] },
      { name: `${name}/scales`, type, dims: [matrix.rows, blocks] },
      ...(symmetric ? [] : [{ name: `${name}/zeros`, type: 'uint8' as const, dims: [matrix.rows, zeroBytes] }]),
    ],
    readBytes: matrix.readBytes,
    async fill([integers, scales, zeros], target) {
      const weights = importance ? (await importance.read()).map((value) => value * value) : null;
      await byPieces(target, matrix, (source, start) => ({
        do: 'blocks', source, format: { bits, block, symmetric, search }, importance: weights, scaleType: type,
        integers: target.placeOf(integers!, start * blocks * blobBytes),
        scales: target.placeOf(scales!, start * blocks * scaleSize),
        zeros: zeros ? target.placeOf(zeros, start * zeroBytes) : null,
      }));
    },
  };
}

/** DynamicQuantizeMatMul: int8 `[columns, rows]` and one float32 scale per row of the checkpoint's matrix. */
export function rowPlan(name: string, matrix: Matrix): WeightPlan {
  return {
    parts: [
      { name: `${name}/integers`, type: 'int8', dims: [matrix.columns, matrix.rows] },
      { name: `${name}/scales`, type: 'float32', dims: [matrix.rows] },
    ],
    readBytes: matrix.readBytes,
    async fill([integers, scales], target) {
      // every piece holds a part of every column: they meet in memory
      const [integerBytes, scaleBytes] = [integers!.byteLength, scales!.byteLength];
      const scalesAt = Math.ceil(integerBytes / 4) * 4;
      const memory = target.borrow();
      await byPieces(target, matrix, (source, first) => ({ do: 'turn', source, first, allRows: matrix.rows, memory, scalesAt }));
      await target.write(integers!, 0, new Uint8Array(memory, 0, integerBytes));
      await target.write(scales!, 0, new Uint8Array(memory, scalesAt, scaleBytes));
      target.giveBack(memory);
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
    async fill([integers, scales, zeros], target) {
      let first = 0;
      // one after the other: a thread holds all of a module
      for (const part of parts) {
        await target.run({
          do: 'repack', tensors: part.tensors, scaleType: type,
          integers: target.placeOf(integers!, first * rowBytes),
          scales: target.placeOf(scales!, first * groups * scaleSize),
          zeros: zeros ? target.placeOf(zeros, first * zeroBytes) : null,
        });
        target.progress(part.readBytes, part.label);
        first += part.rows;
      }
    },
  };
}

/** A bias or a norm's weight. */
export function vectorPlan(name: string, vector: Vector, type: ComputeType): WeightPlan {
  return {
    parts: [{ name, type, dims: [vector.length] }],
    readBytes: 0,
    fill: async ([constant], target) => target.write(constant!, 0, encode(await vector.read(), type)),
  };
}

/** The order in which a packed module wants its inputs, as indices for Gather. */
export function columnOrderPlan(name: string, matrix: PackedMatrix): WeightPlan {
  return {
    parts: [{ name: `${name}/order`, type: 'int64', dims: [matrix.columns] }],
    readBytes: 0,
    fill: async ([constant], target) => target.write(constant!, 0, bytesOf(BigInt64Array.from(await matrix.columnOrder(), BigInt))),
  };
}

/** A float32 constant that is computed from small parts of the checkpoint. */
export function computedPlan(name: string, dims: readonly number[], compute: () => Promise<Float32Array>): WeightPlan {
  return { parts: [{ name, type: 'float32', dims }], readBytes: 0, fill: async ([constant], target) => target.write(constant!, 0, bytesOf(await compute())) };
}
