// The whole way from a conversation to tokens, as the application goes it, on compiled tiny checkpoints: template, pictures, chunks,
// cache, prefix reuse. Greedy tokens must be the reference's, whichever questions came before.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { quietJob } from '../../src-main/base/job.ts';
import { compileCheckpoint } from '../../src-main/compiler/compile.ts';
import { Answerer } from '../../src-main/inference/answer-question.ts';
import { openPackage } from '../../src-main/inference/open-package.ts';
import { exactOptions } from '../helpers/compiled-checkpoint.ts';
import { checkpointsFolder, loadReference, recorded } from '../helpers/reference.ts';
import { questionOf } from '../helpers/reference-question.ts';

for (const name of recorded('qwen2-vl', 'qwen2.5-vl', 'qwen3-vl', 'qwen-vl-chat', 'qwen2-vl-gptq-int4', 'qwen2-vl-awq', 'qwen-vl-chat-int4')) {
  describe(`${name}: answers`, () => {
    const reference = loadReference(name);
    const root = mkdtempSync(path.join(tmpdir(), 'lectern-answer-'));
    let answerer: Answerer;

    beforeAll(async () => {
      await compileCheckpoint(quietJob(), path.join(checkpointsFolder, name), exactOptions, { root, id: 'tiny' });
      answerer = new Answerer(await openPackage(quietJob(), path.join(root, 'tiny'), { provider: 'cpu', threads: 1 }));
    });
    afterAll(async () => {
      await answerer?.close();
      rmSync(root, { recursive: true, force: true });
    });

    it.each(Object.keys(reference.cases))('%s', async (caseName) => {
      const one = reference.cases[caseName]!;
      const answer = await answerer.answer(quietJob(), await questionOf(one));
      expect(answer.sent.promptTokens).toBe(one.inputIds.length);
      expect(answer.sent.images.map((plan) => plan.input)).toEqual((one.resized ?? []).map(({ width, height }) => ({ width, height })));
      expect(answer.tokens).toEqual(one.greedyTokens);
    });

    // Catches: rows of an earlier question left at wrong positions; features of another picture.
    it('again in another order, from a warm cache', async () => {
      const names = Object.keys(reference.cases).filter((one) => one !== 'largePage').reverse();
      let reused = 0;
      for (const caseName of [...names, ...names]) {
        const answer = await answerer.answer(quietJob(), await questionOf(reference.cases[caseName]!));
        reused += answer.sent.reusedTokens;
        expect(answer.tokens, caseName).toEqual(reference.cases[caseName]!.greedyTokens);
      }
      expect(reused).toBeGreaterThan(0);
    });

    it('a question asked again runs one token of its prompt', async () => {
      const question = await questionOf(reference.cases['oneImage']!);
      const first = await answerer.answer(quietJob(), question);
      const again = await answerer.answer(quietJob(), question);
      expect(again.sent.reusedTokens).toBe(again.sent.promptTokens - 1);
      expect(again.tokens).toEqual(first.tokens);
      expect(again.timing.visionMs).toBe(0);
    });

    it('cancelled in the middle, the next answer is right', async () => {
      const one = reference.cases['threeImages']!;
      const controller = new AbortController();
      let tokens = 0;
      const cancelled = answerer.answer(quietJob(controller.signal), { ...(await questionOf(one)), maxNewTokens: 400 }, {
        onText: () => ++tokens === 4 && controller.abort(),
        onGrounding: () => {},
      });
      await expect(cancelled).rejects.toMatchObject({ code: 'job-cancelled' });
      expect((await answerer.answer(quietJob(), await questionOf(one))).tokens).toEqual(one.greedyTokens);
    });
  });
}
