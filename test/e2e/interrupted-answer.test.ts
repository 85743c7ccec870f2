// The application is killed in the middle of an answer, as by a power cut: what was stored of it is there after the restart, nothing else is
// lost, and the conversation goes on. Also: the engine killed under an answer. The answers come from a server on this machine.
import { expect, test } from '@playwright/test';
import type { Message } from '@contract/conversation.ts';
import type { Application } from '../../build/application-driver.mjs';
import { launch, newPlace, processesOf } from '../helpers/application.ts';
import { startChatServer } from '../helpers/chat-server.ts';
import type { ChatServer } from '../helpers/chat-server.ts';
import { fixturePage } from '../helpers/fixture-pages.ts';
import { ask, eventually, waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
const card = fixturePage('en-card');
const words = Array.from({ length: 400 }, (_, at) => `word${at} `);
let application: Application;
let server: ChatServer;
let endpointId: string;
let conversationId: string;
let pageId: string;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  server = await startChatServer();
  server.pieces = words;
  server.trouble = { delayMs: 25 };
  application = await launch(place, { files: [card.path] });
  pageId = (await waitUntilRead(application.window, card.fileName)).pages[0]!.id;
});
test.afterAll(async () => {
  await application.quit();
  await server.close();
  place.remove();
});

const messages = async (): Promise<Message[]> => (await ask(application.window, 'conversation.open', { conversationId })).messages;
const message = async (messageId: string): Promise<Message> => (await messages()).find((one) => one.id === messageId)!;
const question = (text: string, parentId: string | null = null) =>
  ask(application.window, 'conversation.ask', { conversationId, parentId, text, attachments: [{ kind: 'page', pageId }], answerer: { kind: 'endpoint', endpointId } });
/** In the middle: some of it is stored, and more is to come. */
const inTheMiddle = (messageId: string): Promise<Message> => eventually(async () => {
  const one = await message(messageId);
  return one.status === 'streaming' && one.text.length > 100 ? one : null;
}, 'some of the answer to be stored', 30_000);

test('no page leaves before the user agreed', async () => {
  const { window } = application;
  ({ id: endpointId } = await ask(window, 'endpoint.save', {
    name: 'here', kind: 'vllm', baseUrl: server.baseUrl, model: 'qwen2.5-vl-7b', notation: 'input', tokenSide: 28, maxImageTokens: 256, maxNewTokens: 1000, concurrency: 2, timeoutSeconds: 20,
  }));
  ({ id: conversationId } = await ask(window, 'conversation.create', { answerer: { kind: 'endpoint', endpointId } }));
  await expect(question('What is it?')).rejects.toThrow(/consent-missing/);
  expect(server.requests).toHaveLength(0);
  await ask(window, 'endpoint.allow', { endpointId, allowed: true });
});

test('killed in mid-answer: what was stored is there after the restart, and the conversation goes on', async () => {
  const { answer } = await question('What is it?');
  const stored = await inTheMiddle(answer.id);
  // Asked for before: the driver forgets a process that has ended.
  const child = application.electron.process();
  child.kill('SIGKILL');
  await eventually(async () => child.exitCode !== null || child.signalCode !== null, 'the process to end', 10_000);
  application = await launch(place);
  const after = await eventually(async () => {
    const one = await message(answer.id);
    return one.status === 'interrupted' ? one : null;
  }, 'the answer to be marked', 20_000);
  expect(after.text.startsWith(stored.text)).toBe(true);
  expect(words.join('').startsWith(after.text)).toBe(true);
  expect((await messages()).map((one) => one.role)).toEqual(['user', 'assistant']);
  server.trouble = {};
  const { answer: again } = await ask(application.window, 'conversation.continue', { messageId: answer.id });
  const whole = await eventually(async () => {
    const one = await message(again.id);
    return one.status === 'complete' ? one : null;
  }, 'the new answer', 30_000);
  expect(whole.text).toBe(words.join(''));
  // What was there stays beside it.
  expect((await message(answer.id)).text).toBe(after.text);
});

test('the engine killed under an answer: the answer failed with a name, what came is kept, the next one comes', async () => {
  server.trouble = { delayMs: 25 };
  const { answer } = await question('Once more?');
  const stored = await inTheMiddle(answer.id);
  const engine = (await processesOf(application.electron, 'Utility')).find((one) => /engine/i.test(one.name))!;
  process.kill(engine.pid, 'SIGKILL');
  const failed = await eventually(async () => {
    const one = await message(answer.id);
    return one.status === 'streaming' ? null : one;
  }, 'the answer to end', 20_000);
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'engine-stopped' } });
  expect(failed.text.startsWith(stored.text)).toBe(true);
  server.trouble = {};
  const { answer: next } = await question('And now?', answer.id);
  await eventually(async () => (await message(next.id)).status === 'complete', 'the next answer', 30_000);
});
