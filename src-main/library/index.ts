// The library worker starts here: opens the database and serves its methods to main. The one writer of SQLite.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { assert, toWireError } from '../base/errors.ts';
import { alsoLogTo, configureLog } from '../base/log.ts';
import { serveRpc } from '../base/rpc.ts';
import type { RpcMethod } from '../base/rpc.ts';
import { openDatabase } from './database.ts';
import { libraryMethods } from './methods.ts';

configureLog('library');
const port = parentPort;
assert(port, 'the library runs as a worker');
const { folder } = workerData as { folder: string };

try {
  mkdirSync(folder, { recursive: true });
  const methods = libraryMethods(openDatabase(join(folder, 'library.db')), folder);
  const { notify } = serveRpc(
    { post: (message) => port.postMessage(message), onMessage: (listener) => void port.on('message', (message) => listener(message, [])) },
    methods as unknown as Readonly<Record<string, RpcMethod>>,
  );
  alsoLogTo((line) => notify('log', line));
  port.postMessage({ opened: true });
} catch (error) {
  port.postMessage({ opened: false, error: toWireError(error) });
  port.close();
}
