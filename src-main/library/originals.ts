// The original files, copied into the library under the hash of their content. A copy is whole before it gets its name.
import { createHash, randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileFormat } from '@contract/document.ts';
import { AppError, fileError } from '../base/errors.ts';
import { formatHeaderBytes, sniffFormat } from '../base/file-format.ts';

const chunkBytes = 1 << 20;
/** Larger files are refused: nothing Lectern opens is that large by honest means. */
export const maxFileBytes = 4 * 2 ** 30;
const temporaryPrefix = '.incoming-';

export interface Original {
  contentHash: string;
  format: FileFormat;
  sizeBytes: number;
}

export function originalPath(folder: string, original: Pick<Original, 'contentHash' | 'format'>): string {
  return join(folder, original.contentHash.slice(0, 2), `${original.contentHash}.${original.format}`);
}

/**
 * Copies a file into `folder`, streaming, and names the copy by its content. Throws file-not-found, file-unreadable,
 * file-is-folder, file-empty, file-unsupported, file-too-large, disk-full, job-cancelled.
 */
export async function keepOriginal(folder: string, path: string, signal: AbortSignal): Promise<Original> {
  const file = basename(path);
  let source: FileHandle | null = null;
  try {
    // Asked before opening: opening a pipe would wait for its writer for ever.
    const facts = await stat(path);
    if (facts.isDirectory()) throw new AppError('file-is-folder', { file });
    if (!facts.isFile()) throw new AppError('file-unsupported', { file });
    if (facts.size > maxFileBytes) throw new AppError('file-too-large', { file, sizeBytes: facts.size, limitBytes: maxFileBytes });
    source = await open(path, 'r');
    const first = Buffer.alloc(chunkBytes);
    const firstLength = await fill(source, first);
    if (firstLength === 0) throw new AppError('file-empty', { file });
    const format = sniffFormat(first.subarray(0, Math.min(firstLength, formatHeaderBytes)));
    if (!format) throw new AppError('file-unsupported', { file });
    return await store(folder, format, chunksOf(source, first, firstLength), file, signal);
  } catch (error) {
    throw fileError(error, file);
  } finally {
    await source?.close();
  }
}

/** The same for bytes in memory. Throws file-empty, file-unsupported, disk-full. */
export async function keepBytes(folder: string, bytes: Uint8Array, file: string, signal: AbortSignal): Promise<Original> {
  if (bytes.length === 0) throw new AppError('file-empty', { file });
  const format = sniffFormat(bytes.subarray(0, formatHeaderBytes));
  if (!format) throw new AppError('file-unsupported', { file });
  try {
    return await store(folder, format, [bytes], file, signal);
  } catch (error) {
    throw fileError(error, file, 'write-failed');
  }
}

async function fill(source: FileHandle, buffer: Buffer): Promise<number> {
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await source.read(buffer, length, buffer.length - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}

async function* chunksOf(source: FileHandle, first: Buffer, firstLength: number): AsyncGenerator<Uint8Array> {
  yield first.subarray(0, firstLength);
  // The chunk is hashed and written before the next is asked for, so one buffer serves all.
  while (firstLength === first.length) {
    const length = await fill(source, first);
    if (length === 0) return;
    yield first.subarray(0, length);
    if (length < first.length) return;
  }
}

async function store(folder: string, format: FileFormat, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, file: string, signal: AbortSignal): Promise<Original> {
  await writing(mkdir(folder, { recursive: true }), file);
  const temporary = join(folder, `${temporaryPrefix}${randomUUID()}`);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const target = await writing(open(temporary, 'wx'), file);
  try {
    for await (const chunk of chunks) {
      if (signal.aborted) throw new AppError('job-cancelled');
      sizeBytes += chunk.length;
      if (sizeBytes > maxFileBytes) throw new AppError('file-too-large', { file, sizeBytes, limitBytes: maxFileBytes });
      hash.update(chunk);
      await writing(target.writeFile(chunk), file);
    }
    await writing(target.sync(), file);
    await target.close();
    const original: Original = { contentHash: hash.digest('hex'), format, sizeBytes };
    const path = originalPath(folder, original);
    await writing(mkdir(dirname(path), { recursive: true }), file);
    await writing(rename(temporary, path), file);
    await syncFolder(dirname(path));
    return original;
  } catch (error) {
    await target.close().catch(() => {});
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A failure on the library's side must not be told as if the user's file were unreadable. */
async function writing<T>(work: Promise<T>, file: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const named = fileError(error, file, 'write-failed');
    throw named.code === 'disk-full' ? named : new AppError('write-failed', { file }, error);
  }
}

/** Makes the new name survive a power cut; not every file system (nor Windows) allows it. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Best effort: the copy itself is on disk.
  }
}

/** Removes half copies that a killed process left behind. */
export async function sweepOriginals(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => name.startsWith(temporaryPrefix));
  for (const name of left) await rm(join(folder, name), { force: true });
  return left.length;
}
