// The right side: the page's text in reading order, tied to the boxes; the search in the document; copy and export.
import type { ReactNode } from 'react';
import { Copy, FileText, GripVertical, Search, Share } from 'lucide-react';
import { CommandButton } from '../commands/use-command.tsx';
import { runCommand } from '../commands/command-list.ts';
import { useFind } from '../stores/find-store.ts';
import { dragOut } from '../stores/page-actions.ts';
import { useReading } from '../stores/reading-store.ts';
import { useSettings } from '../stores/settings-store.ts';
import { useOpenDocument, useOpenLines, useOpenPage } from '../stores/use-open-page.ts';
import { Button } from '../ui/button.tsx';
import { formatLabel } from '../ui/export-formats.ts';
import { errorSentence } from '../ui/error-sentences.ts';
import { stageWords } from '../ui/page-sentences.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { FindBar } from './find-bar.tsx';
import { TextLines } from './text-lines.tsx';

export function TextPanel({ tabs }: { tabs: ReactNode }) {
  const open = useFind((find) => find.open);
  const document = useOpenDocument();
  const { lines } = useOpenLines();
  const format = useSettings((state) => state.settings.lastExportFormat);
  return (
    <div id="text-panel" className="flex size-full min-w-0 flex-col bg-raised">
      <div className="flex h-11 shrink-0 items-center gap-0.5 border-b border-edge pr-2 pl-2.5">
        {tabs}
        <span className="flex-1" />
        <CommandButton id="find" pressed={open}><Search size={16} aria-hidden /></CommandButton>
        {lines.length > 0 && (
          // By keyboard, Export and Copy do the same.
          <span draggable aria-hidden title={`Drag out as a file (${formatLabel(format)})`} onDragStart={(event) => { event.preventDefault(); void dragOut(); }} className="flex size-7 cursor-grab items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink"><GripVertical size={16} /></span>
        )}
        <CommandButton id="copy"><Copy size={16} aria-hidden /></CommandButton>
        <Button kind="primary" className="ml-1.5 h-7! px-2.5!" disabled={!document} onClick={() => runCommand('export')}><Share size={13} aria-hidden />Export</Button>
      </div>
      {open && <FindBar />}
      <div className="min-h-0 flex-1"><TextBody /></div>
    </div>
  );
}

function TextBody() {
  const page = useOpenPage();
  const { lines } = useOpenLines();
  if (!page) return <Hint text="The text of the open page appears here." />;
  if (lines.length > 0) return <TextLines />;
  if (page.status === 'read') return page.lineCount === 0 ? <Hint text="No text was found on this page." /> : <Skeleton />;
  if (page.status === 'failed' && page.error?.code === 'pdf-encrypted') return <Hint text="The text appears here when the document is opened with its password." />;
  if (page.status === 'failed') {
    const { what, advice } = page.error ? errorSentence(page.error) : { what: 'This page could not be read.', advice: '' };
    return <Hint text={`${what} ${advice}`}><Button onClick={() => runCommand('reread')}>Read again</Button></Hint>;
  }
  return <Unread pageId={page.id} reading={page.status === 'reading'} />;
}

function Unread({ pageId, reading }: { pageId: string; reading: boolean }) {
  const progress = useReading((state) => state.pages.get(pageId));
  const engine = useReading((state) => state.engine);
  const words = reading ? `${stageWords(progress?.stage ?? 'waiting')}…` : engine.paused ? (engine.error ? `Reading is paused. ${errorSentence(engine.error).what}` : 'Reading is paused.') : engine.state === 'ready' ? 'Waiting to be read…' : 'The engine is starting…';
  return (
    <div className="flex flex-col gap-4 px-4 pt-4">
      <div className="flex items-center gap-3">
        <p className="flex-1 text-small text-muted" role="status">{words}</p>
        {!reading && engine.paused && <Button onClick={() => runCommand('resume-reading')}>Resume</Button>}
      </div>
      {reading && <ProgressBar label="Reading this page" fraction={progress?.fraction ?? 0} />}
      <Skeleton />
    </div>
  );
}

const skeletonWidths = ['w-2/5', 'w-full', 'w-11/12', 'w-full', 'w-3/5', 'w-full', 'w-10/12', 'w-1/3'];
function Skeleton() {
  return (
    <div aria-hidden className="flex animate-shimmer flex-col gap-3 px-4 pt-4">
      {skeletonWidths.map((width, index) => <span key={index} className={`h-3 rounded bg-edge ${width}`} />)}
    </div>
  );
}

function Hint({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 px-8 pt-16 text-center">
      <FileText size={22} className="text-faint" aria-hidden />
      <p className="text-body text-muted" data-selectable>{text}</p>
      {children}
    </div>
  );
}
