// The pages that attachments stand for, in the order in which an answerer is shown them, with what the engine needs to open each. Knows
// pages and their text, no files.
import type { Attachment } from '@contract/conversation.ts';
import { linesOf } from '@contract/document.ts';
import type { Page, PageText } from '@contract/document.ts';
import { boundsOf } from '@contract/geometry.ts';
import type { Quad, Rect } from '@contract/geometry.ts';
import type { Database } from './database.ts';
import { pagesById, pagesOf, pageTextOf } from './pages.ts';

export interface PageToShow {
  page: Page;
  /** The part that is asked about, in page pixels; null for the whole page. */
  crop: Rect | null;
  /** Height of the page's smallest text in page pixels; null while it is unread or has none. */
  smallestText: number | null;
}

/** Shown around a part, as a share of the page's longer side: what a value belongs to stands beside it. */
const surroundings = 0.03;
/** A part is at least this many pixels each way: less is too little for a vision tower. */
const leastPart = 96;
/** The share of lines that may be smaller than what is taken for the smallest text: specks and misread marks. */
const specks = 0.05;

function cropAround(quad: Quad, page: Page): Rect {
  const inner = boundsOf(quad);
  const margin = surroundings * Math.max(page.width, page.height);
  const grow = (start: number, length: number, limit: number): { start: number; length: number } => {
    const wanted = Math.min(limit, Math.max(length + 2 * margin, leastPart));
    const from = Math.round(Math.min(Math.max(0, start + length / 2 - wanted / 2), limit - wanted));
    return { start: from, length: Math.min(limit - from, Math.round(wanted)) };
  };
  const across = grow(inner.x, inner.width, page.width);
  const down = grow(inner.y, inner.height, page.height);
  return { x: across.start, y: down.start, width: across.length, height: down.length };
}

function smallestTextOf(text: PageText | null): number | null {
  if (!text) return null;
  const heights = linesOf(text)
    .map(({ quad: [a, b, , d], vertical }) => (vertical ? Math.hypot(b[0] - a[0], b[1] - a[1]) : Math.hypot(d[0] - a[0], d[1] - a[1])))
    .sort((one, other) => one - other);
  return heights[Math.floor(heights.length * specks)] ?? null;
}

/** Heights that were worked out, with what tells another text of the page: a question about a long document is counted while it is typed. */
const known = new Map<string, { stamp: string; smallest: number | null }>();
const mostKnown = 5000;

function smallestTextOn(database: Database, { id, corrections, readMs }: Page): number | null {
  const size = database.row<{ size: number | null }>('page-text-size', 'SELECT length(coalesce(corrected, text)) AS size FROM pages WHERE id = :id', { id })?.size ?? null;
  const stamp = [size, readMs, corrections.made, corrections.undone].join(' ');
  const before = known.get(id);
  if (before?.stamp === stamp) return before.smallest;
  const smallest = smallestTextOf(pageTextOf(database, id));
  if (known.size >= mostKnown) known.clear();
  known.set(id, { stamp, smallest });
  return smallest;
}

/** Pages that are no longer there are left out; their ids are in `missing`. */
export function pagesToShow(database: Database, attachments: readonly Attachment[]): { shown: PageToShow[]; missing: string[] } {
  const shown: PageToShow[] = [];
  const missing: string[] = [];
  const add = (page: Page, crop: Rect | null): void => void shown.push({ page, crop, smallestText: smallestTextOn(database, page) });
  for (const one of attachments) {
    if (one.kind === 'document') {
      const pages = pagesOf(database, one.documentId);
      if (pages.length === 0) missing.push(one.documentId);
      for (const page of pages) add(page, null);
      continue;
    }
    const [page] = pagesById(database, [one.pageId]);
    if (!page) missing.push(one.pageId);
    else add(page, one.kind === 'lines' ? cropAround(one.quad, page) : null);
  }
  return { shown, missing };
}
