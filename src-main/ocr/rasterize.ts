// The one door to PDFium: opens a PDF, says how large its pages are, draws them into pixels, lists the characters that it says
// stand on them. Gives PDFium fonts for scripts that a PDF names but does not carry. Knows nothing of recognition.
import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium';
import type { PagePoint, Quad } from '@contract/geometry.ts';
import { AppError, fileError } from '../base/errors.ts';
import { logFor } from '../base/log.ts';
import { picture, type Picture } from '../inference/image/picture.ts';
import { locateModelFile } from './model-files.ts';

const log = logFor('pdf');

/** Pages are drawn so that their long side comes to about this, within these limits: A4 at 171 dpi. */
const targetLongSide = 2000;
const minDpi = 100, maxDpi = 200;
/** A page larger than this (a poster, a plan) is drawn more coarsely. */
const maxPixels = 100e6;
const maxFileBytes = 1e9;

/** One character as the file's text layer has it. */
export interface PdfCharacter {
  /** A space or line end that PDFium put in where it saw a gap counts like one of the file's own. */
  readonly text: string;
  /** In pixels of the page as `draw` draws it, clockwise from the character's own top left; null for spaces and line ends. */
  readonly quad: Quad | null;
  /** The font does not say which character its glyph is. */
  readonly unmapped: boolean;
  /** Written in a mode that paints nothing, as recognised text is laid under scans. */
  readonly invisible: boolean;
}

/** PDFium keeps one file in its own memory while it is open. */
export interface PdfFile {
  readonly pageCount: number;
  /** Pixels of the drawn page and the resolution it is drawn at. */
  sizeOf(pageIndex: number): { width: number; height: number; dpi: number };
  /** Draws a page as `sizeOf` says, or smaller with `maxSide`. */
  draw(pageIndex: number, maxSide?: number): Picture;
  /** The page's text layer in the file's order; empty when it has none. */
  charactersOf(pageIndex: number): PdfCharacter[];
  close(): void;
}

let pdfium: Promise<WrappedPdfiumModule> | null = null;

function loadPdfium(): Promise<WrappedPdfiumModule> {
  pdfium ??= (async () => {
    try {
      const bytes = await readFile(locateModelFile({ package: '@embedpdf/pdfium', path: 'dist/pdfium.wasm' }));
      const wasmBinary = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
      const module = await init({ wasmBinary });
      module.PDFiumExt_Init();
      provideFonts(module);
      return module;
    } catch (error) {
      pdfium = null;
      throw error instanceof AppError ? error : new AppError('runtime-missing', { name: 'pdfium' }, error);
    }
  })();
  return pdfium;
}

/** Windows charset numbers, by which PDFium asks for a font. */
const charsetFonts: Readonly<Record<number, readonly [package_: string, path: string]>> = {
  128: ['@embedpdf/fonts-jp', 'fonts/NotoSansJP-Regular.otf'],
  129: ['@embedpdf/fonts-kr', 'fonts/NotoSansKR-Regular.otf'],
  134: ['@embedpdf/fonts-sc', 'fonts/NotoSansHans-Regular.otf'],
  136: ['@embedpdf/fonts-tc', 'fonts/NotoSansHant-Regular.otf'],
};

/**
 * Answers PDFium's questions for system fonts with the bundled ones: there is no system to ask in WebAssembly.
 * @source PDFium, public/fpdf_sysfontinfo.h, FPDF_SYSFONTINFO version 1
 */
