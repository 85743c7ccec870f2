// Reads and writes ONNX files as far as rewriting a graph needs: nodes, constants, initialisers. Everything else is carried
// over byte by byte. Knows no operators.

/** One field of a protocol buffer message: a number for wire type 0, bytes otherwise. */
interface Field {
  readonly number: number;
  readonly wire: 0 | 1 | 2 | 5;
  readonly value: number;
  readonly bytes: Uint8Array;
}

const none = new Uint8Array(0);
const decoder = new TextDecoder();
const encoder = new TextEncoder();

function readVarint(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0, factor = 1;
  for (;;) {
    const byte = bytes[at++]!;
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at];
    factor *= 128;
  }
}

function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [key, next] = readVarint(bytes, at);
    const number = Math.floor(key / 8), wire = (key % 8) as Field['wire'];
    at = next;
    if (wire === 0) {
      const [value, end] = readVarint(bytes, at);
      // Kept as bytes, too: a negative number needs more digits than a double has.
      fields.push({ number, wire, value, bytes: bytes.subarray(at, end) });
      at = end;
    } else {
      const [length, start] = wire === 2 ? readVarint(bytes, at) : [wire === 1 ? 8 : 4, at];
      fields.push({ number, wire, value: 0, bytes: bytes.subarray(start, start + length) });
      at = start + length;
    }
  }
  return fields;
}

function varint(value: number): Uint8Array {
  const out: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) out.push((value % 128) | 128);
  out.push(value);
  return Uint8Array.from(out);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const numberField = (number: number, value: number): Uint8Array => join([varint(number * 8), varint(value)]);
const bytesField = (number: number, bytes: Uint8Array): Uint8Array => join([varint(number * 8 + 2), varint(bytes.length), bytes]);
const textField = (number: number, text: string): Uint8Array => bytesField(number, encoder.encode(text));
const floatField = (number: number, value: number): Uint8Array => join([varint(number * 8 + 5), new Uint8Array(Float32Array.of(value).buffer)]);
const fieldBytes = (field: Field): Uint8Array => (field.wire === 2 ? bytesField(field.number, field.bytes) : join([varint(field.number * 8 + field.wire), field.bytes]));

/** A constant float tensor. */
export interface Weights {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export type Attribute = number | string | readonly number[];

export interface GraphNode {
  op: string;
  inputs: string[];
  outputs: string[];
  /** Numbers, strings and lists of integers; tensors and other kinds are only carried over. */
  attributes: Map<string, Attribute>;
  /** The node's message as it was read; null for a new node. Attributes are then written as they were. */
  readonly source: Uint8Array | null;
}

export interface OnnxGraph {
  nodes: GraphNode[];
  /** Constant float tensors by name, from initialisers and Constant nodes. New ones may be added. */
  readonly weights: Map<string, Weights>;
  readonly outputs: ReadonlySet<string>;
  write(): Uint8Array;
}

const floatType = 1;

function weightsOf(bytes: Uint8Array): { name: string; weights: Weights | null } {
  const dims: number[] = [];
  const loose: Uint8Array[] = [];
  let type = 0, name = '', raw: Uint8Array | null = null;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) {
      if (field.wire === 0) dims.push(field.value);
      else for (let at = 0; at < field.bytes.length; ) {
        const [value, next] = readVarint(field.bytes, at);
        dims.push(value);
        at = next;
      }
    } else if (field.number === 2) type = field.value;
    else if (field.number === 4) loose.push(field.bytes);
    else if (field.number === 8) name = decoder.decode(field.bytes);
    else if (field.number === 9) raw = field.bytes;
  }
  if (type !== floatType) return { name, weights: null };
  // Copied: four-byte alignment is not given inside a file.
  return { name, weights: { dims, data: new Float32Array(new Uint8Array(raw ?? join(loose)).buffer) } };
}

