// Corners and parts of lines in every direction. Would catch: a page read right but drawn with its boxes turned, words in
// mirrored order, columns cut through their characters.
import { describe, expect, it } from 'vitest';
import type { Line } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';
import { picture, turnPicture } from '../../../src-main/inference/image/picture.ts';
import { partOfQuad } from '@contract/geometry.ts';
import { cropStrip, stretchContrast, taller } from '../../../src-main/ocr/crop.ts';
import type { ReadCharacter } from '../../../src-main/ocr/ctc.ts';
import { hasShortLines, storedQuad, uprightQuad } from '../../../src-main/ocr/page-direction.ts';
import { readingOrder, type Box } from '../../../src-main/ocr/reading-order.ts';
import { regionsOf } from '../../../src-main/ocr/regions.ts';
import { cellCuts } from '../../../src-main/ocr/stacked-text.ts';
import { partAlong, partDown, wordsOf } from '../../../src-main/ocr/words.ts';
import { nothingDrawn, placedLines } from '../../helpers/placed-lines.ts';

/** A ramp: brighter to the right, a little to the bottom. */
function ramp(width: number, height: number) {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.fill(x * 2 + (y > height / 2 ? 1 : 0), (y * width + x) * 3, (y * width + x) * 3 + 3);
  return picture(width, height, data);
}

describe('a line on a turned page', () => {
  const upright: Quad = [[20, 10], [100, 10], [100, 30], [20, 30]];
  it.each([90, 180, 270] as const)('is cut upright when the page has to be turned by %d', (rotation) => {
    const page = ramp(120, 60);
    // The stored picture is the page turned the other way.
    const back = ({ 90: 270, 180: 180, 270: 90 } as const)[rotation];
    const stored = turnPicture(page, back);
    const toStored = ([x, y]: readonly [number, number]): [number, number] => (back === 90 ? [60 - y, x] : back === 180 ? [120 - x, 60 - y] : [y, 120 - x]);
    const xs = upright.map((point) => toStored(point)[0]), ys = upright.map((point) => toStored(point)[1]);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const found: Quad = [[left, top], [right, top], [right, bottom], [left, bottom]];
    const quad = uprightQuad(found, rotation);
    expect(quad[0]).toEqual(toStored(upright[0]));
    expect(cropStrip(stored, quad, 80, 20).data).toEqual(cropStrip(page, upright, 80, 20).data);
  });
  it.each([0, 90, 180, 270] as const)('that is found on the page turned by %d is cut the same from the stored one', (rotation) => {
    const stored = ramp(120, 60), turned = turnPicture(stored, rotation);
    const found: Quad = [[10, 5], [50, 5], [50, 25], [10, 25]];
    expect(cropStrip(stored, storedQuad(found, rotation, stored), 40, 20).data).toEqual(cropStrip(turned, found, 40, 20).data);
  });
  it('is short in a table, long in a letter', () => {
    const box = (x: number, width: number): Quad => [[x, 0], [x + width, 0], [x + width, 20], [x, 20]];
    expect(hasShortLines([box(0, 200), box(250, 15), box(300, 30), box(400, 300)])).toBe(true);
    expect(hasShortLines([box(0, 500), box(0, 480), box(0, 510), box(0, 300), box(400, 15)])).toBe(false);
  });
  it('is cut at the size asked for, enlarged and reduced', () => {
    const page = ramp(120, 60);
    for (const crisp of [false, true]) {
      const strip = cropStrip(page, upright, 160, 40, crisp);
      expect([strip.width, strip.height, strip.data.length]).toEqual([160, 40, 160 * 40 * 3]);
      expect(strip.data[0]).toBeGreaterThanOrEqual(38);
      expect(strip.data[159 * 3]).toBeLessThanOrEqual(202);
    }
    const reduced = cropStrip(page, upright, 20, 5);
    expect(Math.abs(reduced.data[0]! - 43)).toBeLessThanOrEqual(1);
  });
  it('keeps its middle line when made taller, and its ends when parted', () => {
    expect(taller(upright, 1.5)).toEqual([[20, 5], [100, 5], [100, 35], [20, 35]]);
    expect(partOfQuad(upright, 0.25, 0.5)).toEqual([[40, 10], [60, 10], [60, 30], [40, 30]]);
  });
});

