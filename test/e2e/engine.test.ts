// The engine dies under its work (killed from outside, as by the system when memory runs out): the application names it, starts
// it again, and reads what was not read. And sharp inside Electron must not call into the system's GLib.
import { expect, test } from '@playwright/test';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventPayload } from '@contract/events.ts';
import type { LecternBridge } from '@contract/bridge.ts';
import type { Application } from '../../build/application-driver.mjs';
import { filesUnder } from '../../build/setup.mjs';
import { launch, newPlace, processesOf } from '../helpers/application.ts';
import { fixturePage } from '../helpers/fixture-pages.ts';
import { ask, dropFiles, eventually, waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
let application: Application;

const enginePid = async (): Promise<number | undefined> => (await processesOf(application.electron, 'Utility')).find((one) => /engine/i.test(one.name))?.pid;

test.beforeAll(async () => {
  const card = fixturePage('en-card');
  application = await launch(place, { files: [card.path], env: { LECTERN_LOG: 'info' } });
  await waitUntilRead(application.window, card.fileName);
});
test.afterAll(async () => {
  await application.quit();
  place.remove();
});

test('killed while reading: the error has a name, a new engine reads every page', async () => {
  const { window } = application;
  await window.evaluate(() => {
    const seen: EventPayload<'engine.changed'>[] = ((globalThis as { engineSeen?: unknown }).engineSeen as never) ?? [];
    (globalThis as { engineSeen?: unknown }).engineSeen = seen;
    (window as unknown as { lectern: LecternBridge }).lectern.on('engine.changed', (status) => seen.push(status));
  });
  const pages = ['en-letter', 'en-columns', 'zh-form', 'ko-form'];
  const files = pages.map((id) => {
    const file = join(place.files, `${id}.png`);
    copyFileSync(fixturePage(id).path, file);
    return file;
  });
  await dropFiles(window, files);
  await eventually(async () => {
    for (const document of await ask(window, 'document.list', {})) {
      if ((await ask(window, 'page.list', { documentId: document.id })).some((page) => page.status === 'reading')) return true;
    }
    return false;
  }, 'a page to be read', 20_000);

  const first = (await enginePid())!;
  process.kill(first, 'SIGKILL');

  for (const id of pages) await waitUntilRead(window, `${id}.png`, 120_000);
  const second = await enginePid();
  expect(second).toBeTruthy();
  expect(second).not.toBe(first);
  const status = await ask(window, 'engine.status', {});
  expect(status).toMatchObject({ state: 'ready', queued: 0 });
  expect(status.restarts).toBeGreaterThan(0);
  const seen = (await window.evaluate(() => (globalThis as { engineSeen?: unknown }).engineSeen)) as EventPayload<'engine.changed'>[];
  expect(seen.map((one) => one.error?.code)).toContain('engine-stopped');
});

test('the engine decoded pictures without a word from GLib', async () => {
  // Something must have been decoded in Electron, or this proves nothing.
  expect((await ask(application.window, 'document.list', {})).reduce((sum, one) => sum + one.readCount, 0)).toBeGreaterThan(3);
  const logs = filesUnder(place.data).filter((path) => path.endsWith('.log')).map((path) => readFileSync(path, 'utf8'));
  expect(logs.length).toBeGreaterThan(0);
  expect([application.stderr(), ...logs].join('\n')).not.toMatch(/GLib|GObject|VIPS-WARNING/);
});

test('quitting leaves no process behind', async () => {
  const pids = [application.electron.process().pid!, ...(await application.electron.evaluate(({ app }) => app.getAppMetrics().map((one) => one.pid)))];
  await application.quit();
  const alive = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return !/^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  };
  await eventually(async () => !pids.some(alive), `processes ${pids.join(', ')} to end`, 10_000);
});
