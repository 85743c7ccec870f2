// Hooks for views: the open document's pages, the open page, its text. They join desk and pages, so that either change is seen.
import type { LibraryDocument, Page, PageText } from '@contract/document.ts';
import { noLines, pageLinesOf, type PageLines } from '../page/page-lines.ts';
import { useDesk } from './desk-store.ts';
import { useLibrary } from './library-store.ts';
import { noPages, usePages } from './page-store.ts';

export function useOpenDocument(): LibraryDocument | null {
  const documentId = useDesk((desk) => desk.documentId);
  return useLibrary((library) => (documentId !== null && library.byId.get(documentId)) || null);
}

export function useOpenPages(): readonly Page[] {
  const documentId = useDesk((desk) => desk.documentId);
  return usePages((pages) => (documentId !== null && pages.byDocument.get(documentId)) || noPages);
}

export function useOpenPage(): Page | null {
  const pageIndex = useDesk((desk) => desk.pageIndex);
  return useOpenPages()[pageIndex] ?? null;
}

export function useOpenText(): PageText | null {
  const page = useOpenPage();
  return usePages((pages) => (page && pages.texts.get(page.id)) ?? null);
}

export function useOpenLines(): PageLines {
  const text = useOpenText();
  return text ? pageLinesOf(text) : noLines;
}
