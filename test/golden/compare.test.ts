// Pairs of our own pages, read by the real networks and compared: every edit is told once, nothing else is, and a page seen by two machines
// has no change. Catches any change of the reader or of comparing that costs an edit or invents one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { ModelView } from '@contract/compare.ts';
import { quietJob } from '../../src-main/base/job.ts';
import { compileCheckpoint } from '../../src-main/compiler/compile.ts';
import { compareCommand } from '../../src-main/engine/commands/compare.ts';
import { comparePages } from '../../src-main/engine/jobs/compare-pages.ts';
import { closeReader } from '../../src-main/engine/jobs/read-page.ts';
import { exactOptions } from '../helpers/compiled-checkpoint.ts';
import { checkpointsFolder } from '../helpers/reference.ts';
import { scorePair, type KnownEdit } from '../helpers/score-changes.ts';

const folder = resolve(import.meta.dirname, '../fixtures/pairs');
const pairs = JSON.parse(readFileSync(join(folder, 'pairs.json'), 'utf8')) as { id: string; before: string; after: string; edits: KnownEdit[] }[];
const side = (file: string) => ({ source: { path: join(folder, file), format: file.endsWith('png') ? ('png' as const) : ('jpeg' as const), pageIndex: 0 }, text: null });

afterAll(closeReader);

test.each(pairs)('$id', { timeout: 180_000 }, async ({ before, after, edits }) => {
  const { changes, alignment } = await comparePages(quietJob(), { before: side(before), after: side(after) });
  expect(alignment.method).toBe('text');
  const { missed, extra } = scorePair(changes, edits);
  expect({ missed, extra }).toEqual({ missed: [], extra: [] });
});

test('the command line asks a model, too, and tells what of it is confirmed', { timeout: 180_000 }, async () => {
  const root = mkdtempSync(join(tmpdir(), 'lectern-compare-model-'));
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    await compileCheckpoint(quietJob(), join(checkpointsFolder, 'qwen2-vl'), exactOptions, { root, id: 'tiny' });
    const { before, after } = pairs.find(({ id }) => id === 'en-receipt-amounts')!;
    expect(await compareCommand.run([join(folder, before), join(folder, after), '--model', join(root, 'tiny'), '--json'], new AbortController().signal)).toBe(0);
    const { pairs: [told] } = JSON.parse(out) as { pairs: { changes: unknown[]; modelView: ModelView }[] };
    expect(told!.changes).toHaveLength(3);
    // The tiny model writes nonsense: it names none of the changes, and nothing that it says is confirmed.
    expect(told!.modelView.answer.length).toBeGreaterThan(0);
    expect(told!.modelView).toMatchObject({ unnamed: [0, 1, 2] });
    expect(told!.modelView.named.every(({ confirmedBy }) => confirmedBy.length === 0)).toBe(true);
  } finally {
    vi.restoreAllMocks();
    rmSync(root, { recursive: true, force: true });
  }
});
