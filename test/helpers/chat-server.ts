// A small server with OpenAI's chat completions on this machine, which streams what it is told to and can misbehave: refuse keys, be busy, fail,
// hang, cut the stream.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ChatTrouble {
  /** The next requests answer these statuses, one each. */
  statuses?: number[];
  /** The next requests are refused (400) in these words, one each. */
  refusals?: string[];
  /** Seconds that a 429 asks to wait, as the standard header; a hundredth of a second in OpenAI's own header when left out. */
  retryAfterSeconds?: number;
  /** Text pieces after which the connection breaks. */
  cutAfter?: number;
  /** Text pieces after which nothing comes any more. */
  hangAfter?: number;
  /** Ends without saying why. */
  noFinish?: boolean;
  /** Milliseconds between pieces. */
  delayMs?: number;
}

interface SentPart {
  type: string;
  text?: string;
  image_url?: { url: string };
  min_pixels?: number;
  max_pixels?: number;
}
export interface ChatRequest {
  model: string;
  max_tokens: number;
  response_format?: { type: string; json_schema: { strict: boolean; schema: { properties: Record<string, unknown> } } };
  messages: { role: string; content: string | SentPart[] }[];
}

export interface ChatServer {
  readonly baseUrl: string;
  readonly requests: ChatRequest[];
  /** Most requests that were open at once. */
  mostAtOnce: number;
  pieces: string[];
  key: string | null;
  /** What it says of its models. */
  offered: object[];
  trouble: ChatTrouble;
  close(): Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

export async function startChatServer(): Promise<ChatServer> {
  const state = { requests: [] as ChatRequest[], mostAtOnce: 0, pieces: ['Hello', ' there'], key: null as string | null, offered: [{ id: 'qwen-vl-max', object: 'model' }] as object[], trouble: {} as ChatTrouble };
  let open = 0;
  const refuse = (response: ServerResponse, status: number): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...(status === 429 ? (state.trouble.retryAfterSeconds === undefined ? { 'retry-after-ms': '10' } : { 'retry-after': String(state.trouble.retryAfterSeconds) }) : {}) }).end(JSON.stringify({ error: { message: `status ${status}` } }));
  };
  async function stream(response: ServerResponse): Promise<void> {
    const { trouble, pieces } = state;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (value: unknown): void => void response.write(`data: ${JSON.stringify(value)}\n\n`);
    const chunk = (delta: object, finish: string | null = null): object => ({ id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] });
    for (const [at, text] of pieces.entries()) {
      if (trouble.cutAfter === at) return void response.destroy();
      if (trouble.hangAfter === at) return;
      send(chunk({ content: text }));
      await pause(trouble.delayMs ?? 1);
      if (response.destroyed) return;
    }
    if (!trouble.noFinish) {
      send(chunk({}, 'stop'));
      send({ id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [], usage: { prompt_tokens: 321, completion_tokens: pieces.length, total_tokens: 0 } });
      response.write('data: [DONE]\n\n');
    }
    response.end();
  }
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      if (state.key !== null && request.headers.authorization !== `Bearer ${state.key}`) return refuse(response, 401);
      if (request.url?.endsWith('/models')) return void response.setHeader('content-type', 'application/json').end(JSON.stringify({ object: 'list', data: state.offered }));
      state.requests.push(JSON.parse(body) as ChatRequest);
      const status = state.trouble.statuses?.shift();
      if (status !== undefined) return refuse(response, status);
      const refusal = state.trouble.refusals?.shift();
      if (refusal !== undefined) return void response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message: refusal } }));
      open++;
      state.mostAtOnce = Math.max(state.mostAtOnce, open);
      response.on('close', () => open--);
      await stream(response);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () => new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  });
}
