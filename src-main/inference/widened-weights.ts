// The weights of one decoder layer at a time, made from the package's blocks of 4 bits: rows of 8 bits turned into columns, as products in 8 bits
// want them. Two layers have room, so that one is made while the other is used. Knows bytes and places, no graph.
import { readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { AppError, fileError } from '../base/errors.ts';
import {
  addInt, advance, both, bytes, call, type Code, constant, float, floats, get, instantiate, int, ints, load, roundingBits, roundingFloat, scalar, set, shorts, shuffle, store, takeFloat, turn, until, type WasmFunction, type WasmMemory,
} from '../base/vector-code.ts';
import type { PackageTextLayer } from '../model/package-format.ts';
import { tensor, type Tensor } from './tensor.ts';

/**
 * What a row's largest scale is worth in 8 bits: its integers -8 … 7 become multiples of 8 up to ±64. More would be finer, but processors without
 * VNNI add pairs of products in 16 bits, where 2 · 255 · 64 is the most that fits.
 */
const largestStep = 8;

/**
 * `widen(source, end, scales, perScale, target, blockBytes)`: a row of 4-bit blocks as bytes. A block's sixteen values times its scale are looked up.
 */
function widen(): WasmFunction {
  const [source, end, scales, perScale, target, blockBytes, next] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [scale, table, low, high, halves] = [7, 8, 9, 10, 11] as const;
  const four = (first: number): Code => [
    ...get(scale), ...constant(new Uint8Array(Float32Array.from({ length: 4 }, (_, at) => first + at - 8).buffer)), ...floats.mul,
    ...float(roundingFloat), ...floats.splat, ...floats.add, ...int(roundingBits), ...ints.splat, ...ints.sub,
  ];
  const woven = (half: number): Code => shuffle(Array.from({ length: 16 }, (_, at) => 8 * half + (at >> 1) + 16 * (at % 2)));
  return {
    name: 'widen',
    parameters: ['i32', 'i32', 'i32', 'f32', 'i32', 'i32'],
    locals: ['i32', 'v128', 'v128', 'v128', 'v128', 'v128'],
    body: [
      ...int(15), ...bytes.splat, ...set(halves),
      ...until(
        source, end,
        get(source), get(blockBytes), addInt, set(next),
        get(scales), takeFloat, get(perScale), scalar.mul, floats.splat, set(scale),
        four(0), four(4), shorts.fromInts, four(8), four(12), shorts.fromInts, bytes.signedFromShorts, set(table),
        until(
          source, next,
          get(table), get(source), load(), get(halves), both, bytes.take, set(low),
          get(table), get(source), load(), int(4), bytes.shiftRight, bytes.take, set(high),
          get(target), get(low), get(high), woven(0), store(), get(target), get(low), get(high), woven(1), store(16),
          advance(source, 16), advance(target, 32),
        ),
        advance(scales, 4),
      ),
    ],
  };
}

/**
 * `turnRows(source, columns, group, rows, target, targetStride, step)`: rows of `columns` bytes as columns of `targetStride` bytes, sixteen columns of all
 * rows after the other, so that lines of memory are written whole. `group` and `step`: bytes of sixteen rows and of sixteen targets.
 */
function turnRows(turnAt: number): WasmFunction {
  const [source, columns, group, rows, target, targetStride, step, end, from, to, last] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
  return {
    name: 'turnRows',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'i32', 'i32', 'i32'],
    body: [
      ...get(source), ...get(columns), ...addInt, ...set(end),
      ...until(
        source, end,
        get(source), set(from), get(target), set(to), get(target), get(rows), addInt, set(last),
        until(to, last, get(from), get(columns), get(to), get(targetStride), call(turnAt), get(from), get(group), addInt, set(from), advance(to, 16)),
        advance(source, 16), get(target), get(step), addInt, set(target),
      ),
    ],
  };
}

interface Calls {
  readonly widen: (source: number, end: number, scales: number, perScale: number, target: number, blockBytes: number) => void;
  readonly turnRows: (source: number, columns: number, group: number, rows: number, target: number, targetStride: number, step: number) => void;
}

