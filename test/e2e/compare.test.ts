// Two documents compared as a person does it: mark both, compare, go through the changes by key, decide, note, export; and all of it is
// still there after a restart.
import { expect, test } from '@playwright/test';
import type { Page as Window } from '@playwright/test';
import { AxeBuilder } from '@axe-core/playwright';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Application } from '../../build/application-driver.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { startChatServer } from '../helpers/chat-server.ts';
import { ask, documentNamed, waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
const pairs = resolve(import.meta.dirname, '../fixtures/pairs');
const beforeFile = 'en-receipt-amounts-before.png', afterFile = 'en-receipt-amounts-after.png';
let application: Application;
let window: Window;

const changes = () => window.getByRole('listbox', { name: 'Changes' }).getByRole('option');
const comparison = () => window.getByRole('main', { name: 'Comparison' });
const row = (name: string) => window.getByRole('listbox', { name: 'Documents' }).getByRole('option', { name });
/** Pictures for whoever looks at them; kept when LECTERN_PICTURES names a folder. */
const picture = async (name: string): Promise<void> => {
  const folder = process.env['LECTERN_PICTURES'];
  if (!folder) return;
  await window.screenshot({ path: join(folder, `${name}.png`) });
  await ask(window, 'settings.change', { theme: 'dark' });
  await application.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1920, 1080));
  await window.waitForTimeout(700);
  await window.screenshot({ path: join(folder, `${name}-dark.png`) });
  await ask(window, 'settings.change', { theme: 'light' });
  await application.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1280, 800));
  await window.waitForTimeout(700);
};

async function start(files: readonly string[]): Promise<void> {
  application = await launch(place, { files });
  window = application.window;
  await waitUntilRead(window, beforeFile);
  await waitUntilRead(window, afterFile);
}

async function compareBoth(): Promise<void> {
  await row('en-receipt-amounts-before').click();
  await row('en-receipt-amounts-after').click({ modifiers: ['ControlOrMeta'] });
  // What can be done with marked documents is in sight.
  await expect(window.getByRole('button', { name: 'Compare the marked documents' })).toBeEnabled();
  await window.keyboard.press('ControlOrMeta+d');
  await expect(changes().first()).toBeVisible({ timeout: 120_000 });
}

async function saveAs(file: string): Promise<void> {
  await application.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, file);
}

test.describe.configure({ mode: 'serial' });
test.beforeAll(() => start([join(pairs, beforeFile), join(pairs, afterFile)]));
test.afterAll(async () => {
  await application.quit();
  place.remove();
});

test('two marked documents are compared and exactly the changed amounts are listed', async () => {
  // Whichever was imported first is the page before.
  const [before, after] = [await documentNamed(window, beforeFile), await documentNamed(window, afterFile)];
  await compareBoth();
  const isTurned = before!.createdAt > after!.createdAt;
  await expect(changes()).toHaveCount(3);
  const words = await changes().allInnerTexts();
  for (const amounts of [['8.95', '8.35'], ['40.92', '46.92'], ['40.92', '46.92']]) {
    const [first, second] = isTurned ? amounts.toReversed() : amounts;
    expect(words.some((text) => text.includes(first!) && text.includes(second!))).toBe(true);
  }
  await expect(comparison().getByText('3 changed passages')).toBeVisible();
  await expect(comparison().locator('polygon')).toHaveCount(6);
  await picture('compare-side');
});

test('keys go through the changes and decide; a note is kept', async () => {
  await expect(changes().nth(0)).toHaveAttribute('aria-selected', 'true');
  await window.keyboard.press('n');
  await expect(changes().nth(1)).toHaveAttribute('aria-selected', 'true');
  await window.keyboard.press('p');
  await window.keyboard.press('a');
  await expect(changes().nth(0)).toContainText('accepted');
  await expect(changes().nth(1)).toHaveAttribute('aria-selected', 'true');
  await window.keyboard.press('d');
  await expect(changes().nth(1)).toContainText('dismissed');
  const note = window.getByRole('textbox', { name: 'Note about this change' });
  await note.fill('ask the café');
  await note.blur();
  await expect(changes().nth(2)).toContainText('ask the café');
});

