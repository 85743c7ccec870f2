// HEIC photos through the system's own decoder, and the named error where there is none. Would catch: pixels turned twice, a name that
// reaches the decoder, a bomb that is decoded before its size is looked at, files left behind, an error without its name.
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { accessSync, constants, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import sharp from 'sharp';
import { decodeImage, probeImage } from '../../../../src-main/inference/image/decode-image.ts';
import { largestSize } from '../../../../src-main/inference/image/decode-heic.ts';
import { temporaryFolder } from '../../../helpers/library.ts';

const photo = resolve(import.meta.dirname, '../../../fixtures/photos/en-card.heic');
const page = resolve(import.meta.dirname, '../../../fixtures/pages/images/en-card.png');
const folder = temporaryFolder();
const path = process.env['PATH']!;
afterEach(() => void (process.env['PATH'] = path));
afterAll(() => folder.remove());

const isThere = (program: string): boolean => path.split(delimiter).some((one) => {
  try {
    accessSync(join(one, program), constants.X_OK);
    return true;
  } catch {
    return false;
  }
});
const decodes = process.platform !== 'linux' || isThere('heif-dec') || isThere('heif-convert');
const leftBehind = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('lectern-photo-'));
/** Mean difference of two pictures, in 256 steps. */
const differenceTo = async (file: string, other: string): Promise<number> => {
  const [a, b] = [await decodeImage(file), await decodeImage(other)];
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  let sum = 0;
  for (let at = 0; at < a.data.length; at++) sum += Math.abs(a.data[at]! - b.data[at]!);
  return sum / a.data.length;
};

it('the size stands in the file before anything is decoded', () => {
  expect(largestSize(readFileSync(photo))).toEqual({ width: 640, height: 366 });
  expect(largestSize(Buffer.from('no photo at all, but long enough to be looked into'))).toBeNull();
});

describe.runIf(process.platform === 'linux')('without a decoder', () => {
  it('the error names what is missing, and the file', async () => {
    process.env['PATH'] = folder.path;
    const copy = join(folder.path, 'IMG_0001.HEIC');
    copyFileSync(photo, copy);
    await expect(probeImage(copy)).rejects.toMatchObject({ code: 'decoder-missing', data: { file: copy, format: 'heic', system: 'linux' } });
    expect(leftBehind()).toEqual([]);
  });

  it('a decoder without the codec is one that is missing', async () => {
    const tools = join(folder.path, 'tools');
    mkdirSync(tools);
    writeFileSync(join(tools, 'heif-dec'), '#!/bin/sh\necho "Could not decode image: Unsupported feature: Unsupported codec" >&2\nexit 1\n', { mode: 0o755 });
    process.env['PATH'] = `${tools}${delimiter}${path}`;
    await expect(probeImage(readFileSync(photo))).rejects.toMatchObject({ code: 'decoder-missing' });
  });

  it('sees neither our environment nor the name of the file, and runs in a folder of its own', async () => {
    const tools = join(folder.path, 'spying');
    mkdirSync(tools);
    const seen = join(folder.path, 'seen.txt');
    // A decoder that writes down what it was given, and copies a picture as its result.
    writeFileSync(join(tools, 'heif-dec'), `#!/bin/sh\n{ pwd; echo "$@"; env; } > '${seen}'\ncp '${page}' out.png\n`, { mode: 0o755 });
    process.env['PATH'] = `${tools}${delimiter}${path}`;
    process.env['LECTERN_SECRET'] = 'tulip';
    const odd = join(folder.path, '--output=$(touch gotcha) ;.heic');
    copyFileSync(photo, odd);
    expect(await probeImage(odd)).toMatchObject({ format: 'heic', width: 640, height: 366, isWebSafe: false });
    const words = readFileSync(seen, 'utf8');
    expect(words.split('\n')[1]).toBe('in.heic out.png');
    expect(words).not.toMatch(/tulip|gotcha/);
    expect(words.split('\n')[0]).toContain('lectern-photo-');
    expect(existsSync(words.split('\n')[0]!)).toBe(false);
    delete process.env['LECTERN_SECRET'];
  });
});

// Debian: libheif-examples, which `npm test` offers to install.
describe.skipIf(!decodes)('with the system’s decoder (skipped where neither heif-dec nor heif-convert is installed)', () => {
  it('gives the pixels that the photo was made from', async () => {
    expect(await probeImage(photo)).toMatchObject({ format: 'heic', width: 640, height: 366, pages: 1, frames: 1, isWebSafe: false });
    expect(await differenceTo(photo, page)).toBeLessThan(4);
  });

  it.each([[1, 90], [2, 180], [3, 270]])('a camera held otherwise (%i quarter turns) comes up upright, once', async (quarters, clockwise) => {
    const turned = join(folder.path, `turned ${quarters}.heic`);
    const bytes = Buffer.from(readFileSync(photo));
    // The property about channels gives its place to the one about the turn, which counts against the clock.
    const at = bytes.indexOf('pixi');
    bytes.write('irot', at, 'latin1');
    bytes[at + 4] = quarters;
    writeFileSync(turned, bytes);
    const upright = join(folder.path, `upright ${quarters}.png`);
    writeFileSync(upright, await sharp(page).removeAlpha().rotate(360 - clockwise).png().toBuffer());
    expect(await differenceTo(turned, upright)).toBeLessThan(4);
  });

  it('a photo that is cut off or noise is named so, and nothing is left behind', async () => {
    const bytes = readFileSync(photo);
    await expect(decodeImage(bytes.subarray(0, bytes.length >> 1))).rejects.toMatchObject({ code: 'file-truncated' });
    const noise = Buffer.from(bytes);
    for (let at = 80; at < 300; at++) noise[at] = (at * 131) & 255;
    await expect(decodeImage(noise).catch((error: { code: string }) => error.code)).resolves.toMatch(/^file-(corrupt|truncated)$/);
    expect(leftBehind()).toEqual([]);
  });

  it('a photo that says it is huge is not decoded', async () => {
    const bomb = Buffer.from(readFileSync(photo));
    bomb.writeUInt32BE(30_000, bomb.indexOf('ispe') + 8);
    bomb.writeUInt32BE(30_000, bomb.indexOf('ispe') + 12);
    await expect(decodeImage(bomb)).rejects.toMatchObject({ code: 'image-too-large', data: { width: 30_000, height: 30_000 } });
  });
});
