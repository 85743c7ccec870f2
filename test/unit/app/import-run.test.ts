// Walking what the user dropped: folders in natural order, links in circles, thousands of files, cancelling.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createImports, findFiles } from '../../../src-main/app/import-run.ts';
import type { Library } from '../../../src-main/app/library-client.ts';
import { clientOf } from '../../helpers/library-client.ts';
import { never, openTestLibrary, temporaryFolder, writePng } from '../../helpers/library.ts';

let folder: ReturnType<typeof temporaryFolder>;
let library: Library;
const at = (name: string): string => join(folder.path, name);
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(at('library'));
  library = clientOf(openTestLibrary(at('library')));
});
afterEach(async () => {
  await library.close();
  folder.remove();
});

test('folders are walked in the order a person would count, system files passed over', async () => {
  mkdirSync(at('scans/deep'), { recursive: true });
  for (const name of ['page 10.png', 'page 2.png', 'deep/a.png', '.hidden.png', 'Thumbs.db']) writePng(at(`scans/${name}`), name);
  const { files, refused } = await findFiles([at('scans')], never);
  expect(files.map((path) => path.slice(at('scans/').length))).toEqual(['deep/a.png', 'page 2.png', 'page 10.png']);
  expect(refused).toEqual([]);
});

test('links in a circle end', async () => {
  mkdirSync(at('a/b'), { recursive: true });
  symlinkSync(at('a'), at('a/b/up'));
  symlinkSync(at('a/b'), at('a/again'));
  writePng(at('a/b/x.png'), 'x');
  expect((await findFiles([at('a')], never)).files.map((path) => path.slice(-5))).toEqual(['x.png']);
});

test('an empty folder, a missing one and a link to nothing are refused by name', async () => {
  mkdirSync(at('empty'));
  symlinkSync(at('nowhere'), at('dangling'));
  const { refused } = await findFiles([at('empty'), at('missing'), at('dangling')], never);
  expect(refused.map((one) => [one.fileName, one.error.code])).toEqual([['empty', 'file-is-folder'], ['missing', 'file-not-found'], ['dangling', 'file-not-found']]);
});

test('rows appear in batches while the import runs, and everything is told once', async () => {
  mkdirSync(at('many'));
  for (let index = 0; index < 500; index++) writePng(at(`many/${index}.png`), String(index));
  writeFileSync(at('many/notes.txt'), 'words');
  const batches: number[] = [];
  const progress: [number, number][] = [];
  const imports = createImports({
    library,
    onStored: async (ids) => void batches.push(ids.length),
    onProgress: ({ done, total }) => progress.push([done, total]),
  });
  const result = await imports.paths([at('many')]);
  expect(result.documents).toHaveLength(500);
  expect(new Set(result.documents).size).toBe(500);
  expect(result.refused.map((one) => [one.fileName, one.error.code])).toEqual([['notes.txt', 'file-unsupported']]);
  expect(batches.length).toBeGreaterThan(5);
  expect(batches.reduce((sum, one) => sum + one, 0)).toBe(500);
  expect(progress[0]).toEqual([0, 501]);
  expect(progress.at(-1)).toEqual([501, 501]);
  // Names in a folder keep their order in the library.
  expect((await library.call('listDocuments', null)).slice(0, 12).map((one) => one.title)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11']);
});

test('cancelled: says so, keeps what is stored, and the next import works', async () => {
  mkdirSync(at('many'));
  for (let index = 0; index < 400; index++) writePng(at(`many/${index}.png`), String(index));
  let stored = 0;
  let cancelled = false;
  const imports = createImports({
    library,
    onStored: async (ids) => {
      stored += ids.length;
      if (stored > 50 && !cancelled) imports.cancel();
      cancelled ||= stored > 50;
    },
    onProgress: () => {},
  });
  const result = await imports.paths([at('many')]);
  expect(result.cancelled).toBe(true);
  expect(result.documents.length).toBeLessThan(400);
  expect(await library.call('listDocuments', null)).toHaveLength(result.documents.length);
  const next = await imports.paths([writePng(at('next.png'), 'next')]);
  expect(next).toMatchObject({ cancelled: false, refused: [] });
  expect(next.documents).toHaveLength(1);
});
