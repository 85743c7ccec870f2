// A decoder with rounded weights, as a whole, against the exact graph whose weights are those that the rounded ones stand for: equal when
// activations are not rounded, a few per cent off when they are. Catches integers, scales or zero points of another module, block or row.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quietJob } from '../../src-main/base/job.ts';
import { compileCheckpoint, type CompileOptions, planGraphs } from '../../src-main/compiler/compile.ts';
import type { Graph } from '../../src-main/compiler/graph.ts';
import { layOutConstants } from '../../src-main/compiler/onnx-file.ts';
import { dequantizeBlocks, relativeError } from '../../src-main/compiler/quantize.ts';
import { type WeightFormat, weightFormat } from '../../src-main/compiler/weight-formats.ts';
import { openCheckpoint } from '../../src-main/model/checkpoint.ts';
import { type CompiledCheckpoint, compileRecorded, exactOptions, openCompiled } from '../helpers/compiled-checkpoint.ts';
import { checkpointsFolder, loadReference, recorded } from '../helpers/reference.ts';

/** The text graph that these options give, and where its constants lie in its data file. */
async function textGraphOf(name: string, options: CompileOptions): Promise<{ graph: Graph; places: ReturnType<typeof layOutConstants>['places'] }> {
  const checkpoint = await openCheckpoint(path.join(checkpointsFolder, name));
  const graph = planGraphs(checkpoint, options)[0]!;
  await checkpoint.close();
  return { graph, places: layOutConstants(graph).places };
}

/** The exact package of `name`, its decoder's weights replaced by what the package `rounded` computes with. */
async function dequantized(name: string, rounded: CompiledCheckpoint, options: CompileOptions, format: WeightFormat): Promise<{ compiled: CompiledCheckpoint; replaced: number; moved: number }> {
  const root = mkdtempSync(path.join(tmpdir(), 'lectern-dequantized-'));
  const manifest = await compileCheckpoint(quietJob(), path.join(checkpointsFolder, name), exactOptions, { root, id: 'tiny' });
  const [from, to] = [await textGraphOf(name, options), await textGraphOf(name, exactOptions)];
  const source = readFileSync(path.join(rounded.folder, 'text.onnx.data'));
  const file = path.join(root, 'tiny', 'text.onnx.data');
  const target = readFileSync(file);
  const bits = format.type === 'int4' ? 4 : 8;
  let replaced = 0;
  let moved = 0;
  for (const constant of to.graph.constants.values()) {
    const address = constant.name.endsWith('/weight') ? constant.name.slice(0, -'/weight'.length) : null;
    const part = (end: string): Uint8Array | null => {
      const place = from.places.get(`${address}/${end}`);
      return place ? source.subarray(place.offset, place.offset + place.byteLength) : null;
    };
    const [integers, scales] = [part('integers'), part('scales')];
    if (!integers || !scales) continue;
    const [rows, columns] = constant.dims as [number, number];
    const values = dequantizeBlocks({ packed: integers, scales: new Float32Array(Uint8Array.from(scales).buffer), zeros: part('zeros') }, rows, columns, { bits, block: format.block });
    const place = to.places.get(constant.name)!;
    const exact = new Float32Array(Uint8Array.from(target.subarray(place.offset, place.offset + place.byteLength)).buffer);
    moved = Math.max(moved, relativeError(exact, values));
    target.set(new Uint8Array(values.buffer), place.offset);
    replaced++;
  }
  writeFileSync(file, target);
  return { compiled: await openCompiled(root, manifest), replaced, moved };
}

/** Lets every MatMulNBits compute in float32: `accuracy_level` 1 instead of 4, a byte of the encoded attribute. */
function keepActivations(folder: string): number {
  const file = path.join(folder, 'text.onnx');
  const graph = readFileSync(file);
  const attribute = Buffer.from('accuracy_level\x18\x04', 'latin1');
  let changed = 0;
  for (let at = graph.indexOf(attribute); at >= 0; at = graph.indexOf(attribute, at + 1)) {
    graph[at + attribute.length - 1] = 1;
    changed++;
  }
  writeFileSync(file, graph);
  return changed;
}

const formats: readonly [string, WeightFormat][] = [
  ['int4 in blocks of 32', weightFormat('int4', { block: 32 })],
  ['int4 with zero points', weightFormat('int4', { block: 64, symmetric: false })],
  ['int8 in blocks of 32', weightFormat('int8', { block: 32 })],
];

for (const name of recorded('qwen2-vl', 'qwen2.5-vl', 'qwen3-vl', 'qwen-vl-chat')) {
  describe.each(formats)(`${name}, %s`, (_title, format) => {
    const options: CompileOptions = { ...exactOptions, text: format, head: format };
    const { cases } = loadReference(name);
    let rounded: CompiledCheckpoint;
    let reference: Awaited<ReturnType<typeof dequantized>>;
    beforeAll(async () => {
      rounded = await compileRecorded(name, options);
      reference = await dequantized(name, rounded, options, format);
    });
    afterAll(async () => {
      await rounded?.close();
      await reference?.compiled.close();
    });

    it('computes what its weights stand for', async () => {
      const { layers } = rounded.manifest.config.text;
      // qkv, output, gate and up, down, and the head
      expect(reference.replaced).toBe(4 * layers + 1);
      expect(reference.moved).toBeGreaterThan(format.type === 'int4' ? 0.03 : 0.001);
      const exactRoot = mkdtempSync(path.join(tmpdir(), 'lectern-unrounded-'));
      cpSync(rounded.folder, path.join(exactRoot, 'tiny'), { recursive: true });
      expect(keepActivations(path.join(exactRoot, 'tiny'))).toBe(reference.replaced);
      const unrounded = await openCompiled(exactRoot, rounded.manifest);
      const one = cases['textOnly']!;
      const forced = one.greedyTokens.slice(0, 4);
      const [usual, kept, theirs] = [await rounded.run(one, forced), await unrounded.run(one, forced), await reference.compiled.run(one, forced)];
      await unrounded.close();
      theirs.stepLogits.forEach((logits, step) => {
        expect(relativeError(logits, kept.stepLogits[step]!), `activations kept, step ${step}`).toBeLessThan(1e-4);
        expect(relativeError(logits, usual.stepLogits[step]!), `activations rounded, step ${step}`).toBeLessThan(0.12);
      });
    });
  });
}
