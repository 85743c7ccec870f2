// What the parts of a page are, against what they truly are, on every page of the fixtures. The lines are the true ones, the picture the
// real one, so that only the layout is tested; some pages are read as well. Would catch: headings known by their weight alone, a table that
// swallows what stands over it, a heading inside a drawn table, a chart that is lost or found where there is none, captions and footnotes
// in the running text. LECTERN_SHOW=1 prints every line that is not what it should be.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolve } from 'node:path';
import { linesOf, type Region } from '@contract/document.ts';
import { boundsOf } from '@contract/geometry.ts';
import { closeReader } from '../../src-main/engine/jobs/read-page.ts';
import { decodeImage } from '../../src-main/inference/image/decode-image.ts';
import { arrange } from '../../src-main/ocr/arrange.ts';
import { textTable } from '../../src-main/exporters/table-text.ts';
import { fixtureItems, readFixture, type FixtureItem } from '../helpers/fixture-set.ts';
import { scoreRoles, type RoleScore } from '../helpers/score-roles.ts';
import { truthText } from '../helpers/truth-text.ts';

afterAll(closeReader);

const pageOf = (item: FixtureItem): string => item.id.replace(/-(?:photo\d*|rot\d+)$/, '');
const itemOf = (id: string): FixtureItem => fixtureItems.find((one) => one.id === id)!;
const linesOn = (item: FixtureItem) => linesOf(truthText(item.id).text);

async function layOut(item: FixtureItem): Promise<Region[]> {
  const page = await decodeImage(resolve(import.meta.dirname, '../fixtures/pages', item.file));
  return arrange(page, linesOn(item), { rotation: item.rotation, stacked: item.kind === 'vertical', scripts: ['latin'] });
}

function sum(scores: readonly RoleScore[]): { roles: number; joins: number; lines: number } {
  const all = (of: (score: RoleScore) => number): number => scores.reduce((total, score) => total + of(score), 0);
  if (process.env['LECTERN_SHOW'] === '1') for (const { wrong } of scores) for (const one of wrong) process.stdout.write(`${one}\n`);
  return { roles: all((score) => score.right) / all((score) => score.lines), joins: all((score) => score.rightPairs) / all((score) => score.pairs), lines: all((score) => score.lines) };
}

const layouts = new Map<string, Region[]>();
beforeAll(async () => {
  for (const item of fixtureItems) layouts.set(item.id, await layOut(item));
}, 120_000);
const laidOut = ({ id }: FixtureItem): Region[] => layouts.get(id)!;

const figuresOf = (regions: readonly Region[]): Region[] => regions.filter((region) => region.role === 'figure');

describe('with the true lines', () => {
  it('flat pages: nearly every line is what it is, and nearly all neighbours are rightly joined', () => {
    const scores: RoleScore[] = [];
    for (const item of fixtureItems.filter((one) => one.variant === 'clean')) scores.push(scoreRoles(pageOf(item), linesOn(item), laidOut(item)));
    const { roles, joins, lines } = sum(scores);
    expect(lines).toBeGreaterThan(1400);
    expect(roles).toBeGreaterThan(0.995);
    expect(joins).toBeGreaterThan(0.98);
  });

  it('photographed and turned pages: hardly less', () => {
    const scores: RoleScore[] = [];
    for (const item of fixtureItems.filter((one) => one.variant !== 'clean')) scores.push(scoreRoles(pageOf(item), linesOn(item), laidOut(item)));
    const { roles, joins } = sum(scores);
    expect(roles).toBeGreaterThan(0.97);
    expect(joins).toBeGreaterThan(0.95);
  });

  it('figures are found where there is one, and nowhere else', () => {
    const found: string[] = [];
    for (const item of fixtureItems) found.push(...figuresOf(laidOut(item)).map(() => item.id));
    expect(found).toEqual(fixtureItems.filter((item) => item.kind === 'report').map((item) => item.id));
  });
});

describe('a report', () => {
  it.each(['en-report', 'zh-report', 'ko-report'])('%s: the drawing holds its words and stands over its caption; cells are merged', (id) => {
    const regions = laidOut(itemOf(id));
    const at = regions.findIndex((region) => region.role === 'figure');
    expect(regions[at]!.lines).toHaveLength(5);
    expect(regions[at - 1]!.role).toBe('list');
    expect(regions[at + 1]!.role).toBe('caption');
    const { y, height } = boundsOf(regions[at]!.quad);
    expect(height).toBeGreaterThan(150);
    expect(y + height).toBeLessThan(boundsOf(regions[at + 1]!.quad).y + 2);
    const table = textTable(regions.find((region) => region.role === 'table')!)!;
    expect([table.rows, table.columns]).toEqual([5, 5]);
    expect(table.cells.filter((cell) => cell.rowSpan > 1 || cell.columnSpan > 1).map(({ row, column, rowSpan, columnSpan }) => [row, column, rowSpan, columnSpan])).toEqual([[0, 0, 2, 1], [0, 1, 1, 2], [0, 3, 1, 2]]);
  });
});

describe('with the lines that are read', () => {
  it.each(['en-report', 'en-report-photo', 'zh-report-rot90', 'ko-report', 'ko-invoice', 'zh-invoice', 'en-form', 'ja-columns'])('%s', async (id) => {
    const item = itemOf(id);
    const { text } = await readFixture(item);
    const { roles, joins } = sum([scoreRoles(pageOf(item), linesOn(item), text.regions)]);
    expect(roles).toBeGreaterThan(0.95);
    expect(joins).toBeGreaterThan(0.94);
    expect(figuresOf(text.regions)).toHaveLength(item.kind === 'report' ? 1 : 0);
  });
});
