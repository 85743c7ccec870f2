// Writes a document as a searchable PDF: its pictures as they are stored, or the PDF that it is, with the text over them.
import { readFile } from 'node:fs/promises';
import { linesOf, type FileFormat, type PageText } from '@contract/document.ts';
import { writtenPage, type JobInput, type JobResult, type WrittenPage } from '@contract/job.ts';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { AppError, fileError } from '../../base/errors.ts';
import { throwIfCancelled, type Job } from '../../base/job.ts';
import { canCarry, picturesPdf, withTextLayer, type PicturePage } from '../../exporters/searchable-pdf.ts';
import { encodePng, storedForm } from '../../inference/image/decode-image.ts';
import { decodePage, withPdf } from './page-pictures.ts';

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError(error, path);
  }
}

/** The file itself where a PDF can hold it, else its pixels without loss. */
async function picturePage(path: string, format: FileFormat, pageIndex: number, text: PageText): Promise<PicturePage> {
  const { orientation, dpi } = await storedForm(path);
  if (format === 'jpeg' || format === 'png') {
    const bytes = await bytesOf(path);
    if (canCarry(bytes)) return { text, picture: bytes, orientation, dpi };
  }
  const { picture } = await decodePage({ path, format, pageIndex });
  return { text, picture: await encodePng(picture), orientation: 1, dpi };
}

/** The job with its pages at hand. */
type Work = Omit<JobInput<'write-pdf'>, 'pages'> & { pages: readonly WrittenPage[] };

async function pagesIn(file: string): Promise<WrittenPage[]> {
  const lines = new TextDecoder().decode(await bytesOf(file)).split('\n');
  return lines.filter((line) => line !== '').map((line) => writtenPage.parse(JSON.parse(line)));
}

/** The PDF with text where it has none of its own: text over text would be copied twice. */
async function originalWithText({ path, password, whole, pages }: Work): Promise<Uint8Array> {
  const scanned = await withPdf(path, password, (file): WrittenPage[] => pages.filter(({ pageIndex, text }) => linesOf(text).length > 0 && !file.charactersOf(pageIndex).some((character) => character.quad !== null && !character.unmapped)));
  return withTextLayer(await bytesOf(path), scanned, whole ? null : pages.map((page) => page.pageIndex));
}

/** The pages of a protected PDF, drawn: its objects cannot be taken over. */
function drawnPages({ path, password, pages }: Work): Promise<PicturePage[]> {
  return withPdf(path, password, async (file) => {
    const drawn: PicturePage[] = [];
    for (const { pageIndex, text } of pages) drawn.push({ text, picture: await encodePng(file.draw(pageIndex)), orientation: 1, dpi: file.sizeOf(pageIndex).dpi });
    return drawn;
  });
}

async function bytesOfPdf(job: Job, input: Work): Promise<Uint8Array> {
  const { path, format, title, pages, password } = input;
  const facts = { title, madeAt: new Date() };
  if (format !== 'pdf') {
    const pictures: PicturePage[] = [];
    for (const [at, page] of pages.entries()) {
      throwIfCancelled(job);
      pictures.push(await picturePage(path, format, page.pageIndex, page.text));
      job.progress('writing', at / pages.length);
    }
    return picturesPdf(pictures, facts);
  }
  try {
    return await originalWithText(input);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'pdf-encrypted' || password === undefined) throw error;
    return picturesPdf(await drawnPages(input), facts);
  }
}

/** @throws every code that opening the file throws, pdf-encrypted, disk-full, file-exists, write-failed, job-cancelled */
export async function writePdf(job: Job, input: JobInput<'write-pdf'>): Promise<JobResult<'write-pdf'>> {
  const { pages } = input;
  const bytes = await bytesOfPdf(job, { ...input, pages: Array.isArray(pages) ? pages : await pagesIn(pages.file) });
  throwIfCancelled(job);
  await writeFileAtomically(input.outputFile, bytes, { overwrite: input.overwrite });
  return {};
}
