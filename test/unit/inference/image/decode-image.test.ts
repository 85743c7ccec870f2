// Real encoded files go in; the bugs meant are colours that shift, pages that lie on their side, and bad files that crash,
// hang or pass as half a picture instead of being named.
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { decodeImage, encodePng, probeImage, resizePicture } from '../../../../src-main/inference/image/decode-image.ts';
import { picture, turnPicture, type Picture } from '../../../../src-main/inference/image/picture.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'decode-'))));
afterAll(() => rm(folder, { recursive: true }));

/** Left half red, right half blue, with a green top-left corner: shows turns, mirrors and swapped channels. */
function flag(width = 40, height = 24): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const colour = x < 8 && y < 8 ? [0, 200, 0] : x < width / 2 ? [200, 0, 0] : [0, 0, 200];
      data.set(colour, (y * width + x) * 3);
    }
  return picture(width, height, data);
}
const source = flag();
const raw = () => sharp(source.data, { raw: { width: source.width, height: source.height, channels: 3 } });
const at = (image: Picture, x: number, y: number) => [...image.data.subarray((y * image.width + x) * 3, (y * image.width + x) * 3 + 3)];
const near = (colour: number[], wanted: number[], tolerance: number) => colour.forEach((value, channel) => expect(Math.abs(value - wanted[channel]!)).toBeLessThanOrEqual(tolerance));
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return error instanceof AppError ? error.code : `not an AppError: ${String(error)}`;
  }
};
/** Noise does not compress: cutting such a file really loses pixels. */
const noise = () => sharp({ create: { width: 300, height: 200, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 40 } } });

describe('decodeImage', () => {
  it('gives the same pixels from every lossless format', async () => {
    for (const file of [await raw().png().toBuffer(), await raw().webp({ lossless: true }).toBuffer(), await raw().tiff({ compression: 'lzw' }).toBuffer(), await raw().gif().toBuffer()]) {
      const image = await decodeImage(file);
      expect([image.width, image.height]).toEqual([40, 24]);
      near(at(image, 2, 2), [0, 200, 0], 3);
      near(at(image, 12, 20), [200, 0, 0], 3);
      near(at(image, 30, 4), [0, 0, 200], 3);
    }
  });

  it('decodes the lossy formats', async () => {
    for (const file of [await raw().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(), await raw().avif({ quality: 90, effort: 0, chromaSubsampling: '4:4:4' }).toBuffer()]) {
      const image = await decodeImage(file);
      near(at(image, 12, 20), [200, 0, 0], 12);
      near(at(image, 30, 4), [0, 0, 200], 12);
    }
  });

  it('applies all eight EXIF orientations', async () => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      const file = await raw().withMetadata({ orientation }).png().toBuffer();
      const image = await decodeImage(file);
      const turned = orientation >= 5;
      expect([image.width, image.height]).toEqual(turned ? [24, 40] : [40, 24]);
      expect(await probeImage(file)).toMatchObject({ width: image.width, height: image.height });
      const [w, h] = [image.width - 3, image.height - 3];
      const corner = [[2, 2], [w, 2], [w, h], [2, h], [2, 2], [w, 2], [w, h], [2, h]][orientation - 1] as [number, number];
      near(at(image, ...corner), [0, 200, 0], 3);
    }
  });

  it('lays transparency on white', async () => {
    const file = await sharp({ create: { width: 16, height: 16, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } }).png().toBuffer();
    expect(at(await decodeImage(file), 8, 8)).toEqual([255, 255, 255]);
  });

  it('keeps the brightness of 16-bit and of grey pictures', async () => {
    const ramp = Uint16Array.from({ length: 256 }, (_, x) => (x % 16) * 4369);
    const grey16 = await sharp(ramp, { raw: { width: 16, height: 16, channels: 1 } }).toColourspace('grey16').png().toBuffer();
    expect((await probeImage(grey16)).isWebSafe).toBe(false);
    const image = await decodeImage(grey16);
    for (let x = 0; x < 16; x++) near(at(image, x, 8), [x * 17, x * 17, x * 17], 2);
    const grey8 = await sharp(Buffer.from(Uint8Array.from(ramp, (value) => value >> 8)), { raw: { width: 16, height: 16, channels: 1 } }).toColourspace('b-w').png().toBuffer();
    near(at(await decodeImage(grey8), 5, 3), [85, 85, 85], 1);
  });

  it('turns CMYK into screen colours', async () => {
    const file = await raw().toColourspace('cmyk').jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
    expect(await probeImage(file)).toMatchObject({ isWebSafe: false });
    const [red, green, blue] = at(await decodeImage(file), 12, 20) as [number, number, number];
    expect(red).toBeGreaterThan(130);
    expect(green + blue).toBeLessThan(140);
  });

  it('decodes each page of a TIFF and counts them', async () => {
    const pages = await Promise.all(['#ff0000', '#00ff00', '#0000ff'].map((background) => sharp({ create: { width: 20, height: 10, channels: 3, background } }).png().toBuffer()));
    const file = await sharp(pages, { join: { animated: true } }).tiff({ compression: 'lzw' }).toBuffer();
    expect(await probeImage(file)).toMatchObject({ pages: 3, frames: 1, width: 20, height: 10 });
    expect(at(await decodeImage(file, { page: 1 }), 5, 5)).toEqual([0, 255, 0]);
    expect(at(await decodeImage(file, { page: 2 }), 5, 5)).toEqual([0, 0, 255]);
  });

  it('takes the first frame of an animation and says how many there are', async () => {
    const frames = await Promise.all(['#ff0000', '#00ff00'].map((background) => sharp({ create: { width: 20, height: 10, channels: 3, background } }).png().toBuffer()));
    const file = await sharp(frames, { join: { animated: true } }).gif().toBuffer();
    expect(await probeImage(file)).toMatchObject({ pages: 1, frames: 2, height: 10 });
    near(at(await decodeImage(file), 5, 5), [255, 0, 0], 3);
  });

  it('draws an SVG large enough to read, and lets it reach no other file', async () => {
    await writeFile(join(folder, 'secret.png'), await raw().png().toBuffer());
    const path = join(folder, 'drawing.svg');
    await writeFile(path, '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><rect width="100" height="50" fill="#00f"/><image href="secret.png" width="100" height="50"/></svg>');
    const image = await decodeImage(path);
    expect([image.width, image.height]).toEqual([2400, 1200]);
    expect(at(image, 300, 600)).toEqual([0, 0, 255]);
  });

  it('reduces while decoding', async () => {
    const image = await decodeImage(await raw().png().toBuffer(), { maxSide: 20 });
    expect([image.width, image.height]).toEqual([20, 12]);
  });

  it('believes the bytes, not the name; and opens names in any script', async () => {
    const path = join(folder, '영수증 领収書 №1.png');
    await writeFile(path, await raw().jpeg().toBuffer());
    expect(await probeImage(path)).toMatchObject({ format: 'jpeg', width: 40 });
    expect((await decodeImage(path)).width).toBe(40);
  });
});

