// Makes a document ready to be shown: counts its pages, measures them, writes a thumbnail of each, and a display picture
// where the window could not draw the original itself. Reads no text.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PageNote } from '@contract/document.ts';
import type { JobInput, JobResult, PreparedPage } from '@contract/job.ts';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { fileError } from '../../base/errors.ts';
import { throwIfCancelled, type Job } from '../../base/job.ts';
import { decodeImage, encodeWebp, pageSize, probeImage, reducePicture } from '../../inference/image/decode-image.ts';
import type { Picture } from '../../inference/image/picture.ts';
import { sharedPdf } from './page-pictures.ts';

const thumbnailSide = 320;
/** What a browser draws without effort. The side is also the longest that WebP can have. */
const displayPixels = 40e6, displaySide = 16_000;
const displayQuality = 88;

const numbered = (kind: string, pageIndex: number): string => `${kind}-${String(pageIndex + 1).padStart(5, '0')}.webp`;

/** The long side to which a page of this size is reduced for display; its own when it is small enough. */
export function displayLongSide(width: number, height: number): number {
  const scale = Math.min(1, displaySide / Math.max(width, height), Math.sqrt(displayPixels / (width * height)));
  return Math.floor(Math.max(width, height) * scale);
}

/** @throws every code that opening the file throws, disk-full, write-failed, job-cancelled */
export async function prepareDocument(job: Job, input: JobInput<'prepare-document'>): Promise<JobResult<'prepare-document'>> {
  const { path, format, outputFolder } = input;
  try {
    await mkdir(outputFolder, { recursive: true });
  } catch (error) {
    throw fileError(error, outputFolder, 'write-failed');
  }
  job.progress('decoding', 0);
  const pages: PreparedPage[] = [];
  const write = async (name: string, image: Picture, quality: number): Promise<string> => {
    const file = join(outputFolder, name);
    await writeFileAtomically(file, await encodeWebp(image, quality));
    return file;
  };
  const thumbnail = (pageIndex: number, image: Picture): Promise<string> => write(numbered('thumbnail', pageIndex), image, 75);

  if (format === 'pdf') {
    const file = await sharedPdf(path);
    for (let pageIndex = 0; pageIndex < file.pageCount; pageIndex++) {
      throwIfCancelled(job);
      const { width, height } = file.sizeOf(pageIndex);
      const longSide = displayLongSide(width, height);
      const drawn = file.draw(pageIndex, longSide);
      pages.push({
        width, height,
        displayFile: await write(numbered('page', pageIndex), drawn, displayQuality),
        thumbnailFile: await thumbnail(pageIndex, await reducePicture(drawn, thumbnailSide)),
        notes: reducedNote(drawn, width, height),
      });
      job.progress('writing', (pageIndex + 1) / file.pageCount);
    }
    return { pages };
  }

  const info = await probeImage(path);
  for (let pageIndex = 0; pageIndex < info.pages; pageIndex++) {
    throwIfCancelled(job);
    const { width, height } = pageIndex === 0 ? info : await pageSize(path, pageIndex);
    const longSide = displayLongSide(width, height);
    const needsDisplay = !info.isWebSafe || info.frames > 1 || longSide < Math.max(width, height);
    // The thumbnail comes from what was decoded anyway; else it is reduced while decoding, which takes little memory.
    const drawn = needsDisplay ? await decodeImage(path, { page: pageIndex, maxSide: longSide }) : null;
    pages.push({
      width, height,
      displayFile: drawn ? await write(numbered('page', pageIndex), drawn, displayQuality) : null,
      thumbnailFile: await thumbnail(pageIndex, drawn ? await reducePicture(drawn, thumbnailSide) : await decodeImage(path, { page: pageIndex, maxSide: thumbnailSide })),
      notes: [...(drawn ? reducedNote(drawn, width, height) : []), ...(info.frames > 1 ? [{ kind: 'animation', frames: info.frames } as const] : [])],
    });
    job.progress('writing', (pageIndex + 1) / info.pages);
  }
  return { pages };
}

function reducedNote(drawn: Picture, width: number, height: number): PageNote[] {
  return drawn.width < width - 1 || drawn.height < height - 1 ? [{ kind: 'display-reduced', width: drawn.width, height: drawn.height }] : [];
}
