// One streamed chat completion from an OpenAI-compatible server: how many at once, how long to wait, what failed and in whose terms. The one
// door to the client library; knows nothing of pages.
import OpenAI, { APIConnectionError, APIError } from 'openai';
import type { ChatCompletionChunk, ChatCompletionCreateParamsStreaming, ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { ReachedEndpoint } from '@contract/endpoint.ts';
import { AppError, isCancellation } from '../base/errors.ts';
import { contextOverflowOf, toldContext } from './context-size.ts';

export interface Completion {
  readonly finish: 'stop' | 'length' | 'refused';
  readonly promptTokens: number | null;
  readonly newTokens: number | null;
}

/** Attempts after a first refusal: 429 and 5xx pass, and servers say how long to wait. */
const retries = 4;
/** An answer of fewer tokens would hardly begin. */
const leastRoom = 64;

function clientOf(endpoint: ReachedEndpoint): OpenAI {
  // A server without keys still needs the header's place filled.
  return new OpenAI({ apiKey: endpoint.apiKey ?? 'none', baseURL: endpoint.baseUrl, timeout: endpoint.timeoutSeconds * 1000, maxRetries: retries, logLevel: 'off' });
}

const waiting = new Map<string, { running: number; queue: (() => void)[] }>();

/** Runs `work` when the server has fewer than its number of requests. Leaving the queue is cancelling. */
async function inTurn<T>({ baseUrl, concurrency }: ReachedEndpoint, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const line = waiting.get(baseUrl) ?? { running: 0, queue: [] };
  waiting.set(baseUrl, line);
  if (line.running >= concurrency) {
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        line.queue = line.queue.filter((one) => one !== enter);
        reject(new AppError('job-cancelled'));
      };
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      line.queue.push(enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
  line.running++;
  try {
    return await work();
  } finally {
    line.running--;
    line.queue.shift()?.();
  }
}

/** What a server's refusal says, in a few words. */
function detailOf(error: APIError): string {
  const { message } = error;
  return message.replace(/^\d{3}\s*/, '').slice(0, 300);
}

/** Puts a failure in the user's terms. `began`: text had come before it. */
function named(error: unknown, endpoint: ReachedEndpoint, began: boolean): unknown {
  const data = { endpoint: endpoint.name, host: new URL(endpoint.baseUrl).host, model: endpoint.model };
  if (error instanceof AppError) return error;
  if (error instanceof APIConnectionError) {
    if (/timed? ?out/i.test(error.message)) return new AppError('endpoint-timeout', { ...data, seconds: endpoint.timeoutSeconds }, error);
    return new AppError(began ? 'endpoint-cut' : 'network-unavailable', data, error);
  }
  if (error instanceof APIError) {
    const { status } = error;
    const detail = detailOf(error);
    const overflow = contextOverflowOf(error.message);
    if (overflow && !began) return new AppError('context-overflow', { ...data, limit: overflow.limit, ...(overflow.promptTokens === null ? {} : { tokens: overflow.promptTokens }) }, error);
    if (status === 401 || status === 403) return new AppError('endpoint-unauthorised', { ...data, status, detail }, error);
    if (status === 429) return new AppError('endpoint-busy', { ...data, detail }, error);
    if (status !== undefined && status >= 500) return new AppError('endpoint-failed', { ...data, status, detail }, error);
    if (status !== undefined) return new AppError('endpoint-refused', { ...data, status, detail }, error);
    return new AppError('endpoint-failed', { ...data, detail }, error);
  }
  if (isCancellation(error)) return error;
  // A connection that breaks under a stream ends in the network library's own words.
  return new AppError(began ? 'endpoint-cut' : 'network-unavailable', data, error);
}

/** The chunks of a stream, until it ends or says nothing for `ms`. */
async function* watched(stream: AsyncIterable<ChatCompletionChunk>, ms: number, late: () => void): AsyncGenerator<ChatCompletionChunk> {
  const chunks = stream[Symbol.asyncIterator]();
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), ms);
    });
    const next = await Promise.race([chunks.next(), silence]).finally(() => clearTimeout(timer));
    if (next === null) return late();
    if (next.done) return;
    yield next.value;
  }
}

