// A part of the screen is captured: what another program shows there is imported and read; Escape brings nothing; a system that refuses is named.
import { expect, test } from '@playwright/test';
import type { Page as Window } from '@playwright/test';
import { linesOf } from '@contract/document.ts';
import type { Application } from '../../build/application-driver.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { ask, eventually, waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
let application: Application;
let window: Window;

/** The window over the screen, once it shows the screen. */
async function overlayOf(begin: () => Promise<void>): Promise<Window> {
  await begin();
  const overlay = await eventually(async () => application.electron.windows().find((one) => one.url().endsWith('/capture.html')), 'the window over the screen', 20_000);
  await overlay.locator('#picture[src^=blob]').waitFor();
  return overlay;
}
const pressKeys = async (): Promise<void> => {
  await window.bringToFront();
  await window.keyboard.press('Control+Shift+S');
};
/** The key that closes it: the window is gone before the key comes up again. */
const pressLast = (overlay: Window, key: string): Promise<unknown> => Promise.all([overlay.waitForEvent('close'), overlay.keyboard.press(key).catch(() => {})]);
const documents = async (): Promise<string[]> => (await ask(window, 'document.list', {})).map((one) => one.fileName);

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  application = await launch(place, { env: { LECTERN_SAMPLES: 'none' } });
  window = application.window;
  await window.getByRole('button', { name: 'Capture the screen…' }).waitFor();
});
test.afterAll(async () => {
  await application.quit();
  place.remove();
});

test('a rectangle is drawn on the screen, and what another window shows there is imported and read', async () => {
  // Another program's window.
  await application.electron.evaluate(async ({ BrowserWindow }) => {
    const other = new BrowserWindow({ x: 100, y: 100, width: 700, height: 300, frame: false, show: true, title: 'Other' });
    (globalThis as { other?: unknown }).other = other;
    await other.loadURL('data:text/html,<title>Other</title><body style="margin:0;background:white"><h1 style="font:48px sans-serif;margin:90px 60px">QUOKKA INVOICE 4711</h1></body>');
  });
  const overlay = await overlayOf(pressKeys);
  expect(await application.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().filter((one) => one.isVisible()).map((one) => one.getTitle()))).not.toContain('Lectern');
  // Nothing of the application's own reaches this window, nor Node.
  expect(await overlay.evaluate(() => ['lectern', 'require', 'process'].filter((name) => name in globalThis))).toEqual([]);
  await overlay.screenshot({ path: process.env['LECTERN_CAPTURE_SHOT'] ?? 'test-results/capture.png' });
  await overlay.mouse.move(110, 120);
  await overlay.mouse.down();
  await overlay.mouse.move(790, 380, { steps: 5 });
  const closed = overlay.waitForEvent('close');
  await overlay.mouse.up();
  await closed;
  const name = await eventually(async () => (await documents())[0], 'the screenshot in the library');
  expect(name).toMatch(/^Screenshot .+\.png$/);
  const { pages, texts } = await waitUntilRead(window, name);
  expect(pages[0]!.width).toBeGreaterThan(600);
  expect(linesOf(texts[0]!).map((line) => line.text).join('').replaceAll(' ', '')).toContain('QUOKKAINVOICE4711');
  expect(await application.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().find((one) => one.getTitle() === 'Lectern')!.isVisible())).toBe(true);
  await application.electron.evaluate(() => (globalThis as unknown as { other: { destroy(): void } }).other.destroy());
});

test('by keyboard: arrows and Enter take a part, Escape takes nothing', async () => {
  const before = await documents();
  const overlay = await overlayOf(pressKeys);
  await pressLast(overlay, 'Escape');
  expect(await documents()).toEqual(before);
  const again = await overlayOf(pressKeys);
  await again.keyboard.press('ArrowRight');
  await again.keyboard.press('Shift+ArrowDown');
  await expect(again.locator('#area')).toBeVisible();
  await pressLast(again, 'Enter');
  await expect.poll(async () => (await documents()).length).toBe(before.length + 1);
});

test('a system that refuses is named, and pasting is offered', async () => {
  await application.electron.evaluate(({ desktopCapturer }) => {
    desktopCapturer.getSources = async () => { throw new Error('portal said no'); };
  });
  await pressKeys();
  await expect(window.getByRole('alert')).toContainText(/did not let Lectern see the screen.*paste it here/s);
  expect(await application.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => [one.getTitle(), one.isVisible()]))).toEqual([['Lectern', true]]);
});
