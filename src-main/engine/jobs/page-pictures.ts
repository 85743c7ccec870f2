// The pixels of one page of a file of any format, as reading and display need them, and the characters that a PDF says stand on
// it. Keeps the last PDF open, since its pages are asked for one after the other. Reads no text.
import type { FileFormat, PageNote } from '@contract/document.ts';
import type { PageSource } from '@contract/job.ts';
import { AppError } from '../../base/errors.ts';
import { decodeImage, probeImage } from '../../inference/image/decode-image.ts';
import type { Picture } from '../../inference/image/picture.ts';
import { openPdf, type PdfCharacter, type PdfFile } from '../../ocr/rasterize.ts';

let openFile: { key: string; file: Promise<PdfFile>; timer: NodeJS.Timeout } | null = null;
/** A PDF nobody asks for any more gives its memory back after this. */
const keepOpenMs = 5_000;

function closePdf(): void {
  const closing = openFile;
  openFile = null;
  if (!closing) return;
  clearTimeout(closing.timer);
  closing.file.then((file) => file.close(), () => {});
}

/** The PDF at `path`, opened once for consecutive pages. */
export function sharedPdf(path: string, password?: string): Promise<PdfFile> {
  const key = JSON.stringify([path, password]);
  if (openFile?.key === key) {
    openFile.timer.refresh();
  } else {
    closePdf();
    const file = openPdf(path, password);
    openFile = { key, file, timer: setTimeout(closePdf, keepOpenMs) };
    // The timer must not keep a command line alive.
    openFile.timer.unref();
    file.catch(closePdf);
  }
  return openFile!.file;
}

/** How many pages a file has. Throws what opening it throws. */
export async function countPages(path: string, format: FileFormat, password?: string): Promise<number> {
  return format === 'pdf' ? (await sharedPdf(path, password)).pageCount : (await probeImage(path)).pages;
}

export interface DecodedPage {
  /** At full size. */
  readonly picture: Picture;
  readonly notes: PageNote[];
  /** A PDF's own text; null for formats that have none. */
  readonly layer: PdfCharacter[] | null;
}

/** The page's pixels, and what the file says about them. */
export async function decodePage({ path, format, pageIndex, password }: PageSource): Promise<DecodedPage> {
  if (format === 'pdf') {
    const file = await sharedPdf(path, password);
    if (pageIndex >= file.pageCount) throw new AppError('page-not-found', { file: path, page: pageIndex + 1 });
    return { picture: file.draw(pageIndex), notes: [], layer: file.charactersOf(pageIndex) };
  }
  const info = await probeImage(path);
  if (pageIndex >= info.pages) throw new AppError('page-not-found', { file: path, page: pageIndex + 1 });
  const picture = await decodeImage(path, { page: pageIndex });
  return { picture, layer: null, notes: info.frames > 1 ? [{ kind: 'animation', frames: info.frames }] : [] };
}
