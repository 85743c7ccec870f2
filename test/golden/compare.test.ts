// Pairs of our own pages, read by the real networks and compared: every edit is told once, nothing else is, and a page seen by two machines
// has no change. Catches any change of the reader or of comparing that costs an edit or invents one.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { quietJob } from '../../src-main/base/job.ts';
import { comparePages } from '../../src-main/engine/jobs/compare-pages.ts';
import { closeReader } from '../../src-main/engine/jobs/read-page.ts';
import { scorePair, type KnownEdit } from '../helpers/score-changes.ts';

const folder = resolve(import.meta.dirname, '../fixtures/pairs');
const pairs = JSON.parse(readFileSync(join(folder, 'pairs.json'), 'utf8')) as { id: string; before: string; after: string; edits: KnownEdit[] }[];
const side = (file: string) => ({ source: { path: join(folder, file), format: file.endsWith('png') ? ('png' as const) : ('jpeg' as const), pageIndex: 0 }, text: null });

afterAll(closeReader);

test.each(pairs)('$id', async ({ before, after, edits }) => {
  const { changes, alignment } = await comparePages(quietJob(), { before: side(before), after: side(after) });
  expect(alignment.method).toBe('text');
  const { missed, extra } = scorePair(changes, edits);
  expect({ missed, extra }).toEqual({ missed: [], extra: [] });
});
