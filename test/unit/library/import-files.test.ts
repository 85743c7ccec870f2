// Bringing files in: what is kept, what is refused and why, and that nothing half-done stays.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { titleOf, type ImportBatch } from '../../../src-main/library/import-files.ts';
import { never, openTestLibrary, temporaryFolder, writePng } from '../../helpers/library.ts';
import type { TestLibrary } from '../../helpers/library.ts';
import { mountSmallDisk } from '../../helpers/small-disk.ts';

let folder: ReturnType<typeof temporaryFolder>;
let library: TestLibrary;
const at = (name: string): string => join(folder.path, name);

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(at('library'));
  library = openTestLibrary(at('library'));
});
afterEach(() => {
  library.database.close();
  folder.remove();
});

/** All batches as one: a batch ends after a time, on a busy machine after a few files. */
async function importAll(paths: readonly string[]): Promise<ImportBatch> {
  const all: ImportBatch = { documents: [], alreadyThere: [], refused: [], handled: 0 };
  while (all.handled < paths.length) {
    const batch = await library.methods.importFiles({ paths: paths.slice(all.handled) }, { signal: never });
    all.documents.push(...batch.documents);
    all.alreadyThere.push(...batch.alreadyThere);
    all.refused.push(...batch.refused);
    all.handled += batch.handled;
  }
  return all;
}

