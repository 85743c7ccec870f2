// The documents of the library as main reported them, and which of them are marked in the list. Knows nothing of pages.
import { create } from 'zustand';
import type { LibraryDocument } from '@contract/document.ts';
import { request } from '../api.ts';

export type Order = 'newest' | 'oldest' | 'title';
export type Filter = { kind: 'tag'; tag: string } | { kind: 'trouble' } | { kind: 'unread' };

interface LibraryState {
  /** False until the first list has arrived. */
  loaded: boolean;
  /** What the list shows: those of the chosen tag or kind, in the chosen order. */
  documents: readonly LibraryDocument[];
  order: Order;
  /** Only these; null: all. */
  filter: Filter | null;
  byId: ReadonlyMap<string, LibraryDocument>;
  /** Marked in the list, for delete and export. */
  marked: ReadonlySet<string>;
  /** Where a Shift range starts. */
  anchorId: string | null;
  importing: { done: number; total: number; fileName: string } | null;
}

export const useLibrary = create<LibraryState>(() => ({
  loaded: false, documents: [], order: 'newest', filter: null, byId: new Map(), marked: new Set(), anchorId: null, importing: null,
}));

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const newestFirst = (a: LibraryDocument, b: LibraryDocument): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
const orders: Record<Order, (a: LibraryDocument, b: LibraryDocument) => number> = {
  newest: newestFirst,
  oldest: (a, b) => newestFirst(b, a),
  title: (a, b) => collator.compare(a.title, b.title) || newestFirst(a, b),
};

function fits(document: LibraryDocument, filter: Filter | null): boolean {
  if (filter === null) return true;
  if (filter.kind === 'tag') return document.tags.includes(filter.tag);
  if (filter.kind === 'trouble') return document.status === 'failed' || document.failedCount > 0;
  return document.status === 'preparing' || document.readCount + document.failedCount < document.pageCount;
}

/** The rows that the list shows, of all documents that are not deleted. */
function withDocuments(all: ReadonlyMap<string, LibraryDocument>, { order, filter }: Pick<LibraryState, 'order' | 'filter'>): Pick<LibraryState, 'byId' | 'documents' | 'order' | 'filter'> {
  const kept = [...all.values()].filter((one) => one.deletedAt === null);
  // A tag that no document has any more hides everything: nothing is filtered then.
  const wanted = filter?.kind === 'tag' && !kept.some((one) => fits(one, filter)) ? null : filter;
  return { byId: new Map(kept.map((one) => [one.id, one])), documents: kept.filter((one) => fits(one, wanted)).sort(orders[order]), order, filter: wanted };
}

/** Another order, or another part of the library. What is marked and no longer shown is marked no more. */
export function arrangeLibrary(change: Partial<Pick<LibraryState, 'order' | 'filter'>>): void {
  useLibrary.setState((state) => {
    const next = withDocuments(state.byId, { ...state, ...change });
    const shown = new Set(next.documents.map((one) => one.id));
    return { ...next, marked: new Set([...state.marked].filter((id) => shown.has(id))) };
  });
}

/** Every tag in use, in alphabetical order. */
export function tagsInUse(byId: ReadonlyMap<string, LibraryDocument>): string[] {
  return [...new Set([...byId.values()].flatMap((one) => one.tags))].sort(collator.compare);
}

export async function loadLibrary(): Promise<void> {
  const documents = await request('document.list', {});
  useLibrary.setState((state) => ({ ...withDocuments(new Map(documents.map((one) => [one.id, one])), state), loaded: true }));
}

/** What the list shows after the next start, if nothing changes until then. */
export function startingLibrary(): Partial<LibraryState> {
  const { order, filter } = useLibrary.getInitialState();
  return { loaded: true, ...withDocuments(useLibrary.getState().byId, { order, filter }) };
}

/** Resolves once the first list has arrived. */
export function libraryLoaded(): Promise<void> {
  return new Promise((resolve) => {
    if (useLibrary.getState().loaded) return resolve();
    const letGo = useLibrary.subscribe(({ loaded }) => {
      if (!loaded) return;
      letGo();
      resolve();
    });
  });
}

export function takeDocuments(changed: readonly LibraryDocument[]): void {
  useLibrary.setState((state) => {
    const next = new Map(state.byId);
    for (const one of changed) next.set(one.id, one);
    return withDocuments(next, state);
  });
}

export function dropDocuments(ids: readonly string[]): void {
  useLibrary.setState((state) => {
    const { byId, marked, anchorId } = state;
    const gone = new Set(ids);
    return {
      ...withDocuments(new Map([...byId].filter(([id]) => !gone.has(id))), state),
      marked: new Set([...marked].filter((id) => !gone.has(id))),
      anchorId: anchorId !== null && gone.has(anchorId) ? null : anchorId,
    };
  });
}

export function markOnly(id: string | null): void {
  useLibrary.setState({ marked: new Set(id === null ? [] : [id]), anchorId: id });
}

export function toggleMark(id: string): void {
  useLibrary.setState(({ marked }) => {
    const next = new Set(marked);
    if (!next.delete(id)) next.add(id);
    return { marked: next, anchorId: id };
  });
}

/** Marks everything from the anchor to `id`, as the list shows it. */
export function markTo(id: string): void {
  useLibrary.setState(({ documents, anchorId }) => {
    const from = documents.findIndex((one) => one.id === anchorId);
    const to = documents.findIndex((one) => one.id === id);
    if (to < 0) return {};
    const [low, high] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    return { marked: new Set(documents.slice(low, high + 1).map((one) => one.id)), anchorId: from < 0 ? id : anchorId };
  });
}

export function markAll(): void {
  useLibrary.setState(({ documents }) => ({ marked: new Set(documents.map((one) => one.id)) }));
}

/** Marked documents in the list's order. */
export function markedDocuments(): LibraryDocument[] {
  const { documents, marked } = useLibrary.getState();
  return documents.filter((one) => marked.has(one.id));
}
