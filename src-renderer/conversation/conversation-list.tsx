// All conversations: searched, pinned, renamed in place, deleted with a way back. Only rows in view are in the document.
import { useRef, useState } from 'react';
import { MessagesSquare, Pencil, Pin, PinOff, Search, Trash2, X } from 'lucide-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { ListedConversation } from '@contract/conversation.ts';
import { deleteConversation, openConversation, pinConversation, renameConversation } from '../stores/conversation-actions.ts';
import { searchConversations, useConversations } from '../stores/conversation-store.ts';
import { IconButton } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Marked } from '../ui/marked.tsx';
import { TextField } from '../ui/text-field.tsx';

const rowHeight = 52;

export function ConversationList({ onOpen }: { onOpen(): void }) {
  const listed = useConversations((state) => state.listed);
  const searchText = useConversations((state) => state.searchText);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: listed?.length ?? 0, getScrollElement: () => scroller.current, getItemKey: (index) => listed?.[index]?.id ?? index, estimateSize: () => rowHeight, overscan: 6 });
  return (
    <div className="flex size-full flex-col">
      <div className="px-3 py-2">
        <TextField
          id="conversation-search"
          label="Search the conversations"
          placeholder="Search conversations"
          value={searchText}
          autoFocus
          onText={searchConversations}
          onEscape={() => (searchText === '' ? onOpen() : searchConversations(''))}
          onKeyDown={(event) => { if (event.key === 'ArrowDown') { event.preventDefault(); scroller.current?.querySelector<HTMLElement>('[data-conversation] button')?.focus(); } }}
          icon={<Search size={14} />}
          after={searchText !== '' && <IconButton small label="Clear the search" onClick={() => searchConversations('')}><X size={14} aria-hidden /></IconButton>}
        />
      </div>
      {listed?.length === 0 && (
        <p className="px-6 pt-8 text-center text-small text-faint" role="status">
          <MessagesSquare size={22} className="mx-auto mb-2" aria-hidden />
          {searchText.trim() === '' ? 'No conversations yet. What you ask is kept here.' : `No conversation contains “${searchText.trim()}”.`}
        </p>
      )}
      <div ref={scroller} role="list" aria-label="Conversations" className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto" onKeyDown={moveBetweenRows}>
        <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => {
            const one = listed?.[item.index];
            return one && <Row key={one.id} conversation={one} top={item.start} index={item.index} count={listed.length} onOpen={onOpen} />;
          })}
        </div>
      </div>
    </div>
  );
}

function Row({ conversation, top, index, count, onOpen }: { conversation: ListedConversation; top: number; index: number; count: number; onOpen(): void }) {
  const open = useConversations((state) => state.openId === conversation.id);
  const [renaming, setRenaming] = useState<string | null>(null);
  const { id, title, pinned, match, updatedAt } = conversation;
  const name = title || 'New conversation';
  const keep = (): void => { if (renaming !== null) void renameConversation(conversation, renaming); setRenaming(null); };
  return (
    <div role="listitem" data-conversation={id} aria-posinset={index + 1} aria-setsize={count} className={classes('group/row absolute inset-x-1.5 top-0 flex items-center rounded-lg', open ? 'bg-accent-soft' : 'focus-within:bg-hover hover:bg-hover')} style={{ height: rowHeight - 2, transform: `translateY(${top}px)` }}>
      {renaming === null ? (
        <button type="button" aria-current={open || undefined} onClick={() => { void openConversation(id); onOpen(); }} onKeyDown={(event) => { if (event.key === 'F2') setRenaming(name); if (event.key === 'Delete') void deleteConversation(conversation); }} className="focus-inside h-full min-w-0 flex-1 rounded-lg px-2.5 text-left">
          <span className={classes('flex items-center gap-1.5 text-body', open && 'font-semibold')}>{pinned && <Pin size={12} className="shrink-0 text-faint" aria-label="Pinned" />}<span className="truncate">{name}</span></span>
          <span className="block truncate text-small text-faint">{match ? <Marked text={match.text} ranges={match.ranges} around={24} /> : when(updatedAt)}</span>
        </button>
      ) : (
        <TextField label="Title" value={renaming} maxLength={300} autoFocus onFocus={(event) => event.currentTarget.select()} onText={setRenaming} onEnter={keep} onEscape={() => setRenaming(null)} onBlur={keep} className="mx-1.5 flex-1" />
      )}
      {renaming === null && (
        <span className="hidden pr-1 group-focus-within/row:flex group-hover/row:flex">
          <IconButton small label={pinned ? 'Unpin' : 'Pin'} onClick={() => void pinConversation(id, !pinned)}>{pinned ? <PinOff size={13} aria-hidden /> : <Pin size={13} aria-hidden />}</IconButton>
          <IconButton small label="Rename" onClick={() => setRenaming(name)}><Pencil size={13} aria-hidden /></IconButton>
          <IconButton small label="Delete" onClick={() => void deleteConversation(conversation)}><Trash2 size={13} aria-hidden /></IconButton>
        </span>
      )}
    </div>
  );
}

/** "14:05" today, "Mon 14:05" within a week, else the date. */
function when(moment: number): string {
  const date = new Date(moment);
  const days = (Date.now() - moment) / 86_400_000;
  if (date.toDateString() === new Date().toDateString()) return date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (days < 6) return date.toLocaleString([], { weekday: 'short', hour: '2-digit', minute: '2-digit' });
  return date.toLocaleDateString();
}

/** Arrows walk through the rows. */
function moveBetweenRows(event: React.KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-conversation]')].sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at + step];
  (next ? next.querySelector<HTMLElement>('button') : step < 0 ? document.getElementById('conversation-search') : null)?.focus();
}
