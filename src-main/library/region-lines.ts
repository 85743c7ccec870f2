// A page's lines with the regions they belong to, taken apart and put together again: what every correction of order and grouping works on.
import type { Line, Region } from '@contract/document.ts';
import { tableFor } from '../layout/table-grid.ts';
import { quadAround } from './line-edits.ts';

/** A line with the region it belongs to; regions without lines (figures) keep their place as a cell without a line. */
export interface Cell {
  readonly line: Line | null;
  readonly of: Region;
}

export const cellsOf = (regions: readonly Region[]): Cell[] => regions.flatMap((of): Cell[] => (of.lines.length === 0 ? [{ line: null, of }] : of.lines.map((line) => ({ line, of }))));

/** A region with other lines. The cells of a table name its lines: they follow from its grid, or are found anew where it has none. */
export function withLines({ role, table, quad, lines: before }: Region, lines: Line[]): Region {
  // A figure is more than the words in it: it stays where it is, whatever becomes of them.
  if (role === 'figure' && (before.length > 0 || lines.length === 0)) return { role, quad, lines };
  const { grid } = table ?? {};
  return { role, quad: quadAround(lines), lines, ...(table && grid && role === 'table' && lines.length > 0 && { table: tableFor(lines, { ...table, grid }) }) };
}

/** Regions again: neighbours of one region stay together, one that something came between falls in two. */
export function regionsOf(cells: readonly Cell[]): Region[] {
  const made = new Set<Region>();
  const runs: Cell[][] = [];
  for (const cell of cells) {
    const last = runs.at(-1);
    if (last && last[0]!.of === cell.of) last.push(cell);
    else runs.push([cell]);
  }
  return runs.map((run) => {
    const { of } = run[0]!;
    const lines = run.flatMap(({ line }) => (line ? [line] : []));
    if (lines.length === of.lines.length && lines.every((line, at) => line === of.lines[at])) return of;
    // What was parted from a figure is one of its own.
    const isParted = made.has(of);
    made.add(of);
    return withLines(isParted ? { ...of, lines: [] } : of, lines);
  });
}

/** The same regions with some lines exchanged one for one: tables keep their structure. */
export function exchanged(regions: readonly Region[], change: (line: Line, index: number) => Line): Region[] {
  let index = 0;
  return regions.map((region) => {
    const lines = region.lines.map((line) => change(line, index++));
    return lines.every((line, at) => line === region.lines[at]) ? region : { ...region, lines, quad: region.role === 'figure' ? region.quad : quadAround(lines) };
  });
}
