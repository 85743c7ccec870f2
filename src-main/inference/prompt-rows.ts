// A prompt as the decoder takes it: token ids, positions, and which rows are pictures. Cuts any part of it into rows, and tells how
// much of it equals what a cache already holds. Knows no graph.
import type { Embeddings } from './embedding-table.ts';
import type { PositionIds } from './position-ids.ts';
import type { TextRows } from './text-model.ts';
import type { ImageFeatures } from './vision-model.ts';

export interface PromptImage {
  /** First image token among the prompt's tokens. */
  readonly start: number;
  readonly tokens: number;
  /** Equal for equal pixels at an equal size. */
  readonly key: string;
}

export interface Prompt {
  readonly ids: Int32Array;
  readonly positions: PositionIds;
  readonly images: readonly PromptImage[];
  readonly ropeAlpha: number;
}

/** What a cache's rows were computed from: as much of a prompt as was run, and the answer's tokens behind it. */
export interface CachedTokens {
  readonly ids: readonly number[];
  readonly images: readonly PromptImage[];
  readonly ropeAlpha: number;
}

/** How many first tokens of `prompt` are the cache's: ids equal, pictures equal, positions therefore equal too. */
export function commonPrefix(cached: CachedTokens, prompt: Prompt): number {
  if (cached.ropeAlpha !== prompt.ropeAlpha) return 0;
  const limit = Math.min(cached.ids.length, prompt.ids.length);
  let at = 0;
  let image = 0;
  while (at < limit) {
    const theirs = cached.images[image];
    const ours = prompt.images[image];
    const next = Math.min(theirs?.start ?? Infinity, ours?.start ?? Infinity);
    if (at < next) {
      if (cached.ids[at] !== prompt.ids[at]) return at;
      at++;
    } else {
      if (!theirs || !ours || theirs.start !== ours.start || theirs.key !== ours.key || theirs.tokens !== ours.tokens) return at;
      at += theirs.tokens;
      image++;
    }
  }
  return Math.min(at, limit);
}

/** Rows `from` … `to` of the prompt. `features` are in the order of `prompt.images`. */
export async function promptRows(table: Embeddings, prompt: Prompt, features: readonly (ImageFeatures | null)[], from: number, to: number): Promise<TextRows> {
  const count = to - from;
  const hidden = table.columns;
  const embeds = await table.lookUp(prompt.ids.subarray(from, to));
  const positions = new Int32Array(3 * count);
  for (let axis = 0; axis < 3; axis++) positions.set(prompt.positions.ids.subarray(axis * prompt.positions.length + from, axis * prompt.positions.length + to), axis * count);
  let deepstack: Float32Array[] | null = null;
  prompt.images.forEach((image, at) => {
    const start = Math.max(from, image.start);
    const end = Math.min(to, image.start + image.tokens);
    const one = features[at];
    if (start >= end || !one) return;
    const rows = (source: Float32Array): Float32Array => source.subarray((start - image.start) * hidden, (end - image.start) * hidden);
    embeds.set(rows(one.embeds), (start - from) * hidden);
    if (one.deepstack.length === 0) return;
    deepstack ??= one.deepstack.map(() => new Float32Array(count * hidden));
    one.deepstack.forEach((level, k) => deepstack![k]!.set(rows(level), (start - from) * hidden));
  });
  return { embeds, positions, deepstack, ropeAlpha: prompt.ropeAlpha };
}
