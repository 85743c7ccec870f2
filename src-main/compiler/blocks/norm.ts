// Root-mean-square and layer normalisation, alone or fused with the residual sum before them. Sums and norms are float32 always; what
// leaves a norm has the context's compute type.
import type { Value } from '../graph.ts';
import { float, int } from '../graph-builder.ts';
import { vectorPlan } from '../weight-plans.ts';
import type { BlockContext } from './context.ts';
import { cast } from './elementwise.ts';

export type NormKind = 'rms' | 'layer';

function parameter({ graph, weights }: BlockContext, name: string, length: number): Value {
  return graph.weights(vectorPlan(`/weights/${name}`, weights.vector(name, length), 'float32'))[0]!;
}

function width(x: Value): number {
  return Number(x.dims.at(-1));
}

/** Normalises the last axis of `x` with the checkpoint's `<name>.weight` (and `.bias` for `layer`). Float32 in and out. */
export function normalize(context: BlockContext, address: string, x: Value, name: string, kind: NormKind, epsilon: number): Value {
  const { graph } = context;
  const weight = parameter(context, `${name}.weight`, width(x));
  if (kind === 'rms') return graph.node('SimplifiedLayerNormalization', address, [x, weight], { attributes: { axis: int(-1), epsilon: float(epsilon), stash_type: int(1) } });
  return graph.node('LayerNormalization', address, [x, weight, parameter(context, `${name}.bias`, width(x))], { attributes: { axis: int(-1), epsilon: float(epsilon) } });
}

/**
 * ```
 *  residual ─┬─ + ── sum
 *  branch ───┘    └── RMSNorm ── normed
 * ```
 * @param branch null for the first norm of a stack, where there is nothing to add
 */
export function addAndNormalize(context: BlockContext, address: string, residual: Value, branch: Value | null, name: string, kind: NormKind, epsilon: number): { sum: Value; normed: Value } {
  const { graph, compute } = context;
  if (!branch) return { sum: residual, normed: cast(context, address, normalize(context, address, residual, name, kind, epsilon), compute) };
  const added = cast(context, `${address}/branch`, branch, 'float32');
  if (kind === 'layer') {
    const sum = graph.node('Add', address, [residual, added]);
    return { sum, normed: cast(context, address, normalize(context, address, sum, name, kind, epsilon), compute) };
  }
  const op = `${address}/SkipSimplifiedLayerNormalization`;
  const [normed, , , sum] = graph.nodeWithOutputs('SkipSimplifiedLayerNormalization', address, [residual, added, parameter(context, `${name}.weight`, width(residual))], {
    attributes: { epsilon: float(epsilon) },
    outputs: [`${op}/output_0`, '', '', `${op}/output_3`],
  });
  return { sum: sum!, normed: cast(context, address, normed!, compute) };
}
