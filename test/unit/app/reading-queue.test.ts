// What is read when, and what becomes of pages when the engine dies, refuses or is told to stop. The library is the real one;
// the engine is played, because its death is what is tested.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JobKind } from '@contract/job.ts';
import type { JobOptions } from '../../../src-main/app/engine-process.ts';
import type { Library } from '../../../src-main/app/library-client.ts';
import { createPasswords } from '../../../src-main/app/passwords.ts';
import { ReadingQueue } from '../../../src-main/app/reading-queue.ts';
import type { QueueStatus } from '../../../src-main/app/reading-queue.ts';
import { AppError, assert } from '../../../src-main/base/errors.ts';
import { clientOf } from '../../helpers/library-client.ts';
import { lineAt, never, openTestLibrary, pageWith, regionOf, temporaryFolder, writePng } from '../../helpers/library.ts';
import type { TestLibrary } from '../../helpers/library.ts';

interface Call {
  kind: JobKind;
  documentId: string;
  pageId: string | null;
  signal: AbortSignal;
  input: unknown;
  finish(): void;
  fail(error: AppError): void;
}

/** An engine whose jobs end when the test says so. */
class PlayedEngine {
  readonly calls: Call[] = [];
  readonly open = new Set<Call>();
  /** Ends jobs by itself. */
  auto: ((call: Call) => void) | null = null;

  run = ((kind: JobKind, input: unknown, options: JobOptions = {}) =>
    new Promise((resolve, reject) => {
      const call: Call = {
        kind,
        input,
        documentId: options.documentId!,
        pageId: options.pageId ?? null,
        signal: options.signal!,
        finish: () => {
          this.open.delete(call);
          resolve(kind === 'read-page' ? pageWith([regionOf('paragraph', [lineAt('read', 0, 0)])]) : { pages: [prepared(), prepared()] });
        },
        fail: (error) => {
          this.open.delete(call);
          reject(error);
        },
      };
      options.signal!.addEventListener('abort', () => call.fail(new AppError('job-cancelled')));
      this.calls.push(call);
      this.open.add(call);
      if (this.auto) setTimeout(this.auto, 0, call);
    })) as never;

  /** The process dies: every job in flight is lost. */
  die(): void {
    for (const call of this.open) call.fail(new AppError('engine-stopped', { exitCode: 9 }));
  }
}

const prepared = () => ({ width: 100, height: 100, displayFile: null, thumbnailFile: 't.webp', notes: [] });

let folder: ReturnType<typeof temporaryFolder>;
let opened: TestLibrary;
let library: Library;
let engine: PlayedEngine;
let queue: ReadingQueue;
let passwords: ReturnType<typeof createPasswords>;
let statuses: QueueStatus[];

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder.path, 'library'));
  opened = openTestLibrary(join(folder.path, 'library'));
  library = clientOf(opened);
  engine = new PlayedEngine();
  statuses = [];
  passwords = createPasswords();
  queue = new ReadingQueue({ library, engine: engine as never, passwords, onChanged: () => {}, onStatus: (status) => statuses.push(status) });
});
afterEach(async () => {
  await queue.stop();
  await library.close();
  folder.remove();
});

async function importDocuments(count: number): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, index) => writePng(join(folder.path, `${index}.png`), `content ${index}`));
  const ids: string[] = [];
  while (ids.length < count) ids.push(...(await opened.methods.importFiles({ paths: paths.slice(ids.length) }, { signal: never })).documents);
  return ids;
}
/** Documents that are prepared already: two pages each. */
async function preparedDocuments(count: number): Promise<string[]> {
  const ids = await importDocuments(count);
  for (const documentId of ids) opened.methods.savePrepared({ documentId, pages: [prepared(), prepared()] });
  return ids;
}
const page = (pageId: string) => opened.methods.pageById({ pageId });
async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 2) {
    assert(waited < 3000, `this comes in time: ${condition}`);
    await sleep(2);
  }
}
const finishAll = (): void => {
  engine.auto = (call) => call.finish();
  for (const call of engine.open) call.finish();
};
const readOrder = (): (string | null)[] => engine.calls.filter((call) => call.kind === 'read-page').map((call) => call.pageId);

