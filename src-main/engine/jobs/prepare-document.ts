// Makes a document ready to be shown: counts and measures its pages, and says which picture of each the window shall draw. A single
// picture is drawn at once; the pages of a PDF or TIFF later, when somebody looks at them. Reads no text.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PageNote } from '@contract/document.ts';
import type { JobInput, JobResult, PreparedPage } from '@contract/job.ts';
import { displayLongSide, thumbnailSide } from '../../base/display-size.ts';
import { AppError, fileError } from '../../base/errors.ts';
import { throwIfCancelled, type Job } from '../../base/job.ts';
import { pageSize, probeImage } from '../../inference/image/decode-image.ts';
import { drawPage } from './draw-page.ts';
import { withPdf } from './page-pictures.ts';

/** A page whose size the file does not give is shown as an empty sheet of A4. */
const unknownSize = { width: 1414, height: 2000 };

const numbered = (kind: string, pageIndex: number): string => `${kind}-${String(pageIndex + 1).padStart(5, '0')}.webp`;

function reducedNote(width: number, height: number): PageNote[] {
  const longSide = displayLongSide(width, height), scale = longSide / Math.max(width, height);
  return longSide < Math.max(width, height) - 1 ? [{ kind: 'display-reduced', width: Math.round(width * scale), height: Math.round(height * scale) }] : [];
}

/** @throws every code that opening the file throws, disk-full, write-failed, job-cancelled */
export async function prepareDocument(job: Job, input: JobInput<'prepare-document'>): Promise<JobResult<'prepare-document'>> {
  const { path, format, outputFolder, password } = input;
  try {
    await mkdir(outputFolder, { recursive: true });
  } catch (error) {
    throw fileError(error, outputFolder, 'write-failed');
  }
  job.progress('decoding', 0);
  const filesOf = (pageIndex: number): { displayFile: string; thumbnailFile: string } => ({
    displayFile: join(outputFolder, numbered('page', pageIndex)), thumbnailFile: join(outputFolder, numbered('thumbnail', pageIndex)),
  });
  const pages: PreparedPage[] = [];

  if (format === 'pdf') {
    await withPdf(path, password, async (file) => {
      for (let pageIndex = 0; pageIndex < file.pageCount; pageIndex++) {
        throwIfCancelled(job);
        pages.push({ ...measured(() => file.sizeOf(pageIndex)), ...filesOf(pageIndex) });
      }
    });
    // Without its password the file is closed again after this session: what can be seen of it is kept now.
    if (password !== undefined) await drawAll(job, input, pages);
    return { pages };
  }

  const info = await probeImage(path);
  for (let pageIndex = 0; pageIndex < info.pages; pageIndex++) {
    throwIfCancelled(job);
    const { width, height } = pageIndex === 0 ? info : await pageSize(path, pageIndex);
    const { displayFile, thumbnailFile } = filesOf(pageIndex);
    const needsDisplay = !info.isWebSafe || info.frames > 1 || displayLongSide(width, height) < Math.max(width, height);
    pages.push({
      width, height, thumbnailFile, displayFile: needsDisplay ? displayFile : null,
      notes: [...(needsDisplay ? reducedNote(width, height) : []), ...(info.frames > 1 ? [{ kind: 'animation', frames: info.frames } as const] : [])],
    });
  }
  // One page costs no wait worth mentioning, and drawing it shows whether it can be decoded at all.
  if (info.pages === 1) await drawAll(job, input, pages);
  return { pages };
}

/** A page that the file names but does not hold is there all the same, with the reason beside it. */
function measured(size: () => { width: number; height: number }): Pick<PreparedPage, 'width' | 'height' | 'notes'> {
  try {
    const { width, height } = size();
    return { width, height, notes: reducedNote(width, height) };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'file-corrupt') throw error;
    return { ...unknownSize, notes: [{ kind: 'damaged', detail: 'The file does not say how large this page is.' }] };
  }
}

async function drawAll(job: Job, { path, format, password }: JobInput<'prepare-document'>, pages: readonly PreparedPage[]): Promise<void> {
  for (const [pageIndex, { width, height, displayFile, thumbnailFile }] of pages.entries()) {
    const source = { path, format, pageIndex, ...(password !== undefined && { password }) };
    if (displayFile !== null) await drawPage(job, { source, file: displayFile, longSide: displayLongSide(width, height) });
    await drawPage(job, { source, file: thumbnailFile, longSide: thumbnailSide });
    job.progress('writing', (pageIndex + 1) / pages.length);
  }
}
