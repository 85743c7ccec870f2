// The small independent pieces of work that a compile is made of, and doing one of them: reading some rows of the checkpoint, rounding
// them, writing them to their place. Runs in any thread, keeps nothing but open files; which pieces there are is the plans' business.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { AppError, assert, fileError, systemCode } from '../base/errors.ts';
import { type ElementType, toFloat32, toHalves } from '../model/element-type.ts';
import { type PackedTensors, unpackModule } from '../model/packed-matrix.ts';
import type { FileRange } from '../model/stored-tensor.ts';
import { chunkBytes, chunkFor } from './page-memory.ts';
import { type BlockFormat, openPiece, type Piece, pieceOf, quantizeBlocks, quantizeRows } from './quantize.ts';
import type { ComputeType } from './weight-formats.ts';

/** Rows of a matrix, `[rows, columns]`: where the checkpoint stores them, or their values. */
export interface RowSource {
  readonly rows: number;
  readonly columns: number;
  readonly from: { readonly type: ElementType; readonly stored: readonly FileRange[] } | { readonly values: Float32Array };
}

/** A position in a file of the package. */
export interface FilePlace {
  readonly file: string;
  readonly position: number;
}

export type WeightTask =
  /** Rows in their own type or another one. */
  | { readonly do: 'copy'; readonly source: RowSource; readonly as: 'stored' | ComputeType; readonly to: FilePlace }
  /** Rows rounded to blocks. `importance`: `[columns]`. */
  | { readonly do: 'blocks'; readonly source: RowSource; readonly format: BlockFormat; readonly importance: Float32Array | null; readonly scaleType: ComputeType; readonly integers: FilePlace; readonly scales: FilePlace; readonly zeros: FilePlace | null }
  /** Rows `first …` of `allRows` rounded to int8 and put as columns into `[columns, allRows]` at the memory's start, their scales into `[allRows] float32`. */
  | { readonly do: 'turn'; readonly source: RowSource; readonly first: number; readonly allRows: number; readonly memory: SharedArrayBuffer; readonly scalesAt: number }
  /** The integers of a packed module, as they are. */
  | { readonly do: 'repack'; readonly tensors: PackedTensors; readonly scaleType: ComputeType; readonly integers: FilePlace; readonly scales: FilePlace; readonly zeros: FilePlace | null }
  /** SHA-256 of a whole file. */
  | { readonly do: 'hash'; readonly file: string };

/** Hexadecimal for `hash`, else empty. */
export type TaskResult = string;

export function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

export function encode(values: Float32Array, type: ComputeType): Uint8Array {
  return bytesOf(type === 'float16' ? toHalves(values) : values);
}

/** A thread's open files and what it does with them. Close it when done. */
export class TaskWorkshop {
  readonly #reading = new Map<string, number>();
  readonly #writing = new Map<string, number>();

