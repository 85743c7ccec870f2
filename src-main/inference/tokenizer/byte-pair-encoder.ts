// Byte-level byte-pair encoding: text without special tokens to ids, ids to bytes. Knows merge ranks and the split pattern; nothing of
// special tokens or prompts.
import { AppError, assert } from '../../base/errors.ts';

/** Bytes as a string of one character (0–255) each: cheap to join and to look up. */
export type ByteString = string;

export interface BytePairVocabulary {
  readonly ids: ReadonlyMap<ByteString, number>;
  /** Lower is merged first; undefined when the two are never merged. */
  rankOf(left: ByteString, right: ByteString): number | undefined;
}

const white = '\\t-\\r\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'; // Unicode White_Space; JavaScript's \s differs

/**
 * The published split pattern as a JavaScript expression: inline case folding is spelled out (Node 20 has none), white space is Unicode's.
 * @throws checkpoint-unsupported for a pattern that cannot be expressed
 */
export function splitPattern(source: string): RegExp {
  const unfolded = source.replace(/\(\?i:([^()]*)\)/g, (_, inner: string) => {
    const letters = inner.replace(/[a-z]/g, (letter) => (letter === 's' ? '[sS\\u017f]' : `[${letter}${letter.toUpperCase()}]`));
    return `(?:${letters})`;
  });
  let inClass = false;
  let result = '';
  for (let at = 0; at < unfolded.length; at++) {
    const two = unfolded.slice(at, at + 2);
    if (two === '\\s' || two === '\\S') {
      const negated = two === '\\S';
      assert(!(negated && inClass), 'the split pattern has no \\S inside a class');
      result += inClass ? white : `[${negated ? '^' : ''}${white}]`;
      at++;
    } else if (unfolded[at] === '\\') {
      result += two;
      at++;
    } else {
      if (unfolded[at] === '[') inClass = true;
      else if (unfolded[at] === ']') inClass = false;
      result += unfolded[at];
    }
  }
  try {
    return new RegExp(result, 'gu');
  } catch (error) {
    throw new AppError('checkpoint-unsupported', { file: 'tokenizer.json', reason: `the split pattern ${source}` }, error);
  }
}

/** The pattern of every published Qwen tokenizer; v1 has it in code. */
export const qwenSplitPattern = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

const cacheLimit = 20_000;

export class BytePairEncoder {
  readonly #vocabulary: BytePairVocabulary;
  readonly #pattern: RegExp;
  readonly #cache = new Map<ByteString, readonly number[]>();

  constructor(vocabulary: BytePairVocabulary, pattern: RegExp) {
    this.#vocabulary = vocabulary;
    this.#pattern = pattern;
  }

  /** Ids of `text`, in which nothing is special. Normalised to NFC first. */
  encode(text: string): number[] {
    const ids: number[] = [];
    for (const piece of this.#pieces(text.normalize('NFC'))) {
      const bytes = Buffer.from(piece, 'utf8').toString('latin1');
      const known = this.#cache.get(bytes);
      const merged = known ?? this.#merge(bytes);
      if (!known && bytes.length <= 64) {
        if (this.#cache.size >= cacheLimit) this.#cache.clear();
        this.#cache.set(bytes, merged);
      }
      for (const id of merged) ids.push(id);
    }
    return ids;
  }

  /** The matches of the pattern and whatever lies between them. */
  *#pieces(text: string): Generator<string> {
    let end = 0;
    for (const match of text.matchAll(this.#pattern)) {
      if (match.index > end) yield text.slice(end, match.index);
      yield match[0];
      end = match.index + match[0].length;
    }
    if (end < text.length) yield text.slice(end);
  }

  /** Merges the lowest-ranked neighbours until none can be merged. A heap keeps long runs (a page of Chinese is one piece) quick. */
  #merge(bytes: ByteString): number[] {
    const { ids, rankOf } = this.#vocabulary;
    const whole = bytes.length === 1 ? ids.get(bytes) : undefined;
    if (whole !== undefined) return [whole];
    const parts: (ByteString | null)[] = [...bytes];
    const next = parts.map((_, at) => at + 1);
    const previous = parts.map((_, at) => at - 1);
    const heap = new RankHeap();
    const consider = (left: number): void => {
      const right = next[left]!;
      if (left < 0 || right >= parts.length) return;
      const rank = rankOf(parts[left]!, parts[right]!);
      if (rank !== undefined) heap.push(rank, left, parts[left]!.length + parts[right]!.length);
    };
    for (let at = 0; at < parts.length - 1; at++) consider(at);
    for (let best = heap.pop(); best; best = heap.pop()) {
      const { left, length } = best;
      const right = next[left]!;
      // stale: a part was merged meanwhile (the joined length tells, since parts only grow)
      if (parts[left] === null || right >= parts.length || parts[left]!.length + parts[right]!.length !== length) continue;
      parts[left] = parts[left]! + parts[right]!;
      parts[right] = null;
      next[left] = next[right]!;
      if (next[left]! < parts.length) previous[next[left]!] = left;
      if (previous[left]! >= 0) consider(previous[left]!);
      consider(left);
    }
    return parts.flatMap((part) => {
      if (part === null) return [];
      const id = ids.get(part);
      assert(id !== undefined, 'every merged piece and every byte is in the vocabulary');
      return [id];
    });
  }
}

interface Candidate {
  readonly rank: number;
  readonly left: number;
  readonly length: number;
}

/** Smallest rank first; among equals the leftmost. */
class RankHeap {
  readonly #items: Candidate[] = [];

  push(rank: number, left: number, length: number): void {
    const items = this.#items;
    const item = { rank, left, length };
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(item, items[parent]!)) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  pop(): Candidate | null {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (!top || !last) return null;
    if (items.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++;
      if (!before(items[child]!, last)) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = last;
    return top;
  }
}

function before(one: Candidate, other: Candidate): boolean {
  return one.rank < other.rank || (one.rank === other.rank && one.left < other.left);
}