function provideFonts(module: WrappedPdfiumModule): void {
  const { pdfium: runtime } = module;
  const fonts = new Map<number, Uint8Array | null>();
  const fontFor = (charset: number): Uint8Array | null => {
    if (!fonts.has(charset)) {
      const entry = charsetFonts[charset];
      try {
        fonts.set(charset, entry ? readFileSync(locateModelFile({ package: entry[0], path: entry[1] })) : null);
      } catch (error) {
        log('warn', `no font for charset ${charset}`, error);
        fonts.set(charset, null);
      }
    }
    return fonts.get(charset) ?? null;
  };
  const heap = (): Uint8Array => (runtime as unknown as { HEAPU8: Uint8Array }).HEAPU8;
  // A handle is the charset itself; 0 means "none".
  const mapFont = (_self: number, _weight: number, _italic: number, charset: number): number => (fontFor(charset) ? charset : 0);
  const fontData = (_self: number, handle: number, table: number, buffer: number, size: number): number => {
    const font = fontFor(handle);
    const part = font && (table === 0 ? font : fontTable(font, table));
    if (!part) return 0;
    if (buffer !== 0 && size >= part.length) heap().set(part, buffer);
    return part.length;
  };
  const functions: number[] = [
    runtime.addFunction(() => {}, 'vi'),
    0, // EnumFonts: MapFont is asked for every font instead.
    runtime.addFunction(mapFont, 'iiiiiiii'),
    0, // GetFont by name
    runtime.addFunction(fontData, 'iiiiii'),
    runtime.addFunction(() => 0, 'iiiii'),
    runtime.addFunction((_self: number, handle: number) => handle, 'iii'),
    runtime.addFunction(() => {}, 'vii'),
  ];
  const info = runtime.wasmExports.malloc(4 * (functions.length + 1));
  runtime.setValue(info, 1, 'i32');
  functions.forEach((pointer, at) => runtime.setValue(info + 4 * (at + 1), pointer, 'i32'));
  module.FPDF_SetSystemFontInfo(info);
}

/** One table of an OpenType font by its four-letter tag. */
function fontTable(font: Uint8Array, tag: number): Uint8Array | null {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const count = view.getUint16(4);
  for (let at = 0; at < count; at++) {
    const entry = 12 + at * 16;
    if (view.getUint32(entry) === tag >>> 0) return font.subarray(view.getUint32(entry + 8), view.getUint32(entry + 8) + view.getUint32(entry + 12));
  }
  return null;
}

// PDFium's error numbers (fpdfview.h).
const formatError = 3, passwordError = 4;

/**
 * Opens a PDF. Close it: PDFium's memory is not collected.
 * @throws file-not-found, file-unreadable, file-is-folder, file-empty, file-too-large, file-corrupt, file-truncated, pdf-encrypted, pdf-empty, runtime-missing
 */
