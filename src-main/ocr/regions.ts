// Joins ordered lines into regions: paragraphs, headings, lists and tables, told apart by size, place and alignment. Knows no pixels.
import type { Line, Region, RegionRole } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';
import type { TableGrid } from '@contract/table.ts';
import { tableFrom, tableInCells, type DrawnCells } from '../layout/table-structure.ts';
import { canHead, headsSection, isSectionNumber, refineRoles, type DraftRegion } from './page-roles.ts';
import type { Block, Box } from './reading-order.ts';
import type { RuledGrid } from './ruled-grids.ts';
import { gridAround, rowsInTables, type Row } from './table-rows.ts';

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[values.length >> 1] ?? 0;
const heightOf = (box: Box): number => box.bottom - box.top;
const widthOf = (box: Box): number => box.right - box.left;

/** A heading is set this much larger than the page's text. */
const headingSize = 1.17;
const titleSize = 1.5;
/** So many letters in a line are a sentence more often than a heading. */
const longLine = 30;
/** Of so few letters the size is known only roughly. */
const shortText = 6;
/** A paragraph ends where the next line is this many usual steps away. */
const paragraphGap = 1.4;
/** Print of one paragraph differs by less: boxes and letters leave that much doubt. */
const otherSize = 1.25;
/** Lines that stand farther apart than this many heights, without being a table's, have nothing to do with each other. */
const farApart = 8;

/** A capital with a point is a name's: "M. Ostrander". */
const listMark = /^([•·▪◦‣●○■□◆◇※*-]|\(?\d{1,2}[.)](?!\d)|\(?[a-z가-하][.)]|\(?[A-Z]\)|[①-⑳])\s?/;

/** A line where it stands, and its font size in pixels (NaN: unknown). */
export interface PlacedLine {
  readonly line: Line;
  readonly box: Box;
  readonly size: number;
}

/** Corners in page pixels of the upright rectangle around lines; `toPage` undoes the page's turn. */
type ToPage = (x: number, y: number) => [number, number];

function quadAround(boxes: readonly Box[], toPage: ToPage): Quad {
  const left = Math.min(...boxes.map((box) => box.left)), right = Math.max(...boxes.map((box) => box.right));
  const top = Math.min(...boxes.map((box) => box.top)), bottom = Math.max(...boxes.map((box) => box.bottom));
  return [toPage(left, top), toPage(right, top), toPage(right, bottom), toPage(left, bottom)];
}

/** What is drawn on the page: tables, and where a line's middle lies in their frame; figures. */
export interface Drawn {
  readonly grids: readonly RuledGrid[];
  readonly middleOf: (quad: Quad) => readonly [x: number, y: number];
  readonly figures: readonly Box[];
}

/** The size of most of the text. */
function bodySize(placed: readonly PlacedLine[]): number {
  const known = placed.filter(({ size }) => !Number.isNaN(size)).sort((a, b) => a.size - b.size);
  const letters = known.reduce((sum, { line }) => sum + line.text.length, 0);
  let passed = 0;
  return known.find(({ line }) => (passed += line.text.length) * 2 >= letters)?.size ?? median(placed.map(({ box }) => heightOf(box)));
}

/** The rows of a block with lines that have nothing to do with each other taken apart. */
function partedRows(rows: readonly Row[], tables: readonly (number | null)[], boxes: readonly Box[]): { row: Row; table: number | null }[] {
  return rows.flatMap((row, at) => {
    const table = tables[at]!;
    if (table !== null) return [{ row, table }];
    const parts: number[][] = [];
    for (const index of row.indexes) {
      const last = parts.at(-1)?.at(-1);
      if (last !== undefined && boxes[index]!.left - boxes[last]!.right < farApart * Math.max(heightOf(boxes[index]!), heightOf(boxes[last]!))) parts.at(-1)!.push(index);
      else parts.push([index]);
    }
    return parts.map((indexes) => ({ row: rowOf(indexes, boxes), table }));
  });
}

const rowOf = (indexes: readonly number[], boxes: readonly Box[]): Row => ({
  indexes, top: Math.min(...indexes.map((index) => boxes[index]!.top)), bottom: Math.max(...indexes.map((index) => boxes[index]!.bottom)),
});

/**
 * `blocks` give the order of `placed` lines by their indexes. Sizes decide headings, distances and indents decide paragraphs, common columns
 * decide tables.
 */
