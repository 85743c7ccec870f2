// Where the ink is in a strip of text: which side of the brightness is ink, which columns hold some, how tall it stands.
// Knows pixels only, no characters.
import type { Strip } from './crop.ts';

export interface LineInk {
  /** Ink pixels per column. */
  readonly columns: Uint16Array;
  /** 1 where a pixel is ink, row by row. */
  readonly mask: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** First and last row of the body of the text, and their distance. */
  readonly top: number;
  readonly bottom: number;
  readonly inkHeight: number;
}

/** The threshold that best splits a histogram in two. @source Otsu 1979 */
export function otsuThreshold(histogram: ArrayLike<number>): number {
  let total = 0, weighted = 0;
  for (let at = 0; at < histogram.length; at++) {
    total += histogram[at]!;
    weighted += at * histogram[at]!;
  }
  let below = 0, belowWeighted = 0, best = -1, threshold = 0, plateau = 0;
  for (let at = 0; at < histogram.length - 1; at++) {
    below += histogram[at]!;
    belowWeighted += at * histogram[at]!;
    const above = total - below;
    if (below === 0 || above === 0) continue;
    const difference = belowWeighted / below - (weighted - belowWeighted) / above;
    const variance = below * above * difference * difference;
    if (variance > best * (1 + 1e-9)) {
      best = variance;
      threshold = plateau = at;
    } else if (variance >= best * (1 - 1e-9)) plateau = at;
  }
  // Between two separate groups every threshold is equally good: the middle is the safest.
  return (threshold + plateau) / 2;
}

export function inkOf({ width, height, data }: Strip): LineInk {
  const grey = new Uint8Array(width * height);
  const histogram = new Uint32Array(256);
  for (let at = 0, from = 0; at < grey.length; at++, from += 3) {
    const value = (data[from]! * 77 + data[from + 1]! * 150 + data[from + 2]! * 29) >> 8;
    grey[at] = value;
    histogram[value]!++;
  }
  const threshold = otsuThreshold(histogram);
  let dark = 0;
  for (let value = 0; value <= threshold; value++) dark += histogram[value]!;
  // Letters cover less than the paper around them.
  const inkIsDark = dark * 2 <= grey.length;
  const mask = new Uint8Array(width * height);
  const rows = new Uint32Array(height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (grey[at]! <= threshold !== inkIsDark) continue;
      mask[at] = 1;
      rows[y]!++;
    }
  }
  // The body: rows with a fair share of the ink of the busiest rows; strays of the neighbouring lines have little.
  const busiest = Math.max(1, ...rows);
  let top = 0, bottom = height - 1;
  while (top < height - 1 && rows[top]! < busiest * 0.12) top++;
  while (bottom > top && rows[bottom]! < busiest * 0.12) bottom--;
  const columns = new Uint16Array(width);
  for (let y = top; y <= bottom; y++) for (let x = 0; x < width; x++) columns[x]! += mask[y * width + x]!;
  return { columns, mask, width, height, top, bottom, inkHeight: bottom - top + 1 };
}

/** Share of the inked columns that lie near one of `centres`: what a reading left unexplained is missing here. */
export function coverageOf(ink: LineInk, centres: readonly number[]): number {
  const reach = Math.max(10, ink.inkHeight * 0.62);
  let inked = 0, covered = 0, at = 0;
  for (let x = 0; x < ink.width; x++) {
    if (ink.columns[x]! < 2) continue;
    inked++;
    while (at + 1 < centres.length && Math.abs(centres[at + 1]! - x) <= Math.abs(centres[at]! - x)) at++;
    if (centres.length && Math.abs(centres[at]! - x) <= reach) covered++;
  }
  return inked ? covered / inked : 0;
}

/** Ink further than this from every character belongs to none of them; lower or narrower than that it is dirt. All in heights of the ink. */
const ownReach = 0.32, leastMark = 0.1;
/** Before the first character and behind the last one there is more dirt: only what is nearly as high as the line counts. */
const leastAtEnd = 0.75;

/** Whether a stretch of ink stands between or beside `centres` (of the characters that were read, in order) and belongs to none. */
export function leavesInk(centres: readonly number[], { columns, mask, width, height, inkHeight }: LineInk): boolean {
  const isMark = (start: number, end: number): boolean => {
    const middle = (start + end) / 2;
    if (start === 0 || end >= width - 1 || end - start + 1 < leastMark * inkHeight) return false;
    if (centres.some((centre) => (centre >= start - 1 && centre <= end + 1) || Math.abs(centre - middle) < ownReach * inkHeight)) return false;
    let rows = 0;
    for (let y = 0; y < height; y++) {
      for (let x = start; x <= end; x++) {
        if (!mask[y * width + x]) continue;
        rows++;
        break;
      }
    }
    const isInside = centres[0]! < middle && middle < centres.at(-1)!;
    return rows >= (isInside ? leastMark : leastAtEnd) * inkHeight;
  };
  if (centres.length === 0) return false;
  let start = -1;
  for (let x = 0; x <= width; x++) {
    const inked = x < width && columns[x]! > 0;
    if (inked && start < 0) start = x;
    if (!inked && start >= 0) {
      if (isMark(start, x - 1)) return true;
      start = -1;
    }
  }
  return false;
}
