// The library as it grows: tags put on, filtered by and taken back; order; one document brought in twice.
import { expect, test } from '@playwright/test';
import type { Locator, Page as Window } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from '../../build/application-driver.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { pdfOf, prosePage } from '../helpers/pdf-files.ts';
import { ask, dropFiles, eventually } from '../helpers/window.ts';

const place = newPlace();
let application: Application;
let window: Window;
const rows = (): Locator => window.getByRole('listbox', { name: 'Documents' }).getByRole('option');
const titles = (): Promise<string[]> => rows().locator('p:first-child').allTextContents();
const file = (name: string, page: number): string => {
  const path = join(place.files, name);
  writeFileSync(path, pdfOf([{ texts: prosePage(page, 3) }]));
  return path;
};

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  application = await launch(place, { env: { LECTERN_SAMPLES: 'none' } });
  window = application.window;
  for (const [at, name] of ['beta.pdf', 'gamma.pdf', 'alpha.pdf'].entries()) {
    await dropFiles(window, [file(name, at)]);
    await eventually(async () => (await ask(window, 'document.list', {})).length === at + 1, name);
  }
});
test.afterAll(async () => {
  await application.quit();
  place.remove();
});

test('the list is ordered as chosen', async () => {
  await expect.poll(titles).toEqual(['alpha', 'gamma', 'beta']);
  await window.getByRole('button', { name: 'Sort and filter' }).click();
  await window.getByRole('menuitemcheckbox', { name: 'By title' }).click();
  await expect.poll(titles).toEqual(['alpha', 'beta', 'gamma']);
});

test('a tag is put on by keyboard, filters the list, stays after a restart, and is taken back', async () => {
  await rows().nth(1).click();
  await window.getByRole('listbox', { name: 'Documents' }).focus();
  await window.keyboard.press('Control+t');
  await window.getByLabel('New tag').fill('harbour');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('list', { name: 'Tags' }).getByText('harbour')).toBeVisible();
  await window.getByRole('button', { name: 'Done' }).click();
  await window.getByRole('button', { name: 'Sort and filter' }).click();
  await window.getByRole('menuitemcheckbox', { name: 'harbour' }).click();
  await expect.poll(titles).toEqual(['beta']);
  await window.getByRole('button', { name: 'Show all documents' }).click();
  await expect(rows()).toHaveCount(3);

  await application.quit();
  application = await launch(place, { env: { LECTERN_SAMPLES: 'none' } });
  window = application.window;
  const tagged = async (): Promise<string[]> => (await ask(window, 'document.list', {})).filter((one) => one.tags.includes('harbour')).map((one) => one.title);
  expect(await tagged()).toEqual(['beta']);
  await rows().first().click();
  await window.getByRole('listbox', { name: 'Documents' }).focus();
  await window.keyboard.press('Control+t');
  await window.getByRole('button', { name: 'harbour' }).click();
  await expect.poll(tagged).toHaveLength(2);
  await window.keyboard.press('Escape');
  await window.getByRole('listbox', { name: 'Documents' }).focus();
  await window.keyboard.press('Control+z');
  await expect.poll(tagged).toEqual(['beta']);
});

test('the same content under another name is the same document', async () => {
  await dropFiles(window, [file('beta again.pdf', 0)]);
  await expect(window.getByText('already in the library')).toBeVisible();
  expect(await ask(window, 'document.list', {})).toHaveLength(3);
});
