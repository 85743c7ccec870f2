// Reads many files, some at a time, and hands each on when it is read. A file or page that fails is named and does not stop the others.
// Knows neither formats of results nor where they go.
import type { PageText } from '@contract/document.ts';
import { isCancellation } from '../../base/errors.ts';
import { logFor } from '../../base/log.ts';
import type { ExportPage } from '../../exporters/export-page.ts';
import { countPages } from '../jobs/page-pictures.ts';
import { readPage } from '../jobs/read-page.ts';
import { progressLine } from './progress-line.ts';
import { formatOf, type FoundFile } from './wanted-files.ts';

const log = logFor('read');

export interface BatchOptions {
  /** Files that are read at the same time. */
  readonly jobs: number;
  /** Opens PDFs that are protected by it. */
  readonly password: string | undefined;
  readonly signal: AbortSignal;
  /** Called for a page or a file that failed. */
  report(name: string, error: unknown): void;
  /** Called once for each file that has pages, as soon as they are read. */
  take(file: FoundFile, pages: ExportPage[]): Promise<void>;
}

async function readFile(file: FoundFile, { jobs, password, signal, report }: BatchOptions): Promise<ExportPage[]> {
  const format = await formatOf(file.path);
  const pageCount = await countPages(file.path, format, password);
  const indexes = file.page === null ? Array.from({ length: pageCount }, (_, at) => at) : [file.page];
  const pages: ExportPage[] = [];
  for (const pageIndex of indexes) {
    const name = format === 'pdf' || pageCount > 1 ? `${file.name}#${pageIndex + 1}` : file.name;
    // Several lines cannot take turns on one.
    const progress = jobs > 1 ? null : progressLine(name);
    try {
      const text: PageText = await readPage({ signal, log, progress: progress?.show ?? (() => {}) }, { source: { path: file.path, format, pageIndex, ...(password !== undefined && { password }) }, rotation: null });
      // The name says which page it is.
      pages.push({ file: name, pageIndex, pageCount: 1, text });
    } catch (error) {
      if (isCancellation(error)) throw error;
      report(name, error);
    } finally {
      progress?.clear();
    }
  }
  return pages;
}

/** @throws job-cancelled */
export async function readBatch(files: readonly FoundFile[], options: BatchOptions): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let file = files[next++]; file; file = files[next++]) {
      try {
        const pages = await readFile(file, options);
        if (pages.length) await options.take(file, pages);
      } catch (error) {
        if (isCancellation(error)) throw error;
        options.report(file.page === null ? file.name : `${file.name}#${file.page + 1}`, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, files.length) }, lane));
}
