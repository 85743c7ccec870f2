// Finds where text lines stand on a page: chooses the scale, tiles what is too fine for one look, runs the detection
// network, and gives boxes in page pixels. Does not know what the lines say or which way up they are.
import type { PageNote } from '@contract/document.ts';
import type { Job } from '../base/job.ts';
import { throwIfCancelled } from '../base/job.ts';
import { cropPicture, resizePicture } from '../inference/image/decode-image.ts';
import type { Picture } from '../inference/image/picture.ts';
import type { Session } from '../inference/session.ts';
import { tensor, type Tensor } from '../inference/tensor.ts';
import type { RotatedRect } from './min-area-rect.ts';
import { textBoxesOf, type TextBox } from './text-boxes.ts';

/** Text this low (network pixels, box height) is found unreliably. */
const smallestText = 11;
/** Tiles are scaled so that the smaller lines come out this high. */
const comfortableText = 18;
/** From here on the overview is not believed about the size of the print. */
const unreliableScale = 0.36;
const targetShortSide = 960;
const maxLongSide = 1600;
const maxEnlargement = 2;
const tileSide = 1280;
/** Tiles share this much, so that every line of ordinary height is whole in one of them. */
const tileOverlap = 128;

/** How much the page is scaled for one look at all of it: small pages are enlarged, large ones reduced. */
export function overviewScale(width: number, height: number): number {
  const enlarged = Math.min(maxEnlargement, Math.max(1, targetShortSide / Math.min(width, height)));
  return Math.min(enlarged, maxLongSide / Math.max(width, height));
}

/** `[1, 3, height, width] float32`, blue first, normalised as the network was trained. */
function detectionInput({ width, height, data }: Picture): Tensor {
  const plane = width * height;
  const input = new Float32Array(3 * plane);
  const mean = [0.485, 0.456, 0.406], deviation = [0.229, 0.224, 0.225];
  const tables = mean.map((m, channel) => Float32Array.from({ length: 256 }, (_, value) => (value / 255 - m) / deviation[channel]!));
  const [blue, green, red] = tables as [Float32Array, Float32Array, Float32Array];
  for (let at = 0, from = 0; at < plane; at++, from += 3) {
    input[at] = blue[data[from + 2]!]!;
    input[plane + at] = green[data[from + 1]!]!;
    input[2 * plane + at] = red[data[from]!]!;
  }
  return tensor('float32', [1, 3, height, width], input);
}

const toMultiple = (value: number, of: number): number => Math.max(of, Math.round(value / of) * of);

/** Boxes of a whole picture looked at in `width` × `height`, in the picture's own pixels. */
async function look(session: Session, page: Picture, scale: number, job: Job): Promise<TextBox[]> {
  const width = toMultiple(page.width * scale, 32), height = toMultiple(page.height * scale, 32);
  const input = detectionInput(await resizePicture(page, width, height));
  throwIfCancelled(job);
  const outputs = await session.run({ [session.inputNames[0]!]: input }, { signal: job.signal });
  const map = outputs[session.outputNames[0]!]!.data as Float32Array;
  return textBoxesOf(map, width, height).map(({ rect, score }) => ({ rect: stretchRect(rect, page.width / width, page.height / height), score }));
}

/** Scales a rotated rectangle; the two factors differ by rounding only, so it stays a rectangle. */
function stretchRect(rect: RotatedRect, x: number, y: number): RotatedRect {
  const [ux, uy] = rect.axis;
  const along = Math.hypot(ux * x, uy * y), across = Math.hypot(uy * x, ux * y);
  return {
    centre: [rect.centre[0] * x, rect.centre[1] * y], length: rect.length * along, thickness: rect.thickness * across,
    axis: [(ux * x) / along, (uy * y) / along],
  };
}

function median(values: readonly number[], fraction = 0.5): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? 0;
}

const shortSideOf = ({ rect }: TextBox): number => Math.min(rect.length, rect.thickness);

/** Where tiles of `side` start so that they cover `length` with at least `overlap` in common. */
export function tileStarts(length: number, side: number, overlap: number): number[] {
  if (length <= side) return [0];
  const count = Math.ceil((length - overlap) / (side - overlap));
  return Array.from({ length: count }, (_, at) => Math.round((at * (length - side)) / (count - 1)));
}

