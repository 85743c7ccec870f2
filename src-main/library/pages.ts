// Rows of pages and their recognised text: adding, reading, saving, and which page comes next. Knows no file system.
import { pageNote, pageText } from '@contract/document.ts';
import { linesOf } from '@contract/document.ts';
import type { Page, PageNote, PageText } from '@contract/document.ts';
import type { WireError } from '@contract/errors.ts';
import type { Rotation } from '@contract/geometry.ts';
import { AppError } from '../base/errors.ts';
import type { Database } from './database.ts';
import { parseError } from './documents.ts';
import { fold } from '../base/fold.ts';

interface PageRow {
  id: string;
  document_id: string;
  page_index: number;
  width: number;
  height: number;
  rotation: Rotation;
  wanted_rotation: Rotation | null;
  status: Page['status'];
  error: string | null;
  notes: string;
  line_count: number;
  confidence: number | null;
  read_ms: number | null;
  display_file: string | null;
  thumbnail_file: string;
  steps: number;
  all_steps: number;
}

// Everything but the text, which can be large.
const pageColumns = `p.id, p.document_id, p.page_index, p.width, p.height, p.rotation, p.wanted_rotation, p.status, p.error,
  p.notes, p.line_count, p.confidence, p.read_ms, p.display_file, p.thumbnail_file, p.steps,
  (SELECT count(*) FROM corrections c WHERE c.page_id = p.id) AS all_steps`;

function pageOf(row: PageRow): Page {
  return {
    id: row.id,
    documentId: row.document_id,
    index: row.page_index,
    width: row.width,
    height: row.height,
    rotation: row.rotation,
    status: row.status,
    error: parseError(row.error),
    notes: pageNote.array().parse(JSON.parse(row.notes)),
    lineCount: row.line_count,
    confidence: row.confidence,
    readMs: row.read_ms,
    corrections: { made: row.steps, undone: row.all_steps - row.steps },
  };
}

export function pagesOf(database: Database, documentId: string): Page[] {
  return database.rows<PageRow>('pages-of-document', `SELECT ${pageColumns} FROM pages p WHERE p.document_id = :documentId ORDER BY p.page_index`, { documentId }).map(pageOf);
}

export function pagesById(database: Database, ids: readonly string[]): Page[] {
  const rows = database.rows<PageRow>(
    'pages-by-id',
    `SELECT ${pageColumns} FROM pages p WHERE p.id IN (SELECT value FROM json_each(:ids)) ORDER BY p.document_id, p.page_index`,
    { ids: JSON.stringify(ids) },
  );
  return rows.map(pageOf);
}

/** Throws page-not-found. */
export function pageById(database: Database, pageId: string): Page {
  const [found] = pagesById(database, [pageId]);
  if (!found) throw new AppError('page-not-found', { pageId });
  return found;
}

export interface AddedPage {
  id: string;
  width: number;
  height: number;
  notes: readonly PageNote[];
  /** File names inside the document's own folder; the original is displayed when there is no display file. */
  displayFile: string | null;
  thumbnailFile: string;
}

/** Gives a document its pages and makes it ready. Pages that were there keep their id, status and text. */
export function addPages(database: Database, documentId: string, added: readonly AddedPage[]): void {
  database.transaction(() => {
    database.run('drop-surplus-pages', 'DELETE FROM pages WHERE document_id = :documentId AND page_index >= :count', { documentId, count: added.length });
    added.forEach((one, index) => {
      database.run(
        'add-page',
        `INSERT INTO pages (id, document_id, page_index, width, height, status, notes, display_file, thumbnail_file)
         VALUES (:id, :documentId, :index, :width, :height, 'waiting', :notes, :displayFile, :thumbnailFile)
         ON CONFLICT (document_id, page_index) DO UPDATE SET display_file = excluded.display_file, thumbnail_file = excluded.thumbnail_file,
           notes = excluded.notes, width = excluded.width, height = excluded.height`,
        { ...one, documentId, index, notes: JSON.stringify(one.notes) },
      );
    });
    database.run('document-ready', "UPDATE documents SET status = 'ready', error = NULL, crashes = 0 WHERE id = :documentId", { documentId });
  });
}

