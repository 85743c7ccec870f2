// Which system packages a Linux machine still lacks to run Electron (and a virtual display), and how to get them:
// root with apt-get installs them, everybody else is told the exact line. Does nothing on other systems.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { SetupError, findProgram, run, say } from './processes.mjs';

const isRoot = process.getuid?.() === 0;
export const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** The shared libraries that `program` needs and the system lacks. */
async function missingLibraries(program) {
  const { output } = await run('ldd', [program], { capture: true });
  return output.split('\n').filter((line) => line.includes('not found')).map((line) => line.trim().split(' ')[0]);
}

/** Debian 13 and Ubuntu 24.04 renamed packages for 64-bit time; the package lists say which names this system has, else its version. */
async function usesTime64Names() {
  const { output } = await run('apt-cache', ['policy', 'libgtk-3-0t64'], { capture: true });
  if (/Candidate: (?!\(none\))/.test(output)) return true;
  const { output: older } = await run('apt-cache', ['policy', 'libgtk-3-0'], { capture: true });
  if (/Candidate: (?!\(none\))/.test(older)) return false;
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const version = Number(/^VERSION_ID="?([\d.]+)/m.exec(release)?.[1] ?? 0);
  return /^ID="?ubuntu/m.test(release) ? version >= 24.04 : version >= 13;
}

/** Without package lists `apt-get install` finds nothing: the line to type then begins with fetching them. */
function neverUpdated() {
  const lists = '/var/lib/apt/lists';
  return !existsSync(lists) || !readdirSync(lists).some((name) => name.endsWith('Packages') || name.endsWith('Packages.lz4'));
}

/** Makes sure that Electron's libraries, and Xvfb where there is no display, are installed; stops with the line to type otherwise. */
export async function ensureLinuxPackages(program) {
  if (process.platform !== 'linux') return;
  const libraries = await missingLibraries(program);
  const needsXvfb = !hasDisplay && !findProgram('Xvfb');
  if (libraries.length === 0 && !needsXvfb) return;
  const wanted = async () => {
    const t64 = (await usesTime64Names()) ? 't64' : '';
    return [...(libraries.length ? [`libgtk-3-0${t64}`, `libasound2${t64}`, 'libnss3', 'libgbm1'] : []), ...(needsXvfb ? ['xvfb'] : [])];
  };
  const reason = [libraries.length ? `libraries that Electron needs (${libraries.slice(0, 4).join(', ')}${libraries.length > 4 ? ', …' : ''})` : '', needsXvfb ? 'a virtual display (there is no display here)' : ''].filter(Boolean).join(' and ');
  if (!findProgram('apt-get')) throw new SetupError(`This system lacks ${reason}. On Debian they are called: ${(await wanted()).join(' ')}`);
  if (!isRoot) throw new SetupError(`This system lacks ${reason}. Install them once, then start again:\n\n  ${neverUpdated() ? 'sudo apt-get update && ' : ''}sudo apt-get install -y ${(await wanted()).join(' ')}\n`);
  say(`System packages: installing ${reason} …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const updated = await run('apt-get', ['-qq', 'update'], { env, capture: true });
  const packages = await wanted();
  const installed = await run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', ...packages], { env, capture: true });
  if (installed.code !== 0) {
    throw new SetupError(`apt-get could not install ${packages.join(' ')}:\n${(updated.code === 0 ? '' : updated.output) + installed.output.trim().split('\n').slice(-8).join('\n')}`);
  }
  const still = await missingLibraries(program);
  if (still.length) throw new SetupError(`Electron still lacks ${still.join(', ')} after installing ${packages.join(' ')}.`);
}

/** A program that only some tests want: installed where that is possible without asking, else its absence is said. */
export async function offerProgram(program, packageName, what) {
  if (findProgram(program)) return;
  if (process.platform === 'linux' && isRoot && findProgram('apt-get')) {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['-qq', 'update'], { env, capture: true });
    await run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', packageName], { env, capture: true });
  }
  if (!findProgram(program)) say(`${program} (package ${packageName}) is not installed: ${what} is skipped.`);
}
