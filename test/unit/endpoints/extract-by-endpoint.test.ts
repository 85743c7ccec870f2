// Fields read by a server, a real one on this machine. Would catch: a server that is not told the form, values that pass unchecked, boxes at
// another place than the server named, an answer of another form taken for one.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ReachedEndpoint } from '@contract/endpoint.ts';
import { extractionSchema } from '@contract/extraction.ts';
import { boundsOf } from '@contract/geometry.ts';
import { toWireError } from '../../../src-main/base/errors.ts';
import { quietJob } from '../../../src-main/base/job.ts';
import { extractByEndpoint } from '../../../src-main/engine/jobs/extract-by-endpoint.ts';
import { errorSentence } from '../../../src-renderer/ui/error-sentences.ts';
import { startChatServer, type ChatServer } from '../../helpers/chat-server.ts';
import { fixturePage } from '../../helpers/fixture-pages.ts';

let server: ChatServer;
beforeAll(async () => {
  server = await startChatServer();
});
afterAll(() => server.close());
beforeEach(() => {
  Object.assign(server, { pieces: [], key: null, trouble: {} });
  server.requests.length = 0;
});

const card = fixturePage('en-card');
const schema = extractionSchema.parse({ name: 'Card', fields: [{ name: 'company', type: 'text' }, { name: 'phone', type: 'phone' }, { name: 'level', type: 'choice', choices: ['gold', 'silver'] }, { name: 'lines', type: 'rows', columns: [{ name: 'item', type: 'text' }] }] });
const endpoint = (part: Partial<ReachedEndpoint> = {}): ReachedEndpoint => ({ name: 'here', kind: 'vllm', baseUrl: server.baseUrl, model: 'qwen-vl-max', notation: 'thousand', tokenSide: 28, maxImageTokens: 256, maxNewTokens: 100, concurrency: 2, timeoutSeconds: 5, apiKey: null, ...part });
const run = (part: Partial<ReachedEndpoint> = {}) => {
  const line = { text: 'Alderton Optics', quad: [[96, 56], [280, 56], [280, 84], [96, 84]] as [[number, number], [number, number], [number, number], [number, number]], confidence: 0.99, words: [], script: 'latin' as const };
  const text = { width: 640, height: 366, rotation: 0 as const, regions: [{ role: 'paragraph' as const, quad: line.quad, lines: [line] }], notes: [], readMs: 0 };
  return extractByEndpoint(quietJob(), { endpointId: 'server-1', endpoint: endpoint(part), schema, pages: [{ pageId: 'page-1', index: 0, source: { path: card.path, format: 'png', pageIndex: 0 }, rotation: 0, text }] });
};
const answer = (part: object = {}): string => JSON.stringify({ company: { value: 'Alderton Optics', bbox_2d: [160, 150, 430, 225] }, phone: { value: '+1 555 999', bbox_2d: null }, level: null, lines: [], ...part });

test('the server is told the form; what it read is held against the page', async () => {
  server.pieces = [answer().slice(0, 40), answer().slice(40)];
  const found = await run();
  const [request] = server.requests;
  expect(request!.response_format).toMatchObject({ type: 'json_schema', json_schema: { strict: true, schema: { required: ['company', 'phone', 'level', 'lines'], additionalProperties: false } } });
  expect(JSON.stringify(request!.messages)).toContain('data:image/png;base64,');
  expect(found.model).toEqual({ id: 'server-1', name: 'here (qwen-vl-max)' });
  expect(found.fields['company']).toMatchObject({ text: 'Alderton Optics', mark: 'found', places: [{ pageId: 'page-1' }] });
  const { x, y } = boundsOf(found.fields['company']!.places[0]!.quad);
  expect(Math.hypot(x - 96, y - 56)).toBeLessThan(12);
  // nowhere on the page: shown, and marked as that
  expect(found.fields['phone']).toMatchObject({ text: '+1 555 999', mark: 'not-on-page' });
  expect(found.fields['level']).toBeNull();
});

test.each([
  ['no JSON', 'The company is Alderton Optics.', 'it begins with'],
  ['another form', answer({ company: 'Alderton Optics' }), 'it begins with'],
  ['a choice that is none', answer({ level: { value: 'bronze', bbox_2d: null } }), 'it begins with'],
  ['half an answer', answer().slice(0, 60), 'it begins with'],
  ['nothing', '', 'it is empty'],
])('%s is refused, and says so', async (_what, text, detail) => {
  server.pieces = [text];
  const error = toWireError(await run().catch((thrown: unknown) => thrown));
  expect(error).toMatchObject({ code: 'answer-unreadable', data: { endpoint: 'here' } });
  expect(errorSentence(error).what).toContain(detail);
});

test('a server without JSON Schema refuses, a blind model is not asked', async () => {
  server.trouble = { statuses: [400] };
  await expect(run()).rejects.toMatchObject({ code: 'endpoint-refused' });
  server.requests.length = 0;
  await expect(run({ model: 'qwen-plus' })).rejects.toMatchObject({ code: 'model-blind' });
  expect(server.requests).toEqual([]);
});
