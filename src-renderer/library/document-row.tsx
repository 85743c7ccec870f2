// One document of the list: first page's picture, title, pages, and how far its reading is. The title is edited in place.
import { useEffect, useState } from 'react';
import { CircleAlert, FileImage, Lock } from 'lucide-react';
import type { LibraryDocument } from '@contract/document.ts';
import { documentDragType, useLayout } from '../stores/layout-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { renameDocument } from '../stores/library-actions.ts';
import { ensurePages, noPages, usePages } from '../stores/page-store.ts';
import { useReading } from '../stores/reading-store.ts';
import { classes } from '../ui/classes.ts';
import { errorInShort } from '../ui/error-sentences.ts';
import { PageThumbnail } from '../ui/page-thumbnail.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { TextField } from '../ui/text-field.tsx';

export const rowHeight = 64;

interface RowProps { document: LibraryDocument; top: number; index: number; count: number; open: boolean; marked: boolean; onClick(event: React.MouseEvent): void }

export function DocumentRow({ document, top, index, count, open, marked, onClick }: RowProps) {
  const renaming = useLayout((layout) => layout.renamingId === document.id);
  const state = useRowState(document);
  return (
    <div
      id={`document-${document.id}`}
      data-document={document.id}
      role="option"
      aria-selected={marked}
      aria-current={open || undefined}
      aria-posinset={index + 1}
      aria-setsize={count}
      title={document.title === document.fileName ? document.title : `${document.title}\n${document.fileName}`}
      onClick={onClick}
      draggable={!renaming}
      onDragStart={(event) => {
        const { marked: all } = useLibrary.getState();
        event.dataTransfer.setData(documentDragType, all.has(document.id) ? [...all].join(' ') : document.id);
        event.dataTransfer.effectAllowed = 'copy';
      }}
      className={classes(
        // Attributes alone say how a row looks: the first frame sets them without this program.
        'group absolute inset-x-1.5 top-0 flex items-center gap-3 rounded-lg px-2',
        'aria-selected:bg-accent-soft not-aria-selected:aria-[current=true]:bg-pressed not-aria-selected:not-aria-[current=true]:hover:bg-hover',
      )}
      style={{ height: rowHeight - 2, transform: `translateY(${top}px)` }}
    >
      <Cover document={document} />
      <div className="min-w-0 flex-1">
        {renaming ? <TitleField document={document} /> : <p className="truncate text-body group-aria-[current=true]:font-semibold">{document.title}</p>}
        <p className={classes('flex items-center gap-1 truncate text-small', state.bad ? 'text-bad' : 'text-faint')}>
          {state.bad && <CircleAlert size={12} aria-hidden className="shrink-0" />}
          {state.locked && <Lock size={12} aria-hidden className="shrink-0" />}
          <span className="truncate">{state.words}{document.tags.length > 0 && ` · ${document.tags.join(', ')}`}</span>
        </p>
        {state.fraction !== null && <ProgressBar label={`Reading ${document.title}`} fraction={state.fraction} className="mt-1" />}
      </div>
    </div>
  );
}

/** The small picture of the first page; fetching the pages is what makes the row know it. */
function Cover({ document }: { document: LibraryDocument }) {
  useEffect(() => {
    if (document.status === 'ready') void ensurePages(document.id);
  }, [document.id, document.status]);
  const first = usePages((pages) => (pages.byDocument.get(document.id) ?? noPages)[0]);
  return (
    <span className="flex h-12 w-10 shrink-0 items-center justify-center overflow-hidden rounded-[3px]" aria-hidden>
      {first ? <PageThumbnail page={first} className="max-h-12 max-w-10 rounded-[3px] outline-1 -outline-offset-1 outline-edge-strong" /> : <FileImage size={20} className="text-faint" />}
    </span>
  );
}

interface RowState { words: string; bad: boolean; locked?: boolean; fraction: number | null }
const asksForPassword: RowState = { words: 'Asks for its password', bad: false, locked: true, fraction: null };

function useRowState({ id, status, error, fileName, pageCount, readCount, failedCount }: LibraryDocument): RowState {
  const current = usePages((pages) => (pages.byDocument.get(id) ?? noPages).find((page) => page.status === 'reading')?.id);
  const isLocked = usePages((pages) => (pages.byDocument.get(id) ?? noPages).some((page) => page.error?.code === 'pdf-encrypted'));
  const progress = useReading((reading) => (current === undefined ? undefined : reading.pages.get(current)));
  const pages = pageCount === 1 ? '1 page' : `${pageCount.toLocaleString('en')} pages`;
  if (isLocked || (error?.code === 'pdf-encrypted' && error.data['passwordGiven'] !== true)) return asksForPassword;
  if (status === 'failed') return { words: error ? errorInShort(error, fileName) : 'Could not be opened', bad: true, fraction: null };
  if (status === 'preparing') return { words: 'Opening…', bad: false, fraction: null };
  const left = pageCount - readCount - failedCount;
  if (left > 0) {
    const words = current === undefined ? (pageCount > 1 ? `${readCount} of ${pages} read` : 'Waiting to be read') : pageCount > 1 ? `Reading, ${readCount} of ${pages}` : 'Reading…';
    const fraction = (readCount + failedCount + (progress?.fraction ?? 0)) / pageCount;
    return { words, bad: false, fraction: current === undefined && readCount === 0 ? null : fraction };
  }
  if (failedCount > 0) return { words: pageCount === 1 ? 'Could not be read' : `${pages}, ${failedCount} could not be read`, bad: true, fraction: null };
  return { words: pages, bad: false, fraction: null };
}

function TitleField({ document }: { document: LibraryDocument }) {
  const [title, setTitle] = useState(document.title);
  const stop = (): void => {
    useLayout.setState({ renamingId: null });
    globalThis.document.getElementById('document-list')?.focus();
  };
  return (
    <TextField
      label="Title"
      value={title}
      maxLength={300}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onClick={(event) => event.stopPropagation()}
      onText={setTitle}
      onEnter={() => { void renameDocument(document.id, title); stop(); }}
      onEscape={stop}
      onBlur={() => { void renameDocument(document.id, title); useLayout.setState({ renamingId: null }); }}
      className="h-6! px-1!"
    />
  );
}
