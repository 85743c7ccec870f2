// What stands over the page when it cannot simply be shown: failed, without text, without a picture. A reading in progress stays out of the way.
import type { ReactNode } from 'react';
import { FileX2, ImageOff, ScanSearch } from 'lucide-react';
import type { LibraryDocument, Page } from '@contract/document.ts';
import { runCommand } from '../commands/command-list.ts';
import { askToDelete } from '../stores/library-actions.ts';
import { useReading } from '../stores/reading-store.ts';
import { Button } from '../ui/button.tsx';
import { errorSentence } from '../ui/error-sentences.ts';
import { stageWords } from '../ui/page-sentences.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';

/** A card in the middle of the desk for a document that has no pages to show. */
export function DocumentFailed({ document }: { document: LibraryDocument }) {
  const { what, advice } = document.error ? errorSentence(document.error, document.fileName) : { what: `“${document.fileName}” could not be opened.`, advice: '' };
  return (
    <div className="flex size-full items-center justify-center bg-desk p-6">
      <Card icon={<FileX2 size={28} aria-hidden />} title={what} text={advice}>
        <Button onClick={() => askToDelete([document.id])}>Remove from library</Button>
      </Card>
    </div>
  );
}

export function DocumentPreparing({ document }: { document: LibraryDocument }) {
  const progress = useReading((reading) => reading.documents.get(document.id));
  return (
    <div className="flex size-full flex-col items-center justify-center gap-3 bg-desk p-6 text-muted" role="status">
      <p>Opening “{document.fileName}”…</p>
      <ProgressBar label="Opening" fraction={progress?.fraction ?? 0} className="w-48" />
    </div>
  );
}

/** Strips over the top of the page; the page itself stays visible and usable. */
export function PageState({ page }: { page: Page }) {
  const progress = useReading((reading) => reading.pages.get(page.id));
  if (page.status === 'failed') {
    const { what, advice } = page.error ? errorSentence(page.error) : { what: 'This page could not be read.', advice: '' };
    return (
      <Strip tone="bad" icon={<ImageOff size={16} aria-hidden />} text={`${what} ${advice}`}>
        <Button onClick={() => runCommand('reread')}>Read again</Button>
      </Strip>
    );
  }
  if (page.status === 'read' && page.lineCount === 0) {
    return (
      <Strip tone="plain" icon={<ScanSearch size={16} aria-hidden />} text="No text was found on this page. If there is some, turning the page upright may help.">
        <Button onClick={() => runCommand('rotate-right')}>Rotate</Button>
        <Button onClick={() => runCommand('reread')}>Read again</Button>
      </Strip>
    );
  }
  if (page.status !== 'reading') return null;
  return (
    <div className="pointer-events-none absolute inset-x-0 top-0" aria-hidden>
      <div className="h-0.5 bg-accent-soft">
        <div className="h-full origin-left bg-accent-text transition-transform duration-200" style={{ transform: `scaleX(${progress?.fraction ?? 0})` }} />
      </div>
      <p className="mx-auto mt-3 w-fit animate-fade rounded-full border border-edge bg-raised px-3 py-1 text-small text-muted shadow-float">{stageWords(progress?.stage ?? 'waiting')}…</p>
    </div>
  );
}

function Strip({ tone, icon, text, children }: { tone: 'bad' | 'plain'; icon: ReactNode; text: string; children: ReactNode }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 top-0 flex justify-center p-3">
      <div role={tone === 'bad' ? 'alert' : 'status'} className="pointer-events-auto flex max-w-2xl animate-rise flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-edge bg-raised px-3.5 py-2.5 shadow-float">
        <span className={tone === 'bad' ? 'text-bad' : 'text-muted'}>{icon}</span>
        <p className="min-w-40 flex-1 text-body" data-selectable>{text}</p>
        <span className="flex gap-2">{children}</span>
      </div>
    </div>
  );
}

function Card({ icon, title, text, children }: { icon: ReactNode; title: string; text: string; children: ReactNode }) {
  return (
    <div role="alert" className="flex max-w-md flex-col items-center gap-3 rounded-xl border border-edge bg-raised px-8 py-7 text-center shadow-float">
      <span className="text-bad">{icon}</span>
      <p className="text-head font-semibold break-words" data-selectable>{title}</p>
      <p className="text-body text-muted" data-selectable>{text}</p>
      <div className="mt-1 flex gap-2">{children}</div>
    </div>
  );
}
