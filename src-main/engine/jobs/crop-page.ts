// Cuts places out of a page into files of their own.
import { join } from 'node:path';
import type { PageText } from '@contract/document.ts';
import type { JobInput, JobResult, PageSource } from '@contract/job.ts';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { throwIfCancelled, type Job } from '../../base/job.ts';
import { cropChanges } from '../../compare/change-crops.ts';
import { encodePng } from '../../inference/image/decode-image.ts';
import { decodePage } from './page-pictures.ts';

/** @throws what opening the page throws, disk-full, write-failed, job-cancelled */
export async function cropPage(job: Job, { source, rotation, quads, frames, longSide, folder, name }: JobInput<'crop-page'>): Promise<JobResult<'crop-page'>> {
  const crops = await cropChanges((await decodePage(source)).picture, rotation, quads, frames, longSide);
  const files: string[] = [];
  for (const [at, crop] of crops.entries()) {
    throwIfCancelled(job);
    const file = join(folder, `${name}-${at + 1}.png`);
    await writeFileAtomically(file, await encodePng(crop));
    files.push(file);
  }
  return { files };
}

/** The figures of a page as PNG, in their order. Throws what opening the page throws. */
export async function figurePictures(source: PageSource, { rotation, regions }: Pick<PageText, 'rotation' | 'regions'>): Promise<Uint8Array[]> {
  const quads = regions.filter((region) => region.role === 'figure').map((region) => region.quad);
  if (quads.length === 0) return [];
  return Promise.all((await cropChanges((await decodePage(source)).picture, rotation, quads, null)).map(encodePng));
}
