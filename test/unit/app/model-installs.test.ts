// Installing models in the window: forecast, download with pause and resume across a restart, compile, refusals. Against a real local server
// with the hub's addresses, with the engine's real jobs and a real library.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ModelInstall } from '@contract/installed-models.ts';
import { createModelInstalls } from '../../../src-main/app/model-installs.ts';
import type { ModelInstalls } from '../../../src-main/app/model-installs.ts';
import { closeModel } from '../../../src-main/engine/jobs/load-model.ts';
import { engineHere } from '../../helpers/engine-here.ts';
import { startHub } from '../../helpers/hub-server.ts';
import type { HubServer } from '../../helpers/hub-server.ts';
import { openTestLibrary, temporaryFolder } from '../../helpers/library.ts';
import type { TestLibrary } from '../../helpers/library.ts';
import { clientOf } from '../../helpers/library-client.ts';
import { checkpointsFolder } from '../../helpers/reference.ts';

let hub: HubServer;
let folder: ReturnType<typeof temporaryFolder>;
let library: TestLibrary;
let installs: ModelInstalls;
let told: ModelInstall[][];
const engine = engineHere();
const at = (name: string): string => join(folder.path, name);
const source = () => ({ kind: 'repository' as const, repository: 'own/tiny', endpoint: hub.endpoint });

beforeAll(async () => {
  hub = await startHub('own/tiny', join(checkpointsFolder, 'qwen2-vl'));
});
afterAll(async () => {
  await closeModel();
  await hub.close();
});
const start = (): void => {
  told = [];
  installs = createModelInstalls({
    library: clientOf(library), engine, modelsFolder: at('models'), checkpointsFolder: at('checkpoints'),
    publish: (name, payload) => name === 'model.changed' && told.push((payload as { installs: ModelInstall[] }).installs),
  });
};
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(at('library'));
  library = openTestLibrary(at('library'));
  hub.trouble = {};
  start();
});
afterEach(() => {
  library.database.close();
  folder.remove();
});

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};
const described = () => engine.run('describe-models', { root: at('models') });

test('a forecast before anything is fetched; then downloaded, compiled, listed with what it needs and where it runs', async () => {
  const forecast = await engine.run('forecast-model', { source: source(), root: at('models') });
  expect(forecast).toMatchObject({ name: 'own/tiny' });
  for (const bytes of [forecast.downloadBytes!, forecast.packageBytes, forecast.memory.totalBytes, forecast.freeDiskBytes, forecast.freeMemoryBytes]) expect(bytes).toBeGreaterThan(0);
  expect(existsSync(at('checkpoints'))).toBe(false);
  await installs.install(source());
  await until(() => told.at(-1)?.length === 0);
  expect(told.flat().map((one) => one.state)).toEqual(expect.arrayContaining(['downloading', 'compiling']));
  const { models, machine } = await described();
  expect(models).toHaveLength(1);
  expect(models[0]).toMatchObject({ architecture: 'qwen2-vl', fits: true, loaded: null, weights: { text: 'int4' } });
  // Why nothing better than this provider is used is said for each.
  expect(machine.refused.every((one) => one.reason !== '')).toBe(true);
  await engine.run('load-model', { folder: join(at('models'), models[0]!.id) });
  expect((await described()).models[0]!.loaded).toMatchObject({ id: models[0]!.id });
  await engine.run('unload-model', {});
  expect((await described()).models[0]!.loaded).toBeNull();
});

test('paused in mid-download; after a restart it is still there, paused, and goes on to the end', async () => {
  hub.trouble = { delayMs: 150 };
  const { id } = await installs.install(source());
  await until(() => told.flat().some((one) => one.fraction > 0));
  await installs.pause(id);
  await until(() => told.at(-1)?.[0]?.state === 'paused');
  start();
  const [later] = await installs.list();
  expect(later).toMatchObject({ id, state: 'paused', name: 'own/tiny' });
  // As far as it was, not from the beginning.
  expect(later!.fraction).toBeGreaterThan(0);
  hub.trouble = {};
  await installs.resume(id);
  await until(() => told.at(-1)?.length === 0);
  expect((await described()).models).toHaveLength(1);
  start();
  expect(await installs.list()).toEqual([]);
});

test('what fails says why and can be tried again; what is cancelled is forgotten', async () => {
  const { id } = await installs.install({ kind: 'folder', folder: at('library') });
  await until(() => told.at(-1)?.[0]?.state === 'failed');
  expect(told.at(-1)![0]!.error?.code).toMatch(/^checkpoint-/);
  await installs.cancel(id);
  expect(await installs.list()).toEqual([]);
  await expect(installs.resume(id)).rejects.toMatchObject({ code: 'install-not-found' });
  await expect(engine.run('forecast-model', { source: { kind: 'folder', folder: at('library') }, root: at('models') })).rejects.toMatchObject({ code: expect.stringMatching(/^checkpoint-/) });
});