export async function openPdf(path: string, password?: string): Promise<PdfFile> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size === 0) throw new AppError('file-empty', { file: path });
    if (size > maxFileBytes) throw new AppError('file-too-large', { file: path, sizeBytes: size, limitBytes: maxFileBytes });
    bytes = await readFile(path);
  } catch (error) {
    throw fileError(error, path);
  }
  const module = await loadPdfium();
  const { malloc, free } = module.pdfium.wasmExports;
  const heap = (): Uint8Array => (module.pdfium as unknown as { HEAPU8: Uint8Array }).HEAPU8;
  const data = malloc(bytes.length);
  if (data === 0) throw new AppError('out-of-memory', { file: path });
  heap().set(bytes, data);
  const document = module.FPDF_LoadMemDocument(data, bytes.length, password ?? '');
  if (document === 0) {
    const { FPDF_GetLastError: reasonOf } = module;
    const reason = reasonOf();
    free(data);
    if (reason === passwordError) throw new AppError('pdf-encrypted', { file: path, passwordGiven: password !== undefined });
    const tail = new TextDecoder('latin1').decode(bytes.subarray(Math.max(0, bytes.length - 1024)));
    throw new AppError(reason === formatError && !tail.includes('%%EOF') ? 'file-truncated' : 'file-corrupt', { file: path, format: 'pdf' });
  }
  const pageCount = module.FPDF_GetPageCount(document);
  if (pageCount === 0) {
    module.FPDF_CloseDocument(document);
    free(data);
    throw new AppError('pdf-empty', { file: path });
  }

  const pointsOf = (pageIndex: number): [number, number] => {
    const size = malloc(8);
    const known = module.FPDF_GetPageSizeByIndexF(document, pageIndex, size);
    const points: [number, number] = [module.pdfium.getValue(size, 'float'), module.pdfium.getValue(size + 4, 'float')];
    free(size);
    if (!known || !(points[0] > 0) || !(points[1] > 0)) throw new AppError('file-corrupt', { file: path, format: 'pdf', page: pageIndex + 1 });
    return points;
  };
  const sizeOf = (pageIndex: number): { width: number; height: number; dpi: number } => {
    const [width, height] = pointsOf(pageIndex);
    let dpi = Math.min(maxDpi, Math.max(minDpi, (targetLongSide * 72) / Math.max(width, height)));
    dpi = Math.min(dpi, 72 * Math.sqrt(maxPixels / (width * height)));
    return { width: Math.max(1, Math.round((width * dpi) / 72)), height: Math.max(1, Math.round((height * dpi) / 72)), dpi };
  };
  return {
    pageCount, sizeOf,
    draw(pageIndex, maxSide) {
      const full = sizeOf(pageIndex);
      const scale = maxSide === undefined ? 1 : Math.min(1, maxSide / Math.max(full.width, full.height));
      const width = Math.max(1, Math.round(full.width * scale)), height = Math.max(1, Math.round(full.height * scale));
      const page = module.FPDF_LoadPage(document, pageIndex);
      if (page === 0) throw new AppError('file-corrupt', { file: path, format: 'pdf', page: pageIndex + 1 });
      const bgr = 2, drawAnnotations = 0x01, redFirst = 0x10;
      const bitmap = module.FPDFBitmap_CreateEx(width, height, bgr, 0, 0);
      try {
        if (bitmap === 0) throw new AppError('out-of-memory', { file: path });
        module.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
        module.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, drawAnnotations | redFirst);
        const stride = module.FPDFBitmap_GetStride(bitmap), from = module.FPDFBitmap_GetBuffer(bitmap);
        const pixels = new Uint8Array(width * height * 3);
        const source = heap();
        for (let y = 0; y < height; y++) pixels.set(source.subarray(from + y * stride, from + y * stride + width * 3), y * width * 3);
        return picture(width, height, pixels);
      } finally {
        if (bitmap !== 0) module.FPDFBitmap_Destroy(bitmap);
        module.FPDF_ClosePage(page);
      }
    },
    charactersOf(pageIndex) {
      const page = module.FPDF_LoadPage(document, pageIndex);
      if (page === 0) throw new AppError('file-corrupt', { file: path, format: 'pdf', page: pageIndex + 1 });
      try {
        return charactersOn(module, page, sizeOf(pageIndex));
      } finally {
        module.FPDF_ClosePage(page);
      }
    },
    close() {
      module.FPDF_CloseDocument(document);
      free(data);
    },
  };
}

/** How far a letter reaches over and under its baseline, in font sizes, where the font does not say. */
const usualAscent = 0.9, usualDescent = 0.22;
const paintsNothing = 3;

