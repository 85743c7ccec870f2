// A first start: the window with the sample documents, the walls around it, and a home folder left as it was found.
import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import type { Application } from '../../build/application-driver.mjs';
import { filesUnder } from '../../build/setup.mjs';
import { launch, newPlace, processesOf, seccompMode } from '../helpers/application.ts';
import { ask, eventually } from '../helpers/window.ts';

const place = newPlace();
let application: Application;

test.beforeAll(async () => {
  application = await launch(place);
});
test.afterAll(async () => {
  await application.quit();
  place.remove();
});

test('imports and reads the sample documents by itself', async () => {
  const { window } = application;
  await expect(window).toHaveTitle(/Lectern/);
  const documents = await eventually(async () => {
    const all = await ask(window, 'document.list', {});
    return all.length > 0 && all.every((one) => one.status === 'ready' && one.readCount === one.pageCount) ? all : null;
  }, 'the samples to be read');
  for (const one of documents) await expect(window.getByText(one.title, { exact: true }).first()).toBeVisible();
});

test('the window has no way out: no Node, no other origin, no inline script', async () => {
  const { window } = application;
  expect(new URL(window.url()).protocol).toBe('app:');
  // The page's own scripts are probed: what Playwright evaluates goes round the policy, a timer started by it does not.
  const probe = await window.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
    const later = (work: () => unknown): Promise<string> =>
      new Promise((resolve) => {
        setTimeout(() => {
          try {
            resolve(String(work()));
          } catch (error) {
            resolve((error as Error).name);
          }
        });
      });
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- what the policy has to refuse
    const evaluated = await later(() => new Function('return "ran"')());
    const inline = document.createElement('script');
    inline.textContent = 'window.inlineRan = true';
    document.body.append(inline);
    const fetched = await fetch('https://example.com/').then(() => 'reached', () => 'refused');
    const image = await new Promise<string>((resolve) => {
      const element = new Image();
      element.onload = () => resolve('loaded');
      element.onerror = () => resolve('refused');
      element.src = 'https://example.com/picture.png';
    });
    await new Promise((reported) => setTimeout(reported, 200));
    return {
      evaluated,
      inlineRan: 'inlineRan' in globalThis,
      fetched,
      image,
      node: typeof (globalThis as Record<string, unknown>)['require'] + typeof (globalThis as Record<string, unknown>)['process'],
      opened: globalThis.open('https://example.com/') === null,
      violations: [...new Set(violations)].sort(),
    };
  });
  expect(probe).toMatchObject({ evaluated: 'EvalError', inlineRan: false, fetched: 'refused', image: 'refused', node: 'undefinedundefined', opened: true });
  expect(probe.violations).toEqual(expect.arrayContaining(['connect-src', 'img-src', 'script-src-elem']));
});

test('a page that tries to leave stays where it is', async () => {
  const { window, electron } = application;
  const before = window.url();
  await window.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await window.waitForTimeout(500);
  expect(window.url()).toBe(before);
  expect(electron.windows()).toHaveLength(1);
});

test('the renderer runs in the sandbox, or the application says that it does not', async () => {
  const { electron, window } = application;
  if (process.env['LECTERN_NO_SANDBOX'] === '1') {
    // Root, or a system without user namespaces: then the application has to say so.
    expect((await ask(window, 'app.info', {})).unsandboxed).toBe(true);
    return;
  }
  const renderers = await processesOf(electron, 'Tab');
  expect(renderers.length).toBeGreaterThan(0);
  if (process.platform === 'linux') for (const one of renderers) expect(await seccompMode(one.pid)).toBe(2);
  expect((await ask(window, 'app.info', {})).unsandboxed).toBe(false);
});

test('refuses requests that the contract does not know', async () => {
  const { window } = application;
  for (const name of ['constructor', 'document.destroy', '__proto__']) await expect(ask(window, name as 'app.info', {})).rejects.toThrow(/request-unknown/);
  await expect(ask(window, 'document.import', { paths: [] })).rejects.toThrow(/request-invalid/);
  await expect(ask(window, 'page.list', { documentId: '../../etc' })).rejects.toThrow(/not-found|request-invalid/);
});

test('writes into its data folder only, and sends nothing home', async () => {
  // onnxruntime keeps a device id and an outbox of telemetry under ~/.cache/Microsoft unless it is told not to.
  expect(filesUnder(place.data).length).toBeGreaterThan(0);
  // The system's font library keeps its cache for every program of a user there.
  expect(filesUnder(place.home).filter((path) => !path.startsWith(join(place.home, '.cache/fontconfig')))).toEqual([]);
});

test('says nothing alarming on stderr', () => {
  // Electron links the system's GLib; sharp loaded the ordinary way would call into the wrong one (criticals, then crashes).
  expect(application.stderr()).not.toMatch(/GLib|GObject|CRITICAL|Unhandled|Deprecat/i);
});
