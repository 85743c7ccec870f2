// Reads the header of a safetensors file into a list of stored tensors. A header is input from strangers: every number in it is checked.
// @source https://huggingface.co/docs/safetensors (format: u64 header length, JSON header, data)
import { AppError } from '../base/errors.ts';
import { type ElementType, elementCount, elementSize } from './element-type.ts';
import type { FilePool, StoredTensor } from './stored-tensor.ts';

const types: Readonly<Record<string, ElementType>> = {
  F64: 'f64', F32: 'f32', F16: 'f16', BF16: 'bf16', I64: 'i64', I32: 'i32', I16: 'i16', I8: 'i8', U8: 'u8', BOOL: 'bool',
};

/** The format's own limit for a header. */
const maxHeaderBytes = 100_000_000;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/**
 * The tensors of one safetensors file, in the order of their data.
 * @throws checkpoint-damaged when the header lies about the file, checkpoint-unsupported for an element type we cannot read
 */
export async function readSafetensorsHeader(files: FilePool, file: string): Promise<StoredTensor[]> {
  const damaged = (reason: string): AppError => new AppError('checkpoint-damaged', { file, reason });
  const size = await files.size(file);
  if (size < 8) throw damaged('too short for a header');
  const prefix = await files.read(file, 0, 8);
  const headerLength = Number(new DataView(prefix.buffer).getBigUint64(0, true));
  if (headerLength > maxHeaderBytes || headerLength > size - 8) throw damaged('the header length exceeds the file');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await files.read(file, 8, headerLength)));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw damaged('the header is not JSON');
  }
  if (!isObject(header)) throw damaged('the header is not an object');
  const start = 8 + headerLength;
  const tensors: StoredTensor[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    if (!isObject(entry) || typeof entry['dtype'] !== 'string') throw damaged(`${name}: no element type`);
    const type = Object.hasOwn(types, entry['dtype']) ? types[entry['dtype']] : undefined;
    if (!type) throw new AppError('checkpoint-unsupported', { file, reason: `${name} has element type ${entry['dtype']}` });
    const dims = entry['shape'];
    const range = entry['data_offsets'];
    if (!Array.isArray(dims) || !dims.every(isCount)) throw damaged(`${name}: bad shape`);
    if (!Array.isArray(range) || range.length !== 2 || !range.every(isCount)) throw damaged(`${name}: bad data range`);
    const [begin, end] = range as [number, number];
    if (end < begin || start + end > size) throw damaged(`${name}: its data lies outside the file`);
    if (elementCount(dims) * elementSize[type] !== end - begin) throw damaged(`${name}: its shape does not fit its data`);
    tensors.push({ name, type, dims, file, offset: start + begin, byteLength: end - begin });
  }
  tensors.sort((a, b) => a.offset - b.offset);
  for (let i = 1; i < tensors.length; i++) {
    const [before, after] = [tensors[i - 1]!, tensors[i]!];
    if (before.offset + before.byteLength > after.offset) throw damaged(`${before.name} and ${after.name} overlap`);
  }
  return tensors;
}
