// A language of byte strings as an automaton: built from ranges, sequences and choices, made deterministic state by state as it is walked.
// Knows bytes; nothing of JSON or tokens.
import { assert } from '../../base/errors.ts';

/** A part of the language between two states; used in one place only. */
export interface Fragment {
  readonly start: number;
  readonly end: number;
}

interface Edge {
  readonly low: number;
  readonly high: number;
  readonly to: number;
}

/** States and edges, some of them without a byte. @source Thompson's construction */
export class AutomatonBuilder {
  readonly edges: Edge[][] = [];
  readonly empty: number[][] = [];
  readonly free: boolean[] = [];

  state(): number {
    this.edges.push([]);
    this.empty.push([]);
    this.free.push(false);
    return this.edges.length - 1;
  }

  /** One byte of the range. */
  range(low: number, high = low): Fragment {
    const [start, end] = [this.state(), this.state()];
    this.edges[start]!.push({ low, high, to: end });
    return { start, end };
  }

  text(text: string): Fragment {
    return this.sequence(...Array.from(Buffer.from(text, 'utf8'), (byte) => this.range(byte)));
  }

  nothing(): Fragment {
    const state = this.state();
    return { start: state, end: state };
  }

  sequence(...parts: readonly Fragment[]): Fragment {
    if (parts.length === 0) return this.nothing();
    for (let at = 1; at < parts.length; at++) this.empty[parts[at - 1]!.end]!.push(parts[at]!.start);
    return { start: parts[0]!.start, end: parts.at(-1)!.end };
  }

  choice(...ways: readonly Fragment[]): Fragment {
    const [start, end] = [this.state(), this.state()];
    for (const way of ways) {
      this.empty[start]!.push(way.start);
      this.empty[way.end]!.push(end);
    }
    return { start, end };
  }

  optional(part: Fragment): Fragment {
    return this.choice(part, this.nothing());
  }

  /** `part` any number of times, also none. */
  repeat(part: Fragment): Fragment {
    const state = this.state();
    this.empty[state]!.push(part.start);
    this.empty[part.end]!.push(state);
    return { start: state, end: state };
  }

  /** `part` up to `most` times; `make` gives it anew each time. */
  upTo(most: number, make: () => Fragment): Fragment {
    let all = this.nothing();
    for (let at = 0; at < most; at++) all = this.optional(this.sequence(make(), all));
    return all;
  }

  /** What `make` builds is text of anybody's choice, which may go on for ever. */
  freeText(make: () => Fragment): Fragment {
    const from = this.free.length;
    const part = make();
    this.free.fill(true, from);
    return part;
  }
}

const unknown = -2;
/** No way goes on from here. */
export const dead = -1;

/** States are numbers from 0, made when they are first reached. */
export class ByteAutomaton {
  readonly start: number;
  readonly #edges: readonly (readonly Edge[])[];
  readonly #empty: readonly (readonly number[])[];
  readonly #free: readonly boolean[];
  readonly #accept: number;
  /** Bytes from each built state to the end, by the shortest way. */
  readonly #distance: Int32Array;
  readonly #sets: (readonly number[])[] = [];
  readonly #next: Int32Array[] = [];
  readonly #known = new Map<string, number>();

  constructor(builder: AutomatonBuilder, whole: Fragment) {
    this.#edges = builder.edges;
    this.#empty = builder.empty;
    this.#free = builder.free;
    this.#accept = whole.end;
    this.#distance = this.#distances();
    this.start = this.#stateOf(this.#closure([whole.start]));
  }

  step(state: number, byte: number): number {
    const row = this.#next[state]!;
    const known = row[byte]!;
    if (known !== unknown) return known;
    const targets: number[] = [];
    for (const one of this.#sets[state]!) for (const edge of this.#edges[one]!) if (byte >= edge.low && byte <= edge.high) targets.push(edge.to);
    return (row[byte] = targets.length === 0 ? dead : this.#stateOf(this.#closure(targets)));
  }

  /** The text may end here. */
  isEnd(state: number): boolean {
    return this.#sets[state]!.includes(this.#accept);
  }

  /** Inside text of anybody's choice. */
  isFree(state: number): boolean {
    return this.#sets[state]!.some((one) => this.#free[one]);
  }

  /** The first byte of a shortest way to the end. */
  endByte(state: number): number {
    const nearest = this.#sets[state]!.reduce((best, one) => (this.#distance[one]! < this.#distance[best]! ? one : best));
    const edge = this.#edges[nearest]!.find(({ to }) => this.#distance[to]! < this.#distance[nearest]!);
    assert(edge !== undefined, 'every state that is no end has a way to it');
    return edge.low;
  }

  /** The one byte that can follow, or -1 when there are several or none. */
  onlyByte(state: number): number {
    const set = this.#sets[state]!;
    let only = -1;
    for (const one of set) {
      if (one === this.#accept) return -1;
      for (const { low, high } of this.#edges[one]!) {
        if (low !== high || (only >= 0 && low !== only)) return -1;
        only = low;
      }
    }
    return only;
  }

  #closure(from: readonly number[]): number[] {
    const seen = new Set(from);
    const waiting = [...from];
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      for (const to of this.#empty[one]!) {
        if (seen.has(to)) continue;
        seen.add(to);
        waiting.push(to);
      }
    }
    // states that only lead on without a byte say nothing
    return [...seen].filter((one) => this.#edges[one]!.length > 0 || one === this.#accept).sort((a, b) => a - b);
  }

  #stateOf(set: readonly number[]): number {
    const key = set.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const state = this.#sets.length;
    this.#sets.push(set);
    this.#next.push(new Int32Array(256).fill(unknown));
    this.#known.set(key, state);
    return state;
  }

  /** Backwards from the end, nearest first: edges without a byte cost nothing. */
  #distances(): Int32Array {
    const count = this.#edges.length;
    const before: { readonly from: number; readonly cost: number }[][] = Array.from({ length: count }, () => []);
    for (let from = 0; from < count; from++) {
      for (const { to } of this.#edges[from]!) before[to]!.push({ from, cost: 1 });
      for (const to of this.#empty[from]!) before[to]!.push({ from, cost: 0 });
    }
    const distance = new Int32Array(count).fill(0x7fffffff);
    distance[this.#accept] = 0;
    let now = [this.#accept];
    for (let bytes = 0; now.length > 0; bytes++) {
      const next: number[] = [];
      for (let one = now.pop(); one !== undefined; one = now.pop()) {
        if (distance[one] !== bytes) continue;
        for (const { from, cost } of before[one]!) {
          if (distance[from]! <= bytes + cost) continue;
          distance[from] = bytes + cost;
          (cost === 0 ? now : next).push(from);
        }
      }
      now = next;
    }
    return distance;
  }
}
