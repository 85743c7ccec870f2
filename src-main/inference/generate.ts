// The loop from a prompt to an answer's tokens: reuse what the cache holds, prefill the rest in chunks, then one token per step. Each
// step is planned, run and committed, so cancelling leaves a cache that can go on. Knows tokens only; text is the caller's.
import { AppError, assert } from '../base/errors.ts';
import { throwIfCancelled, type Job } from '../base/job.ts';
import type { Embeddings } from './embedding-table.ts';
import type { Guide } from './grammar/guide.ts';
import type { RowCache } from './kv-cache.ts';
import { commonPrefix, promptRows, type Prompt, type PromptImage } from './prompt-rows.ts';
import { Sampler, type Sampling } from './sampler.ts';
import { repeatedCycle } from './stopping.ts';
import type { Decoder } from './text-model.ts';
import type { ImageFeatures } from './vision-model.ts';

export type FinishReason = 'stop' | 'stop-text' | 'length' | 'context' | 'repetition';

export interface GenerateOptions {
  readonly sampling: Sampling;
  readonly maxNewTokens: number;
  /** The answer ends before any of these. */
  readonly stopIds: ReadonlySet<number>;
  /** Ids from here on stand for nothing. */
  readonly vocabulary: number;
  /** Called for each token of the answer; true ends it after this token. */
  readonly onToken: (token: number) => boolean;
  /** End an answer that only repeats itself. Default true. */
  readonly guardRepetition?: boolean;
  /** Holds the answer to a grammar: it is whole when it ends, also for lack of tokens. */
  readonly guide?: Guide;
}

export interface Generated {
  readonly tokens: readonly number[];
  readonly finish: FinishReason;
  /** Prompt tokens whose rows were already in the cache. */
  readonly reusedTokens: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
}

/** The decoder with its one cache and the memory of what the cache holds. One generation at a time. */
export class Generator {
  readonly #model: Decoder;
  readonly #table: Embeddings;
  readonly #cache: RowCache;
  readonly #contextLimit: number;
  readonly #chunkRows: number;
  /** What the cache's rows were computed from. */
  readonly #ids: number[] = [];
  #images: readonly PromptImage[] = [];
  #ropeAlpha = 1;
  #busy = false;

  constructor(model: Decoder, table: Embeddings, cache: RowCache, contextLimit: number, chunkRows = model.mostRows) {
    this.#model = model;
    this.#table = table;
    this.#cache = cache;
    this.#contextLimit = contextLimit;
    this.#chunkRows = chunkRows;
  }

