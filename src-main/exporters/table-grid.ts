// Rebuilds rows and columns of a table from where its lines stand. Knows neither Markdown nor text files.
import type { Region } from '@contract/document.ts';
import { frameOf, heightOf, median } from './line-frame.ts';
import type { FrameBox } from './line-frame.ts';

interface Cell extends FrameBox {
  text: string;
}

/** A gap between two words wider than this many line heights separates two cells that were found as one line. */
const cellGap = 1.6;

function cellsOf(region: Region): Cell[] {
  const frame = frameOf(region.lines);
  return region.lines.flatMap((line) => {
    const whole: Cell = { ...frame(line.quad), text: line.text.trim() };
    const words = line.words.map((word) => ({ ...frame(word.quad), text: word.text }));
    const gaps = words.map((word, at) => (at > 0 ? word.start - words[at - 1]!.end : 0));
    if (!gaps.some((gap) => gap > heightOf(whole) * cellGap)) return whole.text ? [whole] : [];
    const cells: Cell[] = [];
    words.forEach((word, at) => {
      const last = cells.at(-1);
      if (!last || gaps[at]! > heightOf(whole) * cellGap) cells.push({ ...word });
      else {
        last.text += ` ${word.text}`;
        last.end = word.end;
      }
    });
    return cells;
  });
}

function rowsOf(cells: readonly Cell[]): Cell[][] {
  const centre = (cell: Cell): number => (cell.top + cell.bottom) / 2;
  const reach = median(cells.map(heightOf)) * 0.6;
  const rows: Cell[][] = [];
  for (const cell of [...cells].sort((a, b) => centre(a) - centre(b))) {
    const row = rows.at(-1);
    const mean = row ? row.reduce((sum, one) => sum + centre(one), 0) / row.length : 0;
    if (row && Math.abs(centre(cell) - mean) <= reach) row.push(cell);
    else rows.push([cell]);
  }
  return rows.map((row) => row.sort((a, b) => a.start - b.start));
}

const overlap = (a: { start: number; end: number }, b: { start: number; end: number }): number => Math.min(a.end, b.end) - Math.max(a.start, b.start);

/** Columns as spans, left to right: the fullest rows speak first, later cells join the span they overlap most or open their own. */
function columnsOf(rows: readonly Cell[][]): { start: number; end: number }[] {
  const columns: { start: number; end: number }[] = [];
  for (const row of [...rows].sort((a, b) => b.length - a.length)) {
    for (const cell of row) {
      const touched = columns.filter((column) => overlap(column, cell) > 0);
      if (touched.length === 0) columns.push({ start: cell.start, end: cell.end });
      // A cell over several columns spans them and says nothing about where they end.
      else if (touched.length === 1) {
        const [column] = touched;
        column!.start = Math.min(column!.start, cell.start);
        column!.end = Math.max(column!.end, cell.end);
      }
    }
  }
  return columns.sort((a, b) => a.start - b.start);
}

/** The table as rows of equally many cells, empty ones as ''. Empty when the region has no text. */
export function gridOf(region: Region): string[][] {
  const rows = rowsOf(cellsOf(region));
  const columns = columnsOf(rows);
  return rows.map((row) => {
    const texts = columns.map(() => '');
    for (const cell of row) {
      let best = 0;
      columns.forEach((column, at) => {
        if (overlap(column, cell) > overlap(columns[best]!, cell)) best = at;
      });
      // A spanning cell stands over its first column.
      const first = columns.findIndex((column) => overlap(column, cell) > (column.end - column.start) * 0.5);
      const at = first >= 0 && first < best ? first : best;
      texts[at] = texts[at] ? `${texts[at]} ${cell.text}` : cell.text;
    }
    return texts;
  });
}
