// Walks what the user gave and hands it to the library batch by batch, telling the window after each. One import at a time.
import type { Dir } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ImportResult } from '@contract/requests.ts';
import { AppError, fileError, toWireError } from '../base/errors.ts';
import type { ImportBatch } from '../library/import-files.ts';
import type { Library } from './library-client.ts';

/** Paths sent to the library at once; how many it takes of them depends on their size. */
const pathsPerCall = 64;
/** Files that systems leave in folders and nobody means to import. */
const systemFiles = new Set(['thumbs.db', 'desktop.ini', 'icon\r']);

export interface ImportRunOptions {
  library: Library;
  /** After each batch: the ids whose rows are new or changed. */
  onStored(documentIds: readonly string[]): Promise<void>;
  onProgress(progress: { done: number; total: number; fileName: string }): void;
}

export interface Imports {
  paths(paths: readonly string[]): Promise<ImportResult>;
  bytes(bytes: Uint8Array, fileName: string): Promise<ImportResult>;
  /** Stops the import that runs and those that wait. What is stored stays. */
  cancel(): void;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

interface Found {
  files: string[];
  refused: ImportResult['refused'];
}

/** All files under the given paths, folders walked in natural order of names, each real folder once. */
export async function findFiles(paths: readonly string[], signal: AbortSignal): Promise<Found> {
  const found: Found = { files: [], refused: [] };
  const seenFolders = new Set<string>();
  const refuse = (path: string, error: unknown): void => {
    found.refused.push({ fileName: basename(path), path, error: toWireError(fileError(error, basename(path))) });
  };

  const walk = async (path: string, given: boolean): Promise<void> => {
    if (signal.aborted) return;
    let folder: Dir;
    try {
      const facts = await stat(path, { bigint: true });
      if (!facts.isDirectory()) {
        found.files.push(path);
        return;
      }
      // A link back up the tree leads to a folder that was seen.
      const identity = `${facts.dev}:${facts.ino}`;
      if (seenFolders.has(identity)) return;
      seenFolders.add(identity);
      folder = await opendir(path);
    } catch (error) {
      refuse(path, error);
      return;
    }
    const names: string[] = [];
    try {
      for await (const entry of folder) {
        if (!entry.name.startsWith('.') && !systemFiles.has(entry.name.toLowerCase())) names.push(entry.name);
      }
    } catch (error) {
      refuse(path, error);
    }
    if (given && names.length === 0) refuse(path, new AppError('file-is-folder', { file: basename(path) }));
    for (const name of names.sort(collator.compare)) await walk(join(path, name), false);
  };

  for (const path of paths) await walk(path, true);
  return found;
}

export function createImports(options: ImportRunOptions): Imports {
  const { library, onStored, onProgress } = options;
  let tail: Promise<unknown> = Promise.resolve();
  let controller = new AbortController();

  const inTurn = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const { signal } = controller;
    const mine = tail.then(() => work(signal));
    tail = mine.catch(() => {});
    return mine;
  };
  const add = async (result: ImportResult, batch: ImportBatch): Promise<void> => {
    result.documents.push(...batch.documents);
    result.alreadyThere.push(...batch.alreadyThere);
    result.refused.push(...batch.refused);
    const stored = [...batch.documents, ...batch.alreadyThere];
    if (stored.length) await onStored(stored);
  };
  const emptyResult = (): ImportResult => ({ documents: [], alreadyThere: [], refused: [], cancelled: false });

  return {
    paths: (paths) =>
      inTurn(async (signal) => {
        const { files, refused } = await findFiles(paths, signal);
        const result: ImportResult = { ...emptyResult(), refused };
        let done = 0;
        while (done < files.length && !signal.aborted) {
          onProgress({ done, total: files.length, fileName: basename(files[done]!) });
          const batch = await library.call('importFiles', { paths: files.slice(done, done + pathsPerCall) }, signal);
          await add(result, batch);
          done += batch.handled;
        }
        onProgress({ done: signal.aborted ? files.length : done, total: files.length, fileName: '' });
        return { ...result, cancelled: signal.aborted };
      }),
    bytes: (bytes, fileName) =>
      inTurn(async (signal) => {
        const result = emptyResult();
        await add(result, await library.call('importBytes', { bytes, fileName }, signal));
        return result;
      }),
    cancel() {
      controller.abort();
      controller = new AbortController();
    },
  };
}
