// Compares two pages of files: pixels from both, their text as given, or read first where it is not known yet. Holds what a model says of
// them against that.
import type { JobInput, JobResult } from '@contract/job.ts';
import { partOf, throwIfCancelled, type Job } from '../../base/job.ts';
import { comparePages as compare, type ReadPicture } from '../../compare/compare-pages.ts';
import { namedChanges } from '../../compare/named-changes.ts';
import { decodePage } from './page-pictures.ts';
import { readPage } from './read-page.ts';

/** @throws what opening or reading a page throws, job-cancelled, out-of-memory */
export async function comparePages(job: Job, { before, after }: JobInput<'compare-pages'>): Promise<JobResult<'compare-pages'>> {
  const open = async (part: Job, { source, text }: typeof before): Promise<ReadPicture> => {
    const known = text ?? (await readPage(part, { source, rotation: null }));
    throwIfCancelled(job);
    return { picture: (await decodePage(source)).picture, text: known };
  };
  job.progress('decoding', 0);
  const first = await open(partOf(job, 0, 0.2), before), second = await open(partOf(job, 0.2, 0.4), after);
  return await compare(partOf(job, 0.4, 1), first, second);
}

export function checkChanges(_job: Job, { text, groundings, comparison }: JobInput<'check-changes'>): Promise<JobResult<'check-changes'>> {
  return Promise.resolve(namedChanges(text, groundings, comparison));
}
