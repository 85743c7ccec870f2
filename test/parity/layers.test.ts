// Every compiled layer against the reference's, in fp32: patch embedding, each vision block, image features, each decoder layer, logits,
// greedy tokens. A wrong gate, a forgotten bias or a permuted head shows in the first layer that has it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompiledCheckpoint, compileRecorded, exactOptions } from '../helpers/compiled-checkpoint.ts';
import { loadReference, pickRows, recorded, relativeError } from '../helpers/reference.ts';

const tolerance = 1e-4;

const rowsKey = (name: string): string => (name.startsWith('vision.resampler') || name === 'image_embeds' || name.startsWith('deepstack') ? 'imageEmbeds' : name.split('.')[0]!);

for (const name of recorded('qwen2-vl', 'qwen2.5-vl', 'qwen3-vl', 'qwen-vl-chat', 'qwen2-vl-gptq-int4', 'qwen2-vl-awq', 'qwen-vl-chat-int4')) {
  describe(`${name}: layer by layer`, () => {
    const reference = loadReference(name);
    let compiled: CompiledCheckpoint;
    beforeAll(async () => {
      compiled = await compileRecorded(name, { ...exactOptions, taps: true });
    });
    afterAll(() => compiled?.close());

    it.each(Object.keys(reference.cases))('%s', async (caseName) => {
      const one = reference.cases[caseName]!;
      const run = await compiled.run(one);
      const seen: string[] = [];
      for (const [layer, values] of run.layers) {
        const expected = reference.tensor(`${caseName}.${layer}`);
        if (!expected) continue;
        seen.push(layer);
        const rows = one.rows[rowsKey(layer)];
        expect(rows, layer).toBeDefined();
        expect(relativeError(pickRows(values, expected.dims[1]!, rows!), expected.data), layer).toBeLessThan(tolerance);
      }
      expect(seen).toContain(`decoder.layer.${compiled.manifest.config.text.layers - 1}`);
      if (run.layers.has('image_embeds')) expect(seen).toContain(`vision.block.${compiled.manifest.config.vision.depth - 1}`);
      expect(relativeError(run.logits, reference.tensor(`${caseName}.logits`)!.data), 'logits').toBeLessThan(tolerance);
      expect(run.greedyTokens).toEqual(one.greedyTokens);
      const steps = reference.tensor(`${caseName}.decode_logits`)!;
      one.decodeSteps.forEach((step, i) => {
        const width = steps.dims[1]!;
        expect(relativeError(run.stepLogits[step]!, steps.data.subarray(i * width, (i + 1) * width)), `decode step ${step}`).toBeLessThan(tolerance);
      });
    });
  });
}
