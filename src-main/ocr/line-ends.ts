// Lets a detected line reach as far as its ink: the detection marks shrunken cores, and what it grows them by is too little for a thin last
// character, a full stop or a bullet. Knows pixels and boxes, no text.
import { boundsOf, type Quad } from '@contract/geometry.ts';
import type { Picture } from '../inference/image/picture.ts';
import { sideLengths } from './crop.ts';
import { otsuThreshold } from './line-ink.ts';

/** Everything in heights of the box, which is about one and a half times as high as its ink. */
const farthest = 1.2;
/** So much blank ends a line: more than between a letter and its full stop, less than between columns. */
const endingBlank = 0.22;
/** Blank that a line has beyond its last ink: letters that touch the strip's edge are read as their halves. */
const margin = 0.12;
/** Stretch at the box's end from which paper and ink are told apart. */
const known = 3;
/** Grey levels between paper and ink below which there is nothing to follow. */
const leastContrast = 40;
/** A column inked over this share of its height is a ruling, not a letter. */
const rulingShare = 0.95;

/** Ink thinner and longer than this is a line to write on, or one between rows. */
const thinShare = 0.16, thinLength = 0.4;

type Point = readonly [number, number];

const between = (a: Point, b: Point, t: number): [number, number] => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];

/** The quad mirrored, so that its end is its beginning. */
const mirrored = ([a, b, c, d]: Quad): Quad => [b, a, d, c];

function contains(quad: Quad, [x, y]: Point): boolean {
  let sign = 0;
  for (let at = 0; at < 4; at++) {
    const [px, py] = quad[at]!, [qx, qy] = quad[(at + 1) % 4]!;
    const side = Math.sign((qx - px) * (y - py) - (qy - py) * (x - px));
    if (side === 0) continue;
    if (sign !== 0 && side !== sign) return false;
    sign = side;
  }
  return true;
}

/** How far beyond its end the line's ink and a margin reach, in the quad's own lengths (0: the box holds all of it). */
function missingAtEnd(page: Picture, quad: Quad, others: readonly Quad[]): number {
  const { width, height } = sideLengths(quad);
  const step = Math.max(1, height / 40), rows = Math.max(6, Math.min(24, Math.round(height * 0.8)));
  const first = -Math.min(width, known * height), columns = Math.round((farthest * height - first) / step);
  const grey = new Uint8Array(columns * rows), histogram = new Uint32Array(256);
  let reachable = columns;
  for (let column = 0; column < columns; column++) {
    const along = first + column * step, t = 1 + along / width;
    const top = between(quad[0], quad[1], t), bottom = between(quad[3], quad[2], t);
    const middle = between(top, bottom, 0.5);
    if (along > 0 && others.some((other) => contains(other, middle))) {
      reachable = column;
      break;
    }
    for (let row = 0; row < rows; row++) {
      const [x, y] = between(top, bottom, 0.1 + (0.8 * (row + 0.5)) / rows);
      if (x < 0 || y < 0 || x >= page.width || y >= page.height) {
        reachable = Math.min(reachable, column);
        break;
      }
      const at = (Math.floor(y) * page.width + Math.floor(x)) * 3;
      const level = (page.data[at]! * 77 + page.data[at + 1]! * 150 + page.data[at + 2]! * 29) >> 8;
      grey[column * rows + row] = level;
      if (along <= 0) histogram[level]!++;
    }
    if (reachable < columns) break;
  }
  const threshold = otsuThreshold(histogram);
  let dark = 0, darkSum = 0, light = 0, lightSum = 0;
  for (let level = 0; level < 256; level++) {
    const count = histogram[level]!;
    if (level <= threshold) {
      dark += count;
      darkSum += level * count;
    } else {
      light += count;
      lightSum += level * count;
    }
  }
  if (dark === 0 || light === 0 || lightSum / light - darkSum / dark < leastContrast) return 0;
  const inkIsDark = dark <= light;
  const inked = (column: number): number => {
    let count = 0;
    for (let row = 0; row < rows; row++) if (grey[column * rows + row]! <= threshold === inkIsDark) count++;
    return count;
  };
  const end = Math.min(reachable - 1, Math.floor(-first / step));
  let last = end;
  while (last > end - height / step && last > 0 && inked(last) === 0) last--;
  if ((end - last) * step >= margin * height) return 0;
  for (let column = last + 1, blank = 0, thin = 0; column < reachable && blank * step < endingBlank * height; column++) {
    const count = inked(column);
    thin = count > 0 && count <= thinShare * rows ? thin + 1 : 0;
    if (thin * step > thinLength * height) {
      last = column - thin;
      reachable = last + 1;
      break;
    }
    if (column > end && count >= rulingShare * rows) {
      reachable = column;
      break;
    }
    blank = count ? 0 : blank + 1;
    if (count) last = column;
  }
  const wanted = Math.min(last + (margin * height) / step, reachable - 1);
  return Math.max(0, (wanted - end) * step) / width;
}

/** `quads` run along their lines; each of them reaches to where its ink ends on both sides, but not into another one. */
export function withWholeEnds(page: Picture, quads: readonly Quad[]): Quad[] {
  const bounds = quads.map(boundsOf);
  return quads.map((quad, index) => {
    const { width, height } = sideLengths(quad);
    if (width < 0.5 * height || height < 6) return quad;
    const own = bounds[index]!, reach = farthest * height + 1;
    const others = quads.filter((_, at) => {
      const other = bounds[at]!;
      return at !== index && other.x < own.x + own.width + reach && other.x + other.width > own.x - reach && other.y < own.y + own.height + reach && other.y + other.height > own.y - reach;
    });
    const after = missingAtEnd(page, quad, others), before = missingAtEnd(page, mirrored(quad), others);
    if (after === 0 && before === 0) return quad;
    const [a, b, c, d] = quad;
    return [between(a, b, -before), between(a, b, 1 + after), between(d, c, 1 + after), between(d, c, -before)];
  });
}
