// `npm run bench:documents [-- --pages 500]`: one long PDF through the application's own queue, library and engine jobs: text of its own,
// every tenth page a scan, every page's thumbnail and some pages drawn as somebody leafing through would ask for them. The process is
// killed early and goes on in a second one, which pauses once. Prints time and memory as they grow; ends with 1 when memory after the last
// page is more than a tenth above that after page 50, when the last pages take longer than the first, or when the kill or the pause lost a page.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startExporting } from '../src-main/app/export-worker.ts';
import { createPageFiles } from '../src-main/app/page-files.ts';
import { createPasswords } from '../src-main/app/passwords.ts';
import { ReadingQueue } from '../src-main/app/reading-queue.ts';
import { drawPage } from '../src-main/engine/jobs/draw-page.ts';
import { prepareDocument } from '../src-main/engine/jobs/prepare-document.ts';
import { closeReader, readPage } from '../src-main/engine/jobs/read-page.ts';
import type { ExportPage } from '../src-main/exporters/export-page.ts';
import { engineHere } from '../test/helpers/engine-here.ts';
import { fixturePage } from '../test/helpers/fixture-pages.ts';
import { never, openTestLibrary } from '../test/helpers/library.ts';
import { clientOf } from '../test/helpers/library-client.ts';
import { jpegOf, pdfOf, prosePage, type PdfPage } from '../test/helpers/pdf-files.ts';

const { values } = parseArgs({ options: { pages: { type: 'string', default: '500' }, life: { type: 'string' }, folder: { type: 'string' } } });
const count = Number(values.pages);
const scanEvery = 10, stretch = 50, lookEvery = 10;
/** Pages after which the first process is killed, and after which the second pauses. */
const killAfter = Math.min(20, count >> 2), pauseAfter = Math.min(120, count >> 1);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What a process tells its parent. */
type Told =
  | { kind: 'listed'; ms: number }
  | { kind: 'kept'; pages: number }
  | { kind: 'read'; pages: number; mb: number }
  | { kind: 'paused'; moved: number }
  | { kind: 'exported'; format: string; ms: number; stallMs: number; mb: number }
  | { kind: 'done'; roads: Record<string, number>; pages: number };
const tell = (told: Told): void => void process.send!(told);

const memoryMb = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage.rss() / 2 ** 20;
};

/** The whole document in another format, as main has it made: how long it takes, and how long main's own loop stood still meanwhile. */
async function exported(pages: readonly ExportPage[], format: 'docx' | 'html', file: string): Promise<{ ms: number; stallMs: number; mb: number }> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await sleep(50);
  const started = performance.now();
  const worker = startExporting(resolve(import.meta.dirname, '../out/main/export-worker.js'));
  for (const page of pages) await worker.add(page);
  await worker.make(format);
  await worker.write(file, true);
  await worker.close();
  await sleep(50);
  return { ms: performance.now() - started, stallMs: delay.max / 1e6, mb: statSync(file).size / 1e6 };
}

/** One run of the program: opens the library, brings the file in where it is not there yet, reads until all is read. */
async function live(folder: string): Promise<void> {
  const opened = openTestLibrary(folder);
  await opened.methods.start(null);
  const library = clientOf(opened);
  const engine = engineHere(undefined, { 'prepare-document': prepareDocument, 'read-page': readPage, 'draw-page': drawPage });
  const passwords = createPasswords();
  const pageFiles = createPageFiles({ library, engine, passwords });
  const started = performance.now();
  const before = opened.methods.listDocuments(null)[0]?.readCount ?? 0;
  let read = before, listed = before > 0;
  let drawing: Promise<unknown> = Promise.resolve();
  let finish = (): void => {}, fail = (_error: unknown): void => {};
  const ended = new Promise<void>((resolved, rejected) => ([finish, fail] = [resolved, rejected]));
  const queue = new ReadingQueue({
    library, engine, passwords, onStatus: () => {},
    onChanged: ({ documents, pages }) => {
      if (!listed && documents.some((one) => one.pageCount === count)) {
        listed = true;
        tell({ kind: 'listed', ms: performance.now() - started });
      }
      for (const page of pages.filter((one) => one.status === 'read')) {
        read++;
        drawing = drawing.then(() => pageFiles(page.id, 'thumbnail')).then(() => (page.index % lookEvery === 0 ? pageFiles(page.id, 'image') : null)).catch(fail);
        if (read === pauseAfter && before > 0) void pause();
        if (read % 10 === 0 || read === killAfter) tell({ kind: 'read', pages: read, mb: read % stretch === 0 ? memoryMb() : 0 });
        if (read === count) finish();
      }
    },
  });
  const pause = async (): Promise<void> => {
    queue.pause();
    await sleep(100);
    const at = read;
    await sleep(1500);
    tell({ kind: 'paused', moved: read - at });
    queue.resume();
  };
  if (before === 0) await opened.methods.importFiles({ paths: [join(folder, 'book.pdf')] }, { signal: never });
  else tell({ kind: 'kept', pages: before });
  queue.wake();
  await ended;
  await drawing;
  const roads: Record<string, number> = {};
  const [document] = opened.methods.listDocuments(null);
  const pages = opened.methods.pagesOf({ documentId: document!.id });
  for (const page of pages) {
    const road = opened.methods.pageText({ pageId: page.id })?.source?.road ?? 'missing';
    roads[road] = (roads[road] ?? 0) + 1;
  }
  await queue.stop();
  await closeReader();
  const texts = pages.map((page): ExportPage => ({ file: 'book.pdf', pageIndex: page.index, pageCount: count, text: opened.methods.pageText({ pageId: page.id })! }));
  for (const format of ['docx', 'html'] as const) tell({ kind: 'exported', format, ...(await exported(texts, format, join(folder, `book.${format}`))) });
  await library.close();
  tell({ kind: 'done', roads, pages: document!.readCount });
}

