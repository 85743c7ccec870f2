// What a file is, judged by its first bytes alone: names and extensions lie. Does not open files and does not decode them.
import type { FileFormat } from '@contract/document.ts';

/** How many bytes from the start of a file `sniffFormat` wants to see (fewer are fine for a small file). */
export const formatHeaderBytes = 1024;

const ascii = (header: Uint8Array, start: number, end: number): string => String.fromCharCode(...header.subarray(start, end));
const startsWith = (header: Uint8Array, ...bytes: number[]): boolean => header.length >= bytes.length && bytes.every((byte, at) => header[at] === byte);

/** Brands of ISO base media files (`ftyp` box) that hold a still picture. */
const avifBrands = new Set(['avif', 'avis']);
const heicBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx']);

function isoMediaFormat(header: Uint8Array): FileFormat | null {
  if (ascii(header, 4, 8) !== 'ftyp') return null;
  const boxSize = ((header[0]! << 24) | (header[1]! << 16) | (header[2]! << 8) | header[3]!) >>> 0;
  // Major brand first; `mif1`/`msf1` only say "some picture", so the compatible brands decide.
  const brands = [ascii(header, 8, 12)];
  for (let at = 16; at + 4 <= Math.min(boxSize, header.length); at += 4) brands.push(ascii(header, at, at + 4));
  for (const brand of brands) {
    if (avifBrands.has(brand)) return 'avif';
    if (heicBrands.has(brand)) return 'heic';
  }
  return null;
}

function isBitmap(header: Uint8Array): boolean {
  if (!startsWith(header, 0x42, 0x4d) || header.length < 18) return false;
  // "BM" also opens plain text: the header size must be one that exists.
  const headerBytes = header[14]! | (header[15]! << 8) | (header[16]! << 16) | (header[17]! << 24);
  return [12, 16, 40, 52, 56, 64, 108, 124].includes(headerBytes);
}

function isSvg(header: Uint8Array): boolean {
  let text = new TextDecoder('utf-8').decode(header).replace(/^\uFEFF/, '');
  // Skip the XML declaration, comments and the doctype, in any number and order.
  for (let before = -1; before !== text.length; ) {
    before = text.length;
    text = text.replace(/^\s+/, '').replace(/^<\?xml[^>]*\?>/i, '').replace(/^<!--[\s\S]*?-->/, '').replace(/^<!DOCTYPE[^>[]*(\[[^\]]*\])?[^>]*>/i, '');
  }
  return /^<svg[\s>]/i.test(text);
}

/** The format that the first bytes of a file show, or null when it is none that Lectern opens. */
export function sniffFormat(header: Uint8Array): FileFormat | null {
  if (startsWith(header, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (startsWith(header, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (ascii(header, 0, 4) === 'RIFF' && ascii(header, 8, 12) === 'WEBP') return 'webp';
  // II*\0, MM\0*, and the BigTIFF forms with 43 for 42.
  if (startsWith(header, 0x49, 0x49, 0x2a, 0) || startsWith(header, 0x4d, 0x4d, 0, 0x2a)) return 'tiff';
  if (startsWith(header, 0x49, 0x49, 0x2b, 0) || startsWith(header, 0x4d, 0x4d, 0, 0x2b)) return 'tiff';
  if (/^GIF8[79]a$/.test(ascii(header, 0, 6))) return 'gif';
  if (isBitmap(header)) return 'bmp';
  const isoMedia = isoMediaFormat(header);
  if (isoMedia) return isoMedia;
  // A PDF may carry up to 1024 bytes of rubbish before its header (ISO 32000-1, Annex H.3.4.1).
  if (ascii(header, 0, Math.min(header.length, 1024)).includes('%PDF-')) return 'pdf';
  if (isSvg(header)) return 'svg';
  return null;
}
