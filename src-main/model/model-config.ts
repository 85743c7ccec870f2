// What a checkpoint's config.json says, in one vocabulary for the four generations. Old and new key names end here; later code never looks at them.
import { AppError } from '../base/errors.ts';
import type { PackageTextConfig, PackageVisionConfig, architectures } from './package-format.ts';

export type Architecture = (typeof architectures)[number];

export interface QuantizationConfig {
  readonly method: 'gptq' | 'awq';
  readonly bits: 4 | 8;
  readonly groupSize: number;
  readonly symmetric: boolean;
  readonly activationOrder: boolean;
}

export interface ModelConfig {
  readonly architecture: Architecture;
  readonly text: PackageTextConfig;
  readonly vision: PackageVisionConfig;
  readonly quantization: QuantizationConfig | null;
  /** Ids as the config names them: `image_token_id`, `vision_start_token_id`, `image_start_id`, … */
  readonly tokenIds: Readonly<Record<string, number>>;
}

type Json = Readonly<Record<string, unknown>>;

const modelTypes: Readonly<Record<string, Architecture>> = { qwen: 'qwen-vl', qwen2_vl: 'qwen2-vl', qwen2_5_vl: 'qwen2.5-vl', qwen3_vl: 'qwen3-vl' };

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** Reads keys of one JSON object and names the missing or absurd one. */
function reader(json: Json, file: string, where: string) {
  const wrong = (key: string): AppError => new AppError('checkpoint-damaged', { file, reason: `${where}${key} is missing or not a sensible number` });
  return {
    /** The first of `keys` that is there, as a whole number from 1 to `max`. */
    count(keys: readonly string[], fallback?: number, max = 10_000_000): number {
      const value = keys.map((key) => json[key]).find((one) => one !== undefined && one !== null) ?? fallback;
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > max) throw wrong(keys[0]!);
      return value;
    },
    real(key: string, fallback?: number): number {
      const value = json[key] ?? fallback;
      if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) throw wrong(key);
      return value;
    },
    flag: (key: string, fallback: boolean): boolean => (typeof json[key] === 'boolean' ? json[key] : fallback),
    list(key: string, fallback?: readonly number[]): readonly number[] {
      const value = json[key] ?? fallback;
      if (!Array.isArray(value) || !value.every((one) => Number.isInteger(one) && one >= 0)) throw wrong(key);
      return value as number[];
    },
  };
}

function readText(root: Json, file: string): PackageTextConfig {
  // Newer saves nest the language model's keys; older ones keep them at the top.
  const json: Json = { ...root, ...object(root['text_config']) };
  const read = reader(json, file, '');
  const rope: Json = { ...object(json['rope_scaling']), ...object(json['rope_parameters']) };
  const readRope = reader({ rope_theta: json['rope_theta'], ...rope }, file, 'rope ');
  const heads = read.count(['num_attention_heads']);
  const hiddenSize = read.count(['hidden_size']);
  const headDim = read.count(['head_dim'], hiddenSize / heads);
  const section = readRope.list('mrope_section', headDim === 128 ? [16, 24, 24] : undefined);
  if (section.length !== 3 || section.reduce((sum, one) => sum + one, 0) !== headDim / 2) {
    throw new AppError('checkpoint-damaged', { file, reason: `mrope_section [${section.join(', ')}] does not fill half a head of ${headDim}` });
  }
  return {
    hiddenSize, heads, headDim,
    layers: read.count(['num_hidden_layers'], undefined, 1000),
    kvHeads: read.count(['num_key_value_heads'], heads),
    intermediateSize: read.count(['intermediate_size']),
    vocabSize: read.count(['vocab_size']),
    normEpsilon: read.real('rms_norm_eps', 1e-6),
    ropeTheta: readRope.real('rope_theta', 1e6),
    mropeSection: [section[0]!, section[1]!, section[2]!],
    mropeInterleaved: rope['mrope_interleaved'] === true,
    tiedEmbeddings: typeof root['tie_word_embeddings'] === 'boolean' ? root['tie_word_embeddings'] : read.flag('tie_word_embeddings', false),
    maxPositions: read.count(['max_position_embeddings'], 32768),
    trainedLength: null, dynamicNtk: false, lognAttention: false,
  };
}

