// Vision transformers: patch projection, attention over a whole image or over windows of it, and the merger that turns groups of patches into
// tokens. Every difference between generations is an argument; knows no checkpoint's names.
import { visionGraph } from '../../model/package-format.ts';
import type { Matrix } from '../../model/matrix.ts';
import type { Vector } from '../checkpoint-weights.ts';
import type { Value } from '../graph.ts';
import { float, int } from '../graph-builder.ts';
import type { WeightFormat } from '../weight-formats.ts';
import type { BlockContext } from './context.ts';
import { type Activation, cast } from './elementwise.ts';
import { linear } from './linear.ts';
import { gatedMlp, plainMlp } from './mlp.ts';
import { type NormKind, addAndNormalize, normalize } from './norm.ts';

export interface RotaryRows {
  readonly cos: Value;
  readonly sin: Value;
}

/** How rows are gathered into windows; see `visionGraph` of the package format. */
export interface WindowInputs {
  readonly rows: Value;
  readonly bias: Value;
  readonly slots: Value;
}

export interface VisionLayer {
  readonly hiddenSize: number;
  readonly heads: number;
  readonly intermediateSize: number;
  readonly norm: NormKind;
  readonly epsilon: number;
  readonly norm1: string;
  readonly norm2: string;
  /** Weight `[3 * hiddenSize, hiddenSize]` with rows query, key, value, and its bias. */
  readonly qkv: { readonly weight: Matrix; readonly bias: Vector };
  readonly projection: string;
  readonly mlp: { readonly kind: 'plain'; readonly first: string; readonly second: string; readonly activation: Activation }
    | { readonly kind: 'gated'; readonly gate: string; readonly up: string; readonly down: string; readonly activation: Activation };
  readonly rotary: RotaryRows | null;
  /** Null: every row attends to every row. */
  readonly windows: WindowInputs | null;
  readonly format: WeightFormat;
}

/** The rope inputs of a tower whose heads are `headDim` wide. */
export function rotaryInputs(context: BlockContext, headDim: number): RotaryRows {
  const rows = (name: string): Value => cast(context, `/vision/${name}`, context.graph.input(name, 'float32', ['patches', headDim / 2]), context.compute);
  return { cos: rows(visionGraph.ropeCos), sin: rows(visionGraph.ropeSin) };
}

/** Patches `[N, pixels]` projected to `[1, N, hiddenSize]`. A convolution whose stride is its kernel is one product. */
export function patchEmbedding(context: BlockContext, patchPixels: number, weight: Matrix, bias: Vector | null, format: WeightFormat, count: number | 'patches' = 'patches'): Value {
  const patches = cast(context, '/vision/patches', context.graph.input(visionGraph.patches, 'float32', [count, patchPixels]), context.compute);
  const rows = linear(context, '/vision/patch_embed', patches, { modules: [weight], biases: [bias] }, format);
  return cast(context, '/vision/patch_embed', context.graph.node('Unsqueeze', '/vision/patch_embed', [rows, context.graph.integers([0])]), 'float32');
}

/**
 * ```
 *  full:     x ── qkv ── Split ── RoPE(q, k) ── MultiHeadAttention ── projection
 *  windowed: x ── qkv ── Gather(window_rows) ── Split ── RoPE ── MHA(batch = window, bias) ── Gather(window_slots) ── projection
 * ```
 */
