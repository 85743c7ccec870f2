// Answers from the question to the stored message, with the real library and a compiled tiny checkpoint that really answers (nonsense, but
// always the same): streamed, stopped, gone on with, branched, failed.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Message } from '@contract/conversation.ts';
import { linesOf } from '@contract/document.ts';
import { boundsOf } from '@contract/geometry.ts';
import type { JobMoment } from '@contract/job.ts';
import { createAnswers } from '../../../src-main/app/answers.ts';
import type { Answers } from '../../../src-main/app/answers.ts';
import { createEndpointStore } from '../../../src-main/app/endpoint-store.ts';
import type { EndpointStore } from '../../../src-main/app/endpoint-store.ts';
import { planQuestion, type PlannedAsk } from '../../../src-main/app/question-plan.ts';
import { quietJob } from '../../../src-main/base/job.ts';
import { compileCheckpoint } from '../../../src-main/compiler/compile.ts';
import { closeModel } from '../../../src-main/engine/jobs/load-model.ts';
import { readPackage } from '../../../src-main/model/store.ts';
import { startChatServer } from '../../helpers/chat-server.ts';
import type { ChatServer } from '../../helpers/chat-server.ts';
import { exactOptions } from '../../helpers/compiled-checkpoint.ts';
import { engineHere } from '../../helpers/engine-here.ts';
import { fixturePage } from '../../helpers/fixture-pages.ts';
import { addReadDocument, boxQuad, lineAt, openTestLibrary, pageWith, regionOf, temporaryFolder } from '../../helpers/library.ts';
import type { TestLibrary } from '../../helpers/library.ts';
import { clientOf } from '../../helpers/library-client.ts';
import { checkpointsFolder } from '../../helpers/reference.ts';

const folder = temporaryFolder();
const models = join(folder.path, 'models');
const model = { kind: 'model', packageId: 'tiny' } as const;
const greedy = { temperature: 0, repetitionPenalty: 1 };
let library: TestLibrary;
let pageId: string;
let answers: Answers;
let heard: [string | null, JobMoment][];
let told: Message[];
let server: ChatServer;
let endpoints: EndpointStore;

beforeAll(async () => {
  mkdirSync(join(folder.path, 'library'));
  library = openTestLibrary(join(folder.path, 'library'));
  const card = fixturePage('en-card');
  const file = join(folder.path, 'card.png');
  // As large as the library's test pages are said to be.
  await sharp(card.path).extend({ right: 360, bottom: 1034, background: '#fff' }).png().toFile(file);
  ({ pageId } = await addReadDocument(library, file, ['HELLO', 'Total 12.50']));
  server = await startChatServer();
  endpoints = createEndpointStore({ library: clientOf(library), vault: { canSeal: () => false, seal: (key) => key, open: (key) => key } });
  await compileCheckpoint(quietJob(), join(checkpointsFolder, 'qwen2-vl'), exactOptions, { root: models, id: 'tiny' });
});
afterAll(async () => {
  await closeModel();
  await server.close();
  library.database.close();
  folder.remove();
});
beforeEach(() => {
  heard = [];
  told = [];
  answers = createAnswers({
    library: clientOf(library),
    engine: engineHere((messageId, moment) => heard.push([messageId, moment])),
    publish: (name, payload) => name === 'message.changed' && told.push(...(payload as { messages: Message[] }).messages),
    passwords: { of: () => undefined },
    endpoints,
    modelsFolder: models,
  });
});

