// Where a question's pages come from and where its answer leads: dragged from the library or the desktop, pasted, and a phrase that opens another
// document. And the ready-made questions, changed and put back. The answers come from a server on this machine.
import { expect, test } from '@playwright/test';
import type { Locator, Page as Window } from '@playwright/test';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from '../../build/application-driver.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { startChatServer, type ChatServer } from '../helpers/chat-server.ts';
import { fixturePage } from '../helpers/fixture-pages.ts';
import { ask, documentNamed, dropFiles, eventually, waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
const [receipt, card] = [fixturePage('en-receipt'), fixturePage('en-card')];
let application: Application;
let server: ChatServer;
let window: Window;

const panel = (): Locator => window.locator('#conversation-panel');
const field = (): Locator => window.getByRole('textbox', { name: 'Question' });
const attached = (): Locator => panel().locator('[data-drop="question"]').getByRole('list', { name: 'Attached' }).getByRole('listitem');
const titles = async (): Promise<string[]> => (await attached().getByRole('button', { name: /^Picture / }).all()).reduce(async (all, one) => [...(await all), (await one.getAttribute('aria-label'))!], Promise.resolve([] as string[]));
const newConversation = async (): Promise<void> => {
  await panel().getByRole('button', { name: 'New conversation' }).click();
  while ((await attached().count()) > 0) await attached().first().getByRole('button', { name: /^Remove / }).click();
};

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  server = await startChatServer();
  application = await launch(place, { files: [receipt.path, card.path] });
  window = application.window;
  await waitUntilRead(window, receipt.fileName);
  await waitUntilRead(window, card.fileName);
  for (const [name, maxImageTokens] of [['Here', 256], ['Small pictures', 64]] as const) {
    const { id } = await ask(window, 'endpoint.save', { name, kind: 'vllm', baseUrl: server.baseUrl, model: 'qwen-vl', notation: 'thousand', tokenSide: 28, maxImageTokens, maxNewTokens: 1000, concurrency: 2, timeoutSeconds: 20 });
    await ask(window, 'endpoint.allow', { endpointId: id, allowed: true });
  }
  await window.keyboard.press('Control+j');
  await expect(field()).toBeFocused();
});
test.afterAll(async () => {
  await application.quit();
  await server.close();
  place.remove();
});

test('documents dragged from the library are attached in the order in which they came', async () => {
  await newConversation();
  for (const { fileName } of [card, receipt]) {
    const document = (await documentNamed(window, fileName))!;
    await window.locator(`#document-${document.id}`).dragTo(field());
  }
  await expect(attached()).toHaveCount(2);
  const [first, second] = await titles();
  expect(first).toMatch(/^Picture 1: .*card/);
  expect(second).toMatch(/^Picture 2: .*receipt/);
});

test('a file dropped on the question comes into the library and is attached; what lies open stays open', async () => {
  await newConversation();
  const file = join(place.files, 'dropped form.png');
  copyFileSync(fixturePage('en-form').path, file);
  const open = await window.locator('[data-document][aria-current=true]').getAttribute('data-document');
  const box = (await field().boundingBox())!;
  await dropFiles(window, [file], { x: box.x + box.width / 2, y: box.y + box.height / 2 });
  await expect(attached()).toHaveCount(1, { timeout: 20_000 });
  expect((await titles())[0]).toContain('dropped form');
  expect(await window.locator('[data-document][aria-current=true]').getAttribute('data-document')).toBe(open);
  // The same file once more is the document that is there already.
  await dropFiles(window, [file], { x: box.x + box.width / 2, y: box.y + box.height / 2 });
  await window.waitForTimeout(500);
  await expect(attached()).toHaveCount(1);
});

