// Which character of one page is which of the other. Text that stands once on both pages leads, wherever it stands; what is left is
// matched by place, so that two readings need not agree on the order of their lines. Knows no pixels.
import type { PageMatrix } from '@contract/compare.ts';
import { anchorsOf, type Anchor } from './anchors.ts';
import { scaleAt } from './matrix.ts';
import type { PageCharacter, PageCharacters } from './page-characters.ts';
import { PagePosition } from './page-position.ts';
import { alignSequences, heaviestRising } from './sequence.ts';

/** Runs of this many characters that stand once on either page belong together wherever they are; shorter ones only in place. */
const surely = 6;
/** Text heights between the expected and the real place of a character. */
const reachAcross = 0.6, reachAlong = 1.1;
/** Longer gaps are not aligned by sequence: what stands there was replaced. */
const longestGap = 600;

export interface CharacterMatch {
  /** For each character of the page before, the index of its counterpart, or -1; and the other way round. */
  readonly forward: Int32Array;
  readonly backward: Int32Array;
}

class Matching implements CharacterMatch {
  readonly forward: Int32Array;
  readonly backward: Int32Array;
  readonly before: PageCharacters;
  readonly after: PageCharacters;

  constructor(before: PageCharacters, after: PageCharacters) {
    this.before = before;
    this.after = after;
    this.forward = new Int32Array(before.characters.length).fill(-1);
    this.backward = new Int32Array(after.characters.length).fill(-1);
  }

  isFree(a: number, b: number): boolean {
    return this.forward[a] === -1 && this.backward[b] === -1;
  }

  isSame(a: number, b: number): boolean {
    return this.before.characters[a]?.code === this.after.characters[b]?.code;
  }

  join(a: number, b: number): void {
    this.forward[a] = b;
    this.backward[b] = a;
  }

  /** Matches an anchor and what is equal on both sides of it, as far as `fits` allows. */
  extend({ before, after, length }: Anchor, fits: (a: number, b: number) => boolean): void {
    for (let at = 0; at < length; at++) if (!this.isFree(before + at, after + at) && this.forward[before + at] !== after + at) return;
    const take = (a: number, b: number): boolean => {
      if (this.forward[a] === b) return true;
      if (!this.before.characters[a] || !this.after.characters[b] || !this.isFree(a, b) || !this.isSame(a, b) || !fits(a, b)) return false;
      this.join(a, b);
      return true;
    };
    for (let at = 0; at < length; at++) if (!take(before + at, after + at)) return;
    for (let at = 1; take(before - at, after - at); at++);
    for (let at = 0; take(before + length + at, after + length + at); at++);
  }
}

const sameSegment = (all: readonly PageCharacter[], a: number, b: number): boolean => all[a]?.segment === all[b]?.segment;

/** Matches characters that stand where their counterpart is expected, beginning beside those that are already matched. */
function matchInPlace(matching: Matching, matrix: PageMatrix): void {
  const { before, after, forward, backward } = matching;
  const position = new PagePosition(matrix, before, after, forward);
  // Characters of the page after by code, so that only equal ones are tried.
  const byCode = new Map<string, number[]>();
  after.characters.forEach(({ code }, at) => {
    if (backward[at] !== -1) return;
    const list = byCode.get(code);
    if (list) list.push(at);
    else byCode.set(code, [at]);
  });
  const found: { a: number; b: number; away: number }[] = [];
  before.characters.forEach((one, a) => {
    if (forward[a] !== -1) return;
    const candidates = byCode.get(one.code);
    if (!candidates) return;
    const height = before.segments[one.segment]!.height * scaleAt(matrix, one.x, one.y);
    const [x, y] = position.place(one.x, one.y);
    for (const b of candidates) {
      const other = after.characters[b]!;
      const across = Math.abs(other.y - y) / height, along = Math.abs(other.x - x) / height;
      if (along > reachAlong || across > reachAcross) continue;
      // A neighbour that is matched to the neighbour speaks for it.
      const joined = Number(sameSegment(before.characters, a, a - 1) && forward[a - 1] === b - 1) + Number(sameSegment(before.characters, a, a + 1) && forward[a + 1] === b + 1);
      found.push({ a, b, away: Math.hypot(along, across) - 0.5 * joined });
    }
  });
  found.sort((p, q) => p.away - q.away);
  for (const { a, b } of found) if (matching.isFree(a, b)) matching.join(a, b);
}

/** Within two lines that belong together the order must be the same: the digits of 64 are not those of 46. */
function dropCrossed(matching: Matching): void {
  const { forward, backward, before, after } = matching;
  for (const { from, to } of before.segments) {
    const bySegment = new Map<number, number[]>();
    for (let a = from; a < to; a++) {
      if (forward[a] === -1) continue;
      const segment = after.characters[forward[a]!]!.segment;
      const list = bySegment.get(segment);
      if (list) list.push(a);
      else bySegment.set(segment, [a]);
    }
    for (const list of bySegment.values()) {
      const kept = heaviestRising(list.map((a) => ({ order: forward[a]!, weight: 1 })));
      list.forEach((a, at) => {
        if (kept[at]) return;
        backward[forward[a]!] = -1;
        forward[a] = -1;
      });
    }
  }
}

