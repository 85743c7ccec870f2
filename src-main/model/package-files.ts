// Hashes and sizes of a package's files, and the names of the temporary folders in which packages come to be. Knows no contents.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, fileError, systemCode } from '../base/errors.ts';
import { type Job, throwIfCancelled } from '../base/job.ts';
import type { PackageManifest } from './package-format.ts';

export type PackageFile = PackageManifest['files'][number];

/** SHA-256 of a whole file, in hexadecimal. `onBytes` hears how much was read. */
export async function hashFile(job: Pick<Job, 'signal'>, path: string, onBytes?: (bytes: number) => void): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 4 << 20 })) {
      throwIfCancelled(job);
      hash.update(chunk as Uint8Array);
      onBytes?.((chunk as Uint8Array).byteLength);
    }
  } catch (error) {
    throw systemCode(error) ? fileError(error, path) : error;
  }
  return hash.digest('hex');
}

const partialName = /^\.(.+)\.(\d+)\.partial$/;

/** A folder beside the finished packages that is not one yet; names its process, so that what a crash left can be told apart. */
export function partialFolder(root: string, id: string): string {
  return join(root, `.${id}.${process.pid}.partial`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Removes unfinished folders whose process is gone. */
export async function removeAbandoned(root: string): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const match = partialName.exec(name);
    if (match && !isAlive(Number(match[2]))) await rm(join(root, name), { recursive: true, force: true });
  }
}

/** @throws disk-insufficient with both numbers */
export async function expectDiskSpace(folder: string, neededBytes: number): Promise<void> {
  const disk = await statfs(folder);
  const availableBytes = disk.bavail * disk.bsize;
  if (availableBytes < neededBytes) throw new AppError('disk-insufficient', { folder, neededBytes, availableBytes });
}
