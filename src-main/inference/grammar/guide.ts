// Holds an answer to a grammar while it is sampled: only tokens that can go on are drawn, what can only be written one way is not drawn at
// all, and the end comes before the tokens run out. Knows tokens and an automaton; nothing of models.
import { AppError, assert } from '../../base/errors.ts';
import type { Sampler } from '../sampler.ts';
import { repeatedCycle } from '../stopping.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { dead, type ByteAutomaton } from './byte-automaton.ts';
import { TokenTrie } from './token-trie.ts';

/** Few tokens are kept as a list, many as bits. */
type Allowed = { readonly ids: Int32Array } | { readonly bits: Uint32Array };
const mostListed = 2048;

interface Closing {
  /** How many tokens end the answer from here. */
  readonly tokens: number;
  readonly token: number;
  readonly next: number;
}

const tries = new WeakMap<Tokenizer, TokenTrie>();

function trieOf(tokenizer: Tokenizer): TokenTrie {
  const known = tries.get(tokenizer);
  if (known) return known;
  const trie = new TokenTrie(tokenizer.plainTokens());
  tries.set(tokenizer, trie);
  return trie;
}

/** A grammar over one vocabulary. What was found out about a state is remembered for all answers. */
export class TokenGrammar {
  readonly start: number;
  readonly #automaton: ByteAutomaton;
  readonly #tokenizer: Tokenizer;
  readonly #trie: TokenTrie;
  readonly #allowed = new Map<number, Allowed>();
  readonly #closing = new Map<number, Closing>();
  readonly #forced = new Map<number, readonly number[]>();

  constructor(automaton: ByteAutomaton, tokenizer: Tokenizer) {
    this.#automaton = automaton;
    this.#tokenizer = tokenizer;
    this.#trie = trieOf(tokenizer);
    this.start = automaton.start;
  }

  isEnd(state: number): boolean {
    return this.#automaton.isEnd(state);
  }

  isFree(state: number): boolean {
    return this.#automaton.isFree(state);
  }

  /** The state behind a token, or `dead`. */
  advance(state: number, token: number): number {
    let next = state;
    for (const byte of this.#tokenizer.bytesOf(token)) {
      next = this.#automaton.step(next, byte);
      if (next === dead) break;
    }
    return next;
  }

  /** Sets what cannot follow to -Infinity. */
  restrict(state: number, row: Float32Array): void {
    const allowed = this.#allowedIn(state);
    if ('ids' in allowed) {
      const kept = Float32Array.from(allowed.ids, (id) => row[id]!);
      row.fill(-Infinity);
      allowed.ids.forEach((id, at) => (row[id] = kept[at]!));
      return;
    }
    const { bits } = allowed;
    for (let word = 0; word < bits.length; word++) {
      const mask = bits[word]!;
      if (mask === 0xffffffff) continue;
      const from = word * 32;
      const to = Math.min(row.length, from + 32);
      if (mask === 0) row.fill(-Infinity, from, to);
      else for (let id = from; id < to; id++) if (!((mask >>> (id - from)) & 1)) row[id] = -Infinity;
    }
    row.fill(-Infinity, Math.min(row.length, bits.length * 32));
  }

