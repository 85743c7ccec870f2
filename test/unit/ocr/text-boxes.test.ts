// Synthetic probability maps with known boxes. Would catch: boxes mirrored or turned, neighbouring lines joined, noise kept,
// boxes that do not grow back to the size of the text.
import { describe, expect, it } from 'vitest';
import { convexHull, minAreaRect, quadOf, type Point } from '../../../src-main/ocr/min-area-rect.ts';
import { growRect, textBoxesOf } from '../../../src-main/ocr/text-boxes.ts';

/** A map with rectangles of probability `value`, each turned by `degrees` about its centre. */
function map(width: number, height: number, rects: readonly { x: number; y: number; length: number; thickness: number; degrees?: number; value?: number }[]): Float32Array {
  const out = new Float32Array(width * height);
  for (const { x, y, length, thickness, degrees = 0, value = 0.9 } of rects) {
    const angle = (degrees * Math.PI) / 180, ux = Math.cos(angle), uy = Math.sin(angle);
    for (let py = 0; py < height; py++)
      for (let px = 0; px < width; px++) {
        const dx = px + 0.5 - x, dy = py + 0.5 - y;
        if (Math.abs(dx * ux + dy * uy) <= length / 2 && Math.abs(dy * ux - dx * uy) <= thickness / 2) out[py * width + px] = value;
      }
  }
  return out;
}

describe('minAreaRect', () => {
  it('finds a turned rectangle from its corners and points inside', () => {
    const angle = (20 * Math.PI) / 180;
    const rect = { centre: [50, 40] as Point, length: 60, thickness: 10, axis: [Math.cos(angle), Math.sin(angle)] as Point };
    const found = minAreaRect([...quadOf(rect), [50, 40], [52, 41]]);
    expect(found.length).toBeCloseTo(60, 6);
    expect(found.thickness).toBeCloseTo(10, 6);
    expect(found.axis[1]).toBeCloseTo(Math.sin(angle), 6);
    expect(found.centre[0]).toBeCloseTo(50, 6);
  });
  it('keeps the axis near +x, so that a tall box is tall and not a wide one lying on its side', () => {
    const found = minAreaRect([[0, 0], [10, 0], [10, 80], [0, 80]]);
    expect([found.length, found.thickness]).toEqual([10, 80]);
  });
  it('gives corners clockwise from the upper left', () => {
    expect(quadOf(minAreaRect([[0, 0], [30, 0], [30, 8], [0, 8]]))).toEqual([[0, 0], [30, 0], [30, 8], [0, 8]]);
  });
  it('survives points on one line, equal points and a single one', () => {
    expect(minAreaRect([[3, 3]])).toMatchObject({ length: 0, thickness: 0, centre: [3, 3] });
    expect(minAreaRect([[0, 0], [5, 0], [9, 0]])).toMatchObject({ length: 9, thickness: 0 });
    expect(minAreaRect([[2, 2], [2, 2], [2, 2]]).centre).toEqual([2, 2]);
    expect(convexHull([[0, 0], [4, 0], [4, 4], [0, 4], [2, 2]])).toHaveLength(4);
  });
});

describe('textBoxesOf', () => {
  it('finds each line where it stands', () => {
    const boxes = textBoxesOf(map(200, 100, [{ x: 60, y: 20, length: 80, thickness: 6 }, { x: 120, y: 60, length: 100, thickness: 8 }]), 200, 100);
    expect(boxes).toHaveLength(2);
    expect(boxes[0]!.rect.centre[0]).toBeCloseTo(60, 0);
    expect(boxes[0]!.rect.centre[1]).toBeCloseTo(20, 0);
    expect(boxes[1]!.rect.centre[1]).toBeCloseTo(60, 0);
    for (const { score } of boxes) expect(score).toBeGreaterThan(0.85);
  });
  it('follows a slanted line', () => {
    const [box] = textBoxesOf(map(200, 120, [{ x: 100, y: 60, length: 120, thickness: 8, degrees: 12 }]), 200, 120);
    expect((Math.atan2(box!.rect.axis[1], box!.rect.axis[0]) * 180) / Math.PI).toBeCloseTo(12, 0);
  });
  it('drops faint areas and specks', () => {
    expect(textBoxesOf(map(100, 50, [{ x: 50, y: 25, length: 60, thickness: 8, value: 0.4 }]), 100, 50)).toHaveLength(0);
    expect(textBoxesOf(map(100, 50, [{ x: 50, y: 25, length: 2, thickness: 2 }]), 100, 50)).toHaveLength(0);
  });
  it('grows boxes on every side by area · ratio / perimeter', () => {
    const grown = growRect({ centre: [0, 0], length: 99, thickness: 9, axis: [1, 0] }, 1.6);
    const distance = (100 * 10 * 1.6) / (2 * 110);
    expect(grown.length).toBeCloseTo(100 + 2 * distance, 6);
    expect(grown.thickness).toBeCloseTo(10 + 2 * distance, 6);
  });
});