/** What the page says, with its corrections; null when it was never read. Throws page-not-found. */
export function pageTextOf(database: Database, pageId: string): PageText | null {
  const row = database.row<{ text: string | null }>('page-text', 'SELECT coalesce(corrected, text) AS text FROM pages WHERE id = :pageId', { pageId });
  return parsedText(row, pageId);
}

/** What the reader made of the page, before any correction. Throws page-not-found. */
export function recognisedTextOf(database: Database, pageId: string): PageText | null {
  return parsedText(database.row<{ text: string | null }>('recognised-text', 'SELECT text FROM pages WHERE id = :pageId', { pageId }), pageId);
}

function parsedText(row: { text: string | null } | undefined, pageId: string): PageText | null {
  if (!row) throw new AppError('page-not-found', { pageId });
  return row.text === null ? null : pageText.parse(JSON.parse(row.text));
}

/** Stores what was read and makes it searchable, in one transaction. `recognised` false: what was recognised first is kept. */
export function savePageText(database: Database, pageId: string, text: PageText, recognised = true): void {
  database.transaction(() => {
    const kept = database.row<{ notes: string }>('page-notes', 'SELECT notes FROM pages WHERE id = :pageId', { pageId });
    if (!kept) throw new AppError('page-not-found', { pageId });
    // The reader's notes replace those of the same kind; what preparing said (an animation, say) stays.
    const notes = pageNote.array().parse(JSON.parse(kept.notes)).filter((one) => !readingNotes.has(one.kind) && !text.notes.some((other) => other.kind === one.kind));
    database.run(
      'save-page-text',
      `UPDATE pages SET status = 'read', error = NULL, crashes = 0, wanted_rotation = NULL, notes = :notes, read_ms = :readMs,
         text = CASE WHEN :recognised THEN :text ELSE text END WHERE id = :pageId`,
      { pageId, text: JSON.stringify(text), recognised: recognised ? 1 : 0, notes: JSON.stringify([...notes, ...text.notes]), readMs: text.readMs },
    );
    indexText(database, pageId, text);
  });
}

/** Makes what a page says now searchable, and its facts those of this text. */
export function indexText(database: Database, pageId: string, text: PageText): void {
  const lines = linesOf(text);
  const confidence = lines.length ? lines.reduce((sum, one) => sum + one.confidence, 0) / lines.length : null;
  database.run('page-facts', 'UPDATE pages SET rotation = :rotation, line_count = :lineCount, confidence = :confidence WHERE id = :pageId', { pageId, rotation: text.rotation, lineCount: lines.length, confidence });
  database.run('drop-lines', 'DELETE FROM lines WHERE page_id = :pageId', { pageId });
  lines.forEach((line, index) => {
    database.run('add-line', 'INSERT INTO lines (page_id, line_index, text, folded) VALUES (:pageId, :index, :text, :folded)', { pageId, index, text: line.text, folded: fold(line.text).text });
  });
}

/** Notes that only a reading makes: an earlier reading's are dropped when a new one is saved. */
const readingNotes: ReadonlySet<PageNote['kind']> = new Set(['enlarged', 'tiled', 'reduced', 'blank']);

/** Puts pages (back) in line. With a rotation the page is shown and read that way round. */
export function readAgain(database: Database, pageId: string, rotation: Rotation | null): Page {
  database.run(
    'read-again',
    `UPDATE pages SET status = 'waiting', error = NULL, crashes = 0, wanted_rotation = :rotation, rotation = coalesce(:rotation, rotation) WHERE id = :pageId`,
    { pageId, rotation },
  );
  return pageById(database, pageId);
}

