// Fields of documents as a person takes them out: open the grid, see values with their places, change one, go to the page, export;
// what was changed is still there after a restart. A schema that contradicts itself is refused with its reason.
import { expect, test } from '@playwright/test';
import type { Page as Window } from '@playwright/test';
import { AxeBuilder } from '@axe-core/playwright';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Extraction } from '@contract/extraction.ts';
import type { Application } from '../../build/application-driver.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { startChatServer } from '../helpers/chat-server.ts';
import { fixturePage } from '../helpers/fixture-pages.ts';
import { unzip } from '../helpers/unzip.ts';
import { ask, waitUntilRead } from '../helpers/window.ts';

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
  await expect(cell('Total, zh-invoice')).toHaveValue('¥6431.96');
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
  await expect(grid().getByRole('row', { name: 'zh-invoice' })).toContainText('Subtotal + Tax should be Total: 6392 ≠ 6431.96');
  await picture('extract-flagged');
  await application.quit();
  await start();
  await openGrid();
  await expect(cell('Tax, zh-invoice')).toHaveValue('700.00');
});

test('long values are shown whole', async () => {
  const seller = cell('Seller, zh-invoice');
  expect(await seller.evaluate((input) => input.scrollWidth - input.clientWidth)).toBeLessThanOrEqual(1);
  await expect(seller).toHaveAttribute('title', /锦程办公用品有限公司\nFound on the page/);
});

async function exported(button: string, name: string): Promise<Buffer> {
  const file = join(place.files, name);
  await application.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, file);
  await grid().getByRole('button', { name: button, exact: true }).click();
  await expect.poll(() => existsSync(file) && statSync(file).size > 0).toBe(true);
  return readFileSync(file);
}

test('the grid becomes a file: a table, a workbook with figures, and all that is known as JSON', async () => {
  expect((await exported('CSV', 'grid.csv')).toString('utf8')).toContain('zh-invoice.png,锦程办公用品有限公司');
  const workbook = [...unzip(await exported('Excel', 'grid.xlsx')).values()].join();
  expect(workbook).toContain('锦程办公用品有限公司');
  // a figure, not a text that looks like one
  expect(workbook).toContain('<v>6431.96</v>');
  const documents = JSON.parse((await exported('JSON', 'grid.json')).toString('utf8')) as ({ file: string } & Extraction)[];
  const found = documents.find(({ file }) => file === 'zh-invoice.png');
  expect(documents).toHaveLength(2);
  expect(found).toMatchObject({ fields: { total: { value: 6431.96, mark: 'found' }, tax: { value: 700, mark: 'typed' } }, problems: [{ kind: 'sum' }] });
  expect(found!.rows['lines']).toHaveLength(5);
});

test('a schema made in the form: what contradicts itself is named at its field', async () => {
  await grid().getByRole('button', { name: 'New schema' }).click();
  await expect(grid().getByRole('group', { name: 'right of sum 2' }).getByRole('combobox')).toHaveValue('total');
  await grid().getByRole('combobox', { name: 'Figure 1, right of sum 2' }).selectOption('– remove –');
  await expect(grid().getByRole('alert').filter({ hasText: 'a sum has a figure on both sides' })).toBeVisible();
  await grid().getByRole('button', { name: 'Remove all' }).click();
  await expect(grid().getByRole('alert').filter({ hasText: 'at least one field' })).toBeVisible();
  await grid().getByRole('textbox', { name: 'Name of the schema' }).fill('Mine');
  await grid().getByRole('button', { name: 'Add a field' }).click();
  await grid().getByRole('textbox', { name: 'Name of field' }).fill('order_number');
  await grid().getByRole('combobox', { name: 'Type of order_number' }).selectOption('choice');
  await expect(grid().getByRole('alert').filter({ hasText: '"order_number" is a choice without choices' })).toBeVisible();
  await expect(grid().getByRole('button', { name: 'Save the schema' })).toBeDisabled();
  await picture('extract-form-trouble');
  // a comma is part of a choice
  await grid().getByRole('textbox', { name: 'Choices of order_number: one more' }).fill('Small, red');
  await window.keyboard.press('Enter');
  await expect(grid().getByRole('button', { name: 'Remove “Small, red” from: Choices of order_number' })).toBeVisible();
  await expect(grid().getByRole('button', { name: 'Save the schema' })).toBeEnabled();
  await grid().getByRole('combobox', { name: 'Type of order_number' }).selectOption('identifier');
  await grid().getByRole('button', { name: 'Rules for order_number' }).click();
  await grid().getByRole('textbox', { name: 'Pattern of order_number' }).fill('[A-Z]{2}-\\d{4}');
  await grid().getByRole('button', { name: 'Add a field' }).click();
  await grid().getByRole('textbox', { name: 'Name of field' }).fill('first');
  await grid().getByRole('button', { name: 'Move first up' }).click();
  await expect(grid().getByRole('list', { name: 'Fields' }).getByRole('textbox', { name: /^Name of/ }).first()).toHaveValue('first');
  await grid().getByRole('button', { name: 'Remove first' }).click();
});

