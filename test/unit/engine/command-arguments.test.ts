// What the verbs say about arguments that cannot be done, before they begin to work. The bugs: a reason that names the wrong thing, work
// that is thrown away at its end because a file is in the way, a report that replaces another.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Command } from '../../../src-main/engine/commands/command.ts';
import { compareCommand } from '../../../src-main/engine/commands/compare.ts';
import { extractCommand } from '../../../src-main/engine/commands/extract.ts';
import { modelCommand } from '../../../src-main/engine/commands/model.ts';

const folder = mkdtempSync(join(tmpdir(), 'lectern-arguments-'));
const page = join(import.meta.dirname, '../../fixtures/pages/images/en-receipt.png');
let out = '', err = '';
const run = ({ run: verb }: Command, ...args: string[]): Promise<number> => verb(args, new AbortController().signal);

beforeEach(() => {
  out = err = '';
  vi.stubEnv('LECTERN_DATA', join(folder, 'data'));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => { out += String(text); return true; });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => { err += String(text); return true; });
});
afterEach(() => { vi.restoreAllMocks(); vi.unstubAllEnvs(); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a schema that is neither a file nor a bundled one: those are named', async () => {
  expect(await run(extractCommand, '--schema', 'reciept', page)).toBe(1);
  expect(err).toMatch(/^reciept: the schema cannot be used: it is neither a file nor one of receipt, invoice,/);
});

test('a file in the way of the result is seen before the pages are read', async () => {
  const file = join(folder, 'grid.csv');
  writeFileSync(file, 'mine');
  expect(await run(extractCommand, '--schema', 'receipt', page, '--format', 'csv', '--output', file)).toBe(1);
  expect(err).toContain('a file of this name exists already');
  expect(await run(compareCommand, page, page, '--output', join(file, 'below'))).toBe(1);
  expect(err).toContain(`${file}: this is a file, not a folder`);
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

test('a report does not replace another', async () => {
  writeFileSync(join(folder, 'report.json'), 'the first');
  expect(await run(compareCommand, page, page, '--output', folder)).toBe(1);
  expect(err).toContain('report.json: a file of this name exists already; name another folder');
  expect(readFileSync(join(folder, 'report.json'), 'utf8')).toBe('the first');
});

test('of models: what there is, what is meant, and nothing said twice', async () => {
  expect(await run(modelCommand, 'list')).toBe(0);
  expect([out, err]).toEqual(['', 'No model is imported yet.\n']);
  expect(await run(modelCommand, 'frobnicate')).toBe(2);
  expect(err).toContain('There is no "model frobnicate".');
  err = '';
  expect(await run(modelCommand, 'remove', 'qwen')).toBe(1);
  expect(err).toBe('there is no model "qwen"; none is imported yet\n');
  expect(await run(modelCommand, 'import', join(folder, 'nowhere'))).toBe(1);
  expect(err).toContain('is no checkpoint: there is no such folder');
});