/** Runs a process until it ends, or until `onTold` wants it killed. */
function start(folder: string, onTold: (told: Told, child: ChildProcess) => void): Promise<number | null> {
  const child = fork(resolve(import.meta.dirname, 'run-typescript.mjs'), [resolve(import.meta.dirname, 'bench-documents.ts'), '--life', '1', '--folder', folder, '--pages', String(count)], { execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.on('message', (told) => onTold(told as Told, child));
  return new Promise((ended) => child.once('exit', ended));
}

async function measure(folder: string): Promise<boolean> {
  const scan = await jpegOf(fixturePage('en-letter').path);
  const pages = Array.from({ length: count }, (_, at): PdfPage => (at % scanEvery === scanEvery - 1 ? { picture: scan } : { texts: prosePage(at) }));
  writeFileSync(join(folder, 'book.pdf'), pdfOf(pages));
  say(`${count} pages, every ${scanEvery}th a scan`);
  let kept = 0, moved = -1, done = 0, roads: Record<string, number> = {};
  await start(folder, (told, child) => {
    if (told.kind === 'listed') say(`listed after ${told.ms.toFixed(0)} ms`);
    if (told.kind === 'read' && told.pages >= killAfter) child.kill('SIGKILL');
  });
  say(`killed after ${killAfter} pages; started again\n pages  ms/page  memory MB`);
  const steps: { ms: number; mb: number }[] = [];
  const began = performance.now();
  let lapStart = began, lapPages = killAfter, pausedMs = 0;
  const code = await start(folder, (told) => {
    if (told.kind === 'kept') [kept, lapStart] = [told.pages, performance.now()];
    if (told.kind === 'paused') [moved, pausedMs] = [told.moved, 1600];
    if (told.kind === 'exported') say(`${told.format} of all pages: ${(told.ms / 1000).toFixed(1)} s, ${told.mb.toFixed(1)} MB; main stood still for ${told.stallMs.toFixed(0)} ms at most`);
    if (told.kind === 'done') [done, roads] = [told.pages, told.roads];
    if (told.kind !== 'read') return;
    if (told.mb === 0) return void (process.stdout.isTTY && process.stdout.write(`\r${told.pages}`));
    steps.push({ ms: (performance.now() - lapStart - pausedMs) / (told.pages - lapPages), mb: told.mb });
    [lapStart, lapPages, pausedMs] = [performance.now(), told.pages, 0];
    say(`${process.stdout.isTTY ? '\r' : ''}${String(told.pages).padStart(6)} ${steps.at(-1)!.ms.toFixed(0).padStart(8)} ${steps.at(-1)!.mb.toFixed(0).padStart(10)}`);
  });
  say(`${done} read in ${((performance.now() - began) / 60_000).toFixed(1)} minutes: ${Object.entries(roads).map(([road, number]) => `${number} ${road}`).join(', ')}`);
  say(`kept over the kill: ${kept} of ${killAfter}; read while paused: ${moved}`);
  const [first, last] = [steps[0], steps.at(-1)];
  if (code !== 0 || !first || !last) return false;
  const memoryGrowth = last.mb / first.mb - 1, timeGrowth = last.ms / Math.min(...steps.map((step) => step.ms)) - 1;
  say(`memory after page ${stretch}: ${first.mb.toFixed(0)} MB, after page ${count}: ${last.mb.toFixed(0)} MB (${(memoryGrowth * 100).toFixed(1)} %); last pages ${(timeGrowth * 100).toFixed(0)} % slower than the quickest`);
  return memoryGrowth <= 0.1 && timeGrowth <= 0.5 && kept >= killAfter - 1 && moved === 0 && done === count;
}

if (values.life !== undefined) {
  await live(values.folder!);
  process.disconnect();
} else {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-bench-'));
  try {
    process.exitCode = (await measure(folder)) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
