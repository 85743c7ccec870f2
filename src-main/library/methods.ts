// What the library can be asked, by name: the one list that the worker serves and main calls. Joins rows and files.
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Correction } from '@contract/correction.ts';
import { linesOf } from '@contract/document.ts';
import type { FileFormat, LibraryDocument, Page, PageText, SearchHit } from '@contract/document.ts';
import type { WireError } from '@contract/errors.ts';
import type { Quad, Rotation } from '@contract/geometry.ts';
import type { PreparedPage } from '@contract/job.ts';
import { textOverLines } from '../layout/text-over-lines.ts';
import { comparisonMethods } from './comparison-methods.ts';
import { stopComparisons } from './comparisons.ts';
import { conversationMethods } from './conversation-methods.ts';
import { extractionMethods } from './extraction-methods.ts';
import { interruptAnswers, purgeConversations } from './conversations.ts';
import * as corrections from './corrections.ts';
import type { Database } from './database.ts';
import * as documents from './documents.ts';
import { importBytes, importFiles } from './import-files.ts';
import type { ImportBatch } from './import-files.ts';
import { otherReading } from './line-edits.ts';
import { originalPath, sweepOriginals } from './originals.ts';
import * as pages from './pages.ts';
import { search } from './search.ts';
import type { SearchInput } from './search.ts';

const keepDeletedMs = 30 * 24 * 60 * 60 * 1000;

interface Context {
  signal: AbortSignal;
}

/** A document or page changed: whole rows, for the events that follow. */
export interface Changed {
  documents: LibraryDocument[];
  pages: Page[];
}

export interface Corrected {
  page: Page;
  text: PageText;
}

export interface WorkToPrepare {
  documentId: string;
  path: string;
  format: FileFormat;
  outputFolder: string;
}

export interface WorkToRead extends pages.PageToRead {
  path: string;
  format: FileFormat;
}

export interface PagePaths {
  documentId: string;
  /** What the window draws. Files of pages may not be drawn yet. */
  image: string;
  thumbnail: string;
  /** What they are drawn from, and how large the page is. */
  source: { path: string; format: FileFormat; pageIndex: number };
  width: number;
  height: number;
}

