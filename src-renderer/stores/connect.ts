// Joins the stores to main, once: first facts, events, job ports, and the reactions of one store to another. Knows no view.
import { on, onJob, request } from '../api.ts';
import { followAnswer, forgetStreams } from './answer-streams.ts';
import { takeAttached } from './attached-pages.ts';
import { dropConversations, takeConversations, takeMessages, useConversations } from './conversation-store.ts';
import { closeComparison, leaveComparison, takeComparison } from './compare-store.ts';
import { clearSelection, currentPage, currentText, openDocument, refit, useDesk } from './desk-store.ts';
import { closeFind, refreshFind, searchLibrary, showAwaitedLine, useFind } from './find-store.ts';
import { leaveDocuments } from './leave-documents.ts';
import { loadLibrary, markOnly, takeDocuments, useLibrary } from './library-store.ts';
import { takeInstalls } from './models-store.ts';
import { ensurePages, ensureText, isCorrected, takePages, usePages } from './page-store.ts';
import { followJob, forgetProgress, takeEngineStatus } from './reading-store.ts';
import { reportFailure } from './report-failure.ts';
import { takeSettings, useSettings } from './settings-store.ts';
import { afterNextPaint } from '../ui/after-next-paint.ts';

/** Subscribes to everything and asks for the first facts. Returns how to let go again (tests, hot reload). */
export function connectStores(): () => void {
  const letGo = [
    on('document.changed', ({ documents }) => takeDocuments(documents)),
    on('document.removed', ({ documentIds }) => {
      leaveDocuments(documentIds);
      leaveComparison(documentIds);
    }),
    on('page.changed', ({ pages }) => {
      takePages(pages);
      takeAttached(pages);
      forgetProgress(pages.filter((page) => page.status === 'read' || page.status === 'failed').map((page) => page.id));
    }),
    on('conversation.changed', ({ conversations }) => takeConversations(conversations)),
    on('conversation.removed', ({ conversationIds }) => dropConversations(conversationIds)),
    on('message.changed', ({ messages }) => {
      takeMessages(messages);
      forgetStreams(messages);
    }),
    on('model.changed', ({ installs }) => takeInstalls(installs)),
    on('compare.changed', takeComparison),
    on('import.progress', (importing) => useLibrary.setState({ importing: importing.done < importing.total ? importing : null })),
    on('engine.changed', takeEngineStatus),
    on('settings.changed', takeSettings),
    onJob(({ jobId, pageId, documentId, messageId, ...started }, job) => (messageId === null ? followJob(jobId, pageId, documentId, job) : followAnswer(messageId, useConversations.getState().tree.byId.get(messageId)?.text ?? '', started, job))),
    useDesk.subscribe((now, before) => {
      if (now.documentId !== before.documentId || now.pageIndex !== before.pageIndex) {
        // Who opens a page wants to see it.
        closeComparison();
        showOpenPage();
      }
      if (now.documentId !== before.documentId) closeFind();
    }),
    usePages.subscribe(followOpenPage()),
    useLibrary.subscribe((now, before) => {
      if (now.loaded && useDesk.getState().documentId === null && now.documents.length > 0 && (!before.loaded || before.documents.length === 0)) afterNextPaint(openFirst);
    }),
    followSystemTheme(),
  ];
  void loadLibrary().catch(reportFailure);
  void request('settings.get', {}).then(takeSettings, reportFailure);
  void request('engine.status', {}).then(takeEngineStatus, reportFailure);
  return () => letGo.forEach((one) => one());
}

function openFirst(): void {
  const first = useLibrary.getState().documents[0];
  if (!first || useDesk.getState().documentId !== null) return;
  openDocument(first.id);
  markOnly(first.id);
}

/** Another page lies open: get its facts, and let main read it before the others. */
function showOpenPage(): void {
  const { documentId } = useDesk.getState();
  if (documentId === null) return;
  void ensurePages(documentId).then(() => {
    refit();
    const page = currentPage();
    if (!page) return;
    void request('page.visible', { pageIds: [page.id] }).catch(() => {});
    if (page.status === 'read') void ensureText(page.id).then(showAwaitedLine);
  });
}

/** Reacts when the open page changed under the user: new text, another turn, first appearance. */
function followOpenPage(): () => void {
  let lastPage = currentPage();
  let lastText = currentText();
  return () => {
    const page = currentPage();
    const text = currentText();
    if (page === lastPage && text === lastText) return;
    const [before, textBefore] = [lastPage, lastText];
    [lastPage, lastText] = [page, text];
    if (page && (page.id !== before?.id || page.rotation !== before.rotation || page.width !== before.width || page.height !== before.height)) refit();
    if (page && page.id !== before?.id) void request('page.visible', { pageIds: [page.id] }).catch(() => {});
    if (page?.status === 'read' && !text) void ensureText(page.id);
    // Line numbers of an older reading mean nothing in a newer one.
    if (page && page.id === before?.id && textBefore && text !== textBefore && !(text && isCorrected(text))) clearSelection();
    if (text && text !== textBefore) {
      showAwaitedLine();
      const find = useFind.getState();
      if (find.text.trim() !== '') void refreshFind(false);
      if (find.libraryText.trim() !== '') searchLibrary(find.libraryText);
    }
  };
}

function followSystemTheme(): () => void {
  const query = window.matchMedia('(prefers-color-scheme: dark)');
  const take = (): void => useSettings.setState({ systemDark: query.matches });
  take();
  query.addEventListener('change', take);
  return () => query.removeEventListener('change', take);
}