export interface CompletionRequest {
  readonly messages: readonly ChatCompletionMessageParam[];
  readonly maxNewTokens: number;
  /** What the answer must be, where the server can hold it to that. */
  readonly schema?: object;
  readonly sampling: { readonly temperature?: number | undefined; readonly topP?: number | undefined; readonly presencePenalty?: number | undefined; readonly seed?: number | undefined };
}

/**
 * An answer for which the prompt leaves less room than was asked for is asked for once more, no longer than that room.
 * @param onText true ends the answer
 * @throws context-overflow, endpoint-unauthorised, endpoint-busy, endpoint-failed, endpoint-refused, endpoint-timeout, endpoint-cut, network-unavailable, job-cancelled
 */
export function complete(endpoint: ReachedEndpoint, request: CompletionRequest, signal: AbortSignal, onText: (text: string) => boolean): Promise<Completion> {
  return inTurn(endpoint, signal, async () => {
    try {
      return await completeOnce(endpoint, request, signal, onText);
    } catch (error) {
      const room = error instanceof AppError && error.code === 'context-overflow' ? Number(error.data['limit']) - Number(error.data['tokens']) : Number.NaN;
      if (!(room >= leastRoom && room < request.maxNewTokens)) throw error;
      return await completeOnce(endpoint, { ...request, maxNewTokens: room }, signal, onText);
    }
  });
}

async function completeOnce(endpoint: ReachedEndpoint, request: CompletionRequest, signal: AbortSignal, onText: (text: string) => boolean): Promise<Completion> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  let began = false;
  let isLate = false;
  let finish: string | null = null;
  let usage: ChatCompletionChunk['usage'] = null;
  const { temperature, topP, presencePenalty, seed } = request.sampling;
  const body: ChatCompletionCreateParamsStreaming = {
    model: endpoint.model,
    messages: [...request.messages],
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: request.maxNewTokens,
    ...(request.schema && { response_format: { type: 'json_schema' as const, json_schema: { name: 'answer', strict: true, schema: { ...request.schema } } } }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(presencePenalty === undefined ? {} : { presence_penalty: presencePenalty }),
    ...(seed === undefined ? {} : { seed }),
  };
  try {
    const stream = await clientOf(endpoint).chat.completions.create(body, { signal: both });
    for await (const chunk of watched(stream, endpoint.timeoutSeconds * 1000, () => (isLate = true))) {
      if (chunk.usage) ({ usage } = chunk);
      const choice = chunk.choices[0];
      if (choice?.finish_reason) finish = choice.finish_reason;
      const text = choice?.delta.content ?? '';
      if (text === '') continue;
      began = true;
      if (onText(text)) {
        finish = 'stop';
        break;
      }
    }
    stop.abort();
    if (signal.aborted) throw new AppError('job-cancelled');
    if (isLate) throw new AppError('endpoint-timeout', { endpoint: endpoint.name, host: new URL(endpoint.baseUrl).host, seconds: endpoint.timeoutSeconds });
    // A server that is done says why; one that is silent was cut off.
    if (finish === null) throw new AppError('endpoint-cut', { endpoint: endpoint.name, host: new URL(endpoint.baseUrl).host });
  } catch (error) {
    if (signal.aborted) throw new AppError('job-cancelled', {}, error);
    throw named(error, endpoint, began);
  }
  return {
    finish: finish === 'length' ? 'length' : finish === 'content_filter' ? 'refused' : 'stop',
    promptTokens: usage?.prompt_tokens ?? null,
    newTokens: usage?.completion_tokens ?? null,
  };
}

export interface OfferedModel {
  readonly name: string;
  /** Tokens of prompt and answer together; null where the server does not say. */
  readonly contextTokens: number | null;
}

/** The models that the server offers. @throws as `complete` */
export async function listModels(endpoint: ReachedEndpoint, signal: AbortSignal): Promise<OfferedModel[]> {
  try {
    const offered: OfferedModel[] = [];
    for await (const model of clientOf(endpoint).models.list({ signal, maxRetries: 0 })) offered.push({ name: model.id, contextTokens: toldContext(model) });
    return offered;
  } catch (error) {
    if (signal.aborted) throw new AppError('job-cancelled', {}, error);
    throw named(error, endpoint, false);
  }
}