test('prepares, then reads every page in document order, one at a time', async () => {
  const ids = await importDocuments(3);
  let most = 0;
  engine.auto = (call) => {
    most = Math.max(most, [...engine.open].filter((one) => one.kind === 'read-page').length);
    call.finish();
  };
  queue.wake();
  await until(() => readOrder().length === 6 && engine.open.size === 0);
  expect(readOrder()).toEqual(ids.flatMap((id) => [`${id}-0`, `${id}-1`]));
  expect(most).toBe(1);
  await until(() => page(`${ids[2]}-1`).status === 'read');
  await until(() => queue.status.queued === 0);
});

test('pages that are looked at come next, in the order given', async () => {
  const ids = await preparedDocuments(3);
  queue.wake();
  await until(() => engine.open.size === 1);
  queue.look([`${ids[2]}-1`, `${ids[1]}-0`]);
  await until(() => engine.calls.length === 2);
  finishAll();
  await until(() => readOrder().length === 7);
  // The page that nobody looks at gives way and comes again in its turn.
  expect(readOrder()).toEqual([`${ids[0]}-0`, `${ids[2]}-1`, `${ids[1]}-0`, `${ids[0]}-0`, `${ids[0]}-1`, `${ids[1]}-1`, `${ids[2]}-0`]);
});

test('a page in view is not interrupted, nor is any when those in view are read', async () => {
  const [id] = await preparedDocuments(1);
  queue.wake();
  await until(() => engine.open.size === 1);
  queue.look([`${id}-0`, `${id}-1`]);
  await sleep(20);
  expect(engine.calls).toHaveLength(1);
  [...engine.open][0]!.finish();
  await until(() => engine.calls.length === 2);
  queue.look([`${id}-0`]);
  await sleep(20);
  expect(engine.calls).toHaveLength(2);
  expect(engine.open.size).toBe(1);
});

test('a document opened before it has pages is prepared next', async () => {
  const ids = await importDocuments(3);
  queue.wake();
  await until(() => engine.open.size === 1);
  queue.prefer(ids[2]!);
  finishAll();
  await until(() => engine.calls.filter((call) => call.kind === 'prepare-document').length === 3);
  expect(engine.calls.filter((call) => call.kind === 'prepare-document').map((call) => call.documentId)).toEqual([ids[0], ids[2], ids[1]]);
});

test('the engine dies once: the page is read again. It dies twice at the same page: the page failed, the others are read', async () => {
  const [id] = await preparedDocuments(1);
  queue.wake();
  await until(() => engine.open.size === 1);
  engine.die();
  await until(() => engine.calls.length === 2);
  expect(readOrder()).toEqual([`${id}-0`, `${id}-0`]);
  engine.die();
  await until(() => page(`${id}-0`).status === 'failed');
  expect(page(`${id}-0`).error?.code).toBe('engine-stopped');
  finishAll();
  await until(() => page(`${id}-1`).status === 'read');
  // Asked for by hand, it gets two more chances.
  opened.methods.readAgain({ pageId: `${id}-0`, rotation: null });
  queue.wake();
  await until(() => page(`${id}-0`).status === 'read');
});

test('a document that kills the engine twice is given up', async () => {
  const [id] = await importDocuments(1);
  queue.wake();
  for (let death = 0; death < 2; death++) {
    await until(() => engine.open.size === 1);
    engine.die();
  }
  await until(() => opened.methods.listDocuments(null)[0]!.status === 'failed');
  expect(opened.methods.listDocuments(null)[0]).toMatchObject({ id, error: { code: 'engine-stopped' } });
});

// The bug: an innocent page shares the engine with a deadly document and is given up in its place.
test('a death with two jobs in flight is blamed on neither; one at a time shows whose it was', async () => {
  const [innocent, deadly] = await importDocuments(2);
  opened.methods.savePrepared({ documentId: innocent!, pages: [prepared()] });
  queue.wake();
  await until(() => engine.open.size === 2);
  let together = 0;
  engine.auto = (call) => {
    together = Math.max(together, engine.open.size);
    if (call.documentId === deadly) engine.die();
    else call.finish();
  };
  engine.die();
  await until(() => opened.methods.documentsById({ documentIds: [deadly!] })[0]!.status === 'failed');
  await until(() => page(`${innocent}-0`).status === 'read');
  expect(together).toBe(1);
});

