// Which files and pages the arguments of a verb name. Knows no verb.
import { open, readdir, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
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

export interface FoundFile extends Wanted {
  /** Below which subfolder of a given folder it was found; '' for a file that was given itself. */
  readonly folder: string;
}

/** Names under which pictures and PDFs lie in folders: one that cannot be opened is a file that failed, not another kind of file. */
const readableNames = /\.(?:png|jpe?g|jfif|webp|tiff?|gif|bmp|avif|svg|hei[cf]|pdf)$/i;

/**
 * The files that arguments name: folders are walked with all below them, in the order of their names, without hidden files and
 * without `except`. `others` are what else lies there, by name.
 * @throws nothing: a file that was given itself, or whose name promises a picture or a PDF, is returned as it is, whatever it may be
 */
export async function foundFiles(given: readonly string[], except: string | null): Promise<{ files: FoundFile[]; others: string[] }> {
  const files: FoundFile[] = [], others: string[] = [];
  const walk = async (root: string, folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      // A link to a folder may lead back up.
      if (entry.name.startsWith('.') || path === except || (entry.isSymbolicLink() && (await stat(path).catch(() => null))?.isDirectory())) continue;
      if (entry.isDirectory()) await walk(root, path);
      else {
        const name = relative(process.cwd(), path);
        if (readableNames.test(name) || (await formatOf(path).then(() => true, () => false))) files.push({ name, path, page: null, folder: relative(root, folder) });
        else others.push(name);
      }
    }
  };
  for (const argument of given) {
    const wanted = await wantedOf(argument);
    if ((await stat(wanted.path).catch(() => null))?.isDirectory()) await walk(wanted.path, wanted.path);
    else files.push({ ...wanted, folder: '' });
  }
  return { files, others };
}
