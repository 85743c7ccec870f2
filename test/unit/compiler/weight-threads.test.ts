// The compiler's threads: the same bytes however many they are, named errors when one fails or dies, a stop that does not wait.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { quietJob } from '../../../src-main/base/job.ts';
import { compileCheckpoint, type CompileOptions, usualOptions } from '../../../src-main/compiler/compile.ts';
import { weightFormat } from '../../../src-main/compiler/weight-formats.ts';
import type { WeightTask } from '../../../src-main/compiler/weight-task.ts';
import { openHere, openThreads, type TaskRunner } from '../../../src-main/compiler/weight-threads.ts';
import { bundleForNode } from '../../helpers/bundle.ts';
import { checkpointsFolder } from '../../helpers/reference.ts';

let script: string;
beforeAll(async () => void (script = await bundleForNode('src-main/compiler/worker.ts', 'compiler-worker')));

let root: string;
beforeEach(() => void (root = mkdtempSync(path.join(tmpdir(), 'lectern-threads-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const opened: TaskRunner[] = [];
afterAll(() => Promise.all(opened.map((runner) => runner.close())));
function threads(count: number, signal = new AbortController().signal, of = script): TaskRunner {
  const runner = openThreads(of, count, signal);
  opened.push(runner);
  return runner;
}

const contents = (folder: string): Record<string, string> => Object.fromEntries(readdirSync(folder).map((name) => [name, createHash('sha256').update(readFileSync(path.join(folder, name))).digest('hex')]));

describe('compiling with threads', () => {
  // Catches: pieces that depend on which thread did what before, columns that are put in the wrong place, memory taken for another task's.
  it.each([
    ['qwen2.5-vl', { ...usualOptions, text: weightFormat('int4', { block: 32, symmetric: false }), fast: true }],
    ['qwen3-vl', { ...usualOptions, text: weightFormat('int8'), head: weightFormat('fp16'), vision: weightFormat('fp32'), compute: 'float16' }],
    ['qwen-vl-chat', { ...usualOptions, text: weightFormat('w8a8') }],
    ['qwen-vl-chat-int4', usualOptions],
    ['qwen2-vl-awq', usualOptions],
  ] satisfies [string, CompileOptions][])('%s: gives the bytes that one thread gives', async (name, options) => {
    const folder = path.join(checkpointsFolder, name);
    await compileCheckpoint(quietJob(), folder, options, { root, id: 'here' });
    const wanted = contents(path.join(root, 'here'));
    for (const count of [1, 3]) {
      const id = 'here';
      const place = path.join(root, String(count));
      await compileCheckpoint(quietJob(), folder, options, { root: place, id, threads: { script, count } });
      expect(contents(path.join(place, id))).toEqual(wanted);
    }
  });

  it('leaves nothing when it is cancelled, wherever that happens', async () => {
    for (const stopAt of [0, 5, 15, 28]) {
      const controller = new AbortController();
      let moments = 0;
      const job = { ...quietJob(controller.signal), progress: () => void (moments++ === stopAt && controller.abort()) };
      await expect(compileCheckpoint(job, path.join(checkpointsFolder, 'qwen2-vl'), usualOptions, { root, id: 'one', threads: { script, count: 2 } })).rejects.toMatchObject({ code: 'job-cancelled' });
      expect(moments).toBeGreaterThan(stopAt);
      expect(readdirSync(root)).toEqual([]);
    }
  });

  it('leaves nothing and says so when a thread dies', async () => {
    const dying = path.join(root, 'dying.mjs');
    const packages = path.join(root, 'packages');
    for (const [code, detail] of [["throw new Error('broken');", /broken/], ['process.exit(3);', /ended with 3/]] as const) {
      writeFileSync(dying, `import { parentPort } from 'node:worker_threads'; let seen = 0; parentPort.on('message', ({ id }) => { if (++seen > 2) { ${code} } parentPort.postMessage({ id, result: '' }); });`);
      await expect(compileCheckpoint(quietJob(), path.join(checkpointsFolder, 'qwen2-vl'), usualOptions, { root: packages, id: 'one', threads: { script: dying, count: 2 } })).rejects.toMatchObject({ code: 'import-stopped', data: { detail: expect.stringMatching(detail) as string } });
      expect(readdirSync(packages)).toEqual([]);
    }
  });

  it('names a script that is not there', async () => {
    await expect(threads(2, undefined, path.join(root, 'none.mjs')).run({ do: 'hash', file: script })).rejects.toMatchObject({ code: 'import-stopped' });
  });
});

describe.each([['threads', (signal?: AbortSignal) => threads(2, signal)], ['this thread', (signal: AbortSignal = new AbortController().signal) => openHere(signal)]] as const)('tasks in %s', (_, open) => {
  const rows = (file: string, byteLength: number): WeightTask => ({
    do: 'copy', as: 'stored', to: { file: path.join(root, 'target'), position: 4 },
    source: { rows: 1, columns: byteLength / 2, from: { type: 'bf16', stored: [{ file, position: 0, byteLength }] } },
  });

  it('copies, and fails by name', async () => {
    const runner = open();
    const [from, target] = [path.join(root, 'source'), path.join(root, 'target')];
    writeFileSync(from, Buffer.from([1, 2, 3, 4]));
    writeFileSync(target, Buffer.alloc(8));
    await runner.run(rows(from, 4));
    expect([...readFileSync(target)]).toEqual([0, 0, 0, 0, 1, 2, 3, 4]);
    expect(await runner.run({ do: 'hash', file: target })).toBe(createHash('sha256').update(readFileSync(target)).digest('hex'));
    await expect(runner.run(rows(from, 6))).rejects.toMatchObject({ code: 'checkpoint-damaged', data: { file: from } });
    await expect(runner.run(rows(path.join(root, 'none'), 4))).rejects.toMatchObject({ code: 'file-not-found' });
    // one failure is not the end
    await runner.run(rows(from, 4));
    await runner.close();
    await expect(runner.run(rows(from, 4))).rejects.toMatchObject({ code: 'job-cancelled' });
  });
});

describe('cancelling', () => {
  // Catches: a stop that waits for the end of a task. Reading this file takes many seconds.
  it('ends a task that is under way', async () => {
    const large = path.join(root, 'large');
    writeFileSync(large, '');
    truncateSync(large, 64 * 2 ** 30);
    const controller = new AbortController();
    const runner = threads(2, controller.signal);
    const hashed = [1, 2, 3].map(() => runner.run({ do: 'hash', file: large }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const stopped = performance.now();
    controller.abort();
    for (const one of hashed) await expect(one).rejects.toMatchObject({ code: 'job-cancelled' });
    await runner.close();
    expect(performance.now() - stopped).toBeLessThan(2000);
  });
});
