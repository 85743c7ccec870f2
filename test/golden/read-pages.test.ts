// Reads the project's own pages with the real networks and compares with what was recorded. Catches any change that costs accuracy,
// finds a rotation no more, breaks reading order or loses a total. Every page: LECTERN_ALL_PAGES=1; a new record after an improvement:
// `node build/run-typescript.mjs build/fixtures/record-golden.ts`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { linesOf, type PageText } from '@contract/document.ts';
import { closeReader } from '../../src-main/engine/jobs/read-page.ts';
import { fixtureItems, readFixture, truthOf, type FixtureItem } from '../helpers/fixture-set.ts';
import { scorePage, type PageScore } from '../helpers/score-pages.ts';
import { lossesAgainst, recordOf, type PageRecord } from './page-record.ts';

/** Each kind of page, language, camera and turn at least once; the others cost minutes and would say the same. */
const everyTime = new Set([
  'en-receipt', 'en-receipt-photo90', 'en-receipt-matrix-photo', 'en-form-rot90', 'en-letter-photo', 'en-columns', 'en-columns-rot270', 'en-table-photo',
  'en-invoice', 'en-card-photo', 'en-small', 'en-dark',
  'zh-receipt-photo', 'zh-form', 'zh-letter-rot90', 'zh-columns', 'zh-table-rot180', 'zh-faint',
  'ko-receipt', 'ko-receipt-photo', 'ko-form', 'ko-letter-rot180', 'ko-columns', 'ko-table-rot270', 'ko-small',
  'ja-receipt', 'ja-letter', 'ja-table-rot90', 'ja-vertical',
  'mixed-notice', 'mixed-table',
]);

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'recorded-pages.json'), 'utf8')) as Record<string, PageRecord>;
const items = fixtureItems.filter((item) => process.env['LECTERN_ALL_PAGES'] === '1' || everyTime.has(item.id));
const readings = new Map<string, { item: FixtureItem; text: PageText; score: PageScore }>();

afterAll(closeReader);

test.each(items)('$id reads as well as recorded', async (item) => {
  const { text, score } = await readFixture(item);
  readings.set(item.id, { item, text, score });
  const record = recorded[item.id];
  expect(record, 'recorded').toBeDefined();
  expect(text.rotation, 'the turn that makes it upright').toBe(item.rotation);
  const truth = truthOf(item);
  expect(lossesAgainst(record!, recordOf(truth, text, score), item, truth)).toEqual([]);
});

test('the whole set is no worse than recorded, with less slack than a single page has', () => {
  // Twenty pages losing one character each would pass page by page.
  const all = [...readings.values()];
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  expect(all.length).toBe(items.length);
  expect(mean(all.map(({ score }) => score.placedError!))).toBeLessThanOrEqual(mean(all.map(({ item }) => recorded[item.id]!.placed)) + 0.001);
});

test('the check fails when a reader loses a line, mixes up columns, or misreads a digit in each number', () => {
  const { item, text, score } = readings.get('en-columns')!;
  const truth = truthOf(item);
  const lines = linesOf(text);
  const losses = (changed: typeof lines): string[] => {
    const worse = scorePage(truth, changed, { orderTrusted: item.orderTrusted });
    return lossesAgainst(recorded[item.id]!, recordOf(truth, { ...text, regions: [{ ...text.regions[0]!, lines: changed }] }, worse), item, truth);
  };
  expect(lossesAgainst(recorded[item.id]!, recordOf(truth, text, score), item, truth)).toEqual([]);
  expect(losses(lines.filter((_, at) => at !== 5))).not.toEqual([]);
  expect(losses([...lines].sort((a, b) => a.quad[0][1] - b.quad[0][1]))).not.toEqual([]);
  expect(losses(lines.map((line) => ({ ...line, text: line.text.replace(/\d/, '7') })))).not.toEqual([]);
});
