// Finds marks by their ink that recognisers leave out or have no sign for: full stops, commas and colons on the baseline, bullets, middle
// dots, dashes. Knows ink and character positions, no networks.
import { isAlphabetic, isDigit, isHangul } from './characters.ts';
import type { ReadCharacter } from './ctc.ts';
import type { LineInk } from './line-ink.ts';
import { centreOf } from './spacing.ts';

export interface Blob {
  left: number;
  right: number;
  top: number;
  bottom: number;
  area: number;
}

/** Connected ink, four-connected. */
export function blobsOf({ mask, width, height }: LineInk): Blob[] {
  const seen = new Uint8Array(mask.length);
  const blobs: Blob[] = [];
  const stack: number[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || seen[start]) continue;
    const blob: Blob = { left: width, right: 0, top: height, bottom: 0, area: 0 };
    seen[start] = 1;
    stack.push(start);
    while (stack.length) {
      const at = stack.pop()!;
      const x = at % width, y = (at - x) / width;
      blob.area++;
      blob.left = Math.min(blob.left, x);
      blob.right = Math.max(blob.right, x);
      blob.top = Math.min(blob.top, y);
      blob.bottom = Math.max(blob.bottom, y);
      for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
        if (next < 0 || next >= mask.length || seen[next] || !mask[next]) continue;
        seen[next] = 1;
        stack.push(next);
      }
    }
    blobs.push(blob);
  }
  return blobs;
}

const marked = (text: string, confidence: number, x: number, stepWidth: number): ReadCharacter => {
  const step = x / stepWidth - 0.5;
  return { text, confidence, step, firstStep: step, lastStep: step };
};

const insertedInto = (characters: readonly ReadCharacter[], marks: readonly ReadCharacter[]): ReadCharacter[] => (marks.length ? [...characters, ...marks].sort((a, b) => a.step - b.step) : [...characters]);

/** What recognisers write for a bullet, where they write anything. */
const readForBullet = /^[·・•.:;,*'"°_~-]$/;
/** A bullet is round or square, this large and about the middle of the line; all in heights of the line's ink. */
const bulletSize = [0.12, 0.45] as const, bulletPlace = [0.28, 0.74] as const;
/** Blank between a bullet and its text. */
const bulletBlank = 0.15;

/** `characters` with the bullet at their beginning, where its ink stands there. */
export function withBullet(characters: readonly ReadCharacter[], ink: LineInk, stepWidth: number): ReadCharacter[] {
  const { top, inkHeight, columns, width } = ink;
  let left = 0;
  while (left < width && columns[left]! === 0) left++;
  if (left > 1.5 * inkHeight) return [...characters];
  let right = left;
  while (right + 1 < width && columns[right + 1]! > 0) right++;
  const across = right - left + 1;
  // Most lines begin with a letter: that is seen before any shape is traced.
  if (across < bulletSize[0] * inkHeight || across > bulletSize[1] * inkHeight) return [...characters];
  let next = right + 1;
  while (next < width && columns[next]! === 0) next++;
  if (next === width || next - right < bulletBlank * inkHeight) return [...characters];
  const blobs = blobsOf(ink).filter((blob) => blob.left <= right && blob.right >= left && blob.area >= 3);
  const [blob] = blobs;
  if (!blob || blobs.length > 1) return [...characters];
  const down = blob.bottom - blob.top + 1, place = ((blob.top + blob.bottom) / 2 - top) / inkHeight;
  if (Math.abs(across - down) > 0.35 * Math.max(across, down) || blob.area < 0.68 * across * down || place < bulletPlace[0] || place > bulletPlace[1]) return [...characters];
  const x = (left + right) / 2;
  // A network's step may lie some way into the blank behind the bullet.
  const written = characters.filter((one) => centreOf(one, stepWidth) < (right + next) / 2 + 1);
  const solid = written.filter((one) => one.text.trim() !== '');
  if (solid.length > 1 || (solid.length === 1 && !readForBullet.test(solid[0]!.text))) return [...characters];
  return [marked('•', solid[0]?.confidence ?? 0.7, x, stepWidth), ...characters.slice(written.length)];
}

/** Dashes in heights of the line's ink: thickness at most, length at least, and from where on it is a long one. */
const dashThickness = 0.16, dashLength = 0.3, longDash = 0.75;

/** `characters` with the dashes and the middle dots between words that no character explains. */
export function withDashes(characters: readonly ReadCharacter[], ink: LineInk, stepWidth: number): ReadCharacter[] {
  const solid = characters.filter((one) => one.text !== ' ');
  const { top, inkHeight } = ink;
  const marks: ReadCharacter[] = [];
  for (let at = 0; at + 1 < solid.length; at++) {
    const from = Math.round(centreOf(solid[at]!, stepWidth)), to = Math.round(centreOf(solid[at + 1]!, stepWidth));
    // Hangul fills its cell: with a mark between them, two of them stand further apart than next to one another.
    const bothHangul = isHangul(solid[at]!.text) && isHangul(solid[at + 1]!.text);
    if (to - from < (bothHangul ? 1.15 : 0.9) * inkHeight || !mayMark(solid[at]!.text) || !mayMark(solid[at + 1]!.text)) continue;
    for (const { start, end } of inkBetween(ink, from, to)) {
      const rows = rowsOf(ink, start, end), across = end - start + 1, down = rows.last - rows.first + 1;
      const place = ((rows.first + rows.last) / 2 - top) / inkHeight;
      if (place < 0.3 || place > 0.78) continue;
      const isDash = down <= dashThickness * inkHeight && across >= dashLength * inkHeight;
      const isDot = across <= 0.22 * inkHeight && across >= 0.07 * inkHeight && Math.abs(across - down) <= Math.max(1, 0.25 * across) && place > 0.36 && place < 0.68;
      if (isDash) marks.push(marked(across >= longDash * inkHeight ? '—' : '–', 0.7, (start + end) / 2, stepWidth));
      else if (isDot) marks.push(marked('·', 0.7, (start + end) / 2, stepWidth));
    }
  }
  return insertedInto(characters, marks);
}

/** Kana hold strokes that look like dashes and dots, and beside a mark its own ink is what stands there. */
const mayMark = (text: string): boolean => isAlphabetic(text) || isDigit(text) || isHangul(text) || /^[)\]%]$/.test(text);

