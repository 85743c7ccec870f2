// A weight matrix of a checkpoint, read by ranges of rows as float32, and the few rearrangements that architectures need. Reads lazily:
// making a matrix costs nothing.
import { AppError, assert } from '../base/errors.ts';
import { type ElementType, elementCount, elementSize, toFloat32 } from './element-type.ts';
import type { FilePool, FileRange, StoredTensor } from './stored-tensor.ts';

export interface Matrix {
  /** For messages and constant names. */
  readonly label: string;
  readonly rows: number;
  readonly columns: number;
  /** How the checkpoint stores it. */
  readonly type: ElementType;
  /** Bytes read for the whole matrix. */
  readonly readBytes: number;
  /** Rows `start … start + count`, `[count, columns] float32`. */
  readRows(start: number, count: number): Promise<Float32Array>;
  /** Where the same rows lie, one part after the other, when they are stored as they are. */
  readonly storedRows?: (start: number, count: number) => readonly FileRange[];
}

/** A stored tensor as a matrix; trailing axes are folded into columns, so a convolution's kernel is a matrix too. */
export function storedMatrix(files: FilePool, tensor: StoredTensor): Matrix {
  const rows = tensor.dims[0] ?? 1;
  const columns = elementCount(tensor.dims.slice(1));
  const rowBytes = columns * elementSize[tensor.type];
  return {
    label: tensor.name, rows, columns, type: tensor.type, readBytes: tensor.byteLength,
    storedRows: (start, count) => [{ file: tensor.file, position: tensor.offset + start * rowBytes, byteLength: count * rowBytes }],
    readRows: async (start, count) => toFloat32(await files.readTensor(tensor, start * rowBytes, count * rowBytes), tensor.type),
  };
}

/** Matrices of equal width, one below the other. */
export function stacked(parts: readonly Matrix[], label: string): Matrix {
  const [first] = parts;
  assert(first && parts.every((part) => part.columns === first.columns), `${label}: stacked matrices have one width`);
  if (parts.length === 1) return { ...first, label };
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const pieces = (start: number, count: number): { part: Matrix; from: number; many: number }[] => {
    const found: { part: Matrix; from: number; many: number }[] = [];
    let top = 0;
    for (const part of parts) {
      const from = Math.max(start, top);
      const to = Math.min(start + count, top + part.rows);
      if (to > from) found.push({ part, from: from - top, many: to - from });
      top += part.rows;
    }
    return found;
  };
  const sameType = parts.every((part) => part.type === first.type && part.storedRows);
  return {
    label, rows, columns: first.columns, type: first.type,
    readBytes: parts.reduce((sum, part) => sum + part.readBytes, 0),
    async readRows(start, count) {
      const out = new Float32Array(count * first.columns);
      let at = 0;
      for (const { part, from, many } of pieces(start, count)) {
        out.set(await part.readRows(from, many), at);
        at += many * first.columns;
      }
      return out;
    },
    ...(sameType && { storedRows: (start: number, count: number) => pieces(start, count).flatMap(({ part, from, many }) => part.storedRows!(from, many)) }),
  };
}

/** Row `i` of the result is row `order[i]` of `matrix`. Reads the matrix whole: for small ones. */
export function withRows(matrix: Matrix, order: readonly number[], label: string): Matrix {
  let whole: Promise<Float32Array> | null = null;
  return {
    label, rows: order.length, columns: matrix.columns, type: matrix.type, readBytes: matrix.readBytes,
    async readRows(start, count) {
      whole ??= matrix.readRows(0, matrix.rows);
      const source = await whole;
      const out = new Float32Array(count * matrix.columns);
      for (let i = 0; i < count; i++) {
        const from = order[start + i]! * matrix.columns;
        out.set(source.subarray(from, from + matrix.columns), i * matrix.columns);
      }
      if (start + count === order.length) whole = null;
      return out;
    },
  };
}

/** Rows `first … first + rows` as a matrix of their own. */
export function rowsOf(matrix: Matrix, first: number, rows: number, label: string): Matrix {
  const { storedRows } = matrix;
  return {
    label, rows, columns: matrix.columns, type: matrix.type, readBytes: Math.round((matrix.readBytes * rows) / matrix.rows),
    readRows: (start, count) => matrix.readRows(first + start, count),
    ...(storedRows && { storedRows: (start: number, count: number) => storedRows(first + start, count) }),
  };
}

/** Rows and columns exchanged. Reads the matrix whole: for small ones. */
export function transposed(matrix: Matrix, label: string): Matrix {
  let whole: Promise<Float32Array> | null = null;
  return {
    label, rows: matrix.columns, columns: matrix.rows, type: matrix.type, readBytes: matrix.readBytes,
    async readRows(start, count) {
      whole ??= matrix.readRows(0, matrix.rows);
      const source = await whole;
      const out = new Float32Array(count * matrix.rows);
      for (let i = 0; i < count; i++) for (let j = 0; j < matrix.rows; j++) out[i * matrix.rows + j] = source[j * matrix.columns + start + i]!;
      if (start + count === matrix.columns) whole = null;
      return out;
    },
  };
}

/** @throws tensor-shape unless the matrix is `[rows, columns]` */
export function expectShape(matrix: Matrix, rows: number, columns: number): Matrix {
  if (matrix.rows !== rows || matrix.columns !== columns) {
    throw new AppError('tensor-shape', { tensor: matrix.label, found: `[${matrix.rows}, ${matrix.columns}]`, expected: `[${rows}, ${columns}]` });
  }
  return matrix;
}
