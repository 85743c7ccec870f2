// The log of corrections: adds steps, takes them back, does them again, and keeps the corrected text and the search in line with
// it. What was recognised stays as it is.
import { correction, type Correction } from '@contract/correction.ts';
import type { PageText } from '@contract/document.ts';
import { AppError } from '../base/errors.ts';
import { applyCorrections } from './apply-corrections.ts';
import type { Database } from './database.ts';
import { indexText, recognisedTextOf } from './pages.ts';

interface Log {
  /** Steps that count. */
  steps: number;
  /** All there are, undone ones too. */
  all: number;
}

function logOf(database: Database, pageId: string): Log {
  const row = database.row<Log>('correction-log', 'SELECT steps, (SELECT count(*) FROM corrections c WHERE c.page_id = p.id) AS "all" FROM pages p WHERE p.id = :pageId', { pageId });
  if (!row) throw new AppError('page-not-found', { pageId });
  return row;
}

function stepsOf(database: Database, pageId: string, count: number): Correction[] {
  const rows = database.rows<{ correction: string }>('corrections', 'SELECT correction FROM corrections WHERE page_id = :pageId AND step <= :count ORDER BY step', { pageId, count });
  return rows.map((row) => correction.parse(JSON.parse(row.correction)));
}

/** Lets the first `count` steps count. */
function setSteps(database: Database, pageId: string, count: number): PageText {
  const recognised = recognisedTextOf(database, pageId);
  if (!recognised) throw new AppError('page-not-read', { pageId });
  const text = applyCorrections(recognised, stepsOf(database, pageId, count));
  database.run('set-steps', 'UPDATE pages SET steps = :count, corrected = :corrected WHERE id = :pageId', { pageId, count, corrected: count === 0 ? null : JSON.stringify(text) });
  indexText(database, pageId, text);
  return text;
}

/**
 * Adds a step. `after` is how many the caller saw in force: a page that changed meanwhile is not corrected blindly.
 * @throws page-not-found, page-not-read, page-changed, request-invalid
 */
export function correct(database: Database, pageId: string, after: number, step: Correction): PageText {
  return database.transaction(() => {
    const { steps } = logOf(database, pageId);
    if (steps !== after) throw new AppError('page-changed', { pageId });
    return add(database, pageId, steps, step);
  });
}

function add(database: Database, pageId: string, steps: number, step: Correction): PageText {
  database.run('drop-undone', 'DELETE FROM corrections WHERE page_id = :pageId AND step > :steps', { pageId, steps });
  database.run('add-correction', 'INSERT INTO corrections (page_id, step, correction, made_at) VALUES (:pageId, :step, :correction, :now)', { pageId, step: steps + 1, correction: JSON.stringify(step), now: Date.now() });
  return setSteps(database, pageId, steps + 1);
}

/** A new reading of a page: what it replaces when nobody corrected it, else one more step, which can be undone. True when it was a step. */
export function readAnew(database: Database, pageId: string, text: PageText): boolean {
  const { steps, all } = logOf(database, pageId);
  if (steps > 0) add(database, pageId, steps, { kind: 'read-again', text });
  // Steps that were all taken back speak of lines that are gone.
  else if (all > 0) database.run('drop-all-corrections', 'DELETE FROM corrections WHERE page_id = :pageId', { pageId });
  return steps > 0;
}

/** Takes the last step back; null when there is none. */
export function undo(database: Database, pageId: string): PageText | null {
  return database.transaction(() => {
    const { steps } = logOf(database, pageId);
    return steps === 0 ? null : setSteps(database, pageId, steps - 1);
  });
}

/** Does the step again that was taken back last; null when there is none. */
export function redo(database: Database, pageId: string): PageText | null {
  return database.transaction(() => {
    const { steps, all } = logOf(database, pageId);
    return steps === all ? null : setSteps(database, pageId, steps + 1);
  });
}
