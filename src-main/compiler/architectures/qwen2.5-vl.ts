// Qwen2.5-VL: a ViT with RMS norms and gated MLPs whose blocks attend inside windows except a few, and the Qwen2.5 decoder.
// @source transformers models/qwen2_5_vl/modeling_qwen2_5_vl.py, arXiv 2502.13923
import type { Value } from '../graph.ts';
import { visionGraph } from '../../model/package-format.ts';
import { cast } from '../blocks/elementwise.ts';
import { mergeGroups, patchEmbedding, rotaryInputs, settle, visionLayer } from '../blocks/vision.ts';
import type { ArchitectureGraphs } from './architecture.ts';
import { qwenDecoder, qwenEmbeddings } from './qwen-decoder.ts';

const visual = 'model.visual';

export const qwen25Vl: ArchitectureGraphs = {
  embeddings: qwenEmbeddings,
  text: (config, _vision, formats) => qwenDecoder(config, formats, { headNorms: false, deepstack: 0 }),
  vision(context, config, { vision: format }) {
    const { weights, graph } = context;
    const { hiddenSize, heads, intermediateSize } = config;
    const pixels = 3 * config.temporalPatchSize * config.patchSize ** 2;
    let residual = patchEmbedding(context, pixels, weights.matrix(`${visual}.patch_embed.proj.weight`, hiddenSize, pixels), null, format);
    graph.tap('vision.input', residual);
    const rotary = rotaryInputs(context, hiddenSize / heads);
    const windows = {
      rows: graph.input(visionGraph.windowRows, 'int64', ['windows', 'slots']),
      bias: cast(context, '/vision/window_bias', graph.input(visionGraph.windowBias, 'float32', ['windows', 1, 'slots', 'slots']), context.compute),
      slots: graph.input(visionGraph.windowSlots, 'int64', ['patches']),
    };
    let branch: Value | null = null;
    for (let index = 0; index < config.depth; index++) {
      const block = `${visual}.blocks.${index}`;
      const out = visionLayer(context, `/vision/blocks.${index}`, residual, branch, {
        hiddenSize, heads, intermediateSize, norm: 'rms', epsilon: 1e-6,
        norm1: `${block}.norm1`, norm2: `${block}.norm2`,
        qkv: { weight: weights.module(`${block}.attn.qkv`, 3 * hiddenSize, hiddenSize), bias: weights.vector(`${block}.attn.qkv.bias`, 3 * hiddenSize) },
        projection: `${block}.attn.proj`,
        mlp: { kind: 'gated', gate: `${block}.mlp.gate_proj`, up: `${block}.mlp.up_proj`, down: `${block}.mlp.down_proj`, activation: 'silu' },
        rotary, windows: config.fullAttentionBlocks.includes(index) ? null : windows, format,
      });
      if (index > 0) graph.tap(`vision.block.${index - 1}`, out.entry);
      ({ residual, branch } = out);
    }
    const last = branch ? settle(context, '/vision/last', residual, branch) : residual;
    graph.tap(`vision.block.${config.depth - 1}`, last);
    mergeGroups(context, '/vision/merger', last, {
      hiddenSize, group: config.mergeSize ** 2, outputSize: config.outHiddenSize,
      norm: `${visual}.merger.ln_q`, normKind: 'rms', epsilon: 1e-6, normAfterGrouping: false,
      first: `${visual}.merger.mlp.0`, second: `${visual}.merger.mlp.2`, format,
    }, visionGraph.imageEmbeds);
  },
};