  /** How many first tokens of `prompt` need not be run. At least one always runs: its logits choose the first token. */
  reusable(prompt: Prompt): number {
    return Math.min(commonPrefix({ ids: this.#ids, images: this.#images, ropeAlpha: this.#ropeAlpha }, prompt), prompt.ids.length - 1, this.#cache.length);
  }

  /**
   * @param featuresOf gives the rows of prompt image `at`; asked only for images that are not in the cache
   * @throws job-cancelled, context-overflow (also when a grammar's shortest answer does not fit), out-of-memory, logits-not-finite
   */
  async generate(job: Job, prompt: Prompt, featuresOf: (at: number) => Promise<ImageFeatures>, options: GenerateOptions): Promise<Generated> {
    assert(!this.#busy, 'one answer is generated at a time');
    this.#busy = true;
    try {
      return await this.#generate(job, prompt, featuresOf, options);
    } finally {
      this.#busy = false;
    }
  }

  async #generate(job: Job, prompt: Prompt, featuresOf: (at: number) => Promise<ImageFeatures>, options: GenerateOptions): Promise<Generated> {
    const length = prompt.ids.length;
    assert(length > 0, 'a prompt has tokens');
    if (length >= this.#contextLimit) throw new AppError('context-overflow', { tokens: length, limit: this.#contextLimit });
    const started = performance.now();
    const limit = Math.min(this.#contextLimit, length + options.maxNewTokens);
    options.guide?.require(limit - length);
    const reused = this.#plan(prompt, limit);
    const logits = await this.#prefill(job, prompt, featuresOf, reused);
    const prefillMs = performance.now() - started;
    const decoded = await this.#decode(job, prompt, logits, options);
    return { ...decoded, reusedTokens: reused, prefillMs, decodeMs: performance.now() - started - prefillMs };
  }

  /** Rewinds the cache to what it shares with the prompt and makes room for the rest. */
  #plan(prompt: Prompt, rows: number): number {
    let reused = this.reusable(prompt);
    this.#forget(reused, prompt);
    // plain memory grows by copying, in small steps; a device's buffers cannot, so they get the whole context at once
    const needed = this.#model.provider === 'cpu' ? Math.min(rows, Math.max(prompt.ids.length + 1, this.#cache.capacity)) : this.#contextLimit;
    this.#cache.reserve(needed);
    if (this.#cache.length < reused) {
      reused = 0;
      this.#forget(0, prompt);
    }
    return reused;
  }

  #forget(kept: number, prompt: Prompt): void {
    this.#cache.rewind(kept);
    this.#ids.length = kept;
    // an image that the cut goes through stays whole: how many ids there are says how much of it is valid
    this.#images = this.#images.filter((image) => image.start < kept);
    this.#ropeAlpha = prompt.ropeAlpha;
  }

  async #prefill(job: Job, prompt: Prompt, featuresOf: (at: number) => Promise<ImageFeatures>, from: number): Promise<Float32Array> {
    const length = prompt.ids.length;
    const features: (ImageFeatures | null)[] = prompt.images.map(() => null);
    for (const [at, image] of prompt.images.entries()) {
      throwIfCancelled(job);
      if (image.start + image.tokens > from) features[at] = await featuresOf(at);
    }
    let logits: Float32Array = new Float32Array(0);
    for (let start = from; start < length; start += this.#chunkRows) {
      throwIfCancelled(job);
      job.progress('prefilling', (start - from) / (length - from));
      const end = Math.min(length, start + this.#chunkRows);
      const rows = await promptRows(this.#table, prompt, features, start, end);
      logits = (await this.#model.run(this.#cache, rows, 1, job.signal)).data;
      for (const id of prompt.ids.subarray(start, end)) this.#ids.push(id);
      this.#images = prompt.images.filter((image) => image.start < end);
    }
    return logits;
  }

  async #decode(job: Job, prompt: Prompt, first: Float32Array, options: GenerateOptions): Promise<{ tokens: number[]; finish: FinishReason }> {
    const sampler = new Sampler(options.sampling, options.vocabulary, prompt.ids);
    const tokens: number[] = [];
    const { guide } = options;
    let logits = first;
    for (;;) {
      throwIfCancelled(job);
      const left = Math.min(options.maxNewTokens, this.#contextLimit - prompt.ids.length) - tokens.length;
      if (left <= 0) return { tokens, finish: tokens.length >= options.maxNewTokens ? 'length' : 'context' };
      const taken = guide ? guide.next(sampler, logits, left) : [sampler.next(logits)];
      for (const token of taken) {
        if (!guide && options.stopIds.has(token)) return { tokens, finish: 'stop' };
        tokens.push(token);
        if (options.onToken(token)) return { tokens, finish: 'stop-text' };
      }
      if (guide?.isDone) return { tokens, finish: guide.cut ?? 'stop' };
      if (!guide && options.guardRepetition !== false && tokens.length % 8 === 0 && repeatedCycle(tokens) > 0) return { tokens, finish: 'repetition' };
      if (tokens.length >= options.maxNewTokens) return { tokens, finish: 'length' };
      for (let at = 0; at < taken.length; at += this.#chunkRows) logits = await this.#step(job, prompt, taken.slice(at, at + this.#chunkRows), options);
    }
  }

  /** Runs the answer's newest tokens. */
  async #step(job: Job, prompt: Prompt, taken: readonly number[], options: GenerateOptions): Promise<Float32Array> {
    const at = this.#cache.length;
    if (at + taken.length > this.#cache.capacity) {
      const wanted = Math.min(this.#contextLimit, Math.max(at + taken.length, Math.ceil(at * 1.5)), prompt.ids.length + options.maxNewTokens);
      this.#cache.reserve(Math.max(at + taken.length, wanted));
      assert(this.#cache.length === at, 'a cache that grows while decoding keeps its rows');
    }
    const first = at + prompt.positions.ropeDelta;
    const positions = Int32Array.from({ length: 3 * taken.length }, (_, row) => first + (row % taken.length));
    const rows = { embeds: await this.#table.lookUp(taken), positions, deepstack: null, ropeAlpha: prompt.ropeAlpha };
    const logits = await this.#model.run(this.#cache, rows, 1, job.signal);
    this.#ids.push(...taken);
    return logits.data;
  }

  /** Forgets everything and gives the cache's memory back. */
  close(): void {
    this.#ids.length = 0;
    this.#images = [];
    this.#cache.close();
  }
}
