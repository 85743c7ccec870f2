// Exporting as a user does it: what lands where, and that no file is ever overwritten without having been asked about.
// The dialogs are played by the test; the library and the disk are real.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JobInput } from '@contract/job.ts';
import { quietJob } from '../../../src-main/base/job.ts';
import { createPasswords } from '../../../src-main/app/passwords.ts';
import { writePdf } from '../../../src-main/engine/jobs/write-pdf.ts';
import { openPdf } from '../../../src-main/ocr/rasterize.ts';
import { assert } from '../../../src-main/base/errors.ts';
import { openSettings } from '../../../src-main/app/settings-store.ts';
import type { Library } from '../../../src-main/app/library-client.ts';
import { exportingHere } from '../../../src-main/exporters/exporting.ts';
import { exportHandlers } from '../../../src-main/ipc/export-handlers.ts';
import type { HandlerContext } from '../../../src-main/ipc/handlers.ts';
import { clientOf } from '../../helpers/library-client.ts';
import { addReadDocument, openTestLibrary, temporaryFolder, writePng } from '../../helpers/library.ts';

let folder: ReturnType<typeof temporaryFolder>;
let library: Library;
let documents: { documentId: string; pageId: string }[];
let asked: string[][];
const at = (name: string): string => join(folder.path, name);

interface Answers {
  file?: string | null;
  folder?: string | null;
  overwrite?: 'replace' | 'keep-both' | null;
}

function handlersWith({ file = null, folder: chosenFolder = null, overwrite }: Answers) {
  const shown: string[] = [];
  const context = {
    library,
    // The engine's own job, without the process around it.
    engine: { run: (_kind: string, input: JobInput<'write-pdf'>) => writePdf(quietJob(), input) },
    exporting: exportingHere,
    passwords: createPasswords(),
    folders: { dragged: at('dragged') },
    settings: openSettings(at('settings.json')),
    publish: () => {},
    dialogs: {
      chooseExportFile: async (suggested: string) => {
        asked.push([suggested]);
        return file;
      },
      chooseExportFolder: async () => chosenFolder,
      askOverwrite: async (names: readonly string[]) => {
        asked.push([...names]);
        assert(overwrite !== undefined, 'nothing is asked about overwriting');
        return overwrite;
      },
      showInFolder: (path: string) => void shown.push(path),
      startDrag: async (path: string) => void shown.push(path),
    },
  } as unknown as HandlerContext;
  return { ...exportHandlers(context), shown };
}

beforeEach(async () => {
  folder = temporaryFolder();
  mkdirSync(at('library'));
  mkdirSync(at('out'));
  asked = [];
  const opened = openTestLibrary(at('library'));
  documents = [];
  for (const name of ['receipt', 'letter', 'unread']) documents.push(await addReadDocument(opened, writePng(at(`${name}.png`), name), name === 'unread' ? [] : [`the ${name}`]));
  library = clientOf(opened);
});
afterEach(async () => {
  await library.close();
  folder.remove();
});
const ids = (...indexes: number[]): { kind: 'documents'; documentIds: string[] } => ({ kind: 'documents', documentIds: indexes.map((index) => documents[index]!.documentId) });

describe('one document', () => {
  test('is written where the user says, and only such a file can be shown', async () => {
    const handlers = handlersWith({ file: at('out/my receipt.txt') });
    expect(await handlers['document.export']({ target: ids(0), format: 'txt' })).toEqual({ files: [at('out/my receipt.txt')], passedOver: [] });
    expect(readFileSync(at('out/my receipt.txt'), 'utf8')).toBe('the receipt\n');
    expect(asked).toEqual([['receipt.txt']]);
    await handlers['document.show-exported']({ file: at('out/my receipt.txt') });
    expect(handlers.shown).toEqual([at('out/my receipt.txt')]);
    expect(() => handlers['document.show-exported']({ file: '/etc/passwd' })).toThrow('request-forbidden');
  });

  test('as a PDF: the picture itself with its text', async () => {
    const picture = join(import.meta.dirname, '../../fixtures/pages/images/en-card.png');
    const opened = openTestLibrary(at('library'));
    const { documentId, pageId } = await addReadDocument(opened, picture, ['Searchable']);
    for (const target of [{ kind: 'documents' as const, documentIds: [documentId] }, { kind: 'page' as const, pageId }]) {
      await handlersWith({ file: at('out/card.pdf') })['document.export']({ target, format: 'pdf' });
      const file = await openPdf(at('out/card.pdf'));
      expect(file.charactersOf(0).map((one) => one.text).join('')).toBe('Searchable');
      file.close();
    }
    opened.database.close();
  });

  test('a closed dialog writes nothing', async () => {
    expect(await handlersWith({})['document.export']({ target: ids(0), format: 'json' })).toBeNull();
    expect(readdirSync(at('out'))).toEqual([]);
  });

  test('a name without ending gets one; when that file exists it is asked about', async () => {
    writeFileSync(at('out/a.md'), 'mine');
    expect(await handlersWith({ file: at('out/a'), overwrite: null })['document.export']({ target: ids(0), format: 'md' })).toBeNull();
    expect(readFileSync(at('out/a.md'), 'utf8')).toBe('mine');
    expect(await handlersWith({ file: at('out/a'), overwrite: 'keep-both' })['document.export']({ target: ids(0), format: 'md' })).toEqual({ files: [at('out/a (2).md')], passedOver: [] });
    expect(readFileSync(at('out/a.md'), 'utf8')).toBe('mine');
  });

  test('the next export starts in the same folder', async () => {
    await handlersWith({ file: at('out/a.txt') })['document.export']({ target: ids(0), format: 'txt' });
    await handlersWith({})['document.export']({ target: ids(1), format: 'json' });
    expect(asked.at(-1)).toEqual([at('out/letter.json')]);
  });

  test('not read yet, unknown, unwritable: named', async () => {
    await expect(handlersWith({ file: at('out/x.txt') })['document.export']({ target: ids(2), format: 'txt' })).rejects.toMatchObject({ code: 'page-not-read' });
    await expect(handlersWith({ file: at('out/x.txt') })['document.export']({ target: { kind: 'documents', documentIds: ['x'] }, format: 'txt' })).rejects.toMatchObject({ code: 'document-not-found' });
    await expect(handlersWith({ file: at('gone/x.txt') })['document.export']({ target: ids(0), format: 'txt' })).rejects.toMatchObject({ code: 'write-failed' });
  });
});

