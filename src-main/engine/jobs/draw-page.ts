// Draws one page of a file into a picture that the window can show: the page itself or its thumbnail. Reads no text.
import type { JobInput, JobResult } from '@contract/job.ts';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { thumbnailSide } from '../../base/display-size.ts';
import { throwIfCancelled, type Job } from '../../base/job.ts';
import { decodeImage, encodeWebp } from '../../inference/image/decode-image.ts';
import type { Picture } from '../../inference/image/picture.ts';
import { withPdf } from './page-pictures.ts';

const displayQuality = 88, thumbnailQuality = 75;

/** @throws every code that opening the file throws, disk-full, write-failed, job-cancelled */
export async function drawPage(job: Pick<Job, 'signal'>, { source, file, longSide }: JobInput<'draw-page'>): Promise<JobResult<'draw-page'>> {
  throwIfCancelled(job);
  const { path, format, pageIndex, password } = source;
  const drawn: Picture = format === 'pdf' ? await withPdf(path, password, (pdf) => pdf.draw(pageIndex, longSide)) : await decodeImage(path, { page: pageIndex, maxSide: longSide });
  await writeFileAtomically(file, await encodeWebp(drawn, longSide <= thumbnailSide ? thumbnailQuality : displayQuality));
  return {};
}
