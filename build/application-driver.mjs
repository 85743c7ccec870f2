// Starts the built application under Playwright and gives hold of its window. The demo, the benchmarks and the end-to-end
// tests share it. Knows processes; what to do in the window is theirs.
import { _electron as playwright } from '@playwright/test';
import { root } from './setup.mjs';

/** Said by Chromium on machines without a desktop, and by the debugger that Playwright needs; says nothing about us. */
const noise = /:ERROR:(bus|object_proxy|viz_main_impl|gl_factory|dbus_[a-z_]+|gpu_[a-z_]+|sandbox_linux)\.|^(Debugger|DevTools) listening|^For help, see|^Debugger attached|^Waiting for the debugger|^\s*$/;

/**
 * @typedef {object} Application
 * @property {import('@playwright/test').ElectronApplication} electron
 * @property {import('@playwright/test').Page} window
 * @property {() => string} stderr what every process wrote to stderr so far, without noise
 * @property {() => Promise<void>} quit closes the application as a person would and waits until its process is gone
 */

/**
 * @param {{ files?: readonly string[], env: Readonly<Record<string, string | undefined>>, cwd?: string, folder?: string }} options
 *   `env` is the whole environment; `folder` is another application's than Lectern's
 * @returns {Promise<Application>}
 */
export async function launchApplication({ files = [], env, cwd = root, folder = root }) {
  const program = process.env.ELECTRON_EXEC_PATH;
  if (!program) throw new Error('ELECTRON_EXEC_PATH is not set: start through npm (npm start, npm run e2e, …)');
  const electron = await playwright.launch({
    executablePath: program,
    args: [folder, ...files],
    cwd,
    // Playwright switches the sandbox off unless told; it stays on wherever the system allows it.
    chromiumSandbox: process.env.LECTERN_NO_SANDBOX !== '1',
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    // The window follows the application's theme, not one that the test driver pretends.
    colorScheme: null,
    timeout: 60_000,
  });
  let said = '';
  electron.process().stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const stderr = () => said.split('\n').filter((line) => !noise.test(line)).join('\n');
  const child = electron.process();
  const ended = new Promise((done) => child.once('exit', done));
  const window = await electron.firstWindow();
  await window.waitForLoadState('domcontentloaded');
  // Before it is on the screen a window may be without height: what is dropped then falls beside it.
  while (!(await window.evaluate(() => innerHeight > 0 && document.visibilityState === 'visible'))) await new Promise((later) => setTimeout(later, 20));
  return {
    electron,
    window,
    stderr,
    quit: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      await electron.close();
      await ended;
    },
  };
}
