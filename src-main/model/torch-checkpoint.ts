// Reads a PyTorch `.bin` shard (a stored zip with one pickle) into a list of stored tensors. Executes nothing from the file.
import { AppError } from '../base/errors.ts';
import { type ElementType, elementCount, elementSize } from './element-type.ts';
import { type PickleValue, type PickledTensor, readPickle } from './pickle.ts';
import type { FilePool, StoredTensor } from './stored-tensor.ts';
import { readZipDirectory } from './zip-directory.ts';

const storageTypes: Readonly<Record<string, ElementType>> = {
  'torch.DoubleStorage': 'f64', 'torch.FloatStorage': 'f32', 'torch.HalfStorage': 'f16', 'torch.BFloat16Storage': 'bf16', 'torch.LongStorage': 'i64',
  'torch.IntStorage': 'i32', 'torch.ShortStorage': 'i16', 'torch.CharStorage': 'i8', 'torch.ByteStorage': 'u8', 'torch.BoolStorage': 'bool',
};
const maxPickleBytes = 64 << 20;

function isTensor(value: PickleValue): value is PickledTensor {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'tensor';
}

function isRowMajor(tensor: PickledTensor): boolean {
  let expected = 1;
  for (let axis = tensor.dims.length - 1; axis >= 0; axis--) {
    if (tensor.dims[axis]! > 1 && tensor.strides[axis] !== expected) return false;
    expected *= tensor.dims[axis]!;
  }
  return true;
}

/**
 * The tensors of one shard.
 * @throws checkpoint-unsafe when the pickle wants anything but tensors, checkpoint-damaged, checkpoint-unsupported
 */
export async function readTorchCheckpoint(files: FilePool, file: string): Promise<StoredTensor[]> {
  const damaged = (reason: string): AppError => new AppError('checkpoint-damaged', { file, reason });
  const start = await files.read(file, 0, Math.min(4, await files.size(file)));
  if (start[0] === 0x80) throw new AppError('checkpoint-unsupported', { file, reason: 'written by PyTorch before 1.6; save it again with a newer one' });
  const entries = await readZipDirectory(files, file);
  const program = entries.find((entry) => /(^|\/)data\.pkl$/.test(entry.name));
  if (!program) throw damaged('no data.pkl in the archive');
  if (program.byteLength > maxPickleBytes) throw damaged('data.pkl is absurdly large');
  const folder = program.name.slice(0, -'data.pkl'.length);
  const order = entries.find((entry) => entry.name === `${folder}byteorder`);
  if (order && new TextDecoder().decode(await files.read(file, order.offset, Math.min(order.byteLength, 16))) !== 'little') {
    throw new AppError('checkpoint-unsupported', { file, reason: 'its numbers are big-endian' });
  }
  const storages = new Map(entries.map((entry) => [entry.name, entry]));
  const root = readPickle(await files.read(file, program.offset, program.byteLength), file);
  if (!(root instanceof Map)) throw damaged('its top is no dictionary');
  const tensors: StoredTensor[] = [];
  for (const [name, value] of root) {
    if (typeof name !== 'string' || !isTensor(value)) continue;
    const type = storageTypes[value.storage.storageType]!;
    const entry = storages.get(`${folder}data/${value.storage.key}`);
    if (!entry) throw damaged(`${name}: its storage is missing`);
    if (!isRowMajor(value)) throw new AppError('checkpoint-unsupported', { file, reason: `${name} is not stored row by row` });
    const byteLength = elementCount(value.dims) * elementSize[type];
    const from = value.offset * elementSize[type];
    if (from + byteLength > entry.byteLength) throw damaged(`${name}: its storage is too small`);
    tensors.push({ name, type, dims: value.dims, file, offset: entry.offset + from, byteLength });
  }
  return tensors;
}
