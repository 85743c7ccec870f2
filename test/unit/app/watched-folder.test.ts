// A watched folder: files come in once, when they are whole, also those that came while the program was closed.
import { appendFileSync, existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createImports } from '../../../src-main/app/import-run.ts';
import type { Library } from '../../../src-main/app/library-client.ts';
import { createWatchedFolder, type WatchedFolder } from '../../../src-main/app/watched-folder.ts';
import { clientOf } from '../../helpers/library-client.ts';
import { openTestLibrary, temporaryFolder, writePng, type TestLibrary } from '../../helpers/library.ts';

let folder: ReturnType<typeof temporaryFolder>;
let opened: TestLibrary;
let library: Library;
let watched: WatchedFolder;
const inbox = (name: string): string => join(folder.path, 'inbox', name);

function start(): void {
  const imports = createImports({ library, onProgress: () => {}, onStored: async () => {} });
  watched = createWatchedFolder({ library, imports, everyMs: 20, quietForMs: 60 });
  watched.watch(join(folder.path, 'inbox'));
}
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder.path, 'library'));
  mkdirSync(join(folder.path, 'inbox'));
  opened = openTestLibrary(join(folder.path, 'library'));
  library = clientOf(opened);
});
afterEach(async () => {
  watched.stop();
  await sleep(60);
  await library.close();
  folder.remove();
});
const names = (): string[] => opened.methods.listDocuments(null).map((one) => one.fileName);
async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition() && waited < 5000; waited += 10) await sleep(10);
  expect(condition()).toBe(true);
}

test('what lies there and what comes later is brought in; what is no document is left alone', async () => {
  writePng(inbox('a.png'), 'a');
  writeFileSync(inbox('notes.txt'), 'no picture');
  start();
  await until(() => names().includes('a.png'));
  mkdirSync(inbox('deeper'));
  writePng(inbox('deeper/b.png'), 'b');
  await until(() => names().length === 2);
  expect(names()).toEqual(['a.png', 'b.png']);
  expect(existsSync(inbox('a.png'))).toBe(true);
});

// The bug: half a scan is read while the scanner still writes it.
test('a file that is still being written is waited for', async () => {
  start();
  writePng(inbox('scan.png'), '');
  writePng(inbox('later.png.part'), 'half');
  for (let step = 0; step < 12; step++) {
    appendFileSync(inbox('scan.png'), 'row of pixels');
    await sleep(25);
    expect(names()).toEqual([]);
  }
  await until(() => names().length === 1);
  const { sizeBytes } = opened.methods.listDocuments(null)[0]!;
  expect(sizeBytes).toBe(8 + 12 * 'row of pixels'.length);
});

test('after a restart only what is new comes in, and what was deleted from the library stays deleted', async () => {
  writePng(inbox('a.png'), 'a');
  start();
  await until(() => names().length === 1);
  await sleep(80);
  watched.stop();
  await sleep(60);
  opened.methods.deleteDocuments({ documentIds: [opened.methods.listDocuments(null)[0]!.id] });
  writePng(inbox('b.png'), 'b');
  start();
  await until(() => names().includes('b.png'));
  await sleep(150);
  expect(names()).toEqual(['b.png']);
  // Saved anew under the same name: another document.
  writePng(inbox('a.png'), 'a, second edition');
  utimesSync(inbox('a.png'), new Date(Date.now() - 5000), new Date(Date.now() - 5000));
  await until(() => names().includes('a.png'));
});