test('a picture pasted into the question is attached, pasted text is text', async () => {
  await newConversation();
  const bytes = readFileSync(fixturePage('en-letter').path).toString('base64');
  await application.electron.evaluate(async ({ clipboard, nativeImage }, data) => {
    const image = nativeImage.createFromBuffer(Buffer.from(data, 'base64'));
    // Electron 44 replaced this call by the web's; the fallback runtime has the older one only.
    const old = clipboard as unknown as { writeImage?(picture: typeof image): void };
    if (old.writeImage) old.writeImage(image);
    else await clipboard.write([new ClipboardItem({ 'image/png': new Blob([new Uint8Array(image.toPNG())], { type: 'image/png' }) })] as never);
  }, bytes);
  await field().focus();
  await window.keyboard.press('Control+v');
  await expect(attached()).toHaveCount(1, { timeout: 20_000 });
  expect((await titles())[0]).toMatch(/^Picture 1: Pasted /);
  await expect(field()).toHaveValue('');
  await application.electron.evaluate(({ clipboard }) => clipboard.writeText('some words'));
  await field().focus();
  await window.keyboard.press('Control+v');
  await expect(field()).toHaveValue('some words');
  await expect(attached()).toHaveCount(1);
  await field().fill('');
});

test('a phrase leads to its page in whichever document it stands', async () => {
  await newConversation();
  const [first, second] = [(await documentNamed(window, card.fileName))!, (await documentNamed(window, receipt.fileName))!];
  for (const { id } of [first, second]) await window.locator(`#document-${id}`).dragTo(field());
  await expect(attached()).toHaveCount(2);
  await window.locator(`#document-${first.id}`).click();
  await expect(window.locator(`#document-${first.id}`)).toHaveAttribute('aria-current', 'true');
  await panel().getByRole('button', { name: /^Answers: / }).click();
  await window.getByRole('menuitemcheckbox', { name: 'Here' }).click();
  // What will be sent is said before it is: two pictures by the server's rule.
  await expect(panel().getByRole('button', { name: /^2 pictures, about [\d,]+ tokens$/ })).toBeVisible({ timeout: 20_000 });
  server.pieces = ['The total is ', '**40.92**.'];
  server.trouble = {};
  await field().fill('What is the total?');
  await window.keyboard.press('Enter');
  const phrase = panel().getByRole('article', { name: 'Answer' }).last().locator('[data-place]').first();
  await expect(phrase).toHaveAccessibleName(/40\.92.*found on the page/, { timeout: 30_000 });
  await phrase.click();
  await expect(window.locator(`#document-${second.id}`)).toHaveAttribute('aria-current', 'true');
  await expect(window.locator('#page-canvas').getByRole('option', { name: /40\.92/ }).first()).toBeAttached({ timeout: 20_000 });
  await expect(phrase).toHaveAttribute('aria-pressed', 'true');
});

test('places are drawn on the page while the answer is still being written', async () => {
  await newConversation();
  const document = (await documentNamed(window, receipt.fileName))!;
  await window.locator(`#document-${document.id}`).dragTo(field());
  await expect(attached()).toHaveCount(1);
  await window.locator(`#document-${document.id}`).click();
  server.pieces = ['The <ref>header</ref><box>(100,20),(900,120)</box>', ...Array.from({ length: 300 }, (_, at) => ` word${at}`)];
  server.trouble = { delayMs: 30 };
  const before = await paintedPlaces();
  await field().fill('Where is the header?');
  await window.keyboard.press('Enter');
  const answer = panel().getByRole('article', { name: 'Answer' }).last();
  await expect(answer.locator('[data-place]')).toHaveText('header', { timeout: 30_000 });
  await expect.poll(paintedPlaces).toBeGreaterThan(before);
  await answer.locator('[data-place]').hover();
  await expect(answer.locator('[data-place].bg-hit-now')).toHaveCount(1);
  // All of this before its end.
  await expect(answer).not.toContainText('word299');
  await panel().getByRole('button', { name: 'Stop the answer' }).click();
  await expect(answer).toContainText('Stopped.');
  await expect(answer.locator('[data-place]')).toHaveText('header');
});

test('each page by itself: all of them stream at once, under their own headings', async () => {
  await newConversation();
  for (const { fileName } of [card, receipt]) await window.locator(`#document-${(await documentNamed(window, fileName))!.id}`).dragTo(field());
  await expect(attached()).toHaveCount(2);
  server.pieces = Array.from({ length: 100 }, (_, at) => `word${at} `);
  server.trouble = { delayMs: 40 };
  await panel().getByRole('checkbox', { name: 'Ask about each of the 2 pages by itself' }).check();
  await field().fill('Read it.');
  await window.keyboard.press('Enter');
  const answer = panel().getByRole('article', { name: 'Answer' }).last();
  await expect(answer.getByText('word3', { exact: false })).toHaveCount(2, { timeout: 30_000 });
  await expect(answer).not.toContainText('word99');
  await expect(answer.getByRole('heading')).toHaveText([/card.*page 1/, /receipt.*page 1/]);
  await expect(answer).toContainText('word99', { timeout: 30_000 });
  await expect(panel().getByRole('button', { name: 'Send' })).toBeVisible({ timeout: 30_000 });
  server.trouble = {};
});

