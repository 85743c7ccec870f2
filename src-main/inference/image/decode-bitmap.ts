// Decodes Windows bitmaps (BMP), which sharp cannot: 1 to 32 bits, palettes, bit fields, RLE4 and RLE8. Knows no files.
import { AppError } from '../../base/errors.ts';
import { picture, type Picture } from './picture.ts';

export interface BitmapHeader {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly topDown: boolean;
  readonly compression: number;
  readonly paletteAt: number;
  readonly paletteEntryBytes: number;
  readonly paletteSize: number;
  readonly pixelsAt: number;
  /** Red, green, blue masks of 16- and 32-bit pixels. */
  readonly masks: readonly [number, number, number];
}

const rgb = 0, rle8 = 1, rle4 = 2, bitFields = 3, alphaBitFields = 6;

/**
 * Reads the header alone. Throws `file-corrupt` and, for JPEG or PNG inside a bitmap, `file-unsupported`.
 * @source Microsoft, "Bitmap Header Types" (BITMAPCOREHEADER, BITMAPINFOHEADER, BITMAPV4HEADER, BITMAPV5HEADER)
 */
export function readBitmapHeader(bytes: Uint8Array): BitmapHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 26) throw new AppError('file-truncated', { format: 'bmp' });
  const headerBytes = view.getUint32(14, true);
  const isCore = headerBytes === 12;
  if (!isCore && bytes.length < 54) throw new AppError('file-truncated', { format: 'bmp' });
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const rawHeight = isCore ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = isCore ? view.getUint16(24, true) : view.getUint16(28, true);
  const compression = isCore ? rgb : view.getUint32(30, true);
  const height = Math.abs(rawHeight);
  const known = bits === 1 || bits === 4 || bits === 8 || bits === 16 || bits === 24 || bits === 32;
  if (width <= 0 || height === 0 || !known) throw new AppError('file-corrupt', { format: 'bmp' });
  if (![rgb, rle8, rle4, bitFields, alphaBitFields].includes(compression)) throw new AppError('file-unsupported', { format: 'bmp', compression });
  if ((compression === rle8 && bits !== 8) || (compression === rle4 && bits !== 4)) throw new AppError('file-corrupt', { format: 'bmp' });

  // With a 40-byte header the masks follow it; larger headers contain them, at the same place in the file.
  const hasMasks = (compression === bitFields || compression === alphaBitFields) && bits >= 16;
  const maskBytes = hasMasks && headerBytes === 40 ? (compression === alphaBitFields ? 16 : 12) : 0;
  const masks: [number, number, number] = bits === 16 ? [0x7c00, 0x03e0, 0x001f] : [0x00ff0000, 0x0000ff00, 0x000000ff];
  if (hasMasks) {
    if (bytes.length < 66) throw new AppError('file-truncated', { format: 'bmp' });
    for (let at = 0; at < 3; at++) masks[at] = view.getUint32(54 + 4 * at, true);
  }
  const paletteUsed = isCore ? 0 : view.getUint32(46, true);
  const paletteSize = bits <= 8 ? Math.min(paletteUsed || 1 << bits, 1 << bits) : 0;
  return {
    width, height, bits, topDown: rawHeight < 0, compression, masks, paletteSize,
    paletteAt: 14 + headerBytes + maskBytes,
    paletteEntryBytes: isCore ? 3 : 4,
    pixelsAt: view.getUint32(10, true),
  };
}

/** How far to shift a masked value down, and what to multiply it by to reach 0…255. */
function channelOf(mask: number): { shift: number; scale: number } {
  if (mask === 0) return { shift: 0, scale: 0 };
  let shift = 0;
  while (((mask >>> shift) & 1) === 0) shift++;
  return { shift, scale: 255 / (mask >>> shift) };
}

