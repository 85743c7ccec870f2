// Pages as a PDF that looks like its pictures and can be searched: the pictures' own bytes with invisible text over them, or a PDF
// that existed with such text added to its scanned pages. Knows neither decoding nor disk.
import { createHash } from 'node:crypto';
import type { PDFContext, PDFDocument, PDFPage, PDFRef } from '@cantoo/pdf-lib';
import type { PageText } from '@contract/document.ts';
import type { PagePoint, PdfPoint } from '@contract/geometry.ts';
import { AppError, assert } from '../base/errors.ts';
import { ascent, descent, glyphlessFont, unitsPerEm } from './glyphless-font.ts';
import { CharacterCodes, invisibleText, toUnicodeMap, type ToPdf } from './invisible-text.ts';
import { mainLanguage } from './page-places.ts';
import { pdfPicture, type PdfPicture } from './pdf-picture.ts';

export interface PicturePage {
  text: PageText;
  /** A JPEG or PNG file that `canCarry`. */
  picture: Uint8Array;
  /** How the file's pixels are turned or mirrored to be shown: EXIF 1 to 8. */
  orientation: number;
  /** Pixels per inch, null when the file does not say. */
  dpi: number | null;
}

/** Whether a picture file can lie in a PDF byte for byte. */
export const canCarry = (file: Uint8Array): boolean => pdfPicture(file) !== null;

/** The size a page gets whose file does not say how large it is: A4's long side. */
const usualLongSide = 842;
/** No viewer opens larger pages. @source ISO 32000-1, Annex C */
const maxSide = 14_400;

const library = () => import('@cantoo/pdf-lib');

/** Points per pixel. */
function scaleOf({ width, height }: PageText, dpi: number | null): number {
  const longSide = Math.max(width, height);
  const scale = dpi === null ? usualLongSide / longSide : 72 / dpi;
  return Math.min(scale, maxSide / longSide);
}

/** Where a point of the stored picture comes to lie after the page's turn to upright, both as shares [right, down]. */
function uprightShare(rotation: PageText['rotation'], [right, down]: readonly [number, number]): [number, number] {
  return rotation === 90 ? [1 - down, right] : rotation === 180 ? [1 - right, 1 - down] : rotation === 270 ? [down, 1 - right] : [right, down];
}

/**
 * Where a point of the file's pixels comes to lie in the picture that is shown, both as shares [right, down].
 * @source Exif 2.32, 4.6.4 A, Orientation
 */
function shownShare(orientation: number, u: number, v: number): [number, number] {
  switch (orientation) {
    case 2: return [1 - u, v];
    case 3: return [1 - u, 1 - v];
    case 4: return [u, 1 - v];
    case 5: return [v, u];
    case 6: return [1 - v, u];
    case 7: return [1 - v, 1 - u];
    case 8: return [v, 1 - u];
    default: return [u, v];
  }
}

/** The matrix that lays a file's pixels (a unit square whose origin is its bottom left) over the page. */
function pictureMatrix(orientation: number, place: (shown: [number, number]) => PdfPoint): readonly number[] {
  const point = (x: number, y: number): PdfPoint => place(shownShare(orientation, x, 1 - y));
  const [ox, oy] = point(0, 0), [ax, ay] = point(1, 0), [bx, by] = point(0, 1);
  return [ax - ox, ay - oy, bx - ox, by - oy, ox, oy];
}

function addPicture(context: PDFContext, picture: PdfPicture): PDFRef {
  const { width, height, components, bitsPerComponent, filter, data, palette, inverted } = picture;
  const colours = { 1: 'DeviceGray', 3: 'DeviceRGB', 4: 'DeviceCMYK' }[components];
  const indexed = palette && context.obj(['Indexed', 'DeviceRGB', palette.length / 3 - 1, context.register(context.flateStream(palette))]);
  return context.register(context.stream(data, {
    Type: 'XObject', Subtype: 'Image', Width: width, Height: height, BitsPerComponent: bitsPerComponent, ColorSpace: indexed ?? colours, Filter: filter,
    ...(filter === 'FlateDecode' && { DecodeParms: { Predictor: 15, Colors: components, BitsPerComponent: bitsPerComponent, Columns: width } }),
    ...(inverted && { Decode: [1, 0, 1, 0, 1, 0, 1, 0] }),
  }));
}

/** The font of the invisible text, written under `ref` when all codes are known. */
async function addFont(context: PDFContext, ref: PDFRef, characters: readonly string[]): Promise<void> {
  const { PDFString } = await library();
  const fontName = 'LecternGlyphless';
  const size = 1000 / unitsPerEm;
  const file = context.register(context.flateStream(glyphlessFont, { Length1: glyphlessFont.length }));
  const descriptor = context.register(context.obj({
    Type: 'FontDescriptor', FontName: fontName, Flags: 5, FontBBox: [0, descent * size, 1000, ascent * size], ItalicAngle: 0,
    Ascent: ascent * size, Descent: descent * size, CapHeight: ascent * size, StemV: 80, FontFile2: file,
  }));
  // Every code is drawn with the one empty glyph.
  const glyphs = Buffer.alloc(2 * (characters.length + 1));
  for (let code = 1; code <= characters.length; code++) glyphs.writeUInt16BE(1, 2 * code);
  const cidFont = context.register(context.obj({
    Type: 'Font', Subtype: 'CIDFontType2', BaseFont: fontName, CIDSystemInfo: { Registry: PDFString.of('Adobe'), Ordering: PDFString.of('Identity'), Supplement: 0 },
    FontDescriptor: descriptor, DW: 1000, CIDToGIDMap: context.register(context.flateStream(new Uint8Array(glyphs))),
  }));
  context.assign(ref, context.obj({
    Type: 'Font', Subtype: 'Type0', BaseFont: fontName, Encoding: 'Identity-H', DescendantFonts: [cidFont], ToUnicode: context.register(context.flateStream(toUnicodeMap(characters))),
  }));
}

