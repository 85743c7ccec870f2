// Pairs the pages of two documents: their text as given, their look from pictures of them.
import type { JobInput, JobResult } from '@contract/job.ts';
import { throwIfCancelled, type Job } from '../../base/job.ts';
import { matchPages as match, type PageGist } from '../../compare/match-pages.ts';
import { decodeImage } from '../../inference/image/decode-image.ts';

const side = 96;

/** @throws what opening a picture throws, job-cancelled */
export async function matchPages(job: Job, input: JobInput<'match-pages'>): Promise<JobResult<'match-pages'>> {
  const gists = async (pages: typeof input.before): Promise<PageGist[]> => {
    const known: PageGist[] = [];
    for (const { text, picture } of pages) {
      throwIfCancelled(job);
      known.push({ text, picture: picture === null ? null : await decodeImage(picture, { maxSide: side }) });
    }
    return known;
  };
  return { pairs: await match(job, await gists(input.before), await gists(input.after)) };
}
