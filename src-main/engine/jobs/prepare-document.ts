// Makes a picture file's pages ready to be looked at: sizes, thumbnails, and display pictures where the window cannot draw the original.
// Reads no text.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PageNote } from '@contract/document.ts';
import type { JobInput, JobResult, PreparedPage } from '@contract/job.ts';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { throwIfCancelled } from '../../base/job.ts';
import type { Job } from '../../base/job.ts';
import { decodeImage, encodeWebp, probeImage, reducePicture } from '../../inference/image/decode-image.ts';

/** Long side of a thumbnail, enough for a sharp one on a dense screen. */
const thumbnailSide = 320;
/** Longer sides than this do not fit into a texture of every graphics card. */
const maxDisplaySide = 8192;
/** Pictures up to here are drawn by the window from the original itself. */
const maxDirectMegapixels = 40;

/**
 * @throws what `decodeImage` throws, write-failed, disk-full, job-cancelled
 */
export async function prepareDocument(job: Job, { path, outputFolder }: JobInput<'prepare-document'>): Promise<JobResult<'prepare-document'>> {
  const info = await probeImage(path);
  await mkdir(outputFolder, { recursive: true });
  const pages: PreparedPage[] = [];
  for (let page = 0; page < info.pages; page++) {
    throwIfCancelled(job);
    job.progress('decoding', page / info.pages);
    const isDirect = info.isWebSafe && info.width * info.height <= maxDirectMegapixels * 1e6 && Math.max(info.width, info.height) <= maxDisplaySide;
    const decoded = await decodeImage(path, { page, ...(isDirect ? { maxSide: thumbnailSide } : {}) });
    const { width, height } = isDirect ? info : decoded;
    const notes: PageNote[] = info.frames > 1 ? [{ kind: 'animation', frames: info.frames }] : [];
    let displayFile: string | null = null;
    if (!isDirect) {
      const display = await reducePicture(decoded, maxDisplaySide);
      if (display !== decoded) notes.push({ kind: 'display-reduced', width: display.width, height: display.height });
      displayFile = join(outputFolder, `${page}.webp`);
      await writeFileAtomically(displayFile, await encodeWebp(display, 90));
    }
    const thumbnailFile = join(outputFolder, `${page}-thumbnail.webp`);
    await writeFileAtomically(thumbnailFile, await encodeWebp(await reducePicture(decoded, thumbnailSide), 75));
    pages.push({ width, height, displayFile, thumbnailFile, notes });
  }
  return { pages };
}