function nodeOf(bytes: Uint8Array): { node: GraphNode; constant: Weights | null } {
  const node: GraphNode = { op: '', inputs: [], outputs: [], attributes: new Map(), source: bytes };
  let constant: Weights | null = null;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) node.inputs.push(decoder.decode(field.bytes));
    else if (field.number === 2) node.outputs.push(decoder.decode(field.bytes));
    else if (field.number === 4) node.op = decoder.decode(field.bytes);
    else if (field.number === 5) {
      const parts = fieldsOf(field.bytes);
      const name = decoder.decode(parts.find((one) => one.number === 1)?.bytes ?? none);
      const integers: number[] = [];
      for (const part of parts) {
        if (part.number === 2) node.attributes.set(name, new DataView(part.bytes.buffer, part.bytes.byteOffset, 4).getFloat32(0, true));
        else if (part.number === 3) node.attributes.set(name, part.value);
        else if (part.number === 4) node.attributes.set(name, decoder.decode(part.bytes));
        else if (part.number === 5) constant = weightsOf(part.bytes).weights;
        else if (part.number === 8 && part.wire === 0) integers.push(part.value);
        else if (part.number === 8) for (let at = 0; at < part.bytes.length; ) {
          const [value, next] = readVarint(part.bytes, at);
          integers.push(value);
          at = next;
        }
      }
      if (integers.length) node.attributes.set(name, integers);
    }
  }
  return { node, constant: node.op === 'Constant' ? constant : null };
}

function attributeBytes(name: string, value: Attribute): Uint8Array {
  // AttributeProto.type: 1 float, 2 int, 3 string, 7 ints. Integers in new nodes are never fractions, floats always are.
  if (typeof value === 'string') return join([textField(1, name), textField(4, value), numberField(20, 3)]);
  if (typeof value !== 'number') return join([textField(1, name), ...value.map((one) => numberField(8, one)), numberField(20, 7)]);
  return Number.isInteger(value) ? join([textField(1, name), numberField(3, value), numberField(20, 2)]) : join([textField(1, name), floatField(2, value), numberField(20, 1)]);
}

function nodeBytes(node: GraphNode): Uint8Array {
  const names = [...node.inputs.map((name) => textField(1, name)), ...node.outputs.map((name) => textField(2, name))];
  if (node.source === null) return join([...names, textField(4, node.op), ...[...node.attributes].map(([name, value]) => bytesField(5, attributeBytes(name, value)))]);
  return join([...names, ...fieldsOf(node.source).filter((field) => field.number > 2).map(fieldBytes)]);
}

function tensorBytes(name: string, { dims, data }: Weights): Uint8Array {
  return join([...dims.map((dim) => numberField(1, dim)), numberField(2, floatType), textField(8, name), bytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))]);
}

/** A node to add. */
export function newNode(op: string, inputs: string[], outputs: string[], attributes: Readonly<Record<string, Attribute>> = {}): GraphNode {
  return { op, inputs, outputs, attributes: new Map(Object.entries(attributes)), source: null };
}

/**
 * Reads a model of one graph without functions.
 * @source onnx.proto3: ModelProto 7 graph; GraphProto 1 node, 5 initializer, 12 output; NodeProto; AttributeProto; TensorProto
 */
export function readOnnx(bytes: Uint8Array): OnnxGraph {
  const model = fieldsOf(bytes);
  const graphField = model.find((field) => field.number === 7);
  const graphFields = fieldsOf(graphField?.bytes ?? none);
  const weights = new Map<string, Weights>();
  const nodes: GraphNode[] = [];
  for (const field of graphFields) {
    if (field.number === 1) {
      const { node, constant } = nodeOf(field.bytes);
      nodes.push(node);
      if (constant) weights.set(node.outputs[0]!, constant);
    } else if (field.number === 5) {
      const { name, weights: found } = weightsOf(field.bytes);
      if (found) weights.set(name, found);
    }
  }
  const known = new Set(weights.keys());
  const outputs = new Set(graphFields.filter((field) => field.number === 12).map((field) => decoder.decode(fieldsOf(field.bytes).find((one) => one.number === 1)?.bytes ?? none)));
  const graph: OnnxGraph = {
    nodes, weights, outputs,
    write() {
      const used = new Set(graph.nodes.flatMap((node) => node.inputs));
      const added = [...graph.weights].filter(([name]) => !known.has(name) && used.has(name)).map(([name, value]) => bytesField(5, tensorBytes(name, value)));
      // Shapes noted for tensors in between (field 13) may no longer be true.
      const rest = graphFields.filter((field) => field.number !== 1 && field.number !== 13).map(fieldBytes);
      const nodes = graph.nodes.filter((node) => node.op !== 'Constant' || node.outputs.some((name) => used.has(name)));
      const body = join([...nodes.map((node) => bytesField(1, nodeBytes(node))), ...rest, ...added]);
      return join(model.map((field) => (field === graphField ? bytesField(7, body) : fieldBytes(field))));
    },
  };
  return graph;
}
