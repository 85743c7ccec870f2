// The pictures of a report: a reader must see at once what of them is meant, on turned pages and at the page's edge too.
import { expect, test } from 'vitest';
import type { Quad } from '@contract/geometry.ts';
import { cropChanges } from '../../../src-main/compare/change-crops.ts';
import { picture, type Picture } from '../../../src-main/inference/image/picture.ts';

const quadOf = (x: number, y: number, width: number, height: number): Quad => [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];

/** White, with a black word. */
function pageWith(width: number, height: number, word: Quad): Picture {
  const data = new Uint8Array(width * height * 3).fill(255);
  for (let y = word[0][1]; y < word[2][1]; y++) data.fill(0, (y * width + word[0][0]) * 3, (y * width + word[2][0]) * 3);
  return picture(width, height, data);
}

type Box = { left: number; top: number; right: number; bottom: number; count: number };
function boxOf({ width, data }: Picture, is: (r: number, g: number, b: number) => boolean): Box {
  const box = { left: Infinity, top: Infinity, right: -1, bottom: -1, count: 0 };
  for (let at = 0; at < data.length / 3; at++) {
    if (!is(data[at * 3]!, data[at * 3 + 1]!, data[at * 3 + 2]!)) continue;
    const x = at % width, y = Math.floor(at / width);
    Object.assign(box, { left: Math.min(box.left, x), top: Math.min(box.top, y), right: Math.max(box.right, x), bottom: Math.max(box.bottom, y), count: box.count + 1 });
  }
  return box;
}
const red = (r: number, g: number, b: number): boolean => r - g > 100 && r - b > 100;
const black = (r: number, g: number, b: number): boolean => r + g + b < 60;

test.each([0, 90, 180, 270] as const)('a frame goes around the changed word, covers nothing of it, and shows what surrounds it; the page turned by %i°', async (rotation) => {
  const word = quadOf(400, 300, 60, 24), page = pageWith(1000, 1000, word);
  const [crop] = await cropChanges(page, rotation, [word], ['solid']);
  const frame = boxOf(crop!, red), ink = boxOf(crop!, black);
  expect(ink.count).toBe(60 * 24);
  for (const [inside, outside] of [[ink.left, frame.left], [ink.top, frame.top], [frame.right, ink.right], [frame.bottom, ink.bottom]] as const) {
    expect(inside - outside).toBeGreaterThan(1);
    expect(inside - outside).toBeLessThan(12);
  }
  // Not the word alone: a third of the page's width, and lines above and below.
  expect(crop!.width).toBeGreaterThanOrEqual(300);
  expect(crop!.height).toBeGreaterThan(2 * (frame.bottom - frame.top));
});

test('the frame of a large place is as thin where the picture is made smaller, and stands at the edge where the place is cut off', async () => {
  const place = quadOf(0, 100, 2999, 1500), page = pageWith(3000, 3000, quadOf(1000, 800, 10, 10));
  const [crop] = await cropChanges(page, 0, [place], ['solid'], 600);
  const frame = boxOf(crop!, red);
  expect(crop!.width).toBe(600);
  expect([frame.left, frame.right]).toEqual([0, 599]);
  expect(frame.count).toBeLessThan(0.03 * crop!.width * crop!.height);
});

test('where the other page alone has something the frame is dashed', async () => {
  const place = quadOf(400, 300, 120, 24), page = pageWith(1000, 1000, quadOf(0, 0, 1, 1));
  const [solid, dashed] = await cropChanges(page, 0, [place, place], ['solid', 'dashed']);
  const [whole, parts] = [boxOf(solid!, red).count, boxOf(dashed!, red).count];
  expect(parts).toBeGreaterThan(0.5 * whole);
  expect(parts).toBeLessThan(0.95 * whole);
});

test('a figure is cut out as it is: nothing is drawn on it', async () => {
  const place = quadOf(100, 100, 200, 100), page = pageWith(600, 600, quadOf(120, 120, 20, 20));
  const [crop] = await cropChanges(page, 0, [place], null);
  expect([crop!.width, crop!.height, boxOf(crop!, red).count]).toEqual([200, 100, 0]);
});
