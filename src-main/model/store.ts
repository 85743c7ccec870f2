// The packages on this machine: one folder each below the models folder. Lists, describes, verifies and removes them; how they come to be is
// the compiler's business.
import { readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, systemCode } from '../base/errors.ts';
import { type Job, partOf, throwIfCancelled } from '../base/job.ts';
import { hashFile, type PackageFile, removeAbandoned } from './package-files.ts';
import { type PackageManifest, manifestFile, packageManifest } from './package-format.ts';

export interface StoredPackage {
  readonly folder: string;
  readonly manifest: PackageManifest;
  readonly sizeBytes: number;
}

/** A folder that ought to be a package and is not. */
export interface BrokenPackage {
  readonly id: string;
  readonly folder: string;
  readonly reason: string;
}

const idPattern = /^[a-z0-9][a-z0-9.-]*$/;

/**
 * The manifest of the package in `folder`.
 * @throws package-not-found, package-damaged
 */
export async function readPackage(folder: string): Promise<StoredPackage> {
  let text: string;
  try {
    text = await readFile(join(folder, manifestFile), 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') throw new AppError('package-not-found', { folder }, error);
    throw new AppError('package-damaged', { folder, file: manifestFile, reason: systemCode(error) ?? 'unreadable' }, error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError('package-damaged', { folder, file: manifestFile, reason: 'not JSON' }, error);
  }
  const parsed = packageManifest.safeParse(json);
  if (!parsed.success) throw new AppError('package-damaged', { folder, file: manifestFile, reason: parsed.error.issues[0]?.message ?? 'unknown form' });
  return { folder, manifest: parsed.data, sizeBytes: parsed.data.files.reduce((sum, file) => sum + file.sizeBytes, 0) };
}

/** All packages below `root`, by id; broken ones apart. A root that does not exist has none. */
export async function listPackages(root: string): Promise<{ packages: StoredPackage[]; broken: BrokenPackage[] }> {
  await removeAbandoned(root);
  const names = await readdir(root).catch(() => [] as string[]);
  const packages: StoredPackage[] = [];
  const broken: BrokenPackage[] = [];
  for (const id of names.filter((name) => idPattern.test(name)).sort()) {
    const folder = join(root, id);
    if (!(await stat(folder)).isDirectory()) continue;
    try {
      packages.push(await readPackage(folder));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      broken.push({ id, folder, reason: String(error.data['reason'] ?? error.code) });
    }
  }
  return { packages, broken };
}

/** The folder of package `id`. @throws model-not-found with the ids that exist */
export async function findPackage(root: string, id: string): Promise<string> {
  const folder = join(root, id);
  if (idPattern.test(id) && (await stat(folder).catch(() => null))?.isDirectory()) return folder;
  const { packages, broken } = await listPackages(root);
  throw new AppError('model-not-found', { name: id, known: [...packages.map((one) => one.manifest.id), ...broken.map((one) => one.id)] });
}

async function changedFiles(job: Job, folder: string, files: readonly PackageFile[]): Promise<string[]> {
  const total = files.reduce((sum, file) => sum + file.sizeBytes, 0) || 1;
  const wrong: string[] = [];
  let done = 0;
  for (const file of files) {
    throwIfCancelled(job);
    const path = join(folder, file.name);
    const found = await stat(path).catch(() => null);
    if (!found) wrong.push(`${file.name}: missing`);
    else if (found.size !== file.sizeBytes) wrong.push(`${file.name}: ${found.size} bytes instead of ${file.sizeBytes}`);
    else if ((await hashFile(job, path, (bytes) => job.progress('loading', (done += bytes) / total, file.name))) !== file.sha256) wrong.push(`${file.name}: its content has changed`);
  }
  return wrong;
}

/**
 * Compares every file of the package with its recorded size and hash; with `source`, also the weight files there with those that the
 * package was made from.
 * @returns one line per file that is not as recorded; none means it is whole
 * @throws package-not-found, package-damaged, job-cancelled
 */
export async function verifyPackage(job: Job, folder: string, source?: string): Promise<string[]> {
  const { manifest } = await readPackage(folder);
  const wrong = await changedFiles(partOf(job, 0, source === undefined ? 1 : 0.5), folder, manifest.files);
  if (source === undefined) return wrong;
  const changed = await changedFiles(partOf(job, 0.5, 1), source, manifest.source.files);
  return [...wrong, ...changed.map((line) => `${join(source, line)}`)];
}

/** Removes a package: renamed first, so that it is gone at once and half a package is never seen. @throws model-not-found */
export async function removePackage(root: string, id: string): Promise<void> {
  const folder = await findPackage(root, id);
  // The name of an unfinished folder whose process is gone: what a crash leaves of it is cleared away later.
  const doomed = join(root, `.${id}.${process.pid}.partial`);
  await rm(doomed, { recursive: true, force: true });
  await rename(folder, doomed);
  await rm(doomed, { recursive: true, force: true });
}
