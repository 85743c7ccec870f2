// Writes a file so that a reader sees the old content or the new, never a part. Knows nothing of what it writes.
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, fileError, systemCode } from './errors.ts';

export interface AtomicWriteOptions {
  /** False: throw file-exists when the name is taken, also by someone who took it meanwhile. Default true. */
  overwrite?: boolean;
}

/** Throws disk-full, file-exists, write-failed (no such folder, no permission, read-only medium). */
export async function writeFileAtomically(path: string, content: string | Uint8Array, options: AtomicWriteOptions = {}): Promise<void> {
  const temporary = join(dirname(path), `.lectern-${randomUUID()}.tmp`);
  let reserved = false;
  try {
    if (options.overwrite === false) {
      // Taking the name first is the only step that can tell "exists" without a race.
      await (await open(path, 'wx')).close();
      reserved = true;
    }
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    if (reserved) await rm(path, { force: true }).catch(() => {});
    const named = fileError(error, basename(path), 'write-failed');
    if (named.code === 'disk-full' || named.code === 'file-exists') throw named;
    throw new AppError('write-failed', { file: basename(path), folder: dirname(path), reason: systemCode(error) ?? 'unknown' }, error);
  }
}
