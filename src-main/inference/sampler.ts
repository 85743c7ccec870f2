// Chooses the next token from logits: penalties, then temperature, top-k, top-p, then a seeded draw, in the order of Hugging Face's
// processors. Knows numbers, no text.
import { AppError } from '../base/errors.ts';

export interface Sampling {
  /** 0 chooses the likeliest token always. */
  readonly temperature: number;
  /** 0 keeps all. */
  readonly topK: number;
  /** 1 keeps all. */
  readonly topP: number;
  /** 1 does nothing. Above: tokens of prompt and answer become less likely. */
  readonly repetitionPenalty: number;
  /** 0 does nothing. Subtracted from tokens that the answer already has. */
  readonly presencePenalty: number;
  /** Equal seeds draw equally. */
  readonly seed: number;
}

export const greedy: Sampling = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, presencePenalty: 0, seed: 0 };

/** Small Fast Counter: a short generator whose 32-bit steps JavaScript does exactly. @source PractRand sfc32 */
export function seededRandom(seed: number): () => number {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed >>> 0;
  let counter = 1;
  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return (result >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round++) next();
  return next;
}

export class Sampler {
  readonly #sampling: Sampling;
  readonly #vocabulary: number;
  readonly #random: () => number;
  readonly #seen = new Set<number>();
  readonly #answered = new Set<number>();

  /** @param vocabulary ids from here on are padding rows of the table and never chosen */
  constructor(sampling: Sampling, vocabulary: number, promptIds: ArrayLike<number> = []) {
    this.#sampling = sampling;
    this.#vocabulary = vocabulary;
    this.#random = seededRandom(sampling.seed);
    for (let at = 0; at < promptIds.length; at++) this.#seen.add(promptIds[at]!);
  }

  /**
   * The next token, which then counts as part of the answer. `logits` (one row) may be changed.
   * @throws logits-not-finite
   */
  next(logits: Float32Array): number {
    const row = logits.subarray(0, Math.min(this.#vocabulary, logits.length));
    this.#penalise(row);
    const { temperature, topK } = this.#sampling;
    const best = argmax(row);
    const token = temperature <= 0 || topK === 1 ? best : this.#draw(row, row[best]!);
    this.#seen.add(token);
    this.#answered.add(token);
    return token;
  }

  #penalise(row: Float32Array): void {
    const { repetitionPenalty, presencePenalty } = this.#sampling;
    if (repetitionPenalty !== 1) {
      for (const id of this.#seen) if (id < row.length) row[id] = row[id]! < 0 ? row[id]! * repetitionPenalty : row[id]! / repetitionPenalty;
    }
    if (presencePenalty !== 0) for (const id of this.#answered) if (id < row.length) row[id]! -= presencePenalty;
  }

  #draw(row: Float32Array, largest: number): number {
    const { temperature, topK, topP } = this.#sampling;
    // tokens whose weight against the best is below e^-30 are never drawn: leaving them out changes nothing that a double can hold
    const floor = largest - 30 * temperature;
    const ids: number[] = [];
    for (let id = 0; id < row.length; id++) if (row[id]! >= floor) ids.push(id);
    ids.sort((one, other) => row[other]! - row[one]! || one - other);
    if (topK > 0 && ids.length > topK) ids.length = topK;
    const weights = ids.map((id) => Math.exp((row[id]! - largest) / temperature));
    let total = weights.reduce((sum, weight) => sum + weight, 0);
    if (topP < 1) {
      // the smallest set of likeliest tokens whose share reaches topP, at least one
      let sum = 0;
      let kept = 0;
      while (kept < ids.length && (kept === 0 || sum < topP * total)) sum += weights[kept++]!;
      ids.length = kept;
      total = sum;
    }
    let left = this.#random() * total;
    for (let at = 0; at < ids.length; at++) {
      left -= weights[at]!;
      if (left < 0) return ids[at]!;
    }
    return ids[ids.length - 1]!;
  }
}

/** Index of the largest value, the first among equals. @throws logits-not-finite */
export function argmax(row: Float32Array): number {
  let best = -1;
  let largest = -Infinity;
  for (let id = 0; id < row.length; id++) {
    const value = row[id]!;
    if (value > largest) {
      largest = value;
      best = id;
    } else if (Number.isNaN(value)) throw new AppError('logits-not-finite', { token: id });
  }
  if (best < 0 || largest === Infinity) throw new AppError('logits-not-finite', { token: Math.max(best, 0) });
  return best;
}