test('a page that cannot be read fails with its reason and holds up nobody', async () => {
  const [id] = await preparedDocuments(1);
  queue.wake();
  await until(() => engine.open.size === 1);
  [...engine.open][0]!.fail(new AppError('image-too-large', { width: 1 }));
  finishAll();
  await until(() => page(`${id}-1`).status === 'read');
  expect(page(`${id}-0`)).toMatchObject({ status: 'failed', error: { code: 'image-too-large', data: { width: 1 } } });
});

test('a missing model stops the reading with the reason, loses no page, and resuming goes on', async () => {
  const ids = await preparedDocuments(2);
  queue.wake();
  await until(() => engine.open.size === 1);
  [...engine.open][0]!.fail(new AppError('model-missing', { file: 'detection' }));
  await until(() => queue.status.paused);
  await sleep(20);
  expect(queue.status.error?.code).toBe('model-missing');
  expect(engine.calls).toHaveLength(1);
  expect(page(`${ids[0]}-0`).status).toBe('waiting');
  finishAll();
  queue.resume();
  await until(() => page(`${ids[1]}-1`).status === 'read');
  await until(() => queue.status.queued === 0);
  expect(queue.status).toEqual({ queued: 0, paused: false, error: null });
});

test('cancelled by the user: marked so, not read by itself again', async () => {
  const [id] = await preparedDocuments(1);
  queue.wake();
  await until(() => engine.open.size === 1);
  engine.auto = (call) => call.finish();
  await queue.cancelPages([`${id}-0`, `${id}-1`]);
  await sleep(30);
  expect([0, 1].map((index) => page(`${id}-${index}`)).map((one) => [one.status, one.error?.code])).toEqual([['failed', 'job-cancelled'], ['failed', 'job-cancelled']]);
  expect(engine.calls).toHaveLength(1);
});

test('paused: what runs stops and waits, nothing starts, pages still appear', async () => {
  const [id] = await preparedDocuments(1);
  queue.wake();
  await until(() => engine.open.size === 1);
  queue.pause();
  await until(() => page(`${id}-0`).status === 'waiting');
  const file = writePng(join(folder.path, 'later.png'), 'later');
  const { documents } = await opened.methods.importFiles({ paths: [file] }, { signal: never });
  queue.wake();
  await until(() => engine.open.size === 1);
  expect([...engine.open][0]).toMatchObject({ kind: 'prepare-document', documentId: documents[0] });
  finishAll();
  await sleep(30);
  expect(readOrder()).toEqual([`${id}-0`]);
  queue.resume();
  await until(() => page(`${documents[0]}-1`).status === 'read');
});

test('a deleted document is dropped at once and read after it is restored', async () => {
  const ids = await preparedDocuments(2);
  queue.wake();
  await until(() => engine.open.size === 1);
  opened.methods.deleteDocuments({ documentIds: [ids[0]!] });
  queue.dropDocuments([ids[0]!]);
  finishAll();
  await until(() => page(`${ids[1]}-1`).status === 'read');
  expect(page(`${ids[0]}-0`).status).toBe('waiting');
  opened.methods.restoreDocuments({ documentIds: [ids[0]!] });
  queue.wake();
  await until(() => page(`${ids[0]}-1`).status === 'read');
});

// The bug: the result of the old reading arrives after the user turned the page and overwrites the wish.
test('turned while being read: the old reading is dropped, the page is read with the turn', async () => {
  const [id] = await preparedDocuments(1);
  const pageId = `${id}-0`;
  queue.wake();
  await until(() => engine.open.size === 1);
  queue.postpone(pageId);
  opened.methods.readAgain({ pageId, rotation: 90 });
  queue.wake();
  await until(() => engine.calls.length === 2);
  expect(page(pageId)).toMatchObject({ status: 'reading', rotation: 90 });
  finishAll();
  await until(() => page(pageId).status === 'read');
});

test('stopped: nothing starts any more, and the page in flight waits for the next session', async () => {
  const [id] = await preparedDocuments(1);
  queue.wake();
  await until(() => engine.open.size === 1);
  await queue.stop();
  expect(page(`${id}-0`).status).toBe('waiting');
  queue.wake();
  await sleep(20);
  expect(engine.calls).toHaveLength(1);
});

