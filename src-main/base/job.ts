// What every long piece of work is given first: how to stop, how to tell progress, where to log.
import type { JobMoment, JobStage } from '@contract/job.ts';
import type { Grounding } from '@contract/model.ts';
import { AppError } from './errors.ts';
import type { Log } from './log.ts';

export interface Job {
  readonly signal: AbortSignal;
  /** `fraction` runs from 0 to 1 over the whole job, `detail` is a short human phrase. */
  readonly progress: (stage: JobStage, fraction: number, detail?: string) => void;
  readonly log: Log;
  /** Tells whoever watches a moment besides progress: text as it is written, places as they are found. */
  readonly post?: (moment: Extract<JobMoment, { type: 'text' | 'grounding' }>) => void;
  /** Gives main what is written so far, to be stored: what a kill must not lose. */
  readonly keep?: (kept: KeptAnswer) => void;
}

export interface KeptAnswer {
  readonly text: string;
  readonly raw: string;
  readonly groundings: readonly Grounding[];
}

/** A job for callers who neither watch nor cancel (tests, scripts). */
export function quietJob(signal: AbortSignal = new AbortController().signal): Job {
  return { signal, progress: () => {}, log: () => {} };
}

/** Throws `job-cancelled` when the job's signal fired. Call between steps. */
export function throwIfCancelled(job: Pick<Job, 'signal'>): void {
  if (job.signal.aborted) throw new AppError('job-cancelled');
}

/** Lets messages in between two steps of long reckoning, a cancel among them: then throws `job-cancelled`. */
export async function breathe(job: Pick<Job, 'signal'>): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  throwIfCancelled(job);
}

/** The same job whose progress fills only the part from `start` to `end` of the whole. */
export function partOf(job: Job, start: number, end: number): Job {
  return { ...job, progress: (stage, fraction, detail) => job.progress(stage, start + (end - start) * fraction, detail) };
}
