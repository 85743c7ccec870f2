// Brings files into the library: the original is kept first, the row comes second, so a row never points at nothing.
import { randomUUID } from 'node:crypto';
import { basename, extname, join } from 'node:path';
import type { ImportResult } from '@contract/requests.ts';
import { isCancellation, toWireError } from '../base/errors.ts';
import { addDocument, documentByHash, prepareAgain, restoreDocuments } from './documents.ts';
import type { Database } from './database.ts';
import { keepBytes, keepOriginal } from './originals.ts';
import type { Original } from './originals.ts';

/** Files whose copies are made at once: enough to hide the disk's waits, few enough to keep memory flat. */
const parallelCopies = 4;
/** A batch ends after this long, so that its rows can be shown. */
const batchMs = 150;
/** Longest title made from a file name; the file name itself is kept whole. */
const maxTitleLength = 200;

export interface ImportBatch extends Pick<ImportResult, 'documents' | 'alreadyThere' | 'refused'> {
  /** How many of the given files this batch dealt with, from the first. */
  handled: number;
}

interface Kept {
  path: string;
  fileName: string;
  original: Original;
}

let lastCreatedAt = 0;

/** The time, but never the same twice: files that come together keep their order in every list. */
function nextCreatedAt(): number {
  lastCreatedAt = Math.max(Date.now(), lastCreatedAt + 1);
  return lastCreatedAt;
}

const emptyBatch = (): ImportBatch => ({ documents: [], alreadyThere: [], refused: [], handled: 0 });

export function titleOf(fileName: string): string {
  const name = basename(fileName, extname(fileName)).normalize('NFC').trim() || fileName;
  return [...name].length <= maxTitleLength ? name : `${[...name].slice(0, maxTitleLength - 1).join('')}…`;
}

/** Imports as many of `paths` as fit into one batch, at least one. What fails, fails per file; when cancelled, what is already copied stays. */
export async function importFiles(database: Database, libraryFolder: string, paths: readonly string[], signal: AbortSignal): Promise<ImportBatch> {
  const started = Date.now();
  const batch = emptyBatch();
  const kept: Kept[] = [];
  while (batch.handled < paths.length && !signal.aborted && (batch.handled === 0 || Date.now() - started < batchMs)) {
    const group = paths.slice(batch.handled, batch.handled + parallelCopies);
    const outcomes = await Promise.allSettled(group.map((path) => keepOriginal(join(libraryFolder, 'originals'), path, signal)));
    for (const [at, outcome] of outcomes.entries()) {
      const path = group[at]!;
      if (outcome.status === 'fulfilled') kept.push({ path, fileName: basename(path), original: outcome.value });
      else if (!isCancellation(outcome.reason)) batch.refused.push({ fileName: basename(path), path, error: toWireError(outcome.reason) });
    }
    batch.handled += group.length;
  }
  addRows(database, kept, batch);
  return batch;
}

/** Imports a picture that has no file. */
export async function importBytes(database: Database, libraryFolder: string, bytes: Uint8Array, fileName: string, signal: AbortSignal): Promise<ImportBatch> {
  const batch: ImportBatch = { ...emptyBatch(), handled: 1 };
  try {
    addRows(database, [{ path: '', fileName, original: await keepBytes(join(libraryFolder, 'originals'), bytes, fileName, signal) }], batch);
  } catch (error) {
    batch.refused.push({ fileName, path: '', error: toWireError(error) });
  }
  return batch;
}

function addRows(database: Database, kept: readonly Kept[], batch: ImportBatch): void {
  if (kept.length === 0) return;
  const documents: string[] = [];
  const alreadyThere: string[] = [];
  try {
    database.transaction(() => {
      for (const { fileName, original } of kept) {
        const there = documentByHash(database, original.contentHash);
        if (there) {
          // A failed document is worth another try; a deleted one is wanted again.
          if (there.status === 'failed') prepareAgain(database, there.id);
          if (there.deletedAt !== null) restoreDocuments(database, [there.id]);
          (there.deletedAt === null ? alreadyThere : documents).push(there.id);
          continue;
        }
        const id = randomUUID();
        addDocument(database, { id, title: titleOf(fileName), fileName, createdAt: nextCreatedAt(), ...original });
        documents.push(id);
      }
    });
    batch.documents.push(...documents);
    batch.alreadyThere.push(...alreadyThere);
  } catch (error) {
    batch.refused.push(...kept.map(({ fileName, path }) => ({ fileName, path, error: toWireError(error) })));
  }
}