test('small print is warned of before anything is sent, and one click sends tiles', async () => {
  await newConversation();
  await window.locator(`#document-${(await documentNamed(window, receipt.fileName))!.id}`).dragTo(field());
  await panel().getByRole('button', { name: /^Answers: / }).click();
  await window.getByRole('menuitemcheckbox', { name: 'Small pictures' }).click();
  const before = server.requests.length;
  await field().fill('What is the total?');
  await expect(panel().getByText(/The smallest text would be only \d pixels high in the picture; it may be misread\./)).toBeVisible({ timeout: 20_000 });
  await panel().getByRole('button', { name: 'Send as tiles' }).click();
  const summary = panel().getByRole('button', { name: /^[2-6] pictures, about [\d,]+ tokens$/ });
  await expect(summary).toBeVisible({ timeout: 20_000 });
  const planned = Number((await summary.innerText())[0]);
  await summary.click();
  await expect(panel().getByRole('group', { name: 'What will be sent' }).getByRole('listitem')).toHaveCount(planned);
  expect(server.requests).toHaveLength(before);
  server.pieces = ['40.92'];
  server.trouble = {};
  await field().press('Enter');
  await expect(panel().getByRole('article', { name: 'Answer' }).last()).toContainText('40.92', { timeout: 30_000 });
  expect(JSON.stringify(server.requests.at(-1)!.messages).match(/"image_url":/g)).toHaveLength(planned);
});

test('ready-made questions are changed, added to, removed, and put back', async () => {
  const openMenu = async (): Promise<void> => panel().getByRole('button', { name: 'Ready-made questions' }).click();
  const names = async (): Promise<string[]> => {
    await openMenu();
    const items = window.getByRole('menuitem');
    await expect(items.last()).toBeVisible();
    const all = await items.allInnerTexts();
    await window.keyboard.press('Escape');
    await expect(items).toHaveCount(0);
    return all.slice(0, -1);
  };
  const before = await names();
  await openMenu();
  await window.getByRole('menuitem', { name: 'Change these…' }).click();
  const dialog = window.getByRole('dialog', { name: 'Ready-made questions' });
  await dialog.getByRole('textbox', { name: 'Name of question 1' }).fill('Read everything');
  await dialog.getByRole('button', { name: 'Remove “Describe”' }).click();
  await dialog.getByRole('button', { name: 'Add a question' }).click();
  const count = before.length;
  await dialog.getByRole('textbox', { name: `Name of question ${count}` }).fill('Signed?');
  await dialog.getByRole('textbox', { name: `Text of question ${count}` }).fill('Is … signed?');
  await dialog.getByRole('button', { name: 'Done' }).click();
  expect(await names()).toEqual(['Read everything', ...before.slice(2), 'Signed?']);
  await openMenu();
  await window.getByRole('menuitem', { name: 'Signed?' }).click();
  await expect(field()).toHaveValue('Is … signed?');
  // The gap is where one goes on typing.
  await expect(field()).toBeFocused();
  await window.keyboard.type('the letter');
  await expect(field()).toHaveValue('Is the letter signed?');
  await field().fill('');
  await openMenu();
  await window.getByRole('menuitem', { name: 'Change these…' }).click();
  await dialog.getByRole('button', { name: 'Put the originals back' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  expect(await names()).toEqual(before);
});

/** How strongly the layer of places is painted. */
async function paintedPlaces(): Promise<number> {
  return eventually(async () => window.evaluate(() => {
    const canvas = document.querySelectorAll('canvas')[2];
    if (!canvas || canvas.width === 0) return null;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let sum = 1;
    for (let at = 3; at < data.length; at += 4) sum += data[at]!;
    return sum;
  }), 'the page to be drawn', 10_000);
}
