// The table of operators that a graph may use: how many inputs, which attributes, which element types, and what comes out. The builder asks
// it for every node, the graph check asks it again for the finished graph. Knows no architecture.
// @source https://onnx.ai/onnx/operators/ (opset 21), ONNX Runtime docs/ContribOperators.md (com.microsoft 1)
import { AppError } from '../base/errors.ts';
import type { Attribute, Dim, Domain, GraphType, Value } from './graph.ts';

/** An output's type and shape, before it has a name. */
export interface Produced {
  readonly type: GraphType;
  readonly dims: readonly Dim[];
}

/** What a form may look at. Reading a missing input or attribute throws `graph-invalid`. */
export interface NodeView {
  /** The input at `index`, which must be there. */
  input(index: number): Value;
  optional(index: number): Value | null;
  int(name: string, fallback?: number): number;
  ints(name: string): readonly number[];
  text(name: string): string | null;
  /** The numbers of a constant int64 input; null when it is no constant. */
  numbers(index: number): readonly number[] | null;
  readonly inputCount: number;
  readonly outputCount: number;
}

export interface OpForm {
  readonly domain: Domain;
  /** Fewest and most inputs. */
  readonly inputs: readonly [number, number];
  readonly attributes: Readonly<Record<string, Attribute['kind']>>;
  readonly required?: readonly string[];
  /** Types and shapes of the outputs; null for an output nobody may name. Throws `graph-invalid` with a reason. */
  readonly produce: (node: NodeView) => readonly (Produced | null)[];
}

/** States a rule of an operator; the caller adds the node's address. */
function must(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new AppError('graph-invalid', { reason: sentence });
}

const floats: readonly GraphType[] = ['float32', 'float16', 'bfloat16'];
const shown = (dims: readonly Dim[]): string => `[${dims.join(', ')}]`;

/** Two lengths that may be equal at run time. */
function compatible(a: Dim, b: Dim): boolean {
  return a === b || typeof a === 'string' || typeof b === 'string';
}

function broadcast(a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x === 1) return y;
    if (y === 1) return x;
    must(compatible(x, y), `${shown(a)} and ${shown(b)} do not broadcast`);
    return typeof y === 'number' ? y : x;
  });
}

function axisOf(axis: number, rank: number): number {
  const index = axis < 0 ? axis + rank : axis;
  must(index >= 0 && index < rank, `axis ${axis} is outside rank ${rank}`);
  return index;
}

const elementwise: OpForm['produce'] = (node) => {
  const [a, b] = [node.input(0), node.input(1)];
  must(a.type === b.type, `${a.type} and ${b.type} differ`);
  return [{ type: a.type, dims: broadcast(a.dims, b.dims) }];
};

const sameAsInput: OpForm['produce'] = (node) => [{ type: node.input(0).type, dims: node.input(0).dims }];

const floatActivation: OpForm['produce'] = (node) => {
  must(floats.includes(node.input(0).type), `${node.input(0).type} is no floating type`);
  return sameAsInput(node);
};

function last(value: Value): Dim {
  const dim = value.dims.at(-1);
  must(dim !== undefined, `${value.name} has no last axis`);
  return dim;
}

function mustBe(value: Value, type: GraphType, dims: readonly Dim[]): void {
  must(value.type === type, `${value.name} is ${value.type}, not ${type}`);
  must(value.dims.length === dims.length && dims.every((dim, i) => compatible(dim, value.dims[i]!)), `${value.name} is ${shown(value.dims)}, not ${shown(dims)}`);
}

const matMul = (transposed: boolean): OpForm['produce'] => (node) => {
  const [a, b] = [node.input(0), node.input(1)];
  must(a.type === b.type && floats.includes(a.type), `${a.type} times ${b.type}`);
  must(b.dims.length === 2 && a.dims.length >= 2, `${shown(a.dims)} times ${shown(b.dims)}: the right side must be a matrix`);
  const [inner, outer] = transposed ? [b.dims[1]!, b.dims[0]!] : [b.dims[0]!, b.dims[1]!];
  must(compatible(last(a), inner), `${shown(a.dims)} times ${shown(b.dims)}: inner lengths differ`);
  return [{ type: a.type, dims: [...a.dims.slice(0, -1), outer] }];
};

