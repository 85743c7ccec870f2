// The other end of the bridge for tests of stores: answers requests from a table and sends events. Main itself is tested elsewhere.
import type { EventName, EventPayload } from '@contract/events.ts';
import type { LecternBridge } from '@contract/bridge.ts';
import type { LibraryDocument, Page } from '@contract/document.ts';
import type { WireError } from '@contract/errors.ts';
import type { RequestInput, RequestName, RequestResult } from '@contract/requests.ts';
import { settings } from '@contract/settings.ts';

export type Answers = { [N in RequestName]?: (input: RequestInput<N>) => RequestResult<N> };

export interface StandIn {
  asked: { name: RequestName; input: unknown }[];
  send<N extends EventName>(name: N, payload: EventPayload<N>): void;
  answers: Answers;
}

/** Thrown by an answer, it becomes an error answer. */
export class Refusal extends Error {
  readonly error: WireError;
  constructor(error: WireError) {
    super(error.code);
    this.error = error;
  }
}

export function standInForMain(answers: Answers = {}): StandIn {
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const standIn: StandIn = {
    asked: [],
    answers: {
      'settings.get': () => settings.parse({}),
      'engine.status': () => ({ state: 'ready', queued: 0, paused: false, restarts: 0, error: null }),
      'document.list': () => [],
      'page.list': () => [],
      'page.text': () => null,
      'page.visible': () => ({}),
      'library.search': () => [],
      ...answers,
    },
    send(name, payload) {
      for (const listener of listeners.get(name) ?? []) listener(payload as never);
    },
  };
  const bridge: LecternBridge = {
    async request(name, input) {
      standIn.asked.push({ name, input });
      try {
        const answer = standIn.answers[name];
        if (!answer) throw new Refusal({ code: 'request-unknown', data: { name }, message: name });
        return { ok: true, result: (answer as (given: unknown) => never)(input) };
      } catch (thrown) {
        if (thrown instanceof Refusal) return { ok: false, error: thrown.error };
        throw thrown;
      }
    },
    on(name, listener) {
      const all = listeners.get(name) ?? new Set();
      all.add(listener as (payload: never) => void);
      listeners.set(name, all);
      return () => void all.delete(listener as (payload: never) => void);
    },
    pathOf: (file) => ((file as { path?: string }).path ?? ''),
  };
  (globalThis as unknown as { lectern: LecternBridge }).lectern = bridge;
  return standIn;
}

let born = 1_000;
export function documentNamed(id: string, more: Partial<LibraryDocument> = {}): LibraryDocument {
  return { id, title: id, fileName: `${id}.png`, format: 'png', sizeBytes: 1, contentHash: id, status: 'ready', error: null, pageCount: 1, readCount: 1, failedCount: 0, tags: [], createdAt: born--, deletedAt: null, ...more };
}

export function pageNamed(id: string, documentId: string, index: number, more: Partial<Page> = {}): Page {
  return { id, documentId, index, width: 1000, height: 1400, rotation: 0, status: 'read', error: null, notes: [], lineCount: 2, confidence: 0.9, readMs: 5, corrections: { made: 0, undone: 0 }, ...more };
}

/** Lets promises and their followers finish. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve, 0));
}