  #open(files: Map<string, number>, file: string, flags: string): number {
    const opened = files.get(file) ?? openSync(file, flags);
    files.set(file, opened);
    return opened;
  }

  #read({ file, position, byteLength }: FileRange, target: Uint8Array): void {
    try {
      const handle = this.#open(this.#reading, file, 'r');
      for (let done = 0; done < byteLength;) {
        const count = readSync(handle, target, done, byteLength - done, position + done);
        if (count === 0) throw new AppError('checkpoint-damaged', { file, reason: 'the file ends too early' });
        done += count;
      }
    } catch (error) {
      throw systemCode(error) ? fileError(error, file) : error;
    }
  }

  #readAll(ranges: readonly FileRange[], target: Uint8Array): Uint8Array {
    let at = 0;
    for (const range of ranges) {
      this.#read(range, target.subarray(at, at + range.byteLength));
      at += range.byteLength;
    }
    assert(at === target.byteLength, 'the ranges fill the rows');
    return target;
  }

  #write({ file, position }: FilePlace, bytes: Uint8Array): void {
    try {
      const handle = this.#open(this.#writing, file, 'r+');
      for (let done = 0; done < bytes.byteLength;) done += writeSync(handle, bytes, done, bytes.byteLength - done, position + done);
    } catch (error) {
      throw systemCode(error) ? fileError(error, file, 'write-failed') : error;
    }
  }

  #stored(ranges: readonly FileRange[]): Uint8Array {
    return this.#readAll(ranges, new Uint8Array(ranges.reduce((sum, range) => sum + range.byteLength, 0)));
  }

  #values({ from }: RowSource): Float32Array {
    return 'values' in from ? from.values : toFloat32(this.#stored(from.stored), from.type);
  }

  #piece(source: RowSource): Piece {
    const { rows, columns, from } = source;
    if ('values' in from || (from.type !== 'bf16' && from.type !== 'f32')) return pieceOf(this.#values(source), rows, columns);
    const piece = openPiece(from.type, rows, columns, from.stored[0]?.position);
    this.#readAll(from.stored, piece.bytes);
    return piece;
  }

  /** Stored bytes as they are. */
  #copy(ranges: readonly FileRange[], { file, position: start }: FilePlace): void {
    let writeAt = start;
    for (const range of ranges) {
      const end = range.position + range.byteLength;
      for (let readAt = range.position, byteLength; readAt < end; readAt += byteLength, writeAt += byteLength) {
        byteLength = Math.min(chunkBytes, end - readAt);
        const chunk = chunkFor({ readAt, writeAt }).subarray(0, byteLength);
        this.#read({ file: range.file, position: readAt, byteLength }, chunk);
        this.#write({ file, position: writeAt }, chunk);
      }
    }
  }

  #hash(file: string): string {
    const hash = createHash('sha256');
    const chunk = chunkFor({ readAt: 0 });
    try {
      const handle = this.#open(this.#reading, file, 'r');
      for (let position = 0, count; (count = readSync(handle, chunk, 0, chunkBytes, position)) > 0; position += count) hash.update(chunk.subarray(0, count));
    } catch (error) {
      throw systemCode(error) ? fileError(error, file) : error;
    }
    return hash.digest('hex');
  }

  /** @throws checkpoint-damaged, file-not-found, file-unreadable, disk-full, write-failed */
  perform(task: WeightTask): TaskResult {
    switch (task.do) {
      case 'copy': {
        const { from } = task.source;
        if (task.as === 'stored' && 'stored' in from) this.#copy(from.stored, task.to);
        else this.#write(task.to, encode(this.#values(task.source), task.as === 'float32' ? 'float32' : 'float16'));
        return '';
      }
      case 'blocks': {
        const { packed, scales, zeros } = quantizeBlocks(this.#piece(task.source), task.format, task.importance, task.integers.position);
        this.#write(task.integers, packed);
        this.#write(task.scales, encode(scales, task.scaleType));
        if (task.zeros && zeros) this.#write(task.zeros, zeros);
        return '';
      }
      case 'turn': {
        const { rows, columns } = task.source;
        const { turned, stride, scales } = quantizeRows(this.#piece(task.source));
        new Float32Array(task.memory, task.scalesAt, task.allRows).set(scales, task.first);
        putColumns(new Uint8Array(task.memory, 0, columns * task.allRows), task.allRows, task.first, turned, stride, rows, columns);
        return '';
      }
      case 'repack': {
        const { tensors } = task;
        const { packed, scales, zeros } = unpackModule(tensors, ({ file, offset, byteLength }) => this.#stored([{ file, position: offset, byteLength }]));
        this.#write(task.integers, packed);
        this.#write(task.scales, encode(scales, task.scaleType));
        if (task.zeros) this.#write(task.zeros, packZeros(zeros, tensors.bits, tensors.scales.dims[0]!));
        return '';
      }
      case 'hash':
        return this.#hash(task.file);
    }
  }

  close(): void {
    for (const files of [this.#reading, this.#writing]) {
      for (const handle of files.values()) closeSync(handle);
      files.clear();
    }
  }
}

/** `[rows, groups]` zero points as MatMulNBits wants them, every row from a byte of its own on. */
function packZeros(zeros: Uint8Array, bits: number, groups: number): Uint8Array {
  const rowBytes = Math.ceil((groups * bits) / 8);
  const packed = new Uint8Array((zeros.length / groups) * rowBytes);
  for (let at = 0; at < zeros.length; at++) {
    const place = (at % groups) * bits;
    packed[Math.floor(at / groups) * rowBytes + (place >> 3)]! |= zeros[at]! << (place & 7);
  }
  return packed;
}

/** The first `rows` bytes of each line of `[columns, stride]` as columns `first …` of `[columns, allRows]`. */
function putColumns(target: Uint8Array, allRows: number, first: number, turned: Uint8Array, stride: number, rows: number, columns: number): void {
  if ([allRows, first, stride, rows, turned.byteOffset, target.byteOffset].every((one) => one % 4 === 0)) {
    // word by word: a call for each line would cost more than the line
    const words = new Int32Array(target.buffer, target.byteOffset, target.byteLength >> 2);
    const source = new Int32Array(turned.buffer, turned.byteOffset, turned.byteLength >> 2);
    for (let column = 0; column < columns; column++) {
      const to = (column * allRows + first) >> 2;
      const from = (column * stride) >> 2;
      for (let i = 0; i < rows >> 2; i++) words[to + i] = source[from + i]!;
    }
    return;
  }
  for (let column = 0; column < columns; column++) target.set(turned.subarray(column * stride, column * stride + rows), column * allRows + first);
}
