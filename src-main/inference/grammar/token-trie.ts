// A vocabulary as a tree of bytes, laid out depth first, so that all tokens an automaton allows are found in one walk that leaves out what
// cannot go on. Knows bytes and ids.
import type { ByteString } from '../tokenizer/byte-pair-encoder.ts';
import { dead, type ByteAutomaton } from './byte-automaton.ts';

export class TokenTrie {
  /** One more than the largest id. */
  readonly size: number;
  readonly #byte: Uint8Array;
  readonly #depth: Uint16Array;
  /** The token that ends at a node, or -1. */
  readonly #token: Int32Array;
  /** Behind the last node of a node's subtree. */
  readonly #end: Int32Array;
  readonly #deepest: number;

  /** @param tokens without special tokens: those are never part of a constrained answer */
  constructor(tokens: Iterable<readonly [number, ByteString]>) {
    const sorted = [...tokens].sort(([, one], [, other]) => (one < other ? -1 : one > other ? 1 : 0));
    const shared = (at: number): number => {
      const [before, bytes] = [sorted[at - 1]?.[1] ?? '', sorted[at]![1]];
      let length = 0;
      while (length < before.length && before.charCodeAt(length) === bytes.charCodeAt(length)) length++;
      return length;
    };
    const nodes = sorted.reduce((sum, [, bytes], at) => sum + bytes.length - shared(at), 0);
    this.size = sorted.reduce((most, [id]) => Math.max(most, id + 1), 0);
    this.#byte = new Uint8Array(nodes);
    this.#depth = new Uint16Array(nodes);
    this.#token = new Int32Array(nodes).fill(-1);
    this.#end = new Int32Array(nodes);
    this.#deepest = sorted.reduce((most, [, bytes]) => Math.max(most, bytes.length), 0);
    let node = 0;
    const open: number[] = [];
    const closeTo = (depth: number): void => {
      while (open.length > depth) this.#end[open.pop()!] = node;
    };
    for (const [at, [id, bytes]] of sorted.entries()) {
      closeTo(shared(at));
      for (let depth = open.length; depth < bytes.length; depth++) {
        this.#byte[node] = bytes.charCodeAt(depth);
        this.#depth[node] = depth;
        open.push(node++);
      }
      this.#token[open.at(-1)!] = id;
    }
    closeTo(0);
  }

  /** Calls `found` with every token whose bytes the automaton takes from `state`. */
  walk(automaton: ByteAutomaton, state: number, found: (token: number) => void): void {
    const states = new Int32Array(this.#deepest + 1);
    states[0] = state;
    for (let node = 0; node < this.#byte.length; ) {
      const depth = this.#depth[node]!;
      const next = automaton.step(states[depth]!, this.#byte[node]!);
      if (next === dead) {
        node = this.#end[node]!;
        continue;
      }
      states[depth + 1] = next;
      const token = this.#token[node]!;
      if (token >= 0) found(token);
      node++;
    }
  }

  /** The longest token that is the beginning of what `byteAt` gives, and how many bytes it has. */
  longest(byteAt: (at: number) => number): { token: number; bytes: number } | null {
    let best: { token: number; bytes: number } | null = null;
    let [from, to] = [0, this.#byte.length];
    for (let depth = 0; depth < this.#deepest; depth++) {
      const byte = byteAt(depth);
      let node = from;
      while (node < to && this.#byte[node] !== byte) node = this.#end[node]!;
      if (byte < 0 || node >= to) break;
      if (this.#token[node]! >= 0) best = { token: this.#token[node]!, bytes: depth + 1 };
      [from, to] = [node + 1, this.#end[node]!];
    }
    return best;
  }
}
