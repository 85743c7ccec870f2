// The left side: search over everything, the documents below it, or the places where the search found its text.
import { FolderOpen, GitCompare, Keyboard, ListChecks, Search, Settings, X } from 'lucide-react';
import { CommandButton } from '../commands/use-command.tsx';
import { searchLibrary, useFind } from '../stores/find-store.ts';
import { arrangeLibrary, useLibrary } from '../stores/library-store.ts';
import { IconButton } from '../ui/button.tsx';
import { TextField } from '../ui/text-field.tsx';
import { DocumentList } from './document-list.tsx';
import { filterWords, LibraryOrder } from './library-order.tsx';
import { SearchResults } from './search-results.tsx';

export function LibraryPanel() {
  const text = useFind((find) => find.libraryText);
  const searching = useFind((find) => find.libraryHits !== null);
  const filter = useLibrary((library) => library.filter);
  const count = useLibrary((library) => library.documents.length);
  const marked = useLibrary((library) => library.marked.size);
  return (
    <div className="flex size-full min-w-0 flex-col bg-panel">
      <div className="flex h-11 shrink-0 items-center gap-1 pr-2 pl-3.5">
        <h2 className="flex-1 text-body font-semibold">Library</h2>
        <LibraryOrder />
        <CommandButton id="open"><FolderOpen size={16} aria-hidden /></CommandButton>
      </div>
      <div className="px-3 pb-2">
        <TextField
          id="library-search"
          label="Search the library"
          placeholder="Search all documents"
          value={text}
          onText={searchLibrary}
          onEscape={() => searchLibrary('')}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            document.querySelector<HTMLElement>('#library-results [data-hit], #document-list')?.focus();
          }}
          icon={<Search size={14} />}
          after={text !== '' && <IconButton small label="Clear the search" onClick={() => searchLibrary('')}><X size={14} aria-hidden /></IconButton>}
        />
      </div>
      {filter && (
        <p className="flex items-center gap-1 px-3.5 pb-1 text-small text-muted">
          <span className="min-w-0 flex-1 truncate">Only: {filterWords(filter)}</span>
          <IconButton small label="Show all documents" onClick={() => arrangeLibrary({ filter: null })}><X size={14} aria-hidden /></IconButton>
        </p>
      )}
      <div className="min-h-0 flex-1">{searching ? <SearchResults /> : <DocumentList />}</div>
      <div className="flex h-9 shrink-0 items-center gap-0.5 border-t border-edge pr-1.5 pl-3.5">
        <p className="min-w-0 flex-1 truncate text-tiny text-faint tabular-nums" aria-live="polite">
          {marked > 1 ? `${marked.toLocaleString('en')} of ${count.toLocaleString('en')} marked` : `${count.toLocaleString('en')} ${count === 1 ? 'document' : 'documents'}`}
        </p>
        {marked > 1 && (
          <>
            <CommandButton id="compare" side="top"><GitCompare size={15} aria-hidden /></CommandButton>
            <CommandButton id="extract" side="top"><ListChecks size={15} aria-hidden /></CommandButton>
          </>
        )}
        <CommandButton id="shortcuts" side="top"><Keyboard size={15} aria-hidden /></CommandButton>
        <CommandButton id="settings" side="top"><Settings size={15} aria-hidden /></CommandButton>
      </div>
    </div>
  );
}