/** The characters of an open page. `size` is that of the drawn page. */
function charactersOn(module: WrappedPdfiumModule, page: number, size: { width: number; height: number }): PdfCharacter[] {
  const { malloc, free } = module.pdfium.wasmExports;
  const text = module.FPDFText_LoadPage(page);
  if (text === 0) return [];
  const memory = malloc(64);
  const number = (at: number, kind: 'double' | 'float' | 'i32'): number => module.pdfium.getValue(memory + at, kind);
  try {
    // PDFium answers in whole pixels: asked for a page this much larger, it says where its corners lie to a fraction of one.
    const finer = 64;
    const corner = (x: number, y: number): PagePoint => {
      module.FPDF_PageToDevice(page, 0, 0, size.width * finer, size.height * finer, 0, x, y, memory, memory + 4);
      return [number(0, 'i32') / finer, number(4, 'i32') / finer];
    };
    const zero = corner(0, 0), right = corner(1000, 0), up = corner(0, 1000);
    const turn = (x: number, y: number): PagePoint => [((right[0] - zero[0]) * x + (up[0] - zero[0]) * y) / 1000, ((right[1] - zero[1]) * x + (up[1] - zero[1]) * y) / 1000];
    const place = (x: number, y: number): PagePoint => {
      const [dx, dy] = turn(x, y);
      return [zero[0] + dx, zero[1] + dy];
    };
    const invisible = new Map<number, boolean>();
    const isInvisible = (index: number): boolean => {
      const owner = module.FPDFText_GetTextObject(text, index);
      if (!invisible.has(owner)) invisible.set(owner, owner !== 0 && module.FPDFTextObj_GetTextRenderMode(owner) === paintsNothing);
      return invisible.get(owner)!;
    };
    /** Around the character along its own direction, from its baseline and font size; null when the file gives neither place nor size. */
    const quadOf = (index: number): Quad | null => {
      if (!module.FPDFText_GetCharBox(text, index, memory, memory + 8, memory + 16, memory + 24)) return null;
      const [left, end, bottom, top] = [number(0, 'double'), number(8, 'double'), number(16, 'double'), number(24, 'double')];
      const ink = [place(left, bottom), place(end, bottom), place(end, top), place(left, top)];
      if (!module.FPDFText_GetMatrix(text, index, memory)) return null;
      const [a, b, c, d] = [number(0, 'float'), number(4, 'float'), number(8, 'float'), number(12, 'float')];
      const emScale = Math.hypot(...turn(c, d));
      const along = turn(a, b), length = Math.hypot(...along);
      if (!module.FPDFText_GetCharOrigin(text, index, memory, memory + 8) || length === 0) return null;
      const origin = place(number(0, 'double'), number(8, 'double'));
      const [ux, uy] = [along[0] / length, along[1] / length];
      const position = ([x, y]: PagePoint): [number, number] => [(x - origin[0]) * ux + (y - origin[1]) * uy, (y - origin[1]) * ux - (x - origin[0]) * uy];
      const points = ink.map(position);
      const em = module.FPDFText_GetFontSize(text, index) * emScale || Math.max(...points.map(([, y]) => y)) - Math.min(...points.map(([, y]) => y));
      const from = Math.min(0, ...points.map(([x]) => x)), to = Math.max(...points.map(([x]) => x));
      const over = Math.min(-usualAscent * em, ...points.map(([, y]) => Math.max(y, -1.4 * em))), under = Math.max(usualDescent * em, ...points.map(([, y]) => Math.min(y, 0.6 * em)));
      if (!(to > from) || !(under > over)) return null;
      const at = (x: number, y: number): PagePoint => [origin[0] + x * ux - y * uy, origin[1] + x * uy + y * ux];
      return [at(from, over), at(to, over), at(to, under), at(from, under)];
    };
    const characters: PdfCharacter[] = [];
    const count = module.FPDFText_CountChars(text);
    for (let index = 0; index < count; index++) {
      let code = module.FPDFText_GetUnicode(text, index);
      const unmapped = module.FPDFText_HasUnicodeMapError(text, index) === 1;
      if (code >= 0xd800 && code < 0xdc00 && index + 1 < count) {
        const low = module.FPDFText_GetUnicode(text, index + 1);
        if (low >= 0xdc00 && low < 0xe000) {
          code = 0x10000 + (code - 0xd800) * 0x400 + (low - 0xdc00);
          index++;
        }
      }
      // A hyphen at the end of a line comes as a control character of PDFium's own.
      const character = module.FPDFText_IsHyphen(text, index) === 1 ? '-' : code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
      const blank = character.trim() === '';
      characters.push({ text: character, quad: blank ? null : quadOf(index), unmapped: unmapped && !blank, invisible: isInvisible(index) });
    }
    return characters;
  } finally {
    free(memory);
    module.FPDFText_ClosePage(text);
  }
}