describe('stretchContrast', () => {
  it('makes faint ink black and leaves an empty strip alone', () => {
    const faint = { width: 20, height: 1, data: Uint8Array.from({ length: 60 }, (_, at) => (at < 15 ? 150 : 200)) };
    const stretched = stretchContrast(faint).sharp.data;
    expect([stretched[0], stretched[59]]).toEqual([0, 255]);
    const empty = { width: 20, height: 1, data: new Uint8Array(60).fill(200) };
    expect(stretchContrast(empty).sharp.data).toEqual(empty.data);
  });
  it('makes grainy paper plain, whether the ink is dark or light; smooth paper keeps its tone', () => {
    const strip = (paper: number, ink: number, grain: number, slope = 0) => {
      const data = new Uint8Array(40 * 20 * 3);
      for (let at = 0; at < 40 * 20; at++) data.fill(at % 10 === 0 ? ink : paper + (((at * 7) % 5) - 2) * grain + (at % 40) * slope, at * 3, at * 3 + 3);
      return { width: 40, height: 20, data };
    };
    const shareOf = (level: number, data: Uint8Array) => data.filter((one) => one === level).length / data.length;
    expect(shareOf(255, stretchContrast(strip(190, 60, 4)).sharp.data)).toBeGreaterThan(0.5);
    expect(shareOf(0, stretchContrast(strip(60, 190, 4)).sharp.data)).toBeGreaterThan(0.5);
    expect(shareOf(255, stretchContrast(strip(180, 60, 0, 0.6)).sharp.data)).toBeLessThan(0.1);
  });
  it('gives a softer strip where the paper is grainy, and one for both where it is not', () => {
    const stripes = (grain: number) => {
      const data = new Uint8Array(40 * 20 * 3);
      for (let at = 0; at < 40 * 20; at++) data.fill(at % 40 === 20 ? 60 : 190 + (((at * 7) % 5) - 2) * grain, at * 3, at * 3 + 3);
      return { width: 40, height: 20, data };
    };
    const grainy = stretchContrast(stripes(4)), plain = stretchContrast(stripes(0));
    // A stroke one pixel wide reaches into its neighbours, evenly to both sides.
    const [left, middle, right] = [19, 20, 21].map((x) => grainy.soft.data[(10 * 40 + x) * 3]!) as [number, number, number];
    expect(left).toBeLessThan(240);
    expect(middle).toBeLessThan(left);
    expect(Math.abs(left - right)).toBeLessThan(30);
    expect(grainy.sharp.data[(10 * 40 + 19) * 3]).toBeGreaterThan(240);
    expect(plain.soft).toBe(plain.sharp);
  });
});

describe('wordsOf', () => {
  const at = (text: string, step: number): ReadCharacter => ({ text, confidence: 0.8, step, firstStep: step, lastStep: step });
  const quad: Quad = [[0, 0], [160, 0], [160, 20], [0, 20]];
  it('cuts at spaces, in the middle of the blank', () => {
    const characters = [at('a', 1), at('b', 3), at(' ', 5), at('c', 8)];
    const words = wordsOf(characters, [{ after: 0, size: 0.1, from: 20, to: 22, written: false }, { after: 1, size: 0.5, from: 36, to: 60, written: true }], 160, 8, partAlong(quad));
    expect(words.map((word) => word.text)).toEqual(['ab', 'c']);
    expect(words[0]!.quad[1][0]).toBe(36);
    expect(words[1]!.quad[0][0]).toBe(60);
  });
  it('cuts between Han characters and letters, and keeps marks with what they close', () => {
    const characters = [at('型', 1), at('号', 3), at('：', 5), at('X', 7), at('1', 9)];
    expect(wordsOf(characters, [], 160, 8, partAlong(quad)).map((word) => word.text)).toEqual(['型号：', 'X1']);
  });
  it('cuts a column downwards, with the corners of upright text', () => {
    expect(partDown([[0, 0], [20, 0], [20, 160], [0, 160]])(0.25, 0.5)).toEqual([[0, 40], [20, 40], [20, 80], [0, 80]]);
  });
});

describe('cellCuts', () => {
  it('follows the blanks between the characters of a column', () => {
    const rows = new Float64Array(200);
    for (let cell = 0; cell < 5; cell++) rows.fill(10, cell * 40 + 4, cell * 40 + 36);
    const cuts = cellCuts(rows, 38);
    expect(cuts).toHaveLength(6);
    for (const cut of cuts.slice(1, -1)) expect(rows[cut]).toBe(0);
  });
});

describe('regionsOf', () => {
  const box = (left: number, top: number, width: number, height = 10): Box => ({ left, top, right: left + width, bottom: top + height });
  const lineAt = (text: string): Line => ({ text, quad: [[0, 0], [1, 0], [1, 1], [0, 1]], confidence: 1, words: [], script: 'latin' });
  /** As many letters as the box has room for. */
  const printed = ({ left, right, top, bottom }: Box): string => 'Words of a line that goes on and on for as long as there is any room left'.slice(0, Math.max(3, Math.round((right - left) / (0.5 * (bottom - top)))));
  const roles = (boxes: readonly Box[], texts: readonly string[] = boxes.map(printed)) => regionsOf(readingOrder(boxes), placedLines(texts.map(lineAt), boxes), (x, y) => [x, y], nothingDrawn).map((region) => [region.role, region.lines.length]);
  it('tells a title, paragraphs and a table apart', () => {
    const boxes = [
      box(0, 0, 200, 24), ...[0, 1, 2, 3].map((at) => box(0, 40 + at * 14, 300)), ...[0, 1, 2, 3].map((at) => box(0, 130 + at * 14, 300)),
      ...[0, 1, 2, 3].flatMap((row) => [box(0, 230 + row * 16, 60), box(120, 230 + row * 16, 50), box(230, 230 + row * 16, 40)]),
    ];
    expect(roles(boxes)).toEqual([['title', 1], ['paragraph', 4], ['paragraph', 4], ['table', 12]]);
  });
  it('starts a list where items are marked', () => {
    const items = ['• one of them', '• two of them', '• three of them'];
    expect(roles(items.map((item, at) => box(0, at * 14, item.length * 5)), items)).toEqual([['list', 3]]);
  });
});
