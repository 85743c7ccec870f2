// A page as the parts that every document format knows: headings, paragraphs, lists, tables. Joins what a column break tore apart.
import type { Region } from '@contract/document.ts';
import { AppError } from '../base/errors.ts';
import type { ExportPage } from './export-page.ts';
import { bullet, joinTwo, paragraphsOf, runsOn, startedParagraphs } from './paragraphs.ts';
import { textTable } from './table-text.ts';
import type { TextTable } from './table-text.ts';

export interface ListItem {
  /** The mark as printed, with the space after it; '' for an item without one. */
  mark: string;
  /** The number that the mark holds, null for a bullet. */
  number: number | null;
  text: string;
  /** 0 for the outermost items of the list. */
  level: number;
}

export type Part =
  | { kind: 'heading'; level: 1 | 2; text: string }
  /** The paragraphs of one region. */
  | { kind: 'paragraphs'; texts: string[] }
  | { kind: 'list'; items: ListItem[] }
  | { kind: 'table'; table: TextTable }
  | { kind: 'caption'; text: string }
  | { kind: 'footnotes'; texts: string[] }
  /** The words in a drawing, often none; what stands under it; and its picture (PNG) where that was asked for. */
  | { kind: 'figure'; texts: string[]; caption: string | null; picture: Uint8Array | null }
  /** Lines that are each a thing of their own. */
  | { kind: 'lines'; role: 'header' | 'footer' | 'other'; texts: string[] };

/** Items stand deeper than the one before when they begin further in, and come back to a depth that there was. */
function listItems(region: Region): ListItem[] {
  const depths: number[] = [];
  return startedParagraphs(region).map(({ text: paragraph, start, height }) => {
    const mark = bullet.exec(paragraph)?.[0] ?? '';
    const number = /^\(?(\d{1,3})[.)]/.exec(mark)?.[1];
    while (depths.length > 1 && start < depths.at(-1)! - 0.5 * height) depths.pop();
    if (depths.length === 0 || start > depths.at(-1)! + 0.6 * height) depths.push(start);
    return { mark, number: number === undefined ? null : Number(number), text: paragraph.slice(mark.length), level: depths.length - 1 };
  });
}

function partOf(region: Region): Part | null {
  if (region.role === 'table') {
    const table = textTable(region);
    return table && { kind: 'table', table };
  }
  const texts = paragraphsOf(region);
  if (texts.length === 0 && region.role !== 'figure') return null;
  switch (region.role) {
    case 'title':
      return { kind: 'heading', level: 1, text: texts.join(' ') };
    case 'heading':
      return { kind: 'heading', level: 2, text: texts.join(' ') };
    case 'list':
      return { kind: 'list', items: listItems(region) };
    case 'paragraph':
      return { kind: 'paragraphs', texts };
    case 'caption':
      return { kind: 'caption', text: texts.join(' ') };
    case 'footnote':
      return { kind: 'footnotes', texts };
    case 'figure':
      return { kind: 'figure', texts, caption: null, picture: null };
    case 'header':
    case 'footer':
    case 'other':
      return { kind: 'lines', role: region.role, texts };
  }
}

/** In reading order; regions without text are left out. */
export function partsOf(page: ExportPage): Part[] {
  const parts: Part[] = [];
  let before: { region: Region; texts: string[] } | null = null;
  let figures = 0;
  for (const region of page.text.regions) {
    const part = partOf(region);
    if (!part) continue;
    if (part.kind === 'figure') part.picture = page.figures?.[figures++] ?? null;
    const last = parts.at(-1);
    if (part.kind === 'caption' && last?.kind === 'figure' && last.caption === null) {
      last.caption = part.text;
      continue;
    }
    if (part.kind === 'paragraphs' && before && runsOn(before.region, region)) {
      const [first, ...rest] = part.texts;
      before.texts.push(joinTwo(before.texts.pop()!, first!), ...rest);
      before = { region, texts: before.texts };
      continue;
    }
    parts.push(part);
    // A figure or a page number between two columns does not end the paragraph.
    if (part.kind === 'paragraphs') before = { region, texts: part.texts };
    else if (!['lines', 'figure', 'caption', 'footnotes'].includes(part.kind)) before = null;
  }
  return parts;
}

/** Every table with the page it stands on. Throws table-missing when there is none. */
export function tablesOf(pages: readonly ExportPage[]): { page: ExportPage; table: TextTable }[] {
  const found = pages.flatMap((page) => partsOf(page).flatMap((part) => (part.kind === 'table' ? [{ page, table: part.table }] : [])));
  if (found.length === 0) throw new AppError('table-missing', { file: pages[0]?.file ?? '' });
  return found;
}
