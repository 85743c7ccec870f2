// The two feed-forward forms: gated (gate and up in one product) and plain.
import type { Vector } from '../checkpoint-weights.ts';
import type { Value } from '../graph.ts';
import type { WeightFormat } from '../weight-formats.ts';
import type { BlockContext } from './context.ts';
import { type Activation, activation } from './elementwise.ts';
import { linear } from './linear.ts';

export interface GatedMlp {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  /** Module names. */
  readonly gate: string;
  readonly up: string;
  readonly down: string;
  readonly activation: Activation;
  readonly format: WeightFormat;
  /** Weight of the norm before, as the inputs' expected sizes. */
  readonly importance: Vector | null;
}

/**
 * ```
 *  x ── gate_up ── Split ─┬─ activation ─┐
 *                         └──────────────× ── down
 * ```
 */
export function gatedMlp(context: BlockContext, address: string, x: Value, mlp: GatedMlp): Value {
  const { graph, weights } = context;
  const gateUp = linear(context, `${address}/gate_up`, x, {
    modules: [weights.module(mlp.gate, mlp.intermediateSize, mlp.hiddenSize), weights.module(mlp.up, mlp.intermediateSize, mlp.hiddenSize)],
    biases: [mlp.gate, mlp.up].map((name) => weights.optionalVector(`${name}.bias`, mlp.intermediateSize)),
    importance: mlp.importance,
  }, mlp.format);
  const [gate, up] = graph.split(`${address}/gate_up`, gateUp, [mlp.intermediateSize, mlp.intermediateSize]);
  const gated = graph.node('Mul', address, [activation(context, address, gate!, mlp.activation), up!]);
  return linear(context, `${address}/down`, gated, {
    modules: [weights.module(mlp.down, mlp.hiddenSize, mlp.intermediateSize)],
    biases: [weights.optionalVector(`${mlp.down}.bias`, mlp.hiddenSize)],
  }, mlp.format);
}

export interface PlainMlp {
  readonly inputSize: number;
  readonly intermediateSize: number;
  readonly outputSize: number;
  /** Module names. */
  readonly first: string;
  readonly second: string;
  readonly activation: Activation;
  readonly format: WeightFormat;
}

/** `second(activation(first(x)))`, both with bias when the checkpoint has one. */
export function plainMlp(context: BlockContext, address: string, x: Value, mlp: PlainMlp): Value {
  const { weights } = context;
  const one = (name: string, at: string, input: Value, outputs: number, inputs: number): Value => linear(context, `${address}/${at}`, input, {
    modules: [weights.module(name, outputs, inputs)],
    biases: [weights.optionalVector(`${name}.bias`, outputs)],
  }, mlp.format);
  const hidden = one(mlp.first, 'first', x, mlp.intermediateSize, mlp.inputSize);
  return one(mlp.second, 'second', activation(context, address, hidden, mlp.activation), mlp.outputSize, mlp.intermediateSize);
}
