// Fields of a document by a schema, values typed into them, and fields guessed from a value. All take text and give values; no pixels.
import type { JobInput, JobResult } from '@contract/job.ts';
import type { Job } from '../../base/job.ts';
import { changeValue, extractFields as extract } from '../../reader/extract-fields.ts';
import { guessField as guess } from '../../reader/guess-field.ts';
import { readerPage } from '../../reader/page-pieces.ts';

export function extractFields(_job: Job, { schema, pages }: JobInput<'extract-fields'>): Promise<JobResult<'extract-fields'>> {
  return Promise.resolve(extract(schema, pages));
}

export function changeExtraction(_job: Job, { schema, extraction, change }: JobInput<'change-extraction'>): Promise<JobResult<'change-extraction'>> {
  return Promise.resolve(changeValue(schema, extraction, change));
}

export function guessField(_job: Job, { pageId, index, text, at }: JobInput<'guess-field'>): Promise<JobResult<'guess-field'>> {
  return Promise.resolve({ guessed: guess(readerPage(pageId, index, text), at) });
}
