// Answers held against the page: what is there is found where it is, what differs shows both readings, what is invented is said to be.
import { describe, expect, test } from 'vitest';
import type { PlacedGrounding } from '@contract/job.ts';
import { checkAnswer } from '../../../src-main/reader/check-answer.ts';
import { boxQuad, lineAt, pageWith, regionOf } from '../../helpers/library.ts';

const lines = [
  lineAt('ACME Trading Ltd', 100, 100), lineAt('Invoice No: INV-2024-0815', 100, 140), lineAt('Grand Total $1,234.50', 100, 180), lineAt('Tel 02-555-0199', 100, 220), lineAt('성  명 홍길동', 100, 260), lineAt('Item 12.50', 100, 300),
];
const pages = [{ pageId: 'p', text: pageWith([regionOf('paragraph', lines)]) }];
const placed = (answer: string, phrase: string, quad = boxQuad(0, 0, 1, 1), label: string | null = phrase): PlacedGrounding => ({ start: answer.indexOf(phrase), end: answer.indexOf(phrase) + phrase.length, label, pageId: 'p', quad, kind: 'box' });
const only = (answer: string, groundings: PlacedGrounding[] = []) => checkAnswer(answer, groundings, pages);
const one = (answer: string, phrase: string, quad: ReturnType<typeof boxQuad>) => only(answer, [placed(answer, phrase, quad)]).find((found) => found.start === answer.indexOf(phrase))!;
/** Around the words of a line, from its word `first`. */
const over = (line: number, first = 0) => {
  const words = lines[line]!.words.slice(first);
  const [x, y] = words[0]!.quad[0];
  return boxQuad(x - 2, y - 2, words.at(-1)!.quad[1][0] - x + 4, 24);
};

describe('a value with a box', () => {
  test.each([
    ['as printed', 'The total is $1,234.50.', '$1,234.50', over(2, 2), { state: 'found', read: '$1,234.50' }],
    ['written in full width', 'It is ＩＮＶ－2024－0815.', 'ＩＮＶ－2024－0815', over(1, 2), { state: 'found', read: 'INV-2024-0815' }],
    ['without the spaces of the form', '이름은 홍길동입니다', '홍길동', over(4), { state: 'found' }],
    ['under a box around the whole line', 'The total is $1,234.50.', '$1,234.50', over(2), { state: 'found' }],
    ['misread in one digit: both readings', 'The total is $1,284.50.', '$1,284.50', over(2, 2), { state: 'differs', expected: '$1,284.50', read: '$1,234.50' }],
    ['invented, on empty paper', 'The total is $77,000.', '$77,000', boxQuad(600, 900, 80, 20), { state: 'not-on-page', expected: '$77,000' }],
  ])('%s', (_, answer, phrase, quad, check) => {
    expect(one(answer, phrase, quad)).toMatchObject({ source: expect.any(String), check });
  });

  test('a box beside its text is put where the text is', () => {
    const found = one('The total is $1,234.50.', '$1,234.50', boxQuad(600, 900, 80, 20));
    expect(found).toMatchObject({ check: { state: 'found' }, source: 'search', kind: 'line' });
    expect(found.quad![0][1]).toBe(180);
  });

  // Catches: what stands by chance on the last tile shown as another reading of a value from the first.
  test('where it is unsure which picture is meant, what stands at the place is no other reading; found elsewhere it is sure again', () => {
    const unsure = (answer: string, phrase: string): ReturnType<typeof only>[number] => only(answer, [{ ...placed(answer, phrase, over(1, 2)), isUnsure: true }])[0]!;
    expect(unsure('The total is $77,000.', '$77,000')).toMatchObject({ check: { state: 'not-on-page' }, isUnsure: true });
    expect(unsure('the stamp is here', 'the stamp')).toMatchObject({ check: { state: 'unchecked' }, isUnsure: true });
    const found = unsure('The total is $1,234.50.', '$1,234.50');
    expect(found).toMatchObject({ check: { state: 'found' }, source: 'search' });
    expect(found).not.toHaveProperty('isUnsure');
  });

  test('the name of a thing is no value: it is not said to be missing', () => {
    expect(one('the stamp is here', 'the stamp', boxQuad(600, 900, 80, 20)).check).toEqual({ state: 'unchecked' });
    expect(one('the total is here', 'the total', over(0)).check).toEqual({ state: 'unchecked' });
  });

  test('data keeps its places unchecked where it names nothing', () => {
    const json = '[{"bbox_2d": [1, 2, 3, 4]}]';
    expect(only(json, [placed(json, json, over(0), null)])[0]!.check).toEqual({ state: 'unchecked' });
  });
});

describe('a value without a box is looked for', () => {
  const found = (answer: string, phrase: string) => only(answer).find((grounding) => answer.slice(grounding.start, grounding.end) === phrase);
  test.each([
    ['an amount', 'You owe $1,234.50 in all.', '$1,234.50', 180],
    ['an identifier', 'The number is INV-2024-0815', 'INV-2024-0815', 140],
    ['words in quotes', 'It was sent by “ACME Trading Ltd”.', 'ACME Trading Ltd', 100],
    ['bold words', 'From **ACME Trading**', 'ACME Trading', 100],
    ['a telephone number', 'Call 02-555-0199', '02-555-0199', 220],
  ])('%s gets its place', (_, answer, phrase, top) => {
    const grounding = found(answer, phrase);
    expect(grounding).toMatchObject({ source: 'search', pageId: 'p', check: { state: 'found' } });
    expect(grounding!.quad![0][1]).toBe(top);
  });

  // Catches: 12 "found" inside 12.50, 234 inside 1,234.50.
  test('a number is not found inside a longer one', () => {
    expect(found('There are 12 of them', '12')).toBeUndefined();
    expect(found('It says 234.', '234')).toBeUndefined();
  });

  test('a long number that is nearly there differs, one that is not is said to be missing', () => {
    expect(found('The total is 1,284.50', '1,284.50')?.check).toMatchObject({ state: 'differs', read: '$1,234.50' });
    expect(found('Reference 998877', '998877')).toMatchObject({ quad: null, check: { state: 'not-on-page' } });
    expect(found('It reads "Hello World".', 'Hello World')?.check).toMatchObject({ state: 'not-on-page' });
  });

  test("the answer's own numbers are left alone: counts, lists, pages, pictures", () => {
    expect(only('1. one\n2. two\nPage 1234 of Picture 5678 shows 3 things.')).toEqual([]);
  });

  test('a number that ends a word is part of that word', () => {
    expect(only('word87654321')).toEqual([]);
    // Scripts that write numbers without a space before them.
    expect(only('총87654321원')).toMatchObject([{ label: '87654321원', check: { state: 'not-on-page' } }]);
  });

  test('nothing read: nothing is claimed', () => {
    expect(checkAnswer('The total is 99999', [], [{ pageId: 'p', text: null }])).toEqual([]);
    expect(checkAnswer('The total is 99999', [], [{ pageId: 'p', text: pageWith([]) }])).toEqual([]);
  });
});

test('a page read out in full stays quick', () => {
  const answer = Array.from({ length: 3000 }, (_, at) => `Line ${at} says “value ${at * 7919}” and ${at * 104729}.`).join('\n');
  const started = performance.now();
  only(answer);
  expect(performance.now() - started).toBeLessThan(3000);
});
