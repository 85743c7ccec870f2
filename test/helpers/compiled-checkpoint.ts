// Compiles a tiny recorded checkpoint and runs its cases: what each layer gives, the logits, the greedy tokens. For the parity tests and
// for judging quantisation; the reference's values are not looked at here.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assert } from '../../src-main/base/errors.ts';
import { quietJob } from '../../src-main/base/job.ts';
import { type CompileOptions, compileCheckpoint } from '../../src-main/compiler/compile.ts';
import { weightFormat } from '../../src-main/compiler/weight-formats.ts';
import { EmbeddingTable } from '../../src-main/inference/embedding-table.ts';
import { decodeImage } from '../../src-main/inference/image/decode-image.ts';
import { KvCache, kvShapeOf } from '../../src-main/inference/kv-cache.ts';
import { multiAxisPositions, singleAxisPositions, spansOf } from '../../src-main/inference/position-ids.ts';
import { promptRows } from '../../src-main/inference/prompt-rows.ts';
import { openSession, type Session } from '../../src-main/inference/session.ts';
import type { Tensor } from '../../src-main/inference/tensor.ts';
import { TextModel } from '../../src-main/inference/text-model.ts';
import { planImage, VisionModel, type ImageFeatures } from '../../src-main/inference/vision-model.ts';
import { type PackageManifest, visionGraph } from '../../src-main/model/package-format.ts';
import { checkpointsFolder, picturePath, type ReferenceCase } from './reference.ts';

export const exactOptions: CompileOptions = { text: weightFormat('fp32'), head: weightFormat('fp32'), vision: weightFormat('fp32'), fast: false, compute: 'float32' };

export interface CaseRun {
  /** By the reference's names, all rows: `vision.block.0` `[N, width]`, `image_embeds` `[M, hidden]`, `decoder.layer.0` `[S, hidden]`, …. */
  readonly layers: ReadonlyMap<string, Float32Array>;
  readonly logits: Float32Array;
  readonly stepLogits: readonly Float32Array[];
  readonly greedyTokens: readonly number[];
}

export interface CompiledCheckpoint {
  readonly folder: string;
  readonly manifest: PackageManifest;
  /** `forced`: the tokens that are fed, instead of the greedy ones; one step each. */
  run(one: ReferenceCase, forced?: readonly number[]): Promise<CaseRun>;
  close(): Promise<void>;
}

export async function compileRecorded(name: string, options: CompileOptions = exactOptions): Promise<CompiledCheckpoint> {
  const root = await mkdtemp(path.join(tmpdir(), 'lectern-compiled-'));
  return openCompiled(root, await compileCheckpoint(quietJob(), path.join(checkpointsFolder, name), options, { root, id: 'tiny' }));
}

/** Opens the package `tiny` in `root`; closing it removes `root`. */
export async function openCompiled(root: string, manifest: PackageManifest): Promise<CompiledCheckpoint> {
  const folder = path.join(root, 'tiny');
  const open = (file: string): Promise<Session> => openSession(path.join(folder, file), { threads: 1 });
  const text = await open(manifest.graphs.text);
  const vision = new VisionModel(manifest.config.vision, manifest.processor, await open(manifest.graphs.vision));
  assert(!('graph' in manifest.embeddings), 'a compiled checkpoint has a table of embeddings');
  const table = await EmbeddingTable.open(folder, manifest.embeddings);
  const model = new TextModel(manifest.config.text, text);
  return {
    folder, manifest,
    run: (one, forced) => runCase(manifest, vision, model, table, one, forced),
    async close() {
      await model.close();
      vision.close();
      await table.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function append(layers: Map<string, Float32Array>, name: string, rows: Float32Array): void {
  const before = layers.get(name);
  if (!before) return void layers.set(name, rows);
  const joined = new Float32Array(before.length + rows.length);
  joined.set(before);
  joined.set(rows, before.length);
  layers.set(name, joined);
}

async function runCase(manifest: PackageManifest, vision: VisionModel, model: TextModel, table: EmbeddingTable, one: ReferenceCase, forced?: readonly number[]): Promise<CaseRun> {
  const steps = forced?.length ?? one.greedyTokens.length;
  const layers = new Map<string, Float32Array>();
  const files = one.messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content.flatMap((part) => (part.type === 'image' ? [part.image] : []))));
  const features: ImageFeatures[] = [];
  const grids: { height: number; width: number }[] = [];
  for (const file of files) {
    const picture = await decodeImage(picturePath(file));
    const plan = planImage(picture, manifest.config.vision, manifest.processor);
    const { inputs, restore } = vision.inputsFor(picture, plan);
    const outputs = await vision.session.run(inputs);
    for (const [name, value] of Object.entries(outputs)) if (name.startsWith('tap.')) append(layers, name.slice(4), value.data as Float32Array);
    const rowsOf = (name: string): Float32Array => restore(outputs[name] as Tensor<'float32'>).data;
    const embeds = rowsOf(visionGraph.imageEmbeds);
    append(layers, 'image_embeds', embeds);
    const deepstack = manifest.config.vision.deepstackBlocks.map((_, k) => rowsOf(visionGraph.deepstack(k)));
    deepstack.forEach((rows, k) => append(layers, `deepstack.${k}`, rows));
    features.push({ embeds, deepstack });
    grids.push(plan.grid);
  }
  const ids = Int32Array.from(one.inputIds);
  const spans = spansOf(ids, manifest.tokens.image, grids);
  let start = 0;
  const images = spans.flatMap((span) => {
    const at = start;
    start += span.kind === 'text' ? span.length : span.height * span.width;
    return span.kind === 'text' ? [] : [{ start: at, tokens: span.height * span.width, key: String(at) }];
  });
  const positions = manifest.config.text.mropeSection ? multiAxisPositions(spans) : singleAxisPositions(ids.length);
  const ropeAlpha = model.ropeAlphaFor(ids.length);
  const rows = await promptRows(table, { ids, positions, images, ropeAlpha }, features, 0, ids.length);

  const cache = new KvCache(model.session, kvShapeOf(manifest.config.text, manifest.kvType));
  cache.reserve(ids.length + steps);
  const original = model.session.run.bind(model.session);
  const wanted = model.session.outputNames.filter((name) => name.startsWith('tap.'));
  model.session.run = async (inputs, options) => {
    const outputs = await original(inputs, { ...options, outputs: [...(options?.outputs ?? []), ...wanted] });
    for (const name of wanted) append(layers, name.slice(4), outputs[name]!.data as Float32Array);
    return outputs;
  };
  let logits: Float32Array;
  try {
    // what the layers give is compared for all rows; else only the last one is computed to its end
    const { dims, data } = await model.run(cache, rows, wanted.length > 0 ? ids.length : 1);
    logits = data.slice(-dims[1]!);
  } finally {
    model.session.run = original;
  }
  const stepLogits = [logits];
  const greedyTokens = [argmax(logits)];
  while (greedyTokens.length < steps) {
    const position = cache.length + positions.ropeDelta;
    const step = { embeds: await table.lookUp([forced?.[greedyTokens.length - 1] ?? greedyTokens.at(-1)!]), positions: Int32Array.of(position, position, position), deepstack: null, ropeAlpha };
    stepLogits.push((await model.run(cache, step, 1)).data);
    greedyTokens.push(argmax(stepLogits.at(-1)!));
  }
  cache.close();
  return { layers, logits, stepLogits, greedyTokens };
}

export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
