// What a question will take, told before it is sent: an estimate that forgets a picture, or the conversation before it, would promise room
// that is not there.
import { expect, it } from 'vitest';
import type { Message } from '@contract/conversation.ts';
import type { InstalledModel } from '@contract/installed-models.ts';
import { questionCost } from '../../../src-renderer/conversation/question-cost.ts';

const model = (more: Partial<InstalledModel> = {}): InstalledModel => ({
  id: 'm', name: 'M', architecture: 'qwen2-vl', sizeBytes: 1, weights: { text: 'int4', vision: 'int8' }, maxContextTokens: 32_768,
  forecast: { weightsBytes: 1, cacheBytes: 1, visionBytes: 1, workBytes: 1, totalBytes: 2_000_000_000 }, fits: true, loaded: null, ...more,
});
const answered = (promptTokens: number, newTokens: number): Message => ({
  id: 'a', conversationId: 'c', parentId: null, role: 'assistant', status: 'complete', text: '', attachments: [], groundings: [], answerer: { kind: 'model', packageId: 'm' }, error: null, explanation: [], createdAt: 0,
  record: { answererName: 'M', provider: 'cpu', pictures: [], promptTokens, reusedTokens: 0, newTokens, firstTokenMs: 0, visionMs: 0, prefillMs: 0, decodeMs: 0, totalMs: 0, finish: 'stop' },
});
const a4 = { width: 1240, height: 1754 };
const words = 20;

it('a small picture takes what it has, a large one what is allowed', () => {
  expect(questionCost(model(), '', [{ width: 280, height: 280 }], []).tokens).toBe(100 + words);
  expect(questionCost(model(), '', [a4], []).tokens).toBe(768 + words);
  expect(questionCost(model(), '', [a4], [], 1536).tokens).toBe(1536 + words);
  expect(questionCost(model({ architecture: 'qwen3-vl' }), '', [{ width: 320, height: 320 }], []).tokens).toBe(100 + words);
  expect(questionCost(model({ architecture: 'qwen-vl' }), '', [a4], []).tokens).toBe(256 + words);
});
it('pages whose size is not known yet count in full', () => {
  expect(questionCost(model(), '', [null, null], []).tokens).toBe(2 * 768 + words);
});
it('what the conversation holds already is counted once, from the latest answer', () => {
  expect(questionCost(model(), 'abc', [], [answered(1000, 50), answered(2000, 100)]).tokens).toBe(2100 + 1 + words);
});
it('the context is the open model’s, else the usual one, never more than it was made for', () => {
  expect(questionCost(model(), '', [], []).contextTokens).toBe(8192);
  expect(questionCost(model({ maxContextTokens: 2048 }), '', [], []).contextTokens).toBe(2048);
});
