// The pages of a document as small pictures below the page: choose one, see which are read. Draws only those in view.
import { useEffect, useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { CircleAlert, LoaderCircle } from 'lucide-react';
import type { Page } from '@contract/document.ts';
import { openPage, useDesk } from '../stores/desk-store.ts';
import { useOpenPages } from '../stores/use-open-page.ts';
import { classes } from '../ui/classes.ts';
import { PageThumbnail } from '../ui/page-thumbnail.tsx';

const thumbWidth = 76;
const stateWords = { waiting: 'not read yet', reading: 'being read', read: 'read', failed: 'could not be read' } as const;

export function ThumbnailStrip() {
  const pageIndex = useDesk((desk) => desk.pageIndex);
  const pages = useOpenPages();
  const scroller = useRef<HTMLDivElement>(null);
  const strip = useVirtualizer({ horizontal: true, count: pages.length, getScrollElement: () => scroller.current, estimateSize: () => thumbWidth, overscan: 4, paddingStart: 8, paddingEnd: 8 });
  useEffect(() => {
    if (pageIndex < pages.length) strip.scrollToIndex(pageIndex, { align: 'auto' });
  }, [pageIndex, pages.length, strip]);
  if (pages.length < 2) return null;
  return (
    <nav aria-label="Pages" className="shrink-0 border-t border-edge bg-panel">
      <div
        ref={scroller}
        className="overflow-x-auto overflow-y-hidden"
        onWheel={(event) => { if (event.deltaX === 0) event.currentTarget.scrollLeft += event.deltaY; }}
      >
        <div className="relative h-[6.5rem]" style={{ width: strip.getTotalSize() }}>
          {strip.getVirtualItems().map((item) => {
            const page = pages[item.index];
            return page && <Thumb key={page.id} page={page} left={item.start} current={item.index === pageIndex} />;
          })}
        </div>
      </div>
    </nav>
  );
}

function Thumb({ page, left, current }: { page: Page; left: number; current: boolean }) {
  return (
    <button
      type="button"
      tabIndex={current ? 0 : -1}
      aria-current={current ? 'page' : undefined}
      aria-label={`Page ${page.index + 1}, ${stateWords[page.status]}`}
      onClick={() => openPage(page.index)}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
        if (step === 0) return;
        event.preventDefault();
        openPage(page.index + step);
        const sibling = step < 0 ? event.currentTarget.previousElementSibling : event.currentTarget.nextElementSibling;
        if (sibling instanceof HTMLElement) sibling.focus();
      }}
      className="focus-inside absolute top-2 flex h-[5.75rem] flex-col items-center justify-end gap-1 rounded-md px-1"
      style={{ left, width: thumbWidth }}
    >
      <span className="relative flex h-16 w-full items-center justify-center">
        <PageThumbnail page={page} className={classes('max-h-16 max-w-full rounded-[2px]', current ? 'outline-2 outline-offset-1 outline-accent-text' : 'outline-1 outline-edge-strong')} />
        {page.status === 'reading' && <LoaderCircle size={14} aria-hidden className="absolute right-1 bottom-0 animate-spin rounded-full bg-raised text-accent-text" />}
        {page.status === 'failed' && <CircleAlert size={14} aria-hidden className="absolute right-1 bottom-0 rounded-full bg-raised text-bad" />}
      </span>
      <span className={classes('text-tiny tabular-nums', current ? 'font-semibold text-accent-text' : page.status === 'read' ? 'text-muted' : 'text-faint')}>{page.index + 1}</span>
    </button>
  );
}
