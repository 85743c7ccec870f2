// Asking about a page in the real application: the built-in reader finds a value and shows it on the page; a tiny Qwen2-VL (its words are
// noise, so only structure is looked at) is installed, answers, answers again; a server streams; and everything is there after a restart.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Locator, Page as Window } from '@playwright/test';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import type { Application } from '../../build/application-driver.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { startChatServer, type ChatServer } from '../helpers/chat-server.ts';
import { fixturePage } from '../helpers/fixture-pages.ts';
import { ask, eventually, waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
const receipt = fixturePage('en-receipt');
const checkpoint = resolve(import.meta.dirname, '../fixtures/checkpoints/qwen2-vl');
let application: Application;
let server: ChatServer;
let window: Window;

const panel = (): Locator => window.locator('#conversation-panel');
const field = (): Locator => window.getByRole('textbox', { name: 'Question' });
const answers = (): Locator => panel().getByRole('article', { name: 'Answer' });
/** The answer to the question asked last has come to its end. */
const finished = async (question: string | null = null): Promise<void> => {
  if (question !== null) await expect(panel().getByRole('article').nth(-2)).toContainText(question, { timeout: 30_000 });
  await expect(panel().getByRole('article').last()).toHaveAccessibleName('Answer');
  await expect(answers().last().locator('[aria-busy=true]')).toHaveCount(0, { timeout: 120_000 });
};
const conversations = async (): Promise<Awaited<ReturnType<typeof ask<'conversation.list'>>>> => ask(window, 'conversation.list', {});
const messages = async (): Promise<Awaited<ReturnType<typeof ask<'conversation.open'>>>['messages']> => (await ask(window, 'conversation.open', { conversationId: (await conversations())[0]!.id })).messages;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  server = await startChatServer();
  application = await launch(place, { files: [receipt.path] });
  window = application.window;
  await waitUntilRead(window, receipt.fileName);
  await window.keyboard.press('Control+j');
});
test.afterAll(async () => {
  await application.quit();
  await server.close();
  place.remove();
});

test('Enter belongs to the input method while it composes: nothing is sent before it has ended', async () => {
  await expect(field()).toBeFocused();
  await expect(panel().getByRole('list', { name: 'Attached' }).getByRole('button', { name: /^Picture 1: / })).toBeVisible();
  const session = await window.context().newCDPSession(window);
  for (const [composed, committed] of [['ㅎ', '합계'], ['ごうけい', '合計'], ['he ji', '合计']] as const) {
    await session.send('Input.imeSetComposition', { text: composed, selectionStart: composed.length, selectionEnd: composed.length });
    // What an input method lets through while it composes: the key with its code 229.
    await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 });
    await session.send('Input.insertText', { text: committed });
    await window.waitForTimeout(100);
    expect(await conversations()).toEqual([]);
    await expect(field()).toHaveValue(new RegExp(`${committed}$`));
  }
  await session.detach();
  await window.keyboard.press('Shift+Enter');
  await expect(field()).toHaveValue('합계合計合计\n');
  await field().fill('');
});

test('the built-in reader answers, and the value is marked in the text and on the page', async () => {
  await field().fill('What is the total?');
  await window.keyboard.press('Enter');
  await finished('What is the total?');
  await expect(answers().last()).toContainText('40.92');
  await expect(answers().last()).toContainText('Built-in reader');
  const phrase = answers().last().locator('[data-place]').first();
  await expect(phrase).toHaveAccessibleName(/found on the page/);
  await expect(field()).toHaveValue('');
  const before = await paintedPlaces(window);
  expect(before).toBeGreaterThan(0);
  await phrase.hover();
  await expect.poll(() => paintedPlaces(window)).toBeGreaterThan(before);
  await phrase.click();
  await expect(phrase).toHaveAttribute('aria-pressed', 'true');
  // The other way: with the pointer over its box on the page, the phrase lights up.
  const box = (await window.locator('#page-canvas').getByRole('option', { name: /40\.92/ }).first().boundingBox())!;
  await window.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2, { steps: 3 });
  await expect(answers().last().locator('[data-place].bg-hit-now')).toHaveCount(1);
  const picture = join(place.files, 'boxes.png');
  await application.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as typeof dialog.showSaveDialog;
  }, picture);
  await answers().last().getByRole('button', { name: 'Export the places as a picture' }).click();
  await eventually(async () => existsSync(picture), 'the picture', 10_000);
  expect(await sharp(picture).metadata()).toMatchObject({ format: 'png' });
  const stored = (await messages()).at(-1)!;
  expect(stored).toMatchObject({ role: 'assistant', status: 'complete', answerer: { kind: 'reader' } });
  expect(stored.groundings[0]?.check.state).toBe('found');
});

test('what is not on the page is not made up', async () => {
  await field().fill('What is the IBAN?');
  await window.keyboard.press('Enter');
  await finished('What is the IBAN?');
  await expect(answers().last()).not.toContainText(/[A-Z]{2}\d{2}/);
});

