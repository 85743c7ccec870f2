// Joins ordered lines into regions: paragraphs, headings, lists and tables, told apart by geometry alone. Knows no pixels.
import type { Line, Region, RegionRole } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';
import { tableFrom, tableInCells } from '../layout/table-structure.ts';
import { headsSection, refineRoles, type DraftRegion } from './page-roles.ts';
import type { Block, Box } from './reading-order.ts';
import type { RuledGrid } from './ruled-grids.ts';

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const heightOf = (box: Box): number => box.bottom - box.top;
const widthOf = (box: Box): number => box.right - box.left;

/** A heading is this much taller than the page's usual line. */
const headingHeight = 1.25;
const titleHeight = 1.7;
/** A paragraph ends where the next line is this many usual distances away. */
const paragraphGap = 1.5;
/** A table has at least this many rows with more than one cell. */
const tableRows = 3;

/** A capital with a point is a name's: "M. Ostrander". */
const listMark = /^([•·▪◦‣●○■□◆◇※*-]|\(?\d{1,2}[.)](?!\d)|\(?[a-z가-하][.)]|\(?[A-Z]\)|[①-⑳])\s?/;

interface Row {
  readonly indexes: readonly number[];
  readonly top: number;
  readonly bottom: number;
}

/** The drawn table in which a row stands, null for none. */
function gridAround(row: Row, boxes: readonly Box[], grids: readonly RuledGrid[]): RuledGrid | null {
  return grids.find((grid) => row.indexes.every((index) => {
    const { left, right, top, bottom } = boxes[index]!;
    const x = (left + right) / 2, y = (top + bottom) / 2;
    return x > grid.left && x < grid.right && y > grid.top && y < grid.bottom;
  })) ?? null;
}

/** Rows in tables: those in a drawn one, and of the others those that `tableRuns` finds. */
function rowsInTables(rows: readonly Row[], boxes: readonly Box[], drawn: readonly (RuledGrid | null)[]): boolean[] {
  const inTable: boolean[] = [];
  for (let start = 0; start < rows.length; ) {
    let end = start + 1;
    while (end < rows.length && drawn[end] === drawn[start]) end++;
    inTable.push(...(drawn[start] && end - start > 1 ? rows.slice(start, end).map(() => true) : tableRuns(rows.slice(start, end), boxes)));
    start = end;
  }
  return inTable;
}

/** Runs of rows that form a table: several cells each, standing in common columns. */
function tableRuns(rows: readonly Row[], boxes: readonly Box[]): boolean[] {
  const inTable = rows.map(() => false);
  const cellsShared = (upper: Row, lower: Row): number =>
    lower.indexes.filter((index) => upper.indexes.some((other) => {
      const a = boxes[index]!, b = boxes[other]!;
      const overlap = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      return overlap > 0.5 * Math.min(widthOf(a), widthOf(b));
    })).length;
  for (let start = 0; start < rows.length; ) {
    if (rows[start]!.indexes.length < 2) {
      start++;
      continue;
    }
    let end = start, several = 1;
    while (end + 1 < rows.length) {
      const next = rows[end + 1]!, reference = rows[end]!;
      const tall = median([...next.indexes, ...reference.indexes].map((index) => heightOf(boxes[index]!)));
      if (next.top - reference.bottom > 2.5 * tall) break;
      if (next.indexes.length >= 2 ? cellsShared(reference.indexes.length >= 2 ? reference : rows[start]!, next) === 0 : reference.indexes.length < 2) break;
      if (next.indexes.length >= 2) several++;
      end++;
    }
    // A last row of one cell is the beginning of what follows.
    while (end > start && rows[end]!.indexes.length < 2) end--;
    if (several >= tableRows) for (let at = start; at <= end; at++) inTable[at] = true;
    start = end + 1;
  }
  return inTable;
}

/** Corners in page pixels of the upright rectangle around lines; `toPage` undoes the page's turn. */
type ToPage = (x: number, y: number) => [number, number];

function quadAround(boxes: readonly Box[], toPage: ToPage): Quad {
  const left = Math.min(...boxes.map((box) => box.left)), right = Math.max(...boxes.map((box) => box.right));
  const top = Math.min(...boxes.map((box) => box.top)), bottom = Math.max(...boxes.map((box) => box.bottom));
  return [toPage(left, top), toPage(right, top), toPage(right, bottom), toPage(left, bottom)];
}

/** Tables that are drawn on the page, and where a line's middle lies in their frame. */
export interface Ruled {
  readonly grids: readonly RuledGrid[];
  readonly middleOf: (quad: Quad) => readonly [x: number, y: number];
}
const noRules: Ruled = { grids: [], middleOf: ([[x, y]]) => [x, y] };

/**
 * `lines[i]` stands in `boxes[i]` (upright frame), `blocks` gives their order. Heights decide headings, distances and
 * indents decide paragraphs, common columns decide tables.
 */
