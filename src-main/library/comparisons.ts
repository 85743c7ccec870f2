// Rows of comparisons and their pairs of pages. Knows no pictures and no engine.
import { randomUUID } from 'node:crypto';
import { modelView as modelViewSchema, pageComparison, review as reviewSchema } from '@contract/compare.ts';
import type { Comparison, CompareTarget, KeptPair, ModelView, PageComparison, Review } from '@contract/compare.ts';
import type { WireError } from '@contract/errors.ts';
import { AppError } from '../base/errors.ts';
import type { Database } from './database.ts';
import { parseError } from './documents.ts';

interface ComparisonRow {
  id: string;
  before_document: string;
  before_page: string | null;
  after_document: string;
  after_page: string | null;
  status: Comparison['status'];
  error: string | null;
  created_at: number;
  done: number;
  total: number;
}
interface PairRow {
  position: number;
  before_page: string | null;
  before_index: number | null;
  after_page: string | null;
  after_index: number | null;
  moved: number;
  comparison: string | null;
  reviews: string;
  model_view: string | null;
  error: string | null;
}

const columns = `c.id, c.before_document, c.before_page, c.after_document, c.after_page, c.status, c.error, c.created_at,
  (SELECT count(*) FROM comparison_pairs p WHERE p.comparison_id = c.id AND p.is_done = 1) AS done,
  (SELECT count(*) FROM comparison_pairs p WHERE p.comparison_id = c.id) AS total`;

function comparisonOf(row: ComparisonRow): Comparison {
  return {
    id: row.id,
    before: { documentId: row.before_document, pageId: row.before_page },
    after: { documentId: row.after_document, pageId: row.after_page },
    status: row.status, error: parseError(row.error), done: row.done, total: row.total, createdAt: row.created_at,
  };
}

const sideOf = (pageId: string | null, pageIndex: number | null): KeptPair['before'] => (pageId === null || pageIndex === null ? null : { pageId, pageIndex });

function pairOf(row: PairRow): KeptPair {
  return {
    position: row.position,
    before: sideOf(row.before_page, row.before_index), after: sideOf(row.after_page, row.after_index), moved: row.moved === 1,
    comparison: row.comparison === null ? null : pageComparison.parse(JSON.parse(row.comparison)),
    reviews: reviewSchema.array().parse(JSON.parse(row.reviews)),
    modelView: row.model_view === null ? null : modelViewSchema.parse(JSON.parse(row.model_view)),
    error: parseError(row.error),
  };
}

/** Throws comparison-not-found. */
export function comparisonById(database: Database, comparisonId: string): Comparison {
  const row = database.row<ComparisonRow>('comparison-by-id', `SELECT ${columns} FROM comparisons c WHERE c.id = :comparisonId`, { comparisonId });
  if (!row) throw new AppError('comparison-not-found', { comparisonId });
  return comparisonOf(row);
}

/** The latest comparison of the same two targets that was not given up, or null. */
export function comparisonOfTargets(database: Database, before: CompareTarget, after: CompareTarget): Comparison | null {
  const row = database.row<ComparisonRow>(
    'comparison-of-targets',
    `SELECT ${columns} FROM comparisons c WHERE c.before_document = :beforeDocument AND c.before_page IS :beforePage AND c.after_document = :afterDocument AND c.after_page IS :afterPage
       AND c.status IN ('reading', 'comparing', 'done') ORDER BY c.created_at DESC LIMIT 1`,
    { beforeDocument: before.documentId, beforePage: before.pageId, afterDocument: after.documentId, afterPage: after.pageId },
  );
  return row ? comparisonOf(row) : null;
}

/** Earlier comparisons of the same targets, with their reviews, are forgotten. */
export function createComparison(database: Database, before: CompareTarget, after: CompareTarget, now: number): Comparison {
  const id = randomUUID();
  const targets = { beforeDocument: before.documentId, beforePage: before.pageId, afterDocument: after.documentId, afterPage: after.pageId };
  database.transaction(() => {
    database.run('forget-comparisons', 'DELETE FROM comparisons WHERE before_document = :beforeDocument AND before_page IS :beforePage AND after_document = :afterDocument AND after_page IS :afterPage', targets);
    database.run(
      'create-comparison',
      `INSERT INTO comparisons (id, before_document, before_page, after_document, after_page, status, created_at)
       VALUES (:id, :beforeDocument, :beforePage, :afterDocument, :afterPage, 'reading', :now)`,
      { id, ...targets, now },
    );
  });
  return comparisonById(database, id);
}

