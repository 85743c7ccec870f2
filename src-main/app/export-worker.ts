// Main's end of an export worker: one for each export, ended with it. Knows no format.
import { Worker } from 'node:worker_threads';
import { AppError } from '../base/errors.ts';
import { connectRpc } from '../base/rpc.ts';
import type { Exporting } from '../exporters/exporting.ts';

/** Starts a worker from its script. What it is doing when it dies fails with `internal`. */
export function startExporting(script: string): Exporting {
  const worker = new Worker(script, { name: 'exports' });
  const rpc = connectRpc({ post: (message) => worker.postMessage(message), onMessage: (listener) => void worker.on('message', (message) => listener(message, [])) });
  worker.on('error', (error) => rpc.close(new AppError('internal', { detail: 'the export worker failed' }, error)));
  worker.on('exit', () => rpc.close(new AppError('internal', { detail: 'the export worker ended' })));
  return {
    add: async (page) => void (await rpc.call('add', page)),
    make: async (format) => void (await rpc.call('make', format)),
    text: async (format) => String(await rpc.call('text', format)),
    write: async (file, overwrite) => void (await rpc.call('write', { file, overwrite })),
    close: async () => void (await worker.terminate()),
  };
}
