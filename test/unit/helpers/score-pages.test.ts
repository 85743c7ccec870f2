// The scorer decides whether a change to the reader is an improvement, so each kind of mistake must cost what it should.
import { expect, test } from 'vitest';
import { scorePage, type PlacedText } from '../../helpers/score-pages.ts';
import { editDistance, normaliseText, tokensOf } from '../../helpers/text-distance.ts';
import { areaOf, sharedArea } from '../../helpers/polygon-overlap.ts';

const box = (text: string, left: number, top: number, right: number, bottom: number): PlacedText => ({ text, quad: [[left, top], [right, top], [right, bottom], [left, bottom]] });
const page = { text: 'Total due\n40.92', lines: [box('Total due', 10, 10, 100, 30), box('40.92', 200, 10, 250, 30)] };

test('a perfect reading costs nothing', () => {
  const score = scorePage(page, page.lines);
  expect(score).toMatchObject({ headline: 0, orderedErrorWithSpaces: 0, wordError: 0, wordBag: 1, covered: 1, detection: { f1: 1 } });
});

test('one wrong character of thirteen costs a thirteenth, one wrong word of three a third', () => {
  const score = scorePage(page, [page.lines[0]!, box('40.97', 200, 10, 250, 30)]);
  expect(score.placedError).toBeCloseTo(1 / 13);
  expect(score.orderedError).toBeCloseTo(1 / 13);
  expect(score.wordError).toBeCloseTo(1 / 3);
});

test('reading order costs in the ordered error and not in the placed one', () => {
  const score = scorePage(page, [...page.lines].reverse());
  expect(score.placedError).toBe(0);
  expect(score.orderedError).toBeGreaterThan(0.5);
});

test('text read where none stands, and text missed, both cost their length', () => {
  expect(scorePage(page, [...page.lines, box('xxx', 10, 400, 60, 420)]).placedError).toBeCloseTo(3 / 13);
  const missed = scorePage(page, [page.lines[0]!]);
  expect(missed.placedError).toBeCloseTo(5 / 13);
  expect(missed.covered).toBe(0.5);
  expect(missed.detection).toMatchObject({ precision: 1, recall: 0.5 });
});

test('one box over two true lines is no error of characters, but one of detection', () => {
  const score = scorePage(page, [box('Total due 40.92', 10, 10, 250, 30)]);
  expect(score.placedError).toBe(0);
  expect(score.detection?.f1).toBe(0);
});

test('a lost space costs words and ordered characters with spaces only', () => {
  const score = scorePage(page, [box('Totaldue', 10, 10, 100, 30), page.lines[1]!]);
  expect(score.placedError).toBe(0);
  expect(score.orderedError).toBe(0);
  expect(score.orderedErrorWithSpaces).toBeGreaterThan(0);
  expect(score.wordError).toBeCloseTo(2 / 3);
});

test('upside-down text is compared along its own direction', () => {
  const upsideDown = (text: string, left: number, right: number): PlacedText => ({ text, quad: [[right, 30], [left, 30], [left, 10], [right, 10]] });
  const words = [upsideDown('Total', 60, 100), upsideDown('due', 10, 50)];
  const score = scorePage({ text: 'Total due', lines: [upsideDown('Total due', 10, 100)], words }, [upsideDown('Total due', 10, 100)]);
  expect(score.placedError).toBe(0);
});

test('without boxes the ordered error is the headline, or the bag where order is not trusted', () => {
  const lines = [box('b', 0, 0, 1, 1), box('a', 0, 2, 1, 3)];
  expect(scorePage({ text: 'a\nb' }, lines).headline).toBe(1);
  expect(scorePage({ text: 'a\nb' }, lines, { orderTrusted: false }).headline).toBe(0);
});

test('widths, quotes and dashes are the same text; Han is counted by character, Hangul by word', () => {
  expect(normaliseText('１２　“é”—x。')).toBe('12 "é"-x.');
  expect(tokensOf('합계 금액 应付金额 AB')).toEqual(['합계', '금액', '应', '付', '金', '额', 'AB']);
});

test('edit distance counts each edit once', () => {
  const distance = (a: string, b: string): number => editDistance([...a], [...b]);
  expect([distance('kitten', 'sitting'), distance('', 'abc'), distance('abc', ''), distance('flaw', 'lawn'), distance('같다', '같다')]).toEqual([3, 3, 3, 2, 0]);
});

test('overlap of turned boxes, whichever way their corners run', () => {
  const diamond = [[5, 0], [10, 5], [5, 10], [0, 5]] as const;
  const square = [[0, 0], [10, 0], [10, 10], [0, 10]] as const;
  expect(areaOf(diamond)).toBe(50);
  expect(sharedArea(diamond, square)).toBeCloseTo(50);
  expect(sharedArea([...square].reverse(), diamond)).toBeCloseTo(50);
  expect(sharedArea(square, [[20, 0], [30, 0], [30, 10], [20, 10]])).toBe(0);
});
