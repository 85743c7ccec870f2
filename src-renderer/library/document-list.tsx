// The documents as a list: one click opens, Shift and Ctrl mark several, arrows, F2 and Delete by keyboard. Draws only the rows in view.
import { useEffect, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { LibraryDocument } from '@contract/document.ts';
import { commandEntries } from '../commands/use-command.tsx';
import { openDocument, useDesk } from '../stores/desk-store.ts';
import { markAll, markOnly, markTo, toggleMark, useLibrary } from '../stores/library-store.ts';
import { isComposing } from '../ui/is-composing.ts';
import { PointerMenu, type MenuEntry } from '../ui/menu.tsx';
import { DocumentRow, rowHeight } from './document-row.tsx';

/** Taken until the list has been measured, so that its first drawing holds the rows. */
const likelySize = { width: 300, height: 800 };

export function DocumentList() {
  const documents = useLibrary((library) => library.documents);
  const all = useLibrary((library) => library.byId.size);
  const loaded = useLibrary((library) => library.loaded);
  const marked = useLibrary((library) => library.marked);
  const openId = useDesk((desk) => desk.documentId);
  const scroller = useRef<HTMLDivElement>(null);
  const [entries, setEntries] = useState<readonly MenuEntry[]>([]);
  const rows = useVirtualizer({ count: documents.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 6, initialRect: likelySize, getItemKey: (index) => documents[index]?.id ?? index });

  const openIndex = documents.findIndex((one) => one.id === openId);
  useEffect(() => {
    if (openIndex >= 0) rows.scrollToIndex(openIndex, { align: 'auto' });
  }, [openIndex, rows]);

  if (loaded && documents.length === 0 && all > 0) return <p className="px-6 pt-8 text-center text-small text-faint">No document is of that kind.</p>;
  if (loaded && documents.length === 0) {
    return <p className="px-6 pt-8 text-center text-small text-faint">Nothing here yet. Documents that you drop on the window are kept here.</p>;
  }

  const step = (event: React.KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (isComposing(event) || event.target !== event.currentTarget) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') markAll();
    else if (event.key === 'Escape') markOnly(openId);
    else if (by !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
      const next = documents[Math.max(0, Math.min(documents.length - 1, openIndex + by))];
      if (!next) return;
      openDocument(next.id);
      if (event.shiftKey) markTo(next.id);
      else markOnly(next.id);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const click = (document: LibraryDocument, event: React.MouseEvent): void => {
    if (event.shiftKey) return markTo(document.id);
    if (event.ctrlKey || event.metaKey) return toggleMark(document.id);
    markOnly(document.id);
    openDocument(document.id);
  };

  /** The menu means the row under the pointer, or all marked rows when that row is one of them. */
  const openMenu = (): void => setEntries(commandEntries(['export', 'extract', 'compare', 'rename', 'tag', null, 'delete']));
  const rightClick = (event: React.MouseEvent): void => {
    const id = (event.target as HTMLElement).closest<HTMLElement>('[data-document]')?.dataset['document'];
    if (!id || useLibrary.getState().marked.has(id)) return;
    markOnly(id);
    openDocument(id);
  };

  return (
    <PointerMenu entries={entries} onOpen={openMenu}>
      <div
        ref={scroller}
        id="document-list"
        role="listbox"
        aria-label="Documents"
        aria-multiselectable="true"
        aria-activedescendant={openId === null ? undefined : `document-${openId}`}
        tabIndex={0}
        onKeyDown={step}
        onContextMenuCapture={rightClick}
        className="focus-inside size-full overflow-x-hidden overflow-y-auto"
      >
        <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => {
            const document = documents[item.index];
            return document && (
              <DocumentRow key={document.id} document={document} top={item.start} index={item.index} count={documents.length} open={document.id === openId} marked={marked.has(document.id)} onClick={(event) => click(document, event)} />
            );
          })}
        </div>
      </div>
    </PointerMenu>
  );
}

