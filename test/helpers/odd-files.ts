// Makes the awkward files that people really have, from one small page: unusual encodings of it, and files that are no picture at all.
// Made when a test asks, never committed. Knows nothing of how they are read.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** Writes `bytes` under `name` in `folder`; its path. */
function put(folder: string, name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** A black-and-white PNG of any size that takes next to nothing on disk: the classic decompression bomb. */
export function bombPng(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((Math.ceil(width / 8) + 1) * height, 0xff);
  for (let row = 0; row < height; row++) rows[row * (Math.ceil(width / 8) + 1)] = 0;
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(rows, { level: 1 })), pngChunk('IEND', Buffer.alloc(0))]);
}

/** 24 bits, bottom row first, as Windows Paint writes it. */
async function bitmapOf(page: string, topDown: boolean): Promise<Uint8Array> {
  const { data, info } = await sharp(page).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const rowBytes = Math.ceil((info.width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + rowBytes * info.height);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(info.width, 18);
  file.writeInt32LE(topDown ? -info.height : info.height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < info.height; y++) {
    for (let x = 0; x < info.width; x++) {
      const from = (y * info.width + x) * 3, to = 54 + (topDown ? y : info.height - 1 - y) * rowBytes + x * 3;
      for (let channel = 0; channel < 3; channel++) file[to + channel] = data[from + 2 - channel]!;
    }
  }
  return file;
}

/** The page at `page` in every encoding a person may bring; each must read like the page itself. */
export const encodings: Readonly<Record<string, (page: string, folder: string) => Promise<string>>> = {
  'CMYK JPEG': async (page, folder) => put(folder, 'from the printer.jpg', await sharp(page).toColourspace('cmyk').jpeg({ quality: 92 }).toBuffer()),
  '16-bit PNG': async (page, folder) => put(folder, 'sixteen bits.png', await sharp(page).toColourspace('rgb16').png().toBuffer()),
  'grey with transparency, text on nothing': async (page, folder) => {
    const { data, info } = await sharp(page).greyscale().raw().toBuffer({ resolveWithObject: true });
    const pixels = Buffer.alloc(info.width * info.height * 2);
    for (let at = 0; at < info.width * info.height; at++) pixels[at * 2 + 1] = 255 - data[at * info.channels]!;
    return put(folder, 'no background.png', await sharp(pixels, { raw: { width: info.width, height: info.height, channels: 2 } }).png().toBuffer());
  },
  'palette of four colours': async (page, folder) => put(folder, 'few colours.png', await sharp(page).png({ palette: true, colours: 4 }).toBuffer()),
  AVIF: async (page, folder) => put(folder, 'small.avif', await sharp(page).avif({ quality: 70, effort: 2 }).toBuffer()),
  WebP: async (page, folder) => put(folder, 'web.webp', await sharp(page).webp({ quality: 80 }).toBuffer()),
  'animated GIF': async (page, folder) => {
    const size = { width: 640, height: 366 };
    const blank = await sharp({ create: { ...size, channels: 3, background: 'white' } }).png().toBuffer();
    return put(folder, 'blinking.gif', await sharp([await sharp(page).png().toBuffer(), blank], { join: { animated: true } }).gif({ delay: [500, 500] }).toBuffer());
  },
  'PNG named .jpg': async (page, folder) => put(folder, 'photo.jpg', readFileSync(page)),
  'BMP, bottom row first': async (page, folder) => put(folder, 'paint.bmp', await bitmapOf(page, false)),
  'BMP, top row first': async (page, folder) => put(folder, 'camera.bmp', await bitmapOf(page, true)),
  'a name in Korean, Arabic and emoji': async (page, folder) => put(folder, '영수증 فاتورة 🧾 (최종).png', readFileSync(page)),
  'a very long name': async (page, folder) => put(folder, `${'长'.repeat(80)}.png`, readFileSync(page)),
};

/** The page as a camera would save it, turned and marked with EXIF orientation `orientation` (1 to 8): must come back upright. */
export async function withOrientation(page: string, folder: string, orientation: number): Promise<string> {
  const flat = await sharp(page).removeAlpha().png().toBuffer();
  const quarter = await sharp(flat).rotate(90).png().toBuffer();
  // What has to be stored so that the turn which EXIF asks for undoes it.
  const stored = {
    1: () => sharp(flat), 2: () => sharp(flat).flop(), 3: () => sharp(flat).rotate(180), 4: () => sharp(flat).flip(),
    5: () => sharp(quarter).flop(), 6: () => sharp(flat).rotate(270), 7: () => sharp(quarter).flip(), 8: () => sharp(quarter),
  }[orientation]!();
  const bytes = await stored.withMetadata({ orientation }).jpeg({ quality: 90 }).toBuffer();
  return put(folder, `orientation ${orientation}.jpg`, bytes);
}

export async function tiffOf(pages: readonly string[], folder: string): Promise<string> {
  const { width, height } = await sharp(pages[0]).metadata();
  const same = await Promise.all(pages.map((page) => sharp(page).removeAlpha().resize(width, height, { fit: 'contain', background: 'white' }).png().toBuffer()));
  return put(folder, 'several pages.tif', await sharp(same, { join: { animated: true } }).tiff({ compression: 'lzw' }).toBuffer());
}

/** A page of a TIFF as it is stored: rows of bytes, one after the other. */
interface TiffPage { readonly width: number; readonly height: number; readonly bits: 1 | 8 | 16; readonly channels: 1 | 3; readonly orientation?: number; readonly data: Uint8Array }

/** A TIFF whose pages have nothing in common: libvips cannot write one. @source TIFF 6.0, sections 2 to 8 */
export function mixedTiff(pages: readonly TiffPage[], folder: string): string {
  const chunks: Buffer[] = [Buffer.from('49492a0008000000', 'hex')];
  let at = 8;
  pages.forEach(({ width, height, bits, channels, orientation = 1, data }, index) => {
    // The directory, the bits of three channels, the pixels, the next directory.
    const tags: [tag: number, type: 3 | 4, count: number, value: number][] = [];
    const size = 2 + 12 * 10 + 4, bitsAt = at + size, pixelsAt = bitsAt + 6;
    const next = pixelsAt + data.length + (data.length % 2);
    tags.push([256, 4, 1, width], [257, 4, 1, height], [258, 3, channels, channels === 3 ? bitsAt : bits], [259, 3, 1, 1], [262, 3, 1, channels === 3 ? 2 : bits === 1 ? 0 : 1]);
    tags.push([273, 4, 1, pixelsAt], [274, 3, 1, orientation], [277, 3, 1, channels], [278, 4, 1, height], [279, 4, 1, data.length]);
    const directory = Buffer.alloc(size + 6);
    directory.writeUInt16LE(tags.length, 0);
    tags.forEach(([tag, type, count, value], place) => {
      directory.writeUInt16LE(tag, 2 + place * 12);
      directory.writeUInt16LE(type, 4 + place * 12);
      directory.writeUInt32LE(count, 6 + place * 12);
      directory.writeUInt32LE(value, 10 + place * 12);
    });
    directory.writeUInt32LE(index + 1 < pages.length ? next : 0, size - 4);
    for (let channel = 0; channel < 3; channel++) directory.writeUInt16LE(bits, size + channel * 2);
    chunks.push(directory, Buffer.from(data), Buffer.alloc(data.length % 2));
    at = next;
  });
  return put(folder, 'mixed.tif', Buffer.concat(chunks));
}

/** Files that cannot be read, with the code of the error each must give. */
export const unreadable: Readonly<Record<string, { code: string; make: (page: string, folder: string) => Promise<string> | string }>> = {
  'empty file': { code: 'file-empty', make: (_, folder) => put(folder, 'empty.png', Buffer.alloc(0)) },
  'PNG cut off in the middle': { code: 'file-truncated', make: (page, folder) => put(folder, 'half.png', readFileSync(page).subarray(0, 3000)) },
  'JPEG cut off in the middle': {
    code: 'file-truncated',
    make: async (page, folder) => {
      const whole = await sharp(page).jpeg({ quality: 90 }).toBuffer();
      return put(folder, 'half.jpg', whole.subarray(0, whole.length >> 1));
    },
  },
  'JPEG header and then nothing': { code: 'file-truncated', make: (_, folder) => put(folder, 'header.jpg', Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex')) },
  'PNG with noise inside': {
    code: 'file-corrupt',
    make: (page, folder) => {
      const bytes = Buffer.from(readFileSync(page));
      for (let at = 400; at < bytes.length - 200; at++) bytes[at] = (at * 131) & 255;
      return put(folder, 'noise.png', bytes);
    },
  },
  'a text file named .png': { code: 'file-unsupported', make: (_, folder) => put(folder, 'notes.png', Buffer.from('Dear diary, this is no picture.\n'.repeat(40))) },
  '1×1': { code: 'image-too-small', make: async (_, folder) => put(folder, 'dot.png', await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } }).png().toBuffer()) },
  '30,000×30,000': { code: 'image-too-large', make: (_, folder) => put(folder, 'bomb.png', bombPng(30_000, 30_000)) },
  'a folder': { code: 'file-is-folder', make: (_, folder) => folder },
  'no file': { code: 'file-not-found', make: (_, folder) => join(folder, 'was here yesterday.png') },
};
