// The right side while one asks: the open conversation above the composer, or the list of all conversations. Loaded when first shown.
import { useEffect, useState, type ReactNode } from 'react';
import { MessagesSquare, ScanText, SquarePen } from 'lucide-react';
import { runCommand } from '../commands/command-list.ts';
import { useAnswerer } from '../stores/answerers.ts';
import { openConversation } from '../stores/conversation-actions.ts';
import { loadConversations, useConversations } from '../stores/conversation-store.ts';
import { focusComposer } from '../stores/composer-store.ts';
import { reportFailure } from '../stores/report-failure.ts';
import { useSettings } from '../stores/settings-store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Composer } from './composer.tsx';
import { ConversationList } from './conversation-list.tsx';
import { MessageList } from './message-list.tsx';

export default function ConversationPanel({ tabs }: { tabs: ReactNode }) {
  const [listing, setListing] = useState(false);
  const open = useConversations((state) => state.open);
  const branch = useConversations((state) => state.branch);
  const loading = useConversations((state) => state.loading);
  const shut = (): void => { setListing(false); focusComposer(); };
  useEffect(() => {
    const { listed, openId } = useConversations.getState();
    if (!listed) void loadConversations().catch(reportFailure);
    const last = useSettings.getState().settings.conversationId;
    if (openId === null && last !== null) void openConversation(last);
    // The first answer need not wait for the renderer of Markdown.
    const idle = requestIdleCallback(() => void import('./markdown-text.tsx'), { timeout: 2000 });
    return () => cancelIdleCallback(idle);
  }, []);
  return (
    <div id="conversation-panel" data-drop="question" className="flex size-full min-w-0 flex-col bg-raised">
      <div className="flex h-11 shrink-0 items-center gap-0.5 border-b border-edge pr-2 pl-2.5">
        {tabs}
        <p className="min-w-0 flex-1 truncate px-2 text-small text-muted" title={open?.title}>{listing ? 'All conversations' : open?.title}</p>
        <IconButton label="All conversations" pressed={listing} onClick={() => setListing(!listing)}><MessagesSquare size={16} aria-hidden /></IconButton>
        <IconButton label="New conversation" onClick={() => { void openConversation(null); shut(); }}><SquarePen size={16} aria-hidden /></IconButton>
      </div>
      {listing ? <ConversationList onOpen={shut} /> : (
        <>
          <div className="min-h-0 flex-1">
            {branch.length > 0 ? <MessageList key={open?.id} branch={branch} /> : loading ? <div aria-hidden /> : <Welcome />}
          </div>
          <Composer branch={branch} />
        </>
      )}
    </div>
  );
}

function Welcome() {
  const reader = useAnswerer().kind === 'reader';
  return (
    <div className="flex h-full flex-col items-center justify-center gap-2 overflow-auto px-8 text-center">
      <ScanText size={24} className="text-faint" aria-hidden />
      <h3 className="text-head font-semibold">Ask about your pages</h3>
      <p className="max-w-72 text-small text-muted">Every value in an answer is marked on the page and checked against the text that was read there.</p>
      {reader && (
        <>
          <p className="mt-2 max-w-72 text-small text-faint">The built-in reader finds values, fields and words. To describe, compare or translate, install a Qwen&#8209;VL model.</p>
          <Button kind="quiet" className="h-7! px-2!" onClick={() => runCommand('models')}>Models…</Button>
        </>
      )}
    </div>
  );
}