export function setComparisonStatus(database: Database, comparisonId: string, status: Comparison['status'], error: WireError | null): Comparison {
  database.run('comparison-status', 'UPDATE comparisons SET status = :status, error = :error WHERE id = :comparisonId', { comparisonId, status, error: error ? JSON.stringify(error) : null });
  return comparisonById(database, comparisonId);
}

/** Comparisons that the last session left unfinished. */
export function stopComparisons(database: Database): void {
  database.run('stop-comparisons', "UPDATE comparisons SET status = 'stopped' WHERE status IN ('reading', 'comparing')");
}

export function pairsOf(database: Database, comparisonId: string): KeptPair[] {
  return database.rows<PairRow>('comparison-pairs', 'SELECT position, before_page, before_index, after_page, after_index, moved, comparison, reviews, model_view, error FROM comparison_pairs WHERE comparison_id = :comparisonId ORDER BY position', { comparisonId }).map(pairOf);
}

export function pairAt(database: Database, comparisonId: string, position: number): KeptPair {
  const row = database.row<PairRow>('comparison-pair', 'SELECT position, before_page, before_index, after_page, after_index, moved, comparison, reviews, model_view, error FROM comparison_pairs WHERE comparison_id = :comparisonId AND position = :position', { comparisonId, position });
  if (!row) throw new AppError('comparison-not-found', { comparisonId });
  return pairOf(row);
}

/** Pairs whose pages have no counterpart are done at once. */
export function addPairs(database: Database, comparisonId: string, pairs: readonly Pick<KeptPair, 'before' | 'after' | 'moved'>[]): Comparison {
  database.transaction(() => {
    pairs.forEach(({ before, after, moved }, position) => {
      database.run(
        'add-comparison-pair',
        `INSERT INTO comparison_pairs (comparison_id, position, before_page, before_index, after_page, after_index, moved, is_done)
         VALUES (:comparisonId, :position, :beforePage, :beforeIndex, :afterPage, :afterIndex, :moved, :isDone)`,
        {
          comparisonId, position, beforePage: before?.pageId ?? null, beforeIndex: before?.pageIndex ?? null, afterPage: after?.pageId ?? null, afterIndex: after?.pageIndex ?? null,
          moved: Number(moved), isDone: Number(before === null || after === null),
        },
      );
    });
  });
  return setComparisonStatus(database, comparisonId, 'comparing', null);
}

export function savePair(database: Database, comparisonId: string, position: number, result: PageComparison | null, error: WireError | null): KeptPair {
  const reviews: Review[] = (result?.changes ?? []).map(() => ({ verdict: 'open', note: '' }));
  database.run(
    'save-comparison-pair',
    'UPDATE comparison_pairs SET is_done = 1, comparison = :result, reviews = :reviews, model_view = NULL, error = :error WHERE comparison_id = :comparisonId AND position = :position',
    { comparisonId, position, result: result ? JSON.stringify(result) : null, reviews: JSON.stringify(reviews), error: error ? JSON.stringify(error) : null },
  );
  return pairAt(database, comparisonId, position);
}

export function reviewChange(database: Database, comparisonId: string, position: number, change: number, review: Review): KeptPair {
  return database.transaction(() => {
    const { reviews } = pairAt(database, comparisonId, position);
    if (change >= reviews.length) throw new AppError('comparison-not-found', { comparisonId });
    database.run('review-change', 'UPDATE comparison_pairs SET reviews = :reviews WHERE comparison_id = :comparisonId AND position = :position', { comparisonId, position, reviews: JSON.stringify(reviews.with(change, review)) });
    return pairAt(database, comparisonId, position);
  });
}

export function keepModelView(database: Database, comparisonId: string, position: number, view: ModelView): KeptPair {
  database.run('keep-model-view', 'UPDATE comparison_pairs SET model_view = :view WHERE comparison_id = :comparisonId AND position = :position', { comparisonId, position, view: JSON.stringify(view) });
  return pairAt(database, comparisonId, position);
}
