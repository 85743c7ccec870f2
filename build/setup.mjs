// Everything between a fresh clone and a program that can run: Node, npm packages, the build. Each step is skipped when its
// stamp says it is done. Built-ins only: this runs before anything is installed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, run, say } from './processes.mjs';

export const root = join(import.meta.dirname, '..');
/** Sends npm programs through the Node that runs us. */
export const bin = (name) => {
  const folder = join(root, 'node_modules', name);
  const { bin: entry } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof entry === 'string' ? entry : (entry[name.split('/').at(-1)] ?? Object.values(entry)[0]));
};

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) return;
  throw new SetupError(`Lectern needs Node 20.19 or newer (or 22.12 or newer); this is Node ${process.versions.node}. See https://nodejs.org/`);
}

const fingerprint = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
};
const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** `npm ci` when the lock file, or the Node that native packages were chosen for, is not the one that was installed. */
export async function ensurePackages() {
  const stamp = join(root, 'node_modules/.lectern-lock');
  const wanted = fingerprint(readFileSync(join(root, 'package-lock.json')), process.version, process.platform, process.arch);
  if (read(stamp) === wanted) return;
  say('Packages: npm ci …');
  const started = Date.now();
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    capture: true,
    shell: process.platform === 'win32',
    // Older npm versions run install scripts: ONNX Runtime's would download CUDA and fail without internet.
    env: { ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  if (code !== 0) throw new SetupError(`npm ci failed:\n${output.trim()}`);
  writeFileSync(stamp, wanted);
  say(`Packages: installed in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
}

/** The files under a folder, sorted, so that a fingerprint of them is stable. */
export function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Builds into out/ when any source differs from those that were built last. */
export async function ensureBuilt({ force = false } = {}) {
  const stamp = join(root, 'out/.built');
  const sources = ['src-main', 'src-preload', 'src-renderer'].flatMap((name) => filesUnder(join(root, name)));
  const configuration = ['electron.vite.config.ts', 'build/empty-frame.ts', 'package.json', 'package-lock.json'].map((name) => join(root, name));
  const wanted = fingerprint(...[...sources, ...configuration].flatMap((path) => [path.slice(root.length), readFileSync(path)]));
  if (!force && read(stamp) === wanted) return;
  say('Build: electron-vite build …');
  const started = Date.now();
  const { code, output } = await run(process.execPath, [bin('electron-vite'), 'build'], { cwd: root, capture: true });
  if (code !== 0) throw new SetupError(`The build failed:\n${output.trim()}`);
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(stamp, wanted);
  say(`Build: done in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}
