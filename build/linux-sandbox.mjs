// Whether Chromium can use its sandbox here. It cannot for root, and where the system grants neither user namespaces nor a
// setuid helper (Ubuntu 24.04's default, most containers). Knows nothing about the application.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, findProgram, run, say } from './processes.mjs';

async function grantsNamespaces() {
  if (!findProgram('unshare')) return true; // Nothing to ask with: Chromium will say it itself.
  return (await run('unshare', ['--user', '--map-root-user', 'true'], { capture: true })).code === 0;
}

/**
 * True when Electron has to be started with `--no-sandbox`. A person with a screen is told how to get the sandbox instead of
 * losing it in silence; automatic runs (no screen) show only the project's own files and go on with a notice.
 */
export async function mustRunUnsandboxed(folder, { hasDisplay }) {
  if (process.platform !== 'linux') return false;
  if (process.getuid() === 0) return true;
  const helper = join(folder, 'chrome-sandbox');
  const setuid = existsSync(helper) && statSync(helper).uid === 0 && (statSync(helper).mode & 0o4000) !== 0;
  if (setuid || (await grantsNamespaces())) return false;
  if (hasDisplay && process.env.LECTERN_NO_SANDBOX !== '1') {
    throw new SetupError(
      `Chromium's sandbox cannot start: this system grants no user namespaces to ordinary users. Allow its helper once, then start again:\n\n  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'\n\n(or set LECTERN_NO_SANDBOX=1 to go without the sandbox).`,
    );
  }
  say('Notice: this system grants no user namespaces, so Chromium runs without its sandbox.');
  return true;
}
