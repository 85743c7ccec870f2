// Rows of documents: reading, adding, renaming, deleting and restoring. Knows no file system and no pages' text.
import { z } from 'zod';
import { tag, type LibraryDocument } from '@contract/document.ts';
import { wireError } from '@contract/errors.ts';
import type { WireError } from '@contract/errors.ts';
import { AppError } from '../base/errors.ts';
import type { Database } from './database.ts';

interface DocumentRow {
  id: string;
  title: string;
  file_name: string;
  format: LibraryDocument['format'];
  size_bytes: number;
  content_hash: string;
  status: LibraryDocument['status'];
  error: string | null;
  page_count: number;
  read_count: number;
  failed_count: number;
  tags: string;
  created_at: number;
  deleted_at: number | null;
}

const selectDocuments = `
  SELECT d.*,
    (SELECT count(*) FROM pages p WHERE p.document_id = d.id) AS page_count,
    (SELECT count(*) FROM pages p WHERE p.document_id = d.id AND p.status = 'read') AS read_count,
    (SELECT count(*) FROM pages p WHERE p.document_id = d.id AND p.status = 'failed') AS failed_count
  FROM documents d`;

export function parseError(text: string | null): WireError | null {
  return text === null ? null : wireError.parse(JSON.parse(text));
}

function documentOf(row: DocumentRow): LibraryDocument {
  return {
    id: row.id,
    title: row.title,
    fileName: row.file_name,
    format: row.format,
    sizeBytes: row.size_bytes,
    contentHash: row.content_hash,
    status: row.status,
    error: parseError(row.error),
    pageCount: row.page_count,
    readCount: row.read_count,
    failedCount: row.failed_count,
    tags: z.array(tag).parse(JSON.parse(row.tags)),
    createdAt: row.created_at,
    deletedAt: row.deleted_at,
  };
}

/** Documents that are not deleted, oldest first. */
export function listDocuments(database: Database): LibraryDocument[] {
  return database.rows<DocumentRow>('list-documents', `${selectDocuments} WHERE d.deleted_at IS NULL ORDER BY d.seq`).map(documentOf);
}

/** The named documents in the order they were added, deleted ones too; unknown ids are left out. */
export function documentsById(database: Database, ids: readonly string[]): LibraryDocument[] {
  const rows = database.rows<DocumentRow>('documents-by-id', `${selectDocuments} WHERE d.id IN (SELECT value FROM json_each(:ids)) ORDER BY d.seq`, { ids: JSON.stringify(ids) });
  return rows.map(documentOf);
}

/** Throws document-not-found. */
export function documentById(database: Database, documentId: string): LibraryDocument {
  const [found] = documentsById(database, [documentId]);
  if (!found) throw new AppError('document-not-found', { documentId });
  return found;
}

export function documentByHash(database: Database, contentHash: string): LibraryDocument | null {
  const row = database.row<DocumentRow>('document-by-hash', `${selectDocuments} WHERE d.content_hash = :contentHash`, { contentHash });
  return row ? documentOf(row) : null;
}

export function addDocument(database: Database, added: Pick<LibraryDocument, 'id' | 'title' | 'fileName' | 'format' | 'sizeBytes' | 'contentHash' | 'createdAt'>): void {
  database.run(
    'add-document',
    `INSERT INTO documents (id, title, file_name, format, size_bytes, content_hash, status, created_at)
     VALUES (:id, :title, :fileName, :format, :sizeBytes, :contentHash, 'preparing', :createdAt)`,
    { ...added },
  );
}

/** Throws document-not-found. */
export function renameDocument(database: Database, documentId: string, title: string): LibraryDocument {
  if (!database.run('rename-document', 'UPDATE documents SET title = :title WHERE id = :documentId', { documentId, title })) {
    throw new AppError('document-not-found', { documentId });
  }
  return documentById(database, documentId);
}

