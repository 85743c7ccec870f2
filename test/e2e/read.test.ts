// The first flow, as a person does it: drop a scan, click its boxes, copy and export its text, close, open again: all still there.
import { expect, test } from '@playwright/test';
import type { Locator, Page as Window } from '@playwright/test';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from '../../build/application-driver.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { fixturePage, shareFound } from '../helpers/fixture-pages.ts';
import { ask, documentNamed, dropFiles, eventually, waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
const receipt = fixturePage('en-receipt');
let application: Application;
let window: Window;

const documentRow = (name: string): Locator => window.getByRole('listbox', { name: 'Documents' }).getByRole('option', { name });
const boxes = (): Locator => window.locator('#page-canvas').getByRole('option');
const textLine = (text: string): Locator => window.getByRole('region', { name: 'Text and questions' }).locator('[data-line]', { hasText: text }).first();
const background = (line: Locator): Promise<string> => line.evaluate((element) => getComputedStyle(element).backgroundColor);

async function clickMiddleOf(box: Locator): Promise<void> {
  const { x, y, width, height } = (await box.boundingBox())!;
  await window.mouse.click(x + width / 2, y + height / 2);
}

const clipboardText = (): Promise<string> => application.electron.evaluate(({ clipboard }) => clipboard.readText());

/** A system dialog that the person answers: with this file, or with the button of this number. */
async function answerDialogs(answers: { save?: string; button?: number }): Promise<void> {
  await application.electron.evaluate(({ dialog }, { save, button }) => {
    const seen: string[] = ((globalThis as { dialogsSeen?: string[] }).dialogsSeen = []);
    dialog.showSaveDialog = async () => {
      seen.push('save');
      return save === undefined ? { canceled: true, filePath: '' } : { canceled: false, filePath: save };
    };
    dialog.showMessageBox = async () => {
      seen.push('message');
      return { response: button ?? 0, checkboxChecked: false };
    };
  }, answers);
}

const dialogsSeen = (): Promise<string[]> => application.electron.evaluate(() => (globalThis as { dialogsSeen?: string[] }).dialogsSeen ?? []);

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  // Given a file, a first start does not bring the sample documents: the tests read their own pages only.
  const card = fixturePage('en-card');
  application = await launch(place, { files: [card.path] });
  window = application.window;
  await waitUntilRead(window, card.fileName);
});
test.afterAll(async () => {
  await application.quit();
  place.remove();
});

test('a dropped scan is read and its lines stand on the page as boxes', async () => {
  const file = join(place.files, 'till slip.png');
  copyFileSync(receipt.path, file);
  await dropFiles(window, [file]);
  await expect(documentRow('till slip')).toBeVisible();
  const { texts } = await waitUntilRead(window, 'till slip.png');
  const lines = texts[0]!.regions.flatMap((region) => region.lines);
  expect(shareFound(receipt.lines.join('\n'), lines.map((line) => line.text).join('\n'))).toBeGreaterThan(0.95);

  await documentRow('till slip').click();
  await expect(boxes()).toHaveCount(lines.length);
  await expect(window.locator('[data-picture="shown"]')).toBeVisible();
  // Every box lies on the page picture, inside the canvas, and none is empty.
  const canvas = (await window.locator('#page-canvas').boundingBox())!;
  for (const box of await boxes().all()) {
    const { x, y, width, height } = (await box.boundingBox())!;
    expect(width * height).toBeGreaterThan(0);
    expect(x >= canvas.x && y >= canvas.y && x + width <= canvas.x + canvas.width + 1 && y + height <= canvas.y + canvas.height + 1).toBe(true);
  }
});

