// Small pieces that work element by element: casts and activation functions.
import type { Value } from '../graph.ts';
import { float, int, text } from '../graph-builder.ts';
import { typeNumber } from '../onnx-file.ts';
import type { ComputeType } from '../weight-formats.ts';
import type { BlockContext } from './context.ts';

/** `x` in another type; `x` itself when it already has it. */
export function cast({ graph }: Pick<BlockContext, 'graph'>, address: string, x: Value, type: ComputeType): Value {
  return x.type === type ? x : graph.node('Cast', `${address}/to_${type}`, [x], { attributes: { to: int(typeNumber[type]) } });
}

/** `silu` x·σ(x); `quick-gelu` x·σ(1.702x); `gelu` with erf; `gelu-tanh` its approximation. */
export type Activation = 'silu' | 'quick-gelu' | 'gelu' | 'gelu-tanh';

export function activation({ graph }: BlockContext, address: string, x: Value, kind: Activation): Value {
  if (kind === 'silu' || kind === 'quick-gelu') return graph.node('QuickGelu', address, [x], { attributes: { alpha: float(kind === 'silu' ? 1 : 1.702) } });
  return graph.node('Gelu', address, [x], { attributes: { approximate: text(kind === 'gelu' ? 'none' : 'tanh') } });
}
