// Marks of every generation, fed in pieces, well and badly formed; and where they land on a page.
import { describe, expect, it } from 'vitest';
import { GroundingParser, saidOf, type ModelGrounding } from '../../../src-main/inference/grounding.ts';
import { coordinateSpaceOf, placeAnswer, placeOnPage } from '../../../src-main/inference/place-on-page.ts';
import type { ImagePlan } from '../../../src-main/inference/vision-model.ts';

/** Fed in pieces of `size` characters; the result must not depend on it. */
function parse(source: string, size = 1): { text: string; found: ModelGrounding[]; named: [string, number[]][] } {
  const parser = new GroundingParser();
  const found: ModelGrounding[] = [];
  let text = '';
  for (let at = 0; at < source.length; at += size) {
    const step = parser.push(source.slice(at, at + size));
    text += step.text;
    found.push(...step.groundings);
  }
  const last = parser.end();
  text += last.text;
  found.push(...last.groundings);
  expect(parser.text).toBe(text);
  return { text, found, named: found.map((one) => [text.slice(one.start, one.end), one.shape.points.flat()]) };
}

describe('tags', () => {
  it.each([1, 2, 7, 1000])('of the first generation, in pieces of %i', (size) => {
    const { text, named } = parse('<ref> Two apples</ref><box>(302,257),(582,671)</box><box>(603,252),(878,642)</box> and<ref> a bowl</ref><box>(2,269),(304,674)</box>', size);
    expect(text).toBe(' Two apples and a bowl');
    expect(named).toEqual([[' Two apples', [302, 257, 582, 671]], [' Two apples', [603, 252, 878, 642]], [' a bowl', [2, 269, 304, 674]]]);
  });

  it('of the second, with a quad and a box nobody named', () => {
    const { text, named, found } = parse('<|object_ref_start|>击掌<|object_ref_end|><|box_start|>(536,509),(588,602)<|box_end|> x <|quad_start|>(1,2),(3,4),(5,6),(7,8)<|quad_end|>');
    expect(text).toBe('击掌 x ');
    expect(named[0]).toEqual(['击掌', [536, 509, 588, 602]]);
    expect(found[1]).toMatchObject({ label: null, shape: { kind: 'quad' }, start: found[1]!.end });
  });

  it.each<[string, string, number]>([
    ['an unfinished box at the end is hidden', 'a <ref>b</ref><box>(1,2),(3', 0],
    ['a box without numbers is dropped', 'a <ref>b</ref><box>none</box>', 0],
    ['three numbers are no box', '<box>(1,2),(3)</box>a b', 0],
    ['a name that never closes ends at its box', 'a <ref>b<box>(1,2),(3,4)</box>', 1],
    ['a box opened twice keeps the second', 'a <ref>b</ref><box>(9,9<box>(1,2),(3,4)</box>', 1],
    ['closing tags alone are hidden', 'a </box></ref>b', 0],
  ])('survives: %s', (_, source, count) => {
    const { text, found } = parse(source);
    expect(text.replace(/\s+/g, ' ')).toBe('a b');
    expect(found.length).toBe(count);
  });

  it('a box that never ends does not swallow the answer', () => {
    expect(parse(`<box>${'word '.repeat(200)}`).text.length).toBeGreaterThan(900);
  });

  it('other angle brackets are text', () => {
    expect(parse('1 < 2 and <b>bold</b> <reference>').text).toBe('1 < 2 and <b>bold</b> <reference>');
  });
});

