// Correcting what was read: in place by keyboard, boxes by pointer, order by dragging; exported, searched, kept over a restart, undone.
import { expect, test } from '@playwright/test';
import type { Locator, Page as Window } from '@playwright/test';
import { copyFileSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { linesOf, type PageText } from '@contract/document.ts';
import { boundsOf } from '@contract/geometry.ts';
import type { Application } from '../../build/application-driver.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { fixturePage } from '../helpers/fixture-pages.ts';
import { ask, documentNamed, dropFiles, eventually, waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
let application: Application;
let window: Window;
let pageId: string;

const canvas = (): Locator => window.locator('#page-canvas');
const options = (): Locator => canvas().getByRole('option');
const editor = (): Locator => window.getByLabel(/^Text of line/);
const text = async (): Promise<PageText> => (await ask(window, 'page.text', { pageId }))!;
const lines = async (): Promise<string[]> => linesOf(await text()).map((line) => line.text);
const openCard = (): Promise<void> => window.getByRole('listbox', { name: 'Documents' }).getByRole('option', { name: 'card' }).click();
/** The middle of a line's box in the window. */
async function middleOf(line: number): Promise<{ x: number; y: number; width: number; height: number }> {
  const { x, y, width, height } = (await options().nth(line).boundingBox())!;
  return { x: x + width / 2, y: y + height / 2, width, height };
}

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  application = await launch(place, { env: { LECTERN_SAMPLES: 'none' } });
  window = application.window;
  const file = join(place.files, 'card.png');
  copyFileSync(fixturePage('en-card').path, file);
  await dropFiles(window, [file]);
  pageId = (await waitUntilRead(window, 'card.png')).pages[0]!.id;
  await openCard();
  await expect(options().first()).toBeVisible();
});
test.afterAll(async () => {
  await application.quit();
  place.remove();
});

test('a line is edited in place by keyboard alone, and export and search say what was typed', async () => {
  await canvas().focus();
  await window.keyboard.press('End');
  const index = (await lines()).length - 1;
  await window.keyboard.press('Enter');
  await expect(editor()).toBeFocused();
  await editor().fill('Glasswick, GW 50213-QUOKKA');
  await window.keyboard.press('Enter');
  await expect.poll(lines).toContain('Glasswick, GW 50213-QUOKKA');
  await expect(canvas()).toBeFocused();
  await expect(options().nth(index)).toHaveAttribute('aria-label', 'Glasswick, GW 50213-QUOKKA');
  const document = (await documentNamed(window, 'card.png'))!;
  const exported = await ask(window, 'document.render', { target: { kind: 'documents', documentIds: [document.id] }, format: 'txt' });
  expect(exported.text).toContain('QUOKKA');
  expect(await ask(window, 'library.search', { text: 'quokka' })).toHaveLength(1);
});

test('Escape leaves the line as it was, and the double click marks the word', async () => {
  const before = await lines();
  const { x, y } = await middleOf(1);
  await window.mouse.dblclick(x, y);
  await expect(editor()).toBeFocused();
  const marked = await editor().evaluate((field) => (field as HTMLInputElement).value.slice((field as HTMLInputElement).selectionStart!, (field as HTMLInputElement).selectionEnd!));
  expect(before[1]!.split(' ')).toContain(marked);
  await window.keyboard.type('nonsense');
  await window.keyboard.press('Escape');
  await expect(editor()).toHaveCount(0);
  expect(await lines()).toEqual(before);
});

test('split, merge, role, order and delete, each taken back and done again', async () => {
  const before = await lines();
  const at = before.findIndex((line, index) => index > 1 && line.includes(' '));
  await canvas().focus();
  const { x, y } = await middleOf(at);
  await window.mouse.click(x, y);
  await window.keyboard.press('F2');
  await window.keyboard.press('Home');
  for (let step = 0; step < before[at]!.indexOf(' '); step++) await window.keyboard.press('ArrowRight');
  await window.keyboard.press('Control+Enter');
  await expect.poll(async () => (await lines()).length).toBe(before.length + 1);
  expect((await lines())[at]).toBe(before[at]!.slice(0, before[at]!.indexOf(' ')));

  // The second half is selected: with the first, they are merged again.
  await expect(canvas()).toBeFocused();
  await window.keyboard.press('Shift+ArrowUp');
  await window.keyboard.press('Control+m');
  await expect.poll(lines).toEqual(before);

  await window.getByRole('toolbar', { name: 'Correct the selection' }).getByRole('button', { name: /^Role/ }).click();
  await window.getByRole('menuitemcheckbox', { name: 'Make it: page footer' }).click();
  await expect.poll(async () => (await text()).regions.some((region) => region.role === 'footer' && region.lines[0]!.text === before[at])).toBe(true);

  await canvas().focus();
  await window.keyboard.press('Control+Alt+ArrowUp');
  await expect.poll(async () => (await lines())[at - 1]).toBe(before[at]);
  await window.keyboard.press('Delete');
  await expect.poll(async () => (await lines()).length).toBe(before.length - 1);

  for (let step = 0; step < 5; step++) await window.keyboard.press('Control+z');
  await expect.poll(lines).toEqual(before);
  await window.keyboard.press('Control+y');
  await expect.poll(async () => (await lines()).length).toBe(before.length + 1);
  await window.keyboard.press('Control+z');
  await expect.poll(lines).toEqual(before);
});

