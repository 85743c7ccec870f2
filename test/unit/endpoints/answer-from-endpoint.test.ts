// Answers from a server that speaks OpenAI's protocol, a real one on this machine: what is sent, what comes back as places on the page, and
// every way in which it can fail.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ReachedEndpoint } from '@contract/endpoint.ts';
import type { JobInput, JobMoment } from '@contract/job.ts';
import { errorSentence } from '../../../src-renderer/ui/error-sentences.ts';
import { toWireError } from '../../../src-main/base/errors.ts';
import type { KeptAnswer } from '../../../src-main/base/job.ts';
import { seesPictures } from '../../../src-main/endpoints/sees-pictures.ts';
import { answerFromEndpoint, checkEndpoint } from '../../../src-main/engine/jobs/answer-from-endpoint.ts';
import { probeImage } from '../../../src-main/inference/image/decode-image.ts';
import { startChatServer } from '../../helpers/chat-server.ts';
import type { ChatServer } from '../../helpers/chat-server.ts';
import { fixturePage } from '../../helpers/fixture-pages.ts';

let server: ChatServer;
beforeAll(async () => {
  server = await startChatServer();
});
afterAll(() => server.close());
beforeEach(() => {
  Object.assign(server, { pieces: ['Hello', ' there'], key: null, trouble: {}, mostAtOnce: 0 });
  server.requests.length = 0;
});

const endpoint = (part: Partial<ReachedEndpoint> = {}): ReachedEndpoint => ({
  name: 'here', kind: 'dashscope', baseUrl: server.baseUrl, model: 'qwen-vl-max', notation: 'thousand', tokenSide: 28, maxImageTokens: 256, maxNewTokens: 100, concurrency: 2, timeoutSeconds: 5, apiKey: null, ...part,
});
const card = fixturePage('en-card');
const page = { type: 'page' as const, page: { source: { path: card.path, format: 'png' as const, pageIndex: 0 }, rotation: 0 as const } };
const question = (part: Partial<ReachedEndpoint> = {}, parts: JobInput<'answer-from-endpoint'>['messages'][number]['parts'] = [page, { type: 'text', text: 'Who?' }]): JobInput<'answer-from-endpoint'> => ({
  endpoint: endpoint(part), messages: [{ role: 'user', parts }],
});
const run = (input: JobInput<'answer-from-endpoint'>, signal = new AbortController().signal, moments: JobMoment[] = [], kept: KeptAnswer[] = []) =>
  answerFromEndpoint({ signal, progress: () => {}, log: () => {}, post: (moment) => moments.push(moment), keep: (one) => kept.push(one) }, input);

test('a picture leaves at the size that the rule allows, in the form it says it has; text and usage come back', async () => {
  const moments: JobMoment[] = [];
  const answer = await run(question(), undefined, moments);
  expect(answer).toMatchObject({ text: 'Hello there', finish: 'stop', record: { promptTokens: 321, newTokens: 2 } });
  expect(moments.flatMap((one) => (one.type === 'text' ? [one.text] : [])).join('')).toBe('Hello there');
  const [sent] = server.requests;
  expect(sent).toMatchObject({ model: 'qwen-vl-max', max_tokens: 100 });
  const parts = sent!.messages[0]!.content as { type: string; image_url?: { url: string }; max_pixels?: number }[];
  expect(parts.map((one) => one.type)).toEqual(['image_url', 'text']);
  const [, mime, base64] = /^data:image\/(\w+);base64,(.+)$/.exec(parts[0]!.image_url!.url)!;
  const info = await probeImage(Buffer.from(base64!, 'base64'));
  expect(info.format).toBe(mime);
  const { input, tokens } = answer.record.pages[0]!;
  expect({ width: info.width, height: info.height }).toEqual(input);
  expect(input.width % 28 + (input.height % 28)).toBe(0);
  expect(tokens).toBeLessThanOrEqual(256);
  expect(parts[0]!.max_pixels).toBe(input.width * input.height);
});

