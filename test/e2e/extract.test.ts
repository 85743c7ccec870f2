// Fields of documents as a person takes them out: open the grid, see values with their places, change one, go to the page, export;
// what was changed is still there after a restart. A schema that contradicts itself is refused with its reason.
import { expect, test } from '@playwright/test';
import type { Page as Window } from '@playwright/test';
import { AxeBuilder } from '@axe-core/playwright';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from '../../build/application-driver.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { fixturePage } from '../helpers/fixture-pages.ts';
import { waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
const invoice = fixturePage('zh-invoice'), card = fixturePage('en-card');
let application: Application;
let window: Window;

const grid = () => window.getByRole('dialog', { name: 'Extract fields' });
const cell = (name: string) => grid().getByRole('textbox', { name, exact: true });
const row = (name: string) => window.getByRole('listbox', { name: 'Documents' }).getByRole('option', { name });
/** Pictures for whoever looks at them; kept when LECTERN_PICTURES names a folder. */
async function picture(name: string): Promise<void> {
  const folder = process.env['LECTERN_PICTURES'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await window.screenshot({ path: join(folder, `${name}.png`) });
}

async function start(): Promise<void> {
  application = await launch(place, { files: [invoice.path, card.path] });
  window = application.window;
  await waitUntilRead(window, invoice.fileName);
  await waitUntilRead(window, card.fileName);
}

async function openGrid(): Promise<void> {
  await row('zh-invoice').click();
  await row('en-card').click({ modifiers: ['ControlOrMeta'] });
  await window.keyboard.press('ControlOrMeta+Shift+E');
  await grid().getByRole('combobox', { name: 'Schema' }).selectOption('Invoice');
  await expect(cell('Total, zh-invoice')).toHaveValue('￥6431.96');
}

test.describe.configure({ mode: 'serial' });
test.beforeAll(start);
test.afterAll(async () => {
  await application.quit();
  place.remove();
});

test('the grid holds what stands on the pages, and nothing else', async () => {
  await openGrid();
  await expect(cell('Seller, zh-invoice')).toHaveValue('锦程办公用品有限公司');
  await expect(cell('Invoice number, en-card')).toHaveValue('');
  await expect(grid().getByRole('row', { name: 'en-card' })).toContainText('Total is missing');
  await grid().getByRole('button', { name: 'zh-invoice', exact: true }).click();
  await expect(grid().getByRole('textbox', { name: /^Description, row / })).toHaveCount(5);
  await picture('extract-grid');
  const { violations } = await new AxeBuilder({ page: window }).setLegacyMode().include('dialog[open]').analyze();
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
});

test('a changed figure that breaks the sum is flagged, and kept', async () => {
  await cell('Tax, zh-invoice').fill('700.00');
  await cell('Tax, zh-invoice').press('Enter');
  await expect(grid().getByRole('row', { name: 'zh-invoice' })).toContainText('6392 ≠ 6431.96');
  await picture('extract-flagged');
  await application.quit();
  await start();
  await openGrid();
  await expect(cell('Tax, zh-invoice')).toHaveValue('700.00');
});

test('the grid becomes a file', async () => {
  const file = join(place.files, 'grid.csv');
  await application.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, file);
  await grid().getByRole('button', { name: 'CSV' }).click();
  await expect.poll(() => { try { return readFileSync(file, 'utf8'); } catch { return ''; } }).toContain('zh-invoice.png,锦程办公用品有限公司');
});

test('a schema of one’s own, and one that contradicts itself', async () => {
  await grid().getByRole('button', { name: 'New schema' }).click();
  const json = grid().getByRole('textbox', { name: 'The schema as JSON' });
  await json.fill('{"name": "Mine", "fields": [{"name": "size", "type": "choice"}]}');
  await grid().getByRole('button', { name: 'Save the schema' }).click();
  await expect(grid().getByRole('alert')).toContainText('“size”'.replace(/[“”]/g, '"') + ' is a choice without choices');
  await picture('extract-schema');
  await json.fill('{"title": "Mine", "type": "object", "properties": {"order_number": {"type": "string"}}}');
  await grid().getByRole('button', { name: 'Save the schema' }).click();
  await expect(cell('Order number, zh-invoice')).toHaveValue('YL-7715');
});

test('a value leads to its place on the page', async () => {
  await grid().getByRole('button', { name: 'Show on the page: Order number, zh-invoice' }).click();
  await expect(grid()).toBeHidden();
  await expect(window.locator('#page-canvas').getByRole('option', { selected: true })).toHaveCount(1);
  await picture('extract-shown');
});
