// What is attached to a question, as small pictures with the numbers by which an answer calls them. A click opens the page.
import { useEffect } from 'react';
import { FileImage, X } from 'lucide-react';
import type { Attachment, Message } from '@contract/conversation.ts';
import type { Page } from '@contract/document.ts';
import { boundsOf } from '@contract/geometry.ts';
import { useConversations } from '../stores/conversation-store.ts';
import { ensureAttached, useAttached } from '../stores/attached-pages.ts';
import { openDocument, revealOnPage } from '../stores/desk-store.ts';
import { markOnly, useLibrary } from '../stores/library-store.ts';
import { ensurePages, usePages } from '../stores/page-store.ts';
import { IconButton } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { PageThumbnail } from '../ui/page-thumbnail.tsx';

/** How many pictures an attachment becomes. */
export function pictureCount(attachment: Attachment, pagesOfDocument: (documentId: string) => number): number {
  return attachment.kind === 'document' ? pagesOfDocument(attachment.documentId) : 1;
}

/** The number of the first picture that comes after these messages, counted as the model counts them. */
export function useFirstNumber(before: readonly Message[]): number {
  const byId = useLibrary((library) => library.byId);
  return 1 + before.reduce((sum, message) => sum + picturesOf(message, byId), 0);
}

type KnownDocuments = ReturnType<typeof useLibrary.getState>['byId'];

function picturesOf({ attachments }: Message, byId: KnownDocuments): number {
  return attachments.reduce((sum, one) => sum + pictureCount(one, (id) => byId.get(id)?.pageCount ?? 1), 0);
}

let counted: { branch: readonly Message[]; byId: KnownDocuments; first: ReadonlyMap<string, number> } | null = null;

/** The numbers of first pictures, counted once for a whole branch: a thousand questions do not each count what comes before them. */
function firstNumbers(branch: readonly Message[], byId: KnownDocuments): ReadonlyMap<string, number> {
  if (counted?.branch === branch && counted.byId === byId) return counted.first;
  const first = new Map<string, number>();
  let next = 1;
  for (const one of branch) {
    first.set(one.id, next);
    next += picturesOf(one, byId);
  }
  counted = { branch, byId, first };
  return first;
}

/** The number of a message's first picture. */
export function useFirstNumberOf(message: Message): number {
  const branch = useConversations((state) => state.branch);
  const byId = useLibrary((library) => library.byId);
  return firstNumbers(branch, byId).get(message.id) ?? 1;
}

interface StripProps {
  attachments: readonly Attachment[];
  /** The number of the first picture. */
  first: number;
  align?: 'start' | 'end';
  onRemove?(at: number): void;
}

export function AttachmentStrip({ attachments, first, align = 'start', onRemove }: StripProps) {
  const byId = useLibrary((library) => library.byId);
  const counts = attachments.map((one) => pictureCount(one, (id) => byId.get(id)?.pageCount ?? 1));
  const numbers = counts.map((count, at) => {
    const from = first + counts.slice(0, at).reduce((sum, one) => sum + one, 0);
    return count > 1 ? `${from}–${from + count - 1}` : `${from}`;
  });
  return (
    <ul aria-label="Attached" className={classes('mb-1.5 flex max-w-full flex-wrap gap-1.5', align === 'end' && 'justify-end')}>
      {attachments.map((attachment, at) => <Chip key={JSON.stringify(attachment)} attachment={attachment} numbers={numbers[at]!} onRemove={onRemove && (() => onRemove(at))} />)}
    </ul>
  );
}

function Chip({ attachment, numbers, onRemove }: { attachment: Attachment; numbers: string; onRemove: (() => void) | undefined }) {
  const page = useAttachedPage(attachment);
  const documentId = attachment.kind === 'document' ? attachment.documentId : page?.documentId;
  const document = useLibrary((library) => (documentId === undefined ? undefined : library.byId.get(documentId)));
  const gone = page === null && (attachment.kind !== 'document' || !document);
  const title = document?.title ?? (gone ? 'No longer in the library' : 'Page');
  const part = attachment.kind === 'document' ? `${document?.pageCount ?? 0} ${document?.pageCount === 1 ? 'page' : 'pages'}`
    : attachment.kind === 'lines' ? `${attachment.lineIndexes.length} ${attachment.lineIndexes.length === 1 ? 'line' : 'lines'}${page && (document?.pageCount ?? 1) > 1 ? ` of page ${page.index + 1}` : ''}`
    : page && (document?.pageCount ?? 1) > 1 ? `page ${page.index + 1}` : 'whole page';
  const open = (): void => {
    if (!page) return;
    void ensurePages(page.documentId).then(() => {
      openDocument(page.documentId, page.index);
      markOnly(page.documentId);
      if (attachment.kind === 'lines') revealOnPage(boundsOf(attachment.quad));
    });
  };
  return (
    <li className="flex max-w-56 items-center rounded-lg border border-edge bg-raised">
      <button type="button" onClick={open} disabled={!page} aria-label={`Picture ${numbers}: ${title} ${part}. Open`} className="focus-inside flex min-w-0 items-center gap-2 rounded-lg py-1 pr-2 pl-1 text-left hover:bg-hover">
        <span className="relative flex size-9 shrink-0 items-center justify-center overflow-hidden rounded bg-desk">
          {page ? <Preview page={page} attachment={attachment} /> : <FileImage size={16} className="text-faint" aria-hidden />}
          <span className="absolute bottom-0 left-0 rounded-tr bg-ink px-1 text-[0.625rem] leading-3.5 font-semibold text-raised tabular-nums" aria-hidden>{numbers}</span>
        </span>
        <span className="min-w-0">
          <span className={classes('block truncate text-small', gone && 'text-bad')}>{title}</span>
          <span className="block truncate text-tiny text-faint">{part}</span>
        </span>
      </button>
      {onRemove && <IconButton small label={`Remove ${title}`} className="mr-0.5" onClick={onRemove}><X size={13} aria-hidden /></IconButton>}
    </li>
  );
}

/** The whole page, or the part of it around the lines: the same small picture, moved and enlarged. */
function Preview({ page, attachment }: { page: Page; attachment: Attachment }) {
  if (attachment.kind !== 'lines' || page.rotation !== 0) return <PageThumbnail page={page} className="max-h-9 max-w-9" />;
  const { x, y, width, height } = boundsOf(attachment.quad);
  const scale = 36 / Math.max(1, Math.max(width, height) * 1.1);
  const left = 18 - (x + width / 2) * scale;
  const top = 18 - (y + height / 2) * scale;
  return <img src={`page://${page.id}/thumbnail`} alt="" draggable={false} decoding="async" className="absolute top-0 left-0 max-w-none origin-top-left" style={{ width: page.width * scale, height: page.height * scale, transform: `translate(${left}px, ${top}px)` }} />;
}

/** The page an attachment begins with; null when it is gone, undefined while it is fetched. */
function useAttachedPage(attachment: Attachment): Page | null | undefined {
  const key = attachment.kind === 'document' ? attachment.documentId : attachment.pageId;
  const single = useAttached((attached) => (attachment.kind === 'document' ? undefined : attached.byId.get(key)));
  const first = usePages((pages) => (attachment.kind === 'document' ? pages.byDocument.get(key)?.[0] : undefined));
  const known = useLibrary((library) => attachment.kind === 'document' && library.byId.has(key));
  useEffect(() => {
    if (attachment.kind !== 'document') void ensureAttached([key]);
    else if (known) void ensurePages(key);
  }, [attachment.kind, key, known]);
  return attachment.kind === 'document' ? (first ?? (known ? undefined : null)) : single;
}
