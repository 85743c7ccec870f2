// The two searches: over the whole library (sidebar) and in the open document (text panel). Main finds; this keeps the answers and the place in them.
import { create } from 'zustand';
import type { SearchHit } from '@contract/document.ts';
import { request } from '../api.ts';
import { currentLines, currentPage, openPage, pick, useDesk } from './desk-store.ts';

interface FindState {
  libraryText: string;
  /** Null while nothing is searched for. */
  libraryHits: readonly SearchHit[] | null;
  open: boolean;
  text: string;
  /** Hits in the open document, in page and reading order. */
  hits: readonly SearchHit[];
  /** The hit that F3 is at; -1 before the first. */
  at: number;
  searching: boolean;
}

export const useFind = create<FindState>(() => ({ libraryText: '', libraryHits: null, open: false, text: '', hits: [], at: -1, searching: false }));

const pauseMs = 120;
const hitLimit = 1000;
let libraryTimer: ReturnType<typeof setTimeout> | undefined;
let documentTimer: ReturnType<typeof setTimeout> | undefined;

export function searchLibrary(libraryText: string): void {
  useFind.setState({ libraryText });
  clearTimeout(libraryTimer);
  if (libraryText.trim() === '') return useFind.setState({ libraryHits: null });
  libraryTimer = setTimeout(() => {
    void request('library.search', { text: libraryText.trim() }).then(
      (libraryHits) => { if (useFind.getState().libraryText === libraryText) useFind.setState({ libraryHits }); },
      () => useFind.setState({ libraryHits: [] }),
    );
  }, pauseMs);
}

export function openFind(): void {
  useFind.setState({ open: true });
}

export function closeFind(): void {
  clearTimeout(documentTimer);
  useFind.setState({ open: false, text: '', hits: [], at: -1, searching: false });
}

/** Goes to the first place found; with `from`, a place found in the library's search, to that one. */
export function findInDocument(text: string, from: SearchHit | null = null): void {
  useFind.setState({ text, searching: text.trim() !== '' });
  clearTimeout(documentTimer);
  if (text.trim() === '') return useFind.setState({ hits: [], at: -1 });
  documentTimer = setTimeout(() => void refreshFind(true, from), pauseMs);
}

/** Asks again, for instance because a page has been read meanwhile. `jump` goes to the first hit at or after the open page. */
export async function refreshFind(jump: boolean, from: SearchHit | null = null): Promise<void> {
  const { text } = useFind.getState();
  const { documentId } = useDesk.getState();
  if (text.trim() === '' || documentId === null) return;
  const found = await request('library.search', { text: text.trim(), documentId, limit: hitLimit }).catch(() => []);
  if (useFind.getState().text !== text || useDesk.getState().documentId !== documentId) return;
  const hits = [...found].sort((a, b) => a.pageIndex - b.pageIndex || a.lineIndex - b.lineIndex);
  const { at } = useFind.getState();
  useFind.setState({ hits, searching: false, at: jump ? -1 : Math.min(at, hits.length - 1) });
  if (jump && hits.length > 0) {
    const { pageIndex } = useDesk.getState();
    const first = hits.findIndex((hit) => (from ? hit.pageId === from.pageId && hit.lineIndex === from.lineIndex : hit.pageIndex >= pageIndex));
    goTo(first < 0 ? 0 : first);
  }
}

function goTo(at: number): void {
  const hit = useFind.getState().hits[at];
  if (!hit) return;
  useFind.setState({ at });
  openPage(hit.pageIndex);
  showLineWhenReady(hit.pageId, hit.lineIndex);
}

export function findNext(direction: 1 | -1): void {
  const { hits, at } = useFind.getState();
  if (hits.length === 0) return;
  goTo(at < 0 ? (direction > 0 ? 0 : hits.length - 1) : (at + direction + hits.length) % hits.length);
}

/** A line to select as soon as its page's text is here. */
let awaited: { pageId: string; line: number } | null = null;

export function showLineWhenReady(pageId: string, line: number): void {
  awaited = { pageId, line };
  showAwaitedLine();
}

/** Called whenever the open page or its text changed; until the text is here, it keeps waiting. */
export function showAwaitedLine(): void {
  const page = currentPage();
  if (!awaited || page?.id !== awaited.pageId || currentLines().lines.length === 0) return;
  const { line } = awaited;
  awaited = null;
  pick({ line }, 'only', 'keys');
}
