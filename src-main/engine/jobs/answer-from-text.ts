// The built-in reader's jobs: answers from recognised text, and holds other answers against it. Both take text and give text; no pixels.
import type { JobInput, JobResult } from '@contract/job.ts';
import type { Job } from '../../base/job.ts';
import { answerFromText as read } from '../../reader/answer-from-text.ts';
import { checkAnswer as check } from '../../reader/check-answer.ts';

export function answerFromText(_job: Job, { question, pages }: JobInput<'answer-from-text'>): Promise<JobResult<'answer-from-text'>> {
  return Promise.resolve(read(question, pages));
}

export function checkAnswer(_job: Job, { text, groundings, pages }: JobInput<'check-answer'>): Promise<JobResult<'check-answer'>> {
  return Promise.resolve({ groundings: check(text, groundings, pages) });
}