export function libraryMethods(database: Database, folder: string) {
  const originals = join(folder, 'originals');
  const pagesFolder = (documentId: string): string => join(folder, 'pages', documentId);
  const changed = (changedPages: Page[]): Changed => ({
    documents: documents.documentsById(database, [...new Set(changedPages.map((one) => one.documentId))]),
    pages: changedPages,
  });

  /** The same error with the name that the user knows: the engine only saw the copy. */
  const withName = (error: WireError, documentId: string): WireError => ({ ...error, data: { ...error.data, file: documents.documentById(database, documentId).fileName } });

  return {
    /** Tidies up after the last session: half copies, interrupted readings, documents deleted long ago. */
    async start(_input: null): Promise<null> {
      pages.waitAgain(database, 'all');
      interruptAnswers(database);
      stopComparisons(database);
      purgeConversations(database, Date.now() - keepDeletedMs);
      await sweepOriginals(originals);
      for (const gone of documents.purgeDocuments(database, Date.now() - keepDeletedMs)) {
        await rm(originalPath(originals, gone), { force: true });
        await rm(pagesFolder(gone.id), { recursive: true, force: true });
      }
      return null;
    },

    importFiles: (input: { paths: readonly string[] }, { signal }: Context): Promise<ImportBatch> => importFiles(database, folder, input.paths, signal),
    importBytes: (input: { bytes: Uint8Array; fileName: string }, { signal }: Context): Promise<ImportBatch> => importBytes(database, folder, input.bytes, input.fileName, signal),

    listDocuments: (_input: null): LibraryDocument[] => documents.listDocuments(database),
    documentsById: (input: { documentIds: readonly string[] }): LibraryDocument[] => documents.documentsById(database, input.documentIds),
    renameDocument: (input: { documentId: string; title: string }): LibraryDocument => documents.renameDocument(database, input.documentId, input.title),
    tagDocuments: (input: { documentIds: readonly string[]; add: readonly string[]; remove: readonly string[] }): LibraryDocument[] => documents.tagDocuments(database, input.documentIds, input.add, input.remove),
    deleteDocuments: (input: { documentIds: readonly string[] }): string[] => documents.deleteDocuments(database, input.documentIds, Date.now()),
    restoreDocuments: (input: { documentIds: readonly string[] }): LibraryDocument[] => documents.restoreDocuments(database, input.documentIds),

    nextToPrepare(input: { first: readonly string[]; except: readonly string[] }): WorkToPrepare | null {
      const next = documents.nextToPrepare(database, input.first, input.except);
      if (!next) return null;
      return { documentId: next.id, path: originalPath(originals, next), format: next.format, outputFolder: pagesFolder(next.id) };
    },
    savePrepared(input: { documentId: string; pages: readonly PreparedPage[] }): Changed {
      pages.addPages(
        database,
        input.documentId,
        input.pages.map((one, index) => ({
          id: `${input.documentId}-${index}`,
          width: one.width,
          height: one.height,
          notes: one.notes,
          displayFile: one.displayFile === null ? null : basename(one.displayFile),
          thumbnailFile: basename(one.thumbnailFile),
        })),
      );
      return { documents: [documents.documentById(database, input.documentId)], pages: pages.pagesOf(database, input.documentId) };
    },
    failDocument: (input: { documentId: string; error: WireError }): LibraryDocument => documents.failDocument(database, input.documentId, withName(input.error, input.documentId)),
    /** A password was given: what failed for want of one is tried again. */
    unlockDocument(input: { documentId: string }): Changed {
      const document = documents.documentById(database, input.documentId);
      if (document.status === 'failed' && document.error?.code === 'pdf-encrypted') documents.prepareAgain(database, document.id);
      const locked = pages.pagesOf(database, document.id).filter((page) => page.error?.code === 'pdf-encrypted');
      return database.transaction(() => {
        for (const page of locked) pages.readAgain(database, page.id, null);
        return { documents: [documents.documentById(database, document.id)], pages: pages.pagesById(database, locked.map((page) => page.id)) };
      });
    },
    /** A password opened a document for the first time: what failed for want of one is tried again, too. */
    tryLocked(input: { except: string }): Changed {
      const changed = documents.lockedDocuments(database).filter((id) => id !== input.except).map((documentId) => this.unlockDocument({ documentId }));
      return { documents: changed.flatMap((one) => one.documents), pages: changed.flatMap((one) => one.pages) };
    },
    /** What kept it from opening may be mended: it is tried again. */
    openAgain({ documentId }: { documentId: string }): Changed {
      if (documents.documentById(database, documentId).status === 'failed') documents.prepareAgain(database, documentId);
      return { documents: [documents.documentById(database, documentId)], pages: [] };
    },
    countDocumentCrash: (input: { documentId: string }): number => documents.countDocumentCrash(database, input.documentId),

    pagesById: (input: { pageIds: readonly string[] }): Page[] => pages.pagesById(database, input.pageIds),
    pagesOf: (input: { documentId: string }): Page[] => {
      documents.documentById(database, input.documentId);
      return pages.pagesOf(database, input.documentId);
    },
    originalOf(input: { documentId: string }): { path: string; format: FileFormat } {
      const document = documents.documentById(database, input.documentId);
      return { path: originalPath(originals, document), format: document.format };
    },
    pageById: (input: { pageId: string }): Page => pages.pageById(database, input.pageId),
    pageText: (input: { pageId: string }): PageText | null => pages.pageTextOf(database, input.pageId),
    pagePaths(input: { pageId: string }): PagePaths {
      const files = pages.pageFilesOf(database, input.pageId);
      const own = pagesFolder(files.documentId);
      const document = documents.documentById(database, files.documentId);
      const { index, width, height } = pages.pageById(database, input.pageId);
      const path = originalPath(originals, document);
      return {
        documentId: files.documentId,
        image: files.displayFile === null ? path : join(own, files.displayFile),
        thumbnail: join(own, files.thumbnailFile),
        source: { path, format: document.format, pageIndex: index },
        width,
        height,
      };
    },
    takeNextPage(input: { first: readonly string[] }): { work: WorkToRead; changed: Changed } | null {
      const next = pages.takeNextPage(database, input.first);
      if (!next) return null;
      const document = documents.documentById(database, next.documentId);
      return { work: { ...next, path: originalPath(originals, document), format: document.format }, changed: changed([pages.pageById(database, next.pageId)]) };
    },
    savePageText(input: { pageId: string; text: PageText }): Changed {
      database.transaction(() => {
        const isStep = corrections.readAnew(database, input.pageId, input.text);
        pages.savePageText(database, input.pageId, input.text, !isStep);
      });
      return changed([pages.pageById(database, input.pageId)]);
    },
    /** What a step makes of a page: the page and its text. `after` is how many steps the caller saw. */
    correct(input: { pageId: string; after: number; correction: Correction }): Corrected {
      const text = corrections.correct(database, input.pageId, input.after, input.correction);
      return { page: pages.pageById(database, input.pageId), text };
    },
    /** Lines as another reader wrote them down: its text is laid on them, one step. */
    correctByReading({ pageId, after, lines, text }: { pageId: string; after: number; lines: readonly number[]; text: string }): Corrected {
      const wanted = [...lines].sort((a, b) => a - b);
      const old = linesOf(pages.pageTextOf(database, pageId) ?? { regions: [] }).filter((_, index) => wanted.includes(index));
      const texts = textOverLines(old.map((line) => line.text), text);
      const corrected = corrections.correct(database, pageId, after, { kind: 'replace', lines: wanted, with: old.map((line, at) => otherReading(line, texts[at] ?? '')) });
      return { page: pages.pageById(database, pageId), text: corrected };
    },
    /** Where lines of a page stand, in reading order. */
    lineQuads(input: { pageId: string; lines: readonly number[] }): Quad[] {
      const lines = linesOf(pages.pageTextOf(database, input.pageId) ?? { regions: [] });
      return lines.filter((_, index) => input.lines.includes(index)).map((line) => line.quad);
    },
    undoCorrection(input: { pageId: string }): Corrected | null {
      const text = corrections.undo(database, input.pageId);
      return text && { page: pages.pageById(database, input.pageId), text };
    },
    redoCorrection(input: { pageId: string }): Corrected | null {
      const text = corrections.redo(database, input.pageId);
      return text && { page: pages.pageById(database, input.pageId), text };
    },
    readAgain: (input: { pageId: string; rotation: Rotation | null }): Changed => changed([pages.readAgain(database, input.pageId, input.rotation)]),
    failPages: (input: { pageIds: readonly string[]; error: WireError }): Changed =>
      database.transaction(() => changed(pages.pagesById(database, input.pageIds).flatMap((page) => pages.failPages(database, [page.id], withName(input.error, page.documentId))))),
    waitAgain(input: { pageIds: readonly string[] }): Changed {
      pages.waitAgain(database, input.pageIds);
      return changed(pages.pagesById(database, input.pageIds));
    },
    countPageCrash: (input: { pageId: string }): number => pages.countPageCrash(database, input.pageId),
    countWaiting: (input: { pageIds: readonly string[] }): number => pages.countWaiting(database, input.pageIds),
    countUnread: (_input: null): number => pages.countUnread(database),

    ...conversationMethods(database, originals),
    ...comparisonMethods(database),
    ...extractionMethods(database),

    search: (input: SearchInput): SearchHit[] => search(database, input),

    /** Things remembered about the library itself. */
    fact: (input: { key: string }): string | null => database.row<{ value: string }>('fact', 'SELECT value FROM facts WHERE key = :key', { key: input.key })?.value ?? null,
    setFact(input: { key: string; value: string }): null {
      database.run('set-fact', 'INSERT INTO facts (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value', { ...input });
      return null;
    },
    /** The last call: no half-written log is left for the next start. */
    close(_input: null): null {
      pages.waitAgain(database, 'all');
      interruptAnswers(database);
      database.close();
      return null;
    },
  };
}

export type LibraryMethods = ReturnType<typeof libraryMethods>;