describe('bad input is named', () => {
  const whole = async () => ({
    png: await noise().png().toBuffer(), jpeg: await noise().jpeg().toBuffer(), webp: await noise().webp().toBuffer(),
    tiff: await noise().tiff({ compression: 'lzw' }).toBuffer(), gif: await noise().gif().toBuffer(), avif: await noise().avif({ effort: 0 }).toBuffer(),
  });

  it('cut off in the middle', async () => {
    for (const [format, file] of Object.entries(await whole())) expect(`${format} ${await codeOf(decodeImage(file.subarray(0, file.length >> 1)))}`).toBe(`${format} file-truncated`);
  });

  it('cut off inside the header', async () => {
    for (const [format, file] of Object.entries(await whole())) expect(`${format} ${await codeOf(probeImage(file.subarray(0, 30)))}`).toMatch(/file-(truncated|corrupt|unsupported)$/);
  });

  it('damaged inside', async () => {
    const { png } = await whole();
    const broken = Uint8Array.from(png);
    broken.fill(0x55, png.length >> 1, (png.length >> 1) + 400);
    expect(await codeOf(decodeImage(broken))).toBe('file-corrupt');
  });

  it('empty, missing, a folder, and no picture at all', async () => {
    await writeFile(join(folder, 'empty.png'), '');
    await writeFile(join(folder, 'letter.png'), 'Dear Sir or Madam,');
    await mkdir(join(folder, 'folder.png'));
    expect(await codeOf(probeImage(join(folder, 'empty.png')))).toBe('file-empty');
    expect(await codeOf(probeImage(join(folder, 'letter.png')))).toBe('file-unsupported');
    expect(await codeOf(probeImage(join(folder, 'folder.png')))).toBe('file-is-folder');
    expect(await codeOf(probeImage(join(folder, 'nowhere.png')))).toBe('file-not-found');
  });

  it('too small and too large, before anything is decoded', async () => {
    expect(await codeOf(decodeImage(await sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } }).png().toBuffer()))).toBe('image-too-small');
    // The header of a 30,000 × 30,000 PNG on a small one's pixels: whoever believes it must not allocate for it.
    const bomb = await noise().png().toBuffer();
    bomb.writeUInt32BE(30_000, 16);
    bomb.writeUInt32BE(30_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    const before = process.memoryUsage().rss;
    expect(await codeOf(decodeImage(bomb))).toBe('image-too-large');
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });
});

