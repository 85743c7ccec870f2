// The page canvas as a person uses it: wheel, rubber band, double click, menus, search; and that the picture is left alone by a hover.
import { expect, test } from '@playwright/test';
import type { Locator, Page as Window } from '@playwright/test';
import type { Application } from '../../build/application-driver.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { fixturePage } from '../helpers/fixture-pages.ts';
import { waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
const receipt = fixturePage('en-receipt');
let application: Application;
let window: Window;

const canvas = (): Locator => window.locator('#page-canvas');
const boxes = (): Locator => canvas().getByRole('option');
const selected = (): Locator => canvas().locator('[role=option][aria-selected=true]');
const zoomShown = async (): Promise<number> => Number.parseInt((await window.getByRole('button', { name: /^Zoom \d/ }).getAttribute('aria-label'))!.replace(/\D+/, ''), 10);
const clipboardText = (): Promise<string> => application.electron.evaluate(({ clipboard }) => clipboard.readText());

interface Point { x: number; y: number }
async function middleOf(box: Locator): Promise<Point> {
  const { x, y, width, height } = (await box.boundingBox())!;
  return { x: x + width / 2, y: y + height / 2 };
}

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  application = await launch(place, { files: [receipt.path] });
  window = application.window;
  await waitUntilRead(window, receipt.fileName);
  await expect(window.locator('[data-picture="shown"]')).toBeVisible();
  await expect(boxes().nth(5)).toBeAttached();
});
test.afterAll(async () => {
  await application.quit();
  place.remove();
});

test('Ctrl and wheel zoom at the pointer: what lies under it stays there; 0 fits again', async () => {
  const target = boxes().nth(3);
  const before = await middleOf(target);
  const fitted = await zoomShown();
  await window.mouse.move(before.x, before.y);
  await window.keyboard.down('Control');
  for (let turn = 0; turn < 4; turn += 1) await window.mouse.wheel(0, -120);
  await window.keyboard.up('Control');
  await expect.poll(zoomShown).toBeGreaterThan(fitted * 1.8);
  await expect.poll(async () => Math.abs((await middleOf(target)).x - before.x)).toBeLessThan(3);
  expect(Math.abs((await middleOf(target)).y - before.y)).toBeLessThan(3);

  await window.waitForTimeout(400); // The options follow the page when it has come to rest.
  const still = await middleOf(target);
  await window.mouse.wheel(0, 60);
  await expect.poll(async () => Math.round(still.y - (await middleOf(target)).y)).toBe(60);
  await canvas().focus();
  await window.keyboard.press('0');
  await expect.poll(zoomShown).toBe(fitted);
  await expect.poll(async () => Math.abs((await middleOf(target)).y - before.y)).toBeLessThan(2);
});

test('a rubber band selects the lines it touches, Escape lets them go', async () => {
  const [first, last] = [(await boxes().nth(2).boundingBox())!, (await boxes().nth(4).boundingBox())!];
  const view = (await canvas().boundingBox())!;
  await window.mouse.move(view.x + 4, Math.min(first.y, last.y) + 1);
  await window.mouse.down();
  await window.mouse.move(view.x + view.width - 4, Math.max(first.y + first.height, last.y + last.height) - 1, { steps: 6 });
  await window.mouse.up();
  const labels = await selected().evaluateAll((options) => options.map((option) => option.getAttribute('aria-label')));
  expect(labels.length).toBeGreaterThanOrEqual(2);
  expect(labels.length).toBeLessThan(await boxes().count());
  await canvas().focus();
  await window.keyboard.press('Escape');
  await expect(selected()).toHaveCount(0);
});

