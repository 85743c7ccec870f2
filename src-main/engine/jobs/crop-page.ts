// Cuts places out of a page into files of their own.
import { join } from 'node:path';
import type { JobInput, JobResult } from '@contract/job.ts';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { throwIfCancelled, type Job } from '../../base/job.ts';
import { cropChanges } from '../../compare/change-crops.ts';
import { encodePng } from '../../inference/image/decode-image.ts';
import { decodePage } from './page-pictures.ts';

/** @throws what opening the page throws, disk-full, write-failed, job-cancelled */
export async function cropPage(job: Job, { source, rotation, quads, folder, name }: JobInput<'crop-page'>): Promise<JobResult<'crop-page'>> {
  const crops = await cropChanges((await decodePage(source)).picture, rotation, quads);
  const files: string[] = [];
  for (const [at, crop] of crops.entries()) {
    throwIfCancelled(job);
    const file = join(folder, `${name}-${at + 1}.png`);
    await writeFileAtomically(file, await encodePng(crop));
    files.push(file);
  }
  return { files };
}
