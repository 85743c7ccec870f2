// Boxes that end in the middle of their text. Would catch: a last full stop or bullet cut off, a line that runs into the next column, over a
// table's ruling or off the page, and boxes that grow although nothing is missing.
import { describe, expect, it } from 'vitest';
import type { Quad } from '@contract/geometry.ts';
import { picture, turnPicture } from '../../../src-main/inference/image/picture.ts';
import { withWholeEnds } from '../../../src-main/ocr/line-ends.ts';
import { withWholeHeadlines } from '../../../src-main/ocr/line-joins.ts';

/** Black bars on white, [left, top, width, height]. */
function page(bars: readonly (readonly [number, number, number, number])[], width = 300, height = 60) {
  const data = new Uint8Array(width * height * 3).fill(255);
  for (const [left, top, across, down] of bars) for (let y = top; y < top + down; y++) data.fill(0, (y * width + left) * 3, (y * width + left + across) * 3);
  return picture(width, height, data);
}
/** An outline 10 wide and 20 high, as an O. */
const letter = (left: number) => [[left, 20, 2, 20], [left + 8, 20, 2, 20], [left, 20, 10, 2], [left, 38, 10, 2]] as const;
/** Letters 4 apart, from 60 on: the last one ends at 60 + 14 n - 4. */
const letters = (count: number) => Array.from({ length: count }, (_, at) => letter(60 + 14 * at)).flat();
const box = (left: number, right: number): Quad => [[left, 15], [right, 15], [right, 45], [left, 45]];
const ends = (quad: Quad | undefined): [number, number] => [Math.round(quad![0][0]), Math.round(quad![1][0])];

describe('the ends of a line', () => {
  it('reach over a letter that the box cuts, with some paper behind it', () => {
    const [left, right] = ends(withWholeEnds(page(letters(8)), [box(64, 163)])[0]);
    expect(left).toBeGreaterThanOrEqual(54);
    expect(left).toBeLessThanOrEqual(58);
    expect(right).toBeGreaterThanOrEqual(170);
    expect(right).toBeLessThanOrEqual(174);
  });
  it('take in the full stop behind the last letter and not the next column', () => {
    const [, right] = ends(withWholeEnds(page([...letters(8), [172, 36, 4, 4], ...letter(200)]), [box(55, 168)])[0]);
    expect(right).toBeGreaterThanOrEqual(178);
    expect(right).toBeLessThan(190);
  });
  it('stay as they are where paper already surrounds the ink', () => {
    const whole = box(50, 180);
    expect(withWholeEnds(page(letters(8)), [whole])[0]).toBe(whole);
  });
  it('stop before another box, a ruling and the edge of the page', () => {
    const bars = [...letters(8), ...letter(170)];
    expect(ends(withWholeEnds(page(bars), [box(55, 164), box(167, 190)])[0])[1]).toBeLessThanOrEqual(167);
    expect(ends(withWholeEnds(page([...letters(8), [171, 0, 2, 60]]), [box(55, 165)])[0])[1]).toBeLessThanOrEqual(171);
    expect(ends(withWholeEnds(page(letters(8), 170), [box(55, 165)])[0])[1]).toBeLessThanOrEqual(170);
  });
  it('follow light letters on dark paper, and lines of a turned page', () => {
    const upright = page(letters(8));
    const dark = picture(upright.width, upright.height, upright.data.map((level) => 255 - level));
    expect(ends(withWholeEnds(dark, [box(64, 163)])[0])).toEqual(ends(withWholeEnds(upright, [box(64, 163)])[0]));
    // Turned by 90 degrees clockwise, (x, y) goes to (60 - y, x).
    const turned = box(64, 163).map(([x, y]) => [60 - y, x]) as unknown as Quad;
    const [found] = withWholeEnds(turnPicture(upright, 90), [turned]);
    expect(found!.map(([x, y]) => [Math.round(y), Math.round(60 - x)])).toEqual(withWholeEnds(upright, [box(64, 163)])[0]!.map((point) => point.map(Math.round)));
  });
  it('do not follow the grain of bare paper', () => {
    const grey = page([]);
    for (let at = 0; at < grey.data.length; at++) grey.data[at] = 200 + ((at * 7919) % 23);
    const quad = box(64, 163);
    expect(withWholeEnds(grey, [quad])[0]).toBe(quad);
  });
});

describe('the words of a headline', () => {
  const large = (left: number, right: number, top = 100, height = 100): Quad => [[left, top], [right, top], [right, top + height], [left, top + height]];
  it('are one line, in whichever order they were found', () => {
    expect(withWholeHeadlines([large(620, 900), large(100, 400), large(415, 600)], 1)).toEqual([large(100, 900)]);
    // Upside down: the line begins on the right.
    const turned = (quad: Quad): Quad => [quad[2], quad[3], quad[0], quad[1]];
    expect(withWholeHeadlines([large(100, 400), large(415, 600)].map(turned), 1)).toEqual([turned(large(100, 600))]);
  });
  it('stay apart from columns, other rows, smaller print and in print that the detection sees whole', () => {
    for (const next of [large(450, 600), large(410, 600, 130), large(410, 600, 100, 60)]) expect(withWholeHeadlines([large(100, 400), next], 1)).toHaveLength(2);
    expect(withWholeHeadlines([large(100, 400), large(415, 600)], 0.4)).toHaveLength(2);
  });
});
