// The text decoder that all four generations share: every difference between them is an argument. Knows no checkpoint's names.
import { textGraph } from '../../model/package-format.ts';
import type { PackageTextConfig } from '../../model/package-format.ts';
import type { Vector } from '../checkpoint-weights.ts';
import type { Value } from '../graph.ts';
import { float, int } from '../graph-builder.ts';
import type { WeightFormat } from '../weight-formats.ts';
import type { BlockContext } from './context.ts';
import { cast } from './elementwise.ts';
import { linear } from './linear.ts';
import { gatedMlp } from './mlp.ts';
import { addAndNormalize, normalize } from './norm.ts';

/** Module names of one decoder layer. */
export interface DecoderLayerNames {
  readonly inputNorm: string;
  /** One fused module, or query, key and value. */
  readonly qkv: readonly [string] | readonly [string, string, string];
  /** Norms over each head before RoPE; null without. */
  readonly headNorms: { readonly query: string; readonly key: string } | null;
  readonly output: string;
  readonly postNorm: string;
  readonly gate: string;
  readonly up: string;
  readonly down: string;
}

export interface DecoderOptions {
  readonly config: PackageTextConfig;
  readonly layer: (index: number) => DecoderLayerNames;
  readonly finalNorm: string;
  /** Module of the output head: the embedding table's when they are tied. */
  readonly head: string;
  /** How many of the first layers get an image feature added after them. */
  readonly deepstack: number;
  /** A factor per row on the query after RoPE (v1's logn). */
  readonly queryScale: boolean;
  readonly format: WeightFormat;
  readonly headFormat: WeightFormat;
}

interface DecoderInputs {
  readonly cos: Value;
  readonly sin: Value;
  readonly positions: Value;
  readonly lastIndex: Value;
  readonly totalLength: Value;
  readonly queryScale: Value | null;
}

/** One head per row of the last axis: `[1, S, heads * D]` normalised over D. */
function headNorm(context: BlockContext, address: string, x: Value, name: string, heads: number, headDim: number, epsilon: number): Value {
  const { graph, compute } = context;
  const single = graph.reshape(`${address}/heads`, cast(context, address, x, 'float32'), [0, -1, heads, headDim]);
  return cast(context, `${address}/normed`, graph.reshape(`${address}/joined`, normalize(context, address, single, name, 'rms', epsilon), [0, -1, heads * headDim]), compute);
}

function decoderInputs(context: BlockContext, { config, queryScale }: DecoderOptions): DecoderInputs {
  const { graph, compute } = context;
  const half = config.headDim / 2;
  const cos = graph.input(textGraph.ropeCos, 'float32', ['sequence', half]);
  const sin = graph.input(textGraph.ropeSin, 'float32', ['sequence', half]);
  return {
    cos: cast(context, '/text/rope_cos', cos, compute),
    sin: cast(context, '/text/rope_sin', sin, compute),
    positions: graph.input(textGraph.positions, 'int64', [1, 'sequence']),
    lastIndex: graph.input(textGraph.lastIndex, 'int32', [1]),
    totalLength: graph.input(textGraph.totalLength, 'int32', []),
    queryScale: queryScale ? cast(context, '/text/query_scale', graph.input(textGraph.queryScale, 'float32', [1, 'sequence', 1]), compute) : null,
  };
}

/**
 * ```
 *  x ── qkv ── Split ─┬─ q ─ (norm) ─ RoPE ─ (·scale) ─┐
 *                     ├─ k ─ (norm) ─ RoPE ────────────┼─ GroupQueryAttention ── output
 *                     └─ v ────────────────────────────┘     │ past, present: one buffer
 * ```
 * @param cache which layer's names the keys and values have
 * @param kept takes the rows that are wanted of what was mixed
 */
function attention(context: BlockContext, address: string, x: Value, names: DecoderLayerNames, cache: number, options: DecoderOptions, inputs: DecoderInputs, importance: Vector, kept: (mixed: Value) => Value): Value {
  const { graph, weights } = context;
  const { heads, kvHeads, headDim, hiddenSize, normEpsilon } = options.config;
  const [queryWidth, keyWidth] = [heads * headDim, kvHeads * headDim];
  const widths = names.qkv.length === 1 ? [queryWidth + 2 * keyWidth] : [queryWidth, keyWidth, keyWidth];
  const qkv = linear(context, `${address}/qkv`, x, {
    modules: names.qkv.map((name, i) => weights.module(name, widths[i]!, hiddenSize)),
    biases: names.qkv.map((name, i) => weights.optionalVector(`${name}.bias`, widths[i]!)),
    importance,
  }, options.format);
  const [q, k, value] = graph.split(`${address}/qkv`, qkv, [queryWidth, keyWidth, keyWidth]);
  let [query, key] = [q!, k!];
  if (names.headNorms) {
    query = headNorm(context, `${address}/q_norm`, query, names.headNorms.query, heads, headDim, normEpsilon);
    key = headNorm(context, `${address}/k_norm`, key, names.headNorms.key, kvHeads, headDim, normEpsilon);
  }
  const rotate = (at: string, one: Value, count: number): Value => graph.node('RotaryEmbedding', `${address}/${at}`, [one, inputs.positions, inputs.cos, inputs.sin], { attributes: { num_heads: int(count), interleaved: int(0) } });
  query = rotate('q_rotary', query, heads);
  key = rotate('k_rotary', key, kvHeads);
  if (inputs.queryScale) query = graph.node('Mul', `${address}/q_scale`, [query, inputs.queryScale]);
  const past = (name: string): Value => graph.input(name, context.compute, [1, kvHeads, 'capacity', headDim]);
  const [mixed, presentKey, presentValue] = graph.nodeWithOutputs('GroupQueryAttention', address, [query, key, value!, past(textGraph.pastKey(cache)), past(textGraph.pastValue(cache)), inputs.lastIndex, inputs.totalLength], {
    attributes: { num_heads: int(heads), kv_num_heads: int(kvHeads), scale: float(1 / Math.sqrt(headDim)) },
    outputs: [`${address}/GroupQueryAttention/output_0`, textGraph.presentKey(cache), textGraph.presentValue(cache)],
  });
  graph.output(presentKey!);
  graph.output(presentValue!);
  return linear(context, `${address}/output`, kept(mixed!), {
    modules: [weights.module(names.output, hiddenSize, queryWidth)],
    biases: [weights.optionalVector(`${names.output}.bias`, hiddenSize)],
  }, options.format);
}

