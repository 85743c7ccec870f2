// A compiled decoder: rows of embeddings in, logits out, keys and values left in the cache. Knows positions and the graph's inputs;
// nothing of prompts, sampling or text.
import { AppError, assert } from '../base/errors.ts';
import { textGraph, type PackageTextConfig } from '../model/package-format.ts';
import { KvCache, kvShapeOf, type RowCache } from './kv-cache.ts';
import type { LayeredPrefill } from './layered-prefill.ts';
import { axisOfFrequency, decoderRope, inverseFrequencies, lognScale, ntkAlpha } from './rope.ts';
import type { Provider, Session } from './session.ts';
import { tensor, type Tensor } from './tensor.ts';

/** New rows for the decoder, following the cache's. */
export interface TextRows {
  /** `[rows, hidden]` */
  readonly embeds: Float32Array;
  /** `[3, rows]`: time, height, width. */
  readonly positions: Int32Array;
  /** Qwen3-VL: `[rows, hidden]` per level, zero outside images; null when no row is an image's. */
  readonly deepstack: readonly Float32Array[] | null;
  /** v1: the stretch of the rotary base, decided by the whole prompt's length. */
  readonly ropeAlpha: number;
}

/** A decoder of either kind: one that we compiled, or one of an ONNX export. */
export interface Decoder {
  readonly config: PackageTextConfig;
  readonly provider: Provider;
  /** Rows that one run takes best: few enough to cancel soon, enough to keep the cores busy. */
  readonly mostRows: number;
  newCache(): RowCache;
  ropeAlphaFor(promptLength: number): number;
  run(cache: RowCache, rows: TextRows, keep: number, signal?: AbortSignal): Promise<Tensor<'float32'>>;
  close(): Promise<void>;
}

/** From this many rows on, the fast profile (8-bit weights and activations) wins over int4. @source facts measured on CPU */
const fastFrom = 8;
/** From this many rows on, making 8-bit weights of all layers costs less than it saves (docs/experiments.md). */
const layeredFrom = 128;

/** Rows per run: few enough to cancel soon, enough to keep the cores busy. Twice as many are no faster. */
export const usualChunkRows = 256;

export class TextModel implements Decoder {
  readonly config: PackageTextConfig;
  readonly session: Session;
  readonly #fast: Session | null;
  readonly #layered: LayeredPrefill | null;
  readonly #axes: Uint8Array;
  readonly #frequencies = new Map<number, Float32Array>();
  readonly #deepstackLevels: number;
  readonly #needsScale: boolean;

  /** @param others faster ways for many rows */
  constructor(config: PackageTextConfig, session: Session, others: { readonly fast?: Session | null; readonly layered?: LayeredPrefill | null } = {}) {
    this.config = config;
    this.session = session;
    this.#fast = others.fast ?? null;
    this.#layered = others.layered ?? null;
    this.#axes = axisOfFrequency(config.headDim / 2, config.mropeSection, config.mropeInterleaved);
    this.#deepstackLevels = session.inputNames.filter((name) => name.startsWith(textGraph.deepstack(0).slice(0, -1))).length;
    this.#needsScale = session.inputNames.includes(textGraph.queryScale);
  }

  get provider(): Provider {
    return this.session.provider;
  }

  readonly mostRows = usualChunkRows;

  newCache(): KvCache {
    const type = this.session.inputs.find(({ name }) => name === textGraph.pastKey(0))?.type;
    return new KvCache(this.session, kvShapeOf(this.config, type === 'float16' ? 'float16' : 'float32'));
  }

  /** v1: the stretch for a prompt of this length; 1 for all others. */
  ropeAlphaFor(promptLength: number): number {
    const { dynamicNtk, trainedLength } = this.config;
    return dynamicNtk && trainedLength !== null ? ntkAlpha(promptLength, trainedLength) : 1;
  }

