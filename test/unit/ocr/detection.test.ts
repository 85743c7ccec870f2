// Would catch: a page shrunk where it should be enlarged, a gap between tiles, a line that two tiles saw counted twice.
import { describe, expect, it } from 'vitest';
import { mergeAcrossTiles, overviewScale, tileStarts } from '../../../src-main/ocr/detection.ts';
import type { TextBox } from '../../../src-main/ocr/text-boxes.ts';

const line = (x: number, y: number, length: number, thickness = 20): TextBox => ({ rect: { centre: [x + length / 2, y], length, thickness, axis: [1, 0] }, score: 0.9 });

describe('overviewScale', () => {
  it('enlarges small pages at most twofold, and reduces large ones to 1600', () => {
    expect(overviewScale(300, 400)).toBe(2);
    expect(overviewScale(800, 900)).toBeCloseTo(1.2);
    expect(overviewScale(1000, 1400)).toBe(1);
    expect(overviewScale(3000, 4000)).toBeCloseTo(0.4);
    expect(overviewScale(400, 3200)).toBeCloseTo(0.5);
  });
});

describe('tiles', () => {
  it('cover everything and share their borders', () => {
    for (const [length, side, overlap] of [[1000, 1280, 128], [1281, 1280, 128], [5000, 1280, 128], [10_000, 1280, 128]] as const) {
      const starts = tileStarts(length, side, overlap);
      expect(starts[0]).toBe(0);
      expect(starts.at(-1)! + side).toBe(Math.max(length, side));
      for (let at = 1; at < starts.length; at++) expect(starts[at - 1]! + side - starts[at]!).toBeGreaterThanOrEqual(overlap - 1);
    }
  });
  it('give one box for a line cut by their border', () => {
    const [merged, ...rest] = mergeAcrossTiles([line(100, 50, 1100), line(1050, 51, 600)]);
    expect(rest).toHaveLength(0);
    expect(merged!.rect.centre[0] - merged!.rect.length / 2).toBeCloseTo(100, 0);
    expect(merged!.rect.centre[0] + merged!.rect.length / 2).toBeCloseTo(1650, 0);
  });
  it('keep neighbours apart', () => {
    expect(mergeAcrossTiles([line(0, 50, 300), line(0, 75, 300), line(400, 50, 100)])).toHaveLength(3);
  });
});
