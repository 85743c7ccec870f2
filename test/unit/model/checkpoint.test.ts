// What a folder must hold, and that what is missing is named before any work begins.
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { normalizeTensorName, openCheckpoint } from '../../../src-main/model/checkpoint.ts';
import { readModelConfig } from '../../../src-main/model/model-config.ts';
import { checkpointsFolder } from '../../helpers/reference.ts';

let folder: string;
const at = (name: string): string => path.join(folder, name);
const json = (name: string): Record<string, unknown> => JSON.parse(readFileSync(at(name), 'utf8')) as Record<string, unknown>;
const take = (name: string): void => cpSync(path.join(checkpointsFolder, name), folder, { recursive: true });
const open = async (): Promise<void> => (await openCheckpoint(folder)).close();

beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'lectern-checkpoint-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('opening a checkpoint', () => {
  it.each(['qwen2-vl', 'qwen2.5-vl', 'qwen3-vl', 'qwen-vl-chat', 'qwen-vl-chat-int4', 'qwen2-vl-gptq-int4', 'qwen2-vl-awq'])('%s', async (name) => {
    take(name);
    const checkpoint = await openCheckpoint(folder);
    expect(checkpoint.config.architecture).toBe(name.startsWith('qwen-vl') ? 'qwen-vl' : name.replace(/-(gptq-int4|awq)$/, ''));
    expect(checkpoint.tensors.size).toBeGreaterThan(20);
    expect(checkpoint.companions).toContain('config.json');
    await checkpoint.close();
  });

  it('says that a folder is none', async () => {
    await expect(openCheckpoint(folder)).rejects.toMatchObject({ code: 'checkpoint-not-found' });
    await expect(openCheckpoint(at('nowhere'))).rejects.toMatchObject({ code: 'checkpoint-not-found' });
  });

  it('names a shard that the index lists and the folder lacks', async () => {
    take('qwen-vl-chat');
    rmSync(at('pytorch_model-00002-of-00002.bin'));
    await expect(open()).rejects.toMatchObject({ code: 'checkpoint-incomplete', data: { missing: ['pytorch_model-00002-of-00002.bin'] } });
  });

  it('notices a missing shard without an index, by its number', async () => {
    take('qwen-vl-chat');
    rmSync(at('pytorch_model-00001-of-00002.bin'));
    rmSync(at('pytorch_model.bin.index.json'));
    await expect(open()).rejects.toMatchObject({ code: 'checkpoint-incomplete', data: { missing: ['pytorch_model-00001-of-00002.bin'] } });
  });

  it('names tensors that the index promises and no shard holds', async () => {
    take('qwen-vl-chat');
    const index = json('pytorch_model.bin.index.json') as { weight_map: Record<string, string> };
    index.weight_map['transformer.h.9.ln_1.weight'] = 'pytorch_model-00001-of-00002.bin';
    writeFileSync(at('pytorch_model.bin.index.json'), JSON.stringify(index));
    await expect(open()).rejects.toMatchObject({ code: 'checkpoint-incomplete', data: { missing: ['transformer.h.9.ln_1.weight'] } });
  });

  it('does not follow an index out of the folder', async () => {
    take('qwen-vl-chat');
    writeFileSync(at('pytorch_model.bin.index.json'), JSON.stringify({ weight_map: { a: '../secret.bin' } }));
    await expect(open()).rejects.toMatchObject({ code: 'checkpoint-unsafe' });
  });

  it('knows a git-lfs pointer', async () => {
    take('qwen2-vl');
    writeFileSync(at('model.safetensors'), `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 4000000000\n`);
    await expect(open()).rejects.toMatchObject({ code: 'checkpoint-incomplete', data: { missing: ['model.safetensors'] } });
  });

  it('knows a file cut off while copying', async () => {
    take('qwen2-vl');
    truncateSync(at('model.safetensors'), 1_000_000);
    await expect(open()).rejects.toMatchObject({ code: 'checkpoint-damaged' });
  });

  it('wants weights', async () => {
    take('qwen2-vl');
    renameSync(at('model.safetensors'), at('weights.gguf'));
    await expect(open()).rejects.toMatchObject({ code: 'checkpoint-incomplete' });
  });
});

describe('reading config.json', () => {
  const base = JSON.parse(readFileSync(path.join(checkpointsFolder, 'qwen2-vl', 'config.json'), 'utf8')) as Record<string, unknown>;
  const read = (change: object) => readModelConfig({ ...base, ...change }, 'config.json');

  it('takes nested and flat language settings alike', () => {
    const { hidden_size, num_hidden_layers, num_attention_heads, num_key_value_heads, intermediate_size, vocab_size, rope_scaling, rope_theta, rms_norm_eps, max_position_embeddings, ...rest } = base;
    const nested = { ...rest, text_config: { hidden_size, num_hidden_layers, num_attention_heads, num_key_value_heads, intermediate_size, vocab_size, rope_scaling, rope_theta, rms_norm_eps, max_position_embeddings } };
    expect(readModelConfig(nested, 'config.json').text).toEqual(readModelConfig(base, 'config.json').text);
  });

  it.each([['llama', { model_type: 'llama' }], ['nothing', { model_type: undefined }], ['a prototype name', { model_type: 'constructor' }], ['text-only Qwen', { model_type: 'qwen', visual: undefined }]])('refuses %s', (_what, change) => {
    expect(() => read(change)).toThrow(expect.objectContaining({ code: 'checkpoint-unsupported' }));
  });

  it.each([
    ['no layers', { num_hidden_layers: undefined }], ['layers as text', { num_hidden_layers: '3' }], ['a billion layers', { num_hidden_layers: 1e9 }], ['an infinite vocabulary', { vocab_size: Infinity }],
    ['heads that cannot share', { num_key_value_heads: 3 }], ['a rope section that does not fill a head', { rope_scaling: { mrope_section: [1, 1, 1] } }],
  ])('refuses %s', (_what, change) => {
    expect(() => read(change)).toThrow(expect.objectContaining({ code: 'checkpoint-damaged' }));
  });

  it('refuses head sizes that no attention kernel takes', () => {
    expect(() => read({ hidden_size: 48, num_attention_heads: 4, num_key_value_heads: 2, rope_scaling: { mrope_section: [2, 2, 2] }, vision_config: { ...(base['vision_config'] as object), hidden_size: 48 } })).toThrow(expect.objectContaining({ code: 'checkpoint-unsupported' }));
  });

  it.each([[{ quant_method: 'bitsandbytes' }], [{ quant_method: 'gptq', bits: 3, group_size: 128 }], [{ quant_method: 'gptq', bits: 4, group_size: -1 }], [{ quant_method: 'awq', bits: 4, group_size: 128, version: 'gemv' }]])('refuses %j', (quantization_config) => {
    expect(() => read({ quantization_config })).toThrow(expect.objectContaining({ code: 'quantization-unsupported' }));
  });
});

it('brings old tensor names into the new form', () => {
  expect(normalizeTensorName('visual.blocks.0.norm1.weight', false)).toBe('model.visual.blocks.0.norm1.weight');
  expect(normalizeTensorName('model.layers.0.mlp.up_proj.weight', false)).toBe('model.language_model.layers.0.mlp.up_proj.weight');
  expect(normalizeTensorName('model.language_model.norm.weight', false)).toBe('model.language_model.norm.weight');
  expect(normalizeTensorName('lm_head.weight', false)).toBe('lm_head.weight');
  expect(normalizeTensorName('transformer.wte.weight', true)).toBe('transformer.wte.weight');
});
