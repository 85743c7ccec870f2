// Pages and their recognised text, asked for when something shows them and kept current by events. Knows no canvas and no selection.
import { create } from 'zustand';
import type { Page, PageText } from '@contract/document.ts';
import type { WireError } from '@contract/errors.ts';
import { failureOf, request } from '../api.ts';

interface PageState {
  /** Pages of each document that was asked for, in order. */
  byDocument: ReadonlyMap<string, readonly Page[]>;
  /** Texts of the pages looked at lately. */
  texts: ReadonlyMap<string, PageText>;
  /** Why a page's text could not be fetched. */
  failures: ReadonlyMap<string, WireError>;
}

export const usePages = create<PageState>(() => ({ byDocument: new Map(), texts: new Map(), failures: new Map() }));

export const noPages: readonly Page[] = [];
const keptTexts = 40;
const asked = new Map<string, Promise<void>>();

/** Fetches a document's pages once; later changes arrive by event. */
export function ensurePages(documentId: string): Promise<void> {
  const running = asked.get(documentId);
  if (running) return running;
  const asking = request('page.list', { documentId }).then(
    (pages) => {
      // Asked while the document is still being opened: it will have pages later.
      if (pages.length === 0) asked.delete(documentId);
      usePages.setState(({ byDocument }) => ({ byDocument: new Map(byDocument).set(documentId, merged(byDocument.get(documentId) ?? [], pages)) }));
    },
    // The document may have gone meanwhile; whoever still shows it asks again.
    () => void asked.delete(documentId),
  );
  asked.set(documentId, asking);
  return asking;
}

function merged(known: readonly Page[], changed: readonly Page[]): Page[] {
  const byId = new Map(known.map((one) => [one.id, one]));
  for (const one of changed) byId.set(one.id, one);
  return [...byId.values()].sort((a, b) => a.index - b.index);
}

export function takePages(changed: readonly Page[]): void {
  usePages.setState(({ byDocument, texts, failures }) => {
    const documents = new Map(byDocument);
    const grouped = new Map<string, Page[]>();
    for (const one of changed) grouped.set(one.documentId, [...(grouped.get(one.documentId) ?? []), one]);
    for (const [id, pages] of grouped) documents.set(id, merged(documents.get(id) ?? [], pages));
    // A page that was read again has another text; one that waits keeps showing the old until then.
    const stale = new Set(changed.filter((one) => one.status === 'read').map((one) => one.id));
    return { byDocument: documents, texts: without(texts, stale), failures: without(failures, stale) };
  });
}

export function dropPagesOf(documentIds: readonly string[]): void {
  for (const id of documentIds) asked.delete(id);
  usePages.setState(({ byDocument }) => ({ byDocument: without(byDocument, new Set(documentIds)) }));
}

function without<V>(map: ReadonlyMap<string, V>, keys: ReadonlySet<string>): ReadonlyMap<string, V> {
  if (![...keys].some((key) => map.has(key))) return map;
  return new Map([...map].filter(([key]) => !keys.has(key)));
}

const textsAsked = new Set<string>();

/** Fetches a page's text unless it is here; a page that is still unread has none. */
export async function ensureText(pageId: string): Promise<PageText | null> {
  const here = usePages.getState().texts.get(pageId);
  if (here) return here;
  if (textsAsked.has(pageId)) return null;
  textsAsked.add(pageId);
  try {
    const text = await request('page.text', { pageId });
    if (text) usePages.setState(({ texts }) => ({ texts: new Map([...texts, [pageId, text] as const].slice(-keptTexts)) }));
    return text;
  } catch (thrown) {
    usePages.setState(({ failures }) => ({ failures: new Map(failures).set(pageId, failureOf(thrown)) }));
    return null;
  } finally {
    textsAsked.delete(pageId);
  }
}

export function pagesOf(documentId: string | null): readonly Page[] {
  return (documentId !== null && usePages.getState().byDocument.get(documentId)) || noPages;
}

export function pageById(pageId: string): Page | null {
  for (const pages of usePages.getState().byDocument.values()) {
    const found = pages.find((one) => one.id === pageId);
    if (found) return found;
  }
  return null;
}

const corrected = new WeakSet<PageText>();

/** A page as a correction left it: its facts and its text change in one go. */
export function takeCorrected({ page, text }: { page: Page; text: PageText }): void {
  corrected.add(text);
  usePages.setState(({ byDocument, texts }) => ({
    byDocument: new Map(byDocument).set(page.documentId, merged(byDocument.get(page.documentId) ?? [], [page])),
    texts: new Map([...texts, [page.id, text] as const].slice(-keptTexts)),
  }));
}

/** Whether this text came of a step of correction: what is selected is kept then. */
export function isCorrected(text: PageText): boolean {
  return corrected.has(text);
}
