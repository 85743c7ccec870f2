// The real networks, as published and rewritten, on the same input. Would catch: a rewrite that changes what a network says,
// or one that silently matches nothing any more.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openSession } from '../../../src-main/inference/session.ts';
import { tensor } from '../../../src-main/inference/tensor.ts';
import { fasterGraph } from '../../../src-main/ocr/faster-graph.ts';
import { detectionModel, recogniserModels, verifiedModelFile } from '../../../src-main/ocr/model-files.ts';
import { readOnnx } from '../../../src-main/ocr/onnx-graph.ts';

const models = [{ name: 'detection', file: detectionModel, dims: [1, 3, 96, 160] }, ...recogniserModels.map(({ script, weights }) => ({ name: script as string, file: weights, dims: [1, 3, 48, 160] }))];

describe('fasterGraph', () => {
  it.each(models)('leaves what the $name network says as it was', async ({ file, dims }) => {
    const published = new Uint8Array(await readFile(await verifiedModelFile(file)));
    const rewritten = fasterGraph(published);
    const kinds = (bytes: Uint8Array): string[] => readOnnx(bytes).nodes.map((node) => node.op);
    expect(kinds(rewritten).filter((op) => op === 'Clip')).toHaveLength(0);
    expect(kinds(rewritten).length).toBeLessThan(kinds(published).length * 0.8);
    let seed = 1;
    const input = tensor('float32', dims, Float32Array.from({ length: dims.reduce((a, b) => a * b) }, () => (seed = (seed * 16807) % 2147483647) / 1073741824 - 1));
    const [before, after] = await Promise.all([published, rewritten].map(async (bytes) => {
      const session = await openSession(bytes, { threads: 1 });
      try {
        return (await session.run({ [session.inputNames[0]!]: input }))[session.outputNames[0]!]!;
      } finally {
        session.close();
      }
    }));
    expect(after!.dims).toEqual(before!.dims);
    const expected = before!.data as Float32Array, found = after!.data as Float32Array;
    expect(found.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0)).toBeLessThan(1e-4);
  });
});