function decodeRuns(bytes: Uint8Array, header: BitmapHeader): Uint8Array {
  const { width, height, bits } = header;
  const indexes = new Uint8Array(width * height);
  let at = header.pixelsAt, x = 0, y = 0;
  const put = (index: number): void => {
    if (x < width && y < height) indexes[y * width + x] = index;
    x++;
  };
  while (at + 1 < bytes.length && y < height) {
    const count = bytes[at]!, value = bytes[at + 1]!;
    at += 2;
    if (count > 0) {
      for (let n = 0; n < count; n++) put(bits === 8 ? value : n & 1 ? value & 15 : value >> 4);
    } else if (value === 0) {
      x = 0;
      y++;
    } else if (value === 1) {
      return indexes;
    } else if (value === 2) {
      x += bytes[at] ?? 0;
      y += bytes[at + 1] ?? 0;
      at += 2;
    } else {
      const size = bits === 8 ? value : (value + 1) >> 1;
      if (at + size > bytes.length) throw new AppError('file-truncated', { format: 'bmp' });
      for (let n = 0; n < value; n++) {
        const byte = bytes[at + (bits === 8 ? n : n >> 1)]!;
        put(bits === 8 ? byte : n & 1 ? byte & 15 : byte >> 4);
      }
      at += size + (size & 1);
    }
  }
  if (y < height - 1) throw new AppError('file-truncated', { format: 'bmp' });
  return indexes;
}

/** Throws `file-truncated`, `file-corrupt` or `file-unsupported`. The caller checks the size limit on the header first. */
export function decodeBitmap(bytes: Uint8Array): Picture {
  const header = readBitmapHeader(bytes);
  const { width, height, bits } = header;
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  const isRuns = header.compression === rle4 || header.compression === rle8;
  if (header.pixelsAt < 14 || header.pixelsAt > bytes.length) throw new AppError('file-truncated', { format: 'bmp' });
  // The last row's padding may be missing in files that are otherwise whole.
  const needed = header.pixelsAt + rowBytes * (height - 1) + Math.ceil((width * bits) / 8);
  if (!isRuns && needed > bytes.length) throw new AppError('file-truncated', { format: 'bmp' });

  const palette = new Uint8Array(256 * 3);
  for (let index = 0; index < header.paletteSize; index++) {
    const entry = header.paletteAt + index * header.paletteEntryBytes;
    if (entry + 2 >= bytes.length) throw new AppError('file-truncated', { format: 'bmp' });
    for (let channel = 0; channel < 3; channel++) palette[index * 3 + channel] = bytes[entry + 2 - channel]!;
  }

  const out = new Uint8Array(width * height * 3);
  const runs = isRuns ? decodeRuns(bytes, header) : null;
  const [red, green, blue] = header.masks.map(channelOf) as [ReturnType<typeof channelOf>, ReturnType<typeof channelOf>, ReturnType<typeof channelOf>];
  const [redMask, greenMask, blueMask] = header.masks;
  for (let y = 0; y < height; y++) {
    // Rows stand bottom first unless the height was negative.
    let to = (header.topDown ? y : height - 1 - y) * width * 3;
    const row = header.pixelsAt + y * rowBytes;
    for (let x = 0; x < width; x++, to += 3) {
      if (bits === 24) {
        const from = row + x * 3;
        out[to] = bytes[from + 2]!;
        out[to + 1] = bytes[from + 1]!;
        out[to + 2] = bytes[from]!;
      } else if (bits >= 16) {
        const from = row + (x * bits) / 8;
        const value = bits === 16 ? bytes[from]! | (bytes[from + 1]! << 8) : (bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24)) >>> 0;
        out[to] = Math.round(((value & redMask) >>> red.shift) * red.scale);
        out[to + 1] = Math.round(((value & greenMask) >>> green.shift) * green.scale);
        out[to + 2] = Math.round(((value & blueMask) >>> blue.shift) * blue.scale);
      } else {
        const bitAt = x * bits;
        const index = runs ? runs[y * width + x]! : (bytes[row + (bitAt >> 3)]! >> (8 - bits - (bitAt & 7))) & ((1 << bits) - 1);
        out[to] = palette[index * 3]!;
        out[to + 1] = palette[index * 3 + 1]!;
        out[to + 2] = palette[index * 3 + 2]!;
      }
    }
  }
  return picture(width, height, out);
}
