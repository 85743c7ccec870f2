// A compiled decoder: rows of embeddings in, logits out, keys and values left in the cache. Knows positions and the graph's inputs;
// nothing of prompts, sampling or text.
import { AppError, assert } from '../base/errors.ts';
import { textGraph, type PackageTextConfig } from '../model/package-format.ts';
import { KvCache, kvShapeOf, type RowCache } from './kv-cache.ts';
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
  /** Rows that one run takes without waste. */
  readonly mostRows: number;
  newCache(): RowCache;
  ropeAlphaFor(promptLength: number): number;
  run(cache: RowCache, rows: TextRows, keep: number, signal?: AbortSignal): Promise<Tensor<'float32'>>;
  close(): void;
}

/** From this many rows on, the fast profile (8-bit weights and activations) wins over int4. @source facts measured on CPU */
const fastFrom = 8;

export class TextModel implements Decoder {
  readonly config: PackageTextConfig;
  readonly session: Session;
  readonly #fast: Session | null;
  readonly #axes: Uint8Array;
  readonly #frequencies = new Map<number, Float32Array>();
  readonly #deepstackLevels: number;
  readonly #needsScale: boolean;

  constructor(config: PackageTextConfig, session: Session, fast: Session | null) {
    this.config = config;
    this.session = session;
    this.#fast = fast;
    this.#axes = axisOfFrequency(config.headDim / 2, config.mropeSection, config.mropeInterleaved);
    this.#deepstackLevels = session.inputNames.filter((name) => name.startsWith(textGraph.deepstack(0).slice(0, -1))).length;
    this.#needsScale = session.inputNames.includes(textGraph.queryScale);
  }

  get provider(): Provider {
    return this.session.provider;
  }

  readonly mostRows = Infinity;

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
    const { hiddenSize } = this.config;
    const count = rows.embeds.length / hiddenSize;
    const past = cache.length;
    assert(Number.isInteger(count) && count > 0 && rows.positions.length === 3 * count, 'every row has an embedding and a position on three axes');
    assert(keep >= 1 && keep <= count, 'logits are wanted of at least one new row');
    if (past + count > cache.capacity) throw new AppError('context-overflow', { tokens: past + count, limit: cache.capacity });
    const rope = decoderRope(rows.positions, this.#frequenciesFor(rows.ropeAlpha), this.#axes);
    const inputs: Record<string, Tensor> = {
      [textGraph.embeds]: tensor('float32', [1, count, hiddenSize], rows.embeds),
      [textGraph.ropeCos]: rope.cos,
      [textGraph.ropeSin]: rope.sin,
      [textGraph.positions]: tensor('int64', [1, count], BigInt64Array.from({ length: count }, (_, at) => BigInt(at))),
      [textGraph.lastIndex]: tensor('int32', [1], Int32Array.of(past + count - 1)),
      [textGraph.totalLength]: tensor('int32', [], Int32Array.of(past + count)),
      [textGraph.keep]: tensor('int64', [1], BigInt64Array.of(BigInt(keep))),
    };
    for (let level = 0; level < this.#deepstackLevels; level++) {
      const features = rows.deepstack?.[level];
      inputs[textGraph.deepstack(level)] = features ? tensor('float32', [1, count, hiddenSize], features) : tensor('float32', [1, 1, hiddenSize], new Float32Array(hiddenSize));
    }
    if (this.#needsScale) {
      const { lognAttention, trainedLength } = this.config;
      inputs[textGraph.queryScale] = lognAttention && trainedLength !== null ? lognScale(past, count, trainedLength) : tensor('float32', [1, count, 1], new Float32Array(count).fill(1));
    }
    const session = this.#fast && count >= fastFrom ? this.#fast : this.session;
    const outputs = await session.run({ ...inputs, ...cache.inputs }, { outputs: [textGraph.logits], into: cache.outputs, ...(signal ? { signal } : {}) });
    cache.commit(count);
    const logits = outputs[textGraph.logits] as Tensor<'float32'>;
    assert(logits.dims.length === 3 && logits.dims[1] === keep, 'the decoder gives logits of the kept rows');
    return tensor('float32', [keep, logits.dims[2]!], logits.data);
  }

  close(): void {
    this.session.close();
    this.#fast?.close();
  }
}
