// The export worker starts here: formats are made beside main, so that five hundred pages of Word never hold the window up.
import { parentPort } from 'node:worker_threads';
import { assert } from '../base/errors.ts';
import { configureLog } from '../base/log.ts';
import { serveRpc, type RpcMethod } from '../base/rpc.ts';
import { exportingHere } from './exporting.ts';

configureLog('exports');
const port = parentPort;
assert(port, 'exports are made in a worker');
const { add, make, text, write } = exportingHere();
const methods = {
  add, make, text,
  write: ({ file, overwrite }: { file: string; overwrite: boolean }) => write(file, overwrite),
};
serveRpc({ post: (message) => port.postMessage(message), onMessage: (listener) => void port.on('message', (message) => listener(message, [])) }, methods as unknown as Readonly<Record<string, RpcMethod>>);
