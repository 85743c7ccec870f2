// Hands the tasks of a compile to threads and gives their results back. Knows no task's meaning; the same tasks give the same bytes however
// many threads there are, because each has its own place to write to.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WireError } from '@contract/errors.ts';
import { AppError, fromWireError, systemCode } from '../base/errors.ts';
import { type TaskResult, TaskWorkshop, type WeightTask } from './weight-task.ts';

export interface ThreadRequest {
  readonly id: number;
  readonly task: WeightTask;
}

export type ThreadAnswer = { readonly id: number; readonly result: TaskResult } | { readonly id: number; readonly error: WireError };

/** Where the tasks of one compile are done. */
export interface TaskRunner {
  /** @throws what the task throws, job-cancelled, import-stopped */
  run(task: WeightTask): Promise<TaskResult>;
  /** Ends the threads and closes their files; tasks that are not done reject with job-cancelled. */
  close(): Promise<void>;
}

/** A thread for each core and one that waits for the disk; memory and disk serve only so many. */
export function usualThreads(): number {
  return Math.min(8, availableParallelism() + 1);
}

/** A task waits at every thread while it works, so that it need not wait for the next; behind a checksum it would wait for long. */
const tasksPerThread = 2;

interface Waiting extends ThreadRequest {
  readonly resolve: (result: TaskResult) => void;
  readonly reject: (error: AppError) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly given: Map<number, Waiting>;
}

/** Threads that run `script`, the built `compiler/worker.ts`. Aborting `signal` ends them at once. */
export function openThreads(script: string, count: number, signal: AbortSignal): TaskRunner {
  const queue: Waiting[] = [];
  let lastId = 0;
  let ended: AppError | null = null;

  const end = (reason: AppError): void => {
    if (ended) return;
    ended = reason;
    for (const waiting of [...threads.flatMap(({ given }) => [...given.values()]), ...queue.splice(0)]) waiting.reject(reason);
    for (const { given } of threads) given.clear();
  };
  const feed = (): void => {
    for (let round = 1; round <= tasksPerThread; round++) {
      for (const { worker, given } of threads) {
        if (given.size >= round || ended || [...given.values()].some(({ task }) => task.do === 'hash')) continue;
        const next = queue.shift();
        if (!next) return;
        given.set(next.id, next);
        worker.postMessage({ id: next.id, task: next.task } satisfies ThreadRequest);
      }
    }
  };
  const threads: readonly Thread[] = Array.from({ length: count }, (_, at) => {
    const worker = new Worker(script, { name: `compiler ${at + 1}` });
    const given = new Map<number, Waiting>();
    worker.on('message', (answer: ThreadAnswer) => {
      const waiting = given.get(answer.id);
      given.delete(answer.id);
      if (waiting && 'error' in answer) waiting.reject(fromWireError(answer.error));
      else if (waiting && 'result' in answer) waiting.resolve(answer.result);
      feed();
    });
    worker.on('error', (error) => end(systemCode(error) === 'ERR_WORKER_OUT_OF_MEMORY' ? new AppError('out-of-memory', {}, error) : new AppError('import-stopped', { detail: error.message }, error)));
    worker.on('exit', (code) => end(new AppError('import-stopped', { detail: `a thread ended with ${code}` })));
    return { worker, given };
  });
  const stop = async (): Promise<void> => {
    end(new AppError('job-cancelled'));
    signal.removeEventListener('abort', onAbort);
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  };
  const onAbort = (): void => void stop();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    run: (task) => new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      queue.push({ id: ++lastId, task, resolve, reject });
      feed();
    }),
    close: stop,
  };
}

/** Does every task in this thread, between turns of its event loop: for small checkpoints. */
export function openHere(signal: AbortSignal): TaskRunner {
  const workshop = new TaskWorkshop();
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  return {
    run(task) {
      const done = last.then(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted || closed) throw new AppError('job-cancelled');
        return workshop.perform(task);
      });
      last = done.catch(() => {});
      return done;
    },
    async close() {
      closed = true;
      await last;
      workshop.close();
    },
  };
}
