// PDFs in the real application: text of their own, pages listed before they are drawn, a password asked for.
import { expect, test } from '@playwright/test';
import type { Page as Window } from '@playwright/test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf } from '@contract/document.ts';
import type { Application } from '../../build/application-driver.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { pdfOf, prosePage } from '../helpers/pdf-files.ts';
import { ask, documentNamed, dropFiles, eventually, waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
let application: Application;
let window: Window;

const put = (name: string, bytes: Uint8Array): string => {
  const path = join(place.files, name);
  writeFileSync(path, bytes);
  return path;
};
const open = (title: string): Promise<void> => window.getByRole('listbox', { name: 'Documents' }).getByRole('option', { name: title }).click();

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  application = await launch(place, { env: { LECTERN_SAMPLES: 'none' } });
  window = application.window;
});
test.afterAll(async () => {
  await application.quit();
  place.remove();
});

test('a born-digital PDF keeps its own text, and the window says so', async () => {
  const prose = prosePage(0, 6);
  await dropFiles(window, [put('harbour.pdf', pdfOf([{ texts: prose }, { texts: prosePage(1, 6) }]))]);
  const { texts } = await waitUntilRead(window, 'harbour.pdf');
  expect(texts[0]!.source).toEqual({ road: 'text-layer', reason: null });
  expect(linesOf(texts[0]!).map((line) => line.text)).toEqual(prose.map((line) => line.text));
  await open('harbour');
  await expect(window.getByRole('contentinfo', { name: 'Status' }).getByRole('button', { name: 'PDF text' })).toBeVisible();
  // Both pictures were drawn because they are looked at.
  await expect(window.locator('[data-picture="shown"]')).toBeVisible();
  const thumbnails = window.getByRole('navigation', { name: 'Pages' }).locator('img');
  await expect(thumbnails).toHaveCount(2);
  await expect.poll(() => thumbnails.evaluateAll((all) => all.every((one) => (one as HTMLImageElement).naturalWidth > 50))).toBe(true);
});

test('an encrypted PDF asks for its password, says when it is wrong, and opens with the right one', async () => {
  await dropFiles(window, [put('secret.pdf', pdfOf([{ texts: prosePage(2, 6) }], { password: 'tulip' }))]);
  await open('secret');
  const main = window.getByRole('main');
  const field = main.getByLabel('Password');
  await expect(main.getByText('is protected by a password')).toBeVisible();
  // The bug: the export said to wait until it is read.
  await window.keyboard.press('ControlOrMeta+e');
  const dialog = window.getByRole('dialog', { name: 'Export' });
  await expect(dialog.getByLabel('Preview')).toContainText('“secret.pdf” is protected by a password');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await field.fill('rose');
  await field.press('Enter');
  await expect(main.getByText('does not open')).toBeVisible();
  await field.fill('tulip');
  await main.getByRole('button', { name: 'Open' }).click();
  const { texts } = await waitUntilRead(window, 'secret.pdf');
  expect(linesOf(texts[0]!)[0]!.text).toBe('Page 3 of the harbour book');
  await expect(window.locator('[data-picture="shown"]')).toBeVisible();
});

test('after a restart, pages that were never read say why they want the password again; one answer serves them all', async () => {
  await ask(window, 'reading.pause', {});
  await dropFiles(window, [put('minutes.pdf', pdfOf(Array.from({ length: 6 }, (_, at) => ({ texts: prosePage(at, 5) })), { password: 'peony' }))]);
  await ask(window, 'reading.resume', {});
  await open('minutes');
  await window.getByRole('main').getByLabel('Password').fill('peony');
  await window.getByRole('main').getByLabel('Password').press('Enter');
  const document = await eventually(async () => {
    const one = await documentNamed(window, 'minutes.pdf');
    return one?.pageCount === 6 ? one : null;
  }, 'the pages of the minutes');
  await ask(window, 'reading.pause', {});
  const readBefore = (await documentNamed(window, 'minutes.pdf'))!.readCount;
  expect(readBefore).toBeLessThan(6);
  await application.quit();
  application = await launch(place, { env: { LECTERN_SAMPLES: 'none' } });
  window = application.window;
  const row = window.getByRole('listbox', { name: 'Documents' }).getByRole('option', { name: 'minutes' });
  await expect(row).toContainText('Asks for its password');
  // Known of all pages as soon as it is known of one.
  expect((await ask(window, 'page.list', { documentId: document.id })).filter((page) => page.error?.code === 'pdf-encrypted')).toHaveLength(6 - readBefore);
  await open('minutes');
  await window.getByLabel('Page number').fill('6');
  await window.getByLabel('Page number').press('Enter');
  const main = window.getByRole('main');
  await expect(main.getByText('passwords are never stored')).toBeVisible();
  await main.getByLabel('Password').fill('peony');
  await main.getByLabel('Password').press('Enter');
  const { texts } = await waitUntilRead(window, 'minutes.pdf');
  expect(texts.map((text) => linesOf(text)[0]!.text)).toEqual(Array.from({ length: 6 }, (_, at) => `Page ${at + 1} of the harbour book`));
});

test('hundreds of pages are there at once, read in the background, paused, and gone on with after a restart', async () => {
  const pages = Array.from({ length: 300 }, (_, at) => ({ texts: prosePage(at, 4) }));
  const started = Date.now();
  await dropFiles(window, [put('ledger.pdf', pdfOf(pages))]);
  const document = await eventually(async () => {
    const one = await documentNamed(window, 'ledger.pdf');
    return one?.pageCount === 300 ? one : null;
  }, 'the pages of the ledger');
  expect(Date.now() - started).toBeLessThan(20_000);
  await open('ledger');
  // A page far back is shown and read before the others.
  await window.getByLabel('Page number').fill('250');
  await window.getByLabel('Page number').press('Enter');
  await expect(window.getByRole('region', { name: 'Text and questions' }).getByText('Page 250 of the harbour book')).toBeVisible({ timeout: 30_000 });
  await ask(window, 'reading.pause', {});
  const before = (await documentNamed(window, 'ledger.pdf'))!.readCount;
  expect(before).toBeLessThan(300);
  await application.quit();
  application = await launch(place, { env: { LECTERN_SAMPLES: 'none' } });
  window = application.window;
  await eventually(async () => (await documentNamed(window, 'ledger.pdf'))!.readCount > before + 2, 'reading to go on');
  await ask(window, 'document.delete', { documentIds: [document.id] });
});

test('a watched folder brings in what is put there', async () => {
  const inbox = join(place.files, 'inbox');
  mkdirSync(inbox);
  await ask(window, 'settings.change', { watchedFolder: inbox });
  writeFileSync(join(inbox, 'scanned.pdf'), pdfOf([{ texts: prosePage(4, 5) }]));
  const { texts } = await waitUntilRead(window, 'scanned.pdf', 60_000);
  expect(linesOf(texts[0]!)[0]!.text).toBe('Page 5 of the harbour book');
  await ask(window, 'settings.change', { watchedFolder: null });
});
