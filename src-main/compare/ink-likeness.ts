// Looks whether the same ink stands at one place of two pages, whatever the recogniser made of it: the judge between a change and a
// misreading. Knows no text.
import { boundsOf, type Quad, type Rect } from '@contract/geometry.ts';
import type { Picture } from '../inference/image/picture.ts';
import { stretchInk } from './ink-map.ts';

/** Text is looked at in this size. */
const textHeight = 26;
/** How far, in those pixels, the two places are shifted against one another. */
const reach = 7;
/** Ink further than this from any ink of the other page has no counterpart there. */
const slack = 1;
/** Levels of 255 by which ink may be lighter on the other page. */
const lighter = 45;

interface Patch {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The paper's level is looked for in pieces of a line of this width, in patch pixels; light changes over longer ways. */
const paperPiece = 70;
/** A piece whose usual level is further from the line's is covered by something. */
const sameLight = 60;

/** The paper's level of one channel in every column of a patch: light falls off along a photographed line. */
function paperAlong(rgb: Uint8Array, channel: number, width: number, height: number): Float32Array {
  const histogram = new Uint32Array(256);
  /** Text covers a third of its line at most: the usual level is the paper's. Of a piece only what is near `level` counts. */
  const usual = (from: number, to: number, level: number | null): number => {
    histogram.fill(0);
    let count = 0;
    for (let y = 0; y < height; y++) {
      for (let x = from; x < to; x++) {
        const value = rgb[3 * (y * width + x) + channel]!;
        if (level !== null && Math.abs(value - level) > sameLight) continue;
        histogram[value]!++;
        count++;
      }
    }
    if (level !== null && count < 0.3 * (to - from) * height) return level;
    let left = count / 2, found = 0;
    while (found < 255 && (left -= histogram[found]!) > 0) found++;
    return found;
  };
  const whole = usual(0, width, null), pieces = Math.max(1, Math.round(width / paperPiece));
  const levels = Array.from({ length: pieces }, (_, at) => (pieces === 1 ? whole : usual(Math.floor((at * width) / pieces), Math.floor(((at + 1) * width) / pieces), whole)));
  return Float32Array.from({ length: width }, (_, x) => {
    const u = Math.min(pieces - 1, Math.max(0, ((x + 0.5) * pieces) / width - 0.5)), left = Math.floor(u), right = Math.min(pieces - 1, left + 1);
    return levels[left]! + (levels[right]! - levels[left]!) * (u - left);
  });
}

/** Distance to the colour of the paper, stretched. */
function patchOf(page: Picture, toPage: (x: number, y: number) => readonly [number, number], width: number, height: number, step: number): Patch | null {
  const rgb = new Uint8Array(width * height * 3);
  // Where the page is finer than the patch, several of its pixels make one.
  const samples = Math.max(1, Math.min(4, Math.round(step)));
  let outside = 0;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      let red = 0, green = 0, blue = 0;
      for (let k = 0; k < samples * samples; k++) {
        const [px, py] = toPage(x + ((k % samples) + 0.5) / samples, y + (Math.floor(k / samples) + 0.5) / samples);
        const left = Math.floor(px - 0.5), top = Math.floor(py - 0.5);
        if (left < 0 || top < 0 || left >= page.width - 1 || top >= page.height - 1) outside++;
        const i = Math.min(page.width - 2, Math.max(0, left)), j = Math.min(page.height - 2, Math.max(0, top));
        const s = Math.min(1, Math.max(0, px - 0.5 - i)), t = Math.min(1, Math.max(0, py - 0.5 - j));
        const from = (j * page.width + i) * 3, below = from + page.width * 3;
        const mix = (c: number): number => (page.data[from + c]! * (1 - s) + page.data[from + 3 + c]! * s) * (1 - t) + (page.data[below + c]! * (1 - s) + page.data[below + 3 + c]! * s) * t;
        red += mix(0);
        green += mix(1);
        blue += mix(2);
      }
      const n = samples * samples;
      rgb[at] = red / n;
      rgb[at + 1] = green / n;
      rgb[at + 2] = blue / n;
    }
  }
  if (outside > 0.3 * width * height * samples * samples) return null;
  const [red, green, blue] = [paperAlong(rgb, 0, width, height), paperAlong(rgb, 1, width, height), paperAlong(rgb, 2, width, height)];
  const ink = new Uint8Array(width * height);
  for (let at = 0; at < ink.length; at++) {
    const x = at % width;
    ink[at] = Math.max(0, Math.max(Math.abs(rgb[3 * at]! - red[x]!), Math.abs(rgb[3 * at + 1]! - green[x]!), Math.abs(rgb[3 * at + 2]! - blue[x]!)) - 14);
  }
  stretchInk(ink, 60);
  return { width, height, data: ink };
}

