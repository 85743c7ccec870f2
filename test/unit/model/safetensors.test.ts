// Headers come from strangers: each lie about the file is refused by name, before memory is reserved for it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toFloat32 } from '../../../src-main/model/element-type.ts';
import { readSafetensorsHeader } from '../../../src-main/model/safetensors.ts';
import { FilePool } from '../../../src-main/model/stored-tensor.ts';
import { safetensorsBytes } from '../../helpers/checkpoint-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'lectern-safetensors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
async function read(bytes: Uint8Array) {
  const file = path.join(folder, `${count++}.safetensors`);
  writeFileSync(file, bytes);
  const files = new FilePool();
  try {
    const tensors = await readSafetensorsHeader(files, file);
    return await Promise.all(tensors.map(async (tensor) => ({ ...tensor, values: [...toFloat32(await files.readTensor(tensor), tensor.type)] })));
  } finally {
    await files.close();
  }
}

const one = (change: object, data = new Uint8Array(8)): Buffer => safetensorsBytes({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...change } }, data);

describe('safetensors', () => {
  it('reads values of every element type', async () => {
    const data = Buffer.concat([Buffer.from(Float32Array.of(1.5, -2).buffer), Buffer.from(Uint16Array.of(0x3fc0, 0xc000).buffer), Buffer.from(Uint16Array.of(0x3e00, 0xc000, 0x0001, 0x7c00).buffer), Buffer.from(BigInt64Array.of(-7n).buffer), Buffer.from([3, 255])]);
    const tensors = await read(safetensorsBytes({
      __metadata__: { format: 'pt' },
      float: { dtype: 'F32', shape: [2], data_offsets: [0, 8] }, brain: { dtype: 'BF16', shape: [2, 1], data_offsets: [8, 12] }, half: { dtype: 'F16', shape: [4], data_offsets: [12, 20] },
      long: { dtype: 'I64', shape: [], data_offsets: [20, 28] }, byte: { dtype: 'U8', shape: [2], data_offsets: [28, 30] },
    }, data));
    expect(tensors.map(({ name, dims, values }) => [name, dims, values])).toEqual([
      ['float', [2], [1.5, -2]], ['brain', [2, 1], [1.5, -2]], ['half', [4], [1.5, -2, 2 ** -24, Infinity]], ['long', [], [-7]], ['byte', [2], [3, 255]],
    ]);
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['a header longer than the file', Buffer.concat([Buffer.from(BigUint64Array.of(1n << 60n).buffer), Buffer.alloc(100)])],
    ['no JSON', safetensorsBytes('{"a": ')],
    ['invalid UTF-8', Buffer.concat([Buffer.from(BigUint64Array.of(2n).buffer), Buffer.from([0xff, 0xfe])])],
    ['an array', safetensorsBytes('[]')],
    ['data beyond the end', one({}, new Uint8Array(7))],
    ['a shape that does not fit', one({ shape: [3] })],
    ['a shape whose product overflows', one({ shape: [2 ** 31, 2 ** 31, 4] })],
    ['a negative dimension', one({ shape: [-2] })],
    ['a fractional dimension', one({ shape: [0.5, 4] })],
    ['a range backwards', one({ data_offsets: [8, 0] })],
    ['a shape that is no list', one({ shape: '2' })],
    ['two tensors in one place', safetensorsBytes({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] }, b: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }, new Uint8Array(8))],
  ])('refuses %s', async (_what, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'checkpoint-damaged' });
  });

  it('names an element type that it cannot read', async () => {
    await expect(read(one({ dtype: 'F8_E4M3' }))).rejects.toMatchObject({ code: 'checkpoint-unsupported' });
    // A name that every object has must not count as a type.
    await expect(read(one({ dtype: 'constructor' }))).rejects.toMatchObject({ code: 'checkpoint-unsupported' });
  });
});