test('values pointed at on the page become fields, a table becomes rows', async () => {
  await grid().getByRole('button', { name: 'zh-invoice', exact: true }).click();
  await grid().getByRole('button', { name: 'Point at values on a page' }).click();
  const page = grid().getByRole('group', { name: 'Example page' });
  await page.getByRole('button', { name: /6431\.96/ }).first().click();
  await expect(grid().getByRole('textbox', { name: 'Name of total' })).toHaveValue('total');
  await expect(grid().getByRole('combobox', { name: 'Type of total' })).toHaveValue('amount');
  await page.getByRole('button', { name: /A4/ }).first().press('Enter');
  await expect(grid().getByRole('combobox', { name: 'Type of lines', exact: true })).toHaveValue('rows');
  await picture('extract-pointing');
  const { violations } = await new AxeBuilder({ page: window }).setLegacyMode().include('dialog[open]').analyze();
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
  await grid().getByRole('button', { name: 'Save the schema' }).click();
  await expect(cell('Order number, zh-invoice')).toHaveValue('YL-7715');
  await expect(cell('Total, zh-invoice')).toHaveValue('¥6431.96');
  await expect(grid().getByRole('region', { name: 'Lines' }).getByRole('row')).toHaveCount(6);
  await picture('extract-own-schema');
});

test('a schema of one’s own as JSON, and one that contradicts itself', async () => {
  await grid().getByRole('button', { name: 'Change this schema' }).click();
  await grid().getByText('JSON', { exact: true }).first().click();
  const json = grid().getByRole('textbox', { name: 'The schema as JSON' });
  await json.fill('{"name": "Mine", "fields": [{"name": "size", "type": "choice"}]}');
  await grid().getByRole('button', { name: 'Save the schema' }).click();
  await expect(grid().getByRole('alert')).toContainText('"size" is a choice without choices');
  await picture('extract-schema');
  await json.fill('{"title": "Mine", "type": "object", "properties": {"order_number": {"type": "string"}}}');
  await grid().getByText('Form', { exact: true }).click();
  await expect(grid().getByRole('combobox', { name: 'Type of order_number' })).toHaveValue('identifier');
  await grid().getByRole('button', { name: 'Save the schema' }).click();
  await expect(cell('Order number, zh-invoice')).toHaveValue('YL-7715');
});

test('a value leads to its place on the page', async () => {
  await grid().getByRole('button', { name: 'Show on the page: Order number, zh-invoice' }).click();
  await expect(grid()).toBeHidden();
  await expect(window.locator('#page-canvas').getByRole('option', { selected: true })).toHaveCount(1);
  await picture('extract-shown');
});

test('a model reads too: its values are checked, and its reading can be taken', async () => {
  // Its weights are random: what it reads is nonsense, which the page must show to be wrong.
  const folder = resolve(import.meta.dirname, '../fixtures/checkpoints/qwen2-vl');
  await ask(window, 'model.install', { source: { kind: 'folder', folder } });
  await expect.poll(async () => (await ask(window, 'model.list', {})).models.length, { timeout: 120_000 }).toBe(1);
  await row('zh-invoice').click();
  await window.keyboard.press('ControlOrMeta+Shift+E');
  await grid().getByRole('combobox', { name: 'Schema' }).selectOption('Mine');
  await expect(cell('Order number, zh-invoice')).toHaveValue('YL-7715');
  await grid().getByRole('combobox', { name: 'Read by' }).selectOption({ label: 'Built-in reader and qwen2-vl' });
  const other = grid().getByRole('button', { name: /^Take the other reading of Order number, zh-invoice/ });
  await expect(other).toBeVisible({ timeout: 120_000 });
  await expect(cell('Order number, zh-invoice')).toHaveValue('YL-7715');
  await expect(grid().getByRole('img', { name: /^Found on the page.*Read by the built-in reader/ })).toBeVisible();
  await picture('extract-model');
  await other.click();
  await expect(cell('Order number, zh-invoice')).not.toHaveValue('YL-7715');
  await other.click();
  await expect(cell('Order number, zh-invoice')).toHaveValue('YL-7715');
  // who read it is remembered
  await grid().getByRole('button', { name: 'Done' }).click();
  await window.keyboard.press('ControlOrMeta+Shift+E');
  await expect(grid().getByRole('combobox', { name: 'Read by' })).toHaveValue(/qwen2-vl/);
});

