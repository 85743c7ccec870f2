// When an answer is over: a stop token, a stop text, or an answer that only repeats itself. Knows tokens and text, no model.

/** Longest cycle that is recognised, in tokens: a table row or a line of JSON. */
const longestCycle = 160;
/** Tokens that must repeat without a change. A long run of equal tokens can be a page's dotted line; this much cannot. */
const leastRepeated = 128;
/** A cycle must come round this often. */
const leastRounds = 4;

/**
 * The length of the cycle that the end of `tokens` repeats, or 0. Small models loop on tables and lists; nothing new comes after
 * that many equal rounds under greedy choice.
 */
export function repeatedCycle(tokens: readonly number[]): number {
  for (let cycle = 1; cycle <= longestCycle; cycle++) {
    const needed = Math.max(leastRepeated, cycle * leastRounds);
    if (tokens.length < needed + cycle) break;
    let equal = 0;
    while (equal < needed && tokens[tokens.length - 1 - equal] === tokens[tokens.length - 1 - equal - cycle]) equal++;
    if (equal === needed) return cycle;
  }
  return 0;
}

/** Holds text back while it could still become a stop text; cuts at the first one. */
export class StopTexts {
  readonly #stops: readonly string[];
  #held = '';
  #stopped = false;

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== '');
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** The part of all text so far that is certainly not in a stop text and was not given out before. */
  push(text: string): string {
    if (this.#stopped) return '';
    this.#held += text;
    let cut = -1;
    for (const stop of this.#stops) {
      const found = this.#held.indexOf(stop);
      if (found >= 0 && (cut < 0 || found < cut)) cut = found;
    }
    if (cut >= 0) {
      this.#stopped = true;
      const free = this.#held.slice(0, cut);
      this.#held = '';
      return free;
    }
    const keep = this.#stops.reduce((longest, stop) => Math.max(longest, overlap(this.#held, stop)), 0);
    const free = this.#held.slice(0, this.#held.length - keep);
    this.#held = this.#held.slice(free.length);
    return free;
  }

  /** What was held back when the answer ended otherwise. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }
}

/** How much of the end of `text` is the beginning of `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) if (text.endsWith(stop.slice(0, length))) return length;
  return 0;
}