// The bug: quitting ends the engine under the page, the page is blamed, and after two evenings it is given up.
test('the engine ended by quitting is no crash of the page', async () => {
  const [id] = await preparedDocuments(1);
  for (let session = 0; session < 3; session++) {
    const evening = new ReadingQueue({
      library,
      engine: { run: (() => new Promise((_, reject) => (dieNow = () => reject(new AppError('engine-stopped', {}))))) as never },
      passwords,
      onChanged: () => {},
      onStatus: () => {},
    });
    let dieNow: () => void = () => {};
    evening.wake();
    await until(() => page(`${id}-0`).status === 'reading');
    await sleep(5);
    const ended = evening.stop();
    dieNow();
    await ended;
    expect(page(`${id}-0`).status).toBe('waiting');
  }
});

test('a password opens the document and its pages; a wrong one is forgotten and asked for again', async () => {
  const [id] = await importDocuments(1);
  const locked = (passwordGiven: boolean): AppError => new AppError('pdf-encrypted', { file: 'x', passwordGiven });
  engine.auto = (call) => {
    const { password, source } = call.input as { password?: string; source?: { password?: string } };
    const given = password ?? source?.password;
    if (given === 'tulip') call.finish();
    else call.fail(locked(given !== undefined));
  };
  const document = () => opened.methods.documentsById({ documentIds: [id!] })[0]!;
  const tryWith = async (password: string): Promise<void> => {
    passwords.keep(id!, password);
    opened.methods.unlockDocument({ documentId: id! });
    queue.wake();
    await until(() => document().status !== 'preparing');
  };
  queue.wake();
  await until(() => document().status === 'failed');
  expect(document().error).toMatchObject({ code: 'pdf-encrypted', data: { passwordGiven: false } });
  await tryWith('rose');
  expect(document().error).toMatchObject({ code: 'pdf-encrypted', data: { passwordGiven: true } });
  expect(passwords.of(id!)).toBeUndefined();
  await tryWith('tulip');
  await until(() => document().readCount === 2);

  // The next session does not know it: a page asked for again says so, and unlocking reads it.
  await queue.stop();
  passwords = createPasswords();
  queue = new ReadingQueue({ library, engine: engine as never, passwords, onChanged: () => {}, onStatus: () => {} });
  opened.methods.readAgain({ pageId: `${id}-0`, rotation: null });
  queue.wake();
  await until(() => page(`${id}-0`).status === 'failed');
  expect(page(`${id}-0`).error?.code).toBe('pdf-encrypted');
  await tryWith('tulip');
  await until(() => page(`${id}-0`).status === 'read');
});

// A folder of statements has one password; a stranger among them must not be told that a password was wrong which nobody gave for it.
test('many protected documents: one password opens all that have it, the others go on asking', async () => {
  const ids = await importDocuments(12);
  const passwordOf = (documentId: string): string => (documentId === ids[7] ? 'rose' : 'tulip');
  engine.auto = (call) => {
    const { password, source } = call.input as { password?: string; source?: { password?: string } };
    const given = password ?? source?.password;
    if (given === passwordOf(call.documentId)) call.finish();
    else call.fail(new AppError('pdf-encrypted', { file: 'x', passwordGiven: given !== undefined }));
  };
  const documents = () => opened.methods.listDocuments(null);
  queue.wake();
  await until(() => documents().every((one) => one.status === 'failed'));
  passwords.keep(ids[3]!, 'tulip');
  opened.methods.unlockDocument({ documentId: ids[3]! });
  queue.wake();
  await until(() => documents().filter((one) => one.readCount === 2).length === 11 && documents().every((one) => one.status !== 'preparing'));
  expect(documents().filter((one) => one.status === 'failed')).toMatchObject([{ id: ids[7], error: { code: 'pdf-encrypted', data: { passwordGiven: false } } }]);
  // What comes later is opened without asking, too.
  const [later] = (await opened.methods.importFiles({ paths: [writePng(join(folder.path, 'later.png'), 'later')] }, { signal: never })).documents;
  queue.wake();
  await until(() => opened.methods.documentsById({ documentIds: [later!] })[0]!.readCount === 2);
});
