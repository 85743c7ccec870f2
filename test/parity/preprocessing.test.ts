// Pixels and positions against the reference: every byte of the resized picture, every position id.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { resizeBicubic } from '../../src-main/inference/image/bicubic.ts';
import { decodeImage } from '../../src-main/inference/image/decode-image.ts';
import { cutPatches } from '../../src-main/inference/image/patches.ts';
import { smartResize } from '../../src-main/inference/image/smart-resize.ts';
import { planWindows } from '../../src-main/inference/image/vision-inputs.ts';
import { multiAxisPositions, spansOf } from '../../src-main/inference/position-ids.ts';
import { loadReference, pickRows, picturePath, recorded, relativeError, type ReferenceMessage } from '../helpers/reference.ts';

const picturesOf = (messages: ReferenceMessage[]): string[] => messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content.flatMap((part) => (part.type === 'image' ? [part.image] : []))));

for (const name of recorded('qwen2-vl', 'qwen2.5-vl', 'qwen3-vl')) {
  describe(`${name}: from pixels to tokens`, () => {
    const reference = loadReference(name);
    const processor = reference.json('preprocessor_config.json') as { patch_size: number; temporal_patch_size: number; merge_size: number; min_pixels?: number; max_pixels?: number; size?: { shortest_edge: number; longest_edge: number }; image_mean: [number, number, number]; image_std: [number, number, number] };
    const config = reference.json('config.json') as { image_token_id: number; vision_config: { window_size?: number } };
    const minPixels = processor.size?.shortest_edge ?? processor.min_pixels!;
    const maxPixels = processor.size?.longest_edge ?? processor.max_pixels!;
    const { patch_size: patchSize, merge_size: mergeSize } = processor;

    it.each(Object.keys(reference.cases))('%s', async (caseName) => {
      const one = reference.cases[caseName]!;
      const all: number[][] = [];
      for (const [at, file] of picturesOf(one.messages).entries()) {
        const source = await decodeImage(picturePath(file));
        const size = smartResize(source, patchSize * mergeSize, minPixels, maxPixels);
        const resized = resizeBicubic(source, size.width, size.height);
        const expected = one.resized![at]!;
        expect(size).toEqual({ width: expected.width, height: expected.height });
        // Catches: another filter, another rounding, a pass in the wrong order.
        expect(createHash('sha256').update(resized.data).digest('hex')).toBe(expected.sha256);
        const { patches, grid } = cutPatches(resized, { patchSize, mergeSize, temporalPatchSize: processor.temporal_patch_size, mean: processor.image_mean, std: processor.image_std });
        expect([1, grid.height, grid.width]).toEqual(one.imageGridThw![at]);
        all.push([...patches.data]);
      }
      const grids = (one.imageGridThw ?? []).map(([, height, width]) => ({ height: height / mergeSize, width: width / mergeSize }));
      const positions = multiAxisPositions(spansOf(one.inputIds, config.image_token_id, grids));
      expect(positions.ropeDelta).toBe(one.ropeDelta);
      expect([...positions.ids]).toEqual([...reference.tensor(`${caseName}.position_ids`)!.data]);

      const pixels = Float32Array.from(all.flat());
      const recordedPixels = reference.tensor(`${caseName}.pixel_values`);
      if (recordedPixels) {
        const columns = recordedPixels.dims[1]!;
        const picked = pickRows(pixels, columns, one.rows['pixelValues']!);
        expect(relativeError(picked, recordedPixels.data)).toBeLessThan(2e-7);
        expect(pixels.reduce((sum, value) => sum + value, 0)).toBeCloseTo(one.pixelValues!.sum, 1);
      }

      const windows = reference.tensor(`${caseName}.window_index`);
      if (windows) {
        let tokens = 0;
        const order: number[] = [];
        const bounds = [0];
        for (const [, height, width] of one.imageGridThw!) {
          const plan = planWindows({ height, width }, mergeSize, config.vision_config.window_size! / patchSize / mergeSize);
          order.push(...[...plan.order].map((token) => token + tokens));
          bounds.push(...plan.bounds.slice(1).map((bound) => bound + tokens * mergeSize ** 2));
          tokens += plan.order.length;
        }
        expect(order).toEqual([...windows.data]);
        expect(bounds).toEqual([...reference.tensor(`${caseName}.cu_window_seqlens`)!.data]);
      }
    });
  });
}

for (const name of recorded('qwen-vl-chat')) {
  describe(`${name}: pixels`, () => {
    const reference = loadReference(name);
    const layout = { patchSize: 14, temporalPatchSize: 1, mergeSize: 1, mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] } as const;

    it.each(Object.keys(reference.cases).filter((caseName) => reference.cases[caseName]!.resized))('%s', async (caseName) => {
      const one = reference.cases[caseName]!;
      const all: Float32Array[] = [];
      for (const [at, file] of picturesOf(one.messages).entries()) {
        const resized = resizeBicubic(await decodeImage(picturePath(file)), 448, 448);
        expect(createHash('sha256').update(resized.data).digest('hex')).toBe(one.resized![at]!.sha256);
        all.push(cutPatches(resized, layout).patches.data);
      }
      const recordedPixels = reference.tensor(`${caseName}.pixel_values`);
      if (recordedPixels) expect(relativeError(pickRows(Float32Array.from(all.flatMap((rows) => [...rows])), 588, one.rows['pixelValues']!), recordedPixels.data)).toBeLessThan(2e-7);
    });
  });
}