export function regionsOf(blocks: readonly Block[], placed: readonly PlacedLine[], toPage: ToPage, drawn: Drawn): Region[] {
  const boxes = placed.map(({ box }) => box);
  const body = bodySize(placed);
  const textAt = (index: number): string => placed[index]!.line.text.trim();
  const sizeAt = (indexes: readonly number[]): number => median(indexes.map((index) => placed[index]!.size).filter((size) => !Number.isNaN(size))) || body;
  const regions: DraftRegion[] = [];
  for (const block of blocks) {
    const whole = block.rows.map((indexes) => rowOf(indexes, boxes));
    const tables = rowsInTables(whole, boxes, whole.map((row) => gridAround(row, boxes, drawn.grids)), (row) => isSectionNumber(textAt(row.indexes[0]!)) && sizeAt(row.indexes) >= body);
    const parted = partedRows(whole, tables, boxes);
    const rows = parted.map(({ row }) => row), inTable = parted.map(({ table }) => table);
    const steps = sorted(rows.slice(1).flatMap((row, at) => (inTable[at] === null && inTable[at + 1] === null && row.top - rows[at]!.top > 0.8 * body ? [row.top - rows[at]!.top] : [])));
    // Lines of one paragraph stand closer than paragraphs do.
    const usualStep = Math.max(1.1 * body, steps[Math.floor(steps.length * 0.3)] ?? body * 1.4);
    const blockLeft = Math.min(...rows.map((row) => boxes[row.indexes[0]!]!.left)), blockRight = Math.max(...rows.map((row) => boxes[row.indexes.at(-1)!]!.right));
    const isListRow = (row: Row | undefined): boolean => row !== undefined && listMark.test(textAt(row.indexes[0]!));
    const isHead = (at: number): boolean => {
      const row = rows[at]!, before = rows[at - 1], next = rows[at + 1], second = rows[at + 2];
      const text = textAt(row.indexes[0]!);
      if (row.indexes.length > 1 || !next) return false;
      // A number alone is enough over a table: nothing else stands there by itself.
      if (inTable[at + 1] !== null) return isSectionNumber(text) && sizeAt(row.indexes) >= body;
      if (next.indexes.length > 1 || isListRow(next) || (isListRow(row) && isListRow(before))) return false;
      const width = (index: number): number => widthOf(boxes[index]!);
      return headsSection(
        text, width(row.indexes[0]!), blockRight - blockLeft, before ? row.top - before.bottom : Infinity, next.top - row.bottom,
        [next, ...(second && second.indexes.length === 1 ? [second] : [])].map((one) => width(one.indexes[0]!)),
      );
    };
    const roleAt = (at: number): RegionRole => {
      const row = rows[at]!, text = textAt(row.indexes[0]!);
      if (inTable[at] !== null) return 'table';
      const larger = row.indexes.length === 1 && text.length > 1 && canHead(text) ? sizeAt(row.indexes) / body : 1;
      // A line that fills its column goes on in the next, however high its box is; and where small print is most of a page, its text is larger.
      const width = widthOf(boxes[row.indexes[0]!]!), fills = width > 0.9 * (blockRight - blockLeft) && rows.length > 1;
      const isRunning = fills && text.length > longLine, isUnsure = fills || (text.length < shortText && !/\p{Lo}/u.test(text));
      if (larger > (isRunning ? 2 * titleSize : titleSize)) return 'title';
      if (!isRunning && larger > (isUnsure ? 1.35 : headingSize) && width > 1.5 * heightOf(boxes[row.indexes[0]!]!)) return 'heading';
      return isHead(at) ? 'heading' : listMark.test(text) ? 'list' : 'paragraph';
    };
    const roles = rows.map((_, at) => roleAt(at));
    // A mark that was not read leaves its item indented between the others.
    const isUnmarked = (at: number): boolean => {
      const row = rows[at]!;
      if (roles[at] !== 'paragraph' || row.indexes.length > 1 || boxes[row.indexes[0]!]!.left < blockLeft + sizeAt(row.indexes)) return false;
      return [at - 1, at + 1].some((other) => roles[other] === 'list' && Math.abs(rows[other]!.top - row.top) < paragraphGap * usualStep && Math.abs(boxes[rows[other]!.indexes[0]!]!.left - boxes[row.indexes[0]!]!.left) < 3 * body);
    };
    for (let at = 0; at < rows.length; at++) if (isUnmarked(at)) roles[at] = 'list';
    for (let at = rows.length - 1; at >= 0; at--) if (isUnmarked(at)) roles[at] = 'list';
    let open: DraftRegion | null = null;
    rows.forEach((row, at) => {
      const before = rows[at - 1];
      const size = sizeAt(row.indexes);
      let role = roles[at]!;
      let joins = open !== null && before !== undefined;
      if (open && before) {
        const step = row.top - before.top;
        const first = boxes[row.indexes[0]!]!, previous = boxes[before.indexes[0]!]!, previousRight = boxes[before.indexes.at(-1)!]!.right;
        const indent = first.left - previous.left;
        if (open.role === 'list' && role === 'paragraph' && indent > 0.3 * size && step < paragraphGap * usualStep) role = 'list';
        const pitch = Math.max(usualStep, 1.25 * Math.max(size, sizeAt(before.indexes)));
        const isOtherSize = size > otherSize * sizeAt(before.indexes) || size * otherSize < sizeAt(before.indexes);
        const isBeside = Math.min(row.bottom, before.bottom) - Math.max(row.top, before.top) > 0.5 * heightOf(first);
        if (role !== open.role) joins = false;
        else if (role === 'table') joins = inTable[at - 1] === inTable[at];
        else if (step > (role === 'list' ? 1.7 : paragraphGap) * pitch || isOtherSize || isBeside) joins = false;
        else if (role === 'paragraph') {
          const wasShort = previousRight < blockRight - 0.25 * (blockRight - blockLeft) && step > 1.15 * usualStep;
          if ((indent > size && Math.abs(previous.left - blockLeft) < size) || wasShort) joins = false;
        }
      }
      if (joins && open) open.indexes.push(...row.indexes);
      else {
        open = { role, indexes: [...row.indexes] };
        regions.push(open);
      }
    });
  }
  refineRoles(regions, { boxes, textAt, sizeAt, body, figures: drawn.figures });
  return regions.map(({ role, indexes }) => regionOf(drawn, toPage, role, quadAround(indexes.map((index) => boxes[index]!), toPage), indexes.map((index) => placed[index]!.line)));
}

