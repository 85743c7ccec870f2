// v1's resampler: learned queries that read all patches through one cross-attention, and the two position tables it adds. Positions and queries
// do not depend on the picture, so they are computed while compiling.
import { type Matrix, rowsOf, transposed } from '../../model/matrix.ts';
import { visionGraph } from '../../model/package-format.ts';
import type { Vector } from '../checkpoint-weights.ts';
import type { Value } from '../graph.ts';
import { float, int } from '../graph-builder.ts';
import type { WeightFormat } from '../weight-formats.ts';
import { computedPlan } from '../weight-plans.ts';
import type { BlockContext } from './context.ts';
import { cast } from './elementwise.ts';
import { linear } from './linear.ts';
import { normalize } from './norm.ts';

/** Weights of the four neighbours of a sample, Keys' cubic with a = −0.75 as torch uses it. */
function cubicWeights(t: number): [number, number, number, number] {
  const a = -0.75;
  const near = (x: number): number => ((a + 2) * x - (a + 3)) * x * x + 1;
  const far = (x: number): number => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}

/**
 * A grid `[side², width]` enlarged to `[target², width]`: bicubic, pixel centres, no antialiasing.
 * @source torch.nn.functional.interpolate(mode='bicubic', align_corners=False)
 */
export function resizeGrid(grid: Float32Array, side: number, target: number, width: number): Float32Array {
  if (side === target) return grid;
  const out = new Float32Array(target * target * width);
  const clamp = (index: number): number => Math.min(side - 1, Math.max(0, index));
  const samples = Array.from({ length: target }, (_, i) => {
    const place = ((i + 0.5) * side) / target - 0.5;
    const whole = Math.floor(place);
    return { at: [whole - 1, whole, whole + 1, whole + 2].map(clamp), weights: cubicWeights(place - whole) };
  });
  for (const [y, row] of samples.entries()) {
    for (const [x, column] of samples.entries()) {
      const to = (y * target + x) * width;
      for (let c = 0; c < width; c++) {
        let sum = 0;
        for (let j = 0; j < 4; j++) {
          let line = 0;
          for (let i = 0; i < 4; i++) line += column.weights[i]! * grid[(row.at[j]! * side + column.at[i]!) * width + c]!;
          sum += row.weights[j]! * line;
        }
        out[to + c] = sum;
      }
    }
  }
  return out;
}

/** The learned grid of `table` for `target²` patches, as a constant `[1, target², width] float32`. */
export function gridPositions({ graph }: BlockContext, name: string, table: Matrix, target: number): Value {
  const side = Math.round(Math.sqrt(table.rows));
  return graph.weights(computedPlan(name, [1, target * target, table.columns], async () => resizeGrid(await table.readRows(0, table.rows), side, target, table.columns)))[0]!;
}

function layerNorm(x: Float32Array, width: number, weight: Float32Array, bias: Float32Array, epsilon: number): Float32Array {
  const out = new Float32Array(x.length);
  for (let row = 0; row < x.length; row += width) {
    let mean = 0;
    for (let i = 0; i < width; i++) mean += x[row + i]! / width;
    let variance = 0;
    for (let i = 0; i < width; i++) variance += (x[row + i]! - mean) ** 2 / width;
    const scale = 1 / Math.sqrt(variance + epsilon);
    for (let i = 0; i < width; i++) out[row + i] = (x[row + i]! - mean) * scale * weight[i]! + bias[i]!;
  }
  return out;
}

export interface Resampler {
  /** Width of the patches. */
  readonly inputSize: number;
  readonly outputSize: number;
  readonly queries: number;
  /** Side of the patch grid. */
  readonly gridSide: number;
  readonly heads: number;
  readonly epsilon: number;
  /** `transformer.visual.attn_pool` */
  readonly names: string;
  readonly lastNorm: string;
  /** `[outputSize, outputSize]`, multiplied from the right. */
  readonly projection: Matrix;
  readonly format: WeightFormat;
}

/**
 * ```
 *  x ── kv_proj ── ln_kv ─┬─ + positions ── Wk ─┐
 *                         └──────────────── Wv ─┼─ MultiHeadAttention ── out_proj ── ln_post ── proj
 *  ln_q(query) + positions (constant) ───── Wq ─┘
 * ```
 */
export function resample(context: BlockContext, x: Value, options: Resampler): void {
  const { graph, weights, compute } = context;
  const { names, outputSize: width, queries, epsilon, format } = options;
  const address = '/vision/resampler';
  const positions = weights.matrix(`${names}.pos_embed`, queries, width);
  let rows = cast(context, address, x, compute);
  // A tower as wide as its output has no projection here.
  if (weights.has(`${names}.kv_proj.weight`) || options.inputSize !== width) {
    rows = linear(context, `${address}/kv_proj`, rows, { modules: [weights.module(`${names}.kv_proj`, width, options.inputSize)], biases: [null] }, format);
  }
  const values = normalize(context, `${address}/ln_kv`, cast(context, `${address}/kv`, rows, 'float32'), `${names}.ln_kv`, 'layer', epsilon);
  const keys = graph.node('Add', `${address}/keys`, [values, gridPositions(context, `${address}/key_positions`, positions, options.gridSide)]);
  const [query, normWeight, normBias] = [weights.matrix(`${names}.query`, queries, width), weights.vector(`${names}.ln_q.weight`, width), weights.vector(`${names}.ln_q.bias`, width)];
  const [asked] = graph.weights(computedPlan(`${address}/queries`, [1, queries, width], async () => {
    const normed = layerNorm(await query.readRows(0, queries), width, await normWeight.read(), await normBias.read(), epsilon);
    const added = await positions.readRows(0, queries);
    return normed.map((value, i) => value + added[i]!);
  }));
  const weight = weights.matrix(`${names}.attn.in_proj_weight`, 3 * width, width);
  const bias = weights.vector(`${names}.attn.in_proj_bias`, 3 * width);
  const project = (at: string, part: number, input: Value): Value => {
    const own: Vector = { label: `${bias.label}.${part}`, length: width, read: async () => (await bias.read()).slice(part * width, (part + 1) * width) };
    return linear(context, `${address}/${at}`, cast(context, `${address}/${at}`, input, compute), { modules: [rowsOf(weight, part * width, width, `${weight.label}.${part}`)], biases: [own] }, format);
  };
  const mixed = graph.node('MultiHeadAttention', address, [project('query', 0, asked!), project('key', 1, keys), project('value', 2, values)], {
    attributes: { num_heads: int(options.heads), scale: float(1 / Math.sqrt(width / options.heads)) },
  });
  const out = linear(context, `${address}/output`, mixed, {
    modules: [weights.module(`${names}.attn.out_proj`, width, width)], biases: [weights.vector(`${names}.attn.out_proj.bias`, width)],
  }, format);
  const normed = cast(context, `${address}/normed`, normalize(context, `${address}/ln_post`, cast(context, `${address}/output`, out, 'float32'), options.lastNorm, 'layer', epsilon), compute);
  const embeds = cast(context, `${address}/embeds`, linear(context, `${address}/projection`, normed, { modules: [transposed(options.projection, `${address}/projection`)], biases: [null] }, format), 'float32');
  graph.output(graph.node('Reshape', `${address}/result`, [embeds, graph.integers([queries, width])], { outputs: [visionGraph.imageEmbeds] }));
}
