// Weights that a GPTQ or AWQ checkpoint stores as packed 4- or 8-bit integers: unpacked to one integer layout without touching their values.
// Group order (`g_idx`) becomes a permutation of the inputs. Knows nothing about ONNX.
// @source AutoGPTQ qlinear (qzeros stored minus one, packed along the inputs), AutoAWQ gemm (nibble order 0 2 4 6 1 3 5 7 along the outputs)
import { AppError } from '../base/errors.ts';
import { toFloat32, toInt32 } from './element-type.ts';
import type { Matrix } from './matrix.ts';
import type { FilePool, StoredTensor } from './stored-tensor.ts';

/** Integers of a whole matrix: value = scale · (integer − zero), scale and zero per row and group of columns. */
export interface PackedIntegers {
  /** `[rows, columns]`, one integer per byte, columns in group order. */
  readonly integers: Uint8Array;
  /** `[rows, groups]`. */
  readonly scales: Float32Array;
  /** `[rows, groups]`. */
  readonly zeros: Uint8Array;
}

export interface PackedMatrix extends Matrix {
  readonly bits: 4 | 8;
  readonly groupSize: number;
  /** All zeros are in the middle of the range. */
  readonly symmetric: boolean;
  /** Whether the integers' columns are in an order of their own, `columnOrder`. */
  readonly hasColumnOrder: boolean;
  /** Column j of the integers is column `order[j]` of the matrix. */
  columnOrder(): Promise<Int32Array>;
  readIntegers(): Promise<PackedIntegers>;
}

/** The tensors of one packed module. */
export interface PackedTensors {
  readonly label: string;
  readonly method: 'gptq' | 'awq';
  readonly bits: 4 | 8;
  readonly groupSize: number;
  readonly symmetric: boolean;
  /** The checkpoint says that its groups follow activation order (`desc_act`). */
  readonly activationOrder: boolean;
  readonly qweight: StoredTensor;
  readonly qzeros: StoredTensor;
  readonly scales: StoredTensor;
  readonly groupIndex: StoredTensor | null;
}

/** Nibble i of an AWQ word holds output `awqOrder[i]` of its eight. */
const awqOrder = [0, 2, 4, 6, 1, 3, 5, 7] as const;

function wrongShape(tensor: StoredTensor, expected: readonly number[]): AppError {
  return new AppError('tensor-shape', { tensor: tensor.name, found: `[${tensor.dims.join(', ')}]`, expected: `[${expected.join(', ')}]` });
}

/** The integers of a matrix `[outer, inner]` packed along its inner axis, `perWord` to a word, in `order`. */
function unpackWords(words: Int32Array, outer: number, inner: number, bits: number, order: readonly number[]): Uint8Array {
  const perWord = 32 / bits;
  const mask = (1 << bits) - 1;
  const out = new Uint8Array(outer * inner);
  const wordsPerRow = inner / perWord;
  for (let row = 0; row < outer; row++) {
    for (let w = 0; w < wordsPerRow; w++) {
      const word = words[row * wordsPerRow + w]!;
      const at = row * inner + w * perWord;
      for (let i = 0; i < perWord; i++) out[at + order[i]!] = (word >>> (i * bits)) & mask;
    }
  }
  return out;
}

/** The column order that brings equal groups together. @throws quantization-unsupported for groups of unequal sizes */
function orderOfGroups(groups: Int32Array, groupSize: number, label: string): Int32Array {
  const count = groups.length / groupSize;
  const order = new Int32Array(groups.length);
  const filled = new Int32Array(count);
  for (const [column, group] of groups.entries()) {
    if (group < 0 || group >= count || filled[group]! >= groupSize) throw new AppError('quantization-unsupported', { tensor: `${label}.g_idx`, reason: 'its groups have unequal sizes' });
    order[group * groupSize + filled[group]!++] = column;
  }
  return order;
}

/**
 * One packed module as a matrix.
 * @throws tensor-shape, quantization-unsupported
 */