test('what only a model can answer leads to the models', async () => {
  await field().fill('Why is the sky blue?');
  await window.keyboard.press('Enter');
  await finished('Why is the sky blue?');
  await answers().last().getByRole('button', { name: 'Models…' }).click();
  await expect(window.getByRole('dialog', { name: 'Models' })).toBeVisible();
  await window.keyboard.press('Escape');
});

test('a model is installed from its folder after its forecast was shown', async () => {
  await application.electron.evaluate(({ dialog }, folder) => {
    dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: [folder] })) as typeof dialog.showOpenDialog;
  }, checkpoint);
  await panel().getByRole('button', { name: /^Answers: / }).click();
  await window.getByRole('menuitem', { name: 'Models…' }).click();
  const dialog = window.getByRole('dialog', { name: 'Models' });
  await expect(dialog.getByText(/Models run on/)).toBeVisible({ timeout: 60_000 });
  await dialog.getByRole('button', { name: 'From a folder…' }).click();
  await expect(dialog.getByText('Memory to run it')).toBeVisible({ timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Install', exact: true }).click();
  await dialog.getByRole('button', { name: 'Use', exact: true }).click({ timeout: 120_000 });
  await expect(dialog.getByText('Answers next')).toBeVisible();
  await window.keyboard.press('Escape');
  await expect(panel().getByRole('button', { name: /^Answers: qwen2-vl/ })).toBeVisible();
});

test('the model answers; what is shown is what is stored, and it says what it saw', async () => {
  // The page is in the conversation already: the model is shown it again.
  await field().fill('Read it.');
  // What it will take is counted before it is sent, as exactly as it is told afterwards.
  const count = panel().getByRole('button', { name: /^[\d,]+ of [\d,]+ tokens/ });
  await expect(count).toBeVisible({ timeout: 30_000 });
  await window.waitForTimeout(1500);
  const [planned] = /^[\d,]+/.exec(await count.innerText())!;
  await window.keyboard.press('Enter');
  await finished('Read it.');
  const stored = (await messages()).findLast((one) => one.role === 'assistant')!;
  expect(stored.status).toBe('complete');
  expect(stored.record?.pictures).toHaveLength(1);
  expect(stored.record?.newTokens).toBeGreaterThan(0);
  await answers().last().getByText('What the model saw').click();
  await expect(answers().last()).toContainText(/sent as/);
  await expect(answers().last()).toContainText(`${planned} tokens in all`);
});

test('one more answer, and the way back to the first; an edited question keeps the old one', async () => {
  const before = await messages();
  await answers().last().getByRole('button', { name: 'Answer again' }).click();
  await expect(answers().last().getByLabel('Version 2 of 2')).toBeVisible({ timeout: 60_000 });
  await finished();
  await answers().last().getByRole('button', { name: 'Version before' }).click();
  await expect(answers().last().getByLabel('Version 1 of 2')).toBeVisible();

  const question = panel().getByRole('article', { name: 'Question' }).last();
  await question.hover();
  await question.getByRole('button', { name: 'Edit and ask again' }).click();
  await expect(field()).toHaveValue('Read it.');
  await field().fill('Read it again, please.');
  await window.keyboard.press('Enter');
  await expect(panel().getByRole('article', { name: 'Question' }).last().getByLabel('Version 2 of 2')).toBeVisible({ timeout: 60_000 });
  await finished('Read it again, please.');
  const after = await messages();
  expect(after).toHaveLength(before.length + 3);
  for (const one of before) expect(after.find((other) => other.id === one.id)?.text).toBe(one.text);
});

test('a server is set up, tested, and gets no page before that was agreed to', async () => {
  server.key = 'secret';
  await panel().getByRole('button', { name: /^Answers: / }).click();
  await window.getByRole('menuitem', { name: 'Servers…' }).click();
  await window.getByRole('button', { name: 'Set up a server…' }).click();
  const form = window.getByRole('dialog', { name: 'Set up a server' });
  await form.getByText('Other', { exact: true }).click();
  await form.getByLabel('Name', { exact: true }).fill('Test server');
  await form.getByLabel('Address', { exact: true }).fill(server.baseUrl);
  await form.getByLabel('Model', { exact: true }).fill('qwen-test');
  await form.getByLabel('Key', { exact: true }).fill('secret');
  await form.getByRole('button', { name: 'Save' }).click();
  const servers = window.getByRole('dialog', { name: 'Servers' });
  await servers.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(servers.getByRole('status')).toContainText(/It answers/, { timeout: 30_000 });
  await servers.getByRole('button', { name: 'Use', exact: true }).click();
  await window.keyboard.press('Escape');
  // The key went to main and does not come back.
  expect(JSON.stringify(await ask(window, 'endpoint.list', {}))).not.toContain('secret');

  await field().fill('Is it paid?');
  await window.keyboard.press('Enter');
  const consent = window.getByRole('dialog', { name: 'Send pages to another computer?' });
  await expect(consent).toContainText(new URL(server.baseUrl).host);
  await consent.getByRole('button', { name: 'Do not send' }).click();
  expect(server.requests).toHaveLength(0);
  await expect(field()).toHaveValue('Is it paid?');
  server.pieces = ['Yes, with ', 'the **card**', ' that ends in 4417.'];
  await field().press('Enter');
  await consent.getByRole('button', { name: 'Send and remember' }).click();
  await finished('Is it paid?');
  await expect(answers().last()).toContainText(/Yes, with the card that ends in 4417/);
  expect(server.requests).toHaveLength(1);
});

