// Hashes of a package's files, and the temporary folder in which a package comes to be before it is put in place. Knows no contents.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, fileError, systemCode } from '../base/errors.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { type Job, partOf, throwIfCancelled } from '../base/job.ts';
import { manifestFile, type PackageManifest } from './package-format.ts';

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
function partialFolder(root: string, id: string): string {
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

/** Where a package shall be. */
export interface PackageTarget {
  /** Folder of all packages. */
  readonly root: string;
  /** Folder name of the package: lower-case letters, digits, dots and dashes. */
  readonly id: string;
  /** For people. Default: the name of the folder it is made from. */
  readonly name?: string;
  /** Replace a package of this id. Default false. */
  readonly overwrite?: boolean;
  /** Runs the finished package before it is put in place; throwing discards it. */
  readonly smokeRun?: (job: Job, folder: string) => Promise<void>;
}

/** @throws package-exists */
export async function expectNoPackage({ root, id, overwrite }: PackageTarget): Promise<void> {
  if (!overwrite && (await stat(join(root, id)).then(() => true, () => false))) throw new AppError('package-exists', { id });
}

/**
 * Makes a package in a temporary folder, which `fill` writes everything into but the manifest, tries it and renames it into place. What
 * fails or is cancelled leaves nothing behind.
 * @throws package-exists, disk-insufficient, disk-full, write-failed, job-cancelled, and what `fill` and the smoke run throw
 */
export async function placePackage(job: Job, target: PackageTarget, neededBytes: number, fill: (folder: string) => Promise<PackageManifest>): Promise<PackageManifest> {
  const { root, id } = target;
  await expectNoPackage(target);
  const partial = partialFolder(root, id);
  try {
    await mkdir(root, { recursive: true });
    await removeAbandoned(root);
    await expectDiskSpace(root, neededBytes);
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    const manifest = await fill(partial);
    await writeFileAtomically(join(partial, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
    job.progress('loading', 0.97, 'trying it');
    await target.smokeRun?.(partOf(job, 0.97, 1), partial);
    throwIfCancelled(job);
    if (target.overwrite) await rm(join(root, id), { recursive: true, force: true });
    await rename(partial, join(root, id));
    return manifest;
  } catch (error) {
    throw systemCode(error) ? fileError(error, id, 'write-failed') : error;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** @throws disk-insufficient with both numbers */
export async function expectDiskSpace(folder: string, neededBytes: number): Promise<void> {
  const disk = await statfs(folder);
  const availableBytes = disk.bavail * disk.bsize;
  if (availableBytes < neededBytes) throw new AppError('disk-insufficient', { folder, neededBytes, availableBytes });
}
