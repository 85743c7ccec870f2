// Finds what differs on two pages besides their text: stamps, signatures, ticks, logos, lines. Ink counts as lost only when there is none of
// it nearby on the other page, so noise, JPEG blocks and shifts below a pixel are nothing. Knows text only as places to leave out.
import { boundsOf, type Quad, type Rect } from '@contract/geometry.ts';
import { spread } from './ink-map.ts';

export interface PictureChange {
  /** In pixels of the frame. */
  readonly bounds: Rect;
  /** Pixels of ink that only one page has there: which page has more of it. */
  readonly onlyBefore: number;
  readonly onlyAfter: number;
}

/** Both pages in one frame, as ink; -1 where a page has no pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly before: Int16Array;
  readonly after: Int16Array;
  /** 1 where text stands that was compared as text. */
  readonly text: Uint8Array;
  /** 1 along the edges and in the corners of either page, which every machine shows otherwise. */
  readonly border: Uint8Array;
}

const nearby = 2;
/** How much darker than everything nearby on the other page, and what part of it the other page may have: a thin line is paler in a soft picture. */
const darker = 70, paler = 0.4;
/** Difference of ink within a few pixels at the edge of something drawn. */
const sharp = 70;
/** Squares that differ are looked at again with the page shifted a little: paper is not flat. */
const square = 32, shift = 5;
const cell = 8, cellPixels = 9;
/** Less ink than this is dust. */
const leastPixels = 60;
const leastShare = 0.3;
/** Lines are no thicker than this. */
const thin = 6;

/** The edges and corners of a page as pixels of value 1. */
export function borderOf(width: number, height: number): Uint8Array {
  const long = Math.max(width, height), edge = 0.025 * long, corner = 0.07 * long;
  const border = new Uint8Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    const dy = Math.min(y, height - y);
    for (let x = 0; x < width; x++, at++) {
      const dx = Math.min(x, width - x);
      if (Math.min(dx, dy) <= edge || Math.max(dx, dy) <= corner) border[at] = 1;
    }
  }
  return border;
}

/** Marks the pixels of quads in a frame, made wider by `margin`. */
export function markQuads(mask: Uint8Array, width: number, height: number, quads: readonly Quad[], margin: number): void {
  for (const quad of quads) {
    const { x, y, width: across, height: down } = boundsOf(quad);
    const inside = ([a, b, c, d]: Quad, px: number, py: number): boolean => [[a, b], [b, c], [c, d], [d, a]].every(([p, q]) => {
      const ex = q![0] - p![0], ey = q![1] - p![1];
      return (ex * (py - p![1]) - ey * (px - p![0])) / Math.max(1e-6, Math.hypot(ex, ey)) > -margin;
    });
    for (let row = Math.max(0, Math.floor(y - margin)); row < Math.min(height, y + down + margin); row++) {
      for (let column = Math.max(0, Math.floor(x - margin)); column < Math.min(width, x + across + margin); column++) {
        if (inside(quad, column + 0.5, row + 0.5)) mask[row * width + column] = 1;
      }
    }
  }
}

/** Tells whether the ink changes sharply around a pixel: shades and folds do not. Each pixel is looked at when it is first asked for. */
function sharpness(data: Int16Array, width: number, height: number): (at: number) => boolean {
  const known = new Uint8Array(data.length);
  const isSharp = (at: number): boolean => {
    const column = at % width, row = (at - column) / width;
    let low = 255, high = 0;
    for (let y = Math.max(0, row - 3); y <= Math.min(height - 1, row + 3); y++) {
      for (let x = Math.max(0, column - 3); x <= Math.min(width - 1, column + 3); x++) {
        const ink = Math.max(0, data[y * width + x]!);
        if (ink < low) low = ink;
        if (ink > high) high = ink;
      }
    }
    return high - low > sharp;
  };
  return (at) => (known[at] ||= isSharp(at) ? 2 : 1) === 2;
}