const norm = (biases: number): OpForm['produce'] => (node) => {
  const x = node.input(0);
  must(floats.includes(x.type), `${x.type} is no floating type`);
  for (let i = 1; i <= 1 + biases; i++) mustBe(node.input(i), x.type, [last(x)]);
  return [{ type: x.type, dims: x.dims }];
};

const skipNorm: OpForm['produce'] = (node) => {
  const [x, skip] = [node.input(0), node.input(1)];
  must(floats.includes(x.type), `${x.type} is no floating type`);
  mustBe(skip, x.type, x.dims);
  mustBe(node.input(2), x.type, [last(x)]);
  const out = { type: x.type, dims: x.dims };
  return [out, null, null, out];
};

/** Shape arithmetic of Reshape: 0 copies, one -1 takes the rest when that is a number. */
function reshaped(from: readonly Dim[], target: readonly number[]): Dim[] {
  must(target.filter((one) => one === -1).length <= 1, 'more than one -1 in a shape');
  const dims = target.map((one, i): Dim => {
    if (one !== 0) return one;
    must(from[i] !== undefined, `0 copies axis ${i} of ${shown(from)}`);
    return from[i]!;
  });
  const hole = dims.indexOf(-1);
  const rest = [...from];
  let divisor = 1;
  for (const [i, dim] of dims.entries()) {
    if (i === hole) continue;
    const at = typeof dim === 'string' ? rest.indexOf(dim) : -1;
    if (at >= 0) rest.splice(at, 1);
    else if (typeof dim === 'number') divisor *= dim;
  }
  const numbers = rest.filter((dim): dim is number => typeof dim === 'number').reduce((product, dim) => product * dim, 1);
  const names = rest.filter((dim): dim is string => typeof dim === 'string');
  if (hole >= 0) {
    if (names.length === 0) must(numbers % divisor === 0, `${shown(from)} does not fold into ${shown(target)}`);
    const ratio = numbers / divisor;
    if (names.length === 0) dims[hole] = ratio;
    else dims[hole] = ratio === 1 ? names.join('*') : `${names.join('*')}${ratio > 1 ? `*${ratio}` : `/${1 / ratio}`}`;
  } else if (names.length === 0) must(numbers === divisor, `${shown(from)} does not fold into ${shown(target)}`);
  return dims;
}

