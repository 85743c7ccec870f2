// Lists the stored (uncompressed) entries of a zip archive with the place of their bytes, zip64 included. Decompresses nothing: PyTorch stores.
// @source APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.14, 4.3.16
import { AppError } from '../base/errors.ts';
import type { FilePool } from './stored-tensor.ts';

export interface ZipEntry {
  readonly name: string;
  /** Absolute position of the entry's first data byte. */
  readonly offset: number;
  readonly byteLength: number;
}

const endRecordLength = 22;
const maxDirectoryBytes = 256 << 20;

/** A 64-bit field as a number, refused beyond 2^53. */
function wide(view: DataView, at: number, damaged: (reason: string) => AppError): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged('a 64-bit size is absurd');
  return Number(value);
}

/** Replaces the 0xffffffff fields of a central record by those of its zip64 extra field. */
function widen(extra: Uint8Array, fields: { size: number; packed: number; header: number }, damaged: (reason: string) => AppError): void {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  for (let at = 0; at + 4 <= extra.length; ) {
    const id = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    if (at + 4 + length > extra.length) throw damaged('an extra field runs over');
    if (id === 1) {
      let place = at + 4;
      for (const key of ['size', 'packed', 'header'] as const) {
        if (fields[key] !== 0xffffffff) continue;
        if (place + 8 > at + 4 + length) throw damaged('a zip64 field is missing');
        fields[key] = wide(view, place, damaged);
        place += 8;
      }
    }
    at += 4 + length;
  }
}

async function findDirectory(files: FilePool, file: string, size: number, damaged: (reason: string) => AppError): Promise<{ offset: number; length: number }> {
  const tailLength = Math.min(size, endRecordLength + 65_535);
  const tail = await files.read(file, size - tailLength, tailLength);
  const view = new DataView(tail.buffer);
  let end = tailLength - endRecordLength;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw damaged('no zip directory');
  let length = view.getUint32(end + 12, true);
  let offset = view.getUint32(end + 16, true);
  const locator = end - 20;
  if (locator >= 0 && view.getUint32(locator, true) === 0x07064b50) {
    const record = wide(view, locator + 8, damaged);
    if (record + 56 > size) throw damaged('the zip64 record lies outside the file');
    const wideView = new DataView((await files.read(file, record, 56)).buffer);
    if (wideView.getUint32(0, true) !== 0x06064b50) throw damaged('no zip64 record');
    length = wide(wideView, 40, damaged);
    offset = wide(wideView, 48, damaged);
  }
  if (offset + length > size || length > maxDirectoryBytes) throw damaged('the zip directory lies outside the file');
  return { offset, length };
}

/**
 * All entries of the archive.
 * @throws checkpoint-damaged for a broken directory, checkpoint-unsupported for compressed or encrypted entries
 */
export async function readZipDirectory(files: FilePool, file: string): Promise<ZipEntry[]> {
  const damaged = (reason: string): AppError => new AppError('checkpoint-damaged', { file, reason });
  const size = await files.size(file);
  if (size < endRecordLength) throw damaged('too short for a zip archive');
  const place = await findDirectory(files, file, size, damaged);
  const directory = await files.read(file, place.offset, place.length);
  const view = new DataView(directory.buffer);
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= directory.length && view.getUint32(at, true) === 0x02014b50; ) {
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > directory.length) throw damaged('a directory record runs over');
    const name = new TextDecoder().decode(directory.subarray(at + 46, at + 46 + nameLength));
    const fields = { size: view.getUint32(at + 24, true), packed: view.getUint32(at + 20, true), header: view.getUint32(at + 42, true) };
    widen(directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength), fields, damaged);
    if (view.getUint16(at + 8, true) & 1) throw new AppError('checkpoint-unsupported', { file, reason: `${name} is encrypted` });
    if (view.getUint16(at + 10, true) !== 0) throw new AppError('checkpoint-unsupported', { file, reason: `${name} is compressed` });
    if (fields.size !== fields.packed) throw damaged(`${name}: a stored entry with two sizes`);
    if (fields.header + 30 > size) throw damaged(`${name}: its header lies outside the file`);
    const local = new DataView((await files.read(file, fields.header, 30)).buffer);
    if (local.getUint32(0, true) !== 0x04034b50) throw damaged(`${name}: no local header`);
    const offset = fields.header + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    if (offset + fields.size > size) throw damaged(`${name}: its data lies outside the file`);
    entries.push({ name, offset, byteLength: fields.size });
    at = next;
  }
  return entries;
}
