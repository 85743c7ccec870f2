// The first frame is shown before anything can be asked: a stale one would show documents that are gone, or an older program's window.
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openFirstFrame } from '../../../src-main/app/first-frame.ts';

let folder: string;
let paths: { firstFrame: string; library: string; program: string };

beforeEach(() => {
  // Long after the last change, unless a test says otherwise.
  vi.spyOn(performance, 'now').mockReturnValue(60_000);
  folder = mkdtempSync(join(tmpdir(), 'lectern-frame-'));
  paths = { firstFrame: join(folder, 'first-frame.json'), library: join(folder, 'library'), program: join(folder, 'out') };
  mkdirSync(paths.library);
  mkdirSync(join(paths.program, 'renderer'), { recursive: true });
  writeFileSync(join(paths.library, 'library.db'), 'documents');
  writeFileSync(join(paths.program, 'renderer', 'index.html'), '<title>Lectern</title>');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function session(html: string): Promise<void> {
  const frame = openFirstFrame(paths);
  frame.keep(html);
  await frame.store();
}

test('the next start shows what the last session kept, and so does the one after it', async () => {
  expect(openFirstFrame(paths).html).toBeNull();
  await session('<p>two documents</p>');
  expect(openFirstFrame(paths).html).toBe('<p>two documents</p>');
  // A session too short to draw one.
  await openFirstFrame(paths).store();
  expect(openFirstFrame(paths).html).toBe('<p>two documents</p>');
});

test.each([
  ['the library was written to', 'library/library.db'],
  ['a session was cut off and left its journal', 'library/library.db-wal'],
  ['the program is another', 'out/renderer/index.html'],
])('not shown: %s', async (_why, file) => {
  await session('<p>two documents</p>');
  appendFileSync(join(folder, file), 'more');
  expect(openFirstFrame(paths).html).toBeNull();
});

test('forgotten when something it shows changes; one that was on its way then is not taken', async () => {
  await session('<p>two documents</p>');
  const frame = openFirstFrame(paths);
  frame.forget();
  frame.keep('<p>drawn before the change was heard of</p>');
  appendFileSync(join(paths.library, 'library.db'), 'a third');
  await frame.store();
  // Not merely unused: it may name a document that was deleted.
  expect(existsSync(paths.firstFrame)).toBe(false);
  vi.spyOn(performance, 'now').mockReturnValue(62_500);
  frame.keep('<p>three documents</p>');
  await frame.store();
  expect(openFirstFrame(paths).html).toBe('<p>three documents</p>');
});

test('a damaged file is no first frame', async () => {
  writeFileSync(paths.firstFrame, '{"stamp":');
  expect(openFirstFrame(paths).html).toBeNull();
});
