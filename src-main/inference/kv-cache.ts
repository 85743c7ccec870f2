// Keys and values of the tokens a decoder has seen: one buffer per layer that is both what the graph reads (past) and what it writes
// (present). Knows rows, not tokens.
import { textGraph, type PackageTextConfig } from '../model/package-format.ts';
import { AppError, assert } from '../base/errors.ts';
import type { HeldTensor } from './ort-value.ts';
import type { Session } from './session.ts';

export type KvType = 'float32' | 'float16';

export interface KvShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly type: KvType;
}

export function kvShapeOf(config: PackageTextConfig, type: KvType): KvShape {
  return { layers: config.layers, kvHeads: config.kvHeads, headDim: config.headDim, type };
}

/** Bytes of one token over all layers. */
export function kvBytesPerToken({ layers, kvHeads, headDim, type }: KvShape): number {
  return 2 * layers * kvHeads * headDim * (type === 'float16' ? 2 : 4);
}

/** The rows that a decoder has seen, whatever form it keeps them in. */
export interface RowCache {
  /** Rows that are valid. */
  readonly length: number;
  readonly capacity: number;
  /** Makes room for `rows` rows. @throws out-of-memory */
  reserve(rows: number): void;
  /** Forgets all rows from `length` on. */
  rewind(length: number): void;
  close(): void;
}

/** Capacities are multiples of this: growing copies, so it should be rare. */
export const capacityStep = 512;

export class KvCache implements RowCache {
  readonly shape: KvShape;
  readonly #session: Session;
  #capacity = 0;
  #length = 0;
  #keys: HeldTensor[] = [];
  #values: HeldTensor[] = [];
  #inputs: Record<string, HeldTensor> = {};
  #outputs: Record<string, HeldTensor> = {};

  /** @param session decides where the memory lies: in plain memory, or on its provider's device */
  constructor(session: Session, shape: KvShape) {
    this.#session = session;
    this.shape = shape;
  }

  /** Rows that are valid; rows behind them are rubbish of cancelled runs. */
  get length(): number {
    return this.#length;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** What a run reads, by the graph's names. */
  get inputs(): Readonly<Record<string, HeldTensor>> {
    return this.#inputs;
  }

  /** What a run writes in place: the same memory. */
  get outputs(): Readonly<Record<string, HeldTensor>> {
    return this.#outputs;
  }

  /**
   * Makes room for `rows` rows. In plain memory what is there is kept; on a device it is dropped (`length` becomes 0) and must be
   * computed again, so callers ask for the whole context there at once.
   * @throws out-of-memory
   */
  reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    const capacity = Math.ceil(rows / capacityStep) * capacityStep;
    const old = { keys: this.#keys, values: this.#values, capacity: this.#capacity };
    const dims = [1, this.shape.kvHeads, capacity, this.shape.headDim];
    const made: HeldTensor[] = [];
    const grown = (from: HeldTensor | undefined): HeldTensor => {
      const held = this.#session.allocate(this.shape.type, dims);
      made.push(held);
      if (from?.data && held.data) this.#copyRows(from, old.capacity, held, capacity);
      else if (from) this.#length = 0;
      return held;
    };
    try {
      // layer by layer, the old one freed at once: the peak is one cache and one layer, not two caches
      for (let layer = 0; layer < this.shape.layers; layer++) {
        this.#keys[layer] = replaced(old.keys[layer], grown(old.keys[layer]));
        this.#values[layer] = replaced(old.values[layer], grown(old.values[layer]));
      }
    } catch (error) {
      this.close();
      for (const held of made) held.close();
      throw error instanceof RangeError ? new AppError('out-of-memory', { neededBytes: capacity * kvBytesPerToken(this.shape) }, error) : error;
    }
    this.#capacity = capacity;
    this.#bind();
  }

  #bind(): void {
    this.#inputs = {};
    this.#outputs = {};
    this.#keys.forEach((key, layer) => {
      this.#inputs[textGraph.pastKey(layer)] = this.#outputs[textGraph.presentKey(layer)] = key;
    });
    this.#values.forEach((value, layer) => {
      this.#inputs[textGraph.pastValue(layer)] = this.#outputs[textGraph.presentValue(layer)] = value;
    });
  }

  #copyRows(from: HeldTensor, fromCapacity: number, to: HeldTensor, toCapacity: number): void {
    const { headDim, kvHeads } = this.shape;
    const source = from.data as Float32Array;
    const target = to.data as Float32Array;
    for (let head = 0; head < kvHeads; head++) {
      const start = head * fromCapacity * headDim;
      target.set(source.subarray(start, start + this.#length * headDim), head * toCapacity * headDim);
    }
  }

  /** Takes over `rows` rows that a run wrote. */
  commit(rows: number): void {
    assert(this.#length + rows <= this.#capacity, 'committed rows lie within the cache');
    this.#length += rows;
  }

  /** Forgets all rows from `length` on. */
  rewind(length: number): void {
    assert(length >= 0 && length <= this.#length, 'a cache is rewound, not wound forward');
    this.#length = length;
  }

  close(): void {
    for (const held of [...this.#keys, ...this.#values]) held.close();
    this.#keys = [];
    this.#values = [];
    this.#inputs = {};
    this.#outputs = {};
    this.#capacity = 0;
    this.#length = 0;
  }
}

function replaced(old: HeldTensor | undefined, by: HeldTensor): HeldTensor {
  old?.close();
  return by;
}
