// The one door to sharp: a picture file or its bytes in, upright 8-bit sRGB pixels out, and pixels into files again.
// Knows every picture format, its bad forms and its limits; knows nothing of text, models or PDF.
import { open, readFile, stat } from 'node:fs/promises';
import type { FileFormat } from '@contract/document.ts';
import { AppError, fileError } from '../../base/errors.ts';
import { formatHeaderBytes, sniffFormat } from '../../base/file-format.ts';
import { decodeBitmap, readBitmapHeader } from './decode-bitmap.ts';
import { decodedPhoto } from './decode-heic.ts';
import { loadSharp } from './load-sharp.ts';
import { picture, type Picture } from './picture.ts';

/** The largest picture that is opened. Its pixels alone take 450 MB. */
export const maxMegapixels = 150;
/** No letter fits into less. */
export const minSidePixels = 8;
/** Drawings have no size of their own: they are drawn with this long side. */
const drawingSide = 2400;

/** A path on disk, or the whole file in memory. */
export type ImageSource = string | Uint8Array;
export type ImageFormat = Exclude<FileFormat, 'pdf'>;

export interface ImageInfo {
  readonly format: ImageFormat;
  /** Pixels of the first page after its EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** Pages of a TIFF; 1 for all others. */
  readonly pages: number;
  /** Frames of an animation; 1 for a still picture. Only the first is ever decoded. */
  readonly frames: number;
  /** Whether Chromium draws the file itself with the same colours and the same size. */
  readonly isWebSafe: boolean;
}

const limits = { limitInputPixels: maxMegapixels * 1e6, failOn: 'truncated', sequentialRead: true } as const;

function checkSize(width: number, height: number): void {
  if (width * height > maxMegapixels * 1e6) throw new AppError('image-too-large', { width, height, limitMegapixels: maxMegapixels });
  if (Math.min(width, height) < minSidePixels) throw new AppError('image-too-small', { width, height, limitPixels: minSidePixels });
}

function nameOf(source: ImageSource): string {
  return typeof source === 'string' ? source : '';
}

async function headerOf(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(formatHeaderBytes), 0, formatHeaderBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function formatOf(source: ImageSource): Promise<ImageFormat> {
  let header: Uint8Array;
  if (typeof source === 'string') {
    try {
      const info = await stat(source);
      if (info.isDirectory()) throw new AppError('file-is-folder', { file: source });
      if (info.size === 0) throw new AppError('file-empty', { file: source });
      header = await headerOf(source);
    } catch (error) {
      throw fileError(error, source);
    }
  } else {
    if (source.length === 0) throw new AppError('file-empty', { file: '' });
    header = source.subarray(0, formatHeaderBytes);
  }
  const format = sniffFormat(header);
  if (format === null || format === 'pdf') throw new AppError('file-unsupported', { file: nameOf(source), ...(format && { format }) });
  return format;
}

async function bytesOf(source: ImageSource): Promise<Uint8Array> {
  if (typeof source !== 'string') return source;
  try {
    return await readFile(source);
  } catch (error) {
    throw fileError(error, source);
  }
}

/** Whether the file ends before its format says it should: tells "cut off" from "damaged" once decoding has failed. */
async function isCutOff(source: ImageSource, format: ImageFormat): Promise<boolean> {
  const bytes = await bytesOf(source);
  const tail = bytes.subarray(Math.max(0, bytes.length - 64));
  const tailText = String.fromCharCode(...tail);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case 'png': return !tailText.includes('IEND');
    case 'jpeg': return !tailText.includes('\xff\xd9');
    case 'gif': return !tailText.includes('\x3b');
    case 'webp': return bytes.length < 12 || view.getUint32(4, true) + 8 > bytes.length;
    case 'tiff': {
      if (bytes.length < 16) return true;
      const little = bytes[0] === 0x49;
      // The directory of a written-in-one-go TIFF stands at its end: an offset past the end means the end is missing.
      const directory = view.getUint16(2, little) === 43 ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little);
      return directory + 2 > bytes.length;
    }
    default: return false;
  }
}