function readV1Text(json: Json, file: string): PackageTextConfig {
  const read = reader(json, file, '');
  const heads = read.count(['num_attention_heads']);
  const trainedLength = read.count(['seq_length'], 2048);
  return {
    hiddenSize: read.count(['hidden_size']), heads, kvHeads: heads,
    layers: read.count(['num_hidden_layers'], undefined, 1000),
    headDim: read.count(['kv_channels'], 128),
    // The published number counts gate and up together.
    intermediateSize: read.count(['intermediate_size']) / 2,
    vocabSize: read.count(['vocab_size']),
    normEpsilon: read.real('layer_norm_epsilon', 1e-6),
    ropeTheta: read.real('rotary_emb_base', 10000),
    mropeSection: null, mropeInterleaved: false,
    tiedEmbeddings: read.flag('tie_word_embeddings', false),
    maxPositions: read.count(['max_position_embeddings'], 8192),
    trainedLength,
    dynamicNtk: read.flag('use_dynamic_ntk', false),
    lognAttention: read.flag('use_logn_attn', false),
  };
}

function readV1Vision(json: Json, file: string): PackageVisionConfig {
  const read = reader(json, file, 'visual.');
  const hiddenSize = read.count(['width']);
  const imageSize = read.count(['image_size'], 448);
  const patchSize = read.count(['patch_size'], 14);
  const queries = read.count(['n_queries'], 256);
  return {
    depth: read.count(['layers'], undefined, 1000), hiddenSize,
    heads: read.count(['heads']),
    intermediateSize: Math.trunc(hiddenSize * read.real('mlp_ratio', 4.9231)),
    patchSize, temporalPatchSize: 1, mergeSize: 1,
    outHiddenSize: read.count(['output_dim']),
    windowSize: null, fullAttentionBlocks: [],
    positionGrid: Math.round(Math.sqrt(queries)),
    deepstackBlocks: [], imageSize, queries,
  };
}

function readVision(json: Json, architecture: Architecture, text: PackageTextConfig, file: string): PackageVisionConfig {
  const read = reader(json, file, 'vision_config.');
  // Qwen2-VL calls the ViT's width embed_dim and the decoder's width hidden_size; later generations call them hidden_size and out_hidden_size.
  const first = architecture === 'qwen2-vl';
  const hiddenSize = read.count([first ? 'embed_dim' : 'hidden_size'], first ? 1280 : undefined);
  const depth = read.count(['depth'], undefined, 1000);
  const positions = architecture === 'qwen3-vl' ? read.count(['num_position_embeddings'], 2304) : null;
  return {
    depth, hiddenSize,
    heads: read.count(['num_heads']),
    intermediateSize: first ? Math.trunc(hiddenSize * read.real('mlp_ratio', 4)) : read.count(['intermediate_size']),
    patchSize: read.count(['patch_size', 'spatial_patch_size'], architecture === 'qwen3-vl' ? 16 : 14),
    temporalPatchSize: read.count(['temporal_patch_size'], 2),
    mergeSize: read.count(['spatial_merge_size'], 2),
    outHiddenSize: first ? read.count(['hidden_size'], text.hiddenSize) : read.count(['out_hidden_size'], text.hiddenSize),
    windowSize: architecture === 'qwen2.5-vl' ? read.count(['window_size'], 112) : null,
    fullAttentionBlocks: architecture === 'qwen2.5-vl' ? [...read.list('fullatt_block_indexes', [7, 15, 23, 31])] : Array.from({ length: depth }, (_, i) => i),
    positionGrid: positions === null ? null : Math.round(Math.sqrt(positions)),
    deepstackBlocks: architecture === 'qwen3-vl' ? [...read.list('deepstack_visual_indexes', [8, 16, 24])] : [],
    imageSize: null, queries: null,
  };
}

