// Downloads a checkpoint by repository id; what it is compiled to is another job.
import type { JobInput, JobResult } from '@contract/job.ts';
import type { Job } from '../../base/job.ts';
import { downloadCheckpoint } from '../../model/download.ts';

/** @throws what `downloadCheckpoint` throws */
export async function downloadModel(job: Job, { repository, root, endpoint, revision, token }: JobInput<'download-model'>): Promise<JobResult<'download-model'>> {
  const options = { ...(endpoint === undefined ? {} : { endpoint }), ...(revision === undefined ? {} : { revision }), ...(token === undefined ? {} : { token }) };
  return { folder: await downloadCheckpoint(job, root, repository, options) };
}
