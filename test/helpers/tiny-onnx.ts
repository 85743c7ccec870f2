// Writes small ONNX models by hand for tests of the session door, independent of the compiler that is tested elsewhere.
// Knows only what those tests need of the format.

type Field = number[];

function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}

const number = (field: number, value: number | bigint): Field => [...varint(field << 3), ...varint(value)];
const bytes = (field: number, value: Iterable<number>): Field => {
  const list = [...value];
  return [...varint((field << 3) | 2), ...varint(list.length), ...list];
};
const text = (field: number, value: string): Field => bytes(field, Buffer.from(value, 'utf8'));
const message = (field: number, ...parts: Field[]): Field => bytes(field, parts.flat());

export const onnxType = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 } as const;
export type OnnxType = keyof typeof onnxType;

export interface TinyNode {
  op: string;
  inputs: string[];
  outputs: string[];
  domain?: string;
  ints?: Record<string, number>;
}

export interface TinyValue {
  name: string;
  type: OnnxType;
  /** A string is a free dimension. */
  dims: (number | string)[];
}

export interface TinyModel {
  nodes: TinyNode[];
  inputs: TinyValue[];
  outputs: TinyValue[];
  initializers?: { name: string; type: OnnxType; dims: number[]; data: NodeJS.ArrayBufferView }[];
}

/** The bytes of an ONNX model (opset 21). */
export function tinyOnnx(model: TinyModel): Uint8Array {
  const valueInfo = (field: number, value: TinyValue): Field =>
    message(
      field,
      text(1, value.name),
      message(2, message(1, number(1, onnxType[value.type]), message(2, ...value.dims.map((dim) => message(1, typeof dim === 'string' ? text(2, dim) : number(1, dim)))))),
    );
  const node = (one: TinyNode): Field =>
    message(
      1,
      ...one.inputs.map((name) => text(1, name)),
      ...one.outputs.map((name) => text(2, name)),
      text(4, one.op),
      ...Object.entries(one.ints ?? {}).map(([name, value]) => message(5, text(1, name), number(3, value), number(20, 2))),
      ...(one.domain ? [text(7, one.domain)] : []),
    );
  const graph = [
    ...model.nodes.map(node),
    text(2, 'tiny'),
    ...(model.initializers ?? []).map((one) =>
      message(
        5,
        ...one.dims.map((dim) => number(1, dim)),
        number(2, onnxType[one.type]),
        text(8, one.name),
        bytes(9, new Uint8Array(one.data.buffer, one.data.byteOffset, one.data.byteLength)),
      ),
    ),
    ...model.inputs.map((value) => valueInfo(11, value)),
    ...model.outputs.map((value) => valueInfo(12, value)),
  ];
  return Uint8Array.from([number(1, 10), message(7, ...graph), message(8, text(1, ''), number(2, 21)), message(8, text(1, 'com.microsoft'), number(2, 1))].flat());
}

/** y = x + x, any shape of `rank` free dimensions. */
export function doubling(type: OnnxType = 'float32', rank = 1): Uint8Array {
  const dims = Array.from({ length: rank }, (_, at) => `d${at}`);
  return tinyOnnx({ nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }], inputs: [{ name: 'x', type, dims }], outputs: [{ name: 'y', type, dims }] });
}

/** `count` chained multiplications of two n×n matrices: work that takes a while, in many nodes. */
export function longWork(count: number): Uint8Array {
  const nodes = Array.from({ length: count }, (_, at) => ({ op: 'MatMul', inputs: [at === 0 ? 'x' : `t${at - 1}`, 'x'], outputs: [at === count - 1 ? 'y' : `t${at}`] }));
  return tinyOnnx({ nodes, inputs: [{ name: 'x', type: 'float32', dims: ['n', 'n'] }], outputs: [{ name: 'y', type: 'float32', dims: ['n', 'n'] }] });
}

/** The graph that providers.ts carries as bytes. */
export function attentionProbeModel(): Uint8Array {
  const head = 32;
  const rows = (name: string, width: number): TinyValue => ({ name, type: 'float32', dims: [1, 'rows', width] });
  const cache = (name: string): TinyValue => ({ name, type: 'float32', dims: [1, 1, 'capacity', head] });
  return tinyOnnx({
    nodes: [{ op: 'GroupQueryAttention', domain: 'com.microsoft', inputs: ['q', 'k', 'v', 'past_key', 'past_value', 'seqlens_k', 'total'], outputs: ['y', 'present_key', 'present_value'], ints: { num_heads: 2, kv_num_heads: 1 } }],
    inputs: [rows('q', 2 * head), rows('k', head), rows('v', head), cache('past_key'), cache('past_value'), { name: 'seqlens_k', type: 'int32', dims: [1] }, { name: 'total', type: 'int32', dims: [] }],
    outputs: [rows('y', 2 * head), cache('present_key'), cache('present_value')],
  });
}
