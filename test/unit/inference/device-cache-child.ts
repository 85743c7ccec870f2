// Run by device-cache.test.ts with the software Vulkan that Electron carries: the same decoder on the CPU and on WebGPU, cache on the device.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { quietJob } from '../../../src-main/base/job.ts';
import { EmbeddingTable } from '../../../src-main/inference/embedding-table.ts';
import { Generator } from '../../../src-main/inference/generate.ts';
import { KvCache, kvShapeOf } from '../../../src-main/inference/kv-cache.ts';
import { multiAxisPositions } from '../../../src-main/inference/position-ids.ts';
import { choose } from '../../../src-main/inference/providers.ts';
import { greedy } from '../../../src-main/inference/sampler.ts';
import { openSession, type Provider } from '../../../src-main/inference/session.ts';
import { TextModel } from '../../../src-main/inference/text-model.ts';
import { countingConfig, countingEmbeddings, countingModel, countingVocabulary } from '../../helpers/counting-model.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'lectern-device-'));
writeFileSync(path.join(folder, 'rows.bin'), countingEmbeddings());
const table = await EmbeddingTable.open(folder, { file: 'rows.bin', offset: 0, type: 'float32', rows: countingVocabulary, columns: countingVocabulary, block: null, scales: null });
const noImages = (): Promise<never> => Promise.reject(new Error('no image'));

/** Answers with reuse and rewinding, and the logits of a last step over the whole cache. */
async function runOn(provider: Provider, chunkRows: number): Promise<{ tokens: number[][]; reused: number[]; logits: number[]; cacheInPlainMemory: boolean }> {
  const session = await openSession(countingModel(), { provider, threads: 1 });
  const model = new TextModel(countingConfig, session);
  const cache = new KvCache(session, kvShapeOf(countingConfig, 'float32'));
  const generator = new Generator(model, table, cache, 512, chunkRows);
  const first = Array.from({ length: 300 }, (_, at) => (at * 5) % countingVocabulary);
  const prompts = [first, [...first, 1, 2, 50], [...first.slice(0, 100), 7, 8]];
  const tokens: number[][] = [];
  const reused: number[] = [];
  for (const ids of prompts) {
    const prompt = { ids: Int32Array.from(ids), positions: multiAxisPositions([{ kind: 'text', length: ids.length }]), images: [], ropeAlpha: 1 };
    const result = await generator.generate(quietJob(), prompt, noImages, { sampling: greedy, maxNewTokens: 6, stopIds: new Set(), vocabulary: countingVocabulary, onToken: () => false });
    tokens.push([...result.tokens]);
    reused.push(result.reusedTokens);
  }
  const position = cache.length;
  const { data } = await model.run(cache, { embeds: await table.lookUp([3]), positions: Int32Array.of(position, position, position), deepstack: null, ropeAlpha: 1 }, 1);
  const cacheInPlainMemory = Object.values(cache.inputs).some((held) => held.data !== null);
  generator.close();
  session.close();
  return { tokens, reused, logits: [...data], cacheInPlainMemory };
}

const choice = await choose(['cuda', 'webgpu', 'cpu']);
const report = { choice, cpu: await runOn('cpu', 256), webgpu: choice.provider === 'webgpu' ? await runOn('webgpu', Math.min(256, choice.attentionRows)) : null };
await table.close();
rmSync(folder, { recursive: true, force: true });
process.stdout.write(JSON.stringify(report));
