// Token embeddings, read row by row from a package's table on disk: a prompt needs a few hundred rows of 150,000. Knows the table's
// storage types, no graph.
import { readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { AppError, assert } from '../base/errors.ts';
import type { PackageEmbeddings } from '../model/package-format.ts';

const bitsOf = { float32: 32, float16: 16, bfloat16: 16, int8: 8, int4: 4 } as const;

/** Value of an IEEE half. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Where the embeddings of tokens come from. */
export interface Embeddings {
  readonly rows: number;
  readonly columns: number;
  /** `[ids, columns]` float32. @throws token-unknown */
  lookUp(ids: ArrayLike<number>): Promise<Float32Array>;
  close(): Promise<void>;
}

const cacheBytes = 32 * 1024 * 1024;

export class EmbeddingTable implements Embeddings {
  readonly rows: number;
  readonly columns: number;
  readonly #config: PackageEmbeddings;
  readonly #file: FileHandle;
  readonly #scalesFile: FileHandle | null;
  /** Rows read before; answers repeat themselves. */
  readonly #cache = new Map<number, Float32Array>();

  private constructor(config: PackageEmbeddings, file: FileHandle, scalesFile: FileHandle | null) {
    this.rows = config.rows;
    this.columns = config.columns;
    this.#config = config;
    this.#file = file;
    this.#scalesFile = scalesFile;
  }

  /** @throws package-damaged when a file is missing or too short */
  static async open(folder: string, config: PackageEmbeddings): Promise<EmbeddingTable> {
    const isBlocked = config.type === 'int8' || config.type === 'int4';
    assert(!isBlocked || (config.block !== null && config.scales !== null && config.columns % config.block === 0), 'a quantised table has whole blocks and scales');
    const opened: FileHandle[] = [];
    try {
      const file = await open(path.join(folder, config.file), 'r');
      opened.push(file);
      const needed = config.offset + (config.rows * config.columns * bitsOf[config.type]) / 8;
      if ((await file.stat()).size < needed) throw new AppError('package-damaged', { file: config.file, reason: 'the embedding table is cut off' });
      const scales = config.scales ? await open(path.join(folder, config.scales.file), 'r') : null;
      if (scales) opened.push(scales);
      return new EmbeddingTable(config, file, scales);
    } catch (error) {
      for (const handle of opened) await handle.close();
      throw error instanceof AppError ? error : new AppError('package-damaged', { file: config.file, reason: 'the embedding table cannot be read' }, error);
    }
  }

  /** `[ids, columns]` float32. @throws token-unknown */
  async lookUp(ids: ArrayLike<number>): Promise<Float32Array> {
    const result = new Float32Array(ids.length * this.columns);
    for (let at = 0; at < ids.length; at++) result.set(this.#row(ids[at]!), at * this.columns);
    return result;
  }

  #row(id: number): Float32Array {
    const known = this.#cache.get(id);
    if (known) return known;
    if (!(id >= 0 && id < this.rows)) throw new AppError('token-unknown', { token: id });
    const row = this.#read(id);
    if (this.#cache.size * this.columns * 4 > cacheBytes) this.#cache.clear();
    this.#cache.set(id, row);
    return row;
  }

  #read(id: number): Float32Array {
    const { type, offset, block } = this.#config;
    const { columns } = this;
    const bytes = (columns * bitsOf[type]) / 8;
    const raw = readAt(this.#file, offset + id * bytes, bytes, this.#config.file);
    if (type === 'float32') return new Float32Array(raw.buffer);
    if (type === 'float16') return Float32Array.from(new Uint16Array(raw.buffer), halfToFloat);
    if (type === 'bfloat16') return new Float32Array(Uint32Array.from(new Uint16Array(raw.buffer), (bits) => bits << 16).buffer);
    const blocks = columns / block!;
    const scales = new Float32Array(readAt(this.#scalesFile!, this.#config.scales!.offset + id * blocks * 4, blocks * 4, this.#config.file).buffer);
    const row = new Float32Array(columns);
    for (let column = 0; column < columns; column++) {
      const value = type === 'int8' ? raw[column]! - 128 : ((raw[column >> 1]! >> ((column & 1) * 4)) & 15) - 8;
      row[column] = value * scales[Math.floor(column / block!)]!;
    }
    return row;
  }

  async close(): Promise<void> {
    await this.#file.close();
    await this.#scalesFile?.close();
  }
}

/** At once: a row of some kilobytes is read in microseconds, the way to another thread and back takes a hundred times that. */
function readAt(file: FileHandle, position: number, length: number, name: string): Uint8Array {
  const buffer = new Uint8Array(length);
  if (readSync(file.fd, buffer, 0, length, position) !== length) throw new AppError('package-damaged', { file: name, reason: 'the embedding table is cut off' });
  return buffer;
}