/** A bitmap with a 40-byte header around `rows` (already padded, bottom first). */
function bitmap(width: number, height: number, bits: number, compression: number, palette: number[], rows: number[]): Uint8Array {
  const pixelsAt = 54 + palette.length;
  const file = new Uint8Array(pixelsAt + rows.length);
  const view = new DataView(file.buffer);
  file.set([0x42, 0x4d]);
  view.setUint32(2, file.length, true);
  view.setUint32(10, pixelsAt, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  view.setUint32(30, compression, true);
  view.setUint32(46, palette.length / 4, true);
  file.set(palette, 54);
  file.set(rows, pixelsAt);
  return file;
}
const red = [0, 0, 255, 0], blue = [255, 0, 0, 0];

describe('bitmaps', () => {
  const row = <T>(value: T, count: number): T[] => Array.from({ length: count }, () => value);
  it('24 bits, bottom row first, and the other way round with a negative height', async () => {
    const rows = [...row([255, 0, 0], 8).flat(), ...row(row([0, 0, 255], 8).flat(), 7).flat()];
    near(at(await decodeImage(bitmap(8, 8, 24, 0, [], rows)), 3, 7), [0, 0, 255], 0);
    near(at(await decodeImage(bitmap(8, -8, 24, 0, [], rows)), 3, 0), [0, 0, 255], 0);
  });
  it('1, 4 and 8 bits with a palette', async () => {
    const palette = [...red, ...blue];
    near(at(await decodeImage(bitmap(8, 8, 1, 0, palette, row([0b01010101, 0, 0, 0], 8).flat())), 1, 4), [0, 0, 255], 0);
    near(at(await decodeImage(bitmap(8, 8, 4, 0, palette, row([0x01, 0x01, 0x01, 0x01], 8).flat())), 1, 4), [0, 0, 255], 0);
    near(at(await decodeImage(bitmap(8, 8, 8, 0, palette, row([0, 1, 0, 1, 0, 1, 0, 1], 8).flat())), 1, 4), [0, 0, 255], 0);
  });
  it('run-length coded 8 bits, with literal runs and an early end', async () => {
    const rows = [...row([8, 1, 0, 0], 7).flat(), 0, 3, 0, 1, 0, 0, 5, 0, 0, 1];
    const image = await decodeImage(bitmap(8, 8, 8, 1, [...red, ...blue], rows));
    near(at(image, 0, 7), [0, 0, 255], 0);
    near(at(image, 0, 0), [255, 0, 0], 0);
    near(at(image, 1, 0), [0, 0, 255], 0);
  });
  it('16 bits 5-5-5', async () => {
    near(at(await decodeImage(bitmap(8, 8, 16, 0, [], row([0x00, 0x7c], 64).flat())), 3, 3), [255, 0, 0], 0);
  });
  it('names cut-off and impossible ones', async () => {
    const file = bitmap(8, 8, 24, 0, [], row([1, 2, 3], 64).flat());
    expect(await codeOf(decodeImage(file.subarray(0, 100)))).toBe('file-truncated');
    expect(await codeOf(decodeImage(bitmap(8, 8, 7, 0, [], [])))).toBe('file-corrupt');
    expect(await codeOf(decodeImage(bitmap(30_000, 30_000, 24, 0, [], [])))).toBe('image-too-large');
  });
});

describe('pixel work', () => {
  it('turns by quarters, and four turns are none', () => {
    const once = turnPicture(source, 90);
    expect([once.width, once.height]).toEqual([24, 40]);
    expect(at(once, 23, 0)).toEqual([0, 200, 0]);
    expect(turnPicture(turnPicture(source, 270), 90)).toEqual(source);
    expect(turnPicture(turnPicture(source, 180), 180)).toEqual(source);
    expect(turnPicture(once, 90)).toEqual(turnPicture(source, 180));
  });
  it('resizes to exactly the asked size and survives a round trip', async () => {
    const half = await resizePicture(source, 20, 12);
    expect([half.width, half.height]).toEqual([20, 12]);
    near(at(half, 15, 6), [0, 0, 200], 2);
    expect(await decodeImage(await encodePng(source))).toMatchObject({ width: 40, height: 24 });
  });
});
