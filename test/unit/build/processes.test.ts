// Programs that the build scripts start must end with them: a virtual display or an Electron left behind eats the machine.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../../build/processes.mjs';

const script = resolve(import.meta.dirname, '../../../build/processes.mjs');

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) [ZX] /s.test(readFileSync(join('/proc', String(pid), 'stat'), 'utf8'));
  } catch {
    return false;
  }
}

/** A script that starts a shell with a child of its own, says both process numbers, and then waits. */
const parent = `
import { start } from ${JSON.stringify(script)};
const child = start('sh', ['-c', 'sleep 300 & echo $$ $!; wait'], { stdio: ['ignore', 'pipe', 'inherit'], tied: true });
child.stdout.on('data', (text) => process.stdout.write(text));
setTimeout(() => {}, 300_000);
`;

describe.skipIf(process.platform === 'win32')('processes', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('end with the script that started them (%s), down to their own children', async (signal) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pids = await new Promise<number[]>((found) => child.stdout.once('data', (text: Buffer) => found(text.toString().trim().split(' ').map(Number))));
    expect(pids.every(isAlive)).toBe(true);
    const ended = new Promise<number | null>((resolveEnd) => child.once('exit', (code) => resolveEnd(code)));
    child.kill(signal);
    expect(await ended).toBe(signal === 'SIGTERM' ? 143 : 130);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('give back their exit code, also when a signal ended them, and when they take too long', async () => {
    expect((await run('sh', ['-c', 'echo one; echo two >&2; exit 7'], { capture: true })).code).toBe(7);
    expect((await run('sh', ['-c', 'kill -TERM $$'], { capture: true })).code).toBe(143);
    expect((await run('sleep', ['60'], { capture: true, timeoutMs: 100 })).code).toBe(137);
    await expect(run('no-such-program-here', [], { capture: true })).rejects.toThrow(/ENOENT/);
  });
});
