// Qwen3-VL: a ViT with learned, interpolated positions besides RoPE whose middle layers also feed the decoder (DeepStack), and the Qwen3
// decoder with norms over each query and key head.
// @source transformers models/qwen3_vl/modeling_qwen3_vl.py
import { blendedPositions } from '../blocks/learned-positions.ts';
import type { Value } from '../graph.ts';
import { visionGraph } from '../../model/package-format.ts';
import { mergeGroups, patchEmbedding, rotaryInputs, settle, visionLayer } from '../blocks/vision.ts';
import type { ArchitectureGraphs } from './architecture.ts';
import { qwenDecoder, qwenEmbeddings } from './qwen-decoder.ts';

const visual = 'model.visual';

export const qwen3Vl: ArchitectureGraphs = {
  embeddings: qwenEmbeddings,
  text: (config, vision, formats) => qwenDecoder(config, formats, { headNorms: true, deepstack: vision.deepstackBlocks.length }),
  vision(context, config, { vision: format }) {
    const { weights, graph } = context;
    const { hiddenSize, heads, intermediateSize } = config;
    const pixels = 3 * config.temporalPatchSize * config.patchSize ** 2;
    const group = config.mergeSize ** 2;
    const embedded = patchEmbedding(context, pixels, weights.matrix(`${visual}.patch_embed.proj.weight`, hiddenSize, pixels), weights.vector(`${visual}.patch_embed.proj.bias`, hiddenSize), format);
    graph.tap('vision.patch_embed', embedded);
    let residual = graph.node('Add', '/vision/positions', [embedded, blendedPositions(context, weights.matrix(`${visual}.pos_embed.weight`, (config.positionGrid ?? 48) ** 2, hiddenSize))]);
    graph.tap('vision.input', residual);
    const rotary = rotaryInputs(context, hiddenSize / heads);
    let branch: Value | null = null;
    const taken = (index: number, value: Value): void => {
      const k = config.deepstackBlocks.indexOf(index);
      if (k < 0) return;
      const merger = `${visual}.deepstack_merger_list.${k}`;
      mergeGroups(context, `/vision/deepstack.${k}`, value, {
        hiddenSize, group, outputSize: config.outHiddenSize, norm: `${merger}.norm`, normKind: 'layer', epsilon: 1e-6, normAfterGrouping: true,
        first: `${merger}.linear_fc1`, second: `${merger}.linear_fc2`, format,
      }, visionGraph.deepstack(k));
    };
    for (let index = 0; index < config.depth; index++) {
      const block = `${visual}.blocks.${index}`;
      const out = visionLayer(context, `/vision/blocks.${index}`, residual, branch, {
        hiddenSize, heads, intermediateSize, norm: 'layer', epsilon: 1e-6,
        norm1: `${block}.norm1`, norm2: `${block}.norm2`,
        qkv: { weight: weights.module(`${block}.attn.qkv`, 3 * hiddenSize, hiddenSize), bias: weights.vector(`${block}.attn.qkv.bias`, 3 * hiddenSize) },
        projection: `${block}.attn.proj`,
        mlp: { kind: 'plain', first: `${block}.mlp.linear_fc1`, second: `${block}.mlp.linear_fc2`, activation: 'gelu-tanh' },
        rotary, windows: null, format,
      });
      if (index > 0) {
        graph.tap(`vision.block.${index - 1}`, out.entry);
        taken(index - 1, out.entry);
      }
      ({ residual, branch } = out);
    }
    const last = branch ? settle(context, '/vision/last', residual, branch) : residual;
    graph.tap(`vision.block.${config.depth - 1}`, last);
    taken(config.depth - 1, last);
    mergeGroups(context, '/vision/merger', last, {
      hiddenSize, group, outputSize: config.outHiddenSize, norm: `${visual}.merger.norm`, normKind: 'layer', epsilon: 1e-6, normAfterGrouping: false,
      first: `${visual}.merger.linear_fc1`, second: `${visual}.merger.linear_fc2`, format,
    }, visionGraph.imageEmbeds);
  },
};
