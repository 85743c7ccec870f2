// Run by cache-pressure.test.ts in its own process with --expose-gc: a cache that native code reads and writes in place, while it grows, is
// cancelled at every moment, rewound, and while garbage is collected between and within runs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { quietJob } from '../../../src-main/base/job.ts';
import { EmbeddingTable } from '../../../src-main/inference/embedding-table.ts';
import { Generator } from '../../../src-main/inference/generate.ts';
import { KvCache, kvShapeOf } from '../../../src-main/inference/kv-cache.ts';
import { singleAxisPositions } from '../../../src-main/inference/position-ids.ts';
import { greedy } from '../../../src-main/inference/sampler.ts';
import { openSession } from '../../../src-main/inference/session.ts';
import { TextModel } from '../../../src-main/inference/text-model.ts';
import { countingConfig, countingEmbeddings, countingModel, countingVocabulary } from '../../helpers/counting-model.ts';

const collect = (globalThis as { gc?: () => void }).gc ?? (() => {});
const folder = mkdtempSync(path.join(tmpdir(), 'lectern-cache-pressure-'));
writeFileSync(path.join(folder, 'rows.bin'), countingEmbeddings());
const table = await EmbeddingTable.open(folder, { file: 'rows.bin', offset: 0, type: 'float32', rows: countingVocabulary, columns: countingVocabulary, block: null, scales: null });
const noImages = (): Promise<never> => Promise.reject(new Error('no image'));

/** Logits of one more token, run in one piece in a cache of its own. */
async function freshLogits(model: TextModel, ids: readonly number[]): Promise<Float32Array> {
  const cache = new KvCache(model.session, kvShapeOf(countingConfig, 'float32'));
  cache.reserve(ids.length);
  const { data } = await model.run(cache, { embeds: await table.lookUp(ids), positions: singleAxisPositions(ids.length).ids, deepstack: null, ropeAlpha: 1 }, 1);
  cache.close();
  return data;
}

let wrong = 0;
let cancelled = 0;
let reused = 0;
const session = await openSession(countingModel(), { threads: 2 });
const model = new TextModel(countingConfig, session);
const cache = new KvCache(session, kvShapeOf(countingConfig, 'float32'));
const generator = new Generator(model, table, cache, 3000);
const timer = setInterval(collect, 2);
let state = 12345;
const random = (below: number): number => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state >>> 8) % below;
};
const base = Array.from({ length: 700 }, () => random(countingVocabulary));
for (let round = 0; round < 120; round++) {
  // a prompt that shares a part of the last one, cancelled after some moments or not at all
  const ids = [...base.slice(0, 1 + random(base.length)), ...Array.from({ length: 1 + random(40) }, () => random(countingVocabulary))];
  const controller = new AbortController();
  const moment = random(3) === 0 ? random(60) : Infinity;
  let seen = 0;
  const job = { ...quietJob(controller.signal), progress: () => void (seen++ >= moment && controller.abort()) };
  if (moment < 30) setTimeout(() => controller.abort(), moment / 10);
  const prompt = { ids: Int32Array.from(ids), positions: singleAxisPositions(ids.length), images: [], ropeAlpha: 1 };
  try {
    const result = await generator.generate(job, prompt, noImages, { sampling: greedy, maxNewTokens: 1 + random(12), stopIds: new Set(), vocabulary: countingVocabulary, onToken: () => (seen++ >= moment && controller.abort(), false) });
    result.tokens.forEach((token, at) => {
      if (token !== (ids.at(-1)! + 1 + at) % countingVocabulary) wrong++;
    });
    reused += result.reusedTokens;
    if (round % 8 === 0) {
      const all = [...ids, ...result.tokens.slice(0, -1), 5];
      const { data } = await model.run(cache, { embeds: await table.lookUp([5]), positions: Int32Array.of(cache.length, cache.length, cache.length), deepstack: null, ropeAlpha: 1 }, 1);
      const expected = await freshLogits(model, all);
      if (data.some((value, at) => Math.abs(value - expected[at]!) > 1e-3)) wrong++;
      cache.rewind(cache.length - 1);
    }
  } catch (error) {
    if ((error as { code?: string }).code !== 'job-cancelled') throw error;
    cancelled++;
  }
}
clearInterval(timer);
// the model first, its cache afterwards: memory that is still held must not be pulled away
session.close();
collect();
generator.close();
collect();
await table.close();
rmSync(folder, { recursive: true, force: true });
process.stdout.write(JSON.stringify({ wrong, cancelled, reused, capacity: cache.capacity }));
