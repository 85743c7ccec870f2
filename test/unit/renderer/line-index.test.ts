// Which line is under the pointer. The index may only be faster than looking at every line, never different.
import { describe, expect, it } from 'vitest';
import type { PagePoint, Quad } from '@contract/geometry.ts';
import { buildLineIndex, quadContains, rectsTouch } from '../../../src-renderer/page/line-index.ts';
import { pageLinesOf } from '../../../src-renderer/page/page-lines.ts';
import { boxAt, lineAt, pageOf } from './page-fixture.ts';

/** A small generator with a fixed seed: the same pages in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1664525 + 1013904223) % 4294967296) / 4294967296;
}

describe('line index', () => {
  const random = numbers(7);
  const page = { width: 2000, height: 3000 };
  const slanted = (): Quad => {
    const [x, y, width, height, lean] = [random() * 1900, random() * 2900, random() * 400 + 1, random() * 40 + 1, (random() - 0.5) * 60];
    return [[x, y], [x + width, y + lean], [x + width, y + lean + height], [x, y + height]];
  };
  const { lines } = pageLinesOf({ ...pageOf(Array.from({ length: 3000 }, () => ({ ...lineAt('x', 0, 0), quad: slanted() }))), ...page });
  const index = buildLineIndex(lines, page);

  it('finds the same lines under a point as looking at each', () => {
    let found = 0;
    for (let i = 0; i < 400; i++) {
      const point: PagePoint = [random() * 2100 - 50, random() * 3100 - 50];
      const expected = lines.filter(({ line }) => quadContains(line.quad, point)).map((one) => one.index);
      expect([...index.at(point)].sort((a, b) => a - b)).toEqual(expected);
      found += expected.length;
    }
    expect(found).toBeGreaterThan(50);
  });

  it('finds the same lines in a rectangle as looking at each', () => {
    for (let i = 0; i < 200; i++) {
      const area = { x: random() * 2000 - 100, y: random() * 3000 - 100, width: random() * 700, height: random() * 700 };
      expect(index.inside(area)).toEqual(lines.filter(({ bounds }) => rectsTouch(bounds, area)).map((one) => one.index));
    }
  });

  // A word inside a table cell's big box must not be hidden by it.
  it('puts the smallest of overlapping lines first', () => {
    const text = pageOf([lineAt('big', 0, 0, { width: 500, height: 200 }), lineAt('small', 50, 50, { width: 60, height: 20 })]);
    expect(buildLineIndex(pageLinesOf(text).lines, text).at([60, 60])).toEqual([1, 0]);
  });

  it('is content with an empty page and with lines outside of it', () => {
    expect(buildLineIndex([], page).at([5, 5])).toEqual([]);
    const outside = pageLinesOf(pageOf([lineAt('out', 5000, 5000)])).lines;
    expect(buildLineIndex(outside, page).at([5010, 5010])).toEqual([0]);
  });
});

describe('quad hit test', () => {
  it('accepts either winding, and a distance', () => {
    const box = boxAt(10, 10, 100, 20);
    const reversed = [...box].reverse() as Quad;
    for (const quad of [box, reversed]) {
      expect(quadContains(quad, [50, 20])).toBe(true);
      expect(quadContains(quad, [50, 33])).toBe(false);
      expect(quadContains(quad, [50, 33], 4)).toBe(true);
    }
  });

  it('a quad without any extent contains nothing', () => {
    expect(quadContains([[5, 5], [5, 5], [5, 5], [5, 5]], [5, 5])).toBe(false);
  });
});
