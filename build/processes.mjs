// Starts other programs for the build scripts and makes sure none of them outlives us. Knows nothing about what they do.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Ends a task with a sentence for the person at the terminal, without a stack. */
export class SetupError extends Error {}

/** Set-up speaks on stderr only: stdout belongs to results. */
export function say(message) {
  process.stderr.write(`${message}\n`);
}

/** The full path of a program on PATH, or null. */
export function findProgram(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder && existsSync(join(folder, name))) return join(folder, name);
  }
  return null;
}

const living = new Set();

function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal); // Its whole group: Electron and Xvfb have children of their own.
  } catch {
    child.kill(signal);
  }
}

/** Ends every program that is still running: politely, then after a moment without asking. */
export function killAll() {
  for (const child of living) killGroup(child, 'SIGTERM');
  if (living.size === 0) return;
  const until = Date.now() + 5000;
  const rest = () => [...living].filter((child) => isAlive(child.pid));
  while (rest().length && Date.now() < until) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  for (const child of rest()) killGroup(child, 'SIGKILL');
  living.clear();
}

/** False once it has ended, even while nobody has collected its exit code (which cannot happen during an exit handler). */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) [ZX] /s.test(existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '');
  } catch {
    return false;
  }
}

for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15], ['SIGHUP', 1]]) {
  process.on(signal, () => {
    killAll();
    process.exit(128 + number);
  });
}
process.on('exit', killAll);

/**
 * Starts a program that must not outlive this one. Its own process group on POSIX, so that the group can be ended;
 * where util-linux has setpriv, the kernel ends it even when this process is killed outright.
 */
export function start(command, args, options = {}) {
  const tied = options.tied ? findProgram('setpriv') : null;
  const child = spawn(tied ?? command, tied ? ['--pdeathsig', 'TERM', '--', command, ...args] : args, {
    stdio: ['ignore', process.stderr, process.stderr],
    detached: process.platform !== 'win32',
    ...options,
    env: { ...process.env, ...options.env },
  });
  living.add(child);
  child.once('exit', () => living.delete(child));
  child.once('error', () => living.delete(child));
  return child;
}

/** Runs a program to its end: its exit code (128 + n when a signal ended it) and, with `capture`, what it printed. */
export function run(command, args, options = {}) {
  const { capture = false, timeoutMs, ...rest } = options;
  const captured = { stdio: ['ignore', 'pipe', 'pipe'], env: { NO_COLOR: '1', ...rest.env } };
  return new Promise((resolve, reject) => {
    const child = start(command, args, { ...rest, ...(capture ? captured : {}) });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (output += text));
    const timer = timeoutMs ? setTimeout(() => killGroup(child, 'SIGKILL'), timeoutMs) : null;
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (timer) clearTimeout(timer);
      resolve({ code: code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGTERM' ? 15 : 9), output });
    });
  });
}
