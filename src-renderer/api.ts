// The window's only way out: typed requests, events and job ports through the preload bridge. Stores use it; views never do.
import { z } from 'zod';
import { events, type EventName, type EventPayload } from '@contract/events.ts';
import { errorCode, type WireError } from '@contract/errors.ts';
import { jobMoment, jobStarted, type JobControl, type JobMoment, type JobStarted } from '@contract/job.ts';
import { jobMessageType, type LecternBridge } from '@contract/bridge.ts';
import type { RequestInput, RequestName, RequestResult } from '@contract/requests.ts';

// The content policy forbids `new Function`; zod must not even try.
z.config({ jitless: true });

function bridge(): LecternBridge {
  return (globalThis as unknown as { lectern: LecternBridge }).lectern;
}

/** A request that main answered with an error of the contract. */
export class RequestFailure extends Error {
  readonly error: WireError;
  constructor(error: WireError) {
    super(error.message);
    this.name = 'RequestFailure';
    this.error = error;
  }
}

/** Any thrown thing as an error of the contract. */
export function failureOf(thrown: unknown): WireError {
  if (thrown instanceof RequestFailure) return thrown.error;
  const carried = thrown as { code?: unknown; data?: unknown; message?: unknown } | null;
  const code = errorCode.safeParse(carried?.code);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (code.success) return { code: code.data, data: (carried?.data ?? {}) as WireError['data'], message };
  return { code: 'internal', data: { detail: message }, message };
}

/**
 * Asks main. Main checks its answers against the contract, so they are trusted here.
 * @throws {RequestFailure} with any code of the contract
 */
export async function request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestResult<N>> {
  const answer = await bridge().request(name, input);
  if (!answer.ok) throw new RequestFailure(answer.error);
  return answer.result;
}

/** Hears an event; a payload that breaks the contract is reported and dropped. */
export function on<N extends EventName>(event: N, listener: (payload: EventPayload<N>) => void): () => void {
  return bridge().on(event, (payload) => {
    const parsed = events[event].safeParse(payload);
    if (parsed.success) listener(parsed.data as EventPayload<N>);
    // oxlint-disable-next-line no-console -- a bug of main's; main keeps the window's console in its log
    else console.error(`event ${event} breaks the contract`, parsed.error.issues);
  });
}

/** A job that runs in the engine, as the window sees it. */
export interface JobLine {
  onMoment(hear: (moment: JobMoment) => void): void;
  cancel(): void;
}

/** Hears of jobs that concern what the window shows. */
export function onJob(listener: (started: JobStarted, job: JobLine) => void): () => void {
  const hear = (event: MessageEvent<unknown>): void => {
    const port = event.ports[0];
    if (event.source !== window || !port || (event.data as { type?: unknown } | null)?.type !== jobMessageType) return;
    const started = jobStarted.safeParse((event.data as { started?: unknown }).started);
    if (!started.success) return port.close();
    listener(started.data, {
      onMoment(hearMoment) {
        port.onmessage = (message: MessageEvent<unknown>) => {
          const moment = jobMoment.safeParse(message.data);
          if (moment.success) hearMoment(moment.data);
        };
      },
      cancel: () => port.postMessage({ type: 'cancel' } satisfies JobControl),
    });
  };
  window.addEventListener('message', hear);
  return () => window.removeEventListener('message', hear);
}

/** The path on disk of a dropped file; empty for a file that has none. */
export function pathOf(file: File): string {
  return bridge().pathOf(file);
}
