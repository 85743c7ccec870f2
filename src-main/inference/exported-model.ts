// The three graphs of an ONNX export for transformers.js: rows for tokens, features of a picture, and a decoder that gets its keys and
// values as tensors of just their length and gives longer ones back. Does what our own graphs do, for the same callers.
import { AppError, assert } from '../base/errors.ts';
import { toHalves } from '../model/element-type.ts';
import { exportNames, type PackageProcessor, type PackageTextConfig, type PackageVisionConfig } from '../model/package-format.ts';
import { type Embeddings, halfToFloat } from './embedding-table.ts';
import type { Picture } from './image/picture.ts';
import { capacityStep, type RowCache } from './kv-cache.ts';
import type { HeldTensor } from './ort-value.ts';
import { holdTensor, type Provider, type Session } from './session.ts';
import { tensor, type Tensor } from './tensor.ts';
import { usualChunkRows, type Decoder, type TextRows } from './text-model.ts';
import { patchesOf, type ImageFeatures, type ImagePlan, type VisionTower } from './vision-model.ts';

const ofNumbers = (dims: readonly number[], values: ArrayLike<number>): Tensor<'int64'> => tensor('int64', dims, BigInt64Array.from(values, BigInt));

/** Real numbers as the graph takes them. */
function realInput(session: Session, name: string, dims: readonly number[], values: Float32Array): Tensor {
  const half = session.inputs.find((one) => one.name === name)?.type === 'float16';
  return half ? tensor('float16', dims, toHalves(values)) : tensor('float32', dims, values);
}

/** Real numbers as the graph gives them. */
function realOutput(outputs: Readonly<Record<string, Tensor>>, name: string): Tensor<'float32'> {
  const found = outputs[name];
  assert(found && (found.type === 'float32' || found.type === 'float16'), `the graph gives real numbers as ${name}`);
  return found.type === 'float16' ? tensor('float32', found.dims, Float32Array.from(found.data as Uint16Array, halfToFloat)) : (found as Tensor<'float32'>);
}

export class ExportedEmbeddings implements Embeddings {
  readonly rows: number;
  readonly columns: number;
  readonly #session: Session;

  constructor(session: Session, rows: number, columns: number) {
    this.#session = session;
    this.rows = rows;
    this.columns = columns;
  }

  async lookUp(ids: ArrayLike<number>): Promise<Float32Array> {
    for (let at = 0; at < ids.length; at++) if (!(ids[at]! >= 0 && ids[at]! < this.rows)) throw new AppError('token-unknown', { token: ids[at]! });
    const outputs = await this.#session.run({ [exportNames.ids]: ofNumbers([1, ids.length], ids) }, { outputs: [exportNames.embeds] });
    const { data } = realOutput(outputs, exportNames.embeds);
    assert(data.length === ids.length * this.columns, 'every token has an embedding');
    return data;
  }

  async close(): Promise<void> {
    this.#session.close();
  }
}

export class ExportedVision implements VisionTower {
  readonly #config: PackageVisionConfig;
  readonly #processor: PackageProcessor;
  readonly #session: Session;

  constructor(config: PackageVisionConfig, processor: PackageProcessor, session: Session) {
    this.#config = config;
    this.#processor = processor;
    this.#session = session;
  }

