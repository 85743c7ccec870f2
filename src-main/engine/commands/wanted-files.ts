// Which files and pages the arguments of a verb name. Knows no verb.
import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FileFormat } from '@contract/document.ts';
import { AppError, fileError } from '../../base/errors.ts';
import { formatHeaderBytes, sniffFormat } from '../../base/file-format.ts';

export interface Wanted {
  /** As given, without the page. */
  readonly name: string;
  readonly path: string;
  /** From 0; null for all. */
  readonly page: number | null;
}

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);

/** @param argument a path, or `FILE.pdf#3` for its third page */
export async function wantedOf(argument: string): Promise<Wanted> {
  const path = resolve(argument);
  const numbered = /^(.+)#(\d+)$/.exec(argument);
  // A file may really be called that.
  if (numbered && !(await exists(path))) return { name: numbered[1]!, path: resolve(numbered[1]!), page: Number(numbered[2]) - 1 };
  return { name: argument, path, page: null };
}

/** Known by its first bytes. Throws the named error of a file that cannot be one. */
export async function formatOf(path: string): Promise<FileFormat> {
  try {
    if ((await stat(path)).isDirectory()) throw new AppError('file-is-folder', { file: path });
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(formatHeaderBytes), 0, formatHeaderBytes, 0);
      if (bytesRead === 0) throw new AppError('file-empty', { file: path });
      const format = sniffFormat(buffer.subarray(0, bytesRead));
      if (!format) throw new AppError('file-unsupported', { file: path });
      return format;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, path);
  }
}
