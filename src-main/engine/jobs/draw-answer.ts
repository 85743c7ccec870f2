// Writes a page's picture with the places of an answer drawn on it, upright and at full size.
import type { JobInput, JobResult } from '@contract/job.ts';
import type { PagePoint, Quad, Rotation } from '@contract/geometry.ts';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import type { Job } from '../../base/job.ts';
import { encodePng } from '../../inference/image/decode-image.ts';
import { type Colour, drawPlaces } from '../../inference/image/draw-places.ts';
import { turnPicture } from '../../inference/image/picture.ts';
import { decodePage } from './page-pictures.ts';

/** As in the window: found, differing, not checked. */
const colours: Record<JobInput<'draw-answer'>['places'][number]['state'], Colour> = { found: [22, 130, 73], differs: [190, 98, 6], 'not-on-page': [190, 40, 40], unchecked: [37, 99, 205] };

/** A point of the stored page on the page as it is turned. */
function turned([x, y]: PagePoint, { width, height }: { width: number; height: number }, rotation: Rotation): PagePoint {
  if (rotation === 90) return [height - y, x];
  if (rotation === 180) return [width - x, height - y];
  if (rotation === 270) return [y, width - x];
  return [x, y];
}

/** @throws what decoding the page throws, file-exists, disk-full, write-failed */
export async function drawAnswer(_job: Job, { page, places, file, overwrite }: JobInput<'draw-answer'>): Promise<JobResult<'draw-answer'>> {
  const { picture } = await decodePage(page.source);
  const upright = turnPicture(picture, page.rotation);
  const drawn = drawPlaces(upright, places.map(({ quad, number, state }) => ({ quad: quad.map((point) => turned(point, picture, page.rotation)) as Quad, number, colour: colours[state] })));
  await writeFileAtomically(file, await encodePng(drawn), { overwrite });
  return {};
}
