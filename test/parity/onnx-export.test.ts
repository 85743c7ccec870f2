// An ONNX export for transformers.js, imported and asked: its answers are the reference's, as those of our own compiled graphs are.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { quietJob } from '../../src-main/base/job.ts';
import { relativeError } from '../../src-main/compiler/quantize.ts';
import { compileModel } from '../../src-main/engine/jobs/compile-model.ts';
import { Answerer } from '../../src-main/inference/answer-question.ts';
import { openPackage } from '../../src-main/inference/open-package.ts';
import { verifyPackage } from '../../src-main/model/store.ts';
import { writeExport } from '../helpers/onnx-export.ts';
import { loadReference } from '../helpers/reference.ts';
import { questionOf } from '../helpers/reference-question.ts';

const root = mkdtempSync(path.join(tmpdir(), 'lectern-onnx-export-'));
const folder = writeExport(path.join(root, 'Tiny-Export'));
const reference = loadReference('qwen2-vl');
afterAll(() => rmSync(root, { recursive: true, force: true }));

const openVariant = async (variant: 'fp32' | 'fp16' | 'q4' | undefined): Promise<Answerer> => {
  const made = await compileModel(quietJob(), { folder, root: path.join(root, 'models'), overwrite: true, ...(variant ? { variant } : {}) });
  return new Answerer(await openPackage(quietJob(), made.folder, { provider: 'cpu', threads: 1 }));
};

// fp16 keeps its keys and values in half precision, too
describe.each(['fp32', 'fp16'] as const)('an ONNX export, %s decoder', (variant) => {
  let answerer: Answerer;
  beforeAll(async () => void (answerer = await openVariant(variant)));
  afterAll(() => answerer?.close());

  it.each(Object.keys(reference.cases))('%s', async (caseName) => {
    const one = reference.cases[caseName]!;
    const answer = await answerer.answer(quietJob(), await questionOf(one));
    expect(answer.sent.promptTokens).toBe(one.inputIds.length);
    expect(answer.tokens).toEqual(one.greedyTokens);
  });

  // Catches: rows of an earlier question that stay behind where heads were moved together.
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

describe('an ONNX export', () => {
  it('is imported with its 4-bit decoder when nothing else is asked for, and answers the same from a warm cache', async () => {
    const answerer = await openVariant(undefined);
    const { manifest, forecast } = answerer.model;
    expect(manifest).toMatchObject({ id: 'tiny-export-onnx-q4', architecture: 'qwen2-vl', quantization: { text: 'int4', vision: 'fp32' }, graphs: { text: 'decoder_model_merged_q4.onnx', vision: 'vision_encoder.onnx' } });
    // two copies of the keys and values: 3 layers, 2 heads of 32
    expect(forecast.cacheBytes).toBe(2 * answerer.model.contextTokens * 2 * 3 * 2 * 32 * 4);
    expect(await verifyPackage(quietJob(), answerer.model.folder, folder)).toEqual([]);
    const question = await questionOf(reference.cases['threeImages']!);
    const first = await answerer.answer(quietJob(), question);
    expect(first.tokens).toHaveLength(16);
    await answerer.answer(quietJob(), await questionOf(reference.cases['textOnly']!));
    expect((await answerer.answer(quietJob(), question)).tokens).toEqual(first.tokens);
    await answerer.close();
  });

  // Catches: an export that names its grid as later ones do, or that counts the logits it keeps, fed as one that does not.
  it('is taken whole in the variant that is asked for', async () => {
    const page = await questionOf(reference.cases['oneImage']!);
    const features = [];
    for (const variant of ['fp32', 'q4'] as const) {
      const answerer = await openVariant(variant);
      expect(answerer.model.manifest.graphs.vision).toBe(variant === 'q4' ? 'vision_encoder_q4.onnx' : 'vision_encoder.onnx');
      expect(answerer.model.text.mostRows).toBe(variant === 'q4' ? 256 : 32);
      features.push((await (await answerer.model.vision()).encode(page.pictures[0]!.picture, answerer.plan(page)[0]!)).embeds);
      expect((await answerer.answer(quietJob(), page)).tokens).toHaveLength(16);
      await answerer.close();
    }
    const [exact, rounded] = features as [Float32Array, Float32Array];
    expect(relativeError(exact, rounded)).toBeGreaterThan(0);
    expect(relativeError(exact, rounded)).toBeLessThan(0.2);
  });
});
