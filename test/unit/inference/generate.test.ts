// The loop around a decoder, tested with a decoder whose tokens are known; prefix reuse and the tables it reads.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quietJob } from '../../../src-main/base/job.ts';
import { EmbeddingTable } from '../../../src-main/inference/embedding-table.ts';
import { Generator, type GenerateOptions } from '../../../src-main/inference/generate.ts';
import type { Guide } from '../../../src-main/inference/grammar/guide.ts';
import { KvCache, kvBytesPerToken, kvShapeOf } from '../../../src-main/inference/kv-cache.ts';
import { multiAxisPositions } from '../../../src-main/inference/position-ids.ts';
import { commonPrefix, type Prompt, type PromptImage } from '../../../src-main/inference/prompt-rows.ts';
import { greedy } from '../../../src-main/inference/sampler.ts';
import { openSession, type Session } from '../../../src-main/inference/session.ts';
import { TextModel } from '../../../src-main/inference/text-model.ts';
import type { ImageFeatures } from '../../../src-main/inference/vision-model.ts';
import { countingConfig, countingEmbeddings, countingModel, countingVocabulary } from '../../helpers/counting-model.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'lectern-generate-'));
let session: Session;
let table: EmbeddingTable;
let model: TextModel;

beforeAll(async () => {
  session = await openSession(countingModel(), { threads: 1 });
  model = new TextModel(countingConfig, session);
  writeFileSync(path.join(folder, 'rows.bin'), countingEmbeddings());
  table = await EmbeddingTable.open(folder, { file: 'rows.bin', offset: 0, type: 'float32', rows: countingVocabulary, columns: countingVocabulary, block: null, scales: null });
});
afterAll(async () => {
  session.close();
  await table.close();
  rmSync(folder, { recursive: true, force: true });
});

const promptOf = (ids: number[], images: PromptImage[] = []): Prompt => ({ ids: Int32Array.from(ids), positions: multiAxisPositions([{ kind: 'text', length: ids.length }]), images, ropeAlpha: 1 });
const noImages = (): Promise<ImageFeatures> => Promise.reject(new Error('no image was asked for'));
const generatorOf = (limit = 2000): Generator => new Generator(model, table, new KvCache(session, kvShapeOf(countingConfig, 'float32')), limit);
const optionsOf = (changes: Partial<GenerateOptions> = {}): GenerateOptions => ({ sampling: greedy, maxNewTokens: 8, stopIds: new Set(), vocabulary: countingVocabulary, onToken: () => false, ...changes });
const code = async (work: Promise<unknown>): Promise<unknown> => work.then(() => 'no error', (error: Error & { code?: string }) => error.code ?? error.message);

/** Logits of the last token when everything is run at once in a fresh cache. */
async function freshLogits(ids: number[]): Promise<Float32Array> {
  const cache = new KvCache(session, kvShapeOf(countingConfig, 'float32'));
  cache.reserve(ids.length);
  const positions = multiAxisPositions([{ kind: 'text', length: ids.length }]);
  const { data } = await model.run(cache, { embeds: await table.lookUp(ids), positions: positions.ids, deepstack: null, ropeAlpha: 1 }, 1);
  cache.close();
  return data;
}

