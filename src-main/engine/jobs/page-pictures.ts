// The pixels of one page of a file of any format, as reading and display need them. Keeps the last PDF open, since its pages
// are asked for one after the other. Knows no text.
import type { FileFormat, PageNote } from '@contract/document.ts';
import type { PageSource } from '@contract/job.ts';
import { AppError } from '../../base/errors.ts';
import { decodeImage, probeImage } from '../../inference/image/decode-image.ts';
import type { Picture } from '../../inference/image/picture.ts';
import { openPdf, type PdfFile } from '../../ocr/rasterize.ts';

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

/** The page's pixels at full size, and what is to be said about them. */
export async function decodePage({ path, format, pageIndex, password }: PageSource): Promise<{ picture: Picture; notes: PageNote[] }> {
  if (format === 'pdf') {
    const file = await sharedPdf(path, password);
    if (pageIndex >= file.pageCount) throw new AppError('page-not-found', { file: path, page: pageIndex + 1 });
    return { picture: file.draw(pageIndex), notes: [] };
  }
  const info = await probeImage(path);
  if (pageIndex >= info.pages) throw new AppError('page-not-found', { file: path, page: pageIndex + 1 });
  const picture = await decodeImage(path, { page: pageIndex });
  return { picture, notes: info.frames > 1 ? [{ kind: 'animation', frames: info.frames }] : [] };
}
