// What a region is by what stands around it: running heads, page numbers, section headings, titles, names of authors, captions, footnotes. Knows boxes and
// characters, no pixels.
import type { RegionRole } from '@contract/document.ts';
import type { Box } from './reading-order.ts';

export interface DraftRegion {
  role: RegionRole;
  readonly indexes: number[];
}

/** "118", "- 3 -", "Page 2 of 5", "第57页", "118쪽". */
const pageNumber = /^[-–—\s]*(?:page\s*|p\.\s*|第\s*)?\d{1,4}(?:\s*(?:\/|of)\s*\d{1,4})?\s*(?:页|頁|쪽|ページ)?[-–—\s]*$/iu;
/** A running head names a volume, a form, a date. */
const numbered = /\d/;
const longestHeading = 60;
/** "1. Introduction", "2.3 Method", "IV. Results", "一、引言", "第二章", "제3장". */
const sectionNumber = /^(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+\p{L}|[IVX]{1,4}\.\s+\p{L}|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,3}[章节節]|제\s?\d{1,3}\s?[장절])/u;
/** Whether a text begins as the headings of numbered sections do. */
export const isSectionNumber = (text: string): boolean => text.length <= longestHeading && sectionNumber.test(text) && !endsSentence.test(text);
const endsSentence = /[.。,，;；:：、!?！？]$/u;
const opensSentence = /^["'“‘«《〈【([]?[\p{Lu}\p{Lo}\p{N}]/u;
/** Whether size alone may make a heading of a text: it begins like a sentence and does not end like one. */
export const canHead = (text: string): boolean => opensSentence.test(text) && !endsSentence.test(text);
/** "M. Ostrander, P. Lindqvist", "沈亦凡 罗书瑶 高明哲", "문가온, 서지후, 한유진". */
const authors = /^(?:(?:\p{Lu}\.\s?){1,3}\p{Lu}\p{L}+(?:,?\s+(?:and\s+|&\s*)?)?){2,}$|^\p{Script=Han}{2,4}(?:[\s、,，]+\p{Script=Han}{2,4})+$|^\p{Script=Hangul}{2,4}(?:,\s*\p{Script=Hangul}{2,4})+$/u;

/** "Total: 834.05" says something by itself. */
const isEntry = /[:：]|\d$/u;

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

/** What the lines of a page say and how they stand, by their indexes. */
export interface PageFacts {
  readonly boxes: readonly Box[];
  readonly textAt: (index: number) => string;
  /** Font size of lines in pixels. */
  readonly sizeAt: (indexes: readonly number[]) => number;
  /** That of most of the text. */
  readonly body: number;
  readonly figures: readonly Box[];
}

/** "Figure 2.", "Table 4:", "图3", "表 1", "그림 2", "표1". */
const captionMark = /^(?:(?:fig(?:ure)?|table|chart|plate|photo|scheme)s?\.?\s*\d|(?:图|圖|図|表|그림|표|사진|写真|照片)\s*\d{1,3})/iu;
const longestCaption = 4;
/** "1 The lower reach", "* Without tax", "¹ …", "[3] …", "주)", "※". */
const noteMark = /^(?:\d{1,2}\s?\)?\s?(?=\p{L})|\[\d{1,2}\]|[*†‡§※]|[\u00b9\u00b2\u00b3\u2070-\u2079]|注\s?\d|주\s?\d?\))/u;
/** Small print is at most this share of the page's text. */
const smallPrint = 0.92;

const around = (boxes: readonly Box[]): Box => ({
  left: Math.min(...boxes.map((box) => box.left)), right: Math.max(...boxes.map((box) => box.right)), top: Math.min(...boxes.map((box) => box.top)), bottom: Math.max(...boxes.map((box) => box.bottom)),
});
const shareColumn = (a: Box, b: Box): boolean => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.3 * Math.min(a.right - a.left, b.right - b.left);

/** Corrects the roles of regions in reading order. */
export function refineRoles(regions: readonly DraftRegion[], facts: PageFacts): void {
  if (regions.length === 0) return;
  const { boxes, textAt, sizeAt, body } = facts;
  const size = (region: DraftRegion): number => sizeAt(region.indexes);
  const boxOf = (region: DraftRegion): Box => around(region.indexes.map((index) => boxes[index]!));
  const only = (region: DraftRegion | undefined): string | null => (region?.indexes.length === 1 ? textAt(region.indexes[0]!) : null);
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
    if (region === top && region === regions[0] && isHeading(after) && (numbered.test(text) || size(region) < smallPrint * body) && size(region) < 1.1 * body && size(after!) > 1.15 * size(region)) region.role = 'header';
    // A list of one item over something else is a numbered heading.
    else if (region.role === 'list' && before?.role !== 'list' && after && after.role !== 'list' && text.length <= longestHeading && sectionNumber.test(text) && !endsSentence.test(text)) region.role = 'heading';
    else if (isHeading(before) && region.role !== 'title' && authors.test(text)) region.role = 'paragraph';
  });
  markCaptions(regions, facts, boxOf);
  markFootnotes(regions, facts, boxOf);
  // The largest heading is the page's title when it comes before all text.
  if (!regions.some((region) => region.role === 'title')) {
    const start = regions.findIndex((region) => region.role !== 'header');
    const candidate = regions[start];
    if (candidate?.role === 'heading' && regions.slice(start + 1).some((region) => region.role === 'paragraph' && region.indexes.length > 2) && size(candidate) >= Math.max(...regions.map(size))) candidate.role = 'title';
  }
}

/** What names itself a figure's or table's words and stands beside one; and small print right under a figure. */
function markCaptions(regions: readonly DraftRegion[], { textAt, sizeAt, body, figures }: PageFacts, boxOf: (region: DraftRegion) => Box): void {
  const tables = regions.filter((region) => region.role === 'table').map(boxOf);
  for (const region of regions) {
    if (!['paragraph', 'heading', 'list'].includes(region.role) || region.indexes.length > longestCaption) continue;
    const box = boxOf(region), near = 2.5 * body;
    const isAt = (other: Box): boolean => shareColumn(box, other) && Math.max(other.top - box.bottom, box.top - other.bottom) < near;
    const isUnder = (other: Box): boolean => shareColumn(box, other) && box.top >= other.bottom - body / 2 && box.top - other.bottom < near;
    const names = captionMark.test(textAt(region.indexes[0]!));
    if ((names && [...figures, ...tables].some(isAt)) || (region.role === 'paragraph' && region.indexes.length <= 2 && sizeAt(region.indexes) < smallPrint * body && figures.some(isUnder))) region.role = 'caption';
  }
}

/** Small print with a mark before it, under everything else of its column. */
function markFootnotes(regions: readonly DraftRegion[], { textAt, sizeAt, body }: PageFacts, boxOf: (region: DraftRegion) => Box): void {
  for (const region of [...regions].sort((a, b) => boxOf(b).top - boxOf(a).top)) {
    if (!['paragraph', 'list', 'heading'].includes(region.role) || sizeAt(region.indexes) > smallPrint * body || !region.indexes.some((index) => noteMark.test(textAt(index)))) continue;
    const box = boxOf(region);
    if (regions.every((other) => other === region || other.role === 'footer' || other.role === 'footnote' || !shareColumn(box, boxOf(other)) || boxOf(other).top < box.top)) region.role = 'footnote';
  }
}
