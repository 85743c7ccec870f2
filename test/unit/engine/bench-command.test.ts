// `lectern bench` on tiny models of the two ends: every number is there and real, arguments are checked, a missing model has its sentence.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { quietJob } from '../../../src-main/base/job.ts';
import { compileCheckpoint, usualOptions } from '../../../src-main/compiler/compile.ts';
import { benchCommand } from '../../../src-main/engine/commands/bench.ts';
import { checkpointsFolder } from '../../helpers/reference.ts';

const root = mkdtempSync(path.join(tmpdir(), 'lectern-bench-command-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function bench(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((written.out += String(text)), true)),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((written.err += String(text)), true)),
  ];
  try {
    return { code: await benchCommand.run(args, new AbortController().signal), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('lectern bench', () => {
  it.each(['qwen3-vl', 'qwen-vl-chat'])('measures %s', async (name) => {
    await compileCheckpoint(quietJob(), path.join(checkpointsFolder, name), { ...usualOptions, fast: true }, { root, id: name });
    const { code, out, err } = await bench('--model', path.join(root, name), '--provider', 'cpu', '--threads', '1', '--json');
    expect(err).toBe('');
    expect(code).toBe(0);
    const { model, provider, quantization: _, ...numbers } = JSON.parse(out) as Record<string, unknown>;
    expect({ model, provider }).toEqual({ model: name, provider: 'cpu' });
    expect(Object.keys(numbers).sort()).toEqual(['decodeAt1024Ms', 'decodeAt256Ms', 'firstQuestionMs', 'loadMs', 'memoryMb', 'prefill1024Ms', 'prefill256Ms', 'secondQuestionMs', 'vision1024PatchesMs']);
    for (const [key, value] of Object.entries(numbers)) expect(value, key).toBeGreaterThan(0);
    expect(numbers['secondQuestionMs']).toBeLessThan(numbers['firstQuestionMs'] as number);
  });

  it('says what it does not understand, and what is not there', async () => {
    expect(await bench('--fast')).toMatchObject({ code: 2 });
    expect(await bench('--threads', 'two')).toMatchObject({ code: 2 });
    expect(await bench('--model', path.join(root, 'none'))).toMatchObject({ code: 1, out: '', err: expect.stringContaining('there is no model') as string });
  });
});
