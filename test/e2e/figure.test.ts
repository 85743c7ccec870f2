// Figures: drawn by hand where none was found, moved, copied and saved as pictures, there after a restart; and nothing of it lies outside the data folder meanwhile.
import { expect, test } from '@playwright/test';
import type { Locator, Page as Window } from '@playwright/test';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { PageText, Region } from '@contract/document.ts';
import { boundsOf } from '@contract/geometry.ts';
import type { Application } from '../../build/application-driver.mjs';
import { findProgram } from '../../build/processes.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { fixturePage } from '../helpers/fixture-pages.ts';
import { ask, dropFiles, eventually, waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
const systemTemporary = join(place.files, 'tmp');
let application: Application;
let window: Window;
let pageId: string;

const canvas = (): Locator => window.locator('#page-canvas');
const text = async (): Promise<PageText> => (await ask(window, 'page.text', { pageId }))!;
const figures = async (): Promise<Region[]> => (await text()).regions.filter((region) => region.role === 'figure');
const bar = (): Locator => window.getByRole('toolbar', { name: 'Selected figure' });
const start = async (): Promise<void> => {
  application = await launch(place, { env: { LECTERN_SAMPLES: 'none', TMPDIR: systemTemporary } });
  window = application.window;
};
const openReport = (): Promise<void> => window.getByRole('listbox', { name: 'Documents' }).getByRole('option', { name: 'report' }).click();

async function drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await window.mouse.move(from.x, from.y);
  await window.mouse.down();
  await window.mouse.move(to.x, to.y, { steps: 5 });
  await window.mouse.up();
}

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  mkdirSync(systemTemporary);
  await start();
  const file = join(place.files, 'report.png');
  copyFileSync(fixturePage('en-report').path, file);
  await dropFiles(window, [file]);
  pageId = (await waitUntilRead(window, 'report.png')).pages[0]!.id;
  await openReport();
  await expect(canvas().getByRole('option', { name: 'Figure', exact: true })).toBeAttached();
});
test.afterAll(async () => {
  await application.quit();
  place.remove();
});

test('a found figure is selected by click and by key, and copied', async () => {
  const box = (await canvas().getByRole('option', { name: 'Figure', exact: true }).boundingBox())!;
  await window.mouse.click(box.x + box.width * 0.6, box.y + box.height * 0.55);
  await expect(bar()).toBeVisible();
  await window.keyboard.press('Escape');
  await expect(bar()).toHaveCount(0);
  await canvas().focus();
  await window.keyboard.press('f');
  await expect(bar()).toBeVisible();
  await expect(canvas().getByRole('option', { name: 'Figure', exact: true })).toHaveAttribute('aria-selected', 'true');
  await bar().getByRole('button', { name: 'Copy as picture' }).click();
  await expect(window.getByText('The picture of the figure was copied.')).toBeVisible();
});

test('a figure is saved as a picture in all the pixels of the page', async () => {
  const file = join(place.files, 'chart.png');
  await application.electron.evaluate(({ dialog }, filePath) => { dialog.showSaveDialog = async () => ({ canceled: false, filePath }); }, file);
  await bar().getByRole('button', { name: 'Save as picture…' }).click();
  await expect(window.getByText('Saved as “chart.png”.')).toBeVisible();
  const { width, height } = boundsOf((await figures())[0]!.quad);
  const saved = await sharp(file).metadata();
  expect(Math.abs(saved.width - width)).toBeLessThan(3);
  expect(Math.abs(saved.height - height)).toBeLessThan(3);
});

test('a figure is dragged out as a picture', async () => {
  await application.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]!.webContents.startDrag = ({ file }) => { (globalThis as { dragged?: string }).dragged = file; };
  });
  const handle = (await bar().getByTitle('Drag out as a picture').boundingBox())!;
  await window.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
  await window.mouse.down();
  await window.mouse.move(handle.x - 150, handle.y - 150, { steps: 8 });
  const file = await eventually(() => application.electron.evaluate(() => (globalThis as { dragged?: string }).dragged ?? null), 'the drag', 20_000);
  await window.mouse.up();
  expect(file.startsWith(place.data)).toBe(true);
  expect((await sharp(readFileSync(file)).metadata()).format).toBe('png');
});