describe('JSON and markup', () => {
  it.each([1, 5, 1000])('objects are read as they close, in pieces of %i', (size) => {
    const { text, found } = parse('```json\n[\n {"bbox_2d": [108, 175, 496, 230], "text_content": "AuntieAnne\'s {x}"},\n {"point_2d": ["12", "34"], "label": "a \\"b\\""},\n {"bbox_2d": [1, 2', size);
    expect(text).toContain('{"bbox_2d": [1, 2');
    expect(found.map((one) => [one.label, one.shape.kind, one.shape.points.flat()])).toEqual([["AuntieAnne's {x}", 'box', [108, 175, 496, 230]], ['a "b"', 'point', [12, 34]]]);
    expect(text.slice(found[0]!.start, found[0]!.end)).toMatch(/^\{"bbox_2d".*\}$/);
  });

  it('swapped corners, tuples, single objects, named pages', () => {
    const { found } = parse("{'bbox_2d': (496, 230, 108, 175), \"label\": \"x\", \"page\": 2}");
    expect(found).toMatchObject([{ label: 'x', image: 1, shape: { points: [[108, 175], [496, 230]] } }]);
  });

  it('nested objects give each mark once', () => {
    expect(parse('{"items": [{"bbox_2d": [1,2,3,4]}, {"bbox_2d": [5,6,7,8]}]}').found.length).toBe(2);
  });

  it('HTML and Markdown of the document prompts', () => {
    const { found } = parse('<html><p data-bbox="10 20 30 40">text</p><!-- Table (1, 2, 3, 4) --></html>');
    expect(found.map((one) => one.shape.points.flat())).toEqual([[10, 20, 30, 40], [1, 2, 3, 4]]);
  });

  it('numbers from nowhere are refused', () => {
    expect(parse('{"bbox_2d": [1e99, 2, 3, 4444444444]}').found).toEqual([]);
  });
});

describe('place on page', () => {
  const plan: ImagePlan = { original: { width: 1000, height: 500 }, padded: { width: 1000, height: 500 }, input: { width: 504, height: 252 }, tokens: 162, grid: { height: 9, width: 18 } };
  const flat = { pageWidth: 1000, pageHeight: 500, rotation: 0, left: 0, top: 0 } as const;
  const box = (...points: [number, number][]) => ({ kind: 'box', points }) as const;

  it('each generation in its own space', () => {
    expect([coordinateSpaceOf('qwen-vl'), coordinateSpaceOf('qwen2-vl'), coordinateSpaceOf('qwen2.5-vl'), coordinateSpaceOf('qwen3-vl')]).toEqual(['thousand', 'thousand', 'input', 'thousand']);
    expect(placeOnPage(box([100, 200], [300, 400]), 'thousand', plan, flat)).toEqual([[100, 100], [300, 100], [300, 200], [100, 200]]);
    expect(placeOnPage(box([252, 126], [504, 252]), 'input', plan, flat)).toEqual([[500, 250], [1000, 250], [1000, 500], [500, 500]]);
  });

  it('stays within the picture, also in what padding added', () => {
    const padded = { ...plan, original: { width: 1000, height: 3 }, padded: { width: 1000, height: 5 } };
    expect(placeOnPage(box([-5, 0], [2000, 1000]), 'thousand', padded, flat)).toEqual([[0, 0], [1000, 0], [1000, 3], [0, 3]]);
  });

  // Catches: a box on a page that was read sideways landing at its mirror image.
  it('turned pages: the stored pixel that was looked at', () => {
    // a page stored 500 wide, 1000 high, turned clockwise by 90° for the model; its upright top left is the stored bottom left
    const turned = { pageWidth: 500, pageHeight: 1000, rotation: 90, left: 0, top: 0 } as const;
    expect(placeOnPage(box([0, 0], [100, 200]), 'thousand', plan, turned)).toEqual([[0, 1000], [0, 900], [100, 900], [100, 1000]]);
    const around = { ...flat, rotation: 180 } as const;
    expect(placeOnPage(box([0, 0], [100, 200]), 'thousand', plan, around)[0]).toEqual([1000, 500]);
    const other = { ...turned, rotation: 270 } as const;
    expect(placeOnPage(box([0, 0], [100, 200]), 'thousand', plan, other)[0]).toEqual([500, 0]);
  });

  it('a part of a page is moved to where it was cut', () => {
    expect(placeOnPage({ kind: 'point', points: [[500, 500]] }, 'thousand', plan, { ...flat, pageWidth: 4000, pageHeight: 4000, left: 100, top: 200 })[0]).toEqual([576, 426]);
  });
});