test('a double click takes one word, and Copy gives exactly that', async () => {
  const box = boxes().first();
  const label = (await box.getAttribute('aria-label'))!.replace(/ \(uncertain.*$/, '');
  const { x, y, width, height } = (await box.boundingBox())!;
  await window.mouse.dblclick(x + width * 0.1, y + height / 2);
  await window.keyboard.press('Control+c');
  await expect.poll(clipboardText).toBe(label.split(' ')[0]);
  // The word was opened for correction, too.
  await window.keyboard.press('Escape');
});

test('a hover repaints the marks and leaves picture and boxes alone', async () => {
  await window.waitForTimeout(400); // Until what moved before has come to rest.
  await window.evaluate(() => {
    const painted: string[] = ((globalThis as { painted?: string[] }).painted = []);
    const all = [...document.querySelectorAll('canvas')];
    const prototype = CanvasRenderingContext2D.prototype;
    const clearRect = prototype.clearRect;
    prototype.clearRect = function (...given) {
      painted.push(['picture', 'boxes', 'places', 'marks'][all.indexOf(this.canvas)]!);
      return clearRect.apply(this, given);
    };
  });
  for (const index of [1, 3, 5]) {
    const at = await middleOf(boxes().nth(index));
    await window.mouse.move(at.x, at.y, { steps: 3 });
  }
  await expect.poll(() => window.evaluate(() => (globalThis as { painted?: string[] }).painted!.length)).toBeGreaterThan(1);
  expect(new Set(await window.evaluate(() => (globalThis as { painted?: string[] }).painted!))).toEqual(new Set(['marks']));
});

test('the search goes from hit to hit and selects each on the page', async () => {
  await window.keyboard.press('Control+f');
  const field = window.getByRole('textbox', { name: 'Find in document' });
  await expect(field).toBeFocused();
  await field.fill('t');
  const state = window.getByRole('search').getByRole('status');
  await expect(state).toHaveText(/^1 of \d+$/);
  const first = await selected().getAttribute('aria-label');
  await window.keyboard.press('F3');
  await expect(state).toHaveText(/^2 of \d+$/);
  await expect(selected()).toHaveCount(1);
  expect(await selected().getAttribute('aria-label')).not.toBe(first);
  await window.keyboard.press('Shift+F3');
  await expect(state).toHaveText(/^1 of \d+$/);
  await field.fill('no such words anywhere');
  await expect(state).toHaveText('Not found');
  await window.keyboard.press('Escape');
  await expect(field).toHaveCount(0);
});

test('the context menu acts on the line under the pointer', async () => {
  const box = boxes().nth(1);
  const label = (await box.getAttribute('aria-label'))!.replace(/ \(uncertain.*$/, '');
  const at = await middleOf(box);
  await window.mouse.move(at.x, at.y);
  await window.mouse.click(at.x, at.y, { button: 'right' });
  await window.getByRole('menuitem', { name: 'Copy text' }).click();
  await expect.poll(clipboardText).toBe(label);
});

test('the palette runs a command by name', async () => {
  await window.keyboard.press('Control+k');
  await window.getByRole('combobox', { name: 'Command' }).fill('show boxes');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('button', { name: 'Show boxes' })).toBeVisible();
  await window.keyboard.press('Control+b');
  await expect(window.getByRole('button', { name: 'Hide boxes' })).toBeVisible();
});

test('files dragged over the window are announced, and the overlay goes when they leave', async () => {
  const session = await window.context().newCDPSession(window);
  const data = { items: [], files: [receipt.path], dragOperationsMask: 1 };
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', x: 300, y: 300, data });
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', x: 320, y: 320, data });
  await expect(window.getByText('Drop to add to the library')).toBeVisible();
  // From part to part of the window it stays; the debugger's own "cancel" tells the page nothing, so leaving is played.
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', x: 90, y: 320, data });
  await expect(window.getByText('Drop to add to the library')).toBeVisible();
  await window.evaluate(() => document.body.dispatchEvent(new DragEvent('dragleave', { bubbles: true })));
  await expect(window.getByText('Drop to add to the library')).toHaveCount(0);
  await session.detach();
});
