// From the characters of a line and where they stand to its text and its words with boxes. Knows positions along the line,
// no pixels and no networks.
import { partOfQuad, type Quad } from '@contract/geometry.ts';
import type { Word } from '@contract/document.ts';
import { isHan, isIdeographic, isKana } from './characters.ts';
import { confidenceOf, textOf, type ReadCharacter } from './ctc.ts';
import { centreOf, type Gap } from './spacing.ts';

/** Where a word ends besides at spaces: between scripts that are written without them. */
function breaksBetween(left: string, right: string): boolean {
  if (!isIdeographic(left) && !isIdeographic(right)) return false;
  const kind = (text: string): number => (isHan(text) ? 1 : isKana(text) ? 2 : isIdeographic(text) ? 3 : 4);
  // A mark stays with what it closes.
  return kind(left) !== kind(right) && kind(right) !== 3;
}

/**
 * `characters` with their spaces, `gaps` between them in strip pixels, `stripWidth` the strip's whole width. `alongLine`
 * turns a position in the strip into a fraction of the line (the identity but for vertical text).
 */
export function wordsOf(
  characters: readonly ReadCharacter[], gaps: readonly Gap[], stripWidth: number, stepWidth: number,
  partAt: (from: number, to: number) => Quad, alongLine: (x: number) => number = (x) => x / stripWidth,
): Word[] {
  const words: Word[] = [];
  const byLeft = new Map(gaps.map((gap) => [gap.after, gap]));
  let open: ReadCharacter[] = [], start = 0, solid = -1;
  const close = (end: number): void => {
    if (open.length === 0) return;
    const from = Math.max(0, Math.min(1, alongLine(start))), to = Math.max(from, Math.min(1, alongLine(end)));
    words.push({ text: textOf(open), quad: partAt(from, to), confidence: Math.min(1, Math.max(0, confidenceOf(open))) });
    open = [];
  };
  for (let at = 0; at < characters.length; at++) {
    const one = characters[at]!;
    if (one.text === ' ') continue;
    const before = characters[at - 1];
    const gap = byLeft.get(solid);
    if (open.length && before && (before.text === ' ' || breaksBetween(before.text, one.text))) {
      // Without blank columns between them, halfway between the two centres.
      const middle = (centreOf(open.at(-1)!, stepWidth) + centreOf(one, stepWidth)) / 2;
      const blank = gap && gap.to - gap.from >= 2 ? gap : { from: middle, to: middle };
      close(blank.from);
      start = blank.to;
    }
    open.push(one);
    solid++;
  }
  close(stripWidth);
  return words;
}

/** The part of a quad between two fractions of its reading length. */
export const partAlong = (quad: Quad) => (from: number, to: number): Quad => partOfQuad(quad, from, to);

/** The same for a column, read downwards: its parts lie one under the other, and keep the corner order of upright text. */
export const partDown = (quad: Quad) => (from: number, to: number): Quad => {
  const [a, b, c, d] = quad;
  const between = (p: readonly [number, number], q: readonly [number, number], t: number): [number, number] => [p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t];
  return [between(a, d, from), between(b, c, from), between(b, c, to), between(a, d, to)];
};
