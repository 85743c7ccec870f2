// Puts large print together again: the detection sees only so far, and takes the words of a headline for lines of their own. Knows boxes, no
// pixels.
import type { Quad } from '@contract/geometry.ts';
import { sideLengths } from './crop.ts';

/** Boxes lower than this, in pixels of the network's look at the page, hold print whose words it sees together. */
const largePrint = 56;
/** The gap between two boxes of one headline and the difference of their heights and places, in heights. Boxes reach into the space around words. */
const widestGap = 0.3, unlike = 0.25, apart = 0.16;

/** `quads` run along their lines; `scale` is how the page was reduced or enlarged for the detection. */
export function withWholeHeadlines(quads: readonly Quad[], scale: number): Quad[] {
  const joined = [...quads].sort((a, b) => a[0][0] + a[0][1] - b[0][0] - b[0][1]);
  const isLarge = (quad: Quad): boolean => sideLengths(quad).height * scale >= largePrint;
  for (let at = 0; at < joined.length; at++) {
    if (!isLarge(joined[at]!)) continue;
    for (let other = 0; other < joined.length; other++) {
      if (other === at || !isLarge(joined[other]!) || !follows(joined[at]!, joined[other]!)) continue;
      const [a, , , d] = joined[at]!, [, b, c] = joined[other]!;
      joined[at] = [a, b, c, d];
      joined.splice(other, 1);
      if (other < at) at--;
      other = -1;
    }
  }
  return joined.length === quads.length ? [...quads] : joined;
}

/** Whether `next` goes on where `line` ends. */
function follows(line: Quad, next: Quad): boolean {
  const own = sideLengths(line), others = sideLengths(next), height = Math.max(own.height, others.height);
  if (Math.abs(own.height - others.height) > unlike * height || own.width < own.height || others.width < others.height) return false;
  const along = [(line[1][0] - line[0][0]) / own.width, (line[1][1] - line[0][1]) / own.width] as const;
  const [x, y] = [next[0][0] - line[1][0], next[0][1] - line[1][1]];
  const gap = x * along[0] + y * along[1], across = y * along[0] - x * along[1];
  return gap > -0.3 * height && gap < widestGap * height && Math.abs(across) < apart * height;
}
