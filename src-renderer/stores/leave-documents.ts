// What happens in the window when documents go away: they leave the list, and when the open one is among them its neighbour is opened.
import { openDocument, useDesk } from './desk-store.ts';
import { dropDocuments, markOnly, useLibrary } from './library-store.ts';
import { dropPagesOf } from './page-store.ts';

/** Safe to call twice: once for the request that deleted them, once for the event that says so. */
export function leaveDocuments(ids: readonly string[]): void {
  const { documents } = useLibrary.getState();
  const { documentId } = useDesk.getState();
  const gone = new Set(ids);
  const at = documents.findIndex((one) => one.id === documentId);
  if (documentId !== null && gone.has(documentId)) {
    const stays = (one: { id: string }): boolean => !gone.has(one.id);
    // The one below moves up into the place of the one that went, as in every list.
    const next = documents.slice(at + 1).find(stays) ?? documents.slice(0, Math.max(0, at)).findLast(stays);
    openDocument(next?.id ?? null);
    markOnly(next?.id ?? null);
  }
  dropDocuments(ids);
  dropPagesOf(ids);
}
