// Reads files out of a zip archive, one at a time and only those asked for. Knows deflate and stored entries, no zip64, no encryption.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

function readAt(file, position, length) {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const count = readSync(file, buffer, done, length - done, position + done);
    if (count === 0) throw new Error('the zip archive ends too early');
    done += count;
  }
  return buffer;
}

/** Calls `take(name, mode, bytes)` for each entry whose name `wanted` accepts; `bytes()` inflates it. */
export function readZip(path, wanted, take) {
  const file = openSync(path, 'r');
  try {
    const size = fstatSync(file).size;
    const tail = readAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
    const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
    if (end < 0) throw new Error('this is not a zip archive');
    const directory = readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
    for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50; ) {
      const nameLength = directory.readUInt16LE(at + 28);
      const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
      const method = directory.readUInt16LE(at + 10);
      const packedSize = directory.readUInt32LE(at + 20);
      const mode = directory.readUInt32LE(at + 38) >>> 16;
      const local = directory.readUInt32LE(at + 42);
      at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
      if (!wanted(name)) continue;
      take(name, mode, () => {
        const header = readAt(file, local, 30);
        const packed = readAt(file, local + 30 + header.readUInt16LE(26) + header.readUInt16LE(28), packedSize);
        return method === 0 ? packed : inflateRawSync(packed);
      });
    }
  } finally {
    closeSync(file);
  }
}
