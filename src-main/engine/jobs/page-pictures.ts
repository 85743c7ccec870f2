// The pixels of one page of a file of any format, as reading and display need them, and the characters that a PDF says stand on
// it. Keeps the last PDF open, since its pages are asked for one after the other. Reads no text.
import type { FileFormat, PageNote } from '@contract/document.ts';
import type { PageSource } from '@contract/job.ts';
import { AppError } from '../../base/errors.ts';
import { decodeImage, probeImage } from '../../inference/image/decode-image.ts';
import type { Picture } from '../../inference/image/picture.ts';
import { openPdf, type PdfCharacter, type PdfFile } from '../../ocr/rasterize.ts';

interface OpenPdf {
  readonly key: string;
  readonly file: Promise<PdfFile>;
  /** Whoever uses it now: it is not closed under them. */
  users: number;
  timer: NodeJS.Timeout | null;
}

/** The latest last. One that is read and one that is looked at stay open side by side. */
const openPdfs: OpenPdf[] = [];
const mostOpen = 2;
/** A PDF nobody asks for any more gives its memory back after this. */
const keepOpenMs = 5_000;

function closeUnused(keep: number): void {
  for (const one of openPdfs.filter(({ users }) => users === 0).slice(0, Math.max(0, openPdfs.length - keep))) {
    openPdfs.splice(openPdfs.indexOf(one), 1);
    if (one.timer) clearTimeout(one.timer);
    one.file.then((file) => file.close(), () => {});
  }
}

/** Gives `work` the PDF at `path`, opened once for consecutive pages. Throws what opening it throws. */
export async function withPdf<T>(path: string, password: string | undefined, work: (file: PdfFile) => T | Promise<T>): Promise<T> {
  const key = JSON.stringify([path, password]);
  let open = openPdfs.find((one) => one.key === key);
  if (!open) {
    open = { key, file: openPdf(path, password), users: 0, timer: null };
    openPdfs.push(open);
  }
  const mine = open;
  mine.users++;
  if (mine.timer) clearTimeout(mine.timer);
  closeUnused(mostOpen);
  try {
    return await work(await mine.file);
  } catch (error) {
    // A file that did not open is not kept.
    mine.file.catch(() => openPdfs.includes(mine) && openPdfs.splice(openPdfs.indexOf(mine), 1));
    throw error;
  } finally {
    mine.users--;
    mine.timer = setTimeout(() => mine.users === 0 && closeUnused(0), keepOpenMs);
    // The timer must not keep a command line alive.
    mine.timer.unref();
  }
}

/** How many pages a file has. Throws what opening it throws. */
export async function countPages(path: string, format: FileFormat, password?: string): Promise<number> {
  return format === 'pdf' ? await withPdf(path, password, (file) => file.pageCount) : (await probeImage(path)).pages;
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
    return withPdf(path, password, (file) => {
      if (pageIndex >= file.pageCount) throw new AppError('page-not-found', { file: path, page: pageIndex + 1 });
      return { picture: file.draw(pageIndex), notes: [], layer: file.charactersOf(pageIndex) };
    });
  }
  const info = await probeImage(path);
  if (pageIndex >= info.pages) throw new AppError('page-not-found', { file: path, page: pageIndex + 1 });
  const picture = await decodeImage(path, { page: pageIndex });
  return { picture, layer: null, notes: info.frames > 1 ? [{ kind: 'animation', frames: info.frames }] : [] };
}