/** Runs of inked columns that lie wholly between two characters' centres and touch neither's ink. */
function inkBetween({ columns }: LineInk, from: number, to: number): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  let start = -1;
  for (let x = from; x <= to; x++) {
    if (columns[x]! > 0 && start < 0) start = x;
    if (columns[x]! === 0 && start >= 0) {
      if (start > from) runs.push({ start, end: x - 1 });
      start = -1;
    }
  }
  return runs;
}

function rowsOf({ mask, width, height }: LineInk, start: number, end: number): { first: number; last: number } {
  let first = height, last = -1;
  for (let y = 0; y < height; y++) {
    for (let x = start; x <= end; x++) {
      if (!mask[y * width + x]) continue;
      first = Math.min(first, y);
      last = y;
      break;
    }
  }
  return { first, last };
}

/** `characters` with the full stops, commas and colons that their ink shows and no character explains. */
export function withInkMarks(characters: readonly ReadCharacter[], ink: LineInk, stepWidth: number): ReadCharacter[] {
  const { top, inkHeight, width, height } = ink;
  const isSmall = (blob: Blob): boolean => blob.right - blob.left + 1 <= 0.24 * inkHeight && blob.bottom - blob.top + 1 <= 0.36 * inkHeight && blob.area >= 4;
  const blobs = blobsOf(ink).filter((blob) => blob.area >= 3);
  const marks: ReadCharacter[] = [];
  for (const blob of blobs) {
    const middle = (blob.top + blob.bottom) / 2;
    // On the baseline, not on the strip's border (that would be the next line's ink), and not cut off at the sides.
    if (!isSmall(blob) || middle < top + 0.72 * inkHeight || blob.bottom >= height - 1 || blob.left === 0 || blob.right >= width - 1) continue;
    const above = blobs.filter((other) => other !== blob && other.left <= blob.right + 1 && other.right >= blob.left - 1);
    const isColon = above.length === 1 && isSmall(above[0]!) && Math.abs(above[0]!.area - blob.area) < 0.6 * blob.area && above[0]!.bottom < top + 0.62 * inkHeight && above[0]!.top > top + 0.1 * inkHeight;
    if (above.length && !isColon) continue;
    const x = (blob.left + blob.right) / 2;
    const explained = characters.some((one) => one.text !== ' ' && Math.abs(centreOf(one, stepWidth) - x) < Math.max(stepWidth * 0.9, 0.2 * inkHeight));
    // Before the first character a speck is dirt.
    const follows = characters.some((one) => one.text !== ' ' && centreOf(one, stepWidth) < x);
    if (explained || !follows) continue;
    const isComma = !isColon && blob.bottom - blob.top + 1 > 1.45 * (blob.right - blob.left + 1);
    marks.push(marked(isColon ? ':' : isComma ? ',' : '.', 0.7, x, stepWidth));
  }
  return insertedInto(characters, marks);
}
