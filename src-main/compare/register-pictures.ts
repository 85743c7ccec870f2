// Lays two pages on one another by their ink alone, for pages with little or no text: a coarse guess first, then squares of one looked for
// on the other, finer and finer. Knows no text.
import type { PageMatrix } from '@contract/compare.ts';
import type { Picture } from '../inference/image/picture.ts';
import { inkOf, lookThrough, throughMatrix, viewThrough, type InkMap } from './ink-map.ts';
import { compose, invert, scaling, shifting, type PointPair } from './matrix.ts';
import { robustMap, type RobustMap } from './robust-map.ts';

/** Long sides of the maps that are compared, coarse to fine; size and distance of the squares, and how far each is looked for, in their pixels. */
const levels = [{ side: 160, square: 24, step: 12, reach: 8 }, { side: 480, square: 32, step: 32, reach: 7 }, { side: 1000, square: 40, step: 40, reach: 5 }] as const;
/** Squares whose best place agrees less than this say nothing. */
const leastLikeness = 0.55;
const leastSquares = 6;

/** Correlation of a square of `a` with the square of `b` shifted by (dx, dy); null where there is too little ink. */
function likeness(a: Int16Array, b: Int16Array, width: number, height: number, left: number, top: number, size: number, dx: number, dy: number): number | null {
  if (left + dx < 0 || top + dy < 0 || left + size + dx > width || top + size + dy > height) return null;
  let n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (let y = top; y < top + size; y++) {
    for (let x = left; x < left + size; x++) {
      const p = a[y * width + x]!, q = b[(y + dy) * width + x + dx]!;
      if (p < 0 || q < 0) continue;
      n++;
      sa += p;
      sb += q;
      saa += p * p;
      sbb += q * q;
      sab += p * q;
    }
  }
  if (n < 0.6 * size * size) return null;
  const va = saa / n - (sa / n) ** 2, vb = sbb / n - (sb / n) ** 2;
  if (va < 60 || vb < 60) return null;
  return (sab / n - (sa / n) * (sb / n)) / Math.sqrt(va * vb);
}

const centred = (page: Picture, turn: number, scale: number, target: Picture): PageMatrix => {
  const cos = Math.round(Math.cos((turn * Math.PI) / 180)) * scale, sin = Math.round(Math.sin((turn * Math.PI) / 180)) * scale;
  return compose(compose(shifting(target.width / 2, target.height / 2), [cos, -sin, 0, sin, cos, 0, 0, 0, 1]), shifting(-page.width / 2, -page.height / 2));
};

/** How a page might lie: turned by quarters, as large as the other page or of the same pixels. */
function guesses(before: Picture, after: Picture): PageMatrix[] {
  return [0, 90, 180, 270].flatMap((turn) => {
    const [width, height] = turn % 180 ? [before.height, before.width] : [before.width, before.height];
    const fitted = Math.sqrt((after.width * after.height) / (width * height));
    return [...new Set([fitted, 1])].map((scale) => centred(before, turn, scale, after));
  });
}

interface Look {
  readonly before: Int16Array;
  readonly after: Int16Array;
  readonly width: number;
  readonly height: number;
}

function look(before: InkMap, after: InkMap, matrix: PageMatrix): Look {
  const toAfter = scaling(1 / after.scale), toBefore = compose(invert(matrix), toAfter);
  return { before: lookThrough(before, viewThrough(throughMatrix(toBefore), after.width, after.height)), after: Int16Array.from(after.data), width: after.width, height: after.height };
}

/** Where squares of the page before are found on the page after. */
function squaresFound({ before, after, width, height }: Look, matrix: PageMatrix, scale: number, size: number, step: number, reach: number): PointPair[] {
  const back = invert(matrix), pairs: PointPair[] = [];
  for (let top = 0; top + size <= height; top += step) {
    for (let left = 0; left + size <= width; left += step) {
      let best = leastLikeness, at: [number, number] | null = null;
      for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) {
          const value = likeness(before, after, width, height, left, top, size, dx, dy);
          if (value === null) continue;
          if (value > best) {
            best = value;
            at = [dx, dy];
          }
        }
      }
      if (!at) continue;
      const x = (left + size / 2) / scale, y = (top + size / 2) / scale;
      const w = back[6]! * x + back[7]! * y + back[8]!;
      pairs.push({ x: (back[0]! * x + back[1]! * y + back[2]!) / w, y: (back[3]! * x + back[4]! * y + back[5]!) / w, toX: x + at[0] / scale, toY: y + at[1] / scale });
    }
  }
  return pairs;
}

/** Null when the pictures have nothing in common that says how they lie. */
export async function registerPictures(before: Picture, after: Picture, start: PageMatrix | null): Promise<RobustMap | null> {
  let matrix = start;
  let result: RobustMap | null = null;
  for (const { side, square, step, reach } of levels) {
    const scale = Math.min(1, side / Math.max(after.width, after.height));
    const to = await inkOf(after, scale), from = await inkOf(before, Math.min(1, side / Math.max(before.width, before.height)));
    const tries = matrix ? [matrix] : guesses(before, after);
    let best: RobustMap | null = null;
    for (const one of tries) {
      const pairs = squaresFound(look(from, to, one), one, to.scale, square, step, reach);
      const found = robustMap(pairs, before, 1.5 / to.scale, leastSquares);
      if (found && (!best || found.inliers.length > best.inliers.length)) best = found;
    }
    if (!best) return result;
    result = best;
    matrix = best.matrix;
  }
  return result;
}
