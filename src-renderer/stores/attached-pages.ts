// Pages of any documents by id, for what conversations attach and point at. Knows no messages.
import { create } from 'zustand';
import type { Page } from '@contract/document.ts';
import { request } from '../api.ts';

interface AttachedState {
  /** Null for a page that is gone. */
  byId: ReadonlyMap<string, Page | null>;
}

export const useAttached = create<AttachedState>(() => ({ byId: new Map() }));

let wanted = new Set<string>();
let asking: Promise<void> | null = null;

/** Fetches pages that are not known yet; many calls of one moment become one request. */
export function ensureAttached(pageIds: readonly string[]): Promise<void> {
  const { byId } = useAttached.getState();
  for (const id of pageIds) if (!byId.has(id)) wanted.add(id);
  if (wanted.size === 0) return asking ?? Promise.resolve();
  asking ??= Promise.resolve().then(fetchWanted).finally(() => { asking = null; });
  return asking;
}

async function fetchWanted(): Promise<void> {
  while (wanted.size > 0) {
    const ids = [...wanted];
    wanted = new Set();
    try {
      const found = new Map((await request('page.get', { pageIds: ids })).map((one) => [one.id, one]));
      useAttached.setState(({ byId }) => ({ byId: new Map([...byId, ...ids.map((id) => [id, found.get(id) ?? null] as const)]) }));
    } catch {
      return; // Whoever still shows them asks again.
    }
  }
}

/** Pages change while they are read or turned; the same event that tells the page store tells this. */
export function takeAttached(changed: readonly Page[]): void {
  useAttached.setState(({ byId }) => {
    const known = changed.filter((one) => byId.has(one.id));
    return known.length === 0 ? {} : { byId: new Map([...byId, ...known.map((one) => [one.id, one] as const)]) };
  });
}
