// What the user does with conversations: ask, stop, ask again, go on, choose a branch, name, pin, delete, take back. Each is one intent
// from request to notice.
import type { Answerer, AskOptions, Attachment, Conversation, Message } from '@contract/conversation.ts';
import { request } from '../api.ts';
import { attachmentsOf, changeDraft, draftOf, dropDraft, focusComposer, useComposer } from './composer-store.ts';
import { dropConversations, loadConversations, showConversation, takeConversations, takeMessages, useConversations } from './conversation-store.ts';
import { currentPage } from './desk-store.ts';
import { useEndpoints } from './endpoints-store.ts';
import { openDialog } from './layout-store.ts';
import { remember, undo, type Step } from './history-store.ts';
import { branchOf } from './message-tree.ts';
import { dismissNotice, notify } from './notice-store.ts';
import { reportFailure } from './report-failure.ts';
import { showPlacesOf } from './answer-places.ts';
import { changeSettings } from './settings-store.ts';

/** Opens a conversation, or begins a new one, and remembers it for the next start. */
export async function openConversation(conversationId: string | null): Promise<void> {
  showPlacesOf(null);
  try {
    await showConversation(conversationId);
  } catch (failure) {
    reportFailure(failure);
  }
  // Remembered when it is shown: nobody waits for a file to be written.
  if (useConversations.getState().openId === conversationId) void changeSettings({ conversationId }).catch(reportFailure);
}

/** Sends what stands in the composer. What could not be sent stands there again. */
export async function sendQuestion(): Promise<void> {
  const { openId, open, branch } = useConversations.getState();
  const draft = draftOf(useComposer.getState().drafts, openId);
  const text = draft.text.trim();
  if (text === '') return;
  const attachments = [...attachmentsOf(draft, currentPage()?.id ?? null)];
  const parentId = draft.editing ? draft.editing.parentId : (branch.at(-1)?.id ?? null);
  const answerer = open?.answerer ?? useComposer.getState().answerer;
  if (needsConsent(answerer, attachments, branch)) return openDialog('consent');
  let conversationId = openId;
  dropDraft(openId);
  try {
    if (conversationId === null) {
      const made = await request('conversation.create', { answerer });
      conversationId = made.id;
      void changeSettings({ conversationId }).catch(reportFailure);
      await showConversation(conversationId);
    }
    const { question, answer } = await request('conversation.ask', { conversationId, parentId, text, attachments, answerer, options: draft.options });
    showAnswer([question, answer], answer);
  } catch (failure) {
    changeDraft(conversationId, { ...draft, attachments });
    reportFailure(failure);
  }
}

/** Whether pages would go to a server that the user has not agreed to yet. Main asks the same again before it sends. */
function needsConsent(answerer: Answerer, attachments: readonly Attachment[], branch: readonly Message[]): boolean {
  if (answerer.kind !== 'endpoint') return false;
  const endpoint = useEndpoints.getState().endpoints?.find((one) => one.id === answerer.endpointId);
  return endpoint !== undefined && !endpoint.mayReceivePages && (attachments.length > 0 || branch.some((one) => one.attachments.length > 0));
}

/** The way through the conversation now leads to this answer. */
function showAnswer(messages: readonly Message[], answer: Message): void {
  takeMessages(messages);
  showPlacesOf(null);
  useConversations.setState(({ tree }) => ({ branch: branchOf(tree, answer.id) }));
}

export async function stopAnswer(messageId: string): Promise<void> {
  await request('conversation.stop', { messageId }).catch(reportFailure);
}

/** One more answer beside this one; the old one stays. */
export async function regenerate(messageId: string, options: AskOptions = {}): Promise<void> {
  const answerer = useConversations.getState().open?.answerer;
  try {
    const { answer } = await request('conversation.regenerate', { messageId, ...(answerer && { answerer }), options });
    showAnswer([answer], answer);
  } catch (failure) {
    reportFailure(failure);
  }
}

/** Writes the pages of an answer with its places drawn on them. */
export async function exportAnswerPicture(messageId: string): Promise<void> {
  try {
    const exported = await request('conversation.export-picture', { messageId });
    if (exported) notify(exported.files.length === 1 ? 'The picture was exported.' : `${exported.files.length} pictures were exported.`, { tone: 'good' });
  } catch (failure) {
    reportFailure(failure);
  }
}

/** Goes on with an answer that was stopped or cut off. */
export async function continueAnswer(messageId: string): Promise<void> {
  try {
    const { answer } = await request('conversation.continue', { messageId });
    showAnswer([answer], answer);
  } catch (failure) {
    reportFailure(failure);
  }
}

/** Puts a question back into the composer; sending it makes a branch beside the old one. */
export function editQuestion(question: Message): void {
  const { openId } = useConversations.getState();
  changeDraft(openId, { text: question.text, attachments: question.attachments, editing: question });
  focusComposer();
}

export async function chooseBranch(messageId: string): Promise<void> {
  showPlacesOf(null);
  try {
    const chosen = await request('conversation.choose-branch', { messageId });
    takeConversations([chosen]);
    useConversations.setState(({ tree }) => ({ branch: branchOf(tree, chosen.leafId) }));
  } catch (failure) {
    reportFailure(failure);
  }
}

export async function chooseAnswerer(answerer: Answerer): Promise<void> {
  const { openId } = useConversations.getState();
  useComposer.setState({ answerer });
  if (openId === null) return;
  try {
    takeConversations([await request('conversation.choose-answerer', { conversationId: openId, answerer })]);
  } catch (failure) {
    reportFailure(failure);
  }
}

export async function renameConversation(conversation: Conversation, title: string): Promise<void> {
  const wanted = title.trim();
  if (wanted === '' || wanted === conversation.title) return;
  const rename = async (to: string): Promise<void> => takeConversations([await request('conversation.rename', { conversationId: conversation.id, title: to })]);
  try {
    await rename(wanted);
    const before = conversation.title;
    remember({ label: `Rename “${before}”`, undo: () => rename(before), redo: () => rename(wanted) });
  } catch (failure) {
    reportFailure(failure);
  }
}

export async function pinConversation(conversationId: string, pinned: boolean): Promise<void> {
  try {
    takeConversations([await request('conversation.pin', { conversationId, pinned })]);
  } catch (failure) {
    reportFailure(failure);
  }
}

export async function deleteConversation(conversation: Conversation): Promise<void> {
  const conversationIds = [conversation.id];
  const wasOpen = useConversations.getState().openId === conversation.id;
  const take = async (): Promise<void> => {
    await request('conversation.delete', { conversationIds });
    dropConversations(conversationIds);
  };
  try {
    await take();
  } catch (failure) {
    return reportFailure(failure);
  }
  const named = `“${conversation.title}”`;
  const step: Step = {
    label: `Delete ${named}`,
    undo: async () => {
      takeConversations(await request('conversation.restore', { conversationIds }));
      await loadConversations();
      dismissNotice(notice);
      if (wasOpen) await openConversation(conversation.id);
    },
    redo: take,
  };
  remember(step);
  const notice = notify(`${named} deleted.`, { action: { label: 'Undo', run: () => void undo(step).catch(reportFailure) } });
}
