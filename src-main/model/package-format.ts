// A package is a compiled model on disk: what its package.json says, and the names and shapes by which its graphs are fed.
// The compiler writes this, the runtime reads it; neither knows the other.
import { z } from 'zod';

/** The manifest's file name inside the package's folder. */
export const manifestFile = 'package.json';
export const formatVersion = 1;

export const architectures = ['qwen-vl', 'qwen2-vl', 'qwen2.5-vl', 'qwen3-vl'] as const;

const count = z.number().int().positive();
const index = z.number().int().nonnegative();

/** The decoder, in one vocabulary for the four generations. */
export const packageTextConfig = z.object({
  hiddenSize: count,
  layers: count,
  heads: count,
  kvHeads: count,
  headDim: count,
  intermediateSize: count,
  vocabSize: count,
  normEpsilon: z.number().positive(),
  ropeTheta: z.number().positive(),
  /** Frequencies that follow the time, height and width axes; null for plain RoPE (v1). */
  mropeSection: z.tuple([index, index, index]).nullable(),
  /** Axes alternate frequency by frequency (Qwen3-VL) instead of lying in blocks. */
  mropeInterleaved: z.boolean(),
  tiedEmbeddings: z.boolean(),
  maxPositions: count,
  /** v1: sequence length of the pretraining, from which dynamic NTK and logn scaling start. */
  trainedLength: count.nullable(),
  dynamicNtk: z.boolean(),
  lognAttention: z.boolean(),
});
export type PackageTextConfig = z.infer<typeof packageTextConfig>;

export const packageVisionConfig = z.object({
  depth: count,
  hiddenSize: count,
  heads: count,
  intermediateSize: count,
  patchSize: count,
  temporalPatchSize: count,
  /** Patches per side that become one token; 1 for v1, whose resampler reduces instead. */
  mergeSize: count,
  outHiddenSize: count,
  /** Qwen2.5-VL: side of an attention window in pixels. */
  windowSize: count.nullable(),
  fullAttentionBlocks: z.array(index),
  /** Side of the learned position grid (Qwen3-VL 48, v1 16). */
  positionGrid: count.nullable(),
  deepstackBlocks: z.array(index),
  /** v1: fixed side of the input picture. */
  imageSize: count.nullable(),
  /** v1: tokens per image. */
  queries: count.nullable(),
});
export type PackageVisionConfig = z.infer<typeof packageVisionConfig>;

/** From preprocessor_config.json. Pixels are areas of the resized picture. v1 has its fixed size instead of limits. */
export const packageProcessor = z.object({
  minPixels: count.nullable(),
  maxPixels: count.nullable(),
  mean: z.tuple([z.number(), z.number(), z.number()]),
  std: z.tuple([z.number(), z.number(), z.number()]),
});
export type PackageProcessor = z.infer<typeof packageProcessor>;

/** From generation_config.json; what it does not say is null. */
export const packageGeneration = z.object({
  doSample: z.boolean(),
  temperature: z.number().nullable(),
  topP: z.number().nullable(),
  topK: z.number().int().nullable(),
  repetitionPenalty: z.number().nullable(),
  presencePenalty: z.number().nullable(),
  maxNewTokens: count.nullable(),
});
export type PackageGeneration = z.infer<typeof packageGeneration>;

export const weightType = z.enum(['fp32', 'fp16', 'int8', 'int4', 'w8a8']);
export type WeightType = z.infer<typeof weightType>;

const slice = z.object({ file: z.string(), offset: index });

/**
 * The token embedding table, read row by row by the runtime. `float32`, `float16`, `bfloat16`: rows × columns elements.
 * `int8`, `int4`: the bytes of a MatMulNBits weight `[rows, columns / block, block * bits / 8]` (low nibble first, zero point in the
 * middle: 128 or 8), `scales` `[rows, columns / block] float32`. A tied lm_head's own bytes may be named.
 */
export const packageEmbeddings = slice.extend({
  type: z.enum(['float32', 'float16', 'bfloat16', 'int8', 'int4']),
  rows: count,
  columns: count,
  block: count.nullable(),
  scales: slice.nullable(),
});
export type PackageEmbeddings = z.infer<typeof packageEmbeddings>;

