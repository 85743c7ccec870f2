// What a PDF needs to know of a picture file to carry it as it is: the bytes that a PDF's filters understand, and their form.
// Decodes no pixels.
// @source ITU T.81 (JPEG), W3C PNG 3, ISO 32000-1, 7.4 and 8.9

export interface PdfPicture {
  readonly width: number;
  readonly height: number;
  readonly components: 1 | 3 | 4;
  readonly bitsPerComponent: number;
  readonly filter: 'DCTDecode' | 'FlateDecode';
  /** Exactly what stands in the file. */
  readonly data: Uint8Array;
  /** Palette entries as red, green, blue; null when the samples are colours. */
  readonly palette: Uint8Array | null;
  /** CMYK as Adobe's programs write it, with 0 for full ink. */
  readonly inverted: boolean;
}

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Null for kinds that PDF viewers do not decode: lossless, arithmetic or 12-bit JPEG. */
function jpegPicture(bytes: Uint8Array): PdfPicture | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let adobe = false;
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    // Fill bytes, and markers without a length.
    if (marker === 0xff) at++;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (isFrame(marker)) {
      const components = bytes[at + 9]!;
      if (marker > 0xc2 || bytes[at + 4] !== 8 || (components !== 1 && components !== 3 && components !== 4)) return null;
      const width = view.getUint16(at + 7), height = view.getUint16(at + 5);
      // Height 0 would follow after the first scan.
      return width && height ? { width, height, components, bitsPerComponent: 8, filter: 'DCTDecode', data: bytes, palette: null, inverted: components === 4 && adobe } : null;
    } else {
      if (marker === 0xee && at + 9 <= bytes.length && Buffer.from(bytes.subarray(at + 4, at + 9)).toString('latin1') === 'Adobe') adobe = true;
      at += 2 + view.getUint16(at + 2);
    }
  }
  return null;
}

/** Null for PNG with transparency or interlacing, which PDF's filter does not know. */
function pngPicture(bytes: Uint8Array): PdfPicture | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let palette: Uint8Array | null = null;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const kind = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (kind === 'tRNS') return null;
    if (kind === 'PLTE') palette = data;
    if (kind === 'IDAT') parts.push(data);
    if (kind === 'IEND') break;
    at += 12 + length;
  }
  const colourType = bytes[25]!;
  const isPalette = colourType === 3;
  if ((colourType !== 0 && colourType !== 2 && !isPalette) || bytes[28] !== 0 || parts.length === 0 || (isPalette && !palette)) return null;
  return {
    width: view.getUint32(16), height: view.getUint32(20), bitsPerComponent: bytes[24]!, components: colourType === 2 ? 3 : 1, filter: 'FlateDecode',
    data: parts.length === 1 ? parts[0]! : Buffer.concat(parts), palette: isPalette ? palette : null, inverted: false,
  };
}

/** The file as a PDF can carry it, or null when it has to be written anew. */
export function pdfPicture(bytes: Uint8Array): PdfPicture | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegPicture(bytes);
  return bytes.length > 33 && bytes[0] === 0x89 && bytes[1] === 0x50 ? pngPicture(bytes) : null;
}
