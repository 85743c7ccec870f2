// What a region is by what stands around it: running heads, page numbers, section headings, titles, names of authors. Knows boxes and
// characters, no pixels.
import type { RegionRole } from '@contract/document.ts';
import type { Box } from './reading-order.ts';

export interface DraftRegion {
  role: RegionRole;
  readonly indexes: number[];
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const heightOf = (box: Box): number => box.bottom - box.top;

/** "118", "- 3 -", "Page 2 of 5", "第57页", "118쪽". */
const pageNumber = /^[-–—\s]*(?:page\s*|p\.\s*|第\s*)?\d{1,4}(?:\s*(?:\/|of)\s*\d{1,4})?\s*(?:页|頁|쪽|ページ)?[-–—\s]*$/iu;
/** A running head names a volume, a form, a date. */
const numbered = /\d/;
/** "1. Introduction", "2.3 Method", "IV. Results", "一、引言", "第二章", "제3장". */
const sectionNumber = /^(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+\p{L}|[IVX]{1,4}\.\s+\p{L}|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,3}[章节節]|제\s?\d{1,3}\s?[장절])/u;
const endsSentence = /[.。,，;；:：、!?！？]$/u;
const opensSentence = /^[\p{Lu}\p{Lo}\p{N}]/u;
/** "M. Ostrander, P. Lindqvist", "沈亦凡 罗书瑶 高明哲", "문가온, 서지후, 한유진". */
const authors = /^(?:(?:\p{Lu}\.\s?){1,3}\p{Lu}\p{L}+(?:,?\s+(?:and\s+|&\s*)?)?){2,}$|^\p{Script=Han}{2,4}(?:[\s、,，]+\p{Script=Han}{2,4})+$|^\p{Script=Hangul}{2,4}(?:,\s*\p{Script=Hangul}{2,4})+$/u;

/** "Total: 834.05" says something by itself. */
const isEntry = /[:：]|\d$/u;

const longestHeading = 60;

/**
 * Whether a row by itself heads what follows: short, no sentence, over lines that fill the column. `above` and `below` are the
 * distances to its neighbours, infinite where there is none; `next` are the widths of the two rows after it.
 */
export function headsSection(text: string, width: number, columnWidth: number, above: number, below: number, next: readonly number[]): boolean {
  if (text.length > longestHeading || text.length < 2 || endsSentence.test(text) || !opensSentence.test(text)) return false;
  const [first = 0, second = 0] = next;
  const isOverText = first > 0.7 * columnWidth && (second === 0 || second > 0.3 * columnWidth);
  if (!isOverText || width > 0.6 * columnWidth) return false;
  return sectionNumber.test(text) || (above > 1.3 * below && !isEntry.test(text));
}

/** Corrects the roles of regions in reading order. `textOf` gives the text of a line by its index. */
export function refineRoles(regions: readonly DraftRegion[], boxes: readonly Box[], textOf: (index: number) => string): void {
  if (regions.length === 0) return;
  const usual = median(boxes.map(heightOf));
  const height = (region: DraftRegion): number => median(region.indexes.map((index) => heightOf(boxes[index]!)));
  const only = (region: DraftRegion | undefined): string | null => (region?.indexes.length === 1 ? textOf(region.indexes[0]!).trim() : null);
  const isHeading = (region: DraftRegion | undefined): boolean => region?.role === 'heading' || region?.role === 'title';

  const byHeight = [...regions].sort((a, b) => boxes[a.indexes[0]!]!.top - boxes[b.indexes[0]!]!.top);
  const top = byHeight[0]!, bottom = byHeight.at(-1)!;
  const last = only(bottom), first = only(top);
  if (regions.length > 2 && last !== null && pageNumber.test(last) && /\d/.test(last)) bottom.role = 'footer';
  if (regions.length > 2 && first !== null && pageNumber.test(first)) top.role = 'header';

  regions.forEach((region, at) => {
    const text = only(region), before = regions[at - 1], after = regions[at + 1];
    if (text === null || region.role === 'footer' || region.role === 'header') return;
    // Over the title, in the size of the text or smaller.
    if (region === top && region === regions[0] && isHeading(after) && numbered.test(text) && height(region) < 1.15 * usual && height(after!) > 1.2 * height(region)) region.role = 'header';
    // A list of one item over something else is a numbered heading.
    else if (region.role === 'list' && before?.role !== 'list' && after && after.role !== 'list' && text.length <= longestHeading && sectionNumber.test(text) && !endsSentence.test(text)) region.role = 'heading';
    else if (isHeading(before) && region.role !== 'title' && authors.test(text)) region.role = 'paragraph';
  });
  // The largest heading is the page's title when it comes before all text.
  if (!regions.some((region) => region.role === 'title')) {
    const start = regions.findIndex((region) => region.role !== 'header');
    const candidate = regions[start];
    if (candidate?.role === 'heading' && regions.slice(start + 1).some((region) => region.role === 'paragraph' && region.indexes.length > 2) && height(candidate) >= Math.max(...regions.map(height))) candidate.role = 'title';
  }
}
