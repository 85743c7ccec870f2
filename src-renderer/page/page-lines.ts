// A page's text prepared for the window: lines in reading order with their region, bounds and word offsets. Pure data, built once per text.
import type { Line, PageText, RegionRole } from '@contract/document.ts';
import { boundsOf, type Rect } from '@contract/geometry.ts';

export interface PageLine {
  /** Position in reading order, the number that selections, hits and exports use. */
  index: number;
  line: Line;
  regionIndex: number;
  role: RegionRole;
  /** Axis-aligned, page pixels. */
  bounds: Rect;
}

export interface PageLines {
  lines: readonly PageLine[];
  /** [first, end) line indexes of each region. */
  regions: readonly { role: RegionRole; first: number; end: number }[];
}

export const noLines: PageLines = { lines: [], regions: [] };

const built = new WeakMap<PageText, PageLines>();

/** The lines of a page text; the same object for the same text, so that views can compare by identity. */
export function pageLinesOf(text: PageText): PageLines {
  const known = built.get(text);
  if (known) return known;
  const lines: PageLine[] = [];
  const regions: PageLines['regions'][number][] = [];
  text.regions.forEach((region, regionIndex) => {
    const first = lines.length;
    for (const line of region.lines) lines.push({ index: lines.length, line, regionIndex, role: region.role, bounds: boundsOf(line.quad) });
    if (lines.length > first) regions.push({ role: region.role, first, end: lines.length });
  });
  const result: PageLines = { lines, regions };
  built.set(text, result);
  return result;
}

/** Where each word stands in the line's text: [start, end) in UTF-16 units. A word that the text does not contain gets an empty range. */
export function wordRanges(line: Line): [number, number][] {
  let from = 0;
  return line.words.map((word) => {
    const start = line.text.indexOf(word.text, from);
    if (start < 0) return [from, from];
    from = start + word.text.length;
    return [start, from];
  });
}
