// `npm start`, `npm test` and the other tasks: does what set-up is missing, then runs the task. One table of tasks, no flags
// of its own beyond those of the tasks. Written with Node's built-ins only, so that it runs in a fresh clone.
import { existsSync } from 'node:fs';
import { resolve, join } from 'node:path';
import { electronRuntime, runtimeVersion } from './electron-runtime.mjs';
import { ensureLinuxPackages, hasDisplay, offerProgram } from './linux-packages.mjs';
import { mustRunUnsandboxed } from './linux-sandbox.mjs';
import { SetupError, run, say } from './processes.mjs';
import { bin, checkNode, ensureBuilt, ensurePackages, root } from './setup.mjs';
import { fontEnvironment, startVirtualDisplay } from './virtual-display.mjs';

const [task = 'help', ...args] = process.argv.slice(2);
/** The folder in which the person typed the command: npm moves to the project's own. */
const cwd = process.env.INIT_CWD ?? process.cwd();
const inherit = { stdio: 'inherit', detached: false };
process.env.ORT_DISABLE_TELEMETRY = '1';

/** Electron, its libraries and a screen to show it on: the environment for programs that start Electron. */
async function ensureElectron(options) {
  const runtime = await electronRuntime(root, options);
  await ensureLinuxPackages(runtime.program);
  const unsandboxed = await mustRunUnsandboxed(runtime.folder, { hasDisplay });
  const screen = hasDisplay ? {} : await startVirtualDisplay();
  return {
    program: runtime.program,
    version: runtimeVersion(runtime.folder),
    unsandboxed,
    env: { ELECTRON_OVERRIDE_DIST_PATH: runtime.folder, ELECTRON_EXEC_PATH: runtime.program, LECTERN_NO_SANDBOX: unsandboxed ? '1' : '', ...screen, ...(await fontEnvironment(root)) },
  };
}

const node = (script, rest, options) => run(process.execPath, [script, ...rest], { cwd: root, ...inherit, ...options });

const tasks = {
  /** Opens the window (with the given files); without a display, the same application is driven and shown in pictures. */
  async start() {
    await ensurePackages();
    const electron = await ensureElectron();
    await ensureBuilt();
    if (!hasDisplay) return (await node('build/demo.mjs', args, { env: { ...electron.env, INIT_CWD: cwd } })).code;
    if (electron.unsandboxed) say('Chromium runs without its sandbox. For everyday work start as an ordinary user.');
    const files = args.map((file) => resolve(cwd, file));
    return (await run(electron.program, [...(electron.unsandboxed ? ['--no-sandbox'] : []), root, ...files], { cwd, ...inherit, env: electron.env })).code;
  },

  /** The application with the window reloaded as its sources change. */
  async dev() {
    await ensurePackages();
    const { env, unsandboxed } = await ensureElectron();
    return (await node(bin('electron-vite'), ['dev', ...(unsandboxed ? ['--noSandbox'] : []), ...args], { env })).code;
  },

  async build() {
    await ensurePackages();
    await ensureBuilt({ force: true });
    return 0;
  },

  async check() {
    await ensurePackages();
    return (await node('build/check.mjs', args)).code;
  },

  /** Everything that decides whether a change is good. With arguments: only the unit to parity tests that match them. */
  async test() {
    await ensurePackages();
    if (args.length) return (await node(bin('vitest'), ['run', ...args])).code;
    await offerProgram('pdftotext', 'poppler-utils', 'reading searchable PDFs with it');
    await offerProgram('heif-convert', 'libheif-examples', 'decoding HEIC photos with it');
    const steps = [
      ['check', () => tasks.check()],
      ['build', async () => (await ensureBuilt(), 0)],
      // Before the tests: those on a GPU device use the software Vulkan that it carries.
      ['electron', async () => (await ensureElectron(), 0)],
      ['vitest', async () => (await node(bin('vitest'), ['run'])).code],
      ['e2e', () => tasks.e2e()],
    ];
    const failed = [];
    for (const [name, step] of steps) {
      const started = Date.now();
      const code = await step();
      say(`${name}: ${code === 0 ? 'passed' : `FAILED (exit code ${code})`} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
      if (code !== 0) failed.push(name);
    }
    say(failed.length ? `npm test: FAILED: ${failed.join(', ')}` : 'npm test: everything passed');
    return failed.length ? 1 : 0;
  },

  /** The flows in the real application. */
  async e2e() {
    await ensurePackages();
    const electron = await ensureElectron();
    await ensureBuilt();
    say(`e2e: Electron ${electron.version}`);
    return (await node(bin('@playwright/test'), ['test', '--config', 'test/e2e/playwright.config.ts', ...args], { env: electron.env })).code;
  },

  /** The command line: the same engine without Electron. Only its own result reaches stdout. */
  async lectern() {
    await ensurePackages();
    await ensureBuilt();
    return (await run(process.execPath, [join(root, 'out/main/command-line.js'), ...args], { cwd, ...inherit })).code;
  },

  /** Fetches everything and stops. `--current` asks for the current Electron again where the fallback is in use. */
  async setup() {
    await ensurePackages();
    const electron = await ensureElectron({ refresh: args.includes('--current') });
    await ensureBuilt();
    say(`Ready, with Electron ${electron.version}.`);
    return 0;
  },
};

/** `bench:NAME` runs build/bench-NAME.mjs or .ts; those named here measure the application itself and need Electron. */
const benchesInElectron = ['start', 'canvas', 'compare', 'conversation'];

async function bench(name) {
  const script = [`build/bench-${name}.mjs`, `build/bench-${name}.ts`].find((path) => existsSync(join(root, path)));
  if (!script) throw new SetupError(`There is no benchmark "${name}" (build/bench-${name}.mjs or .ts).`);
  await ensurePackages();
  const env = benchesInElectron.includes(name) ? (await ensureElectron()).env : {};
  await ensureBuilt();
  const rest = [...(script.endsWith('.ts') ? ['build/run-typescript.mjs', script] : [script]), ...args];
  return (await node(rest[0], rest.slice(1), { env: { ...env, INIT_CWD: cwd } })).code;
}

try {
  checkNode();
  if (task.startsWith('bench:')) process.exit(await bench(task.slice('bench:'.length)));
  if (!Object.hasOwn(tasks, task)) throw new SetupError(`There is no task "${task}". Tasks: ${Object.keys(tasks).join(', ')}, bench:NAME`);
  process.exit(await tasks[task]());
} catch (error) {
  say(error instanceof SetupError ? `\n${error.message}` : (error?.stack ?? String(error)));
  process.exit(1);
}