test('overlay, blink and swipe show the two pages in one place', async () => {
  for (const mode of ['Overlay', 'Blink', 'Swipe']) {
    await comparison().locator('label', { hasText: mode }).click();
    await expect(comparison().locator('#compare-pages img')).toHaveCount(2);
    await picture(`compare-${mode.toLowerCase()}`);
  }
  await window.getByRole('slider', { name: /Where the page before ends/ }).fill('20');
  await comparison().locator('label', { hasText: 'Side by side' }).click();
});

test('without a model the summary stands; a server is asked with consent, and what it names is confirmed or not, boxed on both pages', async () => {
  await comparison().locator('label', { hasText: 'A model’s view' }).click();
  await expect(comparison().getByText('No model is installed.')).toBeVisible();
  await picture('compare-no-model');
  const server = await startChatServer();
  try {
    const box = (value: number[]) => `"bbox_2d": ${JSON.stringify(value)}`;
    server.pieces = [
      `[{"change": "The bagel costs less", "before": {"image": 1, "text": "8.95", ${box([770, 400, 900, 430])}}, "after": {"image": 2, "text": "8.35", ${box([770, 400, 900, 430])}}},`,
      ` {"change": "The shop has another name", "before": {"image": 1, "text": "Harbour", ${box([200, 20, 700, 70])}}, "after": {"image": 2, "text": "Haven", ${box([200, 20, 700, 70])}}}]`,
    ];
    await ask(window, 'endpoint.save', { name: 'Test server', kind: 'vllm', baseUrl: server.baseUrl, model: 'qwen-vl-max', notation: 'thousand', tokenSide: 28, maxImageTokens: 1280, maxNewTokens: 500, concurrency: 1, timeoutSeconds: 20 });
    // The list is asked for when something shows it.
    await window.keyboard.press('Escape');
    await compareBoth();
    await window.reload();
    await compareBoth();
    await comparison().locator('label', { hasText: 'A model’s view' }).click();
    await expect(comparison().getByText('These two pages would leave this computer')).toBeVisible();
    await picture('compare-consent');
    expect(server.requests).toEqual([]);
    await comparison().getByRole('button', { name: 'Send and remember' }).click();
    const named = window.getByRole('listbox', { name: 'Changes that the model names' }).getByRole('option');
    await expect(named).toHaveCount(2, { timeout: 30_000 });
    await expect(named.nth(0)).toContainText('Confirmed');
    await expect(named.nth(1)).toContainText('Unconfirmed');
    await expect(comparison().getByText('names 2 changes, 1 confirmed')).toBeVisible();
    await expect(comparison().locator('polygon[data-kind=named]')).toHaveCount(4);
    await window.keyboard.press('n');
    await expect(named.nth(1)).toHaveAttribute('aria-selected', 'true');
    await window.keyboard.press('p');
    await picture('compare-model-view');
    const found = await new AxeBuilder({ page: window }).include('#compare').setLegacyMode(true).analyze();
    expect(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
  } finally {
    await server.close();
  }
  await comparison().locator('label', { hasText: 'Changes' }).click();
});

test('a screen reader can use it', async () => {
  const found = await new AxeBuilder({ page: window }).include('#compare').setLegacyMode(true).analyze();
  expect(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
});

test('the report is written as HTML, PDF and JSON with both pictures of every change', async () => {
  const open = await ask(window, 'compare.start', { before: { documentId: (await documentNamed(window, beforeFile))!.id, pageId: null }, after: { documentId: (await documentNamed(window, afterFile))!.id, pageId: null } });
  for (const format of ['html', 'pdf', 'json'] as const) {
    const file = join(place.files, `report.${format}`);
    await saveAs(file);
    expect(await ask(window, 'compare.export', { comparisonId: open.comparison.id, format })).toEqual({ file });
    expect(statSync(file).size, format).toBeGreaterThan(2000);
  }
  const html = readFileSync(join(place.files, 'report.html'), 'utf8');
  expect(html.match(/<img src="data:image\/png;base64,/g)).toHaveLength(2 * open.pairs[0]!.comparison!.changes.length);
  expect(readFileSync(join(place.files, 'report.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  const told = JSON.parse(readFileSync(join(place.files, 'report.json'), 'utf8')) as { pairs: { changes: { kind: string; crops: { before: string } }[] }[] };
  expect(told.pairs[0]!.changes.every((change) => change.crops.before.startsWith('data:image/png'))).toBe(true);
});

test('of three documents the first is the base: all pages side by side, changes of each version', async () => {
  await window.keyboard.press('Escape');
  await ask(window, 'document.import', { paths: [resolve(import.meta.dirname, '../fixtures/pages/images/en-receipt-photo.jpg')] });
  await waitUntilRead(window, 'en-receipt-photo.jpg');
  await row('en-receipt-amounts-before').click();
  await row('en-receipt-amounts-after').click({ modifiers: ['ControlOrMeta'] });
  await row('en-receipt-photo').click({ modifiers: ['ControlOrMeta'] });
  await window.keyboard.press('ControlOrMeta+d');
  await expect(comparison().locator('#compare-pages img')).toHaveCount(3, { timeout: 60_000 });
  await expect(comparison().getByText('3 changed passages')).toBeVisible({ timeout: 120_000 });
  const version = comparison().getByRole('combobox', { name: 'Version whose changes are listed' });
  const photo = comparison().getByRole('button', { name: 'en-receipt-photo' });
  await expect(comparison().locator('polygon').first()).toBeVisible();
  await picture('compare-versions');
  await photo.click();
  await expect(photo).toHaveAttribute('aria-pressed', 'true');
  await expect(comparison().getByText('No change was found.')).toBeVisible({ timeout: 120_000 });
  // One camera: what is zoomed in one pane is zoomed in all.
  const scales = () => comparison().locator('#compare-pages img').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  const before = await scales();
  await window.locator('#compare-pages').focus();
  await window.keyboard.press('+');
  await expect.poll(async () => (await scales()).every((height, at) => height > 1.15 * before[at]!)).toBe(true);
  await version.selectOption({ index: 0 });
  await expect(changes().first()).toContainText('8.');
  await window.keyboard.press('Escape');
});

// The bug: a receipt drawn out over a table, after the window was left on Swipe.
test('pages that have nothing in common are never laid on one another', async () => {
  await ask(window, 'document.import', { paths: [resolve(import.meta.dirname, '../fixtures/pages/images/zh-table.png')] });
  await waitUntilRead(window, 'zh-table.png');
  await compareBoth();
  await comparison().locator('label', { hasText: 'Swipe' }).click();
  await window.keyboard.press('Escape');
  await row('en-receipt-amounts-before').click();
  await row('zh-table').click({ modifiers: ['ControlOrMeta'] });
  await window.getByRole('button', { name: 'Compare the marked documents' }).click();
  await expect(comparison().getByText('too little in common')).toBeVisible({ timeout: 60_000 });
  await expect(comparison().locator('label', { hasText: 'Side by side' }).getByRole('radio')).toBeChecked();
  await expect(comparison().locator('label', { hasText: 'Swipe' })).toHaveCount(0);
  await expect(comparison().getByRole('slider')).toHaveCount(0);
  await window.keyboard.press('Escape');
  await compareBoth();
  await comparison().locator('label', { hasText: 'Side by side' }).click();
  await window.keyboard.press('Escape');
});

// The bug: in a window made smaller the pages were cut off.
test('a smaller window shows the same part of the pages', async () => {
  await compareBoth();
  const shown = () => comparison().locator('#compare-pages img').first().evaluate((picture) => {
    const frame = document.getElementById('compare-pages')!.getBoundingClientRect(), { left, top, width, height } = picture.getBoundingClientRect();
    return left >= frame.left - 1 && top >= frame.top - 1 && left + width <= frame.left + frame.width / 2 + 1 && top + height <= frame.bottom + 1;
  });
  const resize = async (width: number, height: number): Promise<void> => application.electron.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]!.setContentSize(w!, h!), [width, height]);
  await window.locator('#compare-pages').focus();
  await window.keyboard.press('0');
  await window.keyboard.press('ArrowRight');
  await resize(900, 600);
  await expect.poll(() => window.evaluate(() => innerWidth)).toBe(900);
  await expect.poll(shown).toBe(true);
  await resize(1280, 800);
  await window.keyboard.press('Escape');
});

test('after a restart the comparison opens with what was decided', async () => {
  await application.quit();
  await start([]);
  await compareBoth();
  await expect(changes().nth(0)).toContainText('accepted');
  await expect(changes().nth(2)).toContainText('ask the café');
  await window.keyboard.press('Escape');
  await expect(comparison()).toHaveCount(0);
});
