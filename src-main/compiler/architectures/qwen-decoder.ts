// Tensor names of the decoder of Qwen2-VL, Qwen2.5-VL and Qwen3-VL, which are one family; what differs is passed in.
import type { PackageTextConfig } from '../../model/package-format.ts';
import type { DecoderOptions } from '../blocks/decoder.ts';
import type { ArchitectureFormats } from './architecture.ts';

const model = 'model.language_model';
export const qwenEmbeddings = `${model}.embed_tokens.weight`;

/** @param headNorms Qwen3's norms over each query and key head */
export function qwenDecoder(config: PackageTextConfig, formats: ArchitectureFormats, options: { headNorms: boolean; deepstack: number }): DecoderOptions {
  return {
    config,
    layer: (index) => {
      const layer = `${model}.layers.${index}`;
      const attention = `${layer}.self_attn`;
      return {
        inputNorm: `${layer}.input_layernorm`,
        qkv: [`${attention}.q_proj`, `${attention}.k_proj`, `${attention}.v_proj`],
        headNorms: options.headNorms ? { query: `${attention}.q_norm`, key: `${attention}.k_norm` } : null,
        output: `${attention}.o_proj`,
        postNorm: `${layer}.post_attention_layernorm`,
        gate: `${layer}.mlp.gate_proj`,
        up: `${layer}.mlp.up_proj`,
        down: `${layer}.mlp.down_proj`,
      };
    },
    finalNorm: `${model}.norm`,
    head: config.tiedEmbeddings ? `${model}.embed_tokens` : 'lm_head',
    deepstack: options.deepstack,
    queryScale: false,
    format: formats.text,
    headFormat: formats.head,
  };
}