const wasmPage = 65536;
const rowsAtOnce = 16;
/** Rows that are turned together: as many as stay in a processor's nearest large cache, for every page of the result is looked up anew for them. */
const turnedTogether = (columns: number): number => Math.min(256, Math.max(rowsAtOnce, Math.floor((384 << 10) / columns) & ~(rowsAtOnce - 1)));
/** Bytes of the package that are read at once. */
const pieceBytes = 1 << 19;
const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;
const most = (numbers: readonly number[]): number => numbers.reduce((found, one) => Math.max(found, one), 0);

/** Where things lie in the memory of the vector code. */
function layOut({ products }: PackageTextLayer) {
  const widest = most(products.map(({ columns }) => columns));
  const piece = 64;
  const row = piece + aligned(Math.max(pieceBytes, (turnedTogether(widest) * widest) / 2));
  const scales = row + aligned(most(products.map(({ columns }) => columns * turnedTogether(columns))));
  const first = scales + aligned(4 * most(products.map(({ rows, columns, block }) => (rows * columns) / block)));
  let end = first;
  const layers = [0, 1].map(() => products.map(({ rows, columns }) => {
    const place = { integers: end, scales: end + aligned(rows * columns) };
    end = place.scales + aligned(4 * rows);
    return place;
  }));
  return { piece, row, scales, layers, byteLength: end };
}

/** Bytes that the weights of two layers take. */
export function widenedBytes(description: PackageTextLayer): number {
  return layOut(description).byteLength;
}

/** Every weight of every layer lies in the file, and every product has a form that the vector code takes. */
function requireSound({ data, products, vectors, layers }: PackageTextLayer, fileBytes: number): void {
  const damaged = (reason: string): AppError => new AppError('package-damaged', { file: data, reason });
  for (const { integers, rows, columns, block } of products) if (rows % rowsAtOnce !== 0 || block % 32 !== 0 || columns % block !== 0) throw damaged(`${integers} is ${rows} × ${columns} in blocks of ${block}`);
  const sizes = {
    integers: products.map(({ rows, columns }) => (rows * columns) / 2),
    scales: products.map(({ rows, columns, block }) => (4 * rows * columns) / block),
    vectors: vectors.map(({ length }) => 4 * length),
  };
  for (const [layer, places] of layers.entries()) {
    for (const part of ['integers', 'scales', 'vectors'] as const) {
      if (places[part].length !== sizes[part].length) throw damaged(`layer ${layer} has ${places[part].length} ${part} instead of ${sizes[part].length}`);
      if (places[part].some((start, at) => start + sizes[part][at]! > fileBytes)) throw damaged(`${part} of layer ${layer} lie outside it`);
    }
  }
}

export class WidenedWeights {
  readonly layers: number;
  readonly #file: FileHandle;
  readonly #description: PackageTextLayer;
  /** Biases and norms, layer by layer. */
  readonly #vectors: readonly Readonly<Record<string, Tensor>>[];
  #made: { readonly memory: WasmMemory; readonly calls: Calls } | null = null;

  private constructor(file: FileHandle, description: PackageTextLayer, vectors: readonly Readonly<Record<string, Tensor>>[]) {
    this.#file = file;
    this.#description = description;
    this.#vectors = vectors;
    this.layers = description.layers.length;
  }