/** For each pixel: 1 when only the page before has ink there, 2 when only the page after has, else 0. */
function lostInk({ width, height, before, after, text }: Frame): Uint8Array {
  const wideBefore = spread(before, width, height, nearby), wideAfter = spread(after, width, height, nearby);
  const sharpBefore = sharpness(before, width, height), sharpAfter = sharpness(after, width, height);
  const data = new Uint8Array(width * height);
  const judge = (at: number, other: number): number => {
    const a = before[other]!, b = after[at]!;
    if (a < 0 || b < 0 || text[at]) return 0;
    if (a - wideAfter[at]! > darker && wideAfter[at]! < paler * a && sharpBefore(other)) return 1;
    return b - wideBefore[other]! > darker && wideBefore[other]! < paler * b && sharpAfter(at) ? 2 : 0;
  };
  for (let top = 0; top < height; top += square) {
    for (let left = 0; left < width; left += square) {
      const bottom = Math.min(height, top + square), right = Math.min(width, left + square);
      const at = (dx: number, dy: number, write: boolean): number => {
        let count = 0;
        for (let y = top; y < bottom; y++) {
          const from = y + dy;
          if (from < 0 || from >= height) continue;
          for (let x = left; x < right; x++) {
            if (x + dx < 0 || x + dx >= width) continue;
            const found = judge(y * width + x, from * width + x + dx);
            if (found) count++;
            if (write) data[y * width + x] = found;
          }
        }
        return count;
      };
      let best = at(0, 0, false), bestShift: [number, number] = [0, 0];
      for (let dy = -shift; best > 3 && dy <= shift; dy++) {
        for (let dx = -shift; dx <= shift; dx++) {
          const count = at(dx, dy, false);
          if (count < best) {
            best = count;
            bestShift = [dx, dy];
          }
        }
      }
      if (best > 0) at(bestShift[0], bestShift[1], true);
    }
  }
  return data;
}

/** Cells of text between cells that differ join them: a stamp over a line is one stamp. */
function bridgeText({ width, height, text }: Frame, counts: Uint16Array, columns: number, rows: number): void {
  const reach = 6, found: number[] = [];
  const isText = (row: number, column: number): boolean => {
    const x = Math.min(width - 1, column * cell + cell / 2), y = Math.min(height - 1, row * cell + cell / 2);
    return text[y * width + x] === 1;
  };
  const differs = (row: number, column: number): boolean => row >= 0 && column >= 0 && row < rows && column < columns && counts[row * columns + column]! >= cellPixels;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (differs(row, column) || !isText(row, column)) continue;
      let above = false, below = false;
      for (let step = 1; step <= reach; step++) {
        above ||= differs(row - step, column);
        below ||= differs(row + step, column);
      }
      if (above && below) found.push(row * columns + column);
    }
  }
  for (const at of found) counts[at] = cellPixels;
}

export function pictureChanges(frame: Frame): PictureChange[] {
  const { width, height, before, after } = frame;
  const data = lostInk(frame);
  const columns = Math.ceil(width / cell), rows = Math.ceil(height / cell);
  const counts = new Uint16Array(columns * rows);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (data[y * width + x]) counts[Math.floor(y / cell) * columns + Math.floor(x / cell)]!++;
  bridgeText(frame, counts, columns, rows);
  const seen = new Uint8Array(columns * rows);
  const changes: PictureChange[] = [];
  for (let start = 0; start < counts.length; start++) {
    if (seen[start] || counts[start]! < cellPixels) continue;
    // Cells with no more than two empty ones between belong together.
    const members: number[] = [], waiting = [start];
    seen[start] = 1;
    while (waiting.length) {
      const one = waiting.pop()!, row = Math.floor(one / columns), column = one % columns;
      members.push(one);
      for (let dy = -3; dy <= 3; dy++) {
        for (let dx = -3; dx <= 3; dx++) {
          const r = row + dy, c = column + dx, next = r * columns + c;
          if (r < 0 || c < 0 || r >= rows || c >= columns || seen[next] || counts[next]! < cellPixels / 2) continue;
          seen[next] = 1;
          waiting.push(next);
        }
      }
    }
    let left = width, top = height, right = 0, bottom = 0, onlyBefore = 0, onlyAfter = 0, ink = 0, inside = 0;
    for (const one of members) {
      const row = Math.floor(one / columns) * cell, column = (one % columns) * cell;
      for (let y = row; y < Math.min(height, row + cell); y++) {
        for (let x = column; x < Math.min(width, column + cell); x++) {
          const at = y * width + x;
          if (!frame.text[at] && Math.max(before[at]!, after[at]!) > darker) ink++;
          if (!data[at]) continue;
          if (data[at] === 1) onlyBefore++;
          else onlyAfter++;
          if (!frame.border[at]) inside++;
          left = Math.min(left, x);
          right = Math.max(right, x + 1);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y + 1);
        }
      }
    }
    const lost = onlyBefore + onlyAfter;
    if (lost < leastPixels || lost < leastShare * ink) continue;
    if (inside < 0.4 * lost) continue;
    // Dashes that fall into each other's gaps; a line that was drawn is solid.
    if (Math.min(right - left, bottom - top) <= thin && lost < 0.7 * (right - left) * (bottom - top)) continue;
    changes.push({ bounds: { x: left, y: top, width: right - left, height: bottom - top }, onlyBefore, onlyAfter });
  }
  return changes;
}
