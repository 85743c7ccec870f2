// Calls between two processes or threads over any port that posts structured clones. Knows no channel and no method;
// errors travel as wire errors, so code and data survive. Transferred ports ride along with a call.
import type { WireError } from '@contract/errors.ts';
import { AppError, fromWireError, toWireError } from './errors.ts';

/** The little that worker ports, utility processes and Electron message ports have in common. */
export interface RpcPort<Transfer = never> {
  post(message: unknown, transfer?: readonly Transfer[]): void;
  /** `ports` are those transferred with the message. */
  onMessage(listener: (message: unknown, ports: readonly Transfer[]) => void): void;
}

type RpcMessage =
  | { rpc: 'call'; id: number; method: string; input: unknown }
  | { rpc: 'cancel'; id: number }
  | { rpc: 'result'; id: number; result: unknown }
  | { rpc: 'error'; id: number; error: WireError }
  | { rpc: 'notice'; topic: string; payload: unknown };

export type RpcMethod<Transfer = never> = (input: never, context: { signal: AbortSignal; ports: readonly Transfer[] }) => unknown;

function isRpcMessage(message: unknown): message is RpcMessage {
  return typeof message === 'object' && message !== null && 'rpc' in message;
}

/** Answers calls from the other end with `methods`; returns a way to send one-way notices. */
export function serveRpc<Transfer = never>(
  port: RpcPort<Transfer>,
  methods: Readonly<Record<string, RpcMethod<Transfer>>>,
): { notify(topic: string, payload: unknown): void } {
  const running = new Map<number, AbortController>();
  const answer = async (id: number, method: string, input: unknown, ports: readonly Transfer[]): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      if (!Object.hasOwn(methods, method)) throw new AppError('request-unknown', { name: method });
      const result = await methods[method]!(input as never, { signal: controller.signal, ports });
      port.post({ rpc: 'result', id, result } satisfies RpcMessage);
    } catch (error) {
      port.post({ rpc: 'error', id, error: toWireError(error) } satisfies RpcMessage);
    } finally {
      running.delete(id);
    }
  };
  port.onMessage((message, ports) => {
    if (!isRpcMessage(message)) return;
    if (message.rpc === 'call') void answer(message.id, message.method, message.input, ports);
    else if (message.rpc === 'cancel') running.get(message.id)?.abort(new AppError('job-cancelled'));
  });
  return { notify: (topic, payload) => port.post({ rpc: 'notice', topic, payload } satisfies RpcMessage) };
}

export interface RpcClient<Transfer = never> {
  call(method: string, input: unknown, options?: { signal?: AbortSignal; transfer?: readonly Transfer[] }): Promise<unknown>;
  /** Rejects every call in flight, and every later one, with `reason`. For a process that died. */
  close(reason: AppError): void;
}

/** The calling end. `onNotice` hears one-way notices from the other side. */
export function connectRpc<Transfer = never>(port: RpcPort<Transfer>, onNotice?: (topic: string, payload: unknown) => void): RpcClient<Transfer> {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  let nextId = 1;
  let closed: AppError | null = null;
  port.onMessage((message) => {
    if (!isRpcMessage(message)) return;
    if (message.rpc === 'notice') return onNotice?.(message.topic, message.payload);
    if (message.rpc !== 'result' && message.rpc !== 'error') return;
    const one = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.rpc === 'result') one?.resolve(message.result);
    else one?.reject(fromWireError(message.error));
  });
  return {
    call(method, input, options) {
      if (closed) return Promise.reject(closed);
      if (options?.signal?.aborted) return Promise.reject(new AppError('job-cancelled'));
      const id = nextId++;
      const signal = options?.signal;
      const cancel = (): void => {
        if (waiting.has(id) && !closed) port.post({ rpc: 'cancel', id } satisfies RpcMessage);
      };
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        signal?.addEventListener('abort', cancel, { once: true });
        try {
          port.post({ rpc: 'call', id, method, input } satisfies RpcMessage, options?.transfer);
        } catch (error) {
          // Input that cannot be cloned never left: nobody would answer.
          waiting.delete(id);
          reject(error);
        }
      }).finally(() => signal?.removeEventListener('abort', cancel));
    },
    close(reason) {
      closed = reason;
      for (const one of waiting.values()) one.reject(reason);
      waiting.clear();
    },
  };
}