/** File names of ONNX exports end in one of these; `fp32` in nothing. */
export const exportVariant = z.enum(['fp32', 'fp16', 'int8', 'uint8', 'quantized', 'q4', 'q4f16', 'bnb4']);
export type ExportVariant = z.infer<typeof exportVariant>;

/**
 * One decoder layer as a graph that is fed its weights, for many rows at once: the runtime turns each layer's blocks of 4 bits into rows of 8
 * while the layer before is computed, so that products in 8 bits need no second copy of the weights. Names and shapes are those of layer 0.
 */
const textLayer = z.object({
  graph: z.string(),
  /** The data file of the decoder. */
  data: z.string(),
  /** Inputs `integers` `[columns, rows] int8` and `scales` `[rows] float32`, made from `[rows, columns / block, block / 2]` and `[rows, columns / block] float32`. */
  products: z.array(z.object({ integers: z.string(), scales: z.string(), rows: count, columns: count, block: count })).min(1),
  /** Inputs `[length] float32`. */
  vectors: z.array(z.object({ name: z.string(), length: count })),
  /** Per layer: where the products' integers and scales and the vectors begin in the data file. */
  layers: z.array(z.object({ integers: z.array(index), scales: z.array(index), vectors: z.array(index) })).min(1),
});
export type PackageTextLayer = z.infer<typeof textLayer>;

/** The embedding graph of an ONNX export. Its package's other graphs are the export's too, named in `exportNames`. */
const exportedEmbeddings = z.object({ graph: z.string(), rows: count, columns: count });

export const packageManifest = z.object({
  formatVersion: z.literal(formatVersion),
  /** Folder name: lower-case letters, digits, dots and dashes. */
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  name: z.string(),
  architecture: z.enum(architectures),
  source: z.object({ name: z.string(), files: z.array(z.object({ name: z.string(), sizeBytes: index, sha256: z.string() })) }),
  config: z.object({ text: packageTextConfig, vision: packageVisionConfig }),
  /** `image` is the id repeated once per image token; generation ends at any of `stop`. */
  tokens: z.object({ image: index, visionStart: index, visionEnd: index, stop: z.array(index).min(1) }),
  processor: packageProcessor,
  generation: packageGeneration,
  quantization: z.object({ text: weightType, lmHead: weightType, vision: weightType, block: count.nullable(), symmetric: z.boolean() }),
  embeddings: z.union([packageEmbeddings, exportedEmbeddings]),
  graphs: z.object({
    /** Decoder. */
    text: z.string(),
    /** The same decoder with 8-bit weights and activations: faster on many rows at once. Same inputs and outputs. */
    textFast: z.string().nullable(),
    vision: z.string(),
    textLayer: textLayer.nullable().default(null),
  }),
  /** Element type of the KV cache. */
  kvType: z.enum(['float32', 'float16']),
  /** Every file of the package but this one, tokenizer and template files (under their published names) included. */
  files: z.array(z.object({ name: z.string(), sizeBytes: index, sha256: z.string() })),
});
export type PackageManifest = z.infer<typeof packageManifest>;

/** What a package is made of, as far as its memory goes: also of one that is not there yet. */
export interface PackageOutline extends Pick<PackageManifest, 'config' | 'quantization' | 'embeddings' | 'graphs' | 'kvType'> {
  readonly files: readonly Pick<PackageManifest['files'][number], 'name' | 'sizeBytes'>[];
}

/**
 * Names of the decoder's inputs and outputs. S new rows after P rows in the cache, C rows of capacity, H hidden size, D head size.
 *
 * | input | shape | |
 * |---|---|---|
 * | `inputs_embeds` | `[1, S, H] float32` | |
 * | `rope_cos`, `rope_sin` | `[S, D/2] float32` | rows of this run |
 * | `position_ids` | `[1, S] int64` | 0 … S-1: rows of the two above |
 * | `seqlens_k` | `[1] int32` | P + S - 1 |
 * | `total_sequence_length` | `[] int32` | P + S |
 * | `keep` | `[1] int64` | how many last rows go through the lm_head |
 * | `past_key.{layer}`, `past_value.{layer}` | `[1, kvHeads, C, D] kvType` | the same memory as `present_*` |
 * | `deepstack.{k}` | `[1, S or 1, H] float32` | Qwen3-VL: added after decoder layer k; one row of zeros for text |
 * | `query_scale` | `[1, S, 1] float32` | v1: logn factor on the query after RoPE |
 *
 * Outputs: `logits` `[1, keep, vocab] float32`, `present_key.{layer}`, `present_value.{layer}`.
 * The graph of one layer: without `keep` and `deepstack.{k}`, keys and values as those of layer 0, `hidden` `[1, S, H] float32` for the logits.
 */