const originals = (): string[] => readdirSync(at('library/originals'), { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => one.name);

test('a file is copied under the hash of its bytes before its row exists', async () => {
  const file = writePng(at('receipt.png'), 'one');
  const batch = await library.methods.importFiles({ paths: [file] }, { signal: never });
  expect(batch).toMatchObject({ alreadyThere: [], refused: [], handled: 1 });
  const [document] = library.methods.listDocuments(null);
  expect(document).toMatchObject({ id: batch.documents[0], title: 'receipt', fileName: 'receipt.png', format: 'png', status: 'preparing', sizeBytes: 11 });
  const kept = at(`library/originals/${document!.contentHash.slice(0, 2)}/${document!.contentHash}.png`);
  expect(readFileSync(kept)).toEqual(readFileSync(file));
});

test('the same bytes under another name are recognised, in one batch and later', async () => {
  const first = writePng(at('a.png'), 'same');
  const second = writePng(at('b.png'), 'same');
  const batch = await library.methods.importFiles({ paths: [first, second] }, { signal: never });
  expect(batch.documents).toHaveLength(1);
  expect(batch.alreadyThere).toEqual(batch.documents);
  const again = await library.methods.importFiles({ paths: [second] }, { signal: never });
  expect(again).toMatchObject({ documents: [], alreadyThere: batch.documents });
  expect(originals()).toHaveLength(1);
});

test('files that come together keep their order, also within one millisecond', async () => {
  const files = ['1', '2', '3', '4'].map((name) => writePng(at(`${name}.png`), name));
  await importAll(files);
  const documents = library.methods.listDocuments(null);
  expect(documents.toSorted((a, b) => a.createdAt - b.createdAt).map((one) => one.title)).toEqual(['1', '2', '3', '4']);
  expect(new Set(documents.map((one) => one.createdAt)).size).toBe(4);
});

test('importing a deleted document again brings it back with its pages', async () => {
  const file = writePng(at('a.png'), 'x');
  const { documents } = await library.methods.importFiles({ paths: [file] }, { signal: never });
  library.methods.savePrepared({ documentId: documents[0]!, pages: [{ width: 10, height: 10, displayFile: null, thumbnailFile: 't.webp', notes: [] }] });
  library.methods.deleteDocuments({ documentIds: documents });
  expect(library.methods.listDocuments(null)).toEqual([]);
  const again = await library.methods.importFiles({ paths: [file] }, { signal: never });
  expect(again.documents).toEqual(documents);
  expect(library.methods.listDocuments(null)[0]).toMatchObject({ deletedAt: null, pageCount: 1, status: 'ready' });
});

describe('refused files have a named reason and harm no other', () => {
  test('empty, unsupported, missing, a folder, a pipe, a file without permission', async () => {
    writeFileSync(at('empty.png'), '');
    writeFileSync(at('mislabelled.png'), 'just some words, not a picture');
    mkdirSync(at('folder.png'));
    expect(spawnSync('/usr/bin/mkfifo', [at('pipe.png')]).status).toBe(0);
    const good = writePng(at('good.png'), 'good');
    const paths = ['empty.png', 'mislabelled.png', 'missing.png', 'folder.png', 'pipe.png'].map(at);
    const batch = await importAll([...paths, good]);
    expect(Object.fromEntries(batch.refused.map((one) => [one.fileName, one.error.code]))).toEqual({
      'empty.png': 'file-empty',
      'mislabelled.png': 'file-unsupported',
      'missing.png': 'file-not-found',
      'folder.png': 'file-is-folder',
      'pipe.png': 'file-unsupported',
    });
    expect(batch.documents).toHaveLength(1);
  });

  test('the type comes from the bytes, not the name', async () => {
    const file = writePng(at('really-a-png.jpg'), 'x');
    await library.methods.importFiles({ paths: [file] }, { signal: never });
    expect(library.methods.listDocuments(null)[0]!.format).toBe('png');
  });

  test('a file larger than the limit is refused without being read', async () => {
    const file = writePng(at('huge.png'), '');
    truncateSync(file, 5 * 2 ** 30); // Sparse: takes no room.
    const { refused } = await library.methods.importFiles({ paths: [file] }, { signal: never });
    expect(refused[0]!.error).toMatchObject({ code: 'file-too-large' });
  });

  test.skipIf(process.getuid?.() === 0)('unreadable', async () => {
    const file = writePng(at('locked.png'), 'x');
    chmodSync(file, 0o000);
    const { refused } = await library.methods.importFiles({ paths: [file] }, { signal: never });
    expect(refused[0]!.error.code).toBe('file-unreadable');
  });
});

test('names in any script and very long names are kept', async () => {
  const names = ['영수증 2024.png', '增值税发票（副本）.png', 'فاتورة.png', '👩‍👩‍👧 family.png', `${'長'.repeat(83)}.png`, '한글.png'.normalize('NFD')];
  const paths = names.map((name, index) => writePng(at(name), String(index)));
  const batch = await importAll(paths);
  expect(batch.refused).toEqual([]);
  expect(library.methods.listDocuments(null).map((one) => one.fileName)).toEqual(names);
  // A title typed in the search box is composed; a Mac's file name is not.
  expect(library.methods.listDocuments(null).at(-1)!.title).toBe('한글');
  expect([...titleOf(`${'a'.repeat(500)}.png`)]).toHaveLength(200);
});

test('a link to a file is followed, a link to nothing is refused', async () => {
  symlinkSync(writePng(at('real.png'), 'x'), at('link.png'));
  symlinkSync(at('nowhere'), at('dangling.png'));
  const batch = await importAll([at('link.png'), at('dangling.png')]);
  expect(batch.documents).toHaveLength(1);
  expect(batch.refused[0]).toMatchObject({ fileName: 'dangling.png', error: { code: 'file-not-found' } });
});

test('cancelled: what is stored stays, the rest is neither stored nor refused, no half copy remains', async () => {
  const paths = Array.from({ length: 40 }, (_, index) => writePng(at(`${index}.png`), `${index}`.repeat(100_000)));
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 8);
  const batch = await library.methods.importFiles({ paths }, { signal: controller.signal });
  expect(batch.refused).toEqual([]);
  expect(batch.documents.length).toBeLessThan(40);
  expect(library.methods.listDocuments(null)).toHaveLength(batch.documents.length);
  expect(originals().filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a pasted picture is a document like any other; pasted rubbish is refused', async () => {
  const bytes = readFileSync(writePng(at('x.png'), 'clipboard'));
  const good = await library.methods.importBytes({ bytes, fileName: 'Pasted picture.png' }, { signal: never });
  expect(good.documents).toHaveLength(1);
  const bad = await library.methods.importBytes({ bytes: Buffer.from('words'), fileName: 'p.png' }, { signal: never });
  expect(bad.refused[0]!.error.code).toBe('file-unsupported');
  expect((await library.methods.importBytes({ bytes: new Uint8Array(), fileName: 'p.png' }, { signal: never })).refused[0]!.error.code).toBe('file-empty');
});

// The bug: a full disk reported as "file unreadable", or a half copy left that later counts as the original.
test('a full disk is named, leaves no half copy and no row', async ({ skip }) => {
  const disk = mountSmallDisk(at('small'), '1m');
  if (!disk) return skip('needs the right to mount');
  const small = openTestLibrary(at('small'));
  try {
    const file = writePng(at('large.png'), 'x'.repeat(3_000_000));
    const { refused, documents } = await small.methods.importFiles({ paths: [file] }, { signal: never });
    expect(documents).toEqual([]);
    expect(refused[0]!.error.code).toBe('disk-full');
    expect(readdirSync(at('small/originals'))).toEqual([]);
    // The library still works afterwards.
    expect((await small.methods.importFiles({ paths: [writePng(at('small.png'), 'x')] }, { signal: never })).documents).toHaveLength(1);
  } finally {
    small.database.close();
    disk.unmount();
  }
});
