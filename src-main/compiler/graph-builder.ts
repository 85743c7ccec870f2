// Builds a graph node by node. A node's name is its address, constants are named by type and value and exist once. Every node is checked
// against the table of legal forms as it is added, so that a mistake shows where it was made. Knows no architecture.
import { createHash } from 'node:crypto';
import { AppError, assert } from '../base/errors.ts';
import type { Attribute, Constant, ConstantFill, ConstantTarget, Dim, Graph, GraphNode, GraphType, Value } from './graph.ts';
import { graphTypeSize } from './graph.ts';
import { produceOutputs } from './node-view.ts';
import { opForms } from './op-forms.ts';

/** A constant's fill before its constants exist. */
export interface WeightPlan {
  readonly parts: readonly { readonly name: string; readonly type: GraphType; readonly dims: readonly number[] }[];
  readonly readBytes: number;
  /** Writes every byte of `constants`, which are the parts in their order. */
  readonly fill: (constants: readonly Constant[], target: ConstantTarget) => Promise<void>;
}

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Output names; '' leaves one out. Default: one output, `<address>/output_0`. */
  readonly outputs?: readonly string[];
  readonly outputCount?: number;
}

export class GraphBuilder {
  private readonly inputs: Value[] = [];
  private readonly outputs: Value[] = [];
  private readonly nodes: GraphNode[] = [];
  private readonly constants = new Map<string, Constant>();
  private readonly fills: ConstantFill[] = [];
  private readonly values = new Map<string, Value>();
  readonly name: string;
  private readonly taps: boolean;
  private readonly weightsAsInputs: boolean;
  /** With `weightsAsInputs`: the inputs that stand for weights, plan by plan. */
  readonly weightInputs: (readonly Value[])[] = [];

  /**
   * With `taps`, every value passed to `tap` becomes an output, for comparison with a reference. With `weightsAsInputs`, what would be
   * filled from the checkpoint is fed to every run.
   */
  constructor(name: string, options: { taps?: boolean; weightsAsInputs?: boolean } = {}) {
    this.name = name;
    this.taps = options.taps ?? false;
    this.weightsAsInputs = options.weightsAsInputs ?? false;
  }

  private define<V extends Value>(value: V): V {
    assert(!this.values.has(value.name), `${value.name} is defined once`);
    this.values.set(value.name, value);
    return value;
  }

  input(name: string, type: GraphType, dims: readonly Dim[]): Value {
    const value = this.define({ name, type, dims });
    this.inputs.push(value);
    return value;
  }

  /** Declares that `value` (under its own name) leaves the graph. */
  output(value: Value, dims: readonly Dim[] = value.dims): void {
    this.outputs.push({ ...value, dims });
  }

  /** A value that a reference also records. Costs nothing unless the builder was made with `taps`. */
  tap(label: string, value: Value): void {
    if (!this.taps) return;
    const address = `/taps/${label}`;
    const shape = this.integers(value.dims.map(() => 0));
    this.output(this.node('Reshape', address, [value, shape], { outputs: [`tap.${label}`] }), value.dims);
  }

  /** Adds a node and returns its outputs. @throws graph-invalid */
  nodeWithOutputs(op: string, address: string, inputs: readonly (Value | null)[], options: NodeOptions = {}): Value[] {
    const form = Object.hasOwn(opForms, op) ? opForms[op] : undefined;
    if (!form) throw new AppError('graph-invalid', { node: address, op, reason: 'no such operator in the table of legal forms' });
    const name = `${address}/${op}`;
    const outputs = options.outputs ?? Array.from({ length: options.outputCount ?? 1 }, (_, i) => `${name}/output_${i}`);
    const names = inputs.map((input) => input?.name ?? '');
    while (names.at(-1) === '') names.pop();
    const node: GraphNode = { name, op, domain: form.domain, inputs: names, outputs, attributes: options.attributes ?? {} };
    const produced = produceOutputs(node, this.values, this.constants);
    this.nodes.push(node);
    return outputs.map((output, i) => (output ? this.define({ name: output, ...produced[i]! }) : { name: '', type: 'float32', dims: [] }));
  }

  /** `x` cut along its last axis. */
  split(address: string, x: Value, lengths: readonly number[]): Value[] {
    return this.nodeWithOutputs('Split', address, [x, this.integers(lengths)], { attributes: { axis: int(-1) }, outputCount: lengths.length });
  }

  /** A number 0 in `shape` keeps that axis, one -1 takes the rest. */
  reshape(address: string, x: Value, shape: readonly number[]): Value {
    return this.node('Reshape', address, [x, this.integers(shape)]);
  }

  /** Adds a node with one output. @throws graph-invalid */
  node(op: string, address: string, inputs: readonly (Value | null)[], options: NodeOptions = {}): Value {
    return this.nodeWithOutputs(op, address, inputs, options)[0]!;
  }

  private constant(type: GraphType, dims: readonly number[], bytes: Uint8Array, label: string): Value {
    const name = `/constants/${type}/${label}`;
    const existing = this.constants.get(name);
    if (existing) return existing;
    const constant = this.define({ name, type, dims, byteLength: bytes.byteLength, data: bytes });
    this.constants.set(name, constant);
    return constant;
  }

  /** An int64 vector, such as a shape or an axis. */
  integers(numbers: readonly number[]): Value {
    return this.constant('int64', [numbers.length], new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer), `[${numbers.join(',')}]`);
  }

  /** A uint8 vector, such as zero points. */
  bytes(numbers: readonly number[]): Value {
    return this.constant('uint8', [numbers.length], Uint8Array.from(numbers), `[${numbers.join(',')}]`);
  }

  /** A vector or larger tensor computed here, named by the hash of its values. */
  floats(dims: readonly number[], data: Float32Array): Value {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
    return this.constant('float32', dims, bytes, `${dims.join('x')}/${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`);
  }

  scalar(value: number): Value {
    return this.constant('float32', [], new Uint8Array(Float32Array.of(value).buffer), String(value));
  }

  /** Constants that are filled from the checkpoint when the graph is written; the same names give the same constants. */
  weights(plan: WeightPlan): Value[] {
    if (this.weightsAsInputs) {
      const fed = plan.parts.map(({ name, type, dims }) => this.input(name, type, dims));
      this.weightInputs.push(fed);
      return fed;
    }
    const known = plan.parts.map((part) => this.constants.get(part.name));
    if (known.every((one) => one !== undefined)) return known;
    const made = plan.parts.map((part): Constant => {
      const byteLength = part.dims.reduce((product, dim) => product * dim, graphTypeSize[part.type]);
      const constant = this.define({ ...part, byteLength, data: null });
      this.constants.set(part.name, constant);
      return constant;
    });
    this.fills.push({ constants: made, readBytes: plan.readBytes, fill: (target) => plan.fill(made, target) });
    return made;
  }

  finish(): Graph {
    return { name: this.name, inputs: this.inputs, outputs: this.outputs, nodes: this.nodes, constants: this.constants, fills: this.fills, values: this.values };
  }
}

export const int = (value: number): Attribute => ({ kind: 'int', value });
export const float = (value: number): Attribute => ({ kind: 'float', value });
export const text = (value: string): Attribute => ({ kind: 'string', value });