test('a prompt that leaves less room than was asked for is answered within that room; one that leaves none is refused with its numbers', async () => {
  const refusal = (tokens: number): string => `This model's maximum context length is 4096 tokens. However, you requested ${tokens + 3000} tokens (${tokens} in the messages, 3000 in the completion).`;
  server.trouble = { refusals: [refusal(3600)] };
  expect(await run(question({ maxNewTokens: 3000 }))).toMatchObject({ text: 'Hello there', finish: 'stop' });
  expect(server.requests.map((one) => one.max_tokens)).toEqual([3000, 496]);
  server.trouble = { refusals: [refusal(4090), refusal(4090)] };
  const refused: unknown = await run(question({ maxNewTokens: 3000 })).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'context-overflow', data: { limit: 4096, tokens: 4090, endpoint: 'here' } });
  expect(errorSentence(toWireError(refused)).what).toBe('The question and its pages take 4,090 tokens; “here” has room for 4,096.');
  expect(server.requests).toHaveLength(3);
});

test('limits of a picture go to DashScope only: others refuse unknown keys', async () => {
  await run(question({ kind: 'vllm' }));
  expect((server.requests[0]!.messages[0]!.content as object[])[0]).not.toHaveProperty('max_pixels');
});

test.each([
  ['thousand', '{"bbox_2d": [500, 250, 1000, 500], "label": "name"}'],
  ['input', null],
] as const)('boxes counted in %s land on the same place of the page', async (notation, fixed) => {
  const { record } = await run(question());
  const { input, original } = record.pages[0]!;
  server.pieces = [fixed ?? `{"bbox_2d": [${input.width / 2}, ${input.height / 4}, ${input.width}, ${input.height / 2}], "label": "name"}`];
  const { groundings } = await run(question({ notation }));
  expect(groundings).toHaveLength(1);
  const [first, , third] = groundings[0]!.quad;
  expect(first[0]).toBeCloseTo(original.width / 2, 0);
  expect(first[1]).toBeCloseTo(original.height / 4, 0);
  expect(third[0]).toBeCloseTo(original.width, 0);
});

test('several pictures are numbered as the answer will call them, across turns', async () => {
  await run({ endpoint: endpoint(), messages: [{ role: 'user', parts: [page, { type: 'text', text: 'a' }] }, { role: 'assistant', parts: [{ type: 'text', text: 'b' }] }, { role: 'user', parts: [page, { type: 'text', text: 'c' }] }] });
  const { messages } = server.requests[0]!;
  expect(messages.map((one) => one.role)).toEqual(['user', 'assistant', 'user']);
  expect(messages[1]!.content).toBe('b');
  expect(JSON.stringify(messages).match(/Picture \d: /g)).toEqual(['Picture 1: ', 'Picture 2: ']);
});