/** Marks pages that wait or are being read as not read. Others stay as they are. */
export function failPages(database: Database, ids: readonly string[], error: WireError): Page[] {
  const rows = database.rows<{ id: string }>(
    'fail-pages',
    "UPDATE pages SET status = 'failed', error = :error WHERE status IN ('waiting', 'reading') AND id IN (SELECT value FROM json_each(:ids)) RETURNING id",
    { ids: JSON.stringify(ids), error: JSON.stringify(error) },
  );
  return pagesById(database, rows.map((row) => row.id));
}

/** Back from 'reading' to 'waiting': the engine stopped, or the last session did. */
export function waitAgain(database: Database, ids: readonly string[] | 'all'): number {
  if (ids === 'all') return database.run('all-wait-again', "UPDATE pages SET status = 'waiting' WHERE status = 'reading'");
  return database.run('wait-again', "UPDATE pages SET status = 'waiting' WHERE status = 'reading' AND id IN (SELECT value FROM json_each(:ids))", { ids: JSON.stringify(ids) });
}

/** Counts one more engine crash while this page was read; how many there were since it was last asked for. */
export function countPageCrash(database: Database, pageId: string): number {
  const row = database.row<{ crashes: number }>('count-page-crash', 'UPDATE pages SET crashes = crashes + 1 WHERE id = :pageId RETURNING crashes', { pageId });
  return row?.crashes ?? 0;
}

export interface PageToRead {
  pageId: string;
  documentId: string;
  index: number;
  rotation: Rotation | null;
}

/** Takes the next page to read and marks it 'reading': the first waiting one of `first`, else the oldest document's. */
export function takeNextPage(database: Database, first: readonly string[]): PageToRead | null {
  return database.transaction(() => {
    const select = `SELECT ${pageColumns} FROM documents d JOIN pages p ON p.document_id = d.id WHERE p.status = 'waiting' AND d.deleted_at IS NULL`;
    const row =
      database.row<PageRow>(
        'next-visible-page',
        `SELECT ${pageColumns} FROM json_each(:first) v JOIN pages p ON p.id = v.value JOIN documents d ON d.id = p.document_id
         WHERE p.status = 'waiting' AND d.deleted_at IS NULL ORDER BY v.key LIMIT 1`,
        { first: JSON.stringify(first) },
      ) ?? database.row<PageRow>('next-page', `${select} ORDER BY d.seq, p.page_index LIMIT 1`);
    if (!row) return null;
    database.run('start-reading', "UPDATE pages SET status = 'reading' WHERE id = :pageId", { pageId: row.id });
    return { pageId: row.id, documentId: row.document_id, index: row.page_index, rotation: row.wanted_rotation };
  });
}

/** Pages that wait or are being read, of documents that are not deleted. */
export function countUnread(database: Database): number {
  const row = database.row<{ count: number }>(
    'count-unread',
    "SELECT count(*) AS count FROM pages p JOIN documents d ON d.id = p.document_id WHERE p.status IN ('waiting', 'reading') AND d.deleted_at IS NULL",
  );
  return row?.count ?? 0;
}

/** How many of these pages wait to be read. */
export function countWaiting(database: Database, ids: readonly string[]): number {
  const row = database.row<{ count: number }>('count-waiting', "SELECT count(*) AS count FROM pages WHERE status = 'waiting' AND id IN (SELECT value FROM json_each(:ids))", {
    ids: JSON.stringify(ids),
  });
  return row?.count ?? 0;
}

export interface PageFiles {
  documentId: string;
  displayFile: string | null;
  thumbnailFile: string;
}

/** Throws page-not-found. */
export function pageFilesOf(database: Database, pageId: string): PageFiles {
  const row = database.row<PageRow>('page-files', `SELECT ${pageColumns} FROM pages p WHERE p.id = :pageId`, { pageId });
  if (!row) throw new AppError('page-not-found', { pageId });
  return { documentId: row.document_id, displayFile: row.display_file, thumbnailFile: row.thumbnail_file };
}