test('reading by a model can be stopped, and the reader alone takes over again', async () => {
  await cell('Order number, zh-invoice').fill('ZZ-1234');
  await cell('Order number, zh-invoice').press('Enter');
  await expect(grid().getByTitle(/Typed by hand/)).toBeVisible();
  await grid().getByRole('combobox', { name: 'Read by' }).selectOption('Built-in reader');
  await expect(grid().getByRole('status')).toHaveText('1 document');
  // what was typed stays when the model goes
  await expect(cell('Order number, zh-invoice')).toHaveValue('ZZ-1234');
  await grid().getByRole('combobox', { name: 'Schema' }).selectOption('Invoice');
  await expect(cell('Seller, zh-invoice')).toHaveValue('锦程办公用品有限公司');
  await grid().getByRole('combobox', { name: 'Read by' }).selectOption({ index: 1 });
  await grid().getByRole('button', { name: 'Stop' }).click();
  await expect(grid().getByRole('status')).toHaveText('0 of 1 document');
  await grid().getByRole('combobox', { name: 'Read by' }).selectOption('Built-in reader');
  await expect(cell('Seller, zh-invoice')).toHaveValue('锦程办公用品有限公司');
  await expect(cell('Tax, zh-invoice')).toHaveValue('700.00');
});

test('a server reads too, once the person agrees that the pages leave for it', async () => {
  await grid().getByRole('combobox', { name: 'Schema' }).selectOption('Mine');
  await expect(grid().getByRole('textbox', { name: 'Order number, zh-invoice' })).toHaveValue('ZZ-1234');
  await grid().getByRole('button', { name: 'Extract again' }).click();
  await expect(cell('Order number, zh-invoice')).toHaveValue('YL-7715');
  await grid().getByRole('button', { name: 'Done' }).click();
  const server = await startChatServer();
  try {
    server.pieces = [JSON.stringify({ order_number: { value: 'YL-7716', bbox_2d: [800, 180, 900, 220] } })];
    await ask(window, 'endpoint.save', { name: 'Test server', kind: 'vllm', baseUrl: server.baseUrl, model: 'qwen-vl-max', notation: 'thousand', tokenSide: 28, maxImageTokens: 1280, maxNewTokens: 500, concurrency: 1, timeoutSeconds: 20 });
    await window.keyboard.press('ControlOrMeta+Shift+E');
    await grid().getByRole('combobox', { name: 'Read by' }).selectOption({ label: 'Built-in reader and Test server' });
    const consent = grid().getByRole('group', { name: 'Pages would leave this computer' });
    await expect(consent).toBeVisible();
    await picture('extract-consent');
    await consent.getByRole('button', { name: 'Keep them here' }).click();
    expect(server.requests).toEqual([]);
    await grid().getByRole('combobox', { name: 'Read by' }).selectOption({ label: 'Built-in reader and Test server' });
    await consent.getByRole('button', { name: 'Send and remember' }).click();
    await expect(grid().getByRole('button', { name: 'Take the other reading of Order number, zh-invoice: YL-7716' })).toBeVisible({ timeout: 30_000 });
    await expect(cell('Order number, zh-invoice')).toHaveValue('YL-7715');
    await picture('extract-server');
    server.pieces = ['I see an order number.'];
    await grid().getByRole('button', { name: 'Extract again' }).click();
    await expect(grid().getByRole('row', { name: 'zh-invoice' })).toContainText('does not have the form that was asked for');
    await picture('extract-server-unreadable');
  } finally {
    await server.close();
  }
});
