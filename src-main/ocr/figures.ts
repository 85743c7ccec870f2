// Figures: places with ink where no text was found. Works on the contrast of small blocks of a page; knows no letters.
// @source after Antonacopoulos 1998, page segmentation by the paper between things; here by the ink that text leaves over
import { boundsOf, type Quad } from '@contract/geometry.ts';
import type { Picture } from '../inference/image/picture.ts';
import type { Box } from './reading-order.ts';

export interface Figure {
  /** In the frame of the text. */
  readonly box: Box;
  /** Lines that stand in it: names of axes, words in a drawing. */
  readonly lines: readonly number[];
}

type ToFrame = (x: number, y: number) => [number, number];

/** Difference of brightness inside a block from which it holds ink, in 256 steps. */
const leastContrast = 44;
/** Blocks are this many text heights wide. */
const blockHeights = 0.4;
/** Ink belongs together over this many empty blocks. */
const reach = 2;
/** A figure is at least this many text heights wide and high. */
const leastSide = 4;
/** Smaller than this share of a place is ink when it is a frame around something else. */
const leastInside = 0.03;
/** Of a few strokes, most rows and columns cross next to nothing: a figure has so many blocks of ink in this share of them. */
const crossed = 3, crossedShare = 0.4;
/** Where more than this is text, it is text on a coloured ground, or a table. */
const mostText = 0.22;
/** Nothing on the page, but the page itself on a table. */
const mostOfPage = 0.6;

interface Blocks {
  readonly across: number;
  readonly down: number;
  readonly side: number;
}

/** 1 where a block holds both dark and light. */
function inkBlocks({ width, height, data }: Picture, { across, down, side }: Blocks): Uint8Array {
  const low = new Uint8Array(across * down).fill(255), high = new Uint8Array(across * down);
  for (let y = 0; y < height; y++) {
    const row = Math.min(down - 1, Math.floor(y / side)) * across;
    for (let x = 0, at = y * width * 3; x < width; x++, at += 3) {
      const value = (data[at]! * 77 + data[at + 1]! * 150 + data[at + 2]! * 29) >> 8;
      const block = row + Math.min(across - 1, Math.floor(x / side));
      if (value < low[block]!) low[block] = value;
      if (value > high[block]!) high[block] = value;
    }
  }
  return high.map((value, at) => (value - low[at]! >= leastContrast ? 1 : 0));
}

/** 1 where a line of text stands, or a drawn table. */
function takenBlocks(blocks: Blocks, quads: readonly Quad[], tables: readonly Box[], toFrame: ToFrame): Uint8Array {
  const { across, down, side } = blocks;
  const taken = new Uint8Array(across * down);
  for (const quad of quads) {
    const { x, y, width, height } = boundsOf(quad);
    const more = Math.min(width, height) * 0.35;
    for (let row = Math.max(0, Math.floor((y - more) / side)); row <= Math.min(down - 1, Math.floor((y + height + more) / side)); row++) {
      taken.fill(1, row * across + Math.max(0, Math.floor((x - more) / side)), row * across + Math.min(across, Math.floor((x + width + more) / side) + 1));
    }
  }
  if (tables.length === 0) return taken;
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      const [x, y] = toFrame((column + 0.5) * side, (row + 0.5) * side);
      if (tables.some((table) => x > table.left - side && x < table.right + side && y > table.top - side && y < table.bottom + side)) taken[row * across + column] = 2;
    }
  }
  return taken;
}

interface Patch {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Where ink lies together, in blocks, both ends included. */
function patchesOf(ink: Uint8Array, { across, down }: Blocks): Patch[] {
  const seen = new Uint8Array(ink.length);
  const patches: Patch[] = [];
  for (let start = 0; start < ink.length; start++) {
    if (!ink[start] || seen[start]) continue;
    const patch: Patch = { left: across, top: down, right: 0, bottom: 0 };
    const stack = [start];
    seen[start] = 1;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const column = at % across, row = (at - column) / across;
      patch.left = Math.min(patch.left, column);
      patch.right = Math.max(patch.right, column);
      patch.top = Math.min(patch.top, row);
      patch.bottom = Math.max(patch.bottom, row);
      for (let y = Math.max(0, row - reach); y <= Math.min(down - 1, row + reach); y++) {
        for (let x = Math.max(0, column - reach); x <= Math.min(across - 1, column + reach); x++) {
          const next = y * across + x;
          if (!ink[next] || seen[next]) continue;
          seen[next] = 1;
          stack.push(next);
        }
      }
    }
    patches.push(patch);
  }
  return patches;
}

