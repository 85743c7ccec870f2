// What an ONNX file says about itself: names, types and shapes of its inputs and outputs, and which other files its weights lie in. Walks
// over weights without reading them, so that a file of gigabytes costs some thousand small reads. Runs nothing.
// @source https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (field numbers)
import { AppError } from '../base/errors.ts';
import type { FilePool } from './stored-tensor.ts';

/** A dimension is a number, or a name (`''` when it has none) where it is free. */
export interface OnnxValue {
  readonly name: string;
  /** Number of the element type: 1 float32, 7 int64, 9 bool, 10 float16. */
  readonly type: number;
  readonly dims: readonly (number | string)[];
}

export interface OnnxHeader {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Files beside it by the name it gives them, with the bytes that each must have at least. */
  readonly external: ReadonlyMap<string, number>;
}

interface Field {
  readonly number: number;
  /** Value of a number; 0 for bytes. */
  readonly value: number;
  /** Where the bytes lie; empty for a number. */
  readonly start: number;
  readonly end: number;
}

const windowBytes = 1 << 16;
/** A tag and a length or number. */
const headBytes = 20;
/** Descriptions of inputs and the like; weights are not read. */
const smallBytes = 1 << 20;

class OnnxWalker {
  readonly #files: FilePool;
  readonly file: string;
  readonly #size: number;
  #window: Uint8Array = new Uint8Array();
  #windowAt = 0;

  constructor(files: FilePool, file: string, size: number) {
    this.#files = files;
    this.file = file;
    this.#size = size;
  }

  damaged(reason: string): AppError {
    return new AppError('checkpoint-damaged', { file: this.file, reason });
  }

  async #bytes(position: number, length: number): Promise<Uint8Array> {
    const end = Math.min(position + length, this.#size);
    if (position < this.#windowAt || end > this.#windowAt + this.#window.length) {
      this.#window = await this.#files.read(this.file, position, Math.min(Math.max(windowBytes, end - position), this.#size - position));
      this.#windowAt = position;
    }
    return this.#window.subarray(position - this.#windowAt, end - this.#windowAt);
  }

  async *fields(start: number, end: number): AsyncGenerator<Field> {
    for (let position = start; position < end;) {
      const head = await this.#bytes(position, headBytes);
      let at = 0;
      const varint = (): number => {
        let value = 0;
        for (let factor = 1; at < 10 + headBytes; factor *= 128) {
          const byte = head[at++];
          if (byte === undefined) break;
          value += (byte & 127) * factor;
          if (byte < 128) return value;
        }
        throw this.damaged('it is no ONNX file');
      };
      const tag = varint();
      const [number, wire] = [Math.floor(tag / 8), tag % 8];
      const value = wire === 0 || wire === 2 ? varint() : 0;
      const length = wire === 2 ? value : wire === 1 ? 8 : wire === 5 ? 4 : 0;
      if (number === 0 || ![0, 1, 2, 5].includes(wire)) throw this.damaged('it is no ONNX file');
      const from = position + at;
      if (from + length > end) throw this.damaged('the file ends too early');
      yield { number, value: wire === 0 ? value : 0, start: from, end: from + length };
      position = from + length;
    }
  }

  async text({ start, end }: Field): Promise<string> {
    if (end - start > smallBytes) throw this.damaged('a name of a megabyte');
    return new TextDecoder().decode(await this.#bytes(start, end - start));
  }
}

async function readValue(walker: OnnxWalker, field: Field): Promise<OnnxValue> {
  let name = '';
  let type = 0;
  const dims: (number | string)[] = [];
  for await (const one of walker.fields(field.start, field.end)) {
    if (one.number === 1) name = await walker.text(one);
    if (one.number !== 2) continue;
    for await (const kind of walker.fields(one.start, one.end)) {
      if (kind.number !== 1) continue;
      for await (const tensor of walker.fields(kind.start, kind.end)) {
        if (tensor.number === 1) type = tensor.value;
        if (tensor.number !== 2) continue;
        for await (const dim of walker.fields(tensor.start, tensor.end)) {
          let length: number | string = '';
          for await (const part of walker.fields(dim.start, dim.end)) length = part.number === 1 ? part.value : await walker.text(part);
          dims.push(length);
        }
      }
    }
  }
  return { name, type, dims };
}

/** Adds where a weight lies when that is another file. */
async function readExternal(walker: OnnxWalker, field: Field, external: Map<string, number>): Promise<void> {
  const entries = new Map<string, string>();
  for await (const one of walker.fields(field.start, field.end)) {
    if (one.number !== 13) continue;
    let [key, value] = ['', ''];
    for await (const part of walker.fields(one.start, one.end)) {
      if (part.number === 1) key = await walker.text(part);
      else value = await walker.text(part);
    }
    entries.set(key, value);
  }
  const location = entries.get('location');
  if (location === undefined) return;
  const end = Number(entries.get('offset') ?? 0) + Number(entries.get('length') ?? 0);
  external.set(location, Math.max(external.get(location) ?? 0, Number.isFinite(end) ? end : 0));
}

/** @throws checkpoint-damaged for a file that is no ONNX model or ends too early */
export async function readOnnxHeader(files: FilePool, file: string): Promise<OnnxHeader> {
  const size = await files.size(file);
  const walker = new OnnxWalker(files, file, size);
  const [inputs, outputs, external]: [OnnxValue[], OnnxValue[], Map<string, number>] = [[], [], new Map()];
  for await (const part of walker.fields(0, size)) {
    if (part.number !== 7) continue;
    for await (const field of walker.fields(part.start, part.end)) {
      if (field.number === 5) await readExternal(walker, field, external);
      else if (field.number === 11) inputs.push(await readValue(walker, field));
      else if (field.number === 12) outputs.push(await readValue(walker, field));
    }
  }
  if (inputs.length === 0 || outputs.length === 0) throw walker.damaged('it has no graph with inputs and outputs');
  return { inputs, outputs, external };
}
