// The published shapes that the engine is measured on: config.json as the releases have it (token ids and companion files come from the tiny
// test checkpoint, whose vocabulary is short) and the list of tensors. Knows shapes, no bytes.
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ShapeTensor {
  readonly name: string;
  readonly dims: readonly number[];
}

export interface ModelShape {
  readonly name: string;
  readonly generation: 'qwen2-vl' | 'qwen2.5-vl';
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly intermediate: number;
  readonly vocabulary: number;
  readonly tied: boolean;
  readonly vision: { readonly depth: number; readonly width: number; readonly heads: number; readonly intermediate: number };
}

const vit = { depth: 32, width: 1280, heads: 16 } as const;

/** @source facts of the published config.json files */
const shapes: Readonly<Record<string, ModelShape>> = {
  'qwen2-vl-2b': { name: 'qwen2-vl-2b', generation: 'qwen2-vl', hidden: 1536, layers: 28, heads: 12, kvHeads: 2, headDim: 128, intermediate: 8960, vocabulary: 151936, tied: true, vision: { ...vit, intermediate: 5120 } },
  'qwen2-vl-7b': { name: 'qwen2-vl-7b', generation: 'qwen2-vl', hidden: 3584, layers: 28, heads: 28, kvHeads: 4, headDim: 128, intermediate: 18944, vocabulary: 152064, tied: false, vision: { ...vit, intermediate: 5120 } },
  'qwen2.5-vl-3b': { name: 'qwen2.5-vl-3b', generation: 'qwen2.5-vl', hidden: 2048, layers: 36, heads: 16, kvHeads: 2, headDim: 128, intermediate: 11008, vocabulary: 151936, tied: true, vision: { ...vit, intermediate: 3420 } },
};

export const shapeNames = Object.keys(shapes);

/** The shape, with at most `layers` layers in decoder and vision tower when that is given. */
export function shapeOf(name: string, layers?: number): ModelShape | null {
  const shape = shapes[name];
  if (!shape || layers === undefined) return shape ?? null;
  return { ...shape, name: `${shape.name}-${layers}-layers`, layers: Math.min(layers, shape.layers), vision: { ...shape.vision, depth: Math.min(layers, shape.vision.depth) } };
}

/** Tensor names as the releases write them. */
export function tensorsOf(shape: ModelShape): ShapeTensor[] {
  const { hidden, heads, kvHeads, headDim, intermediate, vocabulary, vision } = shape;
  const tensors: ShapeTensor[] = [];
  const add = (name: string, ...dims: number[]): void => void tensors.push({ name, dims });
  const linear = (name: string, outputs: number, inputs: number, bias: boolean): void => {
    add(`${name}.weight`, outputs, inputs);
    if (bias) add(`${name}.bias`, outputs);
  };
  add('model.embed_tokens.weight', vocabulary, hidden);
  for (let i = 0; i < shape.layers; i++) {
    const layer = `model.layers.${i}`;
    add(`${layer}.input_layernorm.weight`, hidden);
    linear(`${layer}.self_attn.q_proj`, heads * headDim, hidden, true);
    linear(`${layer}.self_attn.k_proj`, kvHeads * headDim, hidden, true);
    linear(`${layer}.self_attn.v_proj`, kvHeads * headDim, hidden, true);
    linear(`${layer}.self_attn.o_proj`, hidden, heads * headDim, false);
    add(`${layer}.post_attention_layernorm.weight`, hidden);
    linear(`${layer}.mlp.gate_proj`, intermediate, hidden, false);
    linear(`${layer}.mlp.up_proj`, intermediate, hidden, false);
    linear(`${layer}.mlp.down_proj`, hidden, intermediate, false);
  }
  add('model.norm.weight', hidden);
  if (!shape.tied) add('lm_head.weight', vocabulary, hidden);
  const first = shape.generation === 'qwen2-vl';
  const { width } = vision;
  add('visual.patch_embed.proj.weight', width, 3, 2, 14, 14);
  for (let i = 0; i < vision.depth; i++) {
    const block = `visual.blocks.${i}`;
    for (const norm of ['norm1', 'norm2']) {
      add(`${block}.${norm}.weight`, width);
      if (first) add(`${block}.${norm}.bias`, width);
    }
    linear(`${block}.attn.qkv`, 3 * width, width, true);
    linear(`${block}.attn.proj`, width, width, true);
    if (first) {
      linear(`${block}.mlp.fc1`, vision.intermediate, width, true);
      linear(`${block}.mlp.fc2`, width, vision.intermediate, true);
    } else {
      linear(`${block}.mlp.gate_proj`, vision.intermediate, width, true);
      linear(`${block}.mlp.up_proj`, vision.intermediate, width, true);
      linear(`${block}.mlp.down_proj`, width, vision.intermediate, true);
    }
  }
  add('visual.merger.ln_q.weight', width);
  if (first) add('visual.merger.ln_q.bias', width);
  linear('visual.merger.mlp.0', 4 * width, 4 * width, true);
  linear('visual.merger.mlp.2', hidden, 4 * width, true);
  return tensors;
}

