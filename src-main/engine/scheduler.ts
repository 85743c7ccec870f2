// Lets as many jobs run at once as the machine bears; the others wait in order and can be cancelled there. Knows kinds, not contents.
import type { JobKind } from '@contract/job.ts';
import { AppError } from '../base/errors.ts';

/** Jobs of one lane run one after another: each already keeps every core busy. */
const lanes: Readonly<Record<JobKind, string | null>> = {
  'prepare-document': 'prepare',
  'draw-page': 'draw',
  'read-page': 'model', 'read-region': 'model', 'compare-pages': 'model', 'match-pages': 'model', 'crop-page': 'write', 'write-pdf': 'write',
  'load-model': 'model',
  'unload-model': 'model',
  answer: 'model',
  // Counts; never waits for the model whose question it plans.
  'plan-question': null,
  'compile-model': 'model',
  'download-model': 'download',
  'forecast-model': 'look',
  'describe-models': 'look',
  // The server's work, and as many at once as it takes.
  'answer-from-endpoint': null,
  'extract-by-endpoint': null,
  'check-endpoint': null,
  'draw-answer': 'draw',
  // Milliseconds, for somebody who waits.
  'answer-from-text': null,
  'check-answer': null,
  'check-changes': null,
  'extract-fields': null,
  'guess-field': null,
  'extract-by-model': 'model',
  'change-extraction': null,
};

export interface Scheduler {
  /** Runs `work` when its lane is free. Rejects with job-cancelled when `signal` fires before that. */
  run<T>(kind: JobKind, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createScheduler(): Scheduler {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(kind, signal, work) {
      const lane = lanes[kind];
      const before = (lane !== null && tails.get(lane)) || Promise.resolve();
      const mine = before.then(async () => {
        if (signal.aborted) throw new AppError('job-cancelled');
        return await work();
      });
      if (lane !== null) tails.set(lane, mine.catch(() => {}));
      // Who waits need not wait to be told.
      return new Promise((resolve, reject) => {
        const cancel = (): void => reject(new AppError('job-cancelled'));
        let started = false;
        void before.then(() => (started = true));
        signal.addEventListener('abort', () => !started && cancel(), { once: true });
        mine.then(resolve, reject);
      });
    },
  };
}