describe('generate', () => {
  it('counts on, until the stop token, the limit, the caller or the context', async () => {
    const generator = generatorOf(20);
    const ids = [3, 4, 5];
    expect(await generator.generate(quietJob(), promptOf(ids), noImages, optionsOf())).toMatchObject({ tokens: [6, 7, 8, 9, 10, 11, 12, 13], finish: 'length', reusedTokens: 0 });
    expect(await generator.generate(quietJob(), promptOf(ids), noImages, optionsOf({ stopIds: new Set([9]) }))).toMatchObject({ tokens: [6, 7, 8], finish: 'stop', reusedTokens: 2 });
    expect(await generator.generate(quietJob(), promptOf(ids), noImages, optionsOf({ onToken: (token) => token === 7 }))).toMatchObject({ tokens: [6, 7], finish: 'stop-text' });
    expect(await generator.generate(quietJob(), promptOf(ids), noImages, optionsOf({ maxNewTokens: 100 }))).toMatchObject({ finish: 'context', tokens: { length: 17 } });
    expect(await code(generator.generate(quietJob(), promptOf(Array.from({ length: 20 }, () => 1)), noImages, optionsOf()))).toBe('context-overflow');
    generator.close();
  });

  it('ends what only repeats itself', async () => {
    const generator = generatorOf();
    const result = await generator.generate(quietJob(), promptOf([1]), noImages, optionsOf({ maxNewTokens: 1000 }));
    expect(result.finish).toBe('repetition'); // 64 tokens in a circle
    expect(result.tokens.length).toBeLessThan(400);
    generator.close();
  });

  // Catches: chunks at wrong positions, a cache that grows and loses rows, rows of a step behind the wrong one.
  it('chunks, growth and steps leave exactly the cache that one run leaves', async () => {
    const ids = Array.from({ length: 600 }, (_, at) => (at * 7) % countingVocabulary);
    const cache = new KvCache(session, kvShapeOf(countingConfig, 'float32'));
    const generator = new Generator(model, table, cache, 2000);
    const { tokens } = await generator.generate(quietJob(), promptOf(ids), noImages, optionsOf({ maxNewTokens: 600, guardRepetition: false }));
    expect(tokens.length).toBe(600);
    expect(cache.length).toBe(1199);
    expect(cache.capacity).toBeGreaterThanOrEqual(1199);
    const all = [...ids, ...tokens];
    const position = all.length - 1;
    const { data } = await model.run(cache, { embeds: await table.lookUp([all[position]!]), positions: Int32Array.of(position, position, position), deepstack: null, ropeAlpha: 1 }, 1);
    const expected = await freshLogits(all);
    data.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 4));
    generator.close();
  });

  it('a second prompt runs only what is new, and answers as if all had been run', async () => {
    const generator = generatorOf();
    const first = Array.from({ length: 300 }, (_, at) => (at * 5) % countingVocabulary);
    const { tokens } = await generator.generate(quietJob(), promptOf(first), noImages, optionsOf());
    const second = [...first, ...tokens, 1, 2, 50];
    const again = await generator.generate(quietJob(), promptOf(second), noImages, optionsOf());
    expect(again).toMatchObject({ reusedTokens: 307, tokens: [51, 52, 53, 54, 55, 56, 57, 58] });
    const changed = [...first.slice(0, 100), 63, ...first.slice(101)];
    expect((await generator.generate(quietJob(), promptOf(changed), noImages, optionsOf())).reusedTokens).toBe(100);
    expect((await generator.generate(quietJob(), promptOf([9]), noImages, optionsOf())).tokens[0]).toBe(10);
    generator.close();
  });

  it('cancelling in prefill or between steps stops soon, and the next answer is right', async () => {
    const generator = generatorOf();
    const ids = Array.from({ length: 900 }, (_, at) => at % countingVocabulary);
    const controller = new AbortController();
    const job = { ...quietJob(controller.signal), progress: (_stage: string, fraction: number) => fraction > 0.2 && controller.abort() };
    expect(await code(generator.generate(job, promptOf(ids), noImages, optionsOf()))).toBe('job-cancelled');
    const after = await generator.generate(quietJob(), promptOf(ids), noImages, optionsOf());
    expect(after.tokens[0]).toBe((ids[899]! + 1) % countingVocabulary);
    expect(after.reusedTokens).toBeGreaterThan(0);
    const stop = new AbortController();
    let seen = 0;
    expect(await code(generator.generate(quietJob(stop.signal), promptOf(ids), noImages, optionsOf({ maxNewTokens: 500, onToken: () => (++seen === 3 && stop.abort(), false) })))).toBe('job-cancelled');
    expect(seen).toBe(3);
    generator.close();
  });

  // Catches: tokens that are run together at wrong positions, or left out of what the cache is known to hold.
  it('tokens that a grammar forces run together, and leave the cache that single steps leave', async () => {
    const cache = new KvCache(session, kvShapeOf(countingConfig, 'float32'));
    const generator = new Generator(model, table, cache, 2000, 4);
    let rounds = 0;
    const guide = {
      get isDone() { return rounds === 3; },
      cut: null,
      require: () => {},
      next(sampler: { next(logits: Float32Array): number }, logits: Float32Array) {
        return ++rounds === 1 ? [sampler.next(logits), 40, 41, 42, 43, 44] : [sampler.next(logits)];
      },
    } as unknown as Guide;
    const ids = [3, 4, 5];
    const { tokens, finish } = await generator.generate(quietJob(), promptOf(ids), noImages, optionsOf({ maxNewTokens: 50, guide }));
    expect([tokens, finish]).toEqual([[6, 40, 41, 42, 43, 44, 45, 46], 'stop']);
    const all = [...ids, ...tokens, 7];
    expect(generator.reusable(promptOf(all))).toBe(ids.length + tokens.length - 1);
    const expected = await freshLogits(all);
    cache.rewind(ids.length + tokens.length - 1);
    const at = cache.length;
    const { data } = await model.run(cache, { embeds: await table.lookUp([46, 7]), positions: Int32Array.of(at, at + 1, at, at + 1, at, at + 1), deepstack: null, ropeAlpha: 1 }, 1);
    data.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 4));
    generator.close();
  });

  it('refuses two answers at once', async () => {
    const generator = generatorOf();
    const first = generator.generate(quietJob(), promptOf([1, 2]), noImages, optionsOf());
    await expect(generator.generate(quietJob(), promptOf([1, 2]), noImages, optionsOf())).rejects.toThrow(/one answer/);
    await first;
    generator.close();
  });
});

