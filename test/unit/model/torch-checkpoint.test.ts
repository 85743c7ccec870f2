// PyTorch shards are programs: only those that build tensors are run, and none of them calls anything.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toFloat32 } from '../../../src-main/model/element-type.ts';
import { FilePool } from '../../../src-main/model/stored-tensor.ts';
import { readTorchCheckpoint } from '../../../src-main/model/torch-checkpoint.ts';
import { pickle, stateDictionary, zipBytes } from '../../helpers/checkpoint-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'lectern-torch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
async function read(bytes: Uint8Array) {
  const file = path.join(folder, `${count++}.bin`);
  writeFileSync(file, bytes);
  const files = new FilePool();
  try {
    const tensors = await readTorchCheckpoint(files, file);
    return await Promise.all(tensors.map(async (tensor) => ({ ...tensor, values: [...toFloat32(await files.readTensor(tensor), tensor.type)] })));
  } finally {
    await files.close();
  }
}

const storage = Buffer.from(Float32Array.from({ length: 12 }, (_, i) => i).buffer);
const archive = (program: Uint8Array, options = {}): Buffer => zipBytes({ 'archive/data.pkl': program, 'archive/byteorder': Buffer.from('little'), 'archive/data/0': storage }, options);

describe('PyTorch shards', () => {
  it.each([['plain', {}], ['zip64', { zip64: true }]])('reads a tensor from a %s archive', async (_kind, options) => {
    const [tensor] = await read(archive(stateDictionary('w', [2, 3], { offset: 4 }), options));
    expect(tensor).toMatchObject({ name: 'w', type: 'f32', dims: [2, 3], values: [4, 5, 6, 7, 8, 9] });
  });

  it('drops what is no tensor, and the metadata that state dictionaries carry', async () => {
    const program = Buffer.concat([stateDictionary('w', [2]).subarray(0, -1), pickle.dictionary, pickle.build, pickle.text('epoch'), pickle.int(3), pickle.setItem, pickle.stop]);
    expect((await read(archive(program))).map((tensor) => tensor.name)).toEqual(['w']);
  });

  it.each([
    ['os.system', Buffer.concat([pickle.global('os', 'system'), pickle.mark, pickle.text('touch /tmp/owned'), pickle.tuple, pickle.reduce, pickle.stop])],
    ['posix.system', Buffer.concat([pickle.global('posix', 'system'), pickle.stop])],
    ['builtins.eval', Buffer.concat([pickle.text('builtins'), pickle.text('eval'), Buffer.from([0x93]), pickle.stop])],
    ['torch.load', Buffer.concat([pickle.global('torch', 'load'), pickle.stop])],
    ['a name that only starts well', Buffer.concat([pickle.global('torch', 'FloatStorageX'), pickle.stop])],
    ['NEWOBJ', Buffer.concat([pickle.global('collections', 'OrderedDict'), pickle.emptyTuple, Buffer.from([0x81]), pickle.stop])],
    ['INST', Buffer.from('(ios\nsystem\n.')],
    ['EXT1', Buffer.from([0x82, 1, 0x2e])],
    ['calling a storage', Buffer.concat([pickle.global('torch', 'FloatStorage'), pickle.emptyTuple, pickle.reduce, pickle.stop])],
    ['state for a tensor', Buffer.concat([stateDictionary('w', [2]).subarray(0, -2), pickle.dictionary, pickle.build, pickle.stop])],
  ])('refuses %s', async (_what, program) => {
    await expect(read(archive(program))).rejects.toMatchObject({ code: 'checkpoint-unsafe' });
  });

  it.each([
    ['a program that ends early', archive(stateDictionary('w', [2]).subarray(0, 40))],
    ['a program of nothing', archive(Buffer.alloc(0))],
    ['a storage that is too small', archive(stateDictionary('w', [100]))],
    ['an offset beyond the storage', archive(stateDictionary('w', [2], { offset: 11 }))],
    ['a storage that is not there', archive(stateDictionary('w', [2], { key: '../../etc/passwd' }))],
    ['no archive', Buffer.from('not a zip file at all, only text that is long enough')],
    ['an archive cut off', archive(stateDictionary('w', [2])).subarray(0, -30)],
    ['no program', zipBytes({ 'archive/data/0': storage })],
    ['a number at its top', archive(Buffer.concat([pickle.int(7), pickle.stop]))],
  ])('names %s', async (_what, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'checkpoint-damaged' });
  });

  it.each([
    ['compressed entries', archive(stateDictionary('w', [2]), { method: 8 })],
    ['a transposed tensor', archive(stateDictionary('w', [3, 4], { strides: [1, 3] }))],
    ['the format before zip', Buffer.from([0x80, 2, 0x8a, 10])],
    ['big-endian numbers', zipBytes({ 'archive/data.pkl': stateDictionary('w', [2]), 'archive/byteorder': Buffer.from('big'), 'archive/data/0': storage })],
  ])('says that %s are not supported', async (_what, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'checkpoint-unsupported' });
  });
});