export const textGraph = {
  embeds: 'inputs_embeds',
  ropeCos: 'rope_cos',
  ropeSin: 'rope_sin',
  positions: 'position_ids',
  lastIndex: 'seqlens_k',
  totalLength: 'total_sequence_length',
  keep: 'keep',
  queryScale: 'query_scale',
  logits: 'logits',
  hidden: 'hidden',
  pastKey: (layer: number) => `past_key.${layer}`,
  pastValue: (layer: number) => `past_value.${layer}`,
  presentKey: (layer: number) => `present_key.${layer}`,
  presentValue: (layer: number) => `present_value.${layer}`,
  deepstack: (k: number) => `deepstack.${k}`,
} as const;

/**
 * Names in the graphs of an ONNX export for transformers.js. S new rows after P rows, N patches, M image tokens, H hidden size.
 *
 * | graph | inputs | outputs |
 * |---|---|---|
 * | embeddings | `input_ids` `[1, S] int64` | `inputs_embeds` `[1, S, H]` |
 * | vision | `pixel_values` `[N, channels * temporal * patch * patch]`, `grid_thw` or `image_grid_thw` `[1, 3] int64` | `image_features` `[M, H]` |
 * | decoder | `inputs_embeds`, `attention_mask` `[1, P + S] int64`, `position_ids` `[3, 1, S] int64`, `past_key_values.{layer}.key`, `.value` `[1, kvHeads, P, D]`; some also `num_logits_to_keep` `[] int64`, `use_cache_branch` `[1] bool` | `logits` `[1, S or kept, vocab]`, `present.{layer}.key`, `.value` `[1, kvHeads, P + S, D]` |
 *
 * Real numbers are float32 or float16, graph by graph.
 */
export const exportNames = {
  ids: 'input_ids',
  embeds: 'inputs_embeds',
  pixels: 'pixel_values',
  grids: ['grid_thw', 'image_grid_thw'],
  imageFeatures: 'image_features',
  mask: 'attention_mask',
  positions: 'position_ids',
  keep: 'num_logits_to_keep',
  useCache: 'use_cache_branch',
  logits: 'logits',
  past: (layer: number, kind: 'key' | 'value') => `past_key_values.${layer}.${kind}`,
  present: (layer: number, kind: 'key' | 'value') => `present.${layer}.${kind}`,
} as const;

/**
 * Names of the vision tower's inputs and outputs. One image per run: N patch rows in merge-block order (Qwen2.5-VL: in window order,
 * the runtime reorders), M merged tokens, d head size.
 *
 * | input | shape | |
 * |---|---|---|
 * | `patches` | `[N, channels * temporal * patch * patch] float32` | v1: `[1024, 3 * 14 * 14]`, rows of the 32 × 32 grid |
 * | `rope_cos`, `rope_sin` | `[N, d/2] float32` | not v1 |
 * | `window_rows` | `[W, L] int64` | Qwen2.5-VL: which row stands in each slot of each window; padding repeats row 0 |
 * | `window_bias` | `[W, 1, L, L] float32` | added to attention scores: 0 towards a row, -10000 towards padding |
 * | `window_slots` | `[N] int64` | where each row went: window * L + slot |
 * | `position_index` | `[4, N] int64` | Qwen3-VL: rows of the learned grid to blend |
 * | `position_weight` | `[4, N] float32` | |
 *
 * Outputs: `image_embeds` `[M, hidden] float32` (window order undone by the runtime), Qwen3-VL also `deepstack.{k}` `[M, hidden] float32`.
 */
export const visionGraph = {
  patches: 'patches',
  ropeCos: 'rope_cos',
  ropeSin: 'rope_sin',
  windowRows: 'window_rows',
  windowBias: 'window_bias',
  windowSlots: 'window_slots',
  positionIndex: 'position_index',
  positionWeight: 'position_weight',
  imageEmbeds: 'image_embeds',
  deepstack: (k: number) => `deepstack.${k}`,
} as const;
