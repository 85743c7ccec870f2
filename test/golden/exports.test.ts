// From a picture to the exported file, compared with stored exports and with the truth of the page. Catches exporters and regions that
// each work alone but lose a heading, a column or a row between them. New exports after an improvement: LECTERN_RECORD=1.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { PlacedText } from '../helpers/score-pages.ts';
import { closeReader } from '../../src-main/engine/jobs/read-page.ts';
import type { ExportPage } from '../../src-main/exporters/export-page.ts';
import { exportJson } from '../../src-main/exporters/json.ts';
import { exportMarkdown } from '../../src-main/exporters/markdown.ts';
import { exportText } from '../../src-main/exporters/text.ts';
import { fixtureItems, readFixture, truthOf } from '../helpers/fixture-set.ts';
import { scorePage } from '../helpers/score-pages.ts';

afterAll(closeReader);

async function exported(id: string): Promise<{ page: ExportPage; item: (typeof fixtureItems)[number] }> {
  const item = fixtureItems.find((one) => one.id === id)!;
  const { text } = await readFixture(item);
  return { item, page: { file: item.file, pageIndex: 0, pageCount: 1, text } };
}

function expectStored(name: string, content: string): void {
  const file = join(import.meta.dirname, 'exports', name);
  if (process.env['LECTERN_RECORD'] === '1') writeFileSync(file, content);
  expect(content).toBe(readFileSync(file, 'utf8'));
}

test('two columns: paragraphs run on within their column, as text and as Markdown', async () => {
  const { page } = await exported('en-columns');
  expectStored('en-columns.txt', exportText([page]));
  expectStored('en-columns.md', exportMarkdown([page]));
});

test('a table becomes rows and cells, each in its place', async () => {
  const { page, item } = await exported('en-table');
  const markdown = exportMarkdown([page]);
  expectStored('en-table.txt', exportText([page]));
  const rows = markdown.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('| ---'));
  const cells = rows.map((row) => row.slice(1, -1).split(' | ').map((cell) => cell.trim().replaceAll('\\', '')).join('\t'));
  expect(cells).toEqual(truthOf(item).tsv!.split('\n'));
});

test('JSON holds every line of a turned page with its box, good enough to be scored by others', async () => {
  const { page, item } = await exported('ko-table-rot270');
  const [json] = JSON.parse(exportJson([page])) as { file: string; width: number; height: number; rotation: number; lines: (PlacedText & { words: PlacedText[]; confidence: number })[] }[];
  expect(json).toMatchObject({ file: item.file, width: page.text.width, height: page.text.height, rotation: item.rotation });
  const score = scorePage(truthOf(item), json!.lines);
  expect(score.placedError).toBeLessThan(0.02);
  expect(score.detection!.f1).toBeGreaterThan(0.9);
  // Words lie under their line's text, and spell it.
  for (const line of json!.lines) expect(line.words.map((word) => word.text).join('').replace(/\s/g, '')).toBe(line.text.replace(/\s/g, ''));
});