test('an answer streams in word by word and is stopped; what was written stays', async () => {
  server.pieces = Array.from({ length: 400 }, (_, index) => `word${index} `);
  server.trouble = { delayMs: 50 };
  await field().fill('Describe everything.');
  await window.keyboard.press('Enter');
  await expect(answers().last()).toContainText('word3', { timeout: 30_000 });
  await expect(answers().last()).not.toContainText('word399');
  await panel().getByRole('button', { name: 'Stop the answer' }).click();
  await finished('Describe everything.');
  await expect(answers().last()).toContainText('Stopped.');
  const last = (await messages()).findLast((one) => one.role === 'assistant')!;
  expect(last.status).toBe('stopped');
  expect(last.text).toContain('word3');
  await expect(answers().last()).toContainText(last.text.trim().slice(0, 60));
  await expect(panel().getByRole('button', { name: 'Send' })).toBeVisible();
});

test('what an answer says cannot load, run or open anything', async () => {
  server.trouble = {};
  server.pieces = ['![a](https://evil.example/a.png) <script>globalThis.hit=1</script> [go](https://evil.example) \\(x^2\\) <style>*{display:none}</style>'];
  await field().fill('Attack.');
  await window.keyboard.press('Enter');
  await finished('Attack.');
  await expect(answers().last().locator('.katex')).toBeVisible();
  expect(await window.evaluate(() => (globalThis as { hit?: number }).hit)).toBeUndefined();
  await expect(answers().last().locator('img, script, style, a, iframe')).toHaveCount(0);
});

for (const theme of ['light', 'dark'] as const) {
  test(`nothing is wrong for assistive tools, ${theme}`, async () => {
    await ask(window, 'settings.change', { theme });
    await expect(panel()).toBeVisible();
    await window.waitForTimeout(500);
    const { violations } = await new AxeBuilder({ page: window }).setLegacyMode(true).analyze();
    expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join('\n')}`).join('\n')).toBe('');
  });
}

test('conversations are pinned, renamed, searched, deleted, and brought back', async () => {
  await panel().getByRole('button', { name: 'All conversations' }).click();
  const row = panel().getByRole('listitem').first();
  await row.getByRole('button').first().focus();
  await row.getByRole('button', { name: 'Rename' }).click();
  await window.getByRole('textbox', { name: 'Title' }).fill('The café receipt');
  await window.keyboard.press('Enter');
  await expect(row).toContainText('The café receipt');
  await row.getByRole('button').first().focus();
  await row.getByRole('button', { name: 'Pin', exact: true }).click();
  await expect(row.getByLabel('Pinned')).toBeVisible();
  await window.getByRole('textbox', { name: 'Search the conversations' }).fill('no such words');
  await expect(panel().getByText('No conversation contains')).toBeVisible();
  await window.getByRole('textbox', { name: 'Search the conversations' }).fill('total');
  await expect(panel().getByRole('listitem')).toHaveCount(1);
  await panel().getByRole('listitem').getByRole('button').first().focus();
  await panel().getByRole('button', { name: 'Delete' }).click();
  await expect(panel().getByRole('listitem')).toHaveCount(0);
  await window.getByRole('button', { name: 'Undo' }).click();
  await panel().getByRole('listitem').getByRole('button').first().click();
  await expect(answers().last()).toBeVisible();
  expect(await conversations()).toHaveLength(1);
});

test('after a restart the conversation lies open again, to the last word', async () => {
  const before = await messages();
  await application.quit();
  application = await launch(place);
  window = application.window;
  await expect(answers().last()).toBeVisible({ timeout: 30_000 });
  await eventually(async () => (await messages()).length === before.length, 'the messages', 10_000);
  expect((await messages()).map((one) => [one.id, one.status, one.text])).toEqual(before.map((one) => [one.id, one.status, one.text]));
  expect(application.stderr()).not.toMatch(/Content Security Policy/);
});

/** How many pixels of the layer of places are painted, the stronger the more. */
async function paintedPlaces(of: Window): Promise<number> {
  return of.evaluate(() => {
    const canvas = document.querySelectorAll('canvas')[2]!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let at = 3; at < data.length; at += 4) sum += data[at]!;
    return sum;
  });
}