/** The highest value within `slack`, around a pixel. */
function spreadOf({ width, height, data }: Patch): Uint8Array {
  const half = new Uint8Array(data.length), out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) for (let at = Math.max(0, x - slack); at <= Math.min(width - 1, x + slack); at++) half[y * width + x] = Math.max(half[y * width + x]!, data[y * width + at]!);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) for (let at = Math.max(0, y - slack); at <= Math.min(height - 1, y + slack); at++) out[y * width + x] = Math.max(out[y * width + x]!, half[at * width + x]!);
  return out;
}

/** How much ink in a column of the smaller patch has no counterpart in the larger one, shifted; and how much ink there is. */
function columnsAt(small: Patch, smallSpread: Uint8Array, large: Patch, largeSpread: Uint8Array, dx: number, dy: number): { lost: Float64Array; ink: Float64Array } {
  const lost = new Float64Array(small.width), ink = new Float64Array(small.width);
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const at = y * small.width + x, other = (y + dy) * large.width + x + dx;
      const a = small.data[at]!, b = large.data[other]!;
      lost[x]! += Math.max(0, a - largeSpread[other]! - lighter) + Math.max(0, b - smallSpread[at]! - lighter);
      ink[x]! += Math.max(a, b);
    }
  }
  return { lost, ink };
}

/** How much ink stands at a place, its text `height` pixels high, outside of `but`: mean part of full black. Null when the place lies outside the page. */
export function inkAmount(page: Picture, place: Quad, height: number, toPage: (x: number, y: number) => readonly [number, number], but: readonly Rect[]): number | null {
  const { x, y, width, height: tall } = boundsOf(place), zoom = Math.min(textHeight / height, 900 / width, 400 / tall);
  const patch = patchOf(page, (u, v) => toPage(x + u / zoom, y + v / zoom), Math.max(8, Math.round(width * zoom)), Math.max(8, Math.round(tall * zoom)), 1 / zoom);
  if (!patch) return null;
  const sum = patch.data.reduce((total, value, at) => {
    if (value === 0) return total;
    const [u, v] = toPage(x + ((at % patch.width) + 0.5) / zoom, y + (Math.floor(at / patch.width) + 0.5) / zoom);
    return but.some((one) => u >= one.x && u <= one.x + one.width && v >= one.y && v <= one.y + one.height) ? total : total + value;
  }, 0);
  return sum / patch.data.length / 255;
}

export interface InkDifference {
  /** Part of the ink without counterpart where the two differ most, over the width of one character. 0: the same ink. */
  readonly most: number;
  /** The same over the whole place. */
  readonly mean: number;
}

/**
 * Compares the ink at `place` on the page after (its text `height` pixels high) with that of the page before; `toBefore` takes points of
 * the page after to the page before. Null when the place lies outside.
 */
export function inkDifference(before: Picture, after: Picture, place: Quad, height: number, toBefore: (x: number, y: number) => readonly [number, number]): InkDifference | null {
  const bounds: Rect = boundsOf(place);
  const zoom = Math.min(textHeight / height, 900 / bounds.width, 400 / bounds.height);
  const margin = 0.35 * height;
  const left = bounds.x - margin, top = bounds.y - 0.1 * height;
  const width = Math.max(8, Math.round((bounds.width + 2 * margin) * zoom)), tall = Math.max(8, Math.round((bounds.height + 0.2 * height) * zoom));
  const small = patchOf(after, (x, y) => [left + x / zoom, top + y / zoom], width, tall, 1 / zoom);
  const [x0, y0] = toBefore(left, top), [x1, y1] = toBefore(left + 1, top);
  const large = patchOf(before, (x, y) => toBefore(left + (x - reach) / zoom, top + (y - reach) / zoom), width + 2 * reach, tall + 2 * reach, Math.hypot(x1 - x0, y1 - y0) / zoom);
  if (!small || !large) return null;
  const smallSpread = spreadOf(small), largeSpread = spreadOf(large);
  let best: { lost: Float64Array; ink: Float64Array } | null = null, least = Infinity;
  for (let dy = 0; dy <= 2 * reach; dy++) {
    for (let dx = 0; dx <= 2 * reach; dx++) {
      const one = columnsAt(small, smallSpread, large, largeSpread, dx, dy);
      const sum = one.lost.reduce((total, value) => total + value, 0);
      if (sum < least) {
        least = sum;
        best = one;
      }
    }
  }
  const { lost, ink } = best!;
  const whole = ink.reduce((total, value) => total + value, 0);
  const window = Math.round(0.55 * textHeight), floor = 255 * textHeight * 0.8;
  let most = 0;
  for (let from = 0; from + window <= width || from === 0; from += 2) {
    let a = 0, b = 0;
    for (let x = from; x < Math.min(width, from + window); x++) {
      a += lost[x]!;
      b += ink[x]!;
    }
    most = Math.max(most, a / Math.max(floor, b));
  }
  return { most: Math.min(1, most), mean: least / Math.max(floor, whole) };
}
