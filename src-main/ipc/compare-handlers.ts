// Handlers about comparisons: make, stop, review, sum up, and write as a report.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { ComparedPage, KeptPair, ReportFormat } from '@contract/compare.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { cutOutSide } from '../base/display-size.ts';
import { AppError } from '../base/errors.ts';
import { changeFrames, comparisonHtml, comparisonJson, type ReportPair } from '../exporters/comparison-report.ts';
import { comparisonSummary } from '../exporters/comparison-sentences.ts';
import { exportFileName } from '../exporters/file-names.ts';
import type { HandlerContext, HandlersFor, RequestsOf } from './handlers.ts';

export function compareHandlers({ library, engine, comparisons, modelViews, dialogs, passwords, printHtml }: HandlerContext): HandlersFor<RequestsOf<'compare'>> {
  const titleOf = async (documentId: string) => {
    const [document] = await library.call('documentsById', { documentIds: [documentId] });
    if (!document) throw new AppError('document-not-found', { documentId });
    return document;
  };

  /** Every pair with the names that a reader knows; `crops` cuts out the places of its changes. */
  const reportPairs = async (comparisonId: string, crops: (pair: KeptPair) => Promise<ReportPair['crops']>): Promise<{ title: string; pairs: ReportPair[] }> => {
    const { comparison, pairs } = await library.call('comparisonById', { comparisonId });
    const before = await titleOf(comparison.before.documentId), after = await titleOf(comparison.after.documentId);
    const page = (document: typeof before, side: KeptPair['before']): ComparedPage | null => side && { name: document.title, pageIndex: side.pageIndex, pageCount: Math.max(1, document.pageCount) };
    const told: ReportPair[] = [];
    for (const pair of pairs) told.push({ before: page(before, pair.before), after: page(after, pair.after), moved: pair.moved, comparison: pair.comparison, reviews: pair.reviews, modelView: pair.modelView, crops: await crops(pair) });
    return { title: `${before.title} → ${after.title}`, pairs: told };
  };

  /** Addresses that carry the pictures themselves: a report is one file. */
  const cutOut = (folder: string) => async ({ before, after, comparison, position }: KeptPair): Promise<ReportPair['crops']> => {
    if (!before || !after || !comparison?.changes.length) return [];
    const cut = async (side: 'before' | 'after', pageId: string): Promise<string[]> => {
      const { source, documentId } = await library.call('pagePaths', { pageId });
      const { rotation } = await library.call('pageById', { pageId });
      const password = passwords.of(documentId);
      const { files } = await engine.run('crop-page', { source: password === undefined ? source : { ...source, password }, rotation, quads: comparison.changes.map((change) => change[side].quad), frames: changeFrames(comparison.changes, side), longSide: cutOutSide, folder, name: `${position}-${side}` });
      return await Promise.all(files.map(async (file) => `data:image/png;base64,${(await readFile(file)).toString('base64')}`));
    };
    const first = await cut('before', before.pageId), second = await cut('after', after.pageId);
    return first.map((one, at) => ({ before: one, after: second[at]! }));
  };

  const written = async (comparisonId: string, format: ReportFormat): Promise<{ title: string; content: string | Uint8Array }> => {
    const folder = await mkdtemp(join(tmpdir(), 'lectern-report-'));
    try {
      const { title, pairs } = await reportPairs(comparisonId, cutOut(folder));
      const content = format === 'json' ? comparisonJson(pairs) : comparisonHtml(title, pairs);
      return { title, content: format === 'pdf' ? await printHtml(content) : content };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  return {
    'compare.start': ({ before, after, again }) => comparisons.start(before, after, again),
    'compare.stop': ({ comparisonId }) => {
      comparisons.stop(comparisonId);
      modelViews.stop(comparisonId);
      return {};
    },
    'compare.ask-model': (input) => modelViews.ask(input),
    'compare.review': (input) => library.call('reviewChange', input),
    'compare.summary': async ({ comparisonId }) => ({ text: comparisonSummary((await reportPairs(comparisonId, async () => [])).pairs) }),
    'compare.export': async ({ comparisonId, format }) => {
      const { title, content } = await written(comparisonId, format);
      const chosen = await dialogs.chooseExportFile(exportFileName(title, format), format);
      if (!chosen) return null;
      const file = extname(chosen) === '' ? `${chosen}.${format}` : chosen;
      await writeFileAtomically(file, content);
      return { file };
    },
  };
}
