// A model is downloaded in the window from a server on this machine that drops connections: forecast, progress, pause, a restart, going on to the end,
// and the installed model answers.
import { expect, test } from '@playwright/test';
import type { Locator, Page as Window } from '@playwright/test';
import { resolve } from 'node:path';
import type { Application } from '../../build/application-driver.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { startHub, type HubServer } from '../helpers/hub-server.ts';
import { ask } from '../helpers/window.ts';

const place = newPlace();
let application: Application;
let hub: HubServer;
let window: Window;
const dialog = (): Locator => window.getByRole('dialog', { name: 'Models' });
const openModels = async (): Promise<void> => {
  await window.keyboard.press('Control+j');
  await window.locator('#conversation-panel').getByRole('button', { name: /^Answers: / }).click();
  await window.getByRole('menuitem', { name: 'Models…' }).click();
  await expect(dialog().getByText(/Models run on/)).toBeVisible({ timeout: 60_000 });
};

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  hub = await startHub('own/tiny', resolve(import.meta.dirname, '../fixtures/checkpoints/qwen2-vl'));
  application = await launch(place);
  window = application.window;
  await window.waitForSelector('#library-search');
});
test.afterAll(async () => {
  await application.quit();
  await hub.close();
  place.remove();
});

test('what cannot be found is refused with a reason before anything is fetched', async () => {
  await openModels();
  await dialog().getByLabel('Repository or its address').fill(`${hub.endpoint}/own/absent`);
  await dialog().getByRole('button', { name: 'Download…' }).click();
  await expect(dialog().getByRole('alert')).toContainText(/absent/, { timeout: 20_000 });
  expect(hub.requests).toEqual([]);
});

test('downloaded with progress over dropped connections, paused, and paused still after a restart', async () => {
  hub.trouble = { dropEvery: 3, delayMs: 400 };
  await dialog().getByLabel('Repository or its address').fill(`${hub.endpoint}/own/tiny`);
  await dialog().getByRole('button', { name: 'Download…' }).click();
  await expect(dialog().getByText('To download')).toBeVisible({ timeout: 20_000 });
  await dialog().getByRole('button', { name: 'Download and install' }).click();
  const row = dialog().getByRole('listitem').filter({ hasText: 'own/tiny' });
  await expect(row.getByRole('status')).toHaveText(/^Downloading [1-9]\d* %/, { timeout: 30_000 });
  await expect(row.getByRole('progressbar')).toBeVisible();
  await row.getByRole('button', { name: 'Pause' }).click();
  await expect(row.getByRole('status')).toHaveText(/^Paused [1-9]\d* %/);
  const fetched = hub.requests.length;
  await window.waitForTimeout(1200);
  // A request on its way may still have arrived; none is begun.
  expect(hub.requests.length).toBeLessThanOrEqual(fetched + 1);
  await application.quit();
  application = await launch(place);
  window = application.window;
  await window.waitForSelector('#library-search');
  await openModels();
  await expect(dialog().getByRole('listitem').filter({ hasText: 'own/tiny' }).getByRole('status')).toHaveText(/^Paused [1-9]\d* %/);
});

test('gone on with to the end over more dropped connections, made ready, used', async () => {
  hub.trouble = { dropEvery: 4 };
  await dialog().getByRole('listitem').filter({ hasText: 'own/tiny' }).getByRole('button', { name: 'Go on' }).click();
  await dialog().getByRole('button', { name: 'Use', exact: true }).click({ timeout: 120_000 });
  await expect(dialog().getByText('Answers next')).toBeVisible();
  const { models } = await ask(window, 'model.list', {});
  expect(models).toHaveLength(1);
  await window.keyboard.press('Escape');
  await expect(window.locator('#conversation-panel').getByRole('button', { name: `Answers: ${models[0]!.name}` })).toBeVisible();
});
