// The documents of the library as main reported them, and which of them are marked in the list. Knows nothing of pages.
import { create } from 'zustand';
import type { LibraryDocument } from '@contract/document.ts';
import { request } from '../api.ts';

interface LibraryState {
  /** False until the first list has arrived. */
  loaded: boolean;
  /** Newest first. */
  documents: readonly LibraryDocument[];
  byId: ReadonlyMap<string, LibraryDocument>;
  /** Marked in the list, for delete and export. */
  marked: ReadonlySet<string>;
  /** Where a Shift range starts. */
  anchorId: string | null;
  importing: { done: number; total: number; fileName: string } | null;
}

export const useLibrary = create<LibraryState>(() => ({
  loaded: false, documents: [], byId: new Map(), marked: new Set(), anchorId: null, importing: null,
}));

function withDocuments(byId: ReadonlyMap<string, LibraryDocument>): Pick<LibraryState, 'byId' | 'documents'> {
  const documents = [...byId.values()].filter((one) => one.deletedAt === null);
  documents.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
  return { byId: new Map(documents.map((one) => [one.id, one])), documents };
}

export async function loadLibrary(): Promise<void> {
  const documents = await request('document.list', {});
  useLibrary.setState({ ...withDocuments(new Map(documents.map((one) => [one.id, one]))), loaded: true });
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
  useLibrary.setState(({ byId }) => {
    const next = new Map(byId);
    for (const one of changed) next.set(one.id, one);
    return withDocuments(next);
  });
}

export function dropDocuments(ids: readonly string[]): void {
  useLibrary.setState(({ byId, marked, anchorId }) => {
    const gone = new Set(ids);
    return {
      ...withDocuments(new Map([...byId].filter(([id]) => !gone.has(id)))),
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
