// The job that imports a model, where its surroundings are not as they should be.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { quietJob } from '../../../src-main/base/job.ts';
import { compileModel } from '../../../src-main/engine/jobs/compile-model.ts';
import { checkpointsFolder } from '../../helpers/reference.ts';

const root = mkdtempSync(path.join(tmpdir(), 'lectern-compile-model-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('importing a model', () => {
  // Catches: an application built without the compiler's worker, which is several times slower and says nothing.
  it('says so when it has to do without the threads', async () => {
    const logged: string[] = [];
    const made = await compileModel({ ...quietJob(), log: (level, message) => void logged.push(`${level}: ${message}`) }, { folder: path.join(checkpointsFolder, 'qwen2-vl'), root, ignoreMemory: true });
    expect(made.architecture).toBe('qwen2-vl');
    expect(logged).toEqual([expect.stringMatching(/^warn: compiler-worker\.js is missing: .*one thread/)]);
  }, 60_000);
});
