// When a difference of two readings is a change and when it is doubt: misread letters must not cry wolf, a changed digit must.
import { expect, test } from 'vitest';
import { isSameShape, judgeText } from '../../../src-main/compare/judge-text.ts';
import type { TextChange } from '../../../src-main/compare/text-changes.ts';

const nowhere: [[number, number], [number, number], [number, number], [number, number]] = [[0, 0], [1, 0], [1, 1], [0, 1]];
const change = (before: string, after: string, confidence = 0.97): TextChange => ({
  kind: before === '' ? 'inserted' : after === '' ? 'removed' : 'changed', confidence, cell: false, before: { quad: nowhere, text: before }, after: { quad: nowhere, text: after },
});
const isDoubtful = (before: string, after: string, most: number | null, confidence = 0.97, usual = 0, isPoor = false): boolean => judgeText(change(before, after, confidence), most === null ? null : { most, mean: most / 3 }, usual, isPoor).doubtful;

test('a digit for a digit is a change as soon as the ink differs', () => {
  expect(isDoubtful('8.95', '8.35', 0.05)).toBe(false);
  expect(isDoubtful('12,800', '12,600', 0.015)).toBe(false);
  expect(isDoubtful('12,800', '12,600', 0.004)).toBe(true);
});

test('lookalikes, marks and one letter of a word need much more', () => {
  expect(isDoubtful('1o%', '10%', 0.1)).toBe(true);
  expect(isDoubtful('times,', 'times.', 0.1)).toBe(true);
  expect(isDoubtful('버들마을', '비들마을', 0.1)).toBe(true);
  expect(isDoubtful('clear', 'empty', 0.2)).toBe(false);
});

test('strokes of Hangul are misread, words of it are changed', () => {
  expect(isDoubtful('아메리카노', '아에리가노', 0.14)).toBe(true);
  expect(isDoubtful('시설관리부', '주민지원팀', 0.14)).toBe(false);
});

test('in a bad picture a change must stand out from what unchanged words differ by', () => {
  expect(isDoubtful('clear', 'empty', 0.08)).toBe(false);
  expect(isDoubtful('clear', 'empty', 0.08, 0.97, 0.03)).toBe(true);
  expect(isDoubtful('clear', 'empty', 0.3, 0.97, 0.03)).toBe(false);
  expect(isDoubtful('12,800', '12,600', 0.021, 0.97, 0.016)).toBe(false);
});

test('a guess, and a lone character, is never more than doubt', () => {
  expect(isDoubtful('문의 사항은', '문이 시항온', 0.4, 0.5)).toBe(true);
  expect(isDoubtful('口', '', 0.5)).toBe(true);
  expect(isDoubtful('', '7', 0.5)).toBe(false);
});

test('without ink to look at, only what was read surely and differs clearly counts', () => {
  expect(isDoubtful('clear', 'empty', null)).toBe(false);
  expect(isDoubtful('Court', 'Court.', null)).toBe(true);
  expect(isDoubtful('clear', 'empty', null, 0.7)).toBe(true);
});

test('where many words were read nearly the same, near words are doubt and others are not', () => {
  expect(isDoubtful('딸기 생크림', '팔기 생크릴', 0.5, 0.97, 0, false)).toBe(false);
  expect(isDoubtful('딸기 생크림', '팔기 생크릴', 0.5, 0.97, 0, true)).toBe(true);
  expect(isDoubtful('시설관리부', '주민지원팀', 0.5, 0.97, 0, true)).toBe(false);
  expect(isDoubtful('12,800', '12,600', 0.05, 0.97, 0, true)).toBe(false);
});

// One scan's x is the next scan's X: said, it would stand in every list; with another word or digit beside it, it must be.
test('a letter and its capital of the same shape are one, other letters are not', () => {
  expect(isSameShape(change('2 x 4.20', '2 X 4.20'))).toBe(true);
  expect(isSameShape(change('3×3', '3x3'))).toBe(true);
  expect(isSameShape(change('□ Rot', '口 Rot'))).toBe(true);
  expect(isSameShape(change('2 x 4.20', '2 X 4.70'))).toBe(false);
  expect(isSameShape(change('a', 'A'))).toBe(false);
});