const ended = async (messageId: string): Promise<Message> => {
  for (;;) {
    const last = told.findLast((one) => one.id === messageId);
    if (last && last.status !== 'streaming') return last;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
const begin = (): string => library.methods.createConversation({ title: '', answerer: model }).id;
const ask = (conversationId: string, text: string, rest: Partial<Parameters<Answers['ask']>[0]> = {}) =>
  answers.ask({ conversationId, parentId: null, text, attachments: [{ kind: 'page', pageId }], answerer: model, options: { maxNewTokens: 12, maxImageTokens: 64, sampling: greedy }, ...rest });
const textOf = (messageId: string): string => heard.flatMap(([id, moment]) => (id === messageId && moment.type === 'text' ? [moment.text] : [])).join('');

test('question and empty answer are stored before anything is written; what was streamed is what is stored', async () => {
  const { question, answer } = await ask(begin(), 'What is the total?');
  expect(library.methods.messageById({ messageId: question.id })).toMatchObject({ role: 'user', status: 'complete', attachments: [{ kind: 'page', pageId }] });
  expect(answer).toMatchObject({ status: 'streaming', text: '', parentId: question.id, answerer: model });
  const last = await ended(answer.id);
  expect(last).toMatchObject({ status: 'complete', error: null });
  expect(last.text).not.toBe('');
  expect(textOf(answer.id)).toBe(last.text);
  expect(library.methods.messageById({ messageId: answer.id })).toMatchObject({ status: 'complete', text: last.text });
  expect(last).not.toHaveProperty('raw');
  const { record } = last;
  expect(record).toMatchObject({ provider: 'cpu', newTokens: 12, finish: 'length' });
  const [picture] = record!.pictures;
  expect(picture).toMatchObject({ pageId, crop: null, original: { width: expect.any(Number) } });
  // Its text is 20 high: at the size sent it is far too small to read.
  expect(picture!.sent.width).toBeLessThan(picture!.original.width);
  expect(picture!.tokens).toBeLessThanOrEqual(64);
  expect(picture!.smallestText).toBeGreaterThan(0);
});

test('stopped: what was written stays, as its own state; going on keeps it and writes the rest that would have come', async () => {
  const conversationId = begin();
  const whole = await ask(conversationId, 'Count.', { options: { maxNewTokens: 40, maxImageTokens: 64, sampling: greedy } });
  const { text } = await ended(whole.answer.id);
  const { answer } = await ask(conversationId, 'Count.', { options: { maxNewTokens: 40, maxImageTokens: 64, sampling: greedy } });
  for (;;) {
    if (textOf(answer.id) !== '') break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  answers.stop(answer.id);
  const stopped = await ended(answer.id);
  expect(stopped).toMatchObject({ status: 'stopped', error: null });
  expect(stopped.text).not.toBe('');
  expect(text.startsWith(stopped.text)).toBe(true);
  told = [];
  await answers.goOn({ messageId: answer.id, options: { maxNewTokens: 40, maxImageTokens: 64, sampling: greedy } });
  const gone = await ended(answer.id);
  expect(gone.status).toBe('complete');
  expect(gone.text.startsWith(stopped.text)).toBe(true);
  expect(gone.text.length).toBeGreaterThan(stopped.text.length);
});

test('later turns are given what the model wrote, and the pages of all turns in their order', async () => {
  const conversationId = begin();
  const first = await ask(conversationId, 'One?');
  await ended(first.answer.id);
  const second = await ask(conversationId, 'Two?', { parentId: first.answer.id, attachments: [{ kind: 'lines', pageId, lineIndexes: [0], quad: boxQuad(200, 100, 120, 40) }] });
  const last = await ended(second.answer.id);
  expect(last.status).toBe('complete');
  expect(last.record!.pictures.map((one) => one.crop)).toEqual([null, expect.objectContaining({ width: expect.any(Number) })]);
  const crop = last.record!.pictures[1]!.crop!;
  // The part is what was asked about and what stands around it.
  expect(crop.x).toBeLessThan(200);
  expect(crop.x + crop.width).toBeGreaterThan(320);
  expect(last.record!.pictures[1]!.original).toEqual({ width: crop.width, height: crop.height });
  const again = await answers.regenerate({ messageId: second.answer.id, options: { maxNewTokens: 4, sampling: greedy } });
  await ended(again.id);
  expect(library.methods.messageById({ messageId: again.id })).toMatchObject({ parentId: second.question.id, status: 'complete' });
  expect(library.methods.messageById({ messageId: second.answer.id }).text).toBe(last.text);
});

test('a model that is not there, a page that is gone: named, stored, and the conversation goes on', async () => {
  const conversationId = begin();
  const { answer } = await ask(conversationId, 'x', { answerer: { kind: 'model', packageId: 'absent' } });
  expect(await ended(answer.id)).toMatchObject({ status: 'failed', error: { code: 'model-not-found' } });
  const other = await ask(conversationId, 'x', { attachments: [{ kind: 'page', pageId: 'gone' }] });
  expect(await ended(other.answer.id)).toMatchObject({ status: 'failed', error: { code: 'page-not-found' } });
  // The failed exchange is no part of what the model is shown next.
  const next = await ask(conversationId, 'y', { parentId: other.answer.id });
  expect((await ended(next.answer.id)).record!.pictures).toHaveLength(1);
});

test('a server answers only once the user agreed that pages leave; before that nothing is stored and nothing sent', async () => {
  const conversationId = begin();
  const { id } = await endpoints.save({ name: 'here', kind: 'vllm', baseUrl: server.baseUrl, model: 'qwen-vl', notation: 'thousand', tokenSide: 28, maxImageTokens: 64, maxNewTokens: 50, concurrency: 1, timeoutSeconds: 5 });
  const answerer = { kind: 'endpoint', endpointId: id } as const;
  await expect(ask(conversationId, 'x', { answerer })).rejects.toMatchObject({ code: 'consent-missing', data: { endpointId: id } });
  expect(library.methods.messagesOf({ conversationId })).toEqual([]);
  expect(server.requests).toEqual([]);
  await endpoints.allow(id, true);
  server.pieces = ['The <ref>total</ref><box>(100,100),(200,200)</box>', ' is 12.50'];
  const { answer } = await ask(conversationId, 'x', { answerer });
  const last = await ended(answer.id);
  expect(last).toMatchObject({ status: 'complete', text: 'The total is 12.50', record: { promptTokens: 321, answererName: 'here (qwen-vl)' } });
  expect(last.groundings[0]).toMatchObject({ start: 4, end: 9, label: 'total', pageId });
  expect(library.methods.messageById({ messageId: answer.id }).raw).toContain('<box>');
});

test('cut in mid-answer: failed with its reason, what came is kept', async () => {
  const { id } = (await endpoints.list())[0]!;
  server.trouble = { cutAfter: 1 };
  const { answer } = await ask(begin(), 'x', { answerer: { kind: 'endpoint', endpointId: id } });
  expect(await ended(answer.id)).toMatchObject({ status: 'failed', error: { code: 'endpoint-cut' }, text: 'The total' });
  server.trouble = {};
});

test('the built-in reader answers from what was recognised, with its place and how it found it; it says what it cannot do', async () => {
  const conversationId = begin();
  const reader = { kind: 'reader' } as const;
  const { answer } = await ask(conversationId, 'What is the total?', { answerer: reader });
  const last = await ended(answer.id);
  expect(last).toMatchObject({ status: 'complete', text: expect.stringContaining('12.50'), record: { answererName: 'Built-in reader', pictures: [] } });
  expect(last.explanation.join('')).not.toBe('');
  expect(last.groundings[0]).toMatchObject({ pageId, check: { state: 'found' } });
  const beyond = await ask(conversationId, 'Why is the sky in this picture blue?', { answerer: reader });
  expect((await ended(beyond.answer.id)).record).toMatchObject({ finish: 'refused' });
  // Only the part that was asked about counts.
  const part = await ask(conversationId, 'What is the total?', { answerer: reader, attachments: [{ kind: 'lines', pageId, lineIndexes: [0], quad: boxQuad(600, 1200, 50, 20) }] });
  expect((await ended(part.answer.id)).text).not.toContain('12.50');
});

test('the values of an answer are held against the page before it is shown', async () => {
  const { id } = (await endpoints.list())[0]!;
  server.pieces = ['The <ref>Total 12.90</ref><box>(0,0),(1000,1000)</box> was read, and 12.50 and "GOODBYE".'];
  const { answer } = await ask(begin(), 'x', { answerer: { kind: 'endpoint', endpointId: id } });
  const { groundings, text } = await ended(answer.id);
  expect(groundings.map((one) => [text.slice(one.start, one.end), one.check.state])).toEqual([['Total 12.90', 'differs'], ['12.50', 'found'], ['GOODBYE', 'not-on-page']]);
});

test('a page in tiles: each is a part of it, and together they are all of it', async () => {
  const { answer } = await ask(begin(), 'Read.', { options: { tiles: true, maxImageTokens: 64, maxNewTokens: 4, sampling: greedy } });
  const { pictures } = (await ended(answer.id)).record!;
  expect(pictures.length).toBeGreaterThan(1);
  expect(pictures.every((one) => one.pageId === pageId && one.crop !== null)).toBe(true);
  expect(new Set(pictures.map((one) => JSON.stringify(one.crop))).size).toBe(pictures.length);
});

describe('pages of earlier turns', () => {
  const turn = (rotation: number): void => void library.database.run('turn-page', 'UPDATE pages SET rotation = :rotation WHERE id = :pageId', { pageId, rotation });
  const tiled = { tiles: true, maxImageTokens: 64, maxNewTokens: 4, sampling: greedy };

  test('a model is sent them as it was, in tiles and at their size, so that what it has read of them serves again; the plan says so before', async () => {
    const conversationId = begin();
    const first = await ask(conversationId, 'Read.', { options: tiled });
    const { record: before } = await ended(first.answer.id);
    expect(before!.pictures.length).toBeGreaterThan(1);
    // Turned meanwhile, and the new question wants larger pictures: neither changes what was sent.
    turn(180);
    const question = { parentId: first.answer.id, attachments: [], options: { maxImageTokens: 200, maxNewTokens: 3, sampling: greedy } };
    const planned = (await planQuestion({ library: clientOf(library), engine: engineHere(), endpoints, modelsFolder: models }, { answerer: model, text: 'And the date?', ...question }))!;
    const { answer } = await ask(conversationId, 'And the date?', question);
    const { record } = await ended(answer.id);
    turn(0);
    expect(record!.pictures).toEqual(before!.pictures);
    expect(record!.reusedTokens).toBeGreaterThanOrEqual(before!.promptTokens!);
    expect(planned.earlierPictures).toBe(before!.pictures.length);
    expect(planned.textTokens! + planned.earlierTokens).toBe(record!.promptTokens);
  });

  test('also of an answer that was stopped, which goes on with the pictures that it began with', async () => {
    const conversationId = begin();
    const { answer } = await ask(conversationId, 'Count.', { options: { ...tiled, maxNewTokens: 40 } });
    while (textOf(answer.id) === '') await new Promise((resolve) => setImmediate(resolve));
    answers.stop(answer.id);
    expect(await ended(answer.id)).toMatchObject({ status: 'stopped', record: null });
    told = [];
    await answers.goOn({ messageId: answer.id, options: { maxNewTokens: 40, sampling: greedy } });
    const { record } = await ended(answer.id);
    expect(record!.pictures.length).toBeGreaterThan(1);
    expect(record!.pictures.every(({ crop, tokens }) => crop !== null && tokens! <= 64)).toBe(true);
  });

  test('an answer that is asked for again is asked for as before, in tiles too; with another size when that is wished', async () => {
    const first = await ask(begin(), 'Read.', { options: tiled });
    const { pictures } = (await ended(first.answer.id)).record!;
    const again = await answers.regenerate({ messageId: first.answer.id, options: {} });
    expect((await ended(again.id)).record!.pictures).toEqual(pictures);
    const larger = await answers.regenerate({ messageId: again.id, options: { maxImageTokens: 128 } });
    const { pictures: finer } = (await ended(larger.id)).record!;
    expect(finer.every(({ crop }) => crop !== null)).toBe(true);
    expect(finer[0]!.tokens).toBeGreaterThan(64);
  });

  test('a server is sent the same pictures again; another answerer the same parts at its own size', async () => {
    const { id } = (await endpoints.list())[0]!;
    const answerer = { kind: 'endpoint', endpointId: id } as const;
    server.pieces = ['yes'];
    server.requests.length = 0;
    const conversationId = begin();
    const first = await ask(conversationId, 'Read.', { answerer, options: { tiles: true, maxImageTokens: 32 } });
    const { record: before } = await ended(first.answer.id);
    const second = await ask(conversationId, 'And?', { answerer, parentId: first.answer.id, attachments: [], options: {} });
    await ended(second.answer.id);
    const picturesOf = (at: number): unknown[] => server.requests[at]!.messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content.filter((part) => part.type === 'image_url')));
    expect(picturesOf(0).length).toBeGreaterThan(1);
    expect(picturesOf(1)).toEqual(picturesOf(0));
    const third = await ask(conversationId, 'And now?', { parentId: second.answer.id, attachments: [], options: { maxImageTokens: 64, maxNewTokens: 3, sampling: greedy } });
    const { pictures } = (await ended(third.answer.id)).record!;
    expect(pictures.map(({ crop }) => crop)).toEqual(before!.pictures.map(({ crop }) => crop));
    expect(pictures[0]!.tokens).toBeGreaterThan(32);
  });
});

test('a box in tiles without a picture\'s name lights up where its words stand, while the answer is being written', async () => {
  const { id } = (await endpoints.list())[0]!;
  const answerer = { kind: 'endpoint', endpointId: id } as const;
  const options = { tiles: true, maxImageTokens: 32 };
  server.pieces = ['yes'];
  const { answer: before } = await ask(begin(), 'Read.', { answerer, options });
  const { pictures } = (await ended(before.id)).record!;
  const line = linesOf(library.methods.pageText({ pageId })!).find(({ text }) => text === 'Total 12.50')!;
  const bounds = boundsOf(line.quad);
  const isIn = ({ crop }: (typeof pictures)[number]): boolean => bounds.x >= crop!.x && bounds.y >= crop!.y && bounds.x + bounds.width <= crop!.x + crop!.width && bounds.y + bounds.height <= crop!.y + crop!.height;
  const at = pictures.findIndex(isIn);
  expect(at).toBeGreaterThanOrEqual(0);
  expect(at).toBeLessThan(pictures.length - 1);
  const { crop } = pictures[at]!;
  const x = (value: number): number => Math.round(((value - crop!.x) / crop!.width) * 1000);
  const y = (value: number): number => Math.round(((value - crop!.y) / crop!.height) * 1000);
  const box = `(${x(bounds.x - 2)},${y(bounds.y - 2)}),(${x(bounds.x + bounds.width + 2)},${y(bounds.y + bounds.height + 2)})`;
  server.pieces = [`<ref>Total 12.50</ref><box>${box}</box> and <ref>a stamp</ref><box>(400,400),(410,410)</box>`];
  const { answer } = await ask(begin(), 'Where?', { answerer, options });
  const { groundings } = await ended(answer.id);
  const streamed = heard.flatMap(([messageId, moment]) => (messageId === answer.id && moment.type === 'grounding' ? [moment.grounding] : []));
  expect(streamed.map(({ label, page, isUnsure }) => ({ label, page, isUnsure }))).toEqual([{ label: 'Total 12.50', page: at, isUnsure: undefined }, { label: 'a stamp', page: pictures.length - 1, isUnsure: true }]);
  expect(Math.abs(boundsOf(streamed[0]!.quad).y - bounds.y)).toBeLessThan(8);
  expect(groundings.map(({ check, isUnsure }) => [check.state, isUnsure])).toEqual([['found', undefined], ['unchecked', true]]);
});

test('each page by itself: several at once, in the order of the pages, one failure is not the others\'', async () => {
  const { id } = (await endpoints.list())[0]!;
  await endpoints.save({ id, name: 'here', kind: 'vllm', baseUrl: server.baseUrl, model: 'qwen-vl', notation: 'thousand', tokenSide: 28, maxImageTokens: 64, maxNewTokens: 50, concurrency: 2, timeoutSeconds: 5 });
  server.pieces = ['See <ref>this</ref><box>(0,0),(10,10)</box>'];
  server.trouble = { delayMs: 30, statuses: [400] };
  server.mostAtOnce = 0;
  server.requests.length = 0;
  const quad = boxQuad(100, 60, 200, 40);
  const { answer } = await ask(begin(), 'x', { answerer: { kind: 'endpoint', endpointId: id }, options: { eachPage: true }, attachments: [{ kind: 'page', pageId }, { kind: 'lines', pageId, lineIndexes: [0], quad }, { kind: 'page', pageId }, { kind: 'page', pageId }] });
  const last = await ended(answer.id);
  expect(last.status).toBe('complete');
  expect(server.requests).toHaveLength(4);
  expect(server.requests.every((one) => JSON.stringify(one.messages).match(/image_url/g)!.length === 2)).toBe(true);
  expect(server.mostAtOnce).toBe(2);
  expect(last.text.match(/^### card\.png, page 1$/gm)).toHaveLength(4);
  expect(last.text.match(/No answer for this page: the server refused it/g)).toHaveLength(1);
  const marked = last.groundings.filter((one) => one.kind === 'box');
  expect(marked.map((one) => last.text.slice(one.start, one.end))).toEqual(['this', 'this', 'this']);
  expect(last.record).toMatchObject({ promptTokens: 3 * 321 });
  // Asked for again, the pages are still asked about one by one.
  const again = await answers.regenerate({ messageId: answer.id, options: {} });
  expect((await ended(again.id)).text.match(/^### card\.png, page 1$/gm)).toHaveLength(4);
  // Every page streams: its text and its place went to the window while it was written.
  expect(heard.filter(([id, moment]) => id === answer.id && moment.type === 'grounding')).toHaveLength(3);
  expect(heard.filter(([id, moment]) => id === answer.id && moment.type === 'text').length).toBeGreaterThanOrEqual(3);
});

test('each page by itself, stopped: what the pages have written stays', async () => {
  const { id } = (await endpoints.list())[0]!;
  server.pieces = Array.from({ length: 200 }, (_, at) => `word${at} `);
  server.trouble = { delayMs: 10 };
  const { answer } = await ask(begin(), 'x', { answerer: { kind: 'endpoint', endpointId: id }, options: { eachPage: true }, attachments: [{ kind: 'page', pageId }, { kind: 'lines', pageId, lineIndexes: [0], quad: boxQuad(100, 60, 200, 40) }] });
  await expect.poll(() => library.methods.messageById({ messageId: answer.id }).text.match(/word5\b/g)?.length, { timeout: 10_000 }).toBe(2);
  answers.stop(answer.id);
  const last = await ended(answer.id);
  expect(last.status).toBe('stopped');
  expect(last.text.match(/^### card\.png, page 1$/gm)).toHaveLength(2);
  expect(last.text.match(/word5\b/g)).toHaveLength(2);
  server.trouble = {};
});

describe('before a question is sent', () => {
  const plan = (asked: Partial<PlannedAsk>): ReturnType<typeof planQuestion> =>
    planQuestion({ library: clientOf(library), engine: engineHere(), endpoints, modelsFolder: models }, { parentId: null, text: '', attachments: [{ kind: 'page', pageId }], answerer: model, options: {}, ...asked });

  test.each([
    ['a page', {}, {}],
    ['a part of it', { attachments: [{ kind: 'lines' as const, get pageId() { return pageId; }, lineIndexes: [0], quad: boxQuad(100, 60, 200, 40) }] }, {}],
    ['in tiles', {}, { tiles: true }],
    ['larger', {}, { maxImageTokens: 200 }],
  ])('%s: the figures are those of the answer that follows', async (_name, asked, options) => {
    const conversationId = begin();
    const first = await ask(conversationId, 'Total 12.50?', { ...asked, options: { maxImageTokens: 64, maxNewTokens: 3, sampling: greedy } });
    await ended(first.answer.id);
    const question = { parentId: first.answer.id, text: 'And the date, 日期?', attachments: [{ kind: 'page' as const, pageId }], ...asked, options: { maxImageTokens: 64, ...options } };
    const planned = (await plan(question))!;
    const { answer } = await ask(conversationId, question.text, { ...question, options: { ...question.options, maxNewTokens: 3, sampling: greedy } });
    const { record } = await ended(answer.id);
    const own = record!.pictures.slice(planned.earlierPictures);
    expect(planned.earlierPictures).toBe(1);
    expect(planned.pictures).toEqual(own);
    expect(planned.pictures.reduce((sum, one) => sum + one.tokens!, 0) + planned.textTokens! + planned.earlierTokens).toBe(record!.promptTokens);
    expect(planned.textTokens).toBeGreaterThan(2);
    expect(planned).toMatchObject({ leftOutPictures: 0, memory: { isOpen: true } });
  });

  test('a model that is not open: its forecast, and the context that a long question needs', async () => {
    await closeModel();
    const short = (await plan({ text: 'x' }))!;
    expect(short.memory!.isOpen).toBe(false);
    expect(short.memory!.neededBytes).toBeGreaterThan(1e6);
    const long = (await plan({ text: 'word '.repeat(9000) }))!;
    const { maxPositions } = (await readPackage(join(models, 'tiny'))).manifest.config.text;
    expect(long.contextTokens).toBe(Math.min(maxPositions, Math.max(8192, Math.ceil((long.textTokens! + long.earlierTokens + long.pictures[0]!.tokens! + 1024) / 4096) * 4096)));
    expect(long.memory!.neededBytes).toBeGreaterThanOrEqual(short.memory!.neededBytes);
  });

  test('small print is known before it is sent, and tiles mend it', async () => {
    const options = { maxImageTokens: 64 };
    const whole = (await plan({ options }))!;
    const tiles = (await plan({ options: { ...options, tiles: true } }))!;
    expect(whole.pictures).toMatchObject([{ tooSmall: true }]);
    expect(tiles.pictures.length).toBeGreaterThan(1);
    expect(tiles.pictures[0]!.smallestText).toBeGreaterThan(whole.pictures[0]!.smallestText! * 1.5);
  });

  test('a server: by its own rule, without a word being sent', async () => {
    const { id } = (await endpoints.list())[0]!;
    server.requests.length = 0;
    const answerer = { kind: 'endpoint', endpointId: id } as const;
    const planned = (await plan({ answerer, text: 'x' }))!;
    expect(planned).toMatchObject({ contextTokens: null, memory: null, isReckoned: true });
    expect(server.requests).toEqual([]);
    server.pieces = ['yes'];
    const { answer } = await ask(begin(), 'x', { answerer, options: {} });
    expect((await ended(answer.id)).record!.pictures).toEqual(planned.pictures);
  });

  test('a server that says how much its model takes, and one that says it by refusing: the plan knows', async () => {
    server.offered = [{ id: 'other', max_model_len: 1 }, { id: 'qwen-told', object: 'model', max_model_len: 2048 }];
    const common = { kind: 'vllm', baseUrl: server.baseUrl, notation: 'thousand', tokenSide: 28, maxImageTokens: 64, maxNewTokens: 50, concurrency: 1, timeoutSeconds: 5 } as const;
    const told = await endpoints.save({ ...common, name: 'told', model: 'qwen-told' });
    expect(told.contextTokens).toBeNull();
    const words = 'word '.repeat(2000);
    const planned = (await plan({ answerer: { kind: 'endpoint', endpointId: told.id }, text: words }))!;
    expect(planned).toMatchObject({ contextTokens: 2048, isReckoned: true });
    // Two thousand words do not fit beside the page.
    expect(planned.textTokens).toBeGreaterThan(2000);
    expect((await endpoints.list()).find(({ id }) => id === told.id)?.contextTokens).toBe(2048);
    // Another model of the same server is another matter.
    expect((await endpoints.save({ ...common, id: told.id, name: 'told', model: 'qwen-silent' })).contextTokens).toBeNull();
    const answerer = { kind: 'endpoint', endpointId: told.id } as const;
    expect((await plan({ answerer, text: 'x' }))!.contextTokens).toBeNull();
    await endpoints.allow(told.id, true);
    server.trouble = { refusals: ["This model's maximum context length is 4096 tokens. However, your messages resulted in 9001 tokens."] };
    const { answer } = await ask(begin(), 'x', { answerer, options: {} });
    expect(await ended(answer.id)).toMatchObject({ status: 'failed', error: { code: 'context-overflow', data: { limit: 4096, tokens: 9001 } } });
    expect((await plan({ answerer, text: 'x' }))!.contextTokens).toBe(4096);
    // Each page by itself has the whole context for itself.
    expect((await plan({ answerer, text: 'x', options: { eachPage: true } }))!.contextTokens).toBeNull();
    server.trouble = {};
    await endpoints.remove(told.id);
  });

  test('the built-in reader is sent nothing', async () => {
    expect(await plan({ answerer: { kind: 'reader' } })).toBeNull();
  });
});

test('asked before the page was read: the reader answers once it is, and can be stopped while it waits', async () => {
  library.methods.readAgain({ pageId, rotation: null });
  const reader = { kind: 'reader' } as const;
  const conversationId = begin();
  const stopped = await ask(conversationId, 'What is the total?', { answerer: reader });
  const waiting = await ask(conversationId, 'What is the total?', { answerer: reader });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(told.some((one) => one.id === waiting.answer.id && one.status !== 'streaming')).toBe(false);
  answers.stop(stopped.answer.id);
  expect(await ended(stopped.answer.id)).toMatchObject({ status: 'stopped', error: null });
  library.methods.savePageText({ pageId, text: pageWith([regionOf('paragraph', [lineAt('Total 99.10', 10, 10)])]) });
  expect((await ended(waiting.answer.id)).text).toContain('99.10');
});
