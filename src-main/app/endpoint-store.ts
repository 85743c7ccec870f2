// The endpoints that the user has set up, their keys sealed, and whether pages may leave for them. Knows no network.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { endpoint as endpointSchema } from '@contract/endpoint.ts';
import type { Endpoint, EndpointChange, ReachedEndpoint } from '@contract/endpoint.ts';
import { AppError } from '../base/errors.ts';
import type { KeyVault } from './key-vault.ts';
import type { Library } from './library-client.ts';

export interface EndpointStore {
  list(): Promise<Endpoint[]>;
  save(change: EndpointChange): Promise<Endpoint>;
  remove(endpointId: string): Promise<void>;
  allow(endpointId: string, allowed: boolean): Promise<Endpoint>;
  /** The server has said how much its model takes at once. */
  learnContext(endpointId: string, contextTokens: number): Promise<void>;
  /** With its key. Throws endpoint-not-found. */
  reach(endpointId: string): Promise<{ endpoint: Endpoint; reached: ReachedEndpoint }>;
}

const factKey = 'endpoints';
// Servers that were set up before their context was asked for have none.
const stored = endpointSchema.omit({ key: true }).extend({ contextTokens: endpointSchema.shape.contextTokens.default(null), sealedKey: z.string().nullable() });
type Stored = z.infer<typeof stored>;

export function createEndpointStore({ library, vault }: { library: Library; vault: KeyVault }): EndpointStore {
  /** Keys that no key store keeps: gone with the program. */
  const sessionKeys = new Map<string, string>();
  const read = async (): Promise<Stored[]> => {
    const text = await library.call('fact', { key: factKey });
    return text === null ? [] : stored.array().parse(JSON.parse(text));
  };
  /** One change after the other: each reads what the one before has written. */
  let last: Promise<unknown> = Promise.resolve();
  const change = <T>(work: (all: Stored[]) => { all: Stored[]; result: T }): Promise<T> => {
    const mine = last.then(async () => {
      const { all, result } = work(await read());
      await library.call('setFact', { key: factKey, value: JSON.stringify(all) });
      return result;
    });
    last = mine.catch(() => {});
    return mine;
  };
  const shown = ({ sealedKey, ...one }: Stored): Endpoint => ({ ...one, key: sealedKey !== null ? 'system' : sessionKeys.has(one.id) ? 'session' : 'none' });
  const found = (all: readonly Stored[], endpointId: string): Stored => {
    const one = all.find(({ id }) => id === endpointId);
    if (!one) throw new AppError('endpoint-not-found', { endpointId });
    return one;
  };
  const replaced = (all: readonly Stored[], one: Stored): Stored[] => (all.some(({ id }) => id === one.id) ? all.map((other) => (other.id === one.id ? one : other)) : [...all, one]);

  return {
    list: async () => (await read()).map(shown),
    save: ({ id, apiKey, ...described }) =>
      change((all) => {
        const before = id === undefined ? null : found(all, id);
        const isSameHost = before !== null && new URL(before.baseUrl).host === new URL(described.baseUrl).host;
        const endpointId = before?.id ?? randomUUID();
        let sealedKey = before?.sealedKey ?? null;
        // A key is for one server: another host does not get it unasked.
        if (apiKey !== undefined || (before !== null && !isSameHost)) {
          sealedKey = null;
          sessionKeys.delete(endpointId);
        }
        if (apiKey) {
          if (vault.canSeal()) sealedKey = vault.seal(apiKey);
          else sessionKeys.set(endpointId, apiKey);
        }
        const isSameModel = before !== null && before.baseUrl === described.baseUrl && before.model === described.model;
        const saved: Stored = { ...described, id: endpointId, contextTokens: isSameModel ? before.contextTokens : null, mayReceivePages: isSameHost && before.mayReceivePages, sealedKey };
        return { all: replaced(all, saved), result: shown(saved) };
      }),
    remove: (endpointId) =>
      change((all) => {
        sessionKeys.delete(endpointId);
        return { all: all.filter(({ id }) => id !== endpointId), result: undefined };
      }),
    allow: (endpointId, allowed) =>
      change((all) => {
        const saved: Stored = { ...found(all, endpointId), mayReceivePages: allowed };
        return { all: replaced(all, saved), result: shown(saved) };
      }),
    learnContext: (endpointId, contextTokens) =>
      change((all) => {
        const saved: Stored = { ...found(all, endpointId), contextTokens };
        return { all: replaced(all, saved), result: undefined };
      }),
    async reach(endpointId) {
      const one = found(await read(), endpointId);
      const { id: _id, mayReceivePages: _may, contextTokens: _context, sealedKey, ...described } = one;
      const apiKey = sealedKey === null ? (sessionKeys.get(endpointId) ?? null) : vault.open(sealedKey);
      return { endpoint: shown(one), reached: { ...described, apiKey } };
    },
  };
}
