// x · Wᵀ + b in every way that a package stores W. Knows neither what the layer is for nor where its weights come from.
import type { Matrix } from '../../model/matrix.ts';
import { stacked } from '../../model/matrix.ts';
import type { PackedMatrix } from '../../model/packed-matrix.ts';
import { type Vector, isPacked, joined } from '../checkpoint-weights.ts';
import type { Value } from '../graph.ts';
import { int } from '../graph-builder.ts';
import { blockPlan, columnOrderPlan, densePlan, packedPlan, rowPlan, vectorPlan } from '../weight-plans.ts';
import type { WeightFormat } from '../weight-formats.ts';
import type { BlockContext } from './context.ts';
import { cast } from './elementwise.ts';

export interface LinearWeights {
  /** Modules whose outputs are concatenated, all `[outputs, inputs]`. */
  readonly modules: readonly (Matrix | PackedMatrix)[];
  /** One per module, null for a module without. */
  readonly biases: readonly (Vector | null)[];
  /** How large each input is expected to be, up to a factor; guides rounding. */
  readonly importance?: Vector | null;
}

function zeros(length: number): Vector {
  return { label: 'zeros', length, read: async () => new Float32Array(length) };
}

/** The biases of all modules as one vector, or null when no module has one. */
function joinedBias(weights: LinearWeights, address: string): Vector | null {
  if (weights.biases.every((bias) => !bias)) return null;
  return joined(weights.modules.map((module, i) => weights.biases[i] ?? zeros(module.rows)), `${address}/bias`);
}

/**
 * ```
 *  fp32:       x ── FusedMatMul(Wᵀ) ── Add(b)
 *  fp16:       x ── FusedMatMul(Cast(W16)ᵀ) ── Add(b)            (cast away while loading)
 *  int4, int8: x ── MatMulNBits(W, scales, zeros, b)
 *  w8a8:       x ── Abs ─ ReduceMax ─ Max(tiny) ─ ·1/127 = s;   x ── QuantizeLinear(s) ── MatMulIntegerToFloat ── ·s ── Add(b)
 * ```
 * The w8a8 form gives every row its own scale: one for all would let rows with outliers ruin the others.
 *
 * @param x `[batch, rows, inputs]` or `[rows, inputs]`, of the context's compute type
 * @returns the same with the modules' outputs as last axis
 */
export function linear(context: BlockContext, address: string, x: Value, weights: LinearWeights, format: WeightFormat): Value {
  const { graph, compute } = context;
  const packed = weights.modules.filter(isPacked);
  if (packed.length === weights.modules.length && (format.type === 'int4' || format.type === 'int8')) return packedLinear(context, address, x, weights, packed);
  const matrix = stacked(weights.modules, address);
  const bias = joinedBias(weights, address);
  if (format.type === 'int4' || format.type === 'int8') {
    const [integers, scales, zeroPoints] = graph.weights(blockPlan(address, matrix, format, compute, weights.importance ?? null));
    return matMulNBits(context, address, x, { integers: integers!, scales: scales!, zeros: zeroPoints ?? null, bias, rows: matrix.rows, columns: matrix.columns, bits: format.type === 'int4' ? 4 : 8, block: format.block });
  }
  if (format.type === 'w8a8' && compute === 'float32') return withBias(context, address, rowwise(context, address, x, matrix), bias);
  const keepStored = format.type === 'fp16' && compute === 'float32';
  const [stored] = graph.weights(densePlan(`${address}/weight`, matrix, compute, keepStored));
  const weight = keepStored ? cast(context, `${address}/weight`, stored!, 'float32') : stored!;
  return withBias(context, address, graph.node('FusedMatMul', address, [x, weight], { attributes: { transB: int(1) } }), bias);
}

function withBias(context: BlockContext, address: string, x: Value, bias: Vector | null): Value {
  if (!bias) return x;
  const [values] = context.graph.weights(vectorPlan(`${address}/bias`, bias, context.compute));
  return context.graph.node('Add', address, [x, values!]);
}

function rowwise({ graph }: BlockContext, address: string, x: Value, matrix: Matrix): Value {
  const [integers, scales] = graph.weights(rowPlan(address, matrix));
  const rows = `${address}/rows`;
  const largest = graph.node('ReduceMax', rows, [graph.node('Abs', rows, [x]), graph.integers([-1])]);
  const rowScale = graph.node('Mul', rows, [graph.node('Max', rows, [largest, graph.scalar(1e-30)]), graph.scalar(1 / 127)]);
  const middle = graph.bytes([128]);
  const rowScales = graph.reshape(rows, rowScale, [-1]);
  const middles = graph.node('Expand', rows, [middle, graph.node('Shape', rows, [rowScales])]);
  const quantized = graph.node('QuantizeLinear', rows, [x, rowScales, middles], { attributes: { axis: int(x.dims.length - 2) } });
  const product = graph.node('MatMulIntegerToFloat', address, [quantized, integers!, graph.scalar(1), scales!, middle]);
  return graph.node('Mul', address, [product, rowScale]);
}

interface NBits {
  readonly integers: Value;
  readonly scales: Value;
  readonly zeros: Value | null;
  readonly bias: Vector | null;
  readonly rows: number;
  readonly columns: number;
  readonly bits: 4 | 8;
  readonly block: number;
}

function matMulNBits(context: BlockContext, address: string, x: Value, one: NBits): Value {
  const { graph, compute } = context;
  // The CPU kernel adds the bias itself; GPU kernels may refuse it.
  const bias = one.bias && compute === 'float32' ? graph.weights(vectorPlan(`${address}/bias`, one.bias, compute))[0]! : null;
  const product = graph.node('MatMulNBits', address, [x, one.integers, one.scales, one.zeros, null, bias], {
    attributes: { K: int(one.columns), N: int(one.rows), bits: int(one.bits), block_size: int(one.block), accuracy_level: int(compute === 'float32' ? 4 : 0) },
  });
  return bias ? product : withBias(context, address, product, one.bias);
}

/** Packed modules keep their integers. Those that share a column order become one product; others are concatenated after theirs. */
function packedLinear(context: BlockContext, address: string, x: Value, weights: LinearWeights, modules: readonly PackedMatrix[]): Value {
  const { graph, compute } = context;
  const ordered = modules.some((module) => module.hasColumnOrder);
  const groups = ordered ? modules.map((module, i) => ({ modules: [module], biases: [weights.biases[i] ?? null], at: modules.length > 1 ? `${address}/part.${i}` : address })) : [{ modules, biases: weights.biases, at: address }];
  const products = groups.map(({ modules: parts, biases, at }) => {
    const [first] = parts;
    const columns = first!.columns;
    const symmetric = parts.every((part) => part.symmetric);
    const [integers, scales, zeroPoints] = graph.weights(packedPlan(at, parts, symmetric, compute));
    const source = first!.hasColumnOrder ? graph.node('Gather', at, [x, graph.weights(columnOrderPlan(at, first!))[0]!], { attributes: { axis: int(-1) } }) : x;
    return matMulNBits(context, at, source, {
      integers: integers!, scales: scales!, zeros: zeroPoints ?? null, bias: joinedBias({ modules: parts, biases }, at),
      rows: parts.reduce((sum, part) => sum + part.rows, 0), columns, bits: first!.bits, block: first!.groupSize,
    });
  });
  return products.length === 1 ? products[0]! : graph.node('Concat', address, products, { attributes: { axis: int(-1) } });
}
