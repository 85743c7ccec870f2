// A computation graph as plain data: values, constants, nodes. Knows neither how it is built, checked nor encoded.
import type { FilePlace, WeightTask } from './weight-task.ts';

export type GraphType = 'float32' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'uint8' | 'int8' | 'bool';

export const graphTypeSize: Readonly<Record<GraphType, number>> = { float32: 4, float16: 2, bfloat16: 2, int64: 8, int32: 4, uint8: 1, int8: 1, bool: 1 };

/** A number, or the name of a length that only a run knows (`sequence`, `past`, `patches`). */
export type Dim = number | string;

export interface Value {
  readonly name: string;
  readonly type: GraphType;
  readonly dims: readonly Dim[];
}

/** Where the bytes of constants go while their graph is written. */
export interface ConstantTarget {
  /** Writes `bytes` at `offset` within the constant's own data. */
  write(constant: Constant, offset: number, bytes: Uint8Array): Promise<void>;
  /** The place in the data file of byte `offset` of the constant, for a task that writes there itself. */
  placeOf(constant: Constant, offset: number): FilePlace;
  /** Has a task done, in whatever thread is free. */
  run(task: WeightTask): Promise<void>;
  /** Shared memory for all constants of any fill of the graph, in which the pieces of one meet. To be given back. */
  borrow(): SharedArrayBuffer;
  giveBack(memory: SharedArrayBuffer): void;
  /** So many bytes of the checkpoint are done with. */
  progress(readBytes: number, label: string): void;
}

/**
 * Produces the bytes of one or more constants in one pass over the checkpoint (a quantised weight and its scales, say). Works
 * by bounded pieces and must write every byte of its constants.
 */
export interface ConstantFill {
  readonly constants: readonly Constant[];
  /** Bytes that it will read, for progress. */
  readonly readBytes: number;
  fill(target: ConstantTarget): Promise<void>;
}

export interface Constant extends Value {
  readonly dims: readonly number[];
  readonly byteLength: number;
  /** The data, when small or computed here; null when a `ConstantFill` of the graph writes it. */
  readonly data: Uint8Array | null;
}

export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] };

export type Domain = '' | 'com.microsoft';

export interface GraphNode {
  /** An address such as `/text/layers.0/attn/qkv/MatMul`. */
  readonly name: string;
  readonly op: string;
  readonly domain: Domain;
  /** Value names; an absent optional input is ''. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** In an order in which they can run. */
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<string, Constant>;
  readonly fills: readonly ConstantFill[];
  /** Type and shape of everything that has a name. */
  readonly values: ReadonlyMap<string, Value>;
}

/** One line per node, input and output: what a refactoring must not change. Constants appear by name, type and shape. */
export function describeGraph(graph: Graph): string {
  const shape = (value: Value): string => `${value.name}: ${value.type}[${value.dims.join(',')}]`;
  const named = (names: readonly string[]): string => names.map((name) => (graph.constants.has(name) ? shape(graph.constants.get(name)!) : name || '-')).join(' | ');
  return [
    ...graph.inputs.map((value) => `input ${shape(value)}`),
    ...graph.nodes.map((node) => {
      const attributes = Object.entries(node.attributes).map(([key, one]) => `${key}=${Array.isArray(one.value) ? `[${one.value.join(',')}]` : String(one.value)}`);
      return `${node.name} = ${node.domain ? 'ms.' : ''}${node.op}(${named(node.inputs)})${attributes.length ? ` {${attributes.join(' ')}}` : ''} -> ${node.outputs.join(' | ')}`;
    }),
    ...graph.outputs.map((value) => `output ${shape(value)}`),
  ].join('\n');
}
