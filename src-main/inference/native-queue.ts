// Lets a few native calls run at once and holds the others back. koffi runs them on libuv's threads, of which file reading and
// image decoding must keep some. Knows nothing about what the calls do.
import { AppError } from '../base/errors.ts';

interface Waiting {
  start(): void;
}

/** A first-in, first-out gate with `limit` places. */
export class NativeQueue {
  readonly #limit: number;
  #running = 0;
  readonly #waiting: Waiting[] = [];

  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
  }

  /** Waits for a place. Every success must be answered with one `leave`. @throws job-cancelled when `signal` fires first */
  enter(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(new AppError('job-cancelled'));
    if (this.#running < this.#limit) {
      this.#running++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(one), 1);
        reject(new AppError('job-cancelled'));
      };
      const one: Waiting = {
        start: () => {
          signal?.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      this.#waiting.push(one);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Gives the place to the next in line. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next) next.start();
    else this.#running--;
  }
}

const threads = Number(process.env['UV_THREADPOOL_SIZE']) || 4;

/** The process's gate before ONNX Runtime: one of libuv's threads stays free for files. */
export const nativeQueue = new NativeQueue(threads - 1);
