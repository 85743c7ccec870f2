// Qwen-VL (v1): a ViT on a fixed 448-pixel square with a cross-attention resampler, and the Qwen-7B decoder (plain RoPE, gate w2, up w1).
// @source Qwen-VL-Chat modeling_qwen.py and visual.py, arXiv 2308.12966
import { withRows } from '../../model/matrix.ts';
import type { Value } from '../graph.ts';
import { normalize } from '../blocks/norm.ts';
import { gridPositions, resample } from '../blocks/resampler.ts';
import { patchEmbedding, settle, visionLayer } from '../blocks/vision.ts';
import type { Vector } from '../checkpoint-weights.ts';
import type { ArchitectureGraphs } from './architecture.ts';

const visual = 'transformer.visual';

/**
 * The ViT's input projection is interleaved head by head: row h·3d + p·d + i is element i of part p (query, key, value) of head h. This order
 * puts all queries first, then keys, then values.
 */
export function partsFirst(heads: number, headDim: number): number[] {
  const order: number[] = [];
  for (let part = 0; part < 3; part++) for (let head = 0; head < heads; head++) for (let i = 0; i < headDim; i++) order.push(head * 3 * headDim + part * headDim + i);
  return order;
}

export const qwenVl: ArchitectureGraphs = {
  embeddings: 'transformer.wte.weight',
  text: (config, _vision, formats) => ({
    config,
    layer: (index) => {
      const layer = `transformer.h.${index}`;
      return {
        inputNorm: `${layer}.ln_1`, qkv: [`${layer}.attn.c_attn`], headNorms: null, output: `${layer}.attn.c_proj`,
        postNorm: `${layer}.ln_2`, gate: `${layer}.mlp.w2`, up: `${layer}.mlp.w1`, down: `${layer}.mlp.c_proj`,
      };
    },
    finalNorm: 'transformer.ln_f',
    head: config.tiedEmbeddings ? 'transformer.wte' : 'lm_head',
    deepstack: 0, queryScale: true, format: formats.text, headFormat: formats.head,
  }),
  vision(context, config, { vision: format }) {
    const { weights, graph } = context;
    const { hiddenSize, heads, intermediateSize } = config;
    const side = Math.floor((config.imageSize ?? 448) / config.patchSize);
    const pixels = 3 * config.patchSize ** 2;
    const epsilon = 1e-6;
    const embedded = patchEmbedding(context, pixels, weights.matrix(`${visual}.conv1.weight`, hiddenSize, pixels), null, format, side * side);
    graph.tap('vision.patch_embed', embedded);
    const table = weights.matrix(`${visual}.positional_embedding`, (config.positionGrid ?? 16) ** 2, hiddenSize);
    const placed = graph.node('Add', '/vision/positions', [embedded, gridPositions(context, '/vision/positions/grid', table, side)]);
    let residual = normalize(context, '/vision/ln_pre', placed, `${visual}.ln_pre`, 'layer', epsilon);
    graph.tap('vision.input', residual);
    const order = partsFirst(heads, hiddenSize / heads);
    let branch: Value | null = null;
    for (let index = 0; index < config.depth; index++) {
      const block = `${visual}.transformer.resblocks.${index}`;
      const bias = weights.vector(`${block}.attn.in_proj.bias`, 3 * hiddenSize);
      const ordered: Vector = {
        label: bias.label, length: bias.length,
        read: async () => {
          const values = await bias.read();
          return Float32Array.from(order, (row) => values[row]!);
        },
      };
      const out = visionLayer(context, `/vision/blocks.${index}`, residual, branch, {
        hiddenSize, heads, intermediateSize, norm: 'layer', epsilon, norm1: `${block}.ln_1`, norm2: `${block}.ln_2`,
        qkv: { weight: withRows(weights.matrix(`${block}.attn.in_proj.weight`, 3 * hiddenSize, hiddenSize), order, `${block}.attn.in_proj.weight`), bias: ordered },
        projection: `${block}.attn.out_proj`,
        mlp: { kind: 'plain', first: `${block}.mlp.c_fc`, second: `${block}.mlp.c_proj`, activation: 'gelu' },
        rotary: null, windows: null, format,
      });
      if (index > 0) graph.tap(`vision.block.${index - 1}`, out.entry);
      ({ residual, branch } = out);
    }
    const last = branch ? settle(context, '/vision/last', residual, branch) : residual;
    graph.tap(`vision.block.${config.depth - 1}`, last);
    resample(context, last, {
      inputSize: hiddenSize, outputSize: config.outHiddenSize, queries: config.queries ?? 256, gridSide: side,
      heads: Math.max(1, Math.floor(config.outHiddenSize / 128)), epsilon, names: `${visual}.attn_pool`, lastNorm: `${visual}.ln_post`,
      projection: weights.matrix(`${visual}.proj`, config.outHiddenSize, config.outHiddenSize), format,
    });
  },
};
