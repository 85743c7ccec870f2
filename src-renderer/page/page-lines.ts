// A page's text prepared for the window: lines in reading order with their region, bounds and word offsets. Pure data, built once per text.
import type { Line, PageText, RegionRole } from '@contract/document.ts';
import { boundsOf, type PagePoint, type Quad, type Rect } from '@contract/geometry.ts';
import { tableColumns, type TableColumns } from './table-columns.ts';

export interface PageLine {
  /** Position in reading order, the number that selections, hits and exports use. */
  index: number;
  line: Line;
  regionIndex: number;
  role: RegionRole;
  /** Axis-aligned, page pixels. */
  bounds: Rect;
  /** It stands beside the line before it, as in a table or on a till receipt. */
  besideLast: boolean;
  /** There is more than a wide space between the line before and this one. */
  apart: boolean;
}

export interface PageLines {
  lines: readonly PageLine[];
  regions: readonly PageRegion[];
}

/** [first, end) line indexes of a region. */
export interface PageRegion {
  role: RegionRole;
  first: number;
  end: number;
  /** Its lines broke where the column ended, so they can be read as running text. */
  flowing: boolean;
  /** Of a table whose cells are known. */
  columns: TableColumns | null;
}

export const noLines: PageLines = { lines: [], regions: [] };

const built = new WeakMap<PageText, PageLines>();

/** The lines of a page text; the same object for the same text, so that views can compare by identity. */
export function pageLinesOf(text: PageText): PageLines {
  const known = built.get(text);
  if (known) return known;
  const lines: PageLine[] = [];
  const regions: PageRegion[] = [];
  text.regions.forEach((region, regionIndex) => {
    const first = lines.length;
    // The cells of a table say what stands in one row, however its lines lie.
    const cellOf = new Map(region.role === 'table' ? region.table?.cells.flatMap((cell) => cell.lines.map((at) => [at, cell] as const)) : []);
    region.lines.forEach((line, place) => {
      const before = region.lines[place - 1], [cell, cellBefore] = [cellOf.get(place), cellOf.get(place - 1)];
      const besideLast = cell && cellBefore ? cell !== cellBefore && cell.row === cellBefore.row : before !== undefined && standsBeside(before, line);
      lines.push({ index: lines.length, line, regionIndex, role: region.role, bounds: boundsOf(line.quad), besideLast, apart: before !== undefined && standsApart(before, line) });
    });
    const columns = region.role === 'table' && region.table ? tableColumns(region.table, region.lines.map(({ text: words }) => words)) : null;
    if (lines.length > first) regions.push({ role: region.role, first, end: lines.length, flowing: isFlowing(region.role, lines.slice(first)), columns });
  });
  const result: PageLines = { lines, regions };
  built.set(text, result);
  return result;
}

/** Whether a line goes on to the right of the one before, at the same height; measured along the text, so that slanted photos work too. */
function standsBeside(before: Line, line: Line): boolean {
  if (before.vertical || line.vertical) return false;
  const [along, otherAlong] = [directionOf(before.quad), directionOf(line.quad)];
  // Both together: the direction of a single short word is a poor guide over the width of a page.
  const across: PagePoint = [along[0] + otherAlong[0], along[1] + otherAlong[1]];
  const length = Math.hypot(...across);
  if (length === 0 || along[0] * otherAlong[0] + along[1] * otherAlong[1] <= 0) return false;
  const aside = (from: PagePoint, to: PagePoint): number => (across[0] * (to[1] - from[1]) - across[1] * (to[0] - from[0])) / length;
  const further = (from: PagePoint, to: PagePoint): number => (across[0] * (to[0] - from[0]) + across[1] * (to[1] - from[1])) / length;
  const [height, otherHeight] = [before, line].map(({ quad }) => Math.abs(aside(quad[0], quad[3]))) as [number, number];
  if (otherHeight > 2.5 * height || height > 2.5 * otherHeight) return false;
  // Half the height of the text is less than the distance to the next row, and more than what a lens bends.
  return Math.abs(aside(middleOf(before.quad), middleOf(line.quad))) < 0.5 * Math.max(height, otherHeight) && further(before.quad[1], line.quad[0]) > -0.3 * height;
}

/** More than the height of its text away. */
function standsApart({ quad: [, end] }: Line, { quad: [start, , , under] }: Line): boolean {
  return Math.hypot(start[0] - end[0], start[1] - end[1]) > 1.5 * Math.hypot(under[0] - start[0], under[1] - start[1]);
}

function directionOf([start, end]: Quad): PagePoint {
  return [end[0] - start[0], end[1] - start[1]];
}

function middleOf([a, , c]: Quad): PagePoint {
  return [(a[0] + c[0]) / 2, (a[1] + c[1]) / 2];
}

/** A paragraph set in a column fills it line by line up to the last; an address or a till receipt does not. */
function isFlowing(role: RegionRole, lines: readonly PageLine[]): boolean {
  if (lines.length < 3 || (role !== 'paragraph' && role !== 'list' && role !== 'other')) return false;
  const lengths = lines.map(({ line: { quad: [start, end] } }) => Math.hypot(end[0] - start[0], end[1] - start[1]));
  const longest = Math.max(...lengths);
  const full = lengths.slice(0, -1).filter((length) => length > longest * 0.85).length;
  const letters = lines.reduce((sum, { line }) => sum + line.text.length, 0) / lines.length;
  return full >= (lines.length - 1) * 0.8 && letters >= (lines[0]!.line.script === 'latin' ? 24 : 12);
}

const ideographic = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;

/** What stands between two lines of running text: nothing between ideographs or kana, else a space. */
export function joinOf(before: string, after: string): string {
  return ideographic.test(before.slice(-1)) && ideographic.test(after.slice(0, 1)) ? '' : ' ';
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