describe('several documents into a folder', () => {
  test('one file each, unread ones passed over', async () => {
    const answer = await handlersWith({ folder: at('out') })['document.export']({ target: ids(0, 1, 2), format: 'txt' });
    expect(answer).toEqual({ files: [at('out/receipt.txt'), at('out/letter.txt')], passedOver: ['unread'] });
    expect(readFileSync(at('out/letter.txt'), 'utf8')).toBe('the letter\n');
  });

  test('files that exist are asked about once, together', async () => {
    writeFileSync(at('out/receipt.txt'), 'mine');
    const target = ids(0, 1);
    expect(await handlersWith({ folder: at('out'), overwrite: null })['document.export']({ target, format: 'txt' })).toBeNull();
    expect(asked).toEqual([['receipt.txt']]);
    expect(readdirSync(at('out'))).toEqual(['receipt.txt']);
    expect((await handlersWith({ folder: at('out'), overwrite: 'keep-both' })['document.export']({ target, format: 'txt' }))?.files).toEqual([at('out/receipt (2).txt'), at('out/letter.txt')]);
    expect(readFileSync(at('out/receipt.txt'), 'utf8')).toBe('mine');
    await handlersWith({ folder: at('out'), overwrite: 'replace' })['document.export']({ target, format: 'txt' });
    expect(readFileSync(at('out/receipt.txt'), 'utf8')).toBe('the receipt\n');
  });

  test('two documents of one title get two files', async () => {
    await library.call('renameDocument', { documentId: documents[1]!.documentId, title: 'RECEIPT' });
    expect((await handlersWith({ folder: at('out') })['document.export']({ target: ids(0, 1), format: 'txt' }))?.files).toEqual([at('out/receipt.txt'), at('out/RECEIPT (2).txt')]);
  });

  test('formats of single pages get a file for each; without a table there is no table to write', async () => {
    const answer = await handlersWith({ folder: at('out') })['document.export']({ target: ids(0, 1), format: 'page' });
    expect(answer?.files).toEqual([at('out/receipt.page.xml'), at('out/letter.page.xml')]);
    await expect(handlersWith({ folder: at('out') })['document.export']({ target: ids(0, 1), format: 'xlsx' })).rejects.toMatchObject({ code: 'table-missing' });
    expect(readdirSync(at('out')).sort()).toEqual(['letter.page.xml', 'receipt.page.xml']);
  });

  test('names follow the template, and never meet', async () => {
    await openSettings(at('settings.json')).change({ exportName: '{format} of {file}' });
    await library.call('renameDocument', { documentId: documents[1]!.documentId, title: 'Letter to the editor' });
    const answer = await handlersWith({ folder: at('out') })['document.export']({ target: ids(0, 1), format: 'md' });
    expect(answer?.files).toEqual([at('out/md of receipt.png.md'), at('out/md of letter.png.md')]);
    await openSettings(at('settings.json')).change({ exportName: 'always' });
    expect((await handlersWith({ folder: at('out') })['document.export']({ target: ids(0, 1), format: 'md' }))?.files).toEqual([at('out/always.md'), at('out/always (2).md')]);
  });

  test('dragging out writes the selection to a file of its own, and only the last one stays', async () => {
    const handlers = handlersWith({});
    await handlers['document.drag-out']({ target: ids(0), format: 'md' });
    await handlers['document.drag-out']({ target: { kind: 'lines', pageId: documents[1]!.pageId, lineIndexes: [0] }, format: 'txt' });
    expect(handlers.shown).toEqual([at('dragged/receipt.md'), at('dragged/letter.txt')]);
    expect(readdirSync(at('dragged'))).toEqual(['letter.txt']);
    expect(readFileSync(at('dragged/letter.txt'), 'utf8')).toBe('the letter\n');
  });

  test('none of them read: named', async () => {
    await expect(handlersWith({ folder: at('out') })['document.export']({ target: ids(2, 2), format: 'txt' })).rejects.toMatchObject({ code: 'page-not-read' });
  });
});

test('the clipboard gets the same text as a file; chosen lines alone', async () => {
  const render = handlersWith({})['document.render'];
  expect(await render({ target: ids(0, 1), format: 'txt' })).toEqual({ text: 'the receipt\n\nthe letter\n' });
  // The bug: one unread document among those marked, and nothing could be exported.
  expect(await render({ target: ids(2, 0, 1), format: 'txt' })).toEqual({ text: 'the receipt\n\nthe letter\n' });
  await expect(render({ target: ids(2), format: 'txt' })).rejects.toMatchObject({ code: 'page-not-read' });
  expect(await render({ target: { kind: 'lines', pageId: documents[1]!.pageId, lineIndexes: [0] }, format: 'md' })).toEqual({ text: 'the letter\n' });
  expect(JSON.parse((await render({ target: { kind: 'page', pageId: documents[0]!.pageId }, format: 'json' })).text)).toMatchObject([{ file: 'receipt.png' }]);
});