async function decodingError(error: unknown, source: ImageSource, format: ImageFormat): Promise<AppError> {
  if (error instanceof AppError) {
    return error.data['file'] === undefined && typeof source === 'string' ? new AppError(error.code, { file: source, ...error.data }, error.cause) : error;
  }
  const message = error instanceof Error ? error.message : String(error);
  const data = { file: nameOf(source), format };
  if (/pixel limit|exceeds/i.test(message)) return new AppError('image-too-large', { ...data, limitMegapixels: maxMegapixels }, error);
  if (/out of memory|memory area too small|allocat/i.test(message)) return new AppError('out-of-memory', data, error);
  const cutOff = /premature end|unexpected end|bad seek|too small|truncated/i.test(message) || (await isCutOff(source, format).catch(() => false));
  return new AppError(cutOff ? 'file-truncated' : 'file-corrupt', data, error);
}

interface Input {
  readonly data: string | Uint8Array;
  /** Whether what the data says about its turn is to be followed. */
  readonly followsTurn: boolean;
}

/** SVG may name other files: given as bytes, it has no folder to name them in. HEIC comes decoded. Everything else streams from its path. */
async function inputOf(source: ImageSource, format: ImageFormat): Promise<Input> {
  if (format !== 'heic') return { data: format === 'svg' ? await bytesOf(source) : source, followsTurn: true };
  const { bytes, isToBeTurned } = await decodedPhoto(source, checkSize);
  return { data: bytes, followsTurn: isToBeTurned };
}

/** How much larger than its nominal size a drawing is drawn. */
function drawingScale(width: number, height: number): number {
  return Math.max(1, drawingSide / Math.max(1, width, height));
}

/**
 * Looks into a picture without decoding it.
 * @throws file-not-found, file-unreadable, file-is-folder, file-empty, file-unsupported, file-truncated, file-corrupt,
 * image-too-large, image-too-small, runtime-missing, decoder-missing
 */
export async function probeImage(source: ImageSource): Promise<ImageInfo> {
  const format = await formatOf(source);
  try {
    if (format === 'bmp') {
      const { width, height } = readBitmapHeader(typeof source === 'string' ? await headerOf(source) : source);
      checkSize(width, height);
      return { format, width, height, pages: 1, frames: 1, isWebSafe: false };
    }
    const sharp = await loadSharp();
    const { data, followsTurn } = await inputOf(source, format);
    const found = await sharp(data, limits).metadata();
    const scale = format === 'svg' ? drawingScale(found.width, found.height) : 1;
    const upright = followsTurn ? found.autoOrient : found;
    const width = Math.round(upright.width * scale);
    const height = Math.round(upright.height * scale);
    checkSize(width, height);
    const isPaged = format === 'tiff';
    return {
      format, width, height,
      pages: isPaged ? (found.pages ?? 1) : 1,
      frames: isPaged ? 1 : (found.pages ?? 1),
      isWebSafe: format !== 'tiff' && format !== 'svg' && format !== 'heic' && found.space !== 'cmyk' && found.depth === 'uchar',
    };
  } catch (error) {
    throw await decodingError(error, source, format);
  }
}

/** Fewer are a program's way of saying that it does not know. */
const leastDpi = 90;

/**
 * How a picture's stored pixels are turned or mirrored to be shown (EXIF, 1 to 8), and how many make an inch on paper.
 * Throws what `probeImage` throws.
 */
export async function storedForm(source: ImageSource): Promise<{ orientation: number; dpi: number | null }> {
  const format = await formatOf(source);
  if (format === 'bmp') return { orientation: 1, dpi: null };
  try {
    const { data, followsTurn } = await inputOf(source, format);
    const { orientation = 1, density = 0 } = await (await loadSharp())(data, limits).metadata();
    return { orientation: followsTurn ? orientation : 1, dpi: density >= leastDpi ? density : null };
  } catch (error) {
    throw await decodingError(error, source, format);
  }
}

/** Pixels of one page of a TIFF after its orientation. Throws what `probeImage` throws. */
export async function pageSize(source: ImageSource, page: number): Promise<{ width: number; height: number }> {
  const format = await formatOf(source);
  try {
    const { autoOrient } = await (await loadSharp())((await inputOf(source, format)).data, { ...limits, page }).metadata();
    checkSize(autoOrient.width, autoOrient.height);
    return { width: autoOrient.width, height: autoOrient.height };
  } catch (error) {
    throw await decodingError(error, source, format);
  }
}

