// The question being written in each conversation: its text, what is attached, and which message it rewrites. Sends nothing.
import { create } from 'zustand';
import type { Answerer, AskOptions, Attachment, Message } from '@contract/conversation.ts';
import type { Quad } from '@contract/geometry.ts';
import { boundsOf } from '@contract/geometry.ts';
import { useConversations } from './conversation-store.ts';
import { currentLines, currentPage, useDesk } from './desk-store.ts';

export interface Draft {
  text: string;
  /** Null: the page that lies open, whichever that is; so a new conversation begins with what one looks at. */
  attachments: readonly Attachment[] | null;
  /** The question that this one replaces on a branch of its own. */
  editing: Message | null;
  options: AskOptions;
}

interface ComposerState {
  /** By conversation id; '' for the new one. */
  drafts: ReadonlyMap<string, Draft>;
  /** Who answers in a new conversation. */
  answerer: Answerer;
  /** Counts up whenever the text field should take the focus. */
  focus: number;
}

export const useComposer = create<ComposerState>(() => ({ drafts: new Map(), answerer: { kind: 'reader' }, focus: 0 }));

const fresh: Draft = { text: '', attachments: null, editing: null, options: {} };
const followUp: Draft = { ...fresh, attachments: [] };

/**
 * A new conversation starts with the open page; a question in a conversation with what the conversation already has. The built-in reader
 * can do nothing without a page, so that where none was given yet it starts as a new one does.
 */
export function draftOf(drafts: ReadonlyMap<string, Draft>, conversationId: string | null): Draft {
  const { branch } = useConversations.getState();
  const lacksPages = branch.every((one) => one.attachments.length === 0) && branch.findLast((one) => one.role === 'assistant')?.answerer?.kind === 'reader';
  return drafts.get(conversationId ?? '') ?? (branch.length === 0 || lacksPages ? fresh : followUp);
}

export function changeDraft(conversationId: string | null, change: Partial<Draft>): void {
  useComposer.setState(({ drafts }) => ({ drafts: new Map(drafts).set(conversationId ?? '', { ...draftOf(drafts, conversationId), ...change }) }));
}

export function dropDraft(conversationId: string | null): void {
  useComposer.setState(({ drafts }) => {
    const next = new Map(drafts);
    next.delete(conversationId ?? '');
    return { drafts: next };
  });
}

export function focusComposer(): void {
  useComposer.setState(({ focus }) => ({ focus: focus + 1 }));
}

/** What is attached in fact: the open page stands in for "whichever lies open". */
export function attachmentsOf(draft: Draft, openPageId: string | null): readonly Attachment[] {
  return draft.attachments ?? (openPageId === null ? [] : [{ kind: 'page', pageId: openPageId }]);
}

const same = (a: Attachment, b: Attachment): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Adds at the end; what is attached already stays where it is. */
export function attach(conversationId: string | null, added: readonly Attachment[]): void {
  const draft = draftOf(useComposer.getState().drafts, conversationId);
  const open = currentPage();
  // The open page, which is shown as attached, stays beside what is added, unless that is of the same page.
  const isOfOpenPage = added.some((one) => (one.kind === 'document' ? one.documentId === open?.documentId : one.pageId === open?.id));
  const now = draft.attachments ?? (isOfOpenPage ? [] : attachmentsOf(draft, open?.id ?? null));
  const fresh = added.filter((one, index) => !now.some((known) => same(known, one)) && added.findIndex((other) => same(other, one)) === index);
  changeDraft(conversationId, { attachments: [...now, ...fresh] });
}

export function detach(conversationId: string | null, shown: readonly Attachment[], at: number): void {
  changeDraft(conversationId, { attachments: shown.filter((_one, index) => index !== at) });
}

/** The selected lines of the open page as an attachment, with the box around them; null when nothing is selected. */
export function selectedLinesAttachment(): Attachment | null {
  const page = currentPage();
  const { lines } = currentLines();
  const lineIndexes = [...useDesk.getState().selection.lines.keys()].sort((a, b) => a - b);
  const quads = lineIndexes.map((index) => lines[index]?.line.quad).filter((one) => one !== undefined);
  if (!page || quads.length === 0) return null;
  const { x, y, width, height } = boundsOf(quads.flat());
  const quad: Quad = [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
  return { kind: 'lines', pageId: page.id, lineIndexes, quad };
}
