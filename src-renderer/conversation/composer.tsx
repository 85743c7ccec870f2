// Where a question is written: a field that grows with it, what is attached, who answers, and the button that sends. Enter sends, unless
// an input method is putting a character together; Shift+Enter begins a line.
import { useEffect, useRef } from 'react';
import { ArrowUp, Paperclip, Square, X } from 'lucide-react';
import type { Message } from '@contract/conversation.ts';
import { isEmpty } from '../page/selection.ts';
import { attachFiles } from '../stores/attach-files.ts';
import { attach, attachmentsOf, changeDraft, detach, draftOf, dropDraft, selectedLinesAttachment, useComposer } from '../stores/composer-store.ts';
import { editQuestion, sendQuestion, stopAnswer } from '../stores/conversation-actions.ts';
import { useConversations } from '../stores/conversation-store.ts';
import { useDesk } from '../stores/desk-store.ts';
import { branchOf } from '../stores/message-tree.ts';
import { useOpenDocument, useOpenPage } from '../stores/use-open-page.ts';
import { Button, IconButton } from '../ui/button.tsx';

import { isComposing } from '../ui/is-composing.ts';
import { DropMenu, type MenuEntry } from '../ui/menu.tsx';
import { AnswererMenu } from './answerer-menu.tsx';
import { AttachmentStrip, useFirstNumber } from './attachment-strip.tsx';
import { CostLine } from './cost-line.tsx';
import { PresetMenu } from './preset-menu.tsx';

export function Composer({ branch }: { branch: readonly Message[] }) {
  const openId = useConversations((state) => state.openId);
  const draft = useComposer((composer) => draftOf(composer.drafts, openId));
  const page = useOpenPage();
  const attachments = attachmentsOf(draft, page?.id ?? null);
  const running = branch.findLast((one) => one.status === 'streaming');
  const before = useQuestionsBefore(branch, draft.editing);
  const first = useFirstNumber(before);
  const field = useRef<HTMLTextAreaElement>(null);
  const focus = useComposer((composer) => composer.focus);
  useEffect(() => { if (focus > 0) field.current?.focus(); }, [focus]);
  const canSend = draft.text.trim() !== '' && !running;

  const press = (event: React.KeyboardEvent<HTMLTextAreaElement>): void => {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      if (canSend) void sendQuestion();
    } else if (event.key === 'Escape' && draft.editing) {
      event.preventDefault();
      event.stopPropagation();
      dropDraft(openId);
    } else if (event.key === 'ArrowUp' && draft.text === '' && !draft.editing) {
      const last = branch.findLast((one) => one.role === 'user');
      if (!last) return;
      event.preventDefault();
      editQuestion(last);
    }
  };
  /** A gap in the words is where one goes on typing. */
  const choosePreset = (text: string): void => {
    changeDraft(openId, { text });
    requestAnimationFrame(() => {
      field.current?.focus();
      const gap = text.indexOf('…');
      if (gap >= 0) field.current?.setSelectionRange(gap, gap + 1);
    });
  };
  const paste = (event: React.ClipboardEvent): void => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    void attachFiles(files);
  };

  return (
    <div className="shrink-0 border-t border-edge bg-panel px-3 pt-2.5 pb-2.5" data-drop="question">
      {draft.editing && (
        <p className="mb-1.5 flex items-center gap-1 text-small text-muted">
          <span className="flex-1">Asking again beside the old question</span>
          <IconButton small label="Leave the old question as it is" onClick={() => dropDraft(openId)}><X size={13} aria-hidden /></IconButton>
        </p>
      )}
      {attachments.length > 0 && <div className="max-h-40 overflow-y-auto"><AttachmentStrip attachments={attachments} first={first} onRemove={(at) => detach(openId, attachments, at)} /></div>}
      <div className="rounded-xl border border-edge-strong bg-raised focus-within:border-accent-text focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent-text">
        <textarea
          ref={field}
          id="question-field"
          aria-label="Question"
          placeholder={attachments.length > 0 || before.length > 0 ? 'Ask about the pages…' : 'Attach a page, then ask about it…'}
          value={draft.text}
          rows={1}
          spellCheck={false}
          onChange={(event) => changeDraft(openId, { text: event.target.value })}
          onKeyDown={press}
          onPaste={paste}
          className="block max-h-52 min-h-10 w-full resize-none overflow-y-auto bg-transparent px-3 pt-2.5 text-read outline-none [field-sizing:content] placeholder:text-faint"
        />
        <div className="flex items-center gap-0.5 px-1.5 pb-1.5">
          <AttachMenu />
          <PresetMenu onChoose={choosePreset} />
          <span className="flex-1" />
          <AnswererMenu />
          {running
            ? <Button className="ml-1 size-8! px-0!" aria-label="Stop the answer" onClick={() => void stopAnswer(running.id)}><Square size={13} fill="currentColor" aria-hidden /></Button>
            : <Button kind="primary" className="ml-1 size-8! px-0!" aria-label="Send" disabled={!canSend} onClick={() => void sendQuestion()}><ArrowUp size={16} aria-hidden /></Button>}
        </div>
      </div>
      <CostLine openId={openId} draft={draft} attachments={attachments} before={before} />
    </div>
  );
}

/** The messages that come before the question being written. */
function useQuestionsBefore(branch: readonly Message[], editing: Message | null): readonly Message[] {
  const tree = useConversations((state) => state.tree);
  if (!editing) return branch;
  const way = branchOf(tree, editing.id);
  return way.slice(0, Math.max(0, way.findIndex((one) => one.id === editing.id)));
}

function AttachMenu() {
  const openId = useConversations((state) => state.openId);
  const page = useOpenPage();
  const document = useOpenDocument();
  const selected = useDesk((desk) => !isEmpty(desk.selection));
  const entries: MenuEntry[] = [
    { kind: 'item', id: 'page', label: page && (document?.pageCount ?? 1) > 1 ? `Page ${page.index + 1}` : 'The open page', enabled: page !== null, run: () => page && attach(openId, [{ kind: 'page', pageId: page.id }]) },
    { kind: 'item', id: 'document', label: document && document.pageCount > 1 ? `All ${document.pageCount} pages of the document` : 'The whole document', enabled: document !== null && document.pageCount > 1, run: () => document && attach(openId, [{ kind: 'document', documentId: document.id }]) },
    { kind: 'item', id: 'lines', label: 'The selected lines', enabled: selected, run: () => { const lines = selectedLinesAttachment(); if (lines) attach(openId, [lines]); } },
  ];
  return (
    <DropMenu entries={entries} align="start">
      <IconButton label="Attach" side="top"><Paperclip size={15} aria-hidden /></IconButton>
    </DropMenu>
  );
}