export function packedMatrix(files: FilePool, tensors: PackedTensors): PackedMatrix {
  const { label, method, bits, groupSize, qweight, qzeros, scales } = tensors;
  const perWord = 32 / bits;
  const groups = scales.dims[0] ?? 0;
  const rows = scales.dims[1] ?? 0;
  const columns = method === 'gptq' ? (qweight.dims[0] ?? 0) * perWord : (qweight.dims[0] ?? 0);
  const expected = method === 'gptq' ? [columns / perWord, rows] : [columns, rows / perWord];
  if (qweight.type !== 'i32' || qweight.dims.join() !== expected.join()) throw wrongShape(qweight, expected);
  if (qzeros.type !== 'i32' || qzeros.dims.join() !== [groups, rows / perWord].join()) throw wrongShape(qzeros, [groups, rows / perWord]);
  if (groups * groupSize !== columns) throw new AppError('quantization-unsupported', { tensor: label, reason: `${columns} inputs are not whole groups of ${groupSize}` });
  if (groupSize < 16 || (groupSize & (groupSize - 1)) !== 0) throw new AppError('quantization-unsupported', { tensor: label, reason: `groups of ${groupSize}; a power of two from 16 on can run` });
  const inOrder = Array.from({ length: perWord }, (_, i) => i);

  let order: Promise<Int32Array> | null = null;
  const columnOrder = (): Promise<Int32Array> => {
    const stored = tensors.groupIndex;
    const natural = (): Int32Array => Int32Array.from({ length: columns }, (_, column) => column);
    order ??= stored ? files.readTensor(stored).then((bytes) => orderOfGroups(toInt32(bytes), groupSize, label)) : Promise.resolve(natural());
    return order;
  };

  const readIntegers = async (): Promise<PackedIntegers> => {
    const words = toInt32(await files.readTensor(qweight));
    const byColumn = await columnOrder();
    if (!tensors.activationOrder && !byColumn.every((from, column) => from === column)) {
      throw new AppError('quantization-unsupported', { tensor: `${label}.g_idx`, reason: 'its groups are out of order although desc_act is false' });
    }
    const integers = new Uint8Array(rows * columns);
    if (method === 'gptq') {
      const mask = (1 << bits) - 1;
      for (let column = 0; column < columns; column++) {
        const from = byColumn[column]!;
        const shift = (from % perWord) * bits;
        const word = Math.floor(from / perWord) * rows;
        for (let row = 0; row < rows; row++) integers[row * columns + column] = (words[word + row]! >>> shift) & mask;
      }
    } else {
      const byInput = unpackWords(words, columns, rows, bits, awqOrder);
      for (let column = 0; column < columns; column++) for (let row = 0; row < rows; row++) integers[row * columns + column] = byInput[column * rows + row]!;
    }
    const storedZeros = unpackWords(toInt32(await files.readTensor(qzeros)), groups, rows, bits, method === 'awq' ? awqOrder : inOrder);
    const storedScales = toFloat32(await files.readTensor(scales), scales.type);
    const outZeros = new Uint8Array(rows * groups);
    const outScales = new Float32Array(rows * groups);
    const one = method === 'gptq' ? 1 : 0;
    for (let group = 0; group < groups; group++) {
      for (let row = 0; row < rows; row++) {
        outZeros[row * groups + group] = (storedZeros[group * rows + row]! + one) & ((1 << bits) - 1);
        outScales[row * groups + group] = storedScales[group * rows + row]!;
      }
    }
    if (tensors.symmetric && !outZeros.every((zero) => zero === 1 << (bits - 1))) {
      throw new AppError('quantization-unsupported', { tensor: `${label}.qzeros`, reason: 'its zeros differ although sym is true' });
    }
    return { integers, scales: outScales, zeros: outZeros };
  };

  let whole: Promise<PackedIntegers> | null = null;
  return {
    label, rows, columns, bits, groupSize, columnOrder, readIntegers,
    symmetric: tensors.symmetric,
    hasColumnOrder: tensors.activationOrder,
    type: 'f32',
    readBytes: qweight.byteLength + qzeros.byteLength + scales.byteLength,
    async readRows(start, count) {
      whole ??= readIntegers();
      const packed = await whole;
      const byColumn = await columnOrder();
      const out = new Float32Array(count * columns);
      for (let i = 0; i < count; i++) {
        const row = start + i;
        for (let column = 0; column < columns; column++) {
          const group = row * groups + Math.floor(column / groupSize);
          out[i * columns + (byColumn[column]!)] = packed.scales[group]! * (packed.integers[row * columns + column]! - packed.zeros[group]!);
        }
      }
      if (start + count === rows) whole = null;
      return out;
    },
  };
}
