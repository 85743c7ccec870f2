// A written file is the old or the new one, whole; existing files are safe unless overwriting was asked for; failures have names.
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFileAtomically } from '../../../src-main/base/atomic-file.ts';
import { temporaryFolder } from '../../helpers/library.ts';
import { mountSmallDisk } from '../../helpers/small-disk.ts';

let folder: ReturnType<typeof temporaryFolder>;
const at = (name: string): string => join(folder.path, name);
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

test('writes and overwrites, leaving nothing beside', async () => {
  await writeFileAtomically(at('a.txt'), 'one');
  await writeFileAtomically(at('a.txt'), Buffer.from('two'));
  expect(readFileSync(at('a.txt'), 'utf8')).toBe('two');
  expect(readdirSync(folder.path)).toEqual(['a.txt']);
});

test('an existing file is safe when overwriting is not asked for, also against one that comes meanwhile', async () => {
  writeFileSync(at('a.txt'), 'mine');
  await expect(writeFileAtomically(at('a.txt'), 'theirs', { overwrite: false })).rejects.toMatchObject({ code: 'file-exists' });
  expect(readFileSync(at('a.txt'), 'utf8')).toBe('mine');
  const both = await Promise.allSettled(['one', 'two'].map((content) => writeFileAtomically(at('b.txt'), content, { overwrite: false })));
  expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('a missing folder and a name that is a folder are named', async () => {
  await expect(writeFileAtomically(at('nowhere/a.txt'), 'x')).rejects.toMatchObject({ code: 'write-failed', data: { file: 'a.txt', reason: 'ENOENT' } });
  mkdirSync(at('folder'));
  await expect(writeFileAtomically(at('folder'), 'x')).rejects.toMatchObject({ code: 'write-failed' });
  expect(readdirSync(folder.path)).toEqual(['folder']);
});

test.skipIf(process.getuid?.() === 0)('a read-only folder is named', async () => {
  mkdirSync(at('locked'));
  chmodSync(at('locked'), 0o555);
  await expect(writeFileAtomically(at('locked/a.txt'), 'x')).rejects.toMatchObject({ code: 'write-failed', data: { reason: 'EACCES' } });
});

test('a full disk is named, the old file stays whole, and no part of the new one is left', async ({ skip }) => {
  const disk = mountSmallDisk(at('small'), '64k');
  if (!disk) return skip('needs the right to mount');
  try {
    await writeFileAtomically(at('small/a.txt'), 'old');
    await expect(writeFileAtomically(at('small/a.txt'), 'x'.repeat(200_000))).rejects.toMatchObject({ code: 'disk-full', data: { file: 'a.txt' } });
    await expect(writeFileAtomically(at('small/b.txt'), 'x'.repeat(200_000), { overwrite: false })).rejects.toMatchObject({ code: 'disk-full' });
    expect(readFileSync(at('small/a.txt'), 'utf8')).toBe('old');
    expect(readdirSync(at('small'))).toEqual(['a.txt']);
  } finally {
    disk.unmount();
  }
});
