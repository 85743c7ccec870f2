// The foot of the window: what is being brought in and read (with pause and stop), the engine's state, and what there is to say about the open page.
import { CircleAlert, LoaderCircle, Pause, Play, X } from 'lucide-react';
import { runCommand } from '../commands/command-list.ts';
import { cancelImport } from '../stores/library-actions.ts';
import { useLibrary } from '../stores/library-store.ts';
import { cancelReading } from '../stores/page-actions.ts';
import { usePages } from '../stores/page-store.ts';
import { useReading } from '../stores/reading-store.ts';
import { useSettings } from '../stores/settings-store.ts';
import { useOpenLines, useOpenPage, useOpenText } from '../stores/use-open-page.ts';
import { IconButton } from '../ui/button.tsx';
import { errorLine, errorSentence } from '../ui/error-sentences.ts';
import { durationWords, noteSentence, sourceSentence, stageWords } from '../ui/page-sentences.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { Tooltip } from '../ui/tooltip.tsx';

export function StatusLine() {
  return (
    <footer aria-label="Status" className="flex h-8 shrink-0 items-center gap-4 overflow-hidden border-t border-edge bg-panel px-3.5 text-small text-muted">
      <Work />
      <span className="flex-1" />
      <PageFacts />
    </footer>
  );
}

function Work() {
  const importing = useLibrary((library) => library.importing);
  if (importing) {
    return (
      <div className="flex min-w-0 items-center gap-2" role="status">
        <LoaderCircle size={14} className="shrink-0 animate-spin text-accent-text" aria-hidden />
        <span className="truncate">Adding {importing.fileName}</span>
        <span className="shrink-0 tabular-nums">{importing.done.toLocaleString('en')} of {importing.total.toLocaleString('en')}</span>
        <ProgressBar label="Adding files" fraction={importing.total === 0 ? 0 : importing.done / importing.total} className="w-24 shrink-0" />
        <IconButton small side="top" label="Stop adding" onClick={cancelImport}><X size={14} aria-hidden /></IconButton>
      </div>
    );
  }
  return <Reading />;
}

function Reading() {
  const engine = useReading((reading) => reading.engine);
  const running = useReading((reading) => reading.pages);
  const [pageId, progress] = [...running].find(([, one]) => one.stage !== 'waiting') ?? [...running][0] ?? [];
  const documentId = progress?.documentId ?? '';
  const title = useLibrary((library) => library.byId.get(documentId)?.title);
  const page = usePages((pages) => pages.byDocument.get(documentId)?.find((one) => one.id === pageId));
  if (engine.state === 'stopped') {
    return <span className="flex min-w-0 items-center gap-2 text-bad" role="status"><CircleAlert size={14} className="shrink-0" aria-hidden /><span className="truncate">{engine.error ? errorSentence(engine.error).what : 'The reading engine has stopped.'}</span></span>;
  }
  if (engine.state === 'starting' && engine.queued > 0) return <span role="status">The reading engine is starting…</span>;
  if (engine.queued === 0 && !progress) return <span role="status">{engine.state === 'ready' ? 'Ready' : 'Starting…'}</span>;
  const more = engine.queued - (progress ? 1 : 0);
  return (
    <div className="flex min-w-0 items-center gap-2" role="status">
      {!engine.paused && <LoaderCircle size={14} className="shrink-0 animate-spin text-accent-text" aria-hidden />}
      {progress && <span className="shrink-0">{stageWords(progress.stage)}</span>}
      {!progress && <span className="shrink-0">{engine.paused ? 'Reading is paused' : 'Reading'}</span>}
      {engine.paused && engine.error && <span className="min-w-0 truncate text-bad">{errorLine(engine.error)}</span>}
      {title && <span className="min-w-0 truncate text-faint">{title}{page && page.index > 0 && `, page ${page.index + 1}`}</span>}
      {progress && <ProgressBar label="Reading" fraction={progress.fraction} className="w-24 shrink-0" />}
      {more > 0 && <span className="shrink-0 text-faint tabular-nums">{more.toLocaleString('en')} waiting</span>}
      {engine.paused
        ? <IconButton small side="top" label="Resume reading" onClick={() => runCommand('resume-reading')}><Play size={14} aria-hidden /></IconButton>
        : <IconButton small side="top" label="Pause reading" onClick={() => runCommand('pause-reading')}><Pause size={14} aria-hidden /></IconButton>}
      {pageId !== undefined && <IconButton small side="top" label="Stop reading this page" onClick={() => void cancelReading([pageId])}><X size={14} aria-hidden /></IconButton>}
    </div>
  );
}

function PageFacts() {
  const page = useOpenPage();
  const { lines } = useOpenLines();
  const source = useOpenText()?.source;
  const lowConfidence = useSettings(({ settings }) => settings.lowConfidence);
  if (!page) return null;
  const doubtful = lines.filter(({ line }) => line.confidence < lowConfidence).length;
  return (
    <div className="flex shrink-0 items-center gap-3 whitespace-nowrap">
      {source && <Fact {...sourceSentence(source)} />}
      {page.notes.map((note) => <Fact key={note.kind} {...noteSentence(note)} />)}
      {doubtful > 0 && (
        <button type="button" onClick={() => runCommand('next-doubtful')} className="rounded bg-warn-soft px-1.5 text-tiny text-warn hover:brightness-95">{doubtful} uncertain</button>
      )}
      {page.status === 'read' && <span className="tabular-nums">{page.lineCount.toLocaleString('en')} {page.lineCount === 1 ? 'line' : 'lines'}{page.confidence !== null && `, ${Math.round(page.confidence * 100)} %`}</span>}
      {page.status === 'read' && page.readMs !== null && <span className="hidden text-faint tabular-nums lg:inline">read in {durationWords(page.readMs)}</span>}
      <span className="hidden text-faint tabular-nums xl:inline">{page.width.toLocaleString('en')} × {page.height.toLocaleString('en')}</span>
    </div>
  );
}

/** A few words that explain themselves when pointed at. */
function Fact({ short, long }: { short: string; long: string }) {
  return (
    <Tooltip label={long} side="top">
      <button type="button" className="shrink-0 rounded border border-edge px-1.5 text-tiny">{short}</button>
    </Tooltip>
  );
}