  async encode(source: Picture, plan: ImagePlan, signal?: AbortSignal): Promise<ImageFeatures> {
    const { patches, grid } = patchesOf(source, plan, this.#config, this.#processor);
    const session = this.#session;
    const gridName = exportNames.grids.find((name) => session.inputNames.includes(name));
    assert(gridName, 'the graph is told the picture\'s grid');
    const inputs = { [exportNames.pixels]: realInput(session, exportNames.pixels, patches.dims, patches.data), [gridName]: ofNumbers([1, 3], [1, grid.height, grid.width]) };
    const outputs = await session.run(inputs, { outputs: [exportNames.imageFeatures], ...(signal ? { signal } : {}) });
    const embeds = realOutput(outputs, exportNames.imageFeatures).data;
    assert(embeds.length === plan.tokens * this.#config.outHiddenSize, `the graph gives ${plan.tokens} rows of features`);
    return { embeds, deepstack: [] };
  }

  close(): void {
    this.#session.close();
  }
}

type Rows = Float32Array | Uint16Array;

/** Keys and values of an exported decoder. Each lies twice in memory: the graph reads one and writes the other, a row or more longer. */
export class ExportedCache implements RowCache {
  readonly #heads: number;
  readonly #headDim: number;
  readonly #half: boolean;
  readonly #names: readonly { readonly past: string; readonly present: string }[];
  #capacity = 0;
  #length = 0;
  /** By name: `[kvHeads, length, headDim]` at the start of each. */
  #read: Rows[] = [];
  #written: Rows[] = [];

  constructor(config: PackageTextConfig, half: boolean) {
    this.#heads = config.kvHeads;
    this.#headDim = config.headDim;
    this.#half = half;
    this.#names = Array.from({ length: config.layers }, (_, layer) => (['key', 'value'] as const).map((kind) => ({ past: exportNames.past(layer, kind), present: exportNames.present(layer, kind) }))).flat();
  }

  get length(): number {
    return this.#length;
  }

  get capacity(): number {
    return this.#capacity;
  }

  reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    const capacity = Math.ceil(rows / capacityStep) * capacityStep;
    const size = this.#heads * capacity * this.#headDim;
    const used = this.#elements(this.#length);
    try {
      for (let at = 0; at < this.#names.length; at++) {
        const before = this.#read[at];
        const made = this.#empty(size);
        if (before) made.set(before.subarray(0, used));
        this.#read[at] = made;
        this.#written[at] = this.#empty(size);
      }
    } catch (error) {
      this.close();
      throw error instanceof RangeError ? new AppError('out-of-memory', { neededBytes: 2 * this.#names.length * size * (this.#half ? 2 : 4) }, error) : error;
    }
    this.#capacity = capacity;
  }

  #empty(size: number): Rows {
    return this.#half ? new Uint16Array(size) : new Float32Array(size);
  }

  #elements(rows: number): number {
    return this.#heads * rows * this.#headDim;
  }

  #tensor(rows: Rows, count: number): Tensor {
    const dims = [1, this.#heads, count, this.#headDim];
    const data = rows.subarray(0, this.#elements(count));
    return data instanceof Uint16Array ? tensor('float16', dims, data) : tensor('float32', dims, data);
  }

  /** What a run reads, by the graph's names. */
  get inputs(): Record<string, Tensor> {
    return Object.fromEntries(this.#names.map(({ past }, at) => [past, this.#tensor(this.#read[at]!, this.#length)]));
  }

  /** What a run of `count` more rows writes. To be closed. */
  async outputs(count: number): Promise<Record<string, HeldTensor>> {
    return Object.fromEntries(await Promise.all(this.#names.map(async ({ present }, at) => [present, await holdTensor(this.#tensor(this.#written[at]!, this.#length + count))] as const)));
  }

  /** Takes over what a run of `count` more rows wrote. */
  commit(count: number): void {
    assert(this.#length + count <= this.#capacity, 'committed rows lie within the cache');
    [this.#read, this.#written] = [this.#written, this.#read];
    this.#length += count;
  }

  rewind(length: number): void {
    assert(length >= 0 && length <= this.#length, 'a cache is rewound, not wound forward');
    if (length === this.#length) return;
    const [before, after] = [this.#length * this.#headDim, length * this.#headDim];
    // heads lie one behind the other without gaps
    for (const rows of this.#read) for (let head = 1; head < this.#heads; head++) rows.copyWithin(head * after, head * before, head * before + after);
    this.#length = length;
  }

  close(): void {
    this.#read = [];
    this.#written = [];
    this.#capacity = 0;
    this.#length = 0;
  }
}

/** Rows at once of a decoder that computes the logits of every row: they would take more memory than the model. */
export const rowsWithAllLogits = 32;

export class ExportedDecoder implements Decoder {
  readonly config: PackageTextConfig;
  readonly mostRows: number;
  readonly #session: Session;

  constructor(config: PackageTextConfig, session: Session) {
    this.config = config;
    this.#session = session;
    this.mostRows = session.inputNames.includes(exportNames.keep) ? usualChunkRows : rowsWithAllLogits;
  }

  get provider(): Provider {
    return this.#session.provider;
  }

  newCache(): ExportedCache {
    return new ExportedCache(this.config, this.#session.inputs.find(({ name }) => name === exportNames.past(0, 'key'))?.type === 'float16');
  }

  ropeAlphaFor(): number {
    return 1;
  }

  /**
   * As `TextModel.run`: a cancelled or failed run leaves the cache as it was.
   * @returns `[keep, vocab] float32`
   * @throws job-cancelled, context-overflow (no room reserved), out-of-memory
   */
  async run(cache: ExportedCache, rows: TextRows, keep: number, signal?: AbortSignal): Promise<Tensor<'float32'>> {
    const { hiddenSize } = this.config;
    const session = this.#session;
    const count = rows.embeds.length / hiddenSize;
    const past = cache.length;
    assert(Number.isInteger(count) && count > 0 && rows.positions.length === 3 * count, 'every row has an embedding and a position on three axes');
    assert(keep >= 1 && keep <= count, 'logits are wanted of at least one new row');
    if (past + count > cache.capacity) throw new AppError('context-overflow', { tokens: past + count, limit: cache.capacity });
    const inputs: Record<string, Tensor> = {
      [exportNames.embeds]: realInput(session, exportNames.embeds, [1, count, hiddenSize], rows.embeds),
      [exportNames.mask]: tensor('int64', [1, past + count], new BigInt64Array(past + count).fill(1n)),
      [exportNames.positions]: ofNumbers([3, 1, count], rows.positions),
      ...cache.inputs,
    };
    if (session.inputNames.includes(exportNames.keep)) inputs[exportNames.keep] = ofNumbers([], [keep]);
    if (session.inputNames.includes(exportNames.useCache)) inputs[exportNames.useCache] = tensor('bool', [1], Uint8Array.of(past > 0 ? 1 : 0));
    const into = await cache.outputs(count);
    let outputs: Record<string, Tensor>;
    try {
      outputs = await session.run(inputs, { outputs: [exportNames.logits], into, ...(signal ? { signal } : {}) });
    } finally {
      for (const held of Object.values(into)) held.close();
    }
    cache.commit(count);
    const logits = realOutput(outputs, exportNames.logits);
    const vocabulary = logits.dims[2]!;
    assert(logits.dims.length === 3 && logits.data.length >= keep * vocabulary, 'the decoder gives logits of the kept rows');
    return tensor('float32', [keep, vocabulary], logits.data.subarray(logits.data.length - keep * vocabulary));
  }

  async close(): Promise<void> {
    this.#session.close();
  }
}