interface LayerPlace {
  readonly index: number;
  /** Which layer's names its keys and values have. */
  readonly cache: number;
  /** Takes the rows of `x` that count after the keys and values. */
  readonly kept: (address: string, x: Value) => Value;
}

/** One layer: what came in (`entry`, branch added), and what goes on as residual and branch. */
function decoderLayer(context: BlockContext, options: DecoderOptions, { index, cache, kept }: LayerPlace, residual: Value, branch: Value | null, inputs: DecoderInputs): { entry: Value; residual: Value; branch: Value } {
  const { weights } = context;
  const { hiddenSize, intermediateSize, normEpsilon } = options.config;
  const address = `/text/layers.${index}`;
  const names = options.layer(index);
  const entry = addAndNormalize(context, `${address}/input_norm`, residual, branch, names.inputNorm, 'rms', normEpsilon);
  const attended = attention(context, `${address}/attention`, entry.normed, names, cache, options, inputs, weights.vector(`${names.inputNorm}.weight`, hiddenSize), (mixed) => kept(`${address}/attention/keep`, mixed));
  const middle = addAndNormalize(context, `${address}/post_norm`, kept(`${address}/keep`, entry.sum), attended, names.postNorm, 'rms', normEpsilon);
  const forward = gatedMlp(context, `${address}/mlp`, middle.normed, {
    hiddenSize, intermediateSize, gate: names.gate, up: names.up, down: names.down,
    activation: 'silu', format: options.format, importance: weights.vector(`${names.postNorm}.weight`, hiddenSize),
  });
  return { entry: entry.sum, residual: middle.sum, branch: forward };
}

/** Layer `index` alone: rows in, rows out, its keys and values under the names of the first layer. */
export function singleLayer(context: BlockContext, options: DecoderOptions, index: number): void {
  const { graph } = context;
  const rows = graph.input(textGraph.embeds, 'float32', [1, 'sequence', options.config.hiddenSize]);
  const { residual, branch } = decoderLayer(context, options, { index, cache: 0, kept: (_, x) => x }, rows, null, decoderInputs(context, options));
  graph.output(graph.node('Add', `/text/layers.${index}`, [residual, branch], { outputs: [textGraph.hidden] }));
}

/** The whole decoder with the inputs and outputs that `model/package-format.ts` describes. */
export function decoder(context: BlockContext, options: DecoderOptions): void {
  const { graph, weights, compute } = context;
  const { config } = options;
  const { hiddenSize, normEpsilon } = config;
  let residual = graph.input(textGraph.embeds, 'float32', [1, 'sequence', hiddenSize]);
  const inputs = decoderInputs(context, options);
  const keep = graph.input(textGraph.keep, 'int64', [1]);
  const deepstack = Array.from({ length: options.deepstack }, (_, k) => graph.input(textGraph.deepstack(k), 'float32', [1, 'image rows', hiddenSize]));

  const lastRows = (address: string, x: Value): Value => graph.node('Slice', address, [x, graph.node('Neg', address, [keep]), graph.integers([2 ** 31 - 1]), graph.integers([1])]);
  // After the last layer's keys and values only the rows whose logits are wanted count, unless a feature is still added to all of them.
  const lastLayer = config.layers - 1;
  const early = deepstack[lastLayer] === undefined;

  graph.tap('decoder.input', residual);
  let branch: Value | null = null;
  for (let index = 0; index < config.layers; index++) {
    const kept = (at: string, x: Value): Value => (early && index === lastLayer ? lastRows(at, x) : x);
    const layer = decoderLayer(context, options, { index, cache: index, kept }, residual, branch, inputs);
    if (index > 0) graph.tap(`decoder.layer.${index - 1}`, layer.entry);
    branch = layer.branch;
    residual = layer.residual;
    // Added to the residual, which is then summed with the branch: the same as adding after the layer.
    const feature = deepstack[index];
    if (feature) residual = graph.node('Add', `/text/layers.${index}/deepstack`, [residual, feature]);
  }
  const end = addAndNormalize(context, '/text/final_norm', residual, branch, options.finalNorm, 'rms', normEpsilon);
  graph.tap(`decoder.layer.${lastLayer}`, end.sum);
  graph.tap('decoder.norm', end.normed);
  const logits = linear(context, '/text/lm_head', early ? end.normed : lastRows('/text/keep', end.normed), {
    modules: [weights.module(options.head, config.vocabSize, hiddenSize)],
    biases: [null],
    importance: weights.vector(`${options.finalNorm}.weight`, hiddenSize),
  }, options.headFormat);
  const named = compute === 'float32'
    ? graph.node('Reshape', '/text/logits', [logits, graph.integers([0, 0, 0])], { outputs: [textGraph.logits] })
    : graph.node('Cast', '/text/logits', [logits], { attributes: { to: int(1) }, outputs: [textGraph.logits] });
  graph.output(named, [1, 'kept', config.vocabSize]);
}
