// Files dropped on a question or pasted into it: they come into the library first, then they are attached.
import { attach } from './composer-store.ts';
import { useConversations } from './conversation-store.ts';
import { importQuietly } from './library-actions.ts';

export async function attachFiles(files: readonly File[]): Promise<void> {
  const documentIds = await importQuietly(files);
  attachDocuments(documentIds);
}

export function attachDocuments(documentIds: readonly string[]): void {
  attach(useConversations.getState().openId, documentIds.map((documentId) => ({ kind: 'document', documentId })));
}
