// Fields of a document by a schema, and values typed into them. Both take text and give values; no pixels.
import type { JobInput, JobResult } from '@contract/job.ts';
import type { Job } from '../../base/job.ts';
import { changeValue, extractFields as extract } from '../../reader/extract-fields.ts';

export function extractFields(_job: Job, { schema, pages }: JobInput<'extract-fields'>): Promise<JobResult<'extract-fields'>> {
  return Promise.resolve(extract(schema, pages));
}

export function changeExtraction(_job: Job, { schema, extraction, change }: JobInput<'change-extraction'>): Promise<JobResult<'change-extraction'>> {
  return Promise.resolve(changeValue(schema, extraction, change));
}
