// Pages as rectangles. Would catch: columns read across, tables read down, a headline sorted into the second column.
import { describe, expect, it } from 'vitest';
import { readingOrder, rowsOf, type Box } from '../../../src-main/ocr/reading-order.ts';

const box = (left: number, top: number, width: number, height = 10): Box => ({ left, top, right: left + width, bottom: top + height });
const order = (boxes: readonly Box[]): number[] => readingOrder(boxes).flatMap((block) => block.rows.flat());
/** `count` lines of a column. */
const column = (left: number, top: number, width: number, count: number): Box[] => Array.from({ length: count }, (_, at) => box(left, top + at * 14, width - (at % 3) * 4));

describe('readingOrder', () => {
  it('reads two columns one after the other', () => {
    const boxes = [...column(0, 0, 200, 10), ...column(220, 3, 200, 10)];
    expect(order(boxes)).toEqual(boxes.map((_, at) => at));
  });
  it('reads three columns one after the other', () => {
    const boxes = [...column(0, 0, 150, 12), ...column(170, 2, 150, 12), ...column(340, 4, 150, 12)];
    expect(order(boxes)).toEqual(boxes.map((_, at) => at));
  });
  it('reads a headline over both columns first, and one between them where it stands', () => {
    const boxes = [box(0, 0, 420, 20), ...column(0, 40, 200, 8), ...column(220, 40, 200, 8), box(0, 170, 420, 20), ...column(0, 210, 200, 8), ...column(220, 210, 200, 8)];
    expect(order(boxes)).toEqual(boxes.map((_, at) => at));
  });
  it('reads a table row by row', () => {
    const boxes = Array.from({ length: 10 }, (_, row) => [box(0, row * 14, 60), box(120, row * 14, 40), box(200, row * 14, 50)]).flat();
    expect(order(boxes)).toEqual(boxes.map((_, at) => at));
  });
  it('reads a form, key and value, row by row', () => {
    const boxes = Array.from({ length: 8 }, (_, row) => [box(0, row * 20, 50), box(150, row * 20 + 2, 120)]).flat();
    expect(order(boxes)).toEqual(boxes.map((_, at) => at));
  });
  it('takes nothing and one line', () => {
    expect(order([])).toEqual([]);
    expect(order([box(5, 5, 50)])).toEqual([0]);
  });
  it('loses no line and doubles none', () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 16807) % 2147483647) % below;
    const boxes = Array.from({ length: 300 }, () => box(random(800), random(1000), 20 + random(300), 8 + random(8)));
    expect(order(boxes).toSorted((a, b) => a - b)).toEqual(boxes.map((_, at) => at));
  });
});

describe('rowsOf', () => {
  it('keeps lines set tightly one under the other apart', () => {
    const boxes = [box(0, 0, 100, 14), box(0, 9, 100, 14), box(0, 18, 100, 14)];
    expect(rowsOf(boxes, [0, 1, 2])).toEqual([[0], [1], [2]]);
  });
  it('joins what stands side by side, also when a fragment lies between', () => {
    const boxes = [box(231, 198, 660, 28), box(24, 199, 190, 27), box(211, 206, 28, 11)];
    expect(rowsOf(boxes, [0, 1, 2])[0]![0]).toBe(1);
  });
});
