// Calls over a real pair of ports: answers, errors with their codes, cancelling, a port that dies.
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../src-main/base/errors.ts';
import { connectRpc, serveRpc } from '../../../src-main/base/rpc.ts';
import type { RpcClient, RpcMethod } from '../../../src-main/base/rpc.ts';

let channel: MessageChannel;
let client: RpcClient;
const notices: [string, unknown][] = [];
let aborted: unknown[] = [];

const methods: Readonly<Record<string, RpcMethod>> = {
  double: (input: never) => (input as number) * 2,
  fail: () => {
    throw new AppError('disk-full', { file: 'x' });
  },
  bug: () => {
    throw new TypeError('undefined is not a function');
  },
  wait: (_input: never, { signal }) =>
    new Promise((_, reject) =>
      signal.addEventListener('abort', () => {
        aborted.push(signal.reason);
        reject(signal.reason as Error);
      }),
    ),
};

beforeEach(() => {
  channel = new MessageChannel();
  aborted = [];
  notices.length = 0;
  const { notify } = serveRpc({ post: (message) => channel.port1.postMessage(message), onMessage: (listener) => void channel.port1.on('message', (message) => listener(message, [])) }, methods);
  client = connectRpc(
    { post: (message) => channel.port2.postMessage(message), onMessage: (listener) => void channel.port2.on('message', (message) => listener(message, [])) },
    (topic, payload) => notices.push([topic, payload]),
  );
  notify('hello', 1);
});
afterEach(() => {
  channel.port1.close();
  channel.port2.close();
});

test('answers go to their own calls, notices come through', async () => {
  expect(await Promise.all([1, 2, 3].map((one) => client.call('double', one)))).toEqual([2, 4, 6]);
  expect(notices).toEqual([['hello', 1]]);
});

test('errors keep code and data; a bug is internal', async () => {
  await expect(client.call('fail', null)).rejects.toMatchObject({ code: 'disk-full', data: { file: 'x' } });
  await expect(client.call('bug', null)).rejects.toMatchObject({ code: 'internal' });
});

test('inherited names are no methods', async () => {
  for (const name of ['constructor', 'toString', '__proto__']) await expect(client.call(name, null)).rejects.toMatchObject({ code: 'request-unknown' });
});

test('aborting reaches the other side and rejects', async () => {
  const controller = new AbortController();
  const call = client.call('wait', null, { signal: controller.signal });
  controller.abort();
  await expect(call).rejects.toMatchObject({ code: 'job-cancelled' });
  expect(aborted).toHaveLength(1);
  await expect(client.call('double', 1, { signal: controller.signal })).rejects.toMatchObject({ code: 'job-cancelled' });
});

test('input that cannot be sent rejects instead of waiting for ever', async () => {
  await expect(client.call('double', () => {})).rejects.toThrow('could not be cloned');
  expect(await client.call('double', 2)).toBe(4);
});

test('when the other side dies, calls in flight and later ones get its reason', async () => {
  const call = client.call('wait', null);
  client.close(new AppError('engine-stopped'));
  await expect(call).rejects.toMatchObject({ code: 'engine-stopped' });
  await expect(client.call('double', 1)).rejects.toMatchObject({ code: 'engine-stopped' });
});
