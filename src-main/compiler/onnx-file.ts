// Encodes a graph as ONNX and streams its constants into one data file beside it. Places are settled before any weight is read, offsets
// are multiples of 4096 (so that they can be mapped) and may exceed 2^31.
// @source https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (field numbers)
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { assert, fileError, systemCode } from '../base/errors.ts';
import { type Job, throwIfCancelled } from '../base/job.ts';
import type { Attribute, Constant, ConstantTarget, Graph, GraphType, Value } from './graph.ts';
import { ProtobufWriter } from './protobuf.ts';
import type { TaskRunner } from './weight-threads.ts';

export const typeNumber: Readonly<Record<GraphType, number>> = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10, bfloat16: 16 };
const alignment = 4096;
/** Constants up to this size lie in the graph file itself; ONNX Runtime wants small shapes and axes there. */
const inlineLimit = 1024;
const irVersion = 10;
/** ai.onnx operator set. */
const opset = 21;

export interface Placement {
  readonly offset: number;
  readonly byteLength: number;
}

/** Where each constant goes in the data file, and the file's length. */
export interface DataLayout {
  readonly places: ReadonlyMap<string, Placement>;
  readonly byteLength: number;
}

/** Lays the large constants out one after the other, in the graph's order. */
export function layOutConstants(graph: Graph): DataLayout {
  const places = new Map<string, Placement>();
  let end = 0;
  for (const constant of graph.constants.values()) {
    if (constant.data && constant.byteLength <= inlineLimit) continue;
    const offset = Math.ceil(end / alignment) * alignment;
    places.set(constant.name, { offset, byteLength: constant.byteLength });
    end = offset + constant.byteLength;
  }
  return { places, byteLength: end };
}

function encodeValue(writer: ProtobufWriter, value: Value): void {
  writer.text(1, value.name).message(2, (type) => type.message(1, (tensor) => {
    tensor.int(1, typeNumber[value.type]).message(2, (shape) => {
      for (const dim of value.dims) shape.message(1, (one) => (typeof dim === 'number' ? one.int(1, dim) : one.text(2, dim)));
    });
  }));
}

function encodeAttribute(writer: ProtobufWriter, name: string, attribute: Attribute): void {
  writer.text(1, name);
  if (attribute.kind === 'float') writer.float(2, attribute.value).int(20, 1);
  else if (attribute.kind === 'int') writer.int(3, attribute.value).int(20, 2);
  else if (attribute.kind === 'string') writer.text(4, attribute.value).int(20, 3);
  else {
    for (const one of attribute.value) writer.int(8, one);
    writer.int(20, 7);
  }
}

function encodeConstant(writer: ProtobufWriter, constant: Constant, place: Placement | undefined, dataFile: string): void {
  for (const dim of constant.dims) writer.int(1, dim);
  writer.int(2, typeNumber[constant.type]).text(8, constant.name);
  if (!place) {
    assert(constant.data, `${constant.name} is small and has its data`);
    writer.raw(9, constant.data);
    return;
  }
  const entry = (key: string, value: string): unknown => writer.message(13, (pair) => pair.text(1, key).text(2, value));
  entry('location', dataFile);
  entry('offset', String(place.offset));
  entry('length', String(place.byteLength));
  writer.int(14, 1);
}

/** The graph as the bytes of an `.onnx` file whose large constants lie in `dataFile` (a name beside it). */
export function encodeOnnx(graph: Graph, layout: DataLayout, dataFile: string): Uint8Array {
  const model = new ProtobufWriter();
  model.int(1, irVersion).text(2, 'lectern').message(7, (body) => {
    for (const node of graph.nodes) {
      body.message(1, (one) => {
        for (const input of node.inputs) one.text(1, input);
        for (const output of node.outputs) one.text(2, output);
        one.text(3, node.name).text(4, node.op);
        for (const [name, attribute] of Object.entries(node.attributes)) one.message(5, (inner) => encodeAttribute(inner, name, attribute));
        if (node.domain) one.text(7, node.domain);
      });
    }
    body.text(2, graph.name);
    for (const constant of graph.constants.values()) body.message(5, (one) => encodeConstant(one, constant, layout.places.get(constant.name), dataFile));
    for (const value of graph.inputs) body.message(11, (one) => encodeValue(one, value));
    for (const value of graph.outputs) body.message(12, (one) => encodeValue(one, value));
  });
  model.message(8, (one) => one.text(1, '').int(2, opset)).message(8, (one) => one.text(1, 'com.microsoft').int(2, 1));
  return model.finish();
}

async function writeAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.byteLength) done += (await handle.write(bytes, done, bytes.byteLength - done, position + done)).bytesWritten;
}

/** Fills under way at once: the pieces of the next matrix follow those of one without a pause. */
const fillsAtOnce = 2;

/**
 * Writes `<path>` and, when there are large constants, `<path>.data`, each fill with bounded memory.
 * @throws disk-full, write-failed, job-cancelled, what the runner throws, and what reading the checkpoint throws
 */
export async function writeOnnx(job: Job, graph: Graph, path: string, runner: TaskRunner): Promise<void> {
  const layout = layOutConstants(graph);
  const dataPath = `${path}.data`;
  try {
    await writeFile(path, encodeOnnx(graph, layout, basename(dataPath)));
    if (layout.byteLength === 0) return;
    const handle = await open(dataPath, 'w');
    try {
      await handle.truncate(layout.byteLength);
      for (const constant of graph.constants.values()) {
        const place = layout.places.get(constant.name);
        if (place && constant.data) await writeAt(handle, constant.data, place.offset);
      }
      const total = graph.fills.reduce((sum, fill) => sum + fill.readBytes, 0) || 1;
      let done = 0;
      const placeOf = (constant: Constant, offset: number): number => {
        const place = layout.places.get(constant.name);
        assert(place && offset < place.byteLength, `${constant.name} is written inside its place`);
        return place.offset + offset;
      };
      // Threads let go of memory late, so the same is lent again and again. Untouched memory costs nothing.
      const memories: SharedArrayBuffer[] = [];
      const largest = Math.max(...graph.fills.map((fill) => fill.constants.reduce((sum, constant) => sum + constant.byteLength, 8)));
      const target: ConstantTarget = {
        write: (constant, offset, bytes) => writeAt(handle, bytes, placeOf(constant, offset)),
        placeOf: (constant, offset) => ({ file: dataPath, position: placeOf(constant, offset) }),
        run: async (task) => void (await runner.run(task)),
        borrow: () => memories.pop() ?? new SharedArrayBuffer(largest),
        giveBack: (memory) => void memories.push(memory),
        progress: (bytes, label) => job.progress('compiling', Math.min(1, (done += bytes) / total), label),
      };
      const waiting = graph.fills.values();
      let failed = false;
      const lane = async (): Promise<void> => {
        for (const fill of waiting) {
          throwIfCancelled(job);
          if (failed) return;
          await fill.fill(target).catch((error: unknown) => {
            failed = true;
            throw error;
          });
        }
      };
      // all of them have stopped before the file is closed
      const ends = await Promise.allSettled(Array.from({ length: fillsAtOnce }, lane));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw systemCode(error) ? fileError(error, path, 'write-failed') : error;
  }
}