  #allowedIn(state: number): Allowed {
    const known = this.#allowed.get(state);
    if (known) return known;
    const ids: number[] = [];
    this.#trie.walk(this.#automaton, state, (token) => void ids.push(token));
    let allowed: Allowed = { ids: Int32Array.from(ids) };
    if (ids.length > mostListed) {
      const bits = new Uint32Array(Math.ceil(this.#trie.size / 32));
      for (const id of ids) bits[id >>> 5]! |= 1 << (id & 31);
      allowed = { bits };
    }
    this.#allowed.set(state, allowed);
    return allowed;
  }

  /** Tokens that end the answer from here: along a shortest text, by longest tokens. */
  closing(state: number): Closing {
    const path: { state: number; token: number; next: number }[] = [];
    let at = state;
    let tokens = 0;
    while (!this.isEnd(at)) {
      const known = this.#closing.get(at);
      if (known) {
        tokens = known.tokens;
        break;
      }
      const states = [at];
      const found = this.#trie.longest((depth) => {
        const here = states[depth]!;
        if (this.#automaton.isEnd(here)) return -1;
        const byte = this.#automaton.endByte(here);
        states.push(this.#automaton.step(here, byte));
        return byte;
      });
      assert(found !== null, 'every byte is a token');
      path.push({ state: at, token: found.token, next: states[found.bytes]! });
      at = states[found.bytes]!;
    }
    for (const one of path.reverse()) this.#closing.set(one.state, { tokens: ++tokens, token: one.token, next: one.next });
    return this.#closing.get(state) ?? { tokens: 0, token: -1, next: state };
  }

  /**
   * Tokens of what can only be written one way. The last of them is left to be drawn: it may well go on into what follows, as ` "` does
   * before a string.
   */
  forced(state: number): readonly number[] {
    const known = this.#forced.get(state);
    if (known) return known;
    const bytes: number[] = [];
    for (let at = state; bytes.length < 400; ) {
      const byte = this.#automaton.onlyByte(at);
      if (byte < 0) break;
      bytes.push(byte);
      at = this.#automaton.step(at, byte);
    }
    const tokens = bytes.length < 2 ? [] : this.#tokenizer.encodePlain(Buffer.from(bytes).toString('utf8')).slice(0, -1);
    // names that are written otherwise once they are normalised are drawn byte by byte
    let at = state;
    const sure = tokens.findIndex((token) => (at = at === dead ? dead : this.advance(at, token)) === dead);
    const forced = sure < 0 ? tokens : tokens.slice(0, sure);
    this.#forced.set(state, forced);
    return forced;
  }
}

/** A text of one's own choice is ended after this many tokens: the fields behind it want their turn. */
const longestText = 256;

/** One answer in the making. */
export class Guide {
  readonly #grammar: TokenGrammar;
  readonly #tokens: number[] = [];
  #state: number;
  #textTokens = 0;
  #endingText = false;
  #closing: 'length' | 'repetition' | null = null;

  constructor(grammar: TokenGrammar) {
    this.#grammar = grammar;
    this.#state = grammar.start;
  }

  get isDone(): boolean {
    return this.#grammar.isEnd(this.#state);
  }

  /** Why the answer is ended before the model would have; null while it is not. What is written from then on says nothing. */
  get cut(): 'length' | 'repetition' | null {
    return this.#closing;
  }

  /** @throws context-overflow when `budget` tokens cannot hold the shortest answer */
  require(budget: number): void {
    const { tokens } = this.#grammar.closing(this.#state);
    if (tokens > budget) throw new AppError('context-overflow', { tokens, limit: budget });
  }

  /**
   * The next tokens of the answer, at least one: a drawn one, and those that can only follow it. With `budget` tokens left, the answer ends
   * within them. `logits` (one row) may be changed.
   * @throws logits-not-finite
   */
  next(sampler: Sampler, logits: Float32Array, budget: number): number[] {
    assert(!this.isDone && budget > 0, 'an answer that is done has no next token');
    const taken = [this.#draw(sampler, logits, budget)];
    this.#take(taken[0]!);
    const forced = this.#closing ? [] : this.#grammar.forced(this.#state);
    const behind = forced.reduce((state, token) => this.#grammar.advance(state, token), this.#state);
    if (this.#grammar.closing(behind).tokens <= budget - 1 - forced.length) {
      for (const token of forced) this.#take(token);
      taken.push(...forced);
    }
    return taken;
  }

  #draw(sampler: Sampler, logits: Float32Array, budget: number): number {
    const closing = this.#grammar.closing(this.#state);
    if (this.#closing || this.#endingText) return closing.token;
    if (closing.tokens < budget) {
      this.#grammar.restrict(this.#state, logits);
      const token = sampler.next(logits);
      if (this.#grammar.closing(this.#grammar.advance(this.#state, token)).tokens < budget) return token;
    }
    this.#closing = 'length';
    return closing.token;
  }

  #take(token: number): void {
    this.#state = this.#grammar.advance(this.#state, token);
    assert(this.#state !== dead, 'the grammar allows what is taken');
    this.#tokens.push(token);
    const isFree = this.#grammar.isFree(this.#state);
    this.#textTokens = isFree ? this.#textTokens + 1 : 0;
    if (!isFree) this.#endingText = false;
    if (this.#textTokens > longestText) this.#endingText = true;
    if (this.#tokens.length % 8 > 0 || repeatedCycle(this.#tokens) === 0) return;
    if (isFree) this.#endingText = true;
    else this.#closing ??= 'repetition';
  }
}