export interface DecodeOptions {
  /** Page of a TIFF, from 0. */
  page?: number;
  /** Reduces the picture, while decoding, until its long side is at most this. Never enlarges. */
  maxSide?: number;
}

/**
 * Decodes one page: EXIF orientation applied, alpha laid on white, CMYK, grey and 16 bits turned into 8-bit sRGB.
 * Of an animation, the first frame.
 * @throws what `probeImage` throws, and out-of-memory
 */
export async function decodeImage(source: ImageSource, options: DecodeOptions = {}): Promise<Picture> {
  const { page = 0, maxSide } = options;
  const info = await probeImage(source);
  try {
    if (info.format === 'bmp') {
      const decoded = decodeBitmap(await bytesOf(source));
      return maxSide === undefined ? decoded : await reducePicture(decoded, maxSide);
    }
    const sharp = await loadSharp();
    const { data: input, followsTurn } = await inputOf(source, info.format);
    const density = info.format === 'svg' ? { density: Math.min(2400, 72 * drawingScale(...(await nominalSize(input)))) } : {};
    if (page > 0) await pageSize(source, page);
    let pipeline = sharp(input, { ...limits, ...density, ...(info.format === 'tiff' && { page }) });
    if (followsTurn) pipeline = pipeline.autoOrient();
    if (info.format === 'svg') pipeline = pipeline.resize(info.width, info.height, { fit: 'fill' });
    if (maxSide !== undefined) pipeline = pipeline.resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true });
    const { data, info: raw } = await pipeline.flatten({ background: '#ffffff' }).toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    if (raw.channels !== 3) throw new AppError('file-unsupported', { format: info.format, channels: raw.channels });
    return picture(raw.width, raw.height, data);
  } catch (error) {
    throw await decodingError(error, source, info.format);
  }
}

async function nominalSize(input: string | Uint8Array): Promise<[number, number]> {
  const { width, height } = await (await loadSharp())(input, limits).metadata();
  return [width, height];
}

async function pipelineOf({ width, height, channels, data }: Picture) {
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}

/** Scales to exactly `width` × `height`. `linear` is what models were trained with; `lanczos` looks best. */
export async function resizePicture(source: Picture, width: number, height: number, kernel: 'linear' | 'cubic' | 'lanczos' = 'linear'): Promise<Picture> {
  if (width === source.width && height === source.height) return source;
  const named = { linear: 'linear', cubic: 'cubic', lanczos: 'lanczos3' } as const;
  const resized = await (await pipelineOf(source)).resize(width, height, { fit: 'fill', kernel: named[kernel], fastShrinkOnLoad: false }).raw().toBuffer();
  return picture(width, height, resized);
}

/** Scales down until the long side is at most `maxSide`. */
export async function reducePicture(source: Picture, maxSide: number): Promise<Picture> {
  const scale = maxSide / Math.max(source.width, source.height);
  if (scale >= 1) return source;
  return resizePicture(source, Math.max(1, Math.round(source.width * scale)), Math.max(1, Math.round(source.height * scale)), 'lanczos');
}

/** Cuts out a part that lies inside the picture. */
export async function cropPicture(source: Picture, left: number, top: number, width: number, height: number): Promise<Picture> {
  const cut = await (await pipelineOf(source)).extract({ left, top, width, height }).raw().toBuffer();
  return picture(width, height, cut);
}

/** Loses nothing; grey pictures take one channel. */
export async function encodePng(source: Picture): Promise<Uint8Array> {
  const pipeline = await pipelineOf(source);
  return (isGrey(source) ? pipeline.toColourspace('b-w') : pipeline).png({ compressionLevel: 6 }).toBuffer();
}

function isGrey({ data }: Picture): boolean {
  for (let at = 0; at < data.length; at += 3) if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  return true;
}

export async function encodeWebp(source: Picture, quality = 80): Promise<Uint8Array> {
  return (await pipelineOf(source)).webp({ quality, effort: 2 }).toBuffer();
}
