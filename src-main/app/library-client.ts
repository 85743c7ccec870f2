// Main's end of the library worker: starts it, calls its methods by name, closes it. Knows no SQL.
import { Worker } from 'node:worker_threads';
import type { WireError } from '@contract/errors.ts';
import { AppError, fromWireError } from '../base/errors.ts';
import { logFor } from '../base/log.ts';
import { connectRpc } from '../base/rpc.ts';
import type { LibraryMethods } from '../library/methods.ts';

const log = logFor('library-client');

type Method = keyof LibraryMethods;

export interface Library {
  call<M extends Method>(method: M, input: Parameters<LibraryMethods[M]>[0], signal?: AbortSignal): Promise<Awaited<ReturnType<LibraryMethods[M]>>>;
  /** Stores what is pending and ends the worker. */
  close(): Promise<void>;
}

export interface LibraryOptions {
  workerScript: string;
  folder: string;
  /** Gets the worker's log lines. */
  onLog(line: string): void;
  /** For every call; what it returns is called when that has been answered, whatever came of it. */
  onAsked(): () => void;
}

/** Opens the library in `folder`. Throws library-newer, library-corrupt, library-locked, write-failed. */
export async function openLibrary({ workerScript, folder, onLog, onAsked }: LibraryOptions): Promise<Library> {
  const worker = new Worker(workerScript, { workerData: { folder }, name: 'library' });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', (first: { opened: true } | { opened: false; error: WireError }) => (first.opened ? resolve() : reject(fromWireError(first.error))));
    worker.once('error', (error) => reject(new AppError('internal', { detail: 'the library worker failed' }, error)));
    worker.once('exit', (code) => reject(new AppError('internal', { detail: `the library worker ended with ${code}` })));
  });
  const rpc = connectRpc(
    {
      post: (message) => worker.postMessage(message),
      onMessage: (listener) => void worker.on('message', (message) => listener(message, [])),
    },
    (topic, payload) => topic === 'log' && onLog(String(payload)),
  );
  worker.on('error', (error) => {
    log('error', 'the library worker failed', error);
    rpc.close(new AppError('internal', { detail: 'the library worker failed' }, error));
  });
  let isClosing = false;
  // At the end of the program calls may be waiting: for them it is a cancellation, not a fault.
  worker.on('exit', (code) => rpc.close(isClosing ? new AppError('job-cancelled', {}) : new AppError('internal', { detail: `the library worker ended with ${code}` })));
  return {
    async call(method, input, signal) {
      const onAnswered = onAsked();
      try {
        return (await rpc.call(method, input, signal ? { signal } : {})) as never;
      } finally {
        onAnswered();
      }
    },
    async close() {
      isClosing = true;
      await rpc.call('close', null).catch((error: unknown) => log('warn', 'the library did not close cleanly', error));
      await worker.terminate();
    },
  };
}