function attention(context: BlockContext, address: string, x: Value, layer: VisionLayer): Value {
  const { graph, weights } = context;
  const { hiddenSize, heads, windows, rotary } = layer;
  let qkv = linear(context, `${address}/qkv`, x, { modules: [layer.qkv.weight], biases: [layer.qkv.bias] }, layer.format);
  if (windows) qkv = graph.node('Gather', `${address}/windows`, [graph.reshape(`${address}/rows`, qkv, [-1, 3 * hiddenSize]), windows.rows], { attributes: { axis: int(0) } });
  const [q, k, value] = graph.split(`${address}/qkv`, qkv, [hiddenSize, hiddenSize, hiddenSize]);
  const positions = windows ? windows.rows : graph.integers([0]);
  const rotate = (at: string, one: Value): Value => rotary
    ? graph.node('RotaryEmbedding', `${address}/${at}`, [one, positions, rotary.cos, rotary.sin], { attributes: { num_heads: int(heads), interleaved: int(0) } })
    : one;
  const mixed = graph.node('MultiHeadAttention', address, [rotate('q_rotary', q!), rotate('k_rotary', k!), value!, null, null, windows ? windows.bias : null], {
    attributes: { num_heads: int(heads), scale: float(1 / Math.sqrt(hiddenSize / heads)) },
  });
  let joined = mixed;
  if (windows) {
    const slots = graph.node('Gather', `${address}/unwindowed`, [graph.reshape(`${address}/slots`, mixed, [-1, hiddenSize]), windows.slots], { attributes: { axis: int(0) } });
    joined = graph.node('Unsqueeze', `${address}/unwindowed`, [slots, graph.integers([0])]);
  }
  return linear(context, `${address}/projection`, joined, {
    modules: [weights.module(layer.projection, hiddenSize, hiddenSize)],
    biases: [weights.optionalVector(`${layer.projection}.bias`, hiddenSize)],
  }, layer.format);
}

/** One pre-norm layer. `residual` and `branch` are still to be added; so are the two returned. */
export function visionLayer(context: BlockContext, address: string, residual: Value, branch: Value | null, layer: VisionLayer): { residual: Value; branch: Value; entry: Value } {
  const entry = addAndNormalize(context, `${address}/norm1`, residual, branch, layer.norm1, layer.norm, layer.epsilon);
  const attended = attention(context, `${address}/attention`, entry.normed, layer);
  const middle = addAndNormalize(context, `${address}/norm2`, entry.sum, attended, layer.norm2, layer.norm, layer.epsilon);
  const { hiddenSize, intermediateSize, format, mlp } = layer;
  const out = mlp.kind === 'gated'
    ? gatedMlp(context, `${address}/mlp`, middle.normed, { hiddenSize, intermediateSize, ...mlp, format, importance: null })
    : plainMlp(context, `${address}/mlp`, middle.normed, { inputSize: hiddenSize, outputSize: hiddenSize, intermediateSize, ...mlp, format });
  return { residual: middle.sum, branch: out, entry: entry.sum };
}

/** The sum that a layer left to its successor, as a value of its own. */
export function settle(context: BlockContext, address: string, residual: Value, branch: Value): Value {
  return context.graph.node('Add', address, [residual, cast(context, address, branch, 'float32')]);
}

export interface Merger {
  readonly hiddenSize: number;
  /** Patches that become one token. */
  readonly group: number;
  readonly outputSize: number;
  readonly norm: string;
  readonly normKind: NormKind;
  readonly epsilon: number;
  /** The norm spans the whole group instead of each patch (Qwen3-VL's DeepStack). */
  readonly normAfterGrouping: boolean;
  readonly first: string;
  readonly second: string;
  readonly format: WeightFormat;
}

/**
 * `[1, N, hidden]` to `[N / group, output]`: norm, group neighbours (or the other way round), two layers with GELU.
 * @param outputName the graph output that the result is
 */
export function mergeGroups(context: BlockContext, address: string, x: Value, merger: Merger, outputName: string): void {
  const { graph, compute } = context;
  const wide = merger.hiddenSize * merger.group;
  const grouped = (one: Value): Value => graph.reshape(`${address}/group`, one, [-1, wide]);
  const norm = (one: Value): Value => normalize(context, `${address}/norm`, one, merger.norm, merger.normKind, merger.epsilon);
  const input = cast(context, address, merger.normAfterGrouping ? norm(grouped(x)) : grouped(norm(x)), compute);
  const out = plainMlp(context, address, input, {
    inputSize: wide, intermediateSize: wide, outputSize: merger.outputSize, first: merger.first, second: merger.second, activation: 'gelu', format: merger.format,
  });
  const named = compute === 'float32'
    ? graph.node('Reshape', `${address}/result`, [out, graph.integers([0, 0])], { outputs: [outputName] })
    : graph.node('Cast', `${address}/result`, [out], { attributes: { to: int(1) }, outputs: [outputName] });
  graph.output(named, ['tokens', merger.outputSize]);
}
