// How much ink lies where on a page, as one byte a pixel: the distance to the paper around it, with light, tint and contrast of the
// scanner taken out. Knows no text and no second page.
import type { PageMatrix } from '@contract/compare.ts';
import { resizePicture } from '../inference/image/decode-image.ts';
import type { Picture } from '../inference/image/picture.ts';
import { project } from './matrix.ts';

export interface InkMap {
  readonly width: number;
  readonly height: number;
  /** Map pixels per page pixel. */
  readonly scale: number;
  /** 0 is paper, 255 the page's darkest (or most coloured) ink. */
  readonly data: Uint8Array;
}

/** Differences to the paper below this many grey levels are noise. */
const noise = 14;
/** The paper's level is looked for in squares of this part of the long side. */
const paperSquares = 14;
/** Paper without ink is not stretched until its noise looks like ink. */
const leastContrast = 70;

/** The usual level of each square, per channel. */
function paperLevels({ width, height, data }: Picture, square: number): { columns: number; rows: number; levels: Uint8Array } {
  const columns = Math.ceil(width / square), rows = Math.ceil(height / square);
  const levels = new Uint8Array(columns * rows * 3), histogram = new Uint32Array(256);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let channel = 0; channel < 3; channel++) {
        histogram.fill(0);
        let count = 0;
        for (let y = row * square; y < Math.min(height, (row + 1) * square); y += 2) {
          for (let x = column * square; x < Math.min(width, (column + 1) * square); x += 2, count++) histogram[data[(y * width + x) * 3 + channel]!]!++;
        }
        let left = count / 2, level = 0;
        while (level < 255 && (left -= histogram[level]!) > 0) level++;
        levels[(row * columns + column) * 3 + channel] = level;
      }
    }
  }
  return { columns, rows, levels };
}

/** A weighted mean over three pixels, along and across: a fine scan becomes as soft as a coarse one. */
function soften(data: Uint8Array, width: number, height: number): Uint8Array {
  const half = new Uint8Array(data.length), out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) half[row + x] = (data[row + Math.max(0, x - 1)]! + 2 * data[row + x]! + data[row + Math.min(width - 1, x + 1)]! + 2) >> 2;
  }
  for (let y = 0; y < height; y++) {
    const up = Math.max(0, y - 1) * width, row = y * width, down = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x++) out[row + x] = (half[up + x]! + 2 * half[row + x]! + half[down + x]! + 2) >> 2;
  }
  return out;
}

/** Stretches until the darkest hundredth of what is ink at all becomes 255. In place. */
export function stretchInk(data: Uint8Array, least: number): void {
  const histogram = new Uint32Array(256);
  let inked = 0;
  for (const level of data) {
    histogram[level]!++;
    if (level > noise) inked++;
  }
  let left = inked * 0.05, top = 255;
  while (top > least && (left -= histogram[top]!) > 0) top--;
  const table = Uint8ClampedArray.from({ length: 256 }, (_, level) => (level * 255) / Math.max(least, top));
  for (let at = 0; at < data.length; at++) data[at] = table[data[at]!]!;
}

export async function inkOf(page: Picture, scale: number): Promise<InkMap> {
  const small = scale < 1 ? await resizePicture(page, Math.max(8, Math.round(page.width * scale)), Math.max(8, Math.round(page.height * scale)), 'linear') : page;
  const { width, height, data } = small;
  const square = Math.max(16, Math.ceil(Math.max(width, height) / paperSquares));
  const { columns, rows, levels } = paperLevels(small, square);
  const ink = new Uint8Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    const v = Math.min(rows - 1, Math.max(0, (y + 0.5) / square - 0.5)), top = Math.floor(v), bottom = Math.min(rows - 1, top + 1), t = v - top;
    for (let x = 0; x < width; x++, at++) {
      const u = Math.min(columns - 1, Math.max(0, (x + 0.5) / square - 0.5)), left = Math.floor(u), right = Math.min(columns - 1, left + 1), s = u - left;
      let most = 0;
      for (let channel = 0; channel < 3; channel++) {
        const a = levels[(top * columns + left) * 3 + channel]!, b = levels[(top * columns + right) * 3 + channel]!;
        const c = levels[(bottom * columns + left) * 3 + channel]!, d = levels[(bottom * columns + right) * 3 + channel]!;
        const paper = (a + (b - a) * s) * (1 - t) + (c + (d - c) * s) * t;
        most = Math.max(most, Math.abs(paper - data[3 * at + channel]!));
      }
      ink[at] = Math.max(0, most - noise);
    }
  }
  const soft = soften(soften(ink, width, height), width, height);
  stretchInk(soft, leastContrast);
  return { width, height, scale: width / page.width, data: soft };
}

/** For every pixel of a frame, x and y of the page's pixel that lies there: worked out once for all that is looked at through the frame. */
export interface FrameView {
  readonly width: number;
  readonly height: number;
  readonly places: Float32Array;
}

/** `toPage` takes pixels of the frame to pixels of the page. */
export function viewThrough(toPage: (x: number, y: number) => readonly [number, number], width: number, height: number): FrameView {
  const places = new Float32Array(2 * width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 2) {
      const [px, py] = toPage(x + 0.5, y + 0.5);
      places[at] = px;
      places[at + 1] = py;
    }
  }
  return { width, height, places };
}

/** Looks at a map through a frame. Outside the page (and within `margin` of its edge) the result is -1. */
export function lookThrough({ data, scale, width: inkWidth, height: inkHeight }: InkMap, { width, height, places }: FrameView, margin = 0): Int16Array {
  const out = new Int16Array(width * height);
  for (let at = 0; at < out.length; at++) {
    const u = places[2 * at]! * scale - 0.5, v = places[2 * at + 1]! * scale - 0.5, left = Math.floor(u), top = Math.floor(v);
    if (left < margin || top < margin || left >= inkWidth - 1 - margin || top >= inkHeight - 1 - margin) {
      out[at] = -1;
      continue;
    }
    const s = u - left, t = v - top, from = top * inkWidth + left;
    const upper = data[from]! + (data[from + 1]! - data[from]!) * s, lower = data[from + inkWidth]! + (data[from + inkWidth + 1]! - data[from + inkWidth]!) * s;
    out[at] = upper + (lower - upper) * t;
  }
  return out;
}

/** `viewThrough` for one map of the whole plane. */
export const throughMatrix = (m: PageMatrix) => (x: number, y: number): [number, number] => project(m, x, y);

/** The highest value within `radius` of every pixel; -1 counts as no ink. */
export function spread(data: Int16Array, width: number, height: number, radius: number): Int16Array {
  const half = new Int16Array(data.length), out = new Int16Array(data.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const last = row + Math.min(width - 1, x + radius);
      let most = 0;
      for (let at = row + Math.max(0, x - radius); at <= last; at++) if (data[at]! > most) most = data[at]!;
      half[row + x] = most;
    }
  }
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let from = Math.max(0, y - radius) * width; from <= Math.min(height - 1, y + radius) * width; from += width) {
      for (let x = 0; x < width; x++) if (half[from + x]! > out[row + x]!) out[row + x] = half[from + x]!;
    }
  }
  return out;
}