/** The rows of a drawn table from the first that holds one of these heights to the last: a heading may stand in a row over them. */
function rowsWith(grid: RuledGrid, heights: readonly number[]): DrawnCells {
  const rowAt = (y: number): number => grid.rows.findLastIndex((edge) => edge <= y);
  const first = rowAt(Math.min(...heights)), last = rowAt(Math.max(...heights));
  return {
    rows: grid.rows.slice(first, last + 2), columns: grid.columns,
    cells: grid.cells.filter((cell) => cell.row + cell.rowSpan > first && cell.row <= last).map((cell) => {
      const row = Math.max(cell.row, first);
      return { ...cell, row: row - first, rowSpan: Math.min(cell.row + cell.rowSpan, last + 1) - row };
    }),
  };
}

/** A table comes with its rows and columns, and its lines cut into its cells. */
function regionOf({ grids, middleOf }: Drawn, toPage: ToPage, role: RegionRole, quad: Quad, lines: Line[]): Region {
  if (role !== 'table') return { role, quad, lines };
  const grid = grids.find((one) => lines.every((line) => {
    const [x, y] = middleOf(line.quad);
    return x > one.left && x < one.right && y > one.top && y < one.bottom;
  }));
  const drawn = grid && rowsWith(grid, lines.map((line) => middleOf(line.quad)[1]));
  const inCells = drawn && tableInCells(lines, drawn, middleOf);
  if (drawn && inCells) return { role, quad, lines: inCells.lines, table: { ...inCells.table, grid: gridOnPage(drawn, toPage) } };
  const found = tableFrom(lines);
  return found ? { role, quad, ...found } : { role, quad, lines };
}

const sharesOf = (edges: readonly number[]): number[] => edges.map((edge, at) => (at === edges.length - 1 ? 1 : (edge - edges[0]!) / (edges.at(-1)! - edges[0]!)));

/** The strokes of a drawn table as the page has them. */
function gridOnPage({ rows, columns }: DrawnCells, toPage: ToPage): TableGrid {
  const [left, right, top, bottom] = [columns[0]!, columns.at(-1)!, rows[0]!, rows.at(-1)!];
  return { quad: [toPage(left, top), toPage(right, top), toPage(right, bottom), toPage(left, bottom)], rows: sharesOf(rows), columns: sharesOf(columns) };
}