export function regionsOf(blocks: readonly Block[], lines: readonly Line[], boxes: readonly Box[], toPage: ToPage, ruled: Ruled = noRules): Region[] {
  const usualHeight = median(boxes.map(heightOf));
  const regions: DraftRegion[] = [];
  for (const block of blocks) {
    const rows: Row[] = block.rows.map((indexes) => ({
      indexes,
      top: Math.min(...indexes.map((index) => boxes[index]!.top)), bottom: Math.max(...indexes.map((index) => boxes[index]!.bottom)),
    }));
    const drawn = rows.map((row) => gridAround(row, boxes, ruled.grids));
    const inTable = rowsInTables(rows, boxes, drawn);
    const steps = rows.slice(1).map((row, at) => row.top - rows[at]!.top).filter((step) => step > 0);
    const usualStep = steps.length ? median(steps) : usualHeight * 1.4;
    const blockLeft = Math.min(...rows.map((row) => boxes[row.indexes[0]!]!.left)), blockRight = Math.max(...rows.map((row) => boxes[row.indexes.at(-1)!]!.right));
    const isListRow = (row: Row | undefined): boolean => row !== undefined && listMark.test(lines[row.indexes[0]!]!.text);
    const isHead = (at: number): boolean => {
      const row = rows[at]!, before = rows[at - 1], next = rows[at + 1], second = rows[at + 2];
      if (row.indexes.length > 1 || !next || next.indexes.length > 1 || inTable[at + 1] || isListRow(next) || (isListRow(row) && isListRow(before))) return false;
      const width = (index: number): number => widthOf(boxes[index]!);
      return headsSection(
        lines[row.indexes[0]!]!.text.trim(), width(row.indexes[0]!), blockRight - blockLeft, before ? row.top - before.bottom : Infinity, next.top - row.bottom,
        [next, ...(second && second.indexes.length === 1 ? [second] : [])].map((one) => width(one.indexes[0]!)),
      );
    };
    let open: DraftRegion | null = null;
    rows.forEach((row, at) => {
      const first = boxes[row.indexes[0]!]!;
      const text = lines[row.indexes[0]!]!.text;
      const before = rows[at - 1];
      const tall = median(row.indexes.map((index) => heightOf(boxes[index]!)));
      let role: RegionRole = 'paragraph';
      if (inTable[at]) role = 'table';
      else if (row.indexes.length === 1 && tall > titleHeight * usualHeight && lines[row.indexes[0]!]!.text.length > 1) role = 'title';
      else if (row.indexes.length === 1 && tall > headingHeight * usualHeight && widthOf(first) > 1.5 * tall) role = 'heading';
      else if (isHead(at)) role = 'heading';
      else if (listMark.test(text)) role = 'list';

      let joins = open !== null && before !== undefined;
      if (open && before) {
        const step = row.top - before.top;
        const previous = boxes[before.indexes[0]!]!, previousRight = boxes[before.indexes.at(-1)!]!.right;
        const indent = first.left - previous.left;
        if (open.role === 'list' && role === 'paragraph' && indent > 0.3 * tall) role = 'list';
        if (role !== open.role) joins = false;
        else if (role === 'table') joins = inTable[at - 1] === true && drawn[at] === drawn[at - 1];
        else if (step > paragraphGap * Math.max(usualStep, tall)) joins = false;
        else if (role === 'paragraph') {
          const wasShort = previousRight < blockRight - 0.25 * (blockRight - blockLeft) && step > 1.15 * usualStep;
          const otherSize = tall > 1.3 * heightOf(previous) || tall < heightOf(previous) / 1.3;
          if ((indent > tall && Math.abs(previous.left - blockLeft) < tall) || wasShort || otherSize) joins = false;
        }
      }
      if (joins && open) open.indexes.push(...row.indexes);
      else {
        open = { role, indexes: [...row.indexes] };
        regions.push(open);
      }
    });
  }
  refineRoles(regions, boxes, (index) => lines[index]!.text);
  return regions.map(({ role, indexes }) => regionOf(ruled, role, quadAround(indexes.map((index) => boxes[index]!), toPage), indexes.map((index) => lines[index]!)));
}

/** A table comes with its rows and columns, and its lines cut into its cells. */
function regionOf({ grids, middleOf }: Ruled, role: RegionRole, quad: Quad, lines: Line[]): Region {
  if (role !== 'table') return { role, quad, lines };
  const grid = grids.find((one) => lines.every((line) => {
    const [x, y] = middleOf(line.quad);
    return x > one.left && x < one.right && y > one.top && y < one.bottom;
  }));
  const found = (grid && tableInCells(lines, grid, middleOf)) ?? tableFrom(lines);
  return found ? { role, quad, ...found } : { role, quad, lines };
}
