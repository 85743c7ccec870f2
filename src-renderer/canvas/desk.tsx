// The middle of the window: toolbar, page, thumbnails, or what stands there when there is nothing to show.
import { Camera, FolderOpen } from 'lucide-react';
import { keysOf } from '../commands/use-command.tsx';
import { runCommand } from '../commands/command-list.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useOpenDocument, useOpenPage } from '../stores/use-open-page.ts';
import { Button } from '../ui/button.tsx';
import { PageCanvas } from './page-canvas.tsx';
import { DocumentFailed, DocumentPreparing, PageBanner, PageReading } from './page-state.tsx';
import { PageToolbar } from './page-toolbar.tsx';
import { ThumbnailStrip } from './thumbnail-strip.tsx';

export function Desk() {
  return (
    <main id="desk" aria-label="Page" className="flex min-w-0 flex-1 flex-col">
      <PageToolbar />
      <div className="relative min-h-0 flex-1">
        <DeskContent />
      </div>
      <ThumbnailStrip />
    </main>
  );
}

function DeskContent() {
  const loaded = useLibrary((library) => library.loaded);
  const empty = useLibrary((library) => library.byId.size === 0);
  const document = useOpenDocument();
  const page = useOpenPage();
  if (!loaded) return <div className="size-full bg-desk" />;
  if (!document) return empty ? <EmptyDesk /> : <p className="flex size-full items-center justify-center bg-desk text-muted">Choose a document on the left.</p>;
  if (document.status === 'failed') return <DocumentFailed document={document} />;
  if (!page) return document.status === 'preparing' ? <DocumentPreparing document={document} /> : <div className="size-full bg-desk" />;
  return (
    <div className="flex size-full flex-col">
      <PageBanner page={page} document={document} />
      <div className="relative min-h-0 flex-1">
        <PageCanvas label={`Text on page ${page.index + 1} of ${document.title}`} />
        <PageReading page={page} />
      </div>
    </div>
  );
}

/** The first thing a new user sees: what to do, in one look. */
function EmptyDesk() {
  return (
    <div className="flex size-full items-center justify-center overflow-auto bg-desk p-6">
      <div className="flex w-full max-w-lg flex-col items-center rounded-2xl border-2 border-dashed border-edge-strong bg-raised px-8 py-10 text-center">
        <EmptyPicture />
        <h2 className="mt-5 text-large font-semibold">Drop a PDF, scan, photo or screenshot here</h2>
        <p className="mt-1.5 max-w-sm text-body text-muted">In seconds its text lies on the page as boxes that you can click, search, copy and export. Nothing leaves this computer.</p>
        <div className="mt-5 flex flex-wrap items-center justify-center gap-3">
          <Button kind="primary" onClick={() => runCommand('open')}><FolderOpen size={15} aria-hidden />Add files…</Button>
          <Button onClick={() => runCommand('capture-screen')}><Camera size={15} aria-hidden />Capture the screen…</Button>
          <span className="text-small text-muted">or paste a picture with {keysOf('paste')}</span>
        </div>
        <p className="mt-6 text-tiny text-faint">PDF · PNG · JPEG · WebP · TIFF · GIF · BMP · AVIF · SVG · HEIC · whole folders</p>
      </div>
    </div>
  );
}

/** A page with some of its lines boxed. */
function EmptyPicture() {
  return (
    <svg width="112" height="96" viewBox="0 0 112 96" fill="none" aria-hidden>
      <rect x="26" y="4" width="60" height="84" rx="5" fill="var(--desk)" transform="rotate(-7 56 46)" />
      <rect x="28" y="6" width="60" height="84" rx="5" fill="var(--raised)" stroke="var(--edge-strong)" strokeWidth="1.5" />
      <rect x="37" y="17" width="30" height="7" rx="1.5" fill="var(--accent-soft)" stroke="var(--accent-text)" strokeWidth="1.5" />
      <rect x="37" y="33" width="42" height="4" rx="2" fill="var(--edge)" />
      <rect x="37" y="42" width="36" height="4" rx="2" fill="var(--edge)" />
      <rect x="37" y="51" width="42" height="4" rx="2" fill="var(--edge)" />
      <rect x="37" y="64" width="18" height="4" rx="2" fill="var(--edge)" />
      <rect x="59" y="61.5" width="20" height="9" rx="1.5" fill="var(--accent-soft)" stroke="var(--accent-text)" strokeWidth="1.5" />
      <rect x="37" y="76" width="26" height="4" rx="2" fill="var(--edge)" />
    </svg>
  );
}