test('a drawn box is read, moved and resized', async () => {
  const before = await text();
  const target = linesOf(before).findIndex((line) => line.text.length > 8);
  const box = (await options().nth(target).boundingBox())!;
  await canvas().focus();
  await window.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await window.keyboard.press('Delete');
  await expect.poll(async () => linesOf(await text()).length).toBe(linesOf(before).length - 1);

  await window.keyboard.press('e');
  await window.mouse.move(box.x - 2, box.y - 2);
  await window.mouse.down();
  await window.mouse.move(box.x + box.width + 2, box.y + box.height + 2, { steps: 5 });
  await window.mouse.up();
  await expect.poll(lines).toContain(linesOf(before)[target]!.text);

  const added = (await lines()).indexOf(linesOf(before)[target]!.text);
  const start = boundsOf(linesOf(await text())[added]!.quad);
  await window.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await window.mouse.down();
  await window.mouse.move(box.x + box.width / 2 + 30, box.y + box.height / 2 + 10, { steps: 5 });
  await window.mouse.up();
  await expect.poll(async () => boundsOf(linesOf(await text())[added]!.quad).x).toBeGreaterThan(start.x + 5);
  await expect(canvas()).toBeFocused();
  const moved = boundsOf(linesOf(await text())[added]!.quad);
  await window.keyboard.press('Shift+ArrowRight');
  await expect.poll(async () => boundsOf(linesOf(await text())[added]!.quad).width).toBeGreaterThan(moved.width);
  await window.keyboard.press('Escape');
  for (let step = 0; step < 4; step++) await window.keyboard.press('Control+z');
  await expect.poll(async () => linesOf(await text())).toEqual(linesOf(before));
});

test('lines are read again by another recogniser', async () => {
  const before = await lines();
  await canvas().focus();
  await window.keyboard.press('Home');
  await window.keyboard.press('ArrowDown');
  await window.getByRole('toolbar', { name: 'Correct the selection' }).getByRole('button', { name: 'Read the selected lines again' }).click();
  await window.getByRole('menuitem', { name: 'Read the lines again as Korean' }).click();
  await expect.poll(async () => linesOf(await text())[1]!.script).not.toBe('latin');
  await canvas().focus();
  await window.keyboard.press('Control+z');
  await expect.poll(lines).toEqual(before);
});

// A tiny model's words are noise: that its words come, on the lines that were selected, and that they are a step like others, is what is looked at.
test('a model reads lines again, and what it wrote is marked where it differs', async () => {
  const checkpoint = resolve(import.meta.dirname, '../fixtures/checkpoints/qwen2-vl');
  await ask(window, 'model.install', { source: { kind: 'folder', folder: checkpoint } });
  const model = await eventually(async () => (await ask(window, 'model.list', {})).models[0], 'the model to be installed');
  const before = linesOf(await text());
  await canvas().focus();
  await window.keyboard.press('Home');
  await window.keyboard.press('ArrowDown');
  const bar = window.getByRole('toolbar', { name: 'Correct the selection' });
  await bar.getByRole('button', { name: 'Read the selected lines again' }).click();
  await window.getByRole('menuitem', { name: `Read with ${model.name}` }).click();
  await expect.poll(async () => linesOf(await text())[1]!.text, { timeout: 60_000 }).not.toBe(before[1]!.text);
  const after = linesOf(await text());
  expect(after.map(({ quad }) => quad)).toEqual(before.map(({ quad }) => quad));
  expect(after.filter((_, index) => index !== 1)).toEqual(before.filter((_, index) => index !== 1));
  expect(after[1]!.confidence).toBeLessThan(0.5);
  await expect(bar.getByRole('button', { name: 'Read the selected lines again' })).toBeVisible();
  await canvas().focus();
  await window.keyboard.press('Control+z');
  await expect.poll(async () => linesOf(await text())).toEqual(before);
});

test('a region dragged in the text panel changes the reading order', async () => {
  const before = (await text()).regions.map((region) => region.lines[0]!.text);
  const last = before.length - 1;
  const block = window.locator(`[data-drag-region="${last}"]`);
  await block.locator('..').hover();
  await block.dragTo(window.locator('[data-drag-region="0"]').locator('..'), { targetPosition: { x: 40, y: 3 } });
  await expect.poll(async () => (await text()).regions[0]!.lines[0]!.text).toBe(before[last]);
  await canvas().focus();
  await window.keyboard.press('Control+z');
  await expect.poll(async () => (await text()).regions.map((region) => region.lines[0]!.text)).toEqual(before);
});

