// Qwen2-VL: a ViT with layer norms, quick GELU and full attention, and the Qwen2 decoder with biases on query, key and value.
// @source transformers models/qwen2_vl/modeling_qwen2_vl.py, arXiv 2409.12191
import type { Value } from '../graph.ts';
import { visionGraph } from '../../model/package-format.ts';
import { mergeGroups, patchEmbedding, rotaryInputs, settle, visionLayer } from '../blocks/vision.ts';
import type { ArchitectureGraphs } from './architecture.ts';
import { qwenDecoder, qwenEmbeddings } from './qwen-decoder.ts';

const visual = 'model.visual';

export const qwen2Vl: ArchitectureGraphs = {
  embeddings: qwenEmbeddings,
  text: (config, _vision, formats) => qwenDecoder(config, formats, { headNorms: false, deepstack: 0 }),
  vision(context, config, { vision: format }) {
    const { weights } = context;
    const { hiddenSize, heads, intermediateSize } = config;
    const pixels = 3 * config.temporalPatchSize * config.patchSize ** 2;
    let residual = patchEmbedding(context, pixels, weights.matrix(`${visual}.patch_embed.proj.weight`, hiddenSize, pixels), null, format);
    context.graph.tap('vision.patch_embed', residual);
    const rotary = rotaryInputs(context, hiddenSize / heads);
    let branch: Value | null = null;
    for (let index = 0; index < config.depth; index++) {
      const block = `${visual}.blocks.${index}`;
      const out = visionLayer(context, `/vision/blocks.${index}`, residual, branch, {
        hiddenSize, heads, intermediateSize, norm: 'layer', epsilon: 1e-6,
        norm1: `${block}.norm1`, norm2: `${block}.norm2`,
        qkv: { weight: weights.module(`${block}.attn.qkv`, 3 * hiddenSize, hiddenSize), bias: weights.vector(`${block}.attn.qkv.bias`, 3 * hiddenSize) },
        projection: `${block}.attn.proj`,
        mlp: { kind: 'plain', first: `${block}.mlp.fc1`, second: `${block}.mlp.fc2`, activation: 'quick-gelu' },
        rotary, windows: null, format,
      });
      if (index > 0) context.graph.tap(`vision.block.${index - 1}`, out.entry);
      ({ residual, branch } = out);
    }
    const last = branch ? settle(context, '/vision/last', residual, branch) : residual;
    context.graph.tap(`vision.block.${config.depth - 1}`, last);
    mergeGroups(context, '/vision/merger', last, {
      hiddenSize, group: config.mergeSize ** 2, outputSize: config.outHiddenSize,
      norm: `${visual}.merger.ln_q`, normKind: 'layer', epsilon: 1e-6, normAfterGrouping: false,
      first: `${visual}.merger.mlp.0`, second: `${visual}.merger.mlp.2`, format,
    }, visionGraph.imageEmbeds);
  },
};
