// ‹ 2/3 ›: the versions of a question or an answer, and the way to each.
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { Message } from '@contract/conversation.ts';
import { chooseBranch } from '../stores/conversation-actions.ts';
import { useConversations } from '../stores/conversation-store.ts';
import { siblingsOf } from '../stores/message-tree.ts';
import { IconButton } from '../ui/button.tsx';

export function BranchSwitch({ message }: { message: Message }) {
  const siblings = useConversations(({ tree }) => siblingsOf(tree, message));
  if (!siblings || siblings.length < 2) return null;
  const at = siblings.findIndex((one) => one.id === message.id);
  const go = (to: number): void => { const next = siblings[to]; if (next) void chooseBranch(next.id); };
  return (
    <span className="flex items-center text-tiny text-faint tabular-nums" role="group" aria-label="Versions">
      <IconButton small label="Version before" disabled={at === 0} onClick={() => go(at - 1)}><ChevronLeft size={14} aria-hidden /></IconButton>
      <span aria-label={`Version ${at + 1} of ${siblings.length}`}>{at + 1}/{siblings.length}</span>
      <IconButton small label="Next version" disabled={at === siblings.length - 1} onClick={() => go(at + 1)}><ChevronRight size={14} aria-hidden /></IconButton>
    </span>
  );
}
