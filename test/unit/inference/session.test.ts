// The door to ONNX Runtime: what goes in comes out right, failures have names, cancelling really stops, memory is given back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeRuntime, holdTensor, openSession } from '../../../src-main/inference/session.ts';
import { tensor, type Tensor } from '../../../src-main/inference/tensor.ts';
import { runInNode } from '../../helpers/run-in-node.ts';
import { doubling, longWork, tinyOnnx } from '../../helpers/tiny-onnx.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'lectern-session-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const floats = (...values: number[]): Tensor<'float32'> => tensor('float32', [values.length], Float32Array.from(values));
const code = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'no error';
};

describe('session', () => {
  it('names its runtime', async () => {
    const runtime = await describeRuntime();
    expect(runtime.version).toMatch(/^1\.\d+\.\d+/);
    expect(runtime.providers).toContain('CPUExecutionProvider');
    expect(process.env['ORT_DISABLE_TELEMETRY']).toBe('1');
  });

  // Catches: element codes or sizes mixed up between the two sides.
  it('carries every element type through unchanged', async () => {
    const cases: [Tensor, (number | bigint)[]][] = [
      [tensor('float32', [3], Float32Array.of(1.5, -2, 3)), [3, -4, 6]],
      [tensor('int64', [2], BigInt64Array.of(2n ** 40n, -5n)), [2n ** 41n, -10n]],
      [tensor('int32', [2], Int32Array.of(7, -8)), [14, -16]],
      [tensor('uint8', [2], Uint8Array.of(7, 120)), [14, 240]],
      [tensor('int8', [2], Int8Array.of(7, -8)), [14, -16]],
      [tensor('float16', [2], Uint16Array.of(0x3c00, 0xc000)), [0x4000, 0xc400]],
    ];
    for (const [input, expected] of cases) {
      const session = await openSession(doubling(input.type === 'bool' ? 'uint8' : input.type));
      const { y } = await session.run({ x: input });
      expect(y!.type).toBe(input.type);
      expect([...y!.data]).toEqual(expected);
      session.close();
    }
  });

  it('describes inputs and outputs, free dimensions as -1', async () => {
    const session = await openSession(doubling('float32', 2));
    expect(session.inputs).toEqual([{ name: 'x', type: 'float32', dims: [-1, -1] }]);
    expect(session.outputNames).toEqual(['y']);
    session.close();
  });

  it('takes tensors without elements, and scalars', async () => {
    const session = await openSession(doubling());
    expect((await session.run({ x: floats() })).y!.dims).toEqual([0]);
    session.close();
    const scalar = await openSession(doubling('float32', 0));
    expect([...(await scalar.run({ x: tensor('float32', [], Float32Array.of(4)) })).y!.data]).toEqual([8]);
    scalar.close();
  });

  it('opens a path with spaces and accents', async () => {
    const file = path.join(folder, 'modèle à 漢字.onnx');
    writeFileSync(file, doubling());
    const session = await openSession(file);
    expect([...(await session.run({ x: floats(21) })).y!.data]).toEqual([42]);
    session.close();
  });

  it('returns only the wanted outputs', async () => {
    const two = tinyOnnx({
      nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['sum'] }, { op: 'Neg', inputs: ['x'], outputs: ['minus'] }],
      inputs: [{ name: 'x', type: 'float32', dims: ['n'] }],
      outputs: [{ name: 'sum', type: 'float32', dims: ['n'] }, { name: 'minus', type: 'float32', dims: ['n'] }],
    });
    const session = await openSession(two);
    expect(Object.keys(await session.run({ x: floats(1) }, { outputs: ['minus'] }))).toEqual(['minus']);
    expect(Object.keys(await session.run({ x: floats(1) }))).toEqual(['sum', 'minus']);
    session.close();
  });

  // Catches: past and present as separate memory, which would double the KV cache and copy it each step.
  it('writes in place into held memory that is also the input', async () => {
    const session = await openSession(doubling());
    const held = await holdTensor(floats(1, 2, 3));
    for (let step = 0; step < 3; step++) expect(await session.run({ x: held }, { into: { y: held } })).toEqual({});
    expect([...held.data!]).toEqual([8, 16, 24]);
    held.close();
    await expect(session.run({ x: held })).rejects.toThrow(/before it is closed/);
    session.close();
  });

  describe('refuses with a name', () => {
    it('a missing file, a folder of nothing, damaged bytes, an empty file', async () => {
      expect(await code(openSession(path.join(folder, 'none.onnx')))).toBe('model-missing');
      expect(await code(openSession(new Uint8Array(0)))).toBe('model-file-damaged');
      expect(await code(openSession(new Uint8Array(5000).fill(0xa7)))).toBe('model-file-damaged');
      const cut = path.join(folder, 'cut.onnx');
      writeFileSync(cut, doubling().subarray(0, 40));
      expect(await code(openSession(cut))).toBe('model-file-damaged');
    });

    it('a provider that this build lacks or this machine cannot run', async () => {
      expect(await code(openSession(doubling(), { provider: 'cuda' }))).toBe('provider-unavailable');
    });

    it('a wrong input name, a wrong shape, a transferred array', async () => {
      const session = await openSession(doubling('float32', 2));
      await expect(session.run({ z: floats(1) })).rejects.toThrow(/input named z/);
      expect(await code(session.run({ x: floats(1) }))).toBe('internal');
      const gone = new Float32Array(4);
      const moved: Tensor = { type: 'float32', dims: [2, 2], data: gone };
      structuredClone(gone.buffer, { transfer: [gone.buffer] });
      await expect(session.run({ x: moved })).rejects.toThrow(/its 4 elements, not 0/);
      // and it still works
      expect([...(await session.run({ x: tensor('float32', [1, 1], Float32Array.of(2)) })).y!.data]).toEqual([4]);
      session.close();
    });

    it('use after close', async () => {
      const session = await openSession(doubling());
      session.close();
      session.close();
      expect(await code(session.run({ x: floats(1) }))).toBe('model-closed');
    });
  });

  describe('cancel', () => {
    const size = 400;
    const input = (): Tensor => tensor('float32', [size, size], new Float32Array(size * size).fill(1 / size));

    // Catches: a cancel that is noticed only at the end, or that leaves the session unusable.
    it('ends a run within a node, and the next run is right', async () => {
      const session = await openSession(longWork(2000), { threads: 1 });
      const started = performance.now();
      const controller = new AbortController();
      const run = session.run({ x: input() }, { signal: controller.signal });
      setTimeout(() => controller.abort(), 60);
      expect(await code(run)).toBe('job-cancelled');
      expect(performance.now() - started).toBeLessThan(2500);
      session.close();
      const short = await openSession(longWork(3), { threads: 1 });
      const stopped = new AbortController();
      const cancelled = short.run({ x: input() }, { signal: stopped.signal });
      stopped.abort();
      expect(await code(cancelled)).toBe('job-cancelled');
      const { y } = await short.run({ x: input() });
      expect(y!.data[5]).toBeCloseTo(1 / size, 6);
      short.close();
    });

    it('never starts a run whose signal fired, also when it waits in line', async () => {
      const session = await openSession(longWork(300), { threads: 1 });
      expect(await code(session.run({ x: input() }, { signal: AbortSignal.abort() }))).toBe('job-cancelled');
      const controller = new AbortController();
      const runs = Array.from({ length: 8 }, () => code(session.run({ x: input() }, { signal: controller.signal })));
      setTimeout(() => controller.abort(), 20);
      expect(await Promise.all(runs)).toEqual(Array.from({ length: 8 }, () => 'job-cancelled'));
      session.close();
    });

    // Catches: freeing the model under a running run (a crash).
    it('closing ends runs in flight', async () => {
      const session = await openSession(longWork(2000), { threads: 1 });
      const run = code(session.run({ x: input() }));
      setTimeout(() => session.close(), 40);
      expect(await run).toBe('model-closed');
    });

    it('keeps the JS thread free', async () => {
      const session = await openSession(longWork(60), { threads: 1 });
      let ticks = 0;
      const timer = setInterval(() => ticks++, 5);
      const started = performance.now();
      await session.run({ x: input() });
      const elapsed = performance.now() - started;
      clearInterval(timer);
      expect(ticks).toBeGreaterThan(elapsed / 5 / 10);
      session.close();
    });
  });

  it('runs many sessions at once', async () => {
    const sessions = await Promise.all(Array.from({ length: 12 }, () => openSession(doubling(), { threads: 1 })));
    const answers = await Promise.all(
      Array.from({ length: 600 }, async (_, at) => (await sessions[at % 12]!.run({ x: floats(at, at + 1) })).y!.data[1]),
    );
    expect(answers).toEqual(Array.from({ length: 600 }, (_, at) => 2 * (at + 1)));
    for (const session of sessions) session.close();
  }, 30_000);

  // Catches: memory collected or moved while native code reads it, a library unloaded by the collector, values never released.
  it('survives garbage collection at every turn, and 10,000 runs leave nothing behind', async () => {
    const child = await runInNode('test/unit/inference/session-pressure-child.ts', ['--expose-gc']);
    expect(child.stderr).toBe('');
    const report = JSON.parse(child.stdout) as { wrong: number; grownMb: number; runs: number };
    expect(report.runs).toBe(10_000);
    expect(report.wrong).toBe(0);
    expect(report.grownMb).toBeLessThan(40);
  }, 130_000);
});