function readQuantization(json: Json, file: string): QuantizationConfig | null {
  const found = json['quantization_config'];
  if (found === undefined || found === null) return null;
  const config = object(found);
  const method = config['quant_method'];
  const refused = (reason: string): AppError => new AppError('quantization-unsupported', { file, reason });
  if (method !== 'gptq' && method !== 'awq') throw refused(`weights quantised by "${String(method)}"; GPTQ and AWQ can be read`);
  const read = reader(config, file, 'quantization_config.');
  const bits = read.count(['bits', 'w_bit']);
  if (bits !== 4 && bits !== 8) throw refused(`${bits}-bit weights; 4 and 8 bits can be read`);
  if (bits === 8 && method === 'awq') throw refused('AWQ with 8 bits');
  const version = typeof config['version'] === 'string' ? config['version'] : 'gemm';
  if (method === 'awq' && version.toLowerCase() !== 'gemm') throw refused(`AWQ in the ${version} layout; GEMM can be read`);
  const group = config['group_size'] ?? config['q_group_size'];
  if (group === -1) throw refused('one group per whole row');
  return {
    method, bits,
    groupSize: read.count(['group_size', 'q_group_size'], 128),
    symmetric: method === 'gptq' && read.flag('sym', true),
    activationOrder: read.flag('desc_act', false),
  };
}

/**
 * Reads a parsed `config.json`. `file` is only for messages.
 * @throws checkpoint-unsupported for another architecture, checkpoint-damaged for missing keys, quantization-unsupported
 */
export function readModelConfig(root: unknown, file: string): ModelConfig {
  const json = object(root);
  const type = typeof json['model_type'] === 'string' ? json['model_type'] : '';
  const architecture = Object.hasOwn(modelTypes, type) ? modelTypes[type] : undefined;
  const plainQwen = architecture === 'qwen-vl' && typeof json['visual'] !== 'object';
  if (!architecture || plainQwen) {
    throw new AppError('checkpoint-unsupported', { file, modelType: plainQwen ? 'qwen (text only)' : type || 'none', reason: 'not a Qwen-VL, Qwen2-VL, Qwen2.5-VL or Qwen3-VL checkpoint' });
  }
  const text = architecture === 'qwen-vl' ? readV1Text(json, file) : readText(json, file);
  const vision = architecture === 'qwen-vl' ? readV1Vision(object(json['visual']), file) : readVision(object(json['vision_config']), architecture, text, file);
  const wrong = (reason: string): AppError => new AppError('checkpoint-damaged', { file, reason });
  if (text.heads % text.kvHeads) throw wrong(`${text.heads} heads cannot share ${text.kvHeads} key-value heads`);
  if (!Number.isInteger(text.headDim) || text.headDim % 8) throw new AppError('checkpoint-unsupported', { file, reason: `a head size of ${text.headDim}; it must be a multiple of 8` });
  if (!Number.isInteger(text.intermediateSize)) throw wrong('intermediate_size is odd');
  if (vision.hiddenSize % vision.heads) throw wrong(`${vision.heads} heads cannot share a vision width of ${vision.hiddenSize}`);
  if (vision.outHiddenSize !== text.hiddenSize) throw wrong(`vision output ${vision.outHiddenSize} and text width ${text.hiddenSize} differ`);
  const tokenIds: Record<string, number> = {};
  for (const source of [json, object(json['text_config']), object(json['visual'])]) {
    for (const [key, value] of Object.entries(source)) if (key.endsWith('_id') && Number.isInteger(value)) tokenIds[key] = value as number;
  }
  return { architecture, text, vision, quantization: readQuantization({ ...object(json['text_config']), ...json }, file), tokenIds };
}
