// `npm run bench:documents [-- --pages 500]`: one long PDF through the engine, page after page, as the application reads it: text of its
// own, every tenth page a scan, every page drawn for the window. Prints time and memory as they grow; ends with 1 when memory after the
// last page is more than a tenth above that after page 50, or when the last pages take longer than the first.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { logFor } from '../src-main/base/log.ts';
import { drawPage } from '../src-main/engine/jobs/draw-page.ts';
import { prepareDocument } from '../src-main/engine/jobs/prepare-document.ts';
import { closeReader, readPage } from '../src-main/engine/jobs/read-page.ts';
import { fixturePage } from '../test/helpers/fixture-pages.ts';
import { jpegOf, pdfOf, prosePage, type PdfPage } from '../test/helpers/pdf-files.ts';

const { values } = parseArgs({ options: { pages: { type: 'string', default: '500' } } });
const count = Number(values.pages);
const scanEvery = 10, stretch = 50;

const folder = mkdtempSync(join(tmpdir(), 'lectern-bench-'));
const job = { signal: new AbortController().signal, log: logFor('bench'), progress: () => {}, post: () => {} };
const memoryMb = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage.rss() / 2 ** 20;
};
const round = (value: number): string => value.toFixed(0).padStart(6);

try {
  const scan = await jpegOf(fixturePage('en-letter').path);
  const pages = Array.from({ length: count }, (_, at): PdfPage => (at % scanEvery === scanEvery - 1 ? { picture: scan } : { texts: prosePage(at) }));
  const path = join(folder, 'book.pdf');
  writeFileSync(path, pdfOf(pages));
  const opened = performance.now();
  const prepared = await prepareDocument(job, { path, format: 'pdf', outputFolder: join(folder, 'pages') });
  process.stdout.write(`${count} pages, listed after ${(performance.now() - opened).toFixed(0)} ms\n pages  ms/page  memory MB\n`);

  const roads = new Map<string, number>();
  const steps: { ms: number; mb: number }[] = [];
  let started = performance.now();
  for (let pageIndex = 0; pageIndex < count; pageIndex++) {
    const source = { path, format: 'pdf' as const, pageIndex };
    const text = await readPage(job, { source, rotation: null });
    const road = text.source?.road ?? 'recognised';
    roads.set(road, (roads.get(road) ?? 0) + 1);
    const { width, height, displayFile, thumbnailFile } = prepared.pages[pageIndex]!;
    await drawPage(job, { source, file: displayFile!, longSide: Math.max(width, height) });
    await drawPage(job, { source, file: thumbnailFile, longSide: 320 });
    if ((pageIndex + 1) % stretch !== 0) continue;
    steps.push({ ms: (performance.now() - started) / stretch, mb: memoryMb() });
    started = performance.now();
    process.stdout.write(`${String(pageIndex + 1).padStart(6)} ${round(steps.at(-1)!.ms)}   ${round(steps.at(-1)!.mb)}\n`);
  }
  process.stdout.write(`${[...roads].map(([road, pagesRead]) => `${pagesRead} ${road}`).join(', ')}\n`);
  const [first, last] = [steps[0], steps.at(-1)];
  if (first && last && steps.length > 1) {
    const memoryGrowth = last.mb / first.mb - 1, timeGrowth = last.ms / Math.min(...steps.map((step) => step.ms)) - 1;
    process.stdout.write(`memory ${(memoryGrowth * 100).toFixed(1)} % against page ${stretch}, last pages ${(timeGrowth * 100).toFixed(0)} % slower than the quickest\n`);
    process.exitCode = memoryGrowth > 0.1 || timeGrowth > 0.5 ? 1 : 0;
  }
} finally {
  await closeReader();
  rmSync(folder, { recursive: true, force: true });
}
