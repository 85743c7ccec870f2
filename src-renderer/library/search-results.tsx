// Where the library search found its text: grouped by document, each place a line that opens its page with the line selected.
import { useMemo } from 'react';
import type { SearchHit } from '@contract/document.ts';
import { findInDocument, openFind, showLineWhenReady, useFind } from '../stores/find-store.ts';
import { openDocument } from '../stores/desk-store.ts';
import { markOnly, useLibrary } from '../stores/library-store.ts';
import { Marked } from '../ui/marked.tsx';

const noHits: readonly SearchHit[] = [];
const shownPerDocument = 12;

export function SearchResults() {
  const hits = useFind((find) => find.libraryHits) ?? noHits;
  const text = useFind((find) => find.libraryText);
  const byId = useLibrary((library) => library.byId);
  const titled = [...byId.values()].filter((one) => one.title.toLocaleLowerCase().includes(text.trim().toLocaleLowerCase()));
  const groups = useMemo(() => {
    const grouped = new Map<string, SearchHit[]>();
    for (const hit of hits) grouped.set(hit.documentId, [...(grouped.get(hit.documentId) ?? []), hit]);
    return [...grouped];
  }, [hits]);

  if (hits.length === 0 && titled.length === 0) return <p className="px-6 pt-8 text-center text-small text-faint" role="status">No document contains “{text.trim()}”.</p>;
  return (
    <div id="library-results" className="size-full overflow-y-auto pb-4" onKeyDown={moveBetweenHits}>
      <p className="sr-only" role="status">{hits.length} places found</p>
      {titled.length > 0 && (
        <section aria-label="Titles" className="px-1.5 pt-1">
          <h3 className="px-2 py-1 text-tiny font-semibold text-faint uppercase">Titles</h3>
          {titled.slice(0, shownPerDocument).map((one) => (
            <button key={one.id} type="button" data-hit onClick={() => { openDocument(one.id); markOnly(one.id); }} className="focus-inside block w-full truncate rounded-md px-2 py-1 text-left text-body hover:bg-hover">
              {one.title}
            </button>
          ))}
        </section>
      )}
      {groups.map(([documentId, found]) => (
        <section key={documentId} aria-label={byId.get(documentId)?.title} className="px-1.5 pt-2">
          <h3 className="flex items-baseline gap-2 px-2 py-1 text-small font-semibold">
            <span className="min-w-0 flex-1 truncate">{byId.get(documentId)?.title ?? 'Document'}</span>
            <span className="text-tiny font-normal text-faint tabular-nums">{found.length}</span>
          </h3>
          {found.slice(0, shownPerDocument).map((hit) => <Hit key={`${hit.pageId}-${hit.lineIndex}`} hit={hit} />)}
          {found.length > shownPerDocument && <p className="px-2 py-1 text-tiny text-faint">and {found.length - shownPerDocument} more in this document</p>}
        </section>
      ))}
    </div>
  );
}

function Hit({ hit }: { hit: SearchHit }) {
  const open = (): void => {
    const { libraryText } = useFind.getState();
    openDocument(hit.documentId, hit.pageIndex);
    markOnly(hit.documentId);
    openFind();
    findInDocument(libraryText, hit);
    showLineWhenReady(hit.pageId, hit.lineIndex);
  };
  return (
    <button type="button" data-hit onClick={open} className="focus-inside flex w-full items-baseline gap-2 rounded-md px-2 py-1 text-left text-small text-muted hover:bg-hover">
      <span className="line-clamp-2 min-w-0 flex-1 break-words"><Marked text={hit.text} ranges={hit.ranges} around={36} /></span>
      <span className="shrink-0 text-tiny text-faint tabular-nums">p. {hit.pageIndex + 1}</span>
    </button>
  );
}

/** Arrows walk through the hits as through a list; Escape goes back to the field. */
function moveBetweenHits(event: React.KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const hits = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-hit]')];
  const next = hits.indexOf(document.activeElement as HTMLElement) + step;
  (next < 0 ? document.getElementById('library-search') : hits[next])?.focus();
}
