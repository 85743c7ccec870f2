// Weights that a GPTQ or AWQ checkpoint stores as packed 4- or 8-bit integers: unpacked to one integer layout without touching their values.
// Group order (`g_idx`) becomes a permutation of the inputs. Knows nothing about ONNX.
// @source AutoGPTQ qlinear (qzeros stored minus one, packed along the inputs), AutoAWQ gemm (nibble order 0 2 4 6 1 3 5 7 along the outputs)
import { AppError } from '../base/errors.ts';
import { toFloat32, toInt32 } from './element-type.ts';
import type { Matrix } from './matrix.ts';
import type { FilePool, StoredTensor } from './stored-tensor.ts';

/** Integers of a whole matrix: value = scale · (integer − zero), scale and zero per row and group of columns. */
export interface PackedIntegers {
  /** `[rows, columns * bits / 8]`: rows of integers, the first in the lowest bits, columns in group order. */
  readonly packed: Uint8Array;
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
  /** Where its parts lie, for `unpackModule`. */
  readonly tensors: PackedTensors;
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

/** Rows that are put together at once: as many as the processor's cache keeps apart when they lie a power of two from each other. */
const tileRows = 16;

/** GPTQ: words `[columns / perWord, rows]` become rows of words; column j of the result is column `order[j]`. */
function turnColumnWords(words: Int32Array, rows: number, bits: number, order: Int32Array): Int32Array {
  const perWord = 32 / bits;
  const mask = 2 ** bits - 1;
  const rowWords = order.length / perWord;
  const out = new Int32Array(rows * rowWords);
  const natural = order.every((from, column) => from === column);
  for (let first = 0; first < rows; first += tileRows) {
    const end = Math.min(rows, first + tileRows);
    for (let w = 0; w < rowWords; w++) {
      if (natural) {
        for (let row = first; row < end; row++) out[row * rowWords + w] = words[w * rows + row]!;
        continue;
      }
      for (let i = 0; i < perWord; i++) {
        const from = order[w * perWord + i]!;
        const start = Math.floor(from / perWord) * rows;
        const shift = (from % perWord) * bits;
        for (let row = first; row < end; row++) out[row * rowWords + w]! |= ((words[start + row]! >>> shift) & mask) << (i * bits);
      }
    }
  }
  return out;
}

/** AWQ: words `[columns, rows / perWord]` become rows of words; integer i of a word is row `order[i]` of its eight. */
function turnRowWords(words: Int32Array, rows: number, columns: number, bits: number, order: readonly number[]): Int32Array {
  const perWord = 32 / bits;
  const mask = 2 ** bits - 1;
  const [across, rowWords] = [rows / perWord, columns / perWord];
  const out = new Int32Array(rows * rowWords);
  const column = new Int32Array(perWord);
  for (let at = 0; at < across; at++) {
    for (let w = 0; w < rowWords; w++) {
      for (let j = 0; j < perWord; j++) column[j] = words[(w * perWord + j) * across + at]!;
      for (let i = 0; i < perWord; i++) {
        let word = 0;
        for (let j = 0; j < perWord; j++) word |= ((column[j]! >>> (i * bits)) & mask) << (j * bits);
        out[(at * perWord + order[i]!) * rowWords + w] = word;
      }
    }
  }
  return out;
}

function checkedOrder(tensors: PackedTensors, columns: number, groupIndex: Uint8Array | null): Int32Array {
  const order = groupIndex ? orderOfGroups(toInt32(groupIndex), tensors.groupSize, tensors.label) : Int32Array.from({ length: columns }, (_, column) => column);
  if (!tensors.activationOrder && !order.every((from, column) => from === column)) {
    throw new AppError('quantization-unsupported', { tensor: `${tensors.label}.g_idx`, reason: 'its groups are out of order although desc_act is false' });
  }
  return order;
}

/**
 * The integers of one packed module; `read` gives the bytes of its tensors.
 * @throws quantization-unsupported, and what `read` throws
 */
export function unpackModule(tensors: PackedTensors, read: (tensor: StoredTensor) => Uint8Array): PackedIntegers {
  const { label, method, bits, qweight, qzeros, scales } = tensors;
  const perWord = 32 / bits;
  const [groups, rows] = [scales.dims[0]!, scales.dims[1]!];
  const columns = method === 'gptq' ? qweight.dims[0]! * perWord : qweight.dims[0]!;
  const order = checkedOrder(tensors, columns, tensors.groupIndex && read(tensors.groupIndex));
  const words = toInt32(read(qweight));
  const packed = method === 'gptq' ? turnColumnWords(words, rows, bits, order) : turnRowWords(words, rows, columns, bits, awqOrder);
  const inOrder = Array.from({ length: perWord }, (_, i) => i);
  const storedZeros = unpackWords(toInt32(read(qzeros)), groups, rows, bits, method === 'awq' ? awqOrder : inOrder);
  const storedScales = toFloat32(read(scales), scales.type);
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
  return { packed: new Uint8Array(packed.buffer), scales: outScales, zeros: outZeros };
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

  const columnOrder = async (): Promise<Int32Array> => checkedOrder(tensors, columns, tensors.groupIndex && (await files.readTensor(tensors.groupIndex)));
  const readAll = async (): Promise<{ readonly integers: PackedIntegers; readonly order: Int32Array }> => {
    const stored = [qweight, qzeros, scales, ...(tensors.groupIndex ? [tensors.groupIndex] : [])];
    const bytes = new Map(await Promise.all(stored.map(async (tensor) => [tensor, await files.readTensor(tensor)] as const)));
    return { integers: unpackModule(tensors, (tensor) => bytes.get(tensor)!), order: await columnOrder() };
  };

  let whole: ReturnType<typeof readAll> | null = null;
  return {
    label, rows, columns, bits, groupSize, columnOrder, tensors,
    symmetric: tensors.symmetric,
    hasColumnOrder: tensors.activationOrder,
    type: 'f32',
    readBytes: qweight.byteLength + qzeros.byteLength + scales.byteLength,
    async readRows(start, count) {
      whole ??= readAll();
      const { integers, order } = await whole;
      const out = new Float32Array(count * columns);
      for (let i = 0; i < count; i++) {
        const row = start + i;
        for (let column = 0; column < columns; column++) {
          const group = row * groups + Math.floor(column / groupSize);
          const at = row * columns + column;
          const integer = bits === 8 ? integers.packed[at]! : (integers.packed[at >> 1]! >> ((at & 1) * 4)) & 15;
          out[i * columns + order[column]!] = integers.scales[group]! * (integer - integers.zeros[group]!);
        }
      }
      if (start + count === rows) whole = null;
      return out;
    },
  };
}