describe('failures have names', () => {
  const code = (name: string, data = {}) => expect.objectContaining({ code: name, data: expect.objectContaining({ endpoint: 'here', ...data }) });
  test('a wrong key', async () => {
    server.key = 'right';
    await expect(run(question({ apiKey: 'wrong' }))).rejects.toEqual(code('endpoint-unauthorised', { status: 401 }));
    expect((await run(question({ apiKey: 'right' }))).text).toBe('Hello there');
  });
  test('busy: tried again, and the answer comes', async () => {
    server.trouble = { statuses: [429, 503] };
    expect((await run(question())).text).toBe('Hello there');
    expect(server.requests).toHaveLength(3);
  });
  test('busy: not asked again before the time that the server named', async () => {
    server.trouble = { statuses: [429], retryAfterSeconds: 1 };
    const started = performance.now();
    expect((await run(question())).text).toBe('Hello there');
    expect(performance.now() - started).toBeGreaterThan(950);
    expect(server.requests).toHaveLength(2);
  });
  test.each([
    ['a wrong key', { key: 'right' }, {}, '“here” did not accept the key (status 401)', 'key'],
    ['busy', { trouble: { statuses: Array.from({ length: 9 }, () => 429) } }, {}, '“here” takes no more questions just now, also after several attempts (status 429)', 'Try again'],
    ['its own failure', { trouble: { statuses: Array.from({ length: 9 }, () => 503) } }, {}, '“here” failed (status 503)', 'later'],
    ['a refusal', { trouble: { statuses: [400] } }, {}, '“here” refused the question (status 400)', 'model'],
    ['silence', { trouble: { hangAfter: 1 } }, { timeoutSeconds: 1 }, '“here” gave no sign of life for 1 second.', 'more time'],
    ['a cut stream', { trouble: { cutAfter: 1 } }, {}, 'The connection to “here” broke off in the middle of the answer', 'kept'],
    ['nobody there', {}, { baseUrl: 'http://127.0.0.1:9/v1' }, '“here” could not be reached (127.0.0.1:9)', 'connection'],
  ])('what the user reads of %s says what happened, with whom, and what to do', async (_name, state, part, what, advice) => {
    Object.assign(server, state);
    const failure: unknown = await run(question(part)).catch((error: unknown) => error);
    const sentence = errorSentence(toWireError(failure));
    expect(sentence.what).toContain(what);
    expect(sentence.what).not.toMatch(/undefined|\[object|NaN/);
    expect(sentence.advice).toContain(advice);
  }, 30_000);
  test('busy all the time', async () => {
    server.trouble = { statuses: Array.from({ length: 9 }, () => 429) };
    await expect(run(question())).rejects.toEqual(code('endpoint-busy'));
  });
  test('refused for what was asked: not tried again', async () => {
    server.trouble = { statuses: [400, 400] };
    await expect(run(question())).rejects.toEqual(code('endpoint-refused', { status: 400 }));
    expect(server.requests).toHaveLength(1);
  });
  test.each([[{ cutAfter: 1 }], [{ noFinish: true }]])('a stream that breaks off (%j): what came is kept', async (trouble) => {
    server.trouble = trouble;
    const kept: KeptAnswer[] = [];
    await expect(run(question(), undefined, [], kept)).rejects.toEqual(code('endpoint-cut'));
    expect(kept.at(-1)?.text).toMatch(/^Hello/);
  });
  test('silence', async () => {
    server.trouble = { hangAfter: 1 };
    await expect(run(question({ timeoutSeconds: 1 }))).rejects.toEqual(code('endpoint-timeout', { seconds: 1 }));
  });
  test('nobody there', async () => {
    await expect(run({ ...question(), endpoint: endpoint({ baseUrl: 'http://127.0.0.1:9/v1' }) })).rejects.toEqual(code('network-unavailable'));
  }, 30_000);
  test('a picture for a model that reads text only is refused before anything is sent; text alone is not', async () => {
    await expect(run(question({ model: 'qwen-flash' }))).rejects.toMatchObject({ code: 'model-blind' });
    expect(server.requests).toHaveLength(0);
    expect((await run(question({ model: 'qwen-flash' }, [{ type: 'text', text: 'Hi' }]))).text).toBe('Hello there');
  });
});

test('stopped in the middle: at once, with what came', async () => {
  server.pieces = Array.from({ length: 500 }, (_, at) => ` ${at}`);
  server.trouble = { delayMs: 5 };
  const controller = new AbortController();
  const kept: KeptAnswer[] = [];
  const moments: JobMoment[] = [];
  const answer = run(question(), controller.signal, moments, kept);
  while (moments.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  controller.abort();
  await expect(answer).rejects.toMatchObject({ code: 'job-cancelled' });
  expect(kept.at(-1)!.text.length).toBeGreaterThan(2);
});

test('an answer that only repeats itself is ended and says so', async () => {
  server.pieces = Array.from({ length: 2000 }, () => 'the same again. ');
  server.trouble = { delayMs: 0 };
  const answer = await run(question());
  expect(answer.finish).toBe('repetition');
  expect(answer.text.length).toBeLessThan(10_000);
});

test('no more questions at once than the server takes, and none waits when there is room', async () => {
  server.trouble = { delayMs: 20 };
  await Promise.all(Array.from({ length: 6 }, () => run(question({ concurrency: 3 }, [{ type: 'text', text: 'x' }]))));
  expect(server.mostAtOnce).toBe(3);
});

test('a check says whether server, key and model are right', async () => {
  server.key = 'right';
  const job = { signal: new AbortController().signal, progress: () => {}, log: () => {} };
  expect(await checkEndpoint(job, { endpoint: endpoint({ apiKey: 'right' }) })).toMatchObject({ models: ['qwen-vl-max'], hasModel: true });
  await expect(checkEndpoint(job, { endpoint: endpoint() })).rejects.toMatchObject({ code: 'endpoint-unauthorised' });
});

test.each([
  ['qwen-vl-max', true], ['qwen2.5-vl-7b-instruct', true], ['Qwen/Qwen3-VL-8B-Instruct', true], ['gpt-4o-mini', true], ['my-own-model', true],
  ['qwen-flash', false], ['qwen-max-latest', false], ['deepseek-chat', false], ['Qwen/Qwen2.5-7B-Instruct', false],
])('%s sees pictures: %s', (model, sees) => expect(seesPictures(model)).toBe(sees));