/** A new PDF of pictures with their text, archivable (PDF/A-2u) unless a picture's inks forbid it. `madeAt` becomes its date. */
export async function picturesPdf(pages: readonly PicturePage[], { title, madeAt }: { title: string; madeAt: Date }): Promise<Uint8Array> {
  const { PDFDocument: Pdf, PDFHexString, PDFName } = await library();
  const document = await Pdf.create({ updateMetadata: false });
  const { context } = document;
  document.setTitle(title);
  document.setCreator('Lectern');
  document.setProducer('Lectern');
  document.setCreationDate(madeAt);
  document.setModificationDate(madeAt);
  const language = mainLanguage(pages.map((page) => page.text));
  if (language) document.setLanguage(language);
  const font = context.nextRef();
  const codes = new CharacterCodes();
  let isArchivable = true;
  for (const { text, picture: bytes, orientation, dpi } of pages) {
    const picture = pdfPicture(bytes);
    assert(picture, 'only pictures that a PDF can carry are given');
    isArchivable &&= picture.components !== 4;
    const scale = scaleOf(text, dpi);
    const isTurned = text.rotation % 180 !== 0;
    const width = (isTurned ? text.height : text.width) * scale, height = (isTurned ? text.width : text.height) * scale;
    // The picture is turned, not the page: some viewers lose their place in text that runs up a page.
    const place = (shown: readonly [number, number]): PdfPoint => {
      const [right, down] = uprightShare(text.rotation, shown);
      return [right * width, (1 - down) * height];
    };
    const toPdf: ToPdf = ([x, y]: PagePoint): PdfPoint => place([x / text.width, y / text.height]);
    const matrix = pictureMatrix(orientation, place).map((value) => value.toFixed(4)).join(' ');
    const page = document.addPage([width, height]);
    const content = `q ${matrix} cm /P Do Q\n${invisibleText(text, codes, toPdf, 'F')}`;
    page.node.set(PDFName.of('Resources'), context.obj({ XObject: { P: addPicture(context, picture) }, Font: { F: font } }));
    page.node.set(PDFName.of('Contents'), context.register(context.flateStream(content)));
  }
  await addFont(context, font, codes.characters);
  // The standard wants an identity; the same pages have the same.
  const id = PDFHexString.of(createHash('md5').update(title).update(madeAt.toISOString()).update(JSON.stringify(pages.map((page) => page.text))).digest('hex'));
  context.trailerInfo.ID = context.obj([id, id]);
  if (isArchivable) document.convertToPDFA({ conformance: '2U' });
  return document.save({ useObjectStreams: false });
}

export interface ScannedPage {
  pageIndex: number;
  text: PageText;
}

/** From pixels of the page as it is shown to its own points, before the turn that the page asks for. */
function shownToPdf(page: PDFPage, text: PageText): ToPdf {
  const { x, y, width, height } = page.getCropBox();
  const turn = ((page.getRotation().angle % 360) + 360) % 360;
  return ([px, py]) => {
    const right = px / text.width, down = py / text.height;
    // Shares from the left and from the top of the page before its turn.
    const [across, fall] = turn === 90 ? [down, 1 - right] : turn === 180 ? [1 - right, 1 - down] : turn === 270 ? [1 - down, right] : [right, down];
    return [x + across * width, y + (1 - fall) * height];
  };
}

async function openOriginal(original: Uint8Array, options: { forIncrementalUpdate?: boolean }): Promise<PDFDocument> {
  const { PDFDocument: Pdf, EncryptedPDFError } = await library();
  try {
    return await Pdf.load(original, { updateMetadata: false, ...options });
  } catch (error) {
    throw new AppError(error instanceof EncryptedPDFError ? 'pdf-encrypted' : 'file-corrupt', { format: 'pdf' }, error);
  }
}

/**
 * A PDF with text over the pages that have none of their own. What it held stays as it was, byte for byte, with the text appended;
 * `only` makes a new PDF of these pages, from 0, instead.
 * @throws pdf-encrypted, file-corrupt
 */
export async function withTextLayer(original: Uint8Array, scanned: readonly ScannedPage[], only: readonly number[] | null): Promise<Uint8Array> {
  if (scanned.length === 0 && only === null) return original;
  const { PDFDocument: Pdf } = await library();
  const source = await openOriginal(original, { forIncrementalUpdate: only === null });
  let document = source;
  if (only) {
    document = await Pdf.create({ updateMetadata: false });
    for (const page of await document.copyPages(source, [...only])) document.addPage(page);
  }
  const { context } = document;
  const font = context.nextRef();
  const codes = new CharacterCodes();
  for (const { pageIndex, text } of scanned) {
    const page = document.getPages()[only ? only.indexOf(pageIndex) : pageIndex];
    if (!page) continue;
    // First the page's own content is closed off, then the font has its name on this page.
    page.node.normalize();
    const key = page.node.newFontDictionary('Lectern', font);
    const content = invisibleText(text, codes, shownToPdf(page, text), key.decodeText());
    if (content) page.node.addContentStream(context.register(context.flateStream(content)));
  }
  await addFont(context, font, codes.characters);
  return only ? document.save() : document.commit();
}
