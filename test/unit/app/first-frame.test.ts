// The first frame is shown before anything can be asked: a stale one would show documents that are gone, or an older program's window.
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openFirstFrame } from '../../../src-main/app/first-frame.ts';
import type { FirstFrame } from '../../../src-main/app/first-frame.ts';

let folder: string;
let paths: { firstFrame: string; library: string; settings: string; program: string };

beforeEach(() => {
  // Long after the last change, unless a test says otherwise.
  vi.spyOn(performance, 'now').mockReturnValue(60_000);
  folder = mkdtempSync(join(tmpdir(), 'lectern-frame-'));
  paths = { firstFrame: join(folder, 'first-frame.json'), library: join(folder, 'library'), settings: join(folder, 'settings.json'), program: join(folder, 'out') };
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
  await frame.end();
}

test('the next start shows what the last session kept, and so does the one after it', async () => {
  expect(openFirstFrame(paths).html).toBeNull();
  await session('<p>two documents</p>');
  expect(openFirstFrame(paths).html).toBe('<p>two documents</p>');
  // A session too short to draw one.
  await openFirstFrame(paths).end();
  expect(openFirstFrame(paths).html).toBe('<p>two documents</p>');
});

test.each([
  ['the library was written to', 'library/library.db'],
  ['a session was cut off and left its journal', 'library/library.db-wal'],
  ['a session was cut off after a write that leaves the journal as long as it was', 'library/library.db-shm'],
  ['a setting was changed', 'settings.json'],
  ['the program is another', 'out/renderer/index.html'],
])('not shown: %s', async (_why, file) => {
  await session('<p>two documents</p>');
  appendFileSync(join(folder, file), 'more');
  expect(openFirstFrame(paths).html).toBeNull();
});

test('not shown: another program whose files have the same times and sizes, as installers leave them', async () => {
  const page = join(paths.program, 'renderer', 'index.html');
  utimesSync(page, 1, 1);
  await session('<p>two documents</p>');
  writeFileSync(page, '<title>lectern</title>');
  utimesSync(page, 1, 1);
  expect(openFirstFrame(paths).html).toBeNull();
});

test('the very first start shows the empty library that comes with the program; no other start does', async () => {
  writeFileSync(join(paths.program, 'renderer', 'empty-frame.html'), '<p>nothing here yet</p>');
  expect(openFirstFrame(paths).html).toBeNull();
  rmSync(join(paths.library, 'library.db'));
  expect(openFirstFrame(paths).html).toBe('<p>nothing here yet</p>');
  // Drawn with other settings it would look otherwise.
  writeFileSync(paths.settings, '{}');
  expect(openFirstFrame(paths).html).toBeNull();
});

describe('a session that is cut off', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());
  const calm = async (): Promise<void> => {
    vi.advanceTimersByTime(1600);
    vi.useRealTimers();
    await new Promise((later) => setTimeout(later, 50));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  };
  const write = (frame: FirstFrame, wrote = 'x'): void => {
    const answered = frame.libraryAsked();
    appendFileSync(join(paths.library, 'library.db-wal'), wrote);
    answered();
  };

  test('leaves the frame that it had when things were calm, also after a change that the frame does not show', async () => {
    const frame = openFirstFrame(paths);
    frame.keep('<p>two documents</p>');
    await calm();
    expect(openFirstFrame(paths).html).toBe('<p>two documents</p>');
    write(frame);
    expect(openFirstFrame(paths).html).toBeNull();
    await calm();
    expect(openFirstFrame(paths).html).toBe('<p>two documents</p>');
  });

  // What a call has written may be told to the window long after, when the whole call is answered.
  test('leaves none in the middle of a call', async () => {
    const frame = openFirstFrame(paths);
    frame.keep('<p>two documents</p>');
    await calm();
    const answered = frame.libraryAsked();
    appendFileSync(join(paths.library, 'library.db-wal'), 'a third');
    frame.keep('<p>two documents</p>');
    await calm();
    expect(openFirstFrame(paths).html).toBeNull();
    frame.forget();
    answered();
    await calm();
    expect(existsSync(paths.firstFrame)).toBe(false);
  });

  test('writes nothing after its end', async () => {
    const frame = openFirstFrame(paths);
    frame.keep('<p>two documents</p>');
    await frame.end();
    rmSync(paths.firstFrame);
    write(frame);
    await calm();
    expect(existsSync(paths.firstFrame)).toBe(false);
  });
});

test('forgotten when something it shows changes; one that was on its way then is not taken', async () => {
  await session('<p>two documents</p>');
  const frame = openFirstFrame(paths);
  frame.forget();
  frame.keep('<p>drawn before the change was heard of</p>');
  appendFileSync(join(paths.library, 'library.db'), 'a third');
  await frame.end();
  // Not merely unused: it may name a document that was deleted.
  expect(existsSync(paths.firstFrame)).toBe(false);
  vi.spyOn(performance, 'now').mockReturnValue(62_500);
  frame.keep('<p>three documents</p>');
  await frame.end();
  expect(openFirstFrame(paths).html).toBe('<p>three documents</p>');
});

test('a damaged file is no first frame', async () => {
  writeFileSync(paths.firstFrame, '{"stamp":');
  expect(openFirstFrame(paths).html).toBeNull();
});