export const opForms: Readonly<Record<string, OpForm>> = {
  Add: { domain: '', inputs: [2, 2], attributes: {}, produce: elementwise },
  Sub: { domain: '', inputs: [2, 2], attributes: {}, produce: elementwise },
  Mul: { domain: '', inputs: [2, 2], attributes: {}, produce: elementwise },
  Div: { domain: '', inputs: [2, 2], attributes: {}, produce: elementwise },
  Max: { domain: '', inputs: [2, 2], attributes: {}, produce: elementwise },
  Abs: { domain: '', inputs: [1, 1], attributes: {}, produce: sameAsInput },
  Neg: { domain: '', inputs: [1, 1], attributes: {}, produce: sameAsInput },
  Sigmoid: { domain: '', inputs: [1, 1], attributes: {}, produce: floatActivation },
  Gelu: { domain: '', inputs: [1, 1], attributes: { approximate: 'string' }, produce: floatActivation },
  QuickGelu: { domain: 'com.microsoft', inputs: [1, 1], attributes: { alpha: 'float' }, required: ['alpha'], produce: floatActivation },
  Cast: {
    domain: '', inputs: [1, 1], attributes: { to: 'int' }, required: ['to'],
    produce: (node) => {
      const type = ({ 1: 'float32', 6: 'int32', 7: 'int64', 10: 'float16', 16: 'bfloat16' } as Record<number, GraphType>)[node.int('to')];
      must(type !== undefined, `a cast to type ${node.int('to')}`);
      return [{ type, dims: node.input(0).dims }];
    },
  },
  ReduceMax: {
    domain: '', inputs: [2, 2], attributes: { keepdims: 'int' },
    produce: (node) => {
      const axes = node.numbers(1);
      must(axes?.length === 1 && node.int('keepdims', 1) === 1, 'one constant axis, kept');
      const x = node.input(0);
      const axis = axisOf(axes[0]!, x.dims.length);
      return [{ type: x.type, dims: x.dims.map((dim, i) => (i === axis ? 1 : dim)) }];
    },
  },
  ReduceSum: {
    domain: '', inputs: [2, 2], attributes: { keepdims: 'int' },
    produce: (node) => {
      const axes = node.numbers(1);
      must(axes?.length === 1 && node.int('keepdims', 1) === 0, 'one constant axis, dropped');
      const x = node.input(0);
      const axis = axisOf(axes[0]!, x.dims.length);
      return [{ type: x.type, dims: x.dims.filter((_, i) => i !== axis) }];
    },
  },
  Reshape: {
    domain: '', inputs: [2, 2], attributes: {},
    produce: (node) => {
      const target = node.numbers(1);
      must(target !== null, 'the shape must be a constant');
      return [{ type: node.input(0).type, dims: reshaped(node.input(0).dims, target) }];
    },
  },
  Shape: { domain: '', inputs: [1, 1], attributes: {}, produce: (node) => [{ type: 'int64', dims: [node.input(0).dims.length] }] },
  Expand: {
    domain: '', inputs: [2, 2], attributes: {},
    produce: (node) => {
      const [x, shape] = [node.input(0), node.input(1)];
      must(shape.type === 'int64' && shape.dims.length === 1 && shape.dims[0] === x.dims.length, 'a shape of as many axes');
      return [{ type: x.type, dims: x.dims.map((dim, i) => (dim === 1 ? `expanded ${i}` : dim)) }];
    },
  },
  Unsqueeze: {
    domain: '', inputs: [2, 2], attributes: {},
    produce: (node) => {
      const axes = node.numbers(1);
      must(axes?.length === 1, 'one constant axis');
      const dims = [...node.input(0).dims];
      dims.splice(axisOf(axes[0]!, dims.length + 1), 0, 1);
      return [{ type: node.input(0).type, dims }];
    },
  },
  Transpose: {
    domain: '', inputs: [1, 1], attributes: { perm: 'ints' }, required: ['perm'],
    produce: (node) => {
      const x = node.input(0);
      const order = node.ints('perm');
      must(order.length === x.dims.length && x.dims.every((_, i) => order.includes(i)), `${shown(order)} is no order of ${shown(x.dims)}`);
      return [{ type: x.type, dims: order.map((axis) => x.dims[axis]!) }];
    },
  },
  Split: {
    domain: '', inputs: [2, 2], attributes: { axis: 'int' },
    produce: (node) => {
      const x = node.input(0);
      const parts = node.numbers(1);
      const axis = axisOf(node.int('axis', 0), x.dims.length);
      must(parts !== null && parts.length === node.outputCount, 'as many outputs as parts');
      const length = x.dims[axis]!;
      if (typeof length === 'number') must(parts.reduce((sum, part) => sum + part, 0) === length, `${shown(parts)} does not fill ${length}`);
      return parts.map((part) => ({ type: x.type, dims: x.dims.map((dim, i) => (i === axis ? part : dim)) }));
    },
  },
  Slice: {
    domain: '', inputs: [4, 4], attributes: {},
    produce: (node) => {
      const x = node.input(0);
      const axes = node.numbers(3);
      must(axes?.length === 1 && [1, 2].every((i) => node.input(i).type === 'int64'), 'one constant axis, int64 bounds');
      const axis = axisOf(axes[0]!, x.dims.length);
      return [{ type: x.type, dims: x.dims.map((dim, i) => (i === axis ? 'kept' : dim)) }];
    },
  },
  Gather: {
    domain: '', inputs: [2, 2], attributes: { axis: 'int' },
    produce: (node) => {
      const [x, at] = [node.input(0), node.input(1)];
      must(at.type === 'int64' || at.type === 'int32', `${at.type} is no index`);
      const axis = axisOf(node.int('axis', 0), x.dims.length);
      return [{ type: x.type, dims: [...x.dims.slice(0, axis), ...at.dims, ...x.dims.slice(axis + 1)] }];
    },
  },
  Concat: {
    domain: '', inputs: [2, 16], attributes: { axis: 'int' }, required: ['axis'],
    produce: (node) => {
      const parts = Array.from({ length: node.inputCount }, (_, i) => node.input(i));
      const [first] = parts;
      const axis = axisOf(node.int('axis'), first!.dims.length);
      must(parts.every((part) => part.type === first!.type && part.dims.length === first!.dims.length && part.dims.every((dim, i) => i === axis || compatible(dim, first!.dims[i]!))), 'parts differ beside the axis');
      const lengths = parts.map((part) => part.dims[axis]!);
      const whole = lengths.every((one) => typeof one === 'number') ? lengths.reduce((sum: number, one) => sum + (one as number), 0) : lengths.join('+');
      return [{ type: first!.type, dims: first!.dims.map((dim, i) => (i === axis ? whole : dim)) }];
    },
  },
  MatMul: { domain: '', inputs: [2, 2], attributes: {}, produce: matMul(false) },
  FusedMatMul: { domain: 'com.microsoft', inputs: [2, 2], attributes: { transB: 'int' }, required: ['transB'], produce: matMul(true) },
  LayerNormalization: { domain: '', inputs: [3, 3], attributes: { axis: 'int', epsilon: 'float' }, required: ['epsilon'], produce: norm(1) },
  SimplifiedLayerNormalization: { domain: '', inputs: [2, 2], attributes: { axis: 'int', epsilon: 'float', stash_type: 'int' }, required: ['epsilon'], produce: norm(0) },
  SkipSimplifiedLayerNormalization: { domain: 'com.microsoft', inputs: [3, 3], attributes: { epsilon: 'float' }, required: ['epsilon'], produce: skipNorm },
  MatMulNBits: {
    domain: 'com.microsoft', inputs: [3, 6], attributes: { K: 'int', N: 'int', bits: 'int', block_size: 'int', accuracy_level: 'int' }, required: ['K', 'N', 'bits', 'block_size'],
    produce: (node) => {
      const x = node.input(0);
      const [k, n, bits, block] = [node.int('K'), node.int('N'), node.int('bits'), node.int('block_size')];
      must(bits === 4 || bits === 8, `${bits} bits`);
      must(block >= 16 && (block & (block - 1)) === 0, `a block of ${block}`);
      must(compatible(last(x), k), `${shown(x.dims)} does not end in ${k}`);
      const blocks = Math.ceil(k / block);
      mustBe(node.input(1), 'uint8', [n, blocks, (block * bits) / 8]);
      mustBe(node.input(2), x.type, [n, blocks]);
      const zeros = node.optional(3);
      if (zeros) mustBe(zeros, 'uint8', [n, Math.ceil((blocks * bits) / 8)]);
      const bias = node.optional(5);
      if (bias) mustBe(bias, x.type, [n]);
      return [{ type: x.type, dims: [...x.dims.slice(0, -1), n] }];
    },
  },
  QuantizeLinear: {
    domain: '', inputs: [3, 3], attributes: { axis: 'int' }, required: ['axis'],
    produce: (node) => {
      const [x, scale] = [node.input(0), node.input(1)];
      must(x.type === 'float32', `${x.type} is not rounded`);
      const length = x.dims[axisOf(node.int('axis'), x.dims.length)]!;
      mustBe(scale, 'float32', [length]);
      mustBe(node.input(2), 'uint8', [length]);
      return [{ type: 'uint8', dims: x.dims }];
    },
  },
  MatMulIntegerToFloat: {
    domain: 'com.microsoft', inputs: [5, 5], attributes: {},
    produce: (node) => {
      const [x, weight] = [node.input(0), node.input(1)];
      must(x.type === 'uint8' && weight.type === 'int8' && weight.dims.length === 2, `${x.type} times ${weight.type}`);
      must(compatible(last(x), weight.dims[0]!), `${shown(x.dims)} times ${shown(weight.dims)}: inner lengths differ`);
      mustBe(node.input(2), 'float32', []);
      mustBe(node.input(3), 'float32', [weight.dims[1]!]);
      mustBe(node.input(4), 'uint8', [1]);
      return [{ type: 'float32', dims: [...x.dims.slice(0, -1), weight.dims[1]!] }];
    },
  },
  RotaryEmbedding: {
    domain: 'com.microsoft', inputs: [4, 4], attributes: { num_heads: 'int', interleaved: 'int' }, required: ['num_heads'],
    produce: (node) => {
      const x = node.input(0);
      const width = last(x);
      const head = typeof width === 'number' ? width / node.int('num_heads') : Number.NaN;
      must(x.dims.length === 3 && Number.isInteger(head) && head % 2 === 0, `${shown(x.dims)} is not [batch, rows, heads * even head size]`);
      must(node.input(1).type === 'int64', 'positions are int64');
      for (const table of [node.input(2), node.input(3)]) must(table.type === x.type && table.dims.length === 2 && compatible(last(table), head / 2), `${table.name} is ${shown(table.dims)}, not [rows, ${head / 2}]`);
      return [{ type: x.type, dims: x.dims }];
    },
  },
  GroupQueryAttention: {
    domain: 'com.microsoft', inputs: [7, 7], attributes: { num_heads: 'int', kv_num_heads: 'int', scale: 'float' }, required: ['num_heads', 'kv_num_heads'],
    produce: (node) => {
      const [query, key, value, pastKey, pastValue] = [node.input(0), node.input(1), node.input(2), node.input(3), node.input(4)];
      const [heads, kvHeads] = [node.int('num_heads'), node.int('kv_num_heads')];
      const width = last(query);
      const head = typeof width === 'number' ? width / heads : Number.NaN;
      must(Number.isInteger(head) && head % 8 === 0, `a head size of ${head}; it must be a multiple of 8`);
      must(heads % kvHeads === 0, `${heads} heads on ${kvHeads}`);
      for (const one of [key, value]) must(one.type === query.type && last(one) === kvHeads * head, `${one.name} is ${shown(one.dims)}, not ${kvHeads} heads of ${head}`);
      for (const past of [pastKey, pastValue]) mustBe(past, past.type, [1, kvHeads, 'capacity', head]);
      mustBe(node.input(5), 'int32', [1]);
      mustBe(node.input(6), 'int32', []);
      return [{ type: query.type, dims: query.dims }, { type: pastKey.type, dims: pastKey.dims }, { type: pastValue.type, dims: pastValue.dims }];
    },
  },
  MultiHeadAttention: {
    domain: 'com.microsoft', inputs: [3, 6], attributes: { num_heads: 'int', scale: 'float' }, required: ['num_heads'],
    produce: (node) => {
      const [query, key, value] = [node.input(0), node.input(1), node.input(2)];
      const width = last(query);
      must(query.dims.length === 3 && typeof width === 'number' && width % node.int('num_heads') === 0, `${shown(query.dims)} is not [batch, rows, heads * head size]`);
      must(last(key) === width && last(value) === width, 'query, key and value differ in width');
      must(query.type === key.type && key.type === value.type, 'query, key and value differ in type');
      return [{ type: query.type, dims: query.dims }];
    },
  },
};