function isFigure(patch: Patch, ink: Uint8Array, taken: Uint8Array, { across, down, side }: Blocks, textHeight: number): boolean {
  const wide = patch.right - patch.left + 1, high = patch.bottom - patch.top + 1;
  if (Math.min(wide, high) * side < leastSide * textHeight || wide * high > mostOfPage * across * down) return false;
  // What runs out of the picture on two sides is what the page lies on.
  const outside = [patch.left <= 1, patch.top <= 1, patch.right >= across - 2, patch.bottom >= down - 2].filter(Boolean).length;
  if (outside > 1) return false;
  const edge = Math.min(3, Math.floor(Math.min(wide, high) / 4));
  let text = 0, inside = 0, inked = 0;
  const inRow = new Uint16Array(high), inColumn = new Uint16Array(wide);
  for (let row = patch.top; row <= patch.bottom; row++) {
    for (let column = patch.left; column <= patch.right; column++) {
      const at = row * across + column;
      if (taken[at]) text++;
      inRow[row - patch.top]! += ink[at]!;
      inColumn[column - patch.left]! += ink[at]!;
      if (row < patch.top + edge || row > patch.bottom - edge || column < patch.left + edge || column > patch.right - edge) continue;
      inside++;
      inked += ink[at]!;
    }
  }
  const share = (counts: Uint16Array): number => counts.filter((count) => count >= crossed).length / counts.length;
  return text <= mostText * wide * high && inked >= leastInside * inside && share(inRow) >= crossedShare && share(inColumn) >= crossedShare;
}

/** Short texts in a row under a drawing, or in a column beside it, are its own. */
function labelsOf(box: Box, boxes: readonly Box[], textHeight: number): number[] {
  const near = 1.4 * textHeight;
  const isShort = (one: Box): boolean => one.right - one.left < 0.3 * (box.right - box.left);
  const inside = (one: Box): boolean => {
    const x = (one.left + one.right) / 2, y = (one.top + one.bottom) / 2;
    return x > box.left && x < box.right && y > box.top && y < box.bottom;
  };
  const found = boxes.flatMap((one, at) => (inside(one) ? [at] : []));
  const sides = [
    (one: Box): boolean => one.top >= box.bottom - near / 2 && one.top < box.bottom + near,
    (one: Box): boolean => one.bottom <= box.top + near / 2 && one.bottom > box.top - near,
    (one: Box): boolean => one.right <= box.left + near / 2 && one.right > box.left - near,
    (one: Box): boolean => one.left >= box.right - near / 2 && one.left < box.right + near,
  ];
  sides.forEach((isThere, side) => {
    const own = boxes.flatMap((one, at) => {
      const along = side < 2 ? one.left > box.left - near && one.right < box.right + near : one.top > box.top - near && one.bottom < box.bottom + near;
      return !inside(one) && along && isShort(one) && isThere(one) ? [at] : [];
    });
    if (own.length > 1) found.push(...own);
  });
  return found;
}

/**
 * The figures of a page. `quads` are its lines in page pixels and `boxes` the same in the frame of the text, `tables` what is drawn as a
 * table, in that frame too. `textHeight` is that of a usual line in pixels.
 */
export function figuresOn(page: Picture, quads: readonly Quad[], boxes: readonly Box[], tables: readonly Box[], textHeight: number, toFrame: ToFrame): Figure[] {
  const side = Math.max(4, Math.round(textHeight * blockHeights));
  const blocks: Blocks = { side, across: Math.floor(page.width / side), down: Math.floor(page.height / side) };
  if (blocks.across < 8 || blocks.down < 8) return [];
  const taken = takenBlocks(blocks, quads, tables, toFrame);
  const ink = inkBlocks(page, blocks).map((one, at) => (taken[at] ? 0 : one));
  const figures = patchesOf(ink, blocks).filter((patch) => isFigure(patch, ink, taken, blocks, textHeight)).map((patch): Figure => {
    const corners = [[patch.left, patch.top], [patch.right + 1, patch.top], [patch.right + 1, patch.bottom + 1], [patch.left, patch.bottom + 1]].map(([x, y]) => toFrame(x! * side, y! * side));
    const around = boxAround(corners.map(([x, y]) => ({ left: x, right: x, top: y, bottom: y })));
    const lines = labelsOf(around, boxes, textHeight);
    return { box: boxAround([around, ...lines.map((index) => boxes[index]!)]), lines };
  });
  // What holds most of the page's text is no figure on it; and no line stands in two.
  const owned = new Set<number>();
  return figures.filter(({ lines }) => lines.length < 4 || lines.length * 2 < boxes.length).map(({ box, lines }) => {
    const own = lines.filter((index) => !owned.has(index));
    for (const index of own) owned.add(index);
    return { box, lines: own.sort((a, b) => boxes[a]!.top - boxes[b]!.top || boxes[a]!.left - boxes[b]!.left) };
  });
}

const boxAround = (boxes: readonly Box[]): Box => ({
  left: Math.min(...boxes.map((box) => box.left)), right: Math.max(...boxes.map((box) => box.right)), top: Math.min(...boxes.map((box) => box.top)), bottom: Math.max(...boxes.map((box) => box.bottom)),
});
