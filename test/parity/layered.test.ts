// Many rows run layer by layer with 8-bit weights made from the package's blocks, against the whole decoder on the same package: the same keys, values
// and logits but for what 8 bits lose. Catches a layer's weights in another one's place, image features after the wrong layer, positions or
// lengths of the second half, and a cancelled run that leaves rows behind.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quietJob } from '../../src-main/base/job.ts';
import { compileCheckpoint, usualOptions } from '../../src-main/compiler/compile.ts';
import { relativeError } from '../../src-main/compiler/quantize.ts';
import { weightFormat } from '../../src-main/compiler/weight-formats.ts';
import type { KvCache } from '../../src-main/inference/kv-cache.ts';
import { openPackage, type OpenPackage } from '../../src-main/inference/open-package.ts';
import { TextModel, type TextRows } from '../../src-main/inference/text-model.ts';
import { manifestFile, textGraph } from '../../src-main/model/package-format.ts';
import { noise } from '../helpers/run-graph.ts';
import { checkpointsFolder } from '../helpers/reference.ts';

const root = mkdtempSync(path.join(tmpdir(), 'lectern-layered-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const count = 160;

/** The rows `from` … `to` of a prompt whose middle is a picture. */
async function rowsOf(model: OpenPackage, from: number, to: number): Promise<TextRows> {
  const { table, manifest } = model;
  const { hiddenSize } = manifest.config.text;
  const ids = Int32Array.from({ length: to - from }, (_, at) => ((from + at) * 7919 + 3) % table.rows);
  const positions = Int32Array.from({ length: 3 * (to - from) }, (_, at) => from + (at % (to - from)) + (at >= to - from ? (at * 5) % 3 : 0));
  const levels = manifest.config.vision.deepstackBlocks.length;
  const deepstack = levels === 0 ? null : Array.from({ length: levels }, (_, level) => noise((to - from) * hiddenSize, 11 + level).map((value, at) => (at % (3 * hiddenSize) < hiddenSize ? value : 0)));
  return { embeds: await table.lookUp(ids), positions, deepstack, ropeAlpha: 1 };
}

function decoderOf({ text }: OpenPackage): { text: TextModel; cache: KvCache } {
  if (!(text instanceof TextModel)) throw new TypeError('a compiled package has our decoder');
  return { text, cache: text.newCache() };
}

const cached = (cache: KvCache, name: string, kvHeads: number, headDim: number): Float32Array => {
  const data = cache.inputs[name]!.data as Float32Array;
  return Float32Array.from(Array.from({ length: kvHeads }, (_, head) => [...data.subarray(head * cache.capacity * headDim, (head * cache.capacity + cache.length) * headDim)]).flat());
};

describe.each(['qwen2-vl', 'qwen2.5-vl', 'qwen3-vl', 'qwen-vl-chat', 'qwen-vl-chat-int4', 'qwen2-vl-gptq-int4'])('%s', (name) => {
  let whole: OpenPackage;
  let layered: OpenPackage;
  beforeAll(async () => {
    const text = weightFormat('int4', { block: 32 });
    await compileCheckpoint(quietJob(), path.join(checkpointsFolder, name), { ...usualOptions, text, head: text }, { root, id: name });
    const open = (by: boolean): Promise<OpenPackage> => openPackage(quietJob(), path.join(root, name), { contextTokens: 512, maxImageTokens: 64, layered: by, threads: 2 });
    [whole, layered] = [await open(false), await open(true)];
  });
  afterAll(async () => {
    await whole?.close();
    await layered?.close();
  });

  it('gives the same keys, values and logits', async () => {
    const [a, b] = [decoderOf(whole), decoderOf(layered)];
    for (const { cache } of [a, b]) cache.reserve(2 * count);
    for (const [from, to] of [[0, count], [count, 2 * count]] as const) {
      const rows = await rowsOf(whole, from, to);
      const [expected, found] = [await a.text.run(a.cache, rows, 1), await b.text.run(b.cache, rows, 1)];
      expect(b.cache.length).toBe(to);
      expect(relativeError(expected.data, found.data), 'logits').toBeLessThan(0.2);
      expect(relativeError(expected.data, found.data), 'the other way was taken').toBeGreaterThan(1e-6);
    }
    const { layers, kvHeads, headDim } = whole.manifest.config.text;
    expect(whole.manifest.graphs.textLayer?.layers).toHaveLength(layers);
    for (let layer = 0; layer < layers; layer++) {
      for (const at of [textGraph.pastKey(layer), textGraph.pastValue(layer)]) expect(relativeError(cached(a.cache, at, kvHeads, headDim), cached(b.cache, at, kvHeads, headDim)), at).toBeLessThan(layer === 0 ? 0.03 : 0.1);
    }
    for (const { cache } of [a, b]) cache.close();
  });

  it('is refused when what the package says of a layer is not what its graph takes', async () => {
    const file = path.join(root, name, manifestFile);
    const sound = readFileSync(file, 'utf8');
    const { layers, ...described } = layered.manifest.graphs.textLayer!;
    const [first, ...others] = described.products;
    // The weights lie in the file all the same: only the graph can tell.
    for (const products of [[{ ...first!, integers: 'nobody' }, ...others], [{ ...first!, rows: first!.rows - 16 }, ...others]]) {
      writeFileSync(file, JSON.stringify({ ...layered.manifest, graphs: { ...layered.manifest.graphs, textLayer: { ...described, products, layers } } }));
      await expect(openPackage(quietJob(), path.join(root, name), { contextTokens: 512, maxImageTokens: 64, threads: 2 })).rejects.toMatchObject({ code: 'package-damaged' });
    }
    writeFileSync(file, sound);
  });

  it('leaves the cache as it was when it is cancelled, and goes on', async () => {
    const { text, cache } = decoderOf(layered);
    cache.reserve(2 * count);
    const rows = await rowsOf(layered, 0, count);
    const before = await text.run(cache, rows, 1);
    const stop = new AbortController();
    const run = text.run(cache, await rowsOf(layered, count, 2 * count), 1, stop.signal);
    setImmediate(() => stop.abort());
    await expect(run).rejects.toMatchObject({ code: 'job-cancelled' });
    expect(cache.length).toBe(count);
    cache.rewind(0);
    expect((await text.run(cache, rows, 1)).data).toEqual(before.data);
    cache.close();
  });
});
