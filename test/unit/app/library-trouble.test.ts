// A library that cannot be opened: what the user is told, and that nothing of it is ever lost.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLibraryOrAsk } from '../../../src-main/app/library-trouble.ts';
import type { LibraryTrouble } from '../../../src-main/app/library-trouble.ts';
import { AppError } from '../../../src-main/base/errors.ts';
import { openTestLibrary, temporaryFolder } from '../../helpers/library.ts';

let folder: ReturnType<typeof temporaryFolder>;
let library: string;
let told: LibraryTrouble[];
beforeEach(() => {
  folder = temporaryFolder();
  library = join(folder.path, 'library');
  mkdirSync(join(library, 'originals'), { recursive: true });
  writeFileSync(join(library, 'library.db'), 'damaged '.repeat(1000));
  writeFileSync(join(library, 'originals/a.png'), 'a scan');
  told = [];
});
afterEach(() => folder.remove());

const open = async () => {
  mkdirSync(library, { recursive: true });
  return openTestLibrary(library);
};
const answering = (answer: boolean) => async (trouble: LibraryTrouble) => {
  told.push(trouble);
  return answer;
};

test('damaged, start fresh: the old one lies whole beside the new one', async () => {
  const fresh = await openLibraryOrAsk(open, library, answering(true));
  expect(fresh.methods.listDocuments(null)).toEqual([]);
  fresh.database.close();
  const kept = readdirSync(folder.path).find((name) => name.startsWith('library-'))!;
  expect(told[0]).toMatchObject({ mayStartFresh: true, detail: expect.stringContaining(kept) as string });
  expect(readFileSync(join(folder.path, kept, 'library.db'), 'utf8')).toMatch(/^damaged/);
  expect(readFileSync(join(folder.path, kept, 'originals/a.png'), 'utf8')).toBe('a scan');
});

test('damaged, quit: nothing is touched', async () => {
  await expect(openLibraryOrAsk(open, library, answering(false))).rejects.toMatchObject({ code: 'library-corrupt' });
  expect(readdirSync(folder.path)).toEqual(['library']);
  expect(readFileSync(join(library, 'library.db'), 'utf8')).toMatch(/^damaged/);
});

test('locked: the library is sound, so no fresh one is offered, whatever the answer', async () => {
  const locked = async () => {
    throw new AppError('library-locked');
  };
  await expect(openLibraryOrAsk(locked, library, answering(true))).rejects.toMatchObject({ code: 'library-locked' });
  expect(told[0]!.mayStartFresh).toBe(false);
  expect(readdirSync(folder.path)).toEqual(['library']);
});