  #frequenciesFor(alpha: number): Float32Array {
    const { headDim, ropeTheta } = this.config;
    const known = this.#frequencies.get(alpha);
    if (known) return known;
    const made = inverseFrequencies(headDim, alpha === 1 ? ropeTheta : ropeTheta * alpha ** (headDim / (headDim - 2)));
    this.#frequencies.set(alpha, made);
    return made;
  }

  /**
   * Runs `rows` behind the cache's rows and commits them: plan, run, commit, so a cancelled or failed run leaves the cache as it was.
   * @param keep logits of how many last rows are wanted, at least 1
   * @returns `[keep, vocab] float32`
   * @throws job-cancelled, context-overflow (no room reserved), out-of-memory
   */
  async run(cache: KvCache, rows: TextRows, keep: number, signal?: AbortSignal): Promise<Tensor<'float32'>> {
    const count = rows.embeds.length / this.config.hiddenSize;
    const past = cache.length;
    assert(Number.isInteger(count) && count > 0 && rows.positions.length === 3 * count, 'every row has an embedding and a position on three axes');
    assert(keep >= 1 && keep <= count, 'logits are wanted of at least one new row');
    if (past + count > cache.capacity) throw new AppError('context-overflow', { tokens: past + count, limit: cache.capacity });
    if (!this.#layered || this.#fast || count - keep < layeredFrom) return this.#runWhole(cache, rows, keep, signal);
    const first = cut(rows, 0, count - keep, this.config.hiddenSize);
    await this.#layered.run(tensor('float32', [1, count - keep, this.config.hiddenSize], first.embeds), this.#inputs(past, first), cache.inputs, first.deepstack ?? [], signal);
    cache.commit(count - keep);
    try {
      return await this.#runWhole(cache, cut(rows, count - keep, count, this.config.hiddenSize), keep, signal);
    } catch (error) {
      cache.rewind(past);
      throw error;
    }
  }

  /** What both kinds of graph are fed, but for embeddings and cache. */
  #inputs(past: number, rows: TextRows): Record<string, Tensor> {
    const count = rows.positions.length / 3;
    const rope = decoderRope(rows.positions, this.#frequenciesFor(rows.ropeAlpha), this.#axes);
    const inputs: Record<string, Tensor> = {
      [textGraph.ropeCos]: rope.cos,
      [textGraph.ropeSin]: rope.sin,
      [textGraph.positions]: tensor('int64', [1, count], BigInt64Array.from({ length: count }, (_, at) => BigInt(at))),
      [textGraph.lastIndex]: tensor('int32', [1], Int32Array.of(past + count - 1)),
      [textGraph.totalLength]: tensor('int32', [], Int32Array.of(past + count)),
    };
    if (this.#needsScale) {
      const { lognAttention, trainedLength } = this.config;
      inputs[textGraph.queryScale] = lognAttention && trainedLength !== null ? lognScale(past, count, trainedLength) : tensor('float32', [1, count, 1], new Float32Array(count).fill(1));
    }
    return inputs;
  }

  async #runWhole(cache: KvCache, rows: TextRows, keep: number, signal?: AbortSignal): Promise<Tensor<'float32'>> {
    const { hiddenSize } = this.config;
    const count = rows.positions.length / 3;
    const inputs: Record<string, Tensor> = {
      ...this.#inputs(cache.length, rows),
      [textGraph.embeds]: tensor('float32', [1, count, hiddenSize], rows.embeds),
      [textGraph.keep]: tensor('int64', [1], BigInt64Array.of(BigInt(keep))),
    };
    for (let level = 0; level < this.#deepstackLevels; level++) {
      const features = rows.deepstack?.[level];
      inputs[textGraph.deepstack(level)] = features ? tensor('float32', [1, count, hiddenSize], features) : tensor('float32', [1, 1, hiddenSize], new Float32Array(hiddenSize));
    }
    const session = this.#fast && count >= fastFrom ? this.#fast : this.session;
    const outputs = await session.run({ ...inputs, ...cache.inputs }, { outputs: [textGraph.logits], into: cache.outputs, ...(signal ? { signal } : {}) });
    cache.commit(count);
    const logits = outputs[textGraph.logits] as Tensor<'float32'>;
    assert(logits.dims.length === 3 && logits.dims[1] === keep, 'the decoder gives logits of the kept rows');
    return tensor('float32', [keep, logits.dims[2]!], logits.data);
  }

  async close(): Promise<void> {
    this.session.close();
    this.#fast?.close();
    await this.#layered?.close();
  }
}

/** Rows `from` … `to`. */
function cut({ embeds, positions, deepstack, ropeAlpha }: TextRows, from: number, to: number, hiddenSize: number): TextRows {
  const count = positions.length / 3;
  const part = (data: Float32Array): Float32Array => data.subarray(from * hiddenSize, to * hiddenSize);
  const cutPositions = new Int32Array(3 * (to - from));
  for (let axis = 0; axis < 3; axis++) cutPositions.set(positions.subarray(axis * count + from, axis * count + to), axis * (to - from));
  return { embeds: part(embeds), positions: cutPositions, deepstack: deepstack?.map(part) ?? null, ropeAlpha };
}
