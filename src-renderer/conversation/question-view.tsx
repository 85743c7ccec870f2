// A question as it was asked: what was attached, its text, and what can be done with it.
import { memo } from 'react';
import { Copy, Pencil } from 'lucide-react';
import type { Message } from '@contract/conversation.ts';
import { editQuestion } from '../stores/conversation-actions.ts';
import { toClipboard } from '../stores/page-actions.ts';
import { IconButton } from '../ui/button.tsx';
import { AttachmentStrip, useFirstNumberOf } from './attachment-strip.tsx';
import { BranchSwitch } from './branch-switch.tsx';

export const QuestionView = memo(function QuestionView({ message }: { message: Message }) {
  const first = useFirstNumberOf(message);
  return (
    <div className="group/message flex flex-col items-end pt-4 pr-4 pl-10">
      {message.attachments.length > 0 && <AttachmentStrip attachments={message.attachments} first={first} align="end" />}
      <div data-selectable className="max-w-full rounded-xl rounded-br-sm bg-accent-soft px-3 py-2 text-read break-words whitespace-pre-wrap">{message.text}</div>
      <div className="flex h-7 items-center gap-0.5 opacity-0 transition-opacity group-focus-within/message:opacity-100 group-hover/message:opacity-100 has-[[aria-label=Versions]]:opacity-100">
        <BranchSwitch message={message} />
        <IconButton small label="Copy" onClick={() => void toClipboard(message.text, 'The question was copied.')}><Copy size={13} aria-hidden /></IconButton>
        <IconButton small label="Edit and ask again" onClick={() => editQuestion(message)}><Pencil size={13} aria-hidden /></IconButton>
      </div>
    </div>
  );
});
