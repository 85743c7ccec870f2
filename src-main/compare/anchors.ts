// Finds characters of two pages that surely belong together: short runs of text that stand once on each page. Knows no pixels.
import type { PageCharacters } from './page-characters.ts';

export interface Anchor {
  /** Index of the first character on each page. */
  readonly before: number;
  readonly after: number;
  readonly length: number;
}

/** Where every run of `length` characters begins that stands only once. A run may hold the ends of its segment. */
function uniqueRuns(page: PageCharacters, length: number): Map<string, { at: number; count: number }> {
  const seen = new Map<string, { at: number; count: number } | null>();
  for (const { from, to } of page.segments) {
    const codes = ['\u0002', ...page.characters.slice(from, to).map((one) => one.code), '\u0003'];
    for (let at = 0; at + length <= codes.length; at++) {
      const key = codes.slice(at, at + length).join('');
      const first = Math.max(0, at - 1), last = Math.min(to - from, at - 1 + length);
      seen.set(key, seen.has(key) ? null : { at: from + first, count: last - first });
    }
  }
  const unique = new Map<string, { at: number; count: number }>();
  for (const [key, place] of seen) if (place) unique.set(key, place);
  return unique;
}

/** Runs of `length` characters that stand once on both pages. */
export function anchorsOf(before: PageCharacters, after: PageCharacters, length: number): Anchor[] {
  const others = uniqueRuns(after, length);
  const anchors: Anchor[] = [];
  for (const [key, place] of uniqueRuns(before, length)) {
    const other = others.get(key);
    if (other) anchors.push({ before: place.at, after: other.at, length: place.count });
  }
  return anchors.sort((a, b) => a.before - b.before);
}