/** Whether a part of the page is bare paper: no two pixels near each other differ by more than its grain. */
function isBlank(page: Picture, left: number, top: number, width: number, height: number): boolean {
  for (let y = top; y < top + height; y += 4) {
    const row = (y * page.width + left) * 3 + 1;
    for (let at = row; at < row + (width - 4) * 3; at += 6) if (Math.abs(page.data[at]! - page.data[at + 12]!) > 14) return false;
  }
  return true;
}

async function lookInTiles(session: Session, page: Picture, scale: number, job: Job): Promise<{ boxes: TextBox[]; tiles: number }> {
  const side = Math.round(tileSide / scale), overlap = Math.round(tileOverlap / scale);
  const lefts = tileStarts(page.width, side, overlap), tops = tileStarts(page.height, side, overlap);
  const boxes: TextBox[] = [];
  let done = 0;
  for (const top of tops) {
    for (const left of lefts) {
      throwIfCancelled(job);
      const width = Math.min(side, page.width - left), height = Math.min(side, page.height - top);
      job.progress('detecting', ++done / (lefts.length * tops.length));
      if (isBlank(page, left, top, width, height)) continue;
      const found = await look(session, await cropPicture(page, left, top, width, height), scale, job);
      for (const { rect, score } of found) boxes.push({ rect: { ...rect, centre: [rect.centre[0] + left, rect.centre[1] + top] }, score });
    }
  }
  return { boxes: mergeAcrossTiles(boxes), tiles: lefts.length * tops.length };
}

/**
 * Joins what two tiles saw of one line: boxes of like height and direction on one line that overlap lengthwise. Of
 * doubles, the union stays.
 */
export function mergeAcrossTiles(boxes: readonly TextBox[]): TextBox[] {
  const merged = [...boxes];
  for (let changed = true; changed; ) {
    changed = false;
    merged.sort((a, b) => a.rect.centre[1] - b.rect.centre[1]);
    for (let i = 0; i < merged.length; i++) {
      for (let j = i + 1; j < merged.length; j++) {
        const a = merged[i]!, b = merged[j]!;
        // Sorted by y: nothing further down can touch a line-like box any more.
        if (b.rect.centre[1] - a.rect.centre[1] > Math.max(a.rect.length, a.rect.thickness, b.rect.length, b.rect.thickness)) break;
        const union = unionOnOneLine(a, b);
        if (!union) continue;
        merged[i] = union;
        merged.splice(j, 1);
        changed = true;
        j--;
      }
    }
  }
  return merged;
}

function unionOnOneLine(a: TextBox, b: TextBox): TextBox | null {
  const longer = Math.max(a.rect.length, a.rect.thickness) >= Math.max(b.rect.length, b.rect.thickness) ? a : b;
  const wide = longer.rect.length >= longer.rect.thickness;
  const [ux, uy] = longer.rect.axis;
  const dx = b.rect.centre[0] - a.rect.centre[0], dy = b.rect.centre[1] - a.rect.centre[1];
  const along = Math.abs(dx * ux + dy * uy), across = Math.abs(dy * ux - dx * uy);
  const extent = (box: TextBox): [number, number] => (wide ? [box.rect.length, box.rect.thickness] : [box.rect.thickness, box.rect.length]);
  const [lengthA, heightA] = extent(a), [lengthB, heightB] = extent(b);
  const [offsetAlong, offsetAcross] = wide ? [along, across] : [across, along];
  const low = Math.min(heightA, heightB), high = Math.max(heightA, heightB);
  if (offsetAcross > 0.35 * low || low < 0.55 * high) return null;
  if (offsetAlong > (lengthA + lengthB) / 2) return null;
  const turnDifference = Math.abs(a.rect.axis[0] * b.rect.axis[1] - a.rect.axis[1] * b.rect.axis[0]);
  if (turnDifference > 0.1 && Math.min(lengthA, lengthB) > 2 * high) return null;
  // Everything along the longer box's own direction.
  const main = wide ? ([ux, uy] as const) : ([-uy, ux] as const);
  const position = (box: TextBox): number => box.rect.centre[0] * main[0] + box.rect.centre[1] * main[1];
  const start = Math.min(position(a) - lengthA / 2, position(b) - lengthB / 2), end = Math.max(position(a) + lengthA / 2, position(b) + lengthB / 2);
  const shift = (start + end) / 2 - position(longer);
  const centre: [number, number] = [longer.rect.centre[0] + main[0] * shift, longer.rect.centre[1] + main[1] * shift];
  const total = end - start;
  const rect = wide ? { ...longer.rect, centre, length: total } : { ...longer.rect, centre, thickness: total };
  return { rect, score: Math.max(a.score, b.score) };
}