describe('a place for which the answer names no picture', () => {
  // A page of 1000 by 1500 in three tiles, each shown as it is; its words stand on the first and on the second.
  const plan: ImagePlan = { original: { width: 1000, height: 500 }, padded: { width: 1000, height: 500 }, input: { width: 1000, height: 500 }, tokens: 100, grid: { height: 10, width: 10 } };
  const word = (text: string, x: number, y: number) => ({ text, quad: [[x, y], [x + 100, y], [x + 100, y + 20], [x, y + 20]] as [[number, number], [number, number], [number, number], [number, number]] });
  const words = [word('Total', 100, 100), word('12.50', 220, 100), word('Tax', 100, 700), word('1.20', 220, 700), word('Paid', 100, 1200), word('13.70', 220, 1200)];
  const tiles = [0, 500, 1000].map((top) => ({ plan, words, placement: { pageWidth: 1000, pageHeight: 1500, rotation: 0 as const, left: 0, top } }));
  const place = (left: number, top: number, right: number, bottom: number, image: number | null = null): ModelGrounding => ({ start: 0, end: 0, label: null, image, shape: { kind: 'box', points: [[left, top], [right, bottom]] } });

  // Catches: every box of an answer about tiles on the last of them.
  it('is the one on which the words stand there', () => {
    expect(placeAnswer(place(210, 90, 330, 130), '12.50', 'input', tiles)).toEqual({ image: 0, quad: [[210, 90], [330, 90], [330, 130], [210, 130]], isUnsure: false });
    expect(placeAnswer(place(210, 190, 330, 230), '１.20', 'input', tiles)).toMatchObject({ image: 1, quad: [[210, 690], [330, 690], [330, 730], [210, 730]], isUnsure: false });
    expect(placeAnswer(place(90, 190, 330, 230), 'Paid: 13.70', 'input', tiles)).toMatchObject({ image: 2, isUnsure: false });
  });
  it('is the one where least else stands there', () => {
    const both = [{ ...tiles[0]!, words: [word('Total', 100, 100), word('12.50', 220, 100)] }, { ...tiles[0]!, words: [word('12.50', 220, 100)] }];
    expect(placeAnswer(place(90, 90, 330, 130), '12.50', 'input', both)).toMatchObject({ image: 1 });
  });
  it('is the last and unsure when no words tell; the last without doubt where pictures are not shown together', () => {
    expect(placeAnswer(place(210, 90, 330, 130), '99.99', 'input', tiles)).toMatchObject({ image: 2, isUnsure: true });
    expect(placeAnswer(place(210, 90, 330, 130), '', 'input', tiles)).toMatchObject({ image: 2, isUnsure: true });
    expect(placeAnswer(place(210, 90, 330, 130), '12.50', 'input', tiles.map(({ words: _words, ...one }) => one))).toMatchObject({ image: 2, isUnsure: false });
    expect(placeAnswer(place(0, 0, 1, 1), 'x', 'input', [])).toBeNull();
  });
  it('does not matter where the answer names one', () => {
    expect(placeAnswer(place(210, 90, 330, 130, 1), '12.50', 'input', tiles)).toMatchObject({ image: 1, isUnsure: false });
  });
  it('what is said there: its name, or the words that stand for it, and never the coordinates', () => {
    expect(saidOf({ ...place(0, 0, 1, 1), label: 'total' }, 'x')).toBe('total');
    expect(saidOf({ ...place(0, 0, 1, 1), start: 4, end: 9 }, 'The total')).toBe('total');
    expect(saidOf({ ...place(0, 0, 1, 1), end: 20 }, '{"bbox_2d":[1,2,3,4]}')).toBe('');
  });
});
