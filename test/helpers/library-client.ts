// The library as main sees it, with its methods called in this thread through the same rpc messages the worker gets.
import { MessageChannel } from 'node:worker_threads';
import type { Library } from '../../src-main/app/library-client.ts';
import { connectRpc, serveRpc } from '../../src-main/base/rpc.ts';
import type { RpcMethod } from '../../src-main/base/rpc.ts';
import type { TestLibrary } from './library.ts';

export function clientOf({ methods, database }: TestLibrary): Library {
  const { port1, port2 } = new MessageChannel();
  serveRpc({ post: (message) => port1.postMessage(message), onMessage: (listener) => void port1.on('message', (message) => listener(message, [])) }, methods as unknown as Readonly<Record<string, RpcMethod>>);
  const rpc = connectRpc({ post: (message) => port2.postMessage(message), onMessage: (listener) => void port2.on('message', (message) => listener(message, [])) });
  return {
    call: async (method, input, signal) => (await rpc.call(method, input, signal ? { signal } : {})) as never,
    async close() {
      port1.close();
      port2.close();
      database.close();
    },
  };
}
