// Servers that answer instead of this machine: Qwen-VL-Plus and -Max, vLLM, anything that speaks OpenAI's chat completions. A key never
// comes back out of main.
import { z } from 'zod';
import { grounding, questionMessage, samplingChange } from './model.ts';

const count = z.number().int().positive();
const size = z.object({ width: count, height: count });

/** `thousand`: boxes count 0–1000 over the picture (Qwen-VL, Qwen2-VL, Qwen3-VL). `input`: pixels of the picture as sent (Qwen2.5-VL). */
export const boxNotation = z.enum(['thousand', 'input']);
export type BoxNotation = z.infer<typeof boxNotation>;

const described = {
  name: z.string().trim().min(1).max(100),
  kind: z.enum(['dashscope', 'vllm', 'openai']),
  /** Up to and without `/chat/completions`. */
  baseUrl: z.url({ protocol: /^https?$/ }),
  model: z.string().trim().min(1).max(200),
  notation: boxNotation,
  /** Pixels per side that make one token: 28, or 32 for Qwen3-VL. */
  tokenSide: z.union([z.literal(28), z.literal(32)]),
  /** Tokens of one picture: pictures are sent at the size that this allows, so that the server need not resize them. */
  maxImageTokens: z.number().int().min(4).max(16_384),
  maxNewTokens: z.number().int().min(1).max(131_072),
  /** Requests at once. */
  concurrency: z.number().int().min(1).max(64),
  /** Seconds without a sign of life. */
  timeoutSeconds: z.number().int().min(1).max(3600),
};

export const endpoint = z.object({
  id: z.string(),
  ...described,
  /** `system`: in the system's key store. `session`: this system has none, so it is forgotten when Lectern ends. */
  key: z.enum(['none', 'system', 'session']),
  /** Tokens of prompt and answer together, as the server said of this model; null while it has not. */
  contextTokens: count.nullable(),
  /** The user has agreed that pages leave this machine for this server. */
  mayReceivePages: z.boolean(),
});
export type Endpoint = z.infer<typeof endpoint>;

export const endpointChange = z.object({
  /** Left out for a new one. */
  id: z.string().optional(),
  ...described,
  /** Left out: stays. Empty: none. */
  apiKey: z.string().max(1000).optional(),
});
export type EndpointChange = z.infer<typeof endpointChange>;

/** What the engine is given to reach an endpoint. */
export const reachedEndpoint = z.object({ ...described, apiKey: z.string().nullable() });
export type ReachedEndpoint = z.infer<typeof reachedEndpoint>;

export const endpointQuestion = z.object({
  endpoint: reachedEndpoint,
  messages: z.array(questionMessage).min(1),
  sampling: samplingChange.optional(),
  maxNewTokens: count.optional(),
  maxImageTokens: count.optional(),
});

export const endpointAnswer = z.object({
  text: z.string(),
  raw: z.string(),
  groundings: z.array(grounding),
  finish: z.enum(['stop', 'length', 'repetition', 'refused']),
  record: z.object({
    model: z.string(),
    pages: z.array(z.object({ original: size, padded: size, input: size, tokens: count })),
    /** As the server counts them; null when it does not say. */
    promptTokens: z.number().int().nullable(),
    newTokens: z.number().int().nullable(),
    firstTokenMs: z.number(),
  }),
});

export const endpointRequests = {
  'endpoint.list': { input: z.object({}), result: z.array(endpoint) },
  /** Another server (host) must be agreed to anew. */
  'endpoint.save': { input: endpointChange, result: endpoint },
  'endpoint.remove': { input: z.object({ endpointId: z.string() }), result: z.object({}) },
  /** The user agrees (or no longer agrees) that pages leave this machine for this server. */
  'endpoint.allow': { input: z.object({ endpointId: z.string(), allowed: z.boolean() }), result: endpoint },
  /** Asks the server for its models: is it there, is the key right, is the model among them, and what does it say of its context? */
  'endpoint.check': { input: z.object({ endpointId: z.string() }), result: z.object({ models: z.array(z.string()), hasModel: z.boolean(), contextTokens: count.nullable(), ms: z.number() }) },
} as const;
