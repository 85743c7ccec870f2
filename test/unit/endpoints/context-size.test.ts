// What servers say of their context: in their list of models, and in the words with which they refuse a question that is too long.
import { describe, expect, test } from 'vitest';
import { contextOverflowOf, publishedContext, reckonedTokens, toldContext } from '../../../src-main/endpoints/context-size.ts';

test.each([
  ['vLLM', { id: 'm', max_model_len: 32_768 }, 32_768],
  ['LM Studio: what is loaded, not what could be', { id: 'm', max_context_length: 131_072, loaded_context_length: 4096 }, 4096],
  ['OpenRouter', { id: 'm', context_length: 128_000, top_provider: {} }, 128_000],
  ['Groq', { id: 'm', context_window: 8192 }, 8192],
  ['llama.cpp: not what it was trained with', { id: 'm', meta: { n_ctx_train: 262_144, n_ctx: 8192 } }, 8192],
  ['llama.cpp of old', { id: 'm', meta: { n_ctx_train: 262_144 } }, null],
  ['one that does not say', { id: 'm', object: 'model' }, null],
  ['nonsense', { id: 'm', max_model_len: '32k', context_length: -1, context_window: 0 }, null],
])('%s', (_name, model, wanted) => expect(toldContext(model)).toBe(wanted));

describe('a refusal for length', () => {
  test.each([
    ['This model\'s maximum context length is 4096 tokens. However, you requested 5012 tokens (4000 in the messages, 1012 in the completion). Please reduce the length.', 4096, 4000],
    ['This model\'s maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.', 8192, 9001],
    ['\'max_tokens\' or \'max_completion_tokens\' is too large: 4096. This model\'s maximum context length is 8192 tokens and your request has 5000 input tokens (4096 > 8192 - 5000).', 8192, 5000],
    ['The decoder prompt (length 40000) is longer than the maximum model length of 32768. Make sure that `max_model_len` is no smaller.', 32_768, 40_000],
    ['The input (40,000 tokens) is longer than the model\'s context length (32,768 tokens).', 32_768, 40_000],
    ['request (5012 tokens) exceeds the available context size (4096 tokens), try increasing it', 4096, 5012],
    ['the request exceeds the available context size (4096 tokens)', 4096, null],
    ['<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 30720]', 30_720, null],
  ])('%s', (words, limit, promptTokens) => expect(contextOverflowOf(words)).toEqual({ limit, promptTokens }));

  test.each(['Invalid image size 20000 x 3', 'model qwen-vl not found', 'Range of max_tokens should be [1, 2048]', 'Rate limit reached: 30000 tokens per minute', 'The image exceeds 10 MB'])('not: %s', (words) => expect(contextOverflowOf(words)).toBeNull());
});

test('published names; others, also those that only begin so, are not guessed', () => {
  expect(['qwen-vl-max', 'qwen-vl-plus', 'qwen-vl-max-latest', 'qwen-vl-max-2025-08-13', 'qwen3-vl-plus'].map(publishedContext)).toEqual([32_768, 8000, 131_072, null, null]);
});

test('nothing takes nothing; words of any script are reckoned at a few tokens each', () => {
  expect(reckonedTokens('')).toBe(0);
  for (const text of ['The total of the invoice is due on Friday.', '请读出发票上的总金额', '이 영수증의 합계는 얼마입니까?']) {
    expect(reckonedTokens(text)).toBeGreaterThanOrEqual(7);
    expect(reckonedTokens(text)).toBeLessThanOrEqual(14);
  }
});