export function elementsOf(tensor: ShapeTensor): number {
  return tensor.dims.reduce((product, dim) => product * dim, 1);
}

/** Multiply-adds of one decoder row's linear layers, output head apart. */
export function decoderProducts(shape: ModelShape): { layers: number; head: number } {
  const { hidden, heads, kvHeads, headDim, intermediate } = shape;
  return { layers: shape.layers * (hidden * (heads + 2 * kvHeads) * headDim + heads * headDim * hidden + 3 * hidden * intermediate), head: hidden * shape.vocabulary };
}

/** Multiply-adds of prefilling `rows` rows: linear layers, causal attention, one row of the head. */
export function prefillProducts(shape: ModelShape, rows: number): number {
  const { layers, head } = decoderProducts(shape);
  return rows * layers + head + shape.layers * rows * rows * shape.heads * shape.headDim;
}

/** Multiply-adds of the vision tower over `patches` patches. */
export function visionProducts(shape: ModelShape, patches: number): number {
  const { width, depth, intermediate } = shape.vision;
  const first = shape.generation === 'qwen2-vl';
  const linears = 4 * width * width + (first ? 2 : 3) * width * intermediate;
  // Qwen2.5-VL attends over windows of 64 patches in all layers but four
  const seen = (layer: number): number => (first || [7, 15, 23, 31].includes(layer) ? patches : 64);
  const attention = Array.from({ length: depth }, (_, layer) => 2 * seen(layer) * width).reduce((sum, one) => sum + one, 0);
  return patches * (1176 * width + depth * linears + attention) + (patches / 4) * (16 * width * width + 4 * width * shape.hidden);
}

/** Writes config.json of the shape and the tiny checkpoint's companion files into `folder`. */
export function writeCompanions(shape: ModelShape, folder: string, fixtures: string): void {
  const source = join(fixtures, shape.generation);
  for (const name of readdirSync(source)) if (!/^(model|reference)/.test(name)) cpSync(join(source, name), join(folder, name));
  const config = JSON.parse(readFileSync(join(source, 'config.json'), 'utf8')) as Record<string, object>;
  const { vision } = shape;
  const tower = shape.generation === 'qwen2-vl'
    ? { depth: vision.depth, embed_dim: vision.width, mlp_ratio: vision.intermediate / vision.width, num_heads: vision.heads, hidden_size: shape.hidden }
    : { depth: vision.depth, hidden_size: vision.width, intermediate_size: vision.intermediate, num_heads: vision.heads, out_hidden_size: shape.hidden, fullatt_block_indexes: [7, 15, 23, 31].filter((layer) => layer < vision.depth) };
  writeFileSync(join(folder, 'config.json'), `${JSON.stringify({
    ...config,
    hidden_size: shape.hidden, num_hidden_layers: shape.layers, num_attention_heads: shape.heads, num_key_value_heads: shape.kvHeads,
    intermediate_size: shape.intermediate, vocab_size: shape.vocabulary, tie_word_embeddings: shape.tied,
    rope_scaling: { type: 'mrope', mrope_section: [16, 24, 24] },
    vision_config: { ...config['vision_config'], ...tower },
  }, null, 2)}\n`);
}