export interface Detection {
  /** In page pixels. */
  readonly boxes: readonly TextBox[];
  readonly notes: readonly PageNote[];
}

/** Tiles in which neighbouring pixels differ most: where the finest print is likely to be. */
function busiestTiles(page: Picture, side: number, count: number): { left: number; top: number; width: number; height: number }[] {
  const width = Math.min(side, page.width), height = Math.min(side, page.height);
  const tiles = tileStarts(page.height, height, 0).flatMap((top) => tileStarts(page.width, width, 0).map((left) => {
    let activity = 0;
    for (let y = top; y < top + height; y += 16) {
      const row = (y * page.width + left) * 3 + 1;
      // One channel of every second pixel against the next but one: edges of strokes, not the grain of the paper.
      for (let at = row; at < row + (width - 2) * 3; at += 6) if (Math.abs(page.data[at]! - page.data[at + 6]!) > 48) activity++;
    }
    return { left, top, width, height, activity };
  }));
  return tiles.sort((a, b) => b.activity - a.activity).slice(0, count);
}

/** Height of the smaller lines in page pixels, seen in a few tiles at full size; 0 where there are none. */
async function printHeight(session: Session, page: Picture, job: Job): Promise<number> {
  const heights: number[] = [];
  for (const { left, top, width, height } of busiestTiles(page, tileSide, 2)) {
    throwIfCancelled(job);
    heights.push(...(await look(session, await cropPicture(page, left, top, width, height), 1, job)).map(shortSideOf));
  }
  return median(heights, 0.2);
}

/**
 * Finds the text lines of a page. One look at the whole page; where that look was reduced so far that its text came
 * out too small, a second one in tiles, fine enough for the text that stands there.
 * @throws job-cancelled, out-of-memory
 */
export async function detectLines(job: Job, session: Session, page: Picture): Promise<Detection> {
  const scale = overviewScale(page.width, page.height);
  const overview = await look(session, page, scale, job);
  if (scale >= 1) return { boxes: overview, notes: scale > 1 ? [{ kind: 'enlarged', factor: round2(scale) }] : [] };

  // The smaller lines decide, not the headings. Strongly reduced, whole paragraphs may pass as one line or as nothing.
  const seen = scale < unreliableScale ? await printHeight(session, page, job) : median(overview.map(shortSideOf), 0.2);
  const fine = Math.min(1, comfortableText / Math.max(1, seen));
  if (seen === 0 || seen * scale >= smallestText || fine <= scale * 1.25) return { boxes: overview, notes: [{ kind: 'reduced', factor: round2(scale) }] };
  const { boxes, tiles } = await lookInTiles(session, page, fine, job);
  // Lines larger than a tile's overlap are seen whole in the overview only.
  // What holds several lines of the tiles was no line but a paragraph.
  const headlines = overview.filter((one) => shortSideOf(one) * fine > tileOverlap * 0.7 && boxes.filter((box) => covers(one, box)).length < 2);
  return {
    boxes: [...headlines, ...boxes.filter((box) => !headlines.some((one) => covers(one, box)))],
    notes: [{ kind: 'tiled', tiles }, ...(fine < 1 ? [{ kind: 'reduced', factor: round2(fine) } as const] : [])],
  };
}

function covers(large: TextBox, small: TextBox): boolean {
  const [ux, uy] = large.rect.axis;
  const dx = small.rect.centre[0] - large.rect.centre[0], dy = small.rect.centre[1] - large.rect.centre[1];
  return Math.abs(dx * ux + dy * uy) < large.rect.length / 2 && Math.abs(dy * ux - dx * uy) < large.rect.thickness / 2;
}

const round2 = (value: number): number => Math.round(value * 100) / 100;