describe('what a cache shares with a prompt', () => {
  const image = (start: number, tokens: number, key: string): PromptImage => ({ start, tokens, key });
  const cached = (ids: number[], images: PromptImage[], ropeAlpha = 1) => ({ ids, images, ropeAlpha });

  // Catches: another picture of the same size answered from the first one's rows.
  it('pictures count by their pixels', () => {
    const ids = [1, 9, 9, 9, 2, 3];
    expect(commonPrefix(cached(ids, [image(1, 3, 'a')]), promptOf(ids, [image(1, 3, 'a')]))).toBe(6);
    expect(commonPrefix(cached(ids, [image(1, 3, 'a')]), promptOf(ids, [image(1, 3, 'b')]))).toBe(1);
    expect(commonPrefix(cached([1, 9, 9], [image(1, 3, 'a')]), promptOf(ids, [image(1, 3, 'a')]))).toBe(3);
    expect(commonPrefix(cached([1, 9, 9, 9, 9], [image(1, 2, 'a'), image(3, 2, 'a')]), promptOf([1, 9, 9, 9, 9], [image(1, 4, 'a')]))).toBe(1);
  });

  it('a prompt with another rotary base shares nothing', () => {
    expect(commonPrefix(cached([1, 2], [], 3), promptOf([1, 2]))).toBe(0);
  });
});

describe('cache and table', () => {
  it('says what a token costs', () => {
    expect(kvBytesPerToken({ layers: 28, kvHeads: 2, headDim: 128, type: 'float32' })).toBe(57344);
  });

  it('a cache only commits what it has, and rewinds backwards', () => {
    const cache = new KvCache(session, kvShapeOf(countingConfig, 'float32'));
    cache.reserve(10);
    expect(cache.capacity).toBe(512);
    cache.commit(12);
    expect(() => cache.commit(501)).toThrow(/within the cache/);
    expect(() => cache.rewind(13)).toThrow(/not wound forward/);
    cache.rewind(5);
    expect(cache.length).toBe(5);
    cache.close();
  });

  it('reads every storage type, and refuses ids and files that are too short', async () => {
    const rows = [[1, -2, 0.5, 0], [3, 4, -8, 7]];
    const write = (name: string, bytes: NodeJS.ArrayBufferView): void => writeFileSync(path.join(folder, name), bytes);
    write('bf16.bin', Uint16Array.from(rows.flat(), (value) => new Uint32Array(Float32Array.of(value).buffer)[0]! >>> 16));
    write('f16.bin', Uint16Array.of(0x3c00, 0xc000, 0x3800, 0, 0x4200, 0x4400, 0xc800, 0x4700));
    write('q8.bin', Uint8Array.from([2, -4, 1, 0, 3, 4, -8, 7], (value) => value + 128));
    write('q4.bin', Uint8Array.of((2 + 8) | ((-4 + 8) << 4), (1 + 8) | (8 << 4), (3 + 8) | ((4 + 8) << 4), 0 | (15 << 4)));
    write('scales.bin', Float32Array.of(0.5, 0.5, 1, 1));
    const base = { offset: 0, rows: 2, columns: 4 };
    for (const [file, type, isBlocked] of [['bf16.bin', 'bfloat16', false], ['f16.bin', 'float16', false], ['q8.bin', 'int8', true], ['q4.bin', 'int4', true]] as const) {
      const one = await EmbeddingTable.open(folder, { ...base, file, type, block: isBlocked ? 2 : null, scales: isBlocked ? { file: 'scales.bin', offset: 0 } : null });
      expect([...(await one.lookUp([1, 0]))], type).toEqual([...rows[1]!, ...rows[0]!]);
      expect(await code(one.lookUp([2]))).toBe('token-unknown');
      await one.close();
    }
    expect(await code(EmbeddingTable.open(folder, { ...base, rows: 3, file: 'f16.bin', type: 'float16', block: null, scales: null }))).toBe('package-damaged');
    expect(await code(EmbeddingTable.open(folder, { ...base, file: 'none.bin', type: 'float16', block: null, scales: null }))).toBe('package-damaged');
  });
});
