// Opens a Hugging Face folder: its configuration, which files are there, and where every tensor lies. Reads headers only; weights are read
// later, range by range. Names come out in one form for all releases.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, fileError } from '../base/errors.ts';
import { type ModelConfig, readModelConfig } from './model-config.ts';
import { readSafetensorsHeader } from './safetensors.ts';
import { FilePool, type StoredTensor } from './stored-tensor.ts';
import { readTorchCheckpoint } from './torch-checkpoint.ts';

/** Files beside the weights that a package takes along, when they are there. */
export const companionFiles = [
  'config.json', 'generation_config.json', 'preprocessor_config.json', 'video_preprocessor_config.json', 'processor_config.json',
  'tokenizer.json', 'tokenizer_config.json', 'vocab.json', 'merges.txt', 'added_tokens.json', 'special_tokens_map.json', 'qwen.tiktoken',
  'chat_template.json', 'chat_template.jinja', 'LICENSE', 'NOTICE', 'README.md',
] as const;

export interface Checkpoint {
  readonly folder: string;
  readonly config: ModelConfig;
  readonly files: FilePool;
  /** By normalised name. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Companion files that are there, by name. */
  readonly companions: readonly string[];
  /** Bytes of all weight files. */
  readonly weightBytes: number;
  close(): Promise<void>;
}

/** Qwen2 and later: `visual.…` and `model.…` of older releases become `model.visual.…` and `model.language_model.…`. v1 names stay. */
export function normalizeTensorName(name: string, v1: boolean): string {
  if (v1) return name;
  if (name.startsWith('visual.')) return `model.${name}`;
  if (name.startsWith('language_model.')) return `model.${name}`;
  if (name.startsWith('model.') && !name.startsWith('model.visual.') && !name.startsWith('model.language_model.')) return `model.language_model.${name.slice('model.'.length)}`;
  return name;
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw fileError(error, file);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('checkpoint-damaged', { file, reason: 'not JSON' }, error);
  }
}

/** A file name inside the folder, never a way out of it. */
function isPlainName(name: unknown): name is string {
  return typeof name === 'string' && /^[\w.+-]+$/.test(name) && !name.startsWith('.');
}

/** The weight files and, when an index lists them, the tensors expected in them. */
async function findShards(folder: string, names: readonly string[]): Promise<{ shards: string[]; expected: string[] | null }> {
  for (const index of ['model.safetensors.index.json', 'pytorch_model.bin.index.json']) {
    if (!names.includes(index)) continue;
    const map = (await readJson(join(folder, index)) as { weight_map?: unknown } | null)?.weight_map;
    if (typeof map !== 'object' || map === null) throw new AppError('checkpoint-damaged', { file: join(folder, index), reason: 'no weight_map' });
    const named: unknown[] = [...new Set(Object.values(map))];
    const shards = named.filter(isPlainName).sort();
    if (shards.length < named.length) throw new AppError('checkpoint-unsafe', { file: join(folder, index), what: 'a shard outside the folder' });
    const missing = shards.filter((shard) => !names.includes(shard));
    if (missing.length) throw new AppError('checkpoint-incomplete', { folder, missing });
    return { shards, expected: Object.keys(map) };
  }
  const safetensors = names.filter((name) => name.endsWith('.safetensors')).sort();
  const single = safetensors.includes('model.safetensors') ? ['model.safetensors'] : safetensors.filter((name) => /^(model|gptq_model)[\w-]*\.safetensors$/.test(name));
  if (single.length) return { shards: single, expected: null };
  const bins = names.filter((name) => /^pytorch_model.*\.bin$/.test(name)).sort();
  if (bins.length) return { shards: bins, expected: null };
  throw new AppError('checkpoint-incomplete', { folder, missing: ['model.safetensors'] });
}

/** Names from `model-00002-of-00005.safetensors` that ought to be beside it. */
function missingSiblings(shards: readonly string[]): string[] {
  const missing = new Set<string>();
  for (const shard of shards) {
    const match = /^(.*-)(\d+)-of-(\d+)(\.\w+)$/.exec(shard);
    if (!match) continue;
    for (let i = 1; i <= Math.min(Number(match[3]), 1000); i++) {
      const name = `${match[1]}${String(i).padStart(match[2]!.length, '0')}-of-${match[3]}${match[4]}`;
      if (!shards.includes(name)) missing.add(name);
    }
  }
  return [...missing];
}

/** git-lfs leaves a small text file where a weight file should be. */
async function isLfsPointer(files: FilePool, file: string): Promise<boolean> {
  const size = await files.size(file);
  if (size < 60 || size > 1024) return false;
  return new TextDecoder().decode(await files.read(file, 0, 42)).startsWith('version https://git-lfs.github.com/spec');
}

/** config.json; early GPTQ releases say how they are packed in a file of their own. @throws checkpoint-damaged, checkpoint-unsupported */
export async function readConfig(folder: string, names: readonly string[]): Promise<ModelConfig> {
  const file = join(folder, 'config.json');
  const json = await readJson(file);
  const separate = names.includes('quantize_config.json') && typeof json === 'object' && json !== null && !('quantization_config' in json);
  const packing = separate ? { quantization_config: { quant_method: 'gptq', ...(await readJson(join(folder, 'quantize_config.json')) as object) } } : {};
  return readModelConfig(typeof json === 'object' && json !== null ? { ...json, ...packing } : json, file);
}

/**
 * Opens a checkpoint folder. Close it when done.
 * @throws checkpoint-not-found, checkpoint-incomplete (names what is missing), checkpoint-unsupported, checkpoint-damaged, checkpoint-unsafe
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  let names: string[];
  try {
    names = (await stat(folder)).isDirectory() ? await readdir(folder) : [];
  } catch (error) {
    throw new AppError('checkpoint-not-found', { folder, reason: 'there is no such folder' }, error);
  }
  if (!names.includes('config.json')) throw new AppError('checkpoint-not-found', { folder, reason: 'no config.json in it' });
  const config = await readConfig(folder, names);
  const { shards, expected } = await findShards(folder, names);
  const absent = expected ? [] : missingSiblings(shards);
  if (absent.length) throw new AppError('checkpoint-incomplete', { folder, missing: absent });

  const files = new FilePool();
  try {
    const tensors = new Map<string, StoredTensor>();
    const v1 = config.architecture === 'qwen-vl';
    let weightBytes = 0;
    for (const shard of shards) {
      const file = join(folder, shard);
      if (await isLfsPointer(files, file)) throw new AppError('checkpoint-incomplete', { folder, missing: [shard], reason: 'only a git-lfs pointer is there' });
      weightBytes += await files.size(file);
      const found = shard.endsWith('.safetensors') ? await readSafetensorsHeader(files, file) : await readTorchCheckpoint(files, file);
      for (const tensor of found) {
        const name = normalizeTensorName(tensor.name, v1);
        tensors.set(name, { ...tensor, name });
      }
    }
    const missing = (expected ?? []).filter((name) => !tensors.has(normalizeTensorName(name, v1)));
    if (missing.length) throw new AppError('checkpoint-incomplete', { folder, missing: missing.slice(0, 20) });
    return { folder, config, files, tensors, companions: companionFiles.filter((name) => names.includes(name)), weightBytes, close: () => files.close() };
  } catch (error) {
    await files.close();
    throw error;
  }
}
