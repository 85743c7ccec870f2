// Tiles must cover the page without a gap, overlap, be few, and be small enough for the text that they were asked for.
import { expect, test } from 'vitest';
import { pageTiles } from '../../../src-main/app/page-tiles.ts';

/** Pixels of one picture of the usual size. */
const usual = 768 * 28 ** 2;
const sentText = (tile: { width: number; height: number }, text: number, tokens: number): number => text * Math.min(1, Math.sqrt((tokens * 28 ** 2) / (tile.width * tile.height)));

test.each([
  ['a scan with small print', { width: 2480, height: 3508 }, 30, 768],
  ['a receipt', { width: 900, height: 4200 }, 16, 768],
  ['a wide drawing', { width: 6000, height: 1500 }, 20, 1536],
])('%s: covered, overlapping, readable or as fine as six tiles can be', (_, page, text, tokens) => {
  const tiles = pageTiles(page, text, tokens * 28 ** 2);
  expect(tiles.length).toBeGreaterThan(1);
  expect(tiles.length).toBeLessThanOrEqual(6);
  for (let x = 0; x < page.width; x += 50) for (let y = 0; y < page.height; y += 50) expect(tiles.some((tile) => x >= tile.x && x < tile.x + tile.width && y >= tile.y && y < tile.y + tile.height)).toBe(true);
  for (const tile of tiles) {
    expect(tile.x + tile.width).toBeLessThanOrEqual(page.width);
    expect(tile.y + tile.height).toBeLessThanOrEqual(page.height);
  }
  const area = tiles.reduce((sum, tile) => sum + tile.width * tile.height, 0);
  expect(area).toBeGreaterThan(page.width * page.height * 1.02);
  expect(sentText(tiles[0]!, text, tokens)).toBeGreaterThan(sentText({ ...page }, text, tokens) * 1.3);
});

test('a page that can be read whole stays whole; the fewest tiles that are enough', () => {
  expect(pageTiles({ width: 800, height: 700 }, 20, usual)).toEqual([{ x: 0, y: 0, width: 800, height: 700 }]);
  // Large print of a large scan needs no cutting.
  expect(pageTiles({ width: 2480, height: 3508 }, 120, usual)).toHaveLength(1);
  expect(pageTiles({ width: 1200, height: 900 }, 14, usual).length).toBe(2);
});

// Catches: six columns as high as the page, which cut every line, because a rounded pixel made them the smallest.
test('where no tiles are small enough, lines are not cut for columns that are hardly smaller', () => {
  const tiles = pageTiles({ width: 1000, height: 1400 }, 20, 32 * 28 ** 2);
  expect(tiles).toHaveLength(6);
  expect(tiles.every((tile) => tile.x === 0 && tile.width === 1000)).toBe(true);
});
