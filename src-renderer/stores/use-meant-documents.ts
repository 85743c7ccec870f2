// Hook for views: the documents that a command means now, the marked ones, else the open one.
import type { LibraryDocument } from '@contract/document.ts';
import { useDesk } from './desk-store.ts';
import { useLibrary } from './library-store.ts';

export function useMeantDocuments(): LibraryDocument[] {
  const openId = useDesk((desk) => desk.documentId);
  const marked = useLibrary((library) => library.marked);
  const byId = useLibrary((library) => library.byId);
  const ids = marked.size > 0 ? [...marked] : openId === null ? [] : [openId];
  return ids.flatMap((id) => byId.get(id) ?? []);
}
