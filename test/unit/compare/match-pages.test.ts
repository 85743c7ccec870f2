// Pages of two documents are matched by content: a letterhead must not make strangers alike, and order must not matter more than text.
import { expect, test } from 'vitest';
import { quietJob } from '../../../src-main/base/job.ts';
import { matchPages, type PageGist } from '../../../src-main/compare/match-pages.ts';
import { picture } from '../../../src-main/inference/image/picture.ts';

const grey = (level: number, dark = -1): PageGist['picture'] => picture(32, 32, Uint8Array.from({ length: 32 * 32 * 3 }, (_, at) => (Math.floor(at / 3) % 32 === dark ? 0 : level)));
const head = 'Brindlemouth Harbour Board, 12 Quayside, minutes of the meeting';
const topics = ['nets and ropes were counted twice', 'the crane needs a new bearing soon', 'dredging was put off until autumn', 'fees for visitors rise by a tenth', 'the lamp on the mole was mended'];
const page = (topic: string): PageGist => ({ text: `${head}\n${topic}\n${topic.split(' ').reverse().join(' ')}`, picture: grey(250) });
const told = async (before: readonly PageGist[], after: readonly PageGist[]): Promise<string[]> => (await matchPages(quietJob(), before, after)).map((pair) => `${pair.before ?? '-'}:${pair.after ?? '-'}${pair.moved ? ' moved' : ''}`);

test('a page that was taken out and one that was put in', async () => {
  const pages = topics.map(page);
  expect(await told(pages, [pages[0]!, pages[2]!, pages[3]!, page('a gale tore two moorings loose'), pages[4]!])).toEqual(['0:0', '1:-', '2:1', '3:2', '-:3', '4:4']);
});

test('a page that was moved', async () => {
  const pages = topics.map(page);
  expect(await told(pages, [pages[0]!, pages[4]!, pages[1]!, pages[2]!, pages[3]!])).toEqual(['0:0', '4:1 moved', '1:2', '2:3', '3:4']);
});

test('two single pages belong together even if one is blank', async () => {
  expect(await told([page(topics[0]!)], [{ text: '', picture: grey(255) }])).toEqual(['0:0']);
});

test('pages without text are matched by their look', async () => {
  const drawn = [3, 9, 17, 26].map((dark) => ({ text: '', picture: grey(250, dark) }));
  expect(await told(drawn, [drawn[0]!, drawn[2]!, drawn[3]!])).toEqual(['0:0', '1:-', '2:1', '3:2']);
});

/** Two hundred pages of a quarter of an hour's reading, no two alike, all under one head. */
function longDocument(): PageGist[] {
  const words = Array.from({ length: 900 }, (_, at) => `${String.fromCodePoint(97 + (at % 26))}${((at * 7919) % 4099).toString(36)}${((at * 104_729) % 997).toString(36)}`);
  return Array.from({ length: 200 }, (_, at) => ({ text: `${head}\n${Array.from({ length: 420 }, (__, word) => words[(word * word * (at + 3) + 31 * at + word) % words.length]).join(' ')}`, picture: null }));
}

test('two hundred full pages are matched in a moment', async () => {
  const pages = longDocument(), started = process.cpuUsage();
  const found = await told(pages, pages.toSpliced(120, 1));
  const { user, system } = process.cpuUsage(started);
  expect(found).toEqual(pages.map((_, at) => (at === 120 ? '120:-' : `${at}:${at > 120 ? at - 1 : at}`)));
  // Every page against every page took 10 s.
  expect((user + system) / 1e6).toBeLessThan(5);
});

test('matching long documents lets messages in: a cancel ends it at once', async () => {
  const pages = longDocument(), controller = new AbortController();
  let asked = 0;
  setTimeout(() => {
    asked = performance.now();
    controller.abort();
  }, 60);
  await expect(matchPages(quietJob(controller.signal), pages, pages)).rejects.toMatchObject({ code: 'job-cancelled' });
  expect(performance.now() - asked).toBeLessThan(500);
});