/** Puts tags on documents and takes others off; the documents as they are then. */
export function tagDocuments(database: Database, ids: readonly string[], add: readonly string[], remove: readonly string[]): LibraryDocument[] {
  return database.transaction(() => {
    for (const document of documentsById(database, ids)) {
      const tags = [...new Set([...document.tags.filter((one) => !remove.includes(one)), ...add])].sort((a, b) => a.localeCompare(b));
      database.run('tag-document', 'UPDATE documents SET tags = :tags WHERE id = :id', { id: document.id, tags: JSON.stringify(tags) });
    }
    return documentsById(database, ids);
  });
}

/** Soft delete; the ids that were really there. */
export function deleteDocuments(database: Database, ids: readonly string[], now: number): string[] {
  const rows = database.rows<{ id: string }>(
    'delete-documents',
    'UPDATE documents SET deleted_at = :now WHERE deleted_at IS NULL AND id IN (SELECT value FROM json_each(:ids)) RETURNING id',
    { ids: JSON.stringify(ids), now },
  );
  return rows.map((row) => row.id);
}

export function restoreDocuments(database: Database, ids: readonly string[]): LibraryDocument[] {
  database.run('restore-documents', 'UPDATE documents SET deleted_at = NULL WHERE id IN (SELECT value FROM json_each(:ids))', { ids: JSON.stringify(ids) });
  return documentsById(database, ids);
}

/** Removes documents deleted before `before`, with everything that hangs on them; what their files were. */
export function purgeDocuments(database: Database, before: number): { id: string; contentHash: string; format: LibraryDocument['format'] }[] {
  return database.transaction(() => {
    const gone = database.rows<{ id: string; content_hash: string; format: LibraryDocument['format'] }>(
      'purgeable-documents',
      'SELECT id, content_hash, format FROM documents WHERE deleted_at < :before',
      { before },
    );
    database.run('purge-documents', 'DELETE FROM documents WHERE deleted_at < :before', { before });
    return gone.map((row) => ({ id: row.id, contentHash: row.content_hash, format: row.format }));
  });
}

/** Those that could not be opened, or of which a page could not be read, for want of a password. */
export function lockedDocuments(database: Database): string[] {
  return database.rows<{ id: string }>(
    'locked-documents',
    "SELECT id FROM documents WHERE deleted_at IS NULL AND (error ->> 'code' = 'pdf-encrypted' OR id IN (SELECT document_id FROM pages WHERE error ->> 'code' = 'pdf-encrypted'))",
  ).map(({ id }) => id);
}

/** Puts documents (back) in line for preparation. */
export function prepareAgain(database: Database, documentId: string): void {
  database.run('prepare-again', "UPDATE documents SET status = 'preparing', error = NULL, crashes = 0 WHERE id = :documentId", { documentId });
}

export function failDocument(database: Database, documentId: string, error: WireError): LibraryDocument {
  database.run('fail-document', "UPDATE documents SET status = 'failed', error = :error WHERE id = :documentId", { documentId, error: JSON.stringify(error) });
  return documentById(database, documentId);
}

/** Counts one more engine crash while this document was prepared; how many there were since it was last asked for. */
export function countDocumentCrash(database: Database, documentId: string): number {
  const row = database.row<{ crashes: number }>('count-document-crash', 'UPDATE documents SET crashes = crashes + 1 WHERE id = :documentId RETURNING crashes', { documentId });
  return row?.crashes ?? 0;
}

export interface DocumentToPrepare {
  id: string;
  contentHash: string;
  format: LibraryDocument['format'];
}

/** The next document to prepare: one of `first` before the oldest, none of `except`. */
export function nextToPrepare(database: Database, first: readonly string[], except: readonly string[]): DocumentToPrepare | null {
  const next = (name: string, condition: string): DocumentToPrepare | undefined =>
    database.row(
      name,
      `SELECT id, content_hash AS contentHash, format FROM documents
       WHERE status = 'preparing' AND deleted_at IS NULL AND id NOT IN (SELECT value FROM json_each(:except)) ${condition} ORDER BY seq LIMIT 1`,
      { first: JSON.stringify(first), except: JSON.stringify(except) },
    );
  return next('next-opened-to-prepare', 'AND id IN (SELECT value FROM json_each(:first))') ?? next('next-to-prepare', '') ?? null;
}