/** Aligns what is left between two matched neighbours, where the text flowed on to other lines. */
function matchBetween(matching: Matching): void {
  const { forward, backward, before, after } = matching;
  for (let start = 0; start < forward.length; start++) {
    if (forward[start] !== -1) continue;
    let end = start;
    while (end < forward.length && forward[end] === -1) end++;
    const left = start > 0 ? forward[start - 1]! : -1, right = end < forward.length ? forward[end]! : backward.length;
    const length = right - left - 1;
    let isFree = length > 0 && length <= longestGap && end - start <= longestGap;
    for (let b = left + 1; isFree && b < right; b++) isFree = backward[b] === -1;
    if (isFree) {
      const codes = (all: readonly PageCharacter[], from: number, to: number): string[] => all.slice(from, to).map((one) => one.code);
      const pairs = alignSequences(codes(before.characters, start, end), codes(after.characters, left + 1, right)).filter(([a, b]) => matching.isSame(start + a, left + 1 + b));
      // A few words beside a whole new paragraph find single letters in it by chance: then only runs count.
      const isAlike = Math.max(length, end - start) <= 2 * Math.min(length, end - start) + 2;
      pairs.forEach(([a, b], at) => {
        let first = at, last = at;
        while (pairs[first - 1]?.[0] === pairs[first]![0] - 1 && pairs[first - 1]![1] === pairs[first]![1] - 1) first--;
        while (pairs[last + 1]?.[0] === pairs[last]![0] + 1 && pairs[last + 1]![1] === pairs[last]![1] + 1) last++;
        if (isAlike || last - first + 1 >= 4) matching.join(start + a, left + 1 + b);
      });
    }
    start = end;
  }
}

/** Takes back matches of a few characters inside text that otherwise has no counterpart: chance. */
function dropChance(matching: Matching): void {
  const { forward, backward, before } = matching;
  for (const { from, to } of before.segments) {
    let matched = 0;
    for (let a = from; a < to; a++) if (forward[a] !== -1) matched++;
    if (to - from < 4 || matched === 0 || matched > 0.34 * (to - from)) continue;
    let run = 0, longest = 0;
    for (let a = from; a < to; a++) {
      run = forward[a] !== -1 && (a === from || forward[a - 1] === forward[a]! - 1 || run === 0) ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    if (longest >= surely) continue;
    for (let a = from; a < to; a++) {
      if (forward[a] === -1) continue;
      backward[forward[a]!] = -1;
      forward[a] = -1;
    }
  }
}

/** @param matrix takes the page before to the page after; null when nothing is known of how they lie on one another */
export function matchCharacters(before: PageCharacters, after: PageCharacters, matrix: PageMatrix | null): CharacterMatch {
  const matching = new Matching(before, after);
  // Where a line begins on both pages, the line before it is the same text only as a whole: its last letters alone may be equal by chance.
  const textOf = (page: PageCharacters, at: number): string => {
    const { from, to } = page.segments[page.characters[at]!.segment]!;
    return page.characters.slice(from, to).map((one) => one.code).join('');
  };
  const isNear = (anchor: Anchor) => (a: number, b: number): boolean =>
    sameSegment(before.characters, a, anchor.before) || sameSegment(after.characters, b, anchor.after) || textOf(before, a) === textOf(after, b);
  for (const length of [12, surely]) for (const anchor of anchorsOf(before, after, length)) matching.extend(anchor, isNear(anchor));
  if (matrix) {
    for (const length of [4, 3]) {
      const position = new PagePosition(matrix, before, after, matching.forward);
      const isInPlace = (a: number, b: number): boolean => {
        const one = before.characters[a]!, other = after.characters[b]!;
        const height = before.segments[one.segment]!.height * scaleAt(matrix, one.x, one.y);
        const [x, y] = position.place(one.x, one.y);
        return Math.hypot(other.x - x, other.y - y) < reachAlong * height;
      };
      for (const anchor of anchorsOf(before, after, length)) if (isInPlace(anchor.before, anchor.after)) matching.extend(anchor, isInPlace);
    }
    matchInPlace(matching, matrix);
    // With the rest of each line known, its last characters are expected more exactly.
    matchInPlace(matching, matrix);
  } else {
    for (const length of [4, 3]) for (const anchor of anchorsOf(before, after, length)) matching.extend(anchor, () => true);
  }
  dropCrossed(matching);
  matchBetween(matching);
  dropChance(matching);
  return matching;
}

/** The pairs of points that runs of text give, those that stand once on either page. */
export function pointPairsOf(before: PageCharacters, after: PageCharacters): { x: number; y: number; toX: number; toY: number }[] {
  for (const length of [6, 5, 4, 3, 2]) {
    const anchors = anchorsOf(before, after, length);
    if (anchors.length < 40 && length > 2) continue;
    return anchors.map((anchor) => {
      const middle = Math.floor(anchor.length / 2);
      const one = before.characters[anchor.before + middle]!, other = after.characters[anchor.after + middle]!;
      return { x: one.x, y: one.y, toX: other.x, toY: other.y };
    });
  }
  return [];
}
