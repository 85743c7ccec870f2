// Pages of two documents are matched by content: a letterhead must not make strangers alike, and order must not matter more than text.
import { expect, test } from 'vitest';
import { matchPages, type PageGist } from '../../../src-main/compare/match-pages.ts';
import { picture } from '../../../src-main/inference/image/picture.ts';

const grey = (level: number, dark = -1): PageGist['picture'] => picture(32, 32, Uint8Array.from({ length: 32 * 32 * 3 }, (_, at) => (Math.floor(at / 3) % 32 === dark ? 0 : level)));
const head = 'Brindlemouth Harbour Board, 12 Quayside, minutes of the meeting';
const topics = ['nets and ropes were counted twice', 'the crane needs a new bearing soon', 'dredging was put off until autumn', 'fees for visitors rise by a tenth', 'the lamp on the mole was mended'];
const page = (topic: string): PageGist => ({ text: `${head}\n${topic}\n${topic.split(' ').reverse().join(' ')}`, picture: grey(250) });
const told = (before: readonly PageGist[], after: readonly PageGist[]): string[] => matchPages(before, after).map((pair) => `${pair.before ?? '-'}:${pair.after ?? '-'}${pair.moved ? ' moved' : ''}`);

test('a page that was taken out and one that was put in', () => {
  const pages = topics.map(page);
  expect(told(pages, [pages[0]!, pages[2]!, pages[3]!, page('a gale tore two moorings loose'), pages[4]!])).toEqual(['0:0', '1:-', '2:1', '3:2', '-:3', '4:4']);
});

test('a page that was moved', () => {
  const pages = topics.map(page);
  expect(told(pages, [pages[0]!, pages[4]!, pages[1]!, pages[2]!, pages[3]!])).toEqual(['0:0', '4:1 moved', '1:2', '2:3', '3:4']);
});

test('two single pages belong together even if one is blank', () => {
  expect(told([page(topics[0]!)], [{ text: '', picture: grey(255) }])).toEqual(['0:0']);
});

test('pages without text are matched by their look', () => {
  const drawn = [3, 9, 17, 26].map((dark) => ({ text: '', picture: grey(250, dark) }));
  expect(told(drawn, [drawn[0]!, drawn[2]!, drawn[3]!])).toEqual(['0:0', '1:-', '2:1', '3:2']);
});

test('two hundred pages are matched in a moment', () => {
  const pages = Array.from({ length: 200 }, (_, at) => page(`${topics[at % 5]} number ${at * 7919} of series ${at ** 3}`));
  const started = performance.now();
  expect(told(pages, pages.toSpliced(120, 1))).toHaveLength(200);
  expect(performance.now() - started).toBeLessThan(15_000);
});
