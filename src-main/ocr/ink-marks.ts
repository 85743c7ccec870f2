// Finds full stops, commas and colons by their ink: small blobs that stand alone on the baseline. For recognisers whose
// dictionary has no such marks. Knows ink and character positions, no networks.
import type { ReadCharacter } from './ctc.ts';
import type { LineInk } from './line-ink.ts';
import { centreOf } from './spacing.ts';

interface Blob {
  left: number;
  right: number;
  top: number;
  bottom: number;
  area: number;
}

/** Connected ink, four-connected. */
function blobsOf({ mask, width, height }: LineInk): Blob[] {
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

/** `characters` with the marks that their ink shows and no character explains. */
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
    const step = x / stepWidth - 0.5;
    marks.push({ text: isColon ? ':' : isComma ? ',' : '.', confidence: 0.7, step, firstStep: step, lastStep: step });
  }
  return marks.length ? [...characters, ...marks].sort((a, b) => a.step - b.step) : [...characters];
}
