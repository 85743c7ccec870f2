// What stands over the page when it cannot simply be shown: failed, without text, without a picture. A reading in progress stays out of the way.
import type { ReactNode } from 'react';
import { CircleAlert, FileX2, Lock, ScanSearch } from 'lucide-react';
import type { LibraryDocument, Page } from '@contract/document.ts';
import { runCommand } from '../commands/command-list.ts';
import { askToDelete, openAgain } from '../stores/library-actions.ts';
import { useReading } from '../stores/reading-store.ts';
import { Button } from '../ui/button.tsx';
import { errorSentence } from '../ui/error-sentences.ts';
import { stageWords } from '../ui/page-sentences.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { PasswordForm } from './password-form.tsx';

/** A card in the middle of the desk for a document that has no pages to show. */
export function DocumentFailed({ document }: { document: LibraryDocument }) {
  const { what, advice } = document.error ? errorSentence(document.error, document.fileName) : { what: `“${document.fileName}” could not be opened.`, advice: '' };
  if (document.error?.code === 'pdf-encrypted') {
    return (
      <div className="flex size-full items-center justify-center bg-desk p-6">
        <Card icon={<Lock size={28} aria-hidden />} plain={document.error.data['passwordGiven'] !== true} title={what} text={advice}>
          <PasswordForm key={document.id} documentId={document.id} autoFocus />
        </Card>
      </div>
    );
  }
  return (
    <div className="flex size-full items-center justify-center bg-desk p-6">
      <Card icon={<FileX2 size={28} aria-hidden />} title={what} text={advice}>
        <Button onClick={() => askToDelete([document.id])}>Remove from library</Button>
        <Button onClick={() => void openAgain(document.id)}>Try again</Button>
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

/** A bar above the page when something about it has to be said or done. */
export function PageBanner({ page, document }: { page: Page; document: LibraryDocument }) {
  if (page.status === 'failed' && page.error?.code === 'pdf-encrypted') {
    const isWrong = page.error.data['passwordGiven'] === true;
    const { what, advice } = errorSentence(page.error, document.fileName);
    // Its pages are known, so it was open once.
    const why = `It was opened before, but this page had not been read when Lectern was closed, and passwords are never stored. Type it once for ${document.pageCount === 1 ? 'the page' : 'all pages'}.`;
    return (
      <Banner bad={isWrong} icon={<Lock size={16} aria-hidden />} title={what} text={isWrong ? advice : why}>
        <PasswordForm documentId={page.documentId} />
      </Banner>
    );
  }
  if (page.status === 'failed') {
    const { what, advice } = page.error ? errorSentence(page.error) : { what: 'This page could not be read.', advice: '' };
    return (
      <Banner bad icon={<CircleAlert size={16} aria-hidden />} title={what} text={advice}>
        <Button onClick={() => runCommand('reread')}>Read again</Button>
      </Banner>
    );
  }
  if (page.status !== 'read' || page.lineCount > 0) return null;
  const blank = page.notes.some((note) => note.kind === 'blank');
  return (
    <Banner icon={<ScanSearch size={16} aria-hidden />} title={blank ? 'This page is blank.' : 'No text was found on this page.'} text={blank ? '' : 'If there is some, turning the page upright may help.'}>
      {!blank && <Button onClick={() => runCommand('rotate-right')}>Rotate</Button>}
      <Button onClick={() => runCommand('reread')}>Read again</Button>
    </Banner>
  );
}

function Banner({ bad = false, icon, title, text, children }: { bad?: boolean; icon: ReactNode; title: string; text: string; children: ReactNode }) {
  return (
    <div role={bad ? 'alert' : 'status'} className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-edge bg-raised py-2 pr-2.5 pl-4">
      <span className={bad ? 'text-bad' : 'text-muted'}>{icon}</span>
      <p className="min-w-48 flex-1 text-body" data-selectable><span className="font-medium">{title}</span> <span className="text-muted">{text}</span></p>
      <span className="flex gap-2">{children}</span>
    </div>
  );
}

/** The reading in progress, over the top of the page and out of the way of the pointer. */
export function PageReading({ page }: { page: Page }) {
  const progress = useReading((reading) => reading.pages.get(page.id));
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

function Card({ icon, title, text, children, plain = false }: { icon: ReactNode; title: string; text: string; children: ReactNode; /** Nothing is wrong. */ plain?: boolean }) {
  return (
    <div role={plain ? 'group' : 'alert'} className="flex max-w-md flex-col items-center gap-3 rounded-xl border border-edge bg-raised px-8 py-7 text-center shadow-float">
      <span className={plain ? 'text-muted' : 'text-bad'}>{icon}</span>
      <p className="text-head font-semibold break-words" data-selectable>{title}</p>
      <p className="text-body text-muted" data-selectable>{text}</p>
      <div className="mt-1 flex gap-2">{children}</div>
    </div>
  );
}