test('a figure is drawn, moved and resized, put earlier, deleted, and every step taken back', async () => {
  const before = await text();
  await canvas().focus();
  await window.keyboard.press('Escape');
  await window.keyboard.press('Shift+E');
  await expect(window.getByRole('toolbar', { name: 'Draw boxes' }).getByRole('radio', { name: 'Figure' })).toBeChecked();
  // The empty right margin beside the list: nothing was found there.
  const page = (await canvas().boundingBox())!;
  const list = (await canvas().getByRole('option', { name: /Fewer days/ }).boundingBox())!;
  const from = { x: list.x + list.width + 60, y: list.y }, to = { x: from.x + 90, y: from.y + 40 };
  expect(to.x).toBeLessThan(page.x + page.width);
  await drag(from, to);
  await expect.poll(async () => (await figures()).length).toBe(2);
  await expect(bar()).toContainText('Figure');
  const drawn = (await figures()).find((one) => one.lines.length === 0)!;
  await drag({ x: from.x + 45, y: from.y + 20 }, { x: from.x + 55, y: from.y + 25 });
  await expect.poll(async () => (await figures()).some((one) => one.lines.length === 0 && boundsOf(one.quad).x > boundsOf(drawn.quad).x + 5)).toBe(true);
  await canvas().focus();
  await window.keyboard.press('Shift+ArrowRight');
  await expect.poll(async () => (await figures()).some((one) => boundsOf(one.quad).width > boundsOf(drawn.quad).width + 1)).toBe(true);
  const at = (await text()).regions.findIndex((one) => one.role === 'figure');
  await window.keyboard.press('Control+Alt+ArrowUp');
  await expect.poll(async () => (await text()).regions.findIndex((one) => one.role === 'figure')).toBe(at - 1);
  await window.keyboard.press('Delete');
  await expect.poll(async () => (await figures()).length).toBe(1);
  await window.keyboard.press('Escape');
  for (let step = 0; step < 5; step++) await window.keyboard.press('Control+z');
  await expect.poll(text).toEqual(before);
  for (let step = 0; step < 4; step++) await window.keyboard.press('Control+y');
  await expect.poll(async () => (await figures()).length).toBe(2);
});

test('what was drawn is there after a restart, and goes into an export with its picture', async () => {
  await application.quit();
  await start();
  await openReport();
  expect(await figures()).toHaveLength(2);
  const file = join(place.files, 'report.html');
  await application.electron.evaluate(({ dialog }, filePath) => { dialog.showSaveDialog = async () => ({ canceled: false, filePath }); }, file);
  await ask(window, 'document.export', { target: { kind: 'page', pageId }, format: 'html' });
  expect(readFileSync(file, 'utf8').match(/<img /g)).toHaveLength(2);
});

test('nothing is written to the system\'s temporary folder meanwhile, only to the data folder\'s own, which is empty afterwards', async () => {
  const seen: string[] = [];
  const watching = watch(systemTemporary, (_event, name) => void seen.push(String(name)));
  const inside: string[] = [];
  const own = watch(join(place.data, 'temporary'), (_event, name) => void inside.push(String(name)));
  for (const [format, name] of [['html', 'again.html'], ['docx', 'again.docx'], ['pdf', 'again.pdf']] as const) {
    const file = join(place.files, name);
    await application.electron.evaluate(({ dialog }, filePath) => { dialog.showSaveDialog = async () => ({ canceled: false, filePath }); }, file);
    await ask(window, 'document.export', { target: { kind: 'page', pageId }, format });
  }
  const decodes = ['heif-dec', 'heif-convert'].some((name) => findProgram(name));
  if (decodes) {
    await dropFiles(window, [join(import.meta.dirname, '../fixtures/photos/en-card.heic')]);
    await waitUntilRead(window, 'en-card.heic');
  }
  expect(inside.some((name) => name.startsWith('lectern-export-'))).toBe(true);
  if (decodes) expect(inside.some((name) => name.startsWith('lectern-photo-'))).toBe(true);
  watching.close();
  own.close();
  expect(seen).toEqual([]);
  expect(readdirSync(join(place.data, 'temporary')).filter((name) => name.startsWith('lectern-'))).toEqual([]);
});