  /** @param path the decoder's data file @throws file-not-found, package-damaged */
  static async open(path: string, description: PackageTextLayer): Promise<WidenedWeights> {
    const file = await open(path, 'r').catch((error: unknown) => {
      throw fileError(error, description.data);
    });
    try {
      requireSound(description, (await file.stat()).size);
      const vectors: Record<string, Tensor>[] = [];
      for (const layer of description.layers) {
        const one: Record<string, Tensor> = {};
        for (const [at, { name, length }] of description.vectors.entries()) {
          const values = new Float32Array(length);
          readFully(file, description.data, new Uint8Array(values.buffer), layer.vectors[at]!);
          one[name] = tensor('float32', [length], values);
        }
        vectors.push(one);
      }
      return new WidenedWeights(file, description, vectors);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * The weights of a layer, by the names of the graph's inputs. They stay until a layer whose number differs by two is made.
   * @throws package-damaged, out-of-memory
   */
  async layer(index: number): Promise<Record<string, Tensor>> {
    const { products, layers } = this.#description;
    const places = layOut(this.#description);
    const made = (this.#made ??= this.#make(places.byteLength));
    const inputs: Record<string, Tensor> = { ...this.#vectors[index] };
    for (const [at, { integers, scales, rows, columns }] of products.entries()) {
      const to = places.layers[index % 2]![at]!;
      await this.#widen(made, places, at, { integers: layers[index]!.integers[at]!, scales: layers[index]!.scales[at]! }, to);
      const { buffer } = made.memory;
      inputs[integers] = tensor('int8', [columns, rows], new Int8Array(buffer, to.integers, rows * columns));
      inputs[scales] = tensor('float32', [rows], new Float32Array(buffer, to.scales, rows));
    }
    return inputs;
  }

  #make(byteLength: number): { memory: WasmMemory; calls: Calls } {
    try {
      return instantiate<Calls>([turn(), widen(), turnRows(0)], Math.ceil(byteLength / wasmPage));
    } catch (error) {
      throw error instanceof RangeError ? new AppError('out-of-memory', { neededBytes: byteLength }, error) : error;
    }
  }

  async #widen({ memory, calls }: { memory: WasmMemory; calls: Calls }, places: ReturnType<typeof layOut>, at: number, from: { integers: number; scales: number }, to: { integers: number; scales: number }): Promise<void> {
    const { rows, columns, block } = this.#description.products[at]!;
    const { data } = this.#description;
    const blocks = columns / block;
    const blockScales = new Float32Array(memory.buffer, places.scales, rows * blocks);
    readFully(this.#file, data, new Uint8Array(memory.buffer, places.scales, blockScales.byteLength), from.scales);
    const rowScales = new Float32Array(memory.buffer, to.scales, rows);
    const rowBytes = columns / 2;
    const together = turnedTogether(columns);
    const step = Math.max(together, Math.floor(pieceBytes / rowBytes / together) * together);
    for (let start = 0; start < rows; start += step) {
      const count = Math.min(step, rows - start);
      // messages, such as one that cancels, come in between
      await setImmediate();
      readFully(this.#file, data, new Uint8Array(memory.buffer, places.piece, count * rowBytes), from.integers + start * rowBytes);
      for (let first = start; first < start + count; first += together) {
        const end = Math.min(first + together, start + count);
        for (let row = first; row < end; row++) {
          let largest = 0;
          for (let one = row * blocks; one < (row + 1) * blocks; one++) {
            const size = Math.abs(blockScales[one]!);
            if (size > largest) largest = size;
          }
          rowScales[row] = largest / largestStep;
          const source = places.piece + (row - start) * rowBytes;
          calls.widen(source, source + rowBytes, places.scales + 4 * row * blocks, largest > 0 ? largestStep / largest : 0, places.row + (row - first) * columns, block / 2);
        }
        calls.turnRows(places.row, columns, rowsAtOnce * columns, end - first, to.integers + first, rows, rowsAtOnce * rows);
      }
    }
  }

  async close(): Promise<void> {
    this.#made = null;
    await this.#file.close();
  }
}

/** Reads in this thread: threads that compute keep the cores busy, and a read handed to another would wait for its turn a thousand times per prompt. */
function readFully({ fd }: FileHandle, name: string, target: Uint8Array, position: number): void {
  for (let done = 0; done < target.byteLength;) {
    const bytesRead = readSync(fd, target, done, target.byteLength - done, position + done);
    if (bytesRead === 0) throw new AppError('package-damaged', { file: name, reason: 'the file ends too early' });
    done += bytesRead;
  }
}
