// Forecasts that refuse: with numbers, and only when it really is too much.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { quietJob } from '../../../src-main/base/job.ts';
import { compileCheckpoint, usualOptions } from '../../../src-main/compiler/compile.ts';
import { forecastImport } from '../../../src-main/engine/jobs/compile-model.ts';
import { forecastUsual, requireCompileMemory, requireMemory } from '../../../src-main/inference/memory-forecast.ts';
import { checkpointsFolder } from '../../helpers/reference.ts';

const code = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
};

describe('memory', () => {
  const forecast = { compileMemoryBytes: 600, memory: { weightsBytes: 500, cacheBytes: 300, visionBytes: 60, workBytes: 40, totalBytes: 900 } };

  it('a compile needs its own memory now, and a machine that can load its result', () => {
    expect(code(() => requireCompileMemory(forecast, { freeBytes: 600, totalBytes: 900 }))).toBe(null);
    expect(code(() => requireCompileMemory(forecast, { freeBytes: 599, totalBytes: 9000 }))).toMatchObject({ code: 'memory-insufficient', data: { stage: 'compile', neededBytes: 600, freeBytes: 599 } });
    expect(code(() => requireCompileMemory(forecast, { freeBytes: 899, totalBytes: 899 }))).toMatchObject({ code: 'memory-insufficient', data: { stage: 'run', neededBytes: 900, freeBytes: 899 } });
  });

  // a forecast of weights alone said 825 kB before installing and 190 MB after it
  it('an import says the same before as the package says after it', async () => {
    const [root, folder] = [mkdtempSync(path.join(tmpdir(), 'lectern-forecast-')), path.join(checkpointsFolder, 'qwen2-vl')];
    try {
      const { memory } = await forecastImport({ folder });
      const after = forecastUsual(await compileCheckpoint(quietJob(), folder, usualOptions, { root, id: 'one' }));
      expect(memory.cacheBytes).toBeGreaterThan(0);
      expect([memory.cacheBytes, memory.visionBytes, memory.workBytes]).toEqual([after.cacheBytes, after.visionBytes, after.workBytes]);
      // the graphs themselves are not written yet
      expect(after.weightsBytes - memory.weightsBytes).toBeGreaterThanOrEqual(0);
      expect(after.weightsBytes - memory.weightsBytes).toBeLessThan(1e6);
      expect(memory.totalBytes).toBeGreaterThan(100 * memory.weightsBytes);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('loading names what each part takes', () => {
    const parts = { weightsBytes: 5, cacheBytes: 3, visionBytes: 2, workBytes: 1, totalBytes: 11 };
    expect(code(() => requireMemory(parts, 11))).toBe(null);
    expect(code(() => requireMemory(parts, 10))).toMatchObject({ code: 'memory-insufficient', data: { neededBytes: 11, freeBytes: 10, weightsBytes: 5, cacheBytes: 3, visionBytes: 2 } });
  });
});