test('a role is chosen, figure among them, and lines are moved in reading order by keyboard alone', async () => {
  const before = await text();
  await canvas().focus();
  await window.keyboard.press('Home');
  await window.keyboard.press('ArrowDown');
  const bar = window.getByRole('toolbar', { name: 'Correct the selection' });
  const role = bar.getByRole('button', { name: /^Role/ });
  for (let step = 0; step < 40 && !(await role.evaluate((button) => button === document.activeElement)); step++) await window.keyboard.press('Tab');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('menuitemcheckbox', { name: 'Make it: figure' })).toBeVisible();
  for (let step = 0; step < 12 && !(await window.getByRole('menuitemcheckbox', { name: 'Make it: figure' }).evaluate((item) => item === document.activeElement)); step++) await window.keyboard.press('ArrowDown');
  await window.keyboard.press('Enter');
  const line = linesOf(before)[1]!.text;
  await expect.poll(async () => (await text()).regions.find((region) => region.lines.some((one) => one.text === line))!.role).toBe('figure');
  await canvas().focus();
  await window.keyboard.press('Control+Alt+ArrowDown');
  await expect.poll(async () => (await lines())[2]).toBe(line);
  await window.keyboard.press('Control+z');
  await window.keyboard.press('Control+z');
  await expect.poll(text).toEqual(before);
});

test('the selection is copied as text, as Markdown and as a picture', async () => {
  const clipboardText = (): Promise<string> => application.electron.evaluate(({ clipboard }) => clipboard.readText());
  await canvas().focus();
  await window.keyboard.press('Home');
  await window.keyboard.press('Shift+ArrowDown');
  const [first, second] = await lines();
  await window.keyboard.press('Control+c');
  await expect.poll(clipboardText).toContain(first);
  expect(await clipboardText()).toContain(second);
  await application.electron.evaluate(({ clipboard }) => clipboard.clear());
  await window.keyboard.press('Control+Shift+c');
  await expect.poll(clipboardText).toContain(first);
  await window.keyboard.press('Control+Alt+c');
  const pictureWidth = await eventually(() => application.electron.evaluate(async ({ clipboard }) => {
    // Older runtimes give pictures of their own kind, newer ones what the web has. A PNG's width stands at its 17th byte.
    const older = clipboard as unknown as { readImage?(): { toPNG(): Uint8Array } };
    const item = older.readImage ? null : (await clipboard.read()).find((one) => one.types.includes('image/png'));
    const bytes = older.readImage ? older.readImage().toPNG() : item ? new Uint8Array(await (await item.getType('image/png')).arrayBuffer()) : new Uint8Array();
    return bytes.length > 24 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(16) : null;
  }), 'the picture in the clipboard', 20_000);
  const boxes = linesOf(await text()).slice(0, 2).flatMap((line) => line.quad);
  const { width, height } = boundsOf(boxes);
  expect(pictureWidth).toBeGreaterThanOrEqual(Math.floor(width));
  expect(pictureWidth).toBeLessThan(width + height);
});

test('the selection is dragged out of the window as a file', async () => {
  // The system's own drag begins here: where the pointer goes then is no longer the window's.
  await application.electron.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    webContents.startDrag = ({ file }) => { (globalThis as { dragged?: string }).dragged = file; };
  });
  await ask(window, 'settings.change', { lastExportFormat: 'txt' });
  await canvas().focus();
  await window.keyboard.press('Home');
  const handle = (await window.getByTitle(/^Drag out as a file/).boundingBox())!;
  await window.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
  await window.mouse.down();
  await window.mouse.move(handle.x - 200, handle.y + 200, { steps: 8 });
  const file = await eventually(() => application.electron.evaluate(() => (globalThis as { dragged?: string }).dragged ?? null), 'the drag', 20_000);
  await window.mouse.up();
  expect(file.startsWith(place.data)).toBe(true);
  expect(readFileSync(file, 'utf8').trim()).toBe((await lines())[0]);
});

test('corrections are there after a restart, and can still be taken back and done again', async () => {
  await application.quit();
  application = await launch(place, { env: { LECTERN_SAMPLES: 'none' } });
  window = application.window;
  await openCard();
  await expect.poll(lines).toContain('Glasswick, GW 50213-QUOKKA');
  await expect(options().first()).toBeVisible();
  await canvas().focus();
  await window.keyboard.press('Control+z');
  await expect.poll(async () => (await lines()).some((line) => line.includes('QUOKKA'))).toBe(false);
  expect(await ask(window, 'library.search', { text: 'quokka' })).toHaveLength(0);
  await window.keyboard.press('Control+y');
  await expect.poll(lines).toContain('Glasswick, GW 50213-QUOKKA');
});
