// Comparisons that are being made: waits until the pages are read, has the engine pair and compare them two at a time, stores each pair and
// tells it. Knows no window.
import type { Comparison, CompareTarget, KeptPair } from '@contract/compare.ts';
import { linesOf, type Page } from '@contract/document.ts';
import { AppError, isCancellation, toWireError } from '../base/errors.ts';
import { isKnownByText } from '../base/known-by-text.ts';
import { logFor } from '../base/log.ts';
import type { Engine } from './engine-process.ts';
import type { Library } from './library-client.ts';
import type { PageFiles } from './page-files.ts';
import type { Passwords } from './passwords.ts';
import type { Publisher } from './publisher.ts';
import type { ReadingQueue } from './reading-queue.ts';

const log = logFor('comparisons');
/** How often it is looked whether the pages are read. */
const lookEveryMs = 400;

export interface ComparisonsOptions {
  library: Library;
  engine: Pick<Engine, 'run'>;
  queue: Pick<ReadingQueue, 'prefer'>;
  passwords: Pick<Passwords, 'of'>;
  pageFiles: PageFiles;
  publish: Publisher;
}

export interface Comparisons {
  start(before: CompareTarget, after: CompareTarget, again: boolean): Promise<{ comparison: Comparison; pairs: KeptPair[] }>;
  stop(comparisonId: string): void;
  /** For the end of the program: what is unfinished counts as stopped at the next start. */
  leave(): void;
}

export function createComparisons({ library, engine, queue, passwords, pageFiles, publish }: ComparisonsOptions): Comparisons {
  const running = new Map<string, AbortController>();
  let leaving = false;

  const pagesOf = async ({ documentId, pageId }: CompareTarget): Promise<Page[]> => (pageId === null ? await library.call('pagesOf', { documentId }) : [await library.call('pageById', { pageId })]);

  /** The pages of a target once each of them is read, or could not be. */
  const readPages = async (target: CompareTarget, signal: AbortSignal): Promise<Page[]> => {
    for (;;) {
      if (signal.aborted) throw new AppError('job-cancelled');
      const [document] = await library.call('documentsById', { documentIds: [target.documentId] });
      if (!document) throw new AppError('document-not-found', { documentId: target.documentId });
      if (document.status === 'failed') throw new AppError(document.error?.code ?? 'file-unreadable', { ...document.error?.data, file: document.fileName });
      const pages = document.status === 'ready' ? await pagesOf(target) : [];
      if (pages.length && pages.every((page) => page.status === 'read' || page.status === 'failed')) return pages;
      queue.prefer(target.documentId);
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  };

  /** A page's thumbnail may not be drawn yet: it is asked for only where there is too little text. */
  const gistOf = async (page: Page): Promise<{ text: string; picture: string | null }> => {
    const read = await library.call('pageText', { pageId: page.id });
    const text = read ? linesOf(read).map((line) => line.text).join('\n') : '';
    return { text, picture: isKnownByText(text) ? null : await pageFiles(page.id, 'thumbnail') };
  };

  const gistsOf = async (pages: readonly Page[], signal: AbortSignal): Promise<Awaited<ReturnType<typeof gistOf>>[]> => {
    const gists = [];
    for (const page of pages) {
      if (signal.aborted) throw new AppError('job-cancelled');
      gists.push(await gistOf(page));
    }
    return gists;
  };

  const input = async (pageId: string) => {
    const { source, documentId } = await library.call('pagePaths', { pageId });
    const password = passwords.of(documentId);
    return { source: password === undefined ? source : { ...source, password }, text: await library.call('pageText', { pageId }) };
  };

  const compare = async (comparison: Comparison, signal: AbortSignal): Promise<void> => {
    const comparisonId = comparison.id;
    const before = await readPages(comparison.before, signal), after = await readPages(comparison.after, signal);
    const gists = { before: await gistsOf(before, signal), after: await gistsOf(after, signal) };
    const { pairs } = await engine.run('match-pages', gists, { signal });
    const side = (pages: readonly Page[], at: number | null): KeptPair['before'] => (at === null ? null : { pageId: pages[at]!.id, pageIndex: pages[at]!.index });
    const matched = await library.call('addComparisonPairs', { comparisonId, pairs: pairs.map((pair) => ({ before: side(before, pair.before), after: side(after, pair.after), moved: pair.moved })) });
    publish('compare.changed', matched);
    for (const pair of matched.pairs) {
      if (!pair.before || !pair.after) continue;
      let result = null, error = null;
      try {
        result = await engine.run('compare-pages', { before: await input(pair.before.pageId), after: await input(pair.after.pageId) }, { signal });
      } catch (thrown) {
        // One pair that fails does not stop the others.
        if (signal.aborted || isCancellation(thrown)) throw thrown;
        log('warn', 'a pair of pages was not compared', thrown);
        error = toWireError(thrown);
      }
      publish('compare.changed', await library.call('saveComparisonPair', { comparisonId, position: pair.position, result, error }));
    }
    publish('compare.changed', { comparison: await library.call('setComparisonStatus', { comparisonId, status: 'done', error: null }), pairs: [] });
  };

  const run = (comparison: Comparison): void => {
    const controller = new AbortController();
    running.set(comparison.id, controller);
    compare(comparison, controller.signal)
      .catch(async (thrown: unknown) => {
        if (leaving) return;
        const stopped = controller.signal.aborted || isCancellation(thrown);
        const failed = await library.call('setComparisonStatus', { comparisonId: comparison.id, status: stopped ? 'stopped' : 'failed', error: stopped ? null : toWireError(thrown) });
        publish('compare.changed', { comparison: failed, pairs: [] });
      })
      .catch((error: unknown) => log('error', 'the end of a comparison was not stored', error))
      .finally(() => running.delete(comparison.id));
  };

  return {
    async start(before, after, again) {
      const kept = again ? null : await library.call('comparisonOfTargets', { before, after });
      if (kept) return kept;
      const made = await library.call('createComparison', { before, after });
      run(made.comparison);
      return made;
    },
    stop: (comparisonId) => running.get(comparisonId)?.abort(),
    leave() {
      leaving = true;
      for (const controller of running.values()) controller.abort();
    },
  };
}
