// Would catch: a renamed file believed by its extension, or a text file that happens to start like a bitmap accepted.
import { describe, expect, it } from 'vitest';
import { sniffFormat } from '../../../src-main/base/file-format.ts';

const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const isoMedia = (major: string, ...compatible: string[]) => {
  const size = 16 + 4 * compatible.length;
  return bytes(`\0\0\0${String.fromCharCode(size)}ftyp${major}\0\0\0\0${compatible.join('')}`);
};

describe('sniffFormat', () => {
  it('knows every format by its signature', () => {
    expect(sniffFormat(bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'))).toBe('png');
    expect(sniffFormat(bytes('\xff\xd8\xff\xe0\0\x10JFIF'))).toBe('jpeg');
    expect(sniffFormat(bytes('RIFF\x24\0\0\0WEBPVP8 '))).toBe('webp');
    expect(sniffFormat(bytes('II*\0\x08\0\0\0'))).toBe('tiff');
    expect(sniffFormat(bytes('MM\0*\0\0\0\x08'))).toBe('tiff');
    expect(sniffFormat(bytes('II+\0\x08\0\0\0'))).toBe('tiff');
    expect(sniffFormat(bytes('GIF89a\x01\0\x01\0'))).toBe('gif');
    expect(sniffFormat(bytes(`BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0`))).toBe('bmp');
    expect(sniffFormat(bytes('%PDF-1.7\n'))).toBe('pdf');
    expect(sniffFormat(bytes('\n\nrubbish%PDF-1.4\n'))).toBe('pdf');
    expect(sniffFormat(bytes('<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="http://www.w3.org/2000/svg">'))).toBe('svg');
  });

  it('tells AVIF from HEIC by the brands, not by the generic major brand', () => {
    expect(sniffFormat(isoMedia('avif', 'mif1', 'miaf'))).toBe('avif');
    expect(sniffFormat(isoMedia('mif1', 'heic', 'miaf'))).toBe('heic');
    expect(sniffFormat(isoMedia('isom', 'mp41'))).toBeNull();
  });

  it('refuses what is none of them', () => {
    expect(sniffFormat(new Uint8Array(0))).toBeNull();
    expect(sniffFormat(bytes('BMW sells cars, and this is plain text'))).toBeNull();
    expect(sniffFormat(bytes('<html><body><svg></svg></body></html>'))).toBeNull();
    expect(sniffFormat(bytes('RIFF\x24\0\0\0WAVEfmt '))).toBeNull();
    expect(sniffFormat(bytes('PK\x03\x04'))).toBeNull();
  });
});
