// Empty or not: the guard must let faint pages, photographs and single words through, and hold back paper with dust.
import { expect, test } from 'vitest';
import { isBlank } from '../../../../src-main/inference/image/blank-picture.ts';
import { picture } from '../../../../src-main/inference/image/picture.ts';
import type { Picture } from '../../../../src-main/inference/image/picture.ts';

function drawn(width: number, height: number, tone: (x: number, y: number) => number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.fill(tone(x, y), (y * width + x) * 3, (y * width + x) * 3 + 3);
  return picture(width, height, data);
}
/** Grain of a scanner, always the same. */
const grain = (x: number, y: number): number => ((x * 7919 + y * 104729) % 13) - 6;

test.each([
  ['white', drawn(800, 1100, () => 255)],
  ['black', drawn(800, 1100, () => 0)],
  ['paper with grain', drawn(800, 1100, (x, y) => 235 + grain(x, y))],
  ['paper with a few specks', drawn(800, 1100, (x, y) => (x % 400 === 7 && y % 300 === 11 ? 40 : 240))],
  ['one pixel', drawn(1, 1, () => 12)],
])('%s is blank', (_, page) => expect(isBlank(page)).toBe(true));

test.each([
  ['a single short word', drawn(800, 1100, (x, y) => (x > 380 && x < 440 && y > 500 && y < 516 && x % 4 < 2 ? 30 : 250))],
  ['a faint line of text', drawn(800, 1100, (x, y) => (y > 500 && y < 512 && x % 5 < 2 ? 215 : 250))],
  ['a soft photograph', drawn(800, 600, (x, y) => (x + y) / 6)],
])('%s is not', (_, page) => expect(isBlank(page)).toBe(false));
