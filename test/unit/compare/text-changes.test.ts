// Text differences on pages made by hand. Each test names the mistake that would be easiest to make.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { PageText } from '@contract/document.ts';
import { matchCharacters, pointPairsOf } from '../../../src-main/compare/match-characters.ts';
import { charactersOf } from '../../../src-main/compare/page-characters.ts';
import { robustMap } from '../../../src-main/compare/robust-map.ts';
import { textChanges } from '../../../src-main/compare/text-changes.ts';
import { identity } from '../../../src-main/compare/matrix.ts';
import { lettered, pageOfLines } from './page-of-lines.ts';

function compare(one: PageText, other: PageText): string[] {
  const before = charactersOf(one), after = charactersOf(other);
  const map = robustMap(pointPairsOf(before, after), one, 7, 8);
  const match = matchCharacters(before, after, map?.matrix ?? null);
  return textChanges(before, after, match, map?.matrix ?? null, identity).map(({ kind, before: from, after: to }) => `${kind}: ${from.text} > ${to.text}`);
}

const letter = [
  'The harbour was quiet when the first boats came in', 'Nobody had expected them before the end of spring', 'Seven crates of glass were carried to the old mill',
  'A clerk wrote every number into a narrow green book', 'Rain fell upon the roofs until late in the evening', 'The bill came to 412.50 and was paid by noon',
];

test('the same page has no change', () => {
  expect(compare(lettered(letter), lettered(letter))).toEqual([]);
});

test('one digit is a change of its number, not of its line', () => {
  expect(compare(lettered(letter), lettered(letter.with(5, letter[5]!.replace('412.50', '472.50'))))).toEqual(['changed: 412.50 > 472.50']);
});

test('an inserted line is one insertion, although all that follows moved down', () => {
  expect(compare(lettered(letter), lettered(letter.toSpliced(2, 0, 'Two strangers waited under the lamp beside the gate')))).toEqual(['inserted:  > Two strangers waited under the lamp beside the gate']);
});

test('two removed lines are one removal', () => {
  expect(compare(lettered(letter), lettered(letter.toSpliced(1, 2)))).toEqual([`removed: ${letter[1]} ${letter[2]} > `]);
});

test('a moved line is moved, not removed and put in', () => {
  expect(compare(lettered(letter), lettered([...letter.slice(1, 5), letter[0]!, letter[5]!]))).toEqual([`moved: ${letter[0]} > ${letter[0]}`]);
});

test('a reader who takes the lines in another order has moved nothing', () => {
  const places = letter.map((text, at) => ({ text, x: 60, y: 60 + at * 32 }));
  expect(compare(pageOfLines(places), pageOfLines([places[3]!, places[0]!, places[5]!, places[1]!, places[2]!, places[4]!]))).toEqual([]);
});

test('spaces that one reader did not see are no change', () => {
  expect(compare(lettered(letter), lettered(letter.map((text) => text.replace('the first', 'thefirst').replace('paid by', 'paidby'))))).toEqual([]);
});

test('text that flows on to other lines is the same text', () => {
  const words = letter.join(' ').split(' ');
  const wrapped = (count: number): string[] => Array.from({ length: Math.ceil(words.length / count) }, (_, at) => words.slice(at * count, (at + 1) * count).join(' '));
  expect(compare(lettered(wrapped(9)), lettered(wrapped(7)))).toEqual([]);
});

test('cells of a table change one by one, and rows with equal cells are not mixed up', () => {
  const rows = [['Apples', '2', '5.00'], ['Pears from the orchard', '2', '5.00'], ['Plums', '2', '5.00'], ['Quinces and medlars', '3', '7.50'], ['Walnuts', '2', '5.00']];
  const table = (all: readonly (readonly string[])[]): PageText => pageOfLines(all.flatMap((row, at) => row.map((text, column) => ({ text, x: 60 + column * 300, y: 60 + at * 40 }))), 'table');
  expect(compare(table(rows), table(rows.with(2, ['Plums', '4', '9.00'])))).toEqual(['changed: 2 > 4', 'changed: 5.00 > 9.00']);
  expect(compare(table(rows), table(rows.toSpliced(2, 1)))).toEqual(['removed: Plums 2 5.00 > ']);
});

test('an empty page has lost everything, once', () => {
  expect(compare(lettered(letter), { ...lettered(letter), regions: [] })).toEqual([`removed: ${letter.join(' ')} > `]);
});

test('a number with a space behind its comma is one number', () => {
  const bill = (total: string): string[] => letter.with(5, `The bill came to ${total} and was paid by noon`);
  expect(compare(lettered(bill('32, 000')), lettered(bill('37, 000')))).toEqual(['changed: 32,000 > 37,000']);
  expect(compare(lettered(bill('32, 000')), lettered(bill('32,000')))).toEqual([]);
});

test('a passage is as sure as most of it, not as its worst word', () => {
  const lines = letter.map((text, at) => ({ text, x: 60, y: 60 + at * 32 }));
  const before = charactersOf(pageOfLines([...lines, { text: 'Two strangers waited under the lamp beside', x: 60, y: 252 }, { text: 'gote', x: 60, y: 284, confidence: 0.3 }])), after = charactersOf(pageOfLines(lines));
  const [change] = textChanges(before, after, matchCharacters(before, after, identity), identity, identity);
  expect(change).toMatchObject({ kind: 'removed', confidence: 0.98 });
});

test('a moved passage in which a word was changed is moved and changed', () => {
  const moved = 'Three letters lay on the desk and none of them was open';
  expect(compare(lettered([moved, ...letter]), lettered([...letter.slice(0, 5), moved.replace('open', 'sealed'), letter[5]!])).sort()).toEqual([
    'changed: open > sealed', expect.stringMatching(/^moved: Three letters lay on the desk/),
  ]);
});

test.each([['en-columns', 'en-report'], ['en-card', 'en-form'], ['en-card', 'en-invoice']])('words that two unrelated pages share by chance are not moved: %s, %s', (one, other) => {
  const page = (name: string): PageText => {
    const { text } = JSON.parse(readFileSync(`test/fixtures/pages/gt/${name}.json`, 'utf8')) as { text: string };
    return lettered(text.split('\n').filter((line) => line.trim() !== ''));
  };
  const changes = compare(page(one), page(other));
  expect(changes.length).toBeGreaterThan(0);
  expect(changes.filter((change) => change.startsWith('moved'))).toEqual([]);
});
