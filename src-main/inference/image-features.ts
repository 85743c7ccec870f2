// Features of pictures that were asked about before: the vision tower is the slowest part of a first answer. Knows bytes, no model.
import { createHash } from 'node:crypto';
import type { Picture } from './image/picture.ts';
import type { ImageFeatures, ImagePlan } from './vision-model.ts';

/** Equal for equal pixels sent at an equal size. */
export function imageKey(source: Picture, plan: ImagePlan): string {
  return createHash('sha256').update(`${source.width}x${source.height}>${plan.input.width}x${plan.input.height}`).update(source.data).digest('hex');
}

function bytesOf(features: ImageFeatures): number {
  return features.embeds.byteLength + features.deepstack.reduce((sum, level) => sum + level.byteLength, 0);
}

/** Keeps the most recently used ones, up to `limitBytes`. */
export class ImageFeatureCache {
  readonly #limitBytes: number;
  readonly #entries = new Map<string, ImageFeatures>();
  #bytes = 0;

  constructor(limitBytes = 256 * 1024 * 1024) {
    this.#limitBytes = limitBytes;
  }

  /** The kept features, or those that `compute` gives, which are kept. */
  async get(key: string, compute: () => Promise<ImageFeatures>): Promise<ImageFeatures> {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const made = await compute();
    this.#entries.set(key, made);
    this.#bytes += bytesOf(made);
    for (const [oldest, features] of this.#entries) {
      if (this.#bytes <= this.#limitBytes || oldest === key) break;
      this.#entries.delete(oldest);
      this.#bytes -= bytesOf(features);
    }
    return made;
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }
}
