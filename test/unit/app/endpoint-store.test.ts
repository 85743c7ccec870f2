// Endpoints as they are kept: keys never in the clear, never for another host, and pages leave only where the user agreed.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EndpointChange } from '@contract/endpoint.ts';
import { createEndpointStore } from '../../../src-main/app/endpoint-store.ts';
import type { EndpointStore } from '../../../src-main/app/endpoint-store.ts';
import { openTestLibrary, temporaryFolder } from '../../helpers/library.ts';
import type { TestLibrary } from '../../helpers/library.ts';
import { clientOf } from '../../helpers/library-client.ts';

let folder: ReturnType<typeof temporaryFolder>;
let library: TestLibrary;
let store: EndpointStore;
const vault = (canSeal: boolean) => ({ canSeal: () => canSeal, seal: (secret: string) => Buffer.from(secret, 'utf16le').toString('base64'), open: (sealed: string) => Buffer.from(sealed, 'base64').toString('utf16le') });
const change: EndpointChange = { name: 'Max', kind: 'dashscope', baseUrl: 'https://dashscope.example/v1', model: 'qwen-vl-max', notation: 'thousand', tokenSide: 28, maxImageTokens: 1280, maxNewTokens: 2000, concurrency: 2, timeoutSeconds: 60 };

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder.path, 'library'));
  library = openTestLibrary(join(folder.path, 'library'));
  store = createEndpointStore({ library: clientOf(library), vault: vault(true) });
});
afterEach(() => {
  library.database.close();
  folder.remove();
});

test('a key is sealed before it is written, and only the engine is given it', async () => {
  const saved = await store.save({ ...change, apiKey: 'sk-secret-0123' });
  expect(saved).toMatchObject({ key: 'system', mayReceivePages: false });
  expect(JSON.stringify([saved, await store.list()])).not.toContain('secret');
  expect((await store.reach(saved.id)).reached.apiKey).toBe('sk-secret-0123');
  const written = readdirSync(join(folder.path, 'library')).filter((name) => name.startsWith('library.db')).map((name) => readFileSync(join(folder.path, 'library', name), 'latin1')).join('');
  expect(written).toContain('dashscope.example');
  expect(written).not.toContain('sk-secret');
});

test('where the system has no key store, the key lasts as long as the program and is not written', async () => {
  store = createEndpointStore({ library: clientOf(library), vault: vault(false) });
  const saved = await store.save({ ...change, apiKey: 'sk-secret-0123' });
  expect(saved.key).toBe('session');
  expect((await store.reach(saved.id)).reached.apiKey).toBe('sk-secret-0123');
  const next = createEndpointStore({ library: clientOf(library), vault: vault(false) });
  expect((await next.reach(saved.id)).reached.apiKey).toBeNull();
  expect((await next.list())[0]!.key).toBe('none');
});

test('another host gets neither the key nor the pages without being asked about; another path keeps both', async () => {
  const { id } = await store.save({ ...change, apiKey: 'sk-1' });
  await store.allow(id, true);
  expect(await store.save({ ...change, id, baseUrl: 'https://dashscope.example/v2', model: 'qwen-vl-plus' })).toMatchObject({ key: 'system', mayReceivePages: true });
  expect(await store.save({ ...change, id, baseUrl: 'https://elsewhere.example/v1' })).toMatchObject({ key: 'none', mayReceivePages: false });
});

test('changes made at the same time are all kept; what is removed is gone', async () => {
  const saved = await Promise.all([1, 2, 3].map((at) => store.save({ ...change, name: `server ${at}` })));
  expect((await store.list()).map((one) => one.name).sort()).toEqual(['server 1', 'server 2', 'server 3']);
  await store.remove(saved[1]!.id);
  expect(await store.list()).toHaveLength(2);
  await expect(store.reach(saved[1]!.id)).rejects.toMatchObject({ code: 'endpoint-not-found' });
});
