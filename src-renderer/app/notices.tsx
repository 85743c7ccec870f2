// Notices under the toolbar, where they cover nothing that is being worked with. They wait while the pointer or the focus is on them, and screen readers hear them.
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { dismissNotice, holdNotice, resumeNotice, useNotices, type Notice } from '../stores/notice-store.ts';
import { Button, IconButton } from '../ui/button.tsx';

export function Notices() {
  const notices = useNotices((state) => state.notices);
  return (
    <div role="region" aria-label="Notices" className="pointer-events-none fixed top-14 left-1/2 z-40 flex w-max max-w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 flex-col items-center gap-2">
      {notices.map((notice) => <Toast key={notice.id} notice={notice} />)}
    </div>
  );
}

function Toast({ notice: { id, tone, text, action } }: { notice: Notice }) {
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      onMouseEnter={() => holdNotice(id)}
      onMouseLeave={() => resumeNotice(id)}
      onFocus={() => holdNotice(id)}
      onBlur={() => resumeNotice(id)}
      className="pointer-events-auto flex max-w-full animate-rise items-center gap-2.5 rounded-lg border border-edge bg-raised py-1.5 pr-1.5 pl-3 shadow-float"
    >
      {tone === 'bad' && <CircleAlert size={16} className="shrink-0 text-bad" aria-hidden />}
      {tone === 'good' && <CircleCheck size={16} className="shrink-0 text-good" aria-hidden />}
      <p className="min-w-0 py-1 text-body break-words" data-selectable>{text}</p>
      {action && <Button kind="quiet" className="h-7! px-2!" onClick={() => { dismissNotice(id); action.run(); }}>{action.label}</Button>}
      <IconButton small label="Dismiss" side="top" onClick={() => dismissNotice(id)}><X size={14} aria-hidden /></IconButton>
    </div>
  );
}
