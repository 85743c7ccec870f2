// What the small files beside the weights say (pictures, generation, special tokens), in the manifest's vocabulary. Missing files mean the
// generation's published defaults.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Architecture } from './model-config.ts';
import type { PackageGeneration, PackageManifest, PackageProcessor } from './package-format.ts';

type Json = Readonly<Record<string, unknown>>;

/** A checkpoint or an ONNX export. */
type Described = Pick<Checkpoint, 'folder' | 'config' | 'companions'>;

const clip = { mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] } as const;
const half = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;

async function readCompanion(checkpoint: Described, name: string): Promise<Json> {
  if (!checkpoint.companions.includes(name)) return {};
  const file = join(checkpoint.folder, name);
  try {
    const json: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Json;
  } catch (error) {
    throw new AppError('checkpoint-damaged', { file, reason: 'not JSON' }, error);
  }
  throw new AppError('checkpoint-damaged', { file, reason: 'no object in it' });
}

function triple(value: unknown, fallback: readonly [number, number, number]): [number, number, number] {
  return Array.isArray(value) && value.length === 3 && value.every((one) => typeof one === 'number' && Number.isFinite(one)) ? [value[0], value[1], value[2]] : [...fallback];
}

function pixels(...values: readonly unknown[]): number | null {
  const found = values.find((value) => typeof value === 'number' && Number.isInteger(value) && value > 0);
  return found === undefined ? null : (found as number);
}

function processorOf(json: Json, architecture: Architecture): PackageProcessor {
  const standard = architecture === 'qwen3-vl' ? half : clip;
  const size = (typeof json['size'] === 'object' && json['size'] !== null ? json['size'] : {}) as Json;
  const v1 = architecture === 'qwen-vl';
  const [least, most] = architecture === 'qwen3-vl' ? [65_536, 16_777_216] : [3136, 12_845_056];
  return {
    minPixels: v1 ? null : (pixels(json['min_pixels'], size['shortest_edge']) ?? least),
    maxPixels: v1 ? null : (pixels(json['max_pixels'], size['longest_edge']) ?? most),
    mean: triple(json['image_mean'], standard.mean),
    std: triple(json['image_std'], standard.std),
  };
}

function real(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function generationOf(json: Json): PackageGeneration {
  const topK = real(json['top_k']);
  return {
    doSample: json['do_sample'] === true,
    temperature: real(json['temperature']),
    topP: real(json['top_p']),
    topK: topK === null ? null : Math.trunc(topK),
    repetitionPenalty: real(json['repetition_penalty']),
    presencePenalty: real(json['presence_penalty']),
    maxNewTokens: pixels(json['max_new_tokens']),
  };
}

function ids(value: unknown): number[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is number => typeof one === 'number' && Number.isInteger(one) && one >= 0);
}

/** v1 defines its special tokens in code: they follow the ranks of `qwen.tiktoken` (`<|endoftext|>`, `<|im_start|>`, `<|im_end|>`, …). */
async function v1Stops(checkpoint: Described): Promise<number[]> {
  if (!checkpoint.companions.includes('qwen.tiktoken')) return [];
  const ranks = (await readFile(join(checkpoint.folder, 'qwen.tiktoken'), 'utf8')).split('\n').filter((line) => line.trim()).length;
  return [ranks + 2, ranks + 1, ranks];
}

/** The published default: what ends an answer when no file says it. */
const usualStops = [151645, 151643];

/** @throws checkpoint-damaged for a broken file or missing token ids */
export async function readCompanionConfig(checkpoint: Described): Promise<Pick<PackageManifest, 'processor' | 'generation' | 'tokens'>> {
  const { architecture, tokenIds, text } = checkpoint.config;
  const generation = await readCompanion(checkpoint, 'generation_config.json');
  const processor = processorOf(await readCompanion(checkpoint, 'preprocessor_config.json'), architecture);
  const v1 = architecture === 'qwen-vl';
  const start = v1 ? tokenIds['image_start_id'] : tokenIds['vision_start_token_id'];
  const end = v1 ? (start ?? 0) + 1 : tokenIds['vision_end_token_id'];
  const image = v1 ? (start ?? 0) + 2 : tokenIds['image_token_id'];
  const missing = (name: string): AppError => new AppError('checkpoint-damaged', { file: join(checkpoint.folder, 'config.json'), reason: `${name} is missing` });
  if (start === undefined) throw missing(v1 ? 'visual.image_start_id' : 'vision_start_token_id');
  if (end === undefined) throw missing('vision_end_token_id');
  if (image === undefined) throw missing('image_token_id');
  const named = [...(v1 ? await v1Stops(checkpoint) : []), ...ids(generation['eos_token_id']), ...ids(tokenIds['eos_token_id'])];
  const stop = [...new Set(named.length ? named : usualStops)].filter((id) => id < text.vocabSize);
  if (stop.length === 0) throw missing('eos_token_id');
  return { processor, generation: generationOf(generation), tokens: { image, visionStart: start, visionEnd: end, stop } };
}