test('a click on a box selects its text in the panel, and a click in the panel its box', async () => {
  const count = await boxes().count();
  const first = boxes().nth(Math.floor(count / 2));
  const text = (await first.getAttribute('aria-label'))!.replace(/ \(uncertain.*$/, '');
  const plain = await background(textLine(text));
  await clickMiddleOf(first);
  await expect(first).toHaveAttribute('aria-selected', 'true');
  await expect.poll(() => background(textLine(text))).not.toBe(plain);

  const other = boxes().nth(0);
  const otherText = (await other.getAttribute('aria-label'))!.replace(/ \(uncertain.*$/, '');
  await textLine(otherText).click();
  await expect(other).toHaveAttribute('aria-selected', 'true');
  await expect(first).toHaveAttribute('aria-selected', 'false');
});

test('the keyboard alone walks the lines and copies them', async () => {
  await window.locator('#page-canvas').focus();
  await window.keyboard.press('Home');
  await expect(boxes().nth(0)).toHaveAttribute('aria-selected', 'true');
  await window.keyboard.press('ArrowDown');
  const selected = window.locator('#page-canvas').locator('[role=option][aria-selected=true]');
  await expect(selected).toHaveCount(1);
  const label = (await selected.getAttribute('aria-label'))!.replace(/ \(uncertain.*$/, '');
  await window.keyboard.press('Control+c');
  await expect.poll(clipboardText).toContain(label);

  await window.keyboard.press('Control+a');
  await expect(selected).toHaveCount(await boxes().count());
  await window.keyboard.press('Control+c');
  await expect.poll(async () => shareFound(receipt.lines.join('\n'), await clipboardText())).toBeGreaterThan(0.95);
});

test('the export is what was read, and an existing file is not replaced unasked', async () => {
  const target = join(place.files, 'receipt.txt');
  const document = (await documentNamed(window, 'till slip.png'))!;
  const request = { target: { kind: 'documents' as const, documentIds: [document.id] }, format: 'txt' as const };

  await answerDialogs({ save: target });
  expect(await ask(window, 'document.export', request)).toEqual({ files: [target], passedOver: [] });
  expect(shareFound(receipt.lines.join('\n'), readFileSync(target, 'utf8'))).toBeGreaterThan(0.95);

  await answerDialogs({});
  expect(await ask(window, 'document.export', request)).toBeNull();
  for (const format of ['md', 'json', 'docx', 'pdf'] as const) {
    const file = join(place.files, `receipt.${format}`);
    await answerDialogs({ save: file });
    await ask(window, 'document.export', { ...request, format });
    expect(readFileSync(file, 'utf8').length).toBeGreaterThan(50);
  }
  const json = JSON.parse(readFileSync(join(place.files, 'receipt.json'), 'utf8')) as unknown;
  expect(json).toBeTruthy();
  expect(await dialogsSeen()).toContain('save');
});

test('the picture of the page goes to the clipboard', async () => {
  await window.locator('#page-canvas').focus();
  await window.keyboard.press('Escape');
  await window.keyboard.press('Control+Alt+c');
  await expect(window.getByText('The picture of the page was copied.')).toBeVisible();
});

test('search finds a word of the receipt, on the page it stands on', async () => {
  const word = receipt.lines.join(' ').split(/\s+/).filter((one) => /^[A-Za-z]{5,}$/.test(one)).at(0)!;
  const hits = await ask(window, 'library.search', { text: word });
  const document = (await documentNamed(window, 'till slip.png'))!;
  expect(hits.some((hit) => hit.documentId === document.id)).toBe(true);
});

test('a pasted picture is read like a file', async () => {
  const bytes = readFileSync(fixturePage('en-card').path).toString('base64');
  await application.electron.evaluate(async ({ clipboard, nativeImage }, data) => {
    const image = nativeImage.createFromBuffer(Buffer.from(data, 'base64'));
    // Electron 44 replaced this call by the web's; the fallback runtime has the older one only.
    const old = clipboard as unknown as { writeImage?(picture: typeof image): void };
    if (old.writeImage) old.writeImage(image);
    else await clipboard.write([new ClipboardItem({ 'image/png': new Blob([new Uint8Array(image.toPNG())], { type: 'image/png' }) })] as never);
  }, bytes);
  const before = (await ask(window, 'document.list', {})).map((one) => one.id);
  await window.locator('#page-canvas').focus();
  await window.keyboard.press('Control+v');
  const pasted = await eventually(async () => (await ask(window, 'document.list', {})).find((one) => !before.includes(one.id)), 'the pasted picture to appear');
  const { texts } = await waitUntilRead(window, pasted.fileName);
  const found = texts[0]!.regions.flatMap((region) => region.lines.map((line) => line.text)).join('\n');
  expect(shareFound(fixturePage('en-card').lines.join('\n'), found)).toBeGreaterThan(0.9);
});

test('a scan that lies on its side is read upright', async () => {
  const turned = fixturePage('en-form-rot90');
  const file = join(place.files, 'sideways.png');
  copyFileSync(turned.path, file);
  await dropFiles(window, [file]);
  const { pages, texts } = await waitUntilRead(window, 'sideways.png');
  expect(pages[0]!.rotation).toBe(turned.rotation);
  expect(shareFound(turned.lines.join('\n'), texts[0]!.regions.flatMap((region) => region.lines.map((line) => line.text)).join('\n'))).toBeGreaterThan(0.85);
});

test('a file that is no picture is refused with its reason and harms nothing', async () => {
  const before = await ask(window, 'document.list', {});
  const files = ['empty.png', 'words.png', 'größe 한국어 文件.jpg'].map((name) => join(place.files, name));
  writeFileSync(files[0]!, '');
  writeFileSync(files[1]!, 'these are words');
  writeFileSync(files[2]!, Buffer.concat([readFileSync(fixturePage('en-receipt-photo').path).subarray(0, 300)]));
  const result = await ask(window, 'document.import', { paths: files });
  const refused = result.refused.map((one) => one.error.code);
  expect(refused).toContain('file-empty');
  expect(refused).toContain('file-unsupported');
  // The cut photograph is found out on import or when its page is decoded; either way it says so.
  await eventually(async () => {
    const all = await ask(window, 'document.list', {});
    const cut = all.find((one) => one.fileName.startsWith('größe'));
    return result.refused.length === 3 || (cut && (cut.status === 'failed' || cut.failedCount > 0));
  }, 'the cut photograph to be named broken');
  const after = await ask(window, 'document.list', {});
  for (const one of before) expect(after.find((other) => other.id === one.id)).toEqual(one);
});

test('a deleted document comes back with undo', async () => {
  const document = (await documentNamed(window, 'sideways.png'))!;
  await ask(window, 'document.delete', { documentIds: [document.id] });
  await expect(documentRow('sideways')).toHaveCount(0);
  await ask(window, 'document.restore', { documentIds: [document.id] });
  await expect(documentRow('sideways')).toBeVisible();
});

test('after a restart everything is still there, without reading again', async () => {
  const before = await ask(window, 'document.list', {});
  const readBefore = await waitUntilRead(window, 'till slip.png');
  await application.quit();
  application = await launch(place);
  window = application.window;
  expect(await ask(window, 'document.list', {})).toEqual(before);
  const readAfter = await waitUntilRead(window, 'till slip.png');
  expect(readAfter.texts).toEqual(readBefore.texts);
  expect(readAfter.pages).toEqual(readBefore.pages);
  await documentRow('till slip').click();
  await expect(boxes()).toHaveCount(readBefore.pages[0]!.lineCount);
  expect(existsSync(join(place.files, 'till slip.png'))).toBe(true);
});

test('a second start hands its files to the first and ends', async () => {
  const second = join(place.files, 'second.png');
  copyFileSync(fixturePage('en-receipt-matrix').path, second);
  const again = launch(place, { files: [second] });
  await expect(again).rejects.toThrow();
  await eventually(() => documentNamed(window, 'second.png'), 'the second start’s file', 20_000);
});
