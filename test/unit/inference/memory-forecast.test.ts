// Forecasts that refuse: with numbers, and only when it really is too much.
import { describe, expect, it } from 'vitest';
import { requireCompileMemory, requireMemory } from '../../../src-main/inference/memory-forecast.ts';

const code = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
};

describe('memory', () => {
  const forecast = { compileMemoryBytes: 600, loadedMemoryBytes: 900 };

  it('a compile needs its own memory now, and a machine that can load its result', () => {
    expect(code(() => requireCompileMemory(forecast, { freeBytes: 600, totalBytes: 900 }))).toBe(null);
    expect(code(() => requireCompileMemory(forecast, { freeBytes: 599, totalBytes: 9000 }))).toMatchObject({ code: 'memory-insufficient', data: { stage: 'compile', neededBytes: 600, freeBytes: 599 } });
    expect(code(() => requireCompileMemory(forecast, { freeBytes: 899, totalBytes: 899 }))).toMatchObject({ code: 'memory-insufficient', data: { stage: 'run', neededBytes: 900, freeBytes: 899 } });
  });

  it('loading names what each part takes', () => {
    const parts = { weightsBytes: 5, cacheBytes: 3, visionBytes: 2, workBytes: 1, totalBytes: 11 };
    expect(code(() => requireMemory(parts, 11))).toBe(null);
    expect(code(() => requireMemory(parts, 10))).toMatchObject({ code: 'memory-insufficient', data: { neededBytes: 11, freeBytes: 10, weightsBytes: 5, cacheBytes: 3, visionBytes: 2 } });
  });
});
