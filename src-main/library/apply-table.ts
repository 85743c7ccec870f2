// The steps that correct tables: lines become one, its ruling lines and merged cells change, a cell says something else. Pure.
import type { Correction } from '@contract/correction.ts';
import type { Line, Region } from '@contract/document.ts';
import { partOfQuad, type Quad } from '@contract/geometry.ts';
import { placeIn, quadOfCells } from '@contract/table.ts';
import type { TableCell, TableGrid } from '@contract/table.ts';
import { AppError } from '../base/errors.ts';
import { gridOf, standsIn, tableInGrid } from '../layout/table-grid.ts';
import { inCellOrder, tableFrom, tableOf } from '../layout/table-structure.ts';
import { quadAround, withText } from './line-edits.ts';
import { cellsOf, regionsOf } from './region-lines.ts';

type Step<K extends Correction['kind']> = Extract<Correction, { kind: K }>;

/** These lines become one table, where the first of them stood. @throws request-invalid when they have no text */
export function makeTable(regions: readonly Region[], indexes: readonly number[]): Region[] {
  const chosen = new Set(indexes);
  const cells = cellsOf(regions);
  let index = 0;
  const isChosen = cells.map(({ line }) => line !== null && chosen.has(index++));
  const lines = cells.flatMap(({ line }, at) => (line && isChosen[at] ? [line] : []));
  const found = tableFrom(lines.filter((line) => line.text.trim() !== ''));
  if (!found) throw new AppError('request-invalid', { name: 'make-table' });
  const made = inCellOrder(found.lines, { ...found.table, grid: gridOf(found.lines, found.table) });
  const own: Region = { role: 'table', quad: quadAround(made.lines), ...made };
  const first = isChosen.indexOf(true);
  return regionsOf([...cells.slice(0, first), ...cellsOf([own]), ...cells.slice(first).filter((_, at) => !isChosen[first + at])]);
}

function tableRegion(regions: readonly Region[], index: number, kind: string): Region {
  const region = regions[index];
  if (region?.role !== 'table') throw new AppError('request-invalid', { name: kind });
  return region;
}

/** @throws request-invalid when there is no such table, or no text would be left in it */
export function shapeTable(regions: readonly Region[], { kind, region: index, grid, merged }: Step<'shape-table'>): Region[] {
  const before = tableRegion(regions, index, kind);
  const isInside = standsIn(grid);
  const taken = (region: Region): Line[] => (region === before ? [] : region.lines.filter(isInside));
  const { lines, table, outside } = tableInGrid([...before.lines, ...regions.flatMap(taken)], grid, merged);
  if (lines.length === 0) throw new AppError('request-invalid', { name: kind });
  const own: Region = { role: 'table', quad: quadAround(lines), lines, table };
  const loose = (some: Line[]): Region[] => (some.length === 0 ? [] : [{ role: 'paragraph', quad: quadAround(some), lines: some }]);
  const place = placeIn(grid.quad);
  // By the table's own frame: the page may lie on its side.
  const isAbove = (line: Line): boolean => place(line.quad[0])[1] < 0;
  return regions.flatMap((region): Region[] => {
    if (region === before) return [...loose(outside.filter(isAbove)), own, ...loose(outside.filter((line) => !isAbove(line)))];
    const gone = taken(region);
    return gone.length === 0 ? [region] : regionsOf(cellsOf([region]).filter(({ line }) => !line || !gone.includes(line)));
  });
}

/** Lines of one cell that was empty, or had another number of lines: bands of its box, one below the other. */
function linesIn(quad: Quad, texts: readonly string[], like: Line): Line[] {
  const [a, b, c, d] = quad;
  return texts.map((text, at): Line => {
    const [topRight, bottomRight, bottomLeft, topLeft] = partOfQuad([b, c, d, a], at / texts.length, (at + 1) / texts.length);
    return withText({ text: '', quad: [topLeft, topRight, bottomRight, bottomLeft], confidence: 1, words: [], script: like.script }, text);
  });
}

/** Room between a cell's edges and text typed into it while it was empty, as a share of the cell. */
const cellAir = 0.12;

function inCell([a, b, , d]: Quad): Quad {
  const at = (u: number, v: number): Quad[0] => [a[0] + (b[0] - a[0]) * u + (d[0] - a[0]) * v, a[1] + (b[1] - a[1]) * u + (d[1] - a[1]) * v];
  return [at(cellAir / 2, cellAir), at(1 - cellAir / 2, cellAir), at(1 - cellAir / 2, 1 - cellAir), at(cellAir / 2, 1 - cellAir)];
}

/** @throws request-invalid when there is no such table or cell */
export function setCell(regions: readonly Region[], { kind, region: index, row, column, text }: Step<'set-cell'>): Region[] {
  const before = tableRegion(regions, index, kind);
  const found = tableOf(before);
  if (!found || row >= found.table.rows || column >= found.table.columns) throw new AppError('request-invalid', { name: kind });
  const grid: TableGrid = gridOf(found.lines, found.table);
  const { cells } = found.table;
  const at = cells.findIndex((cell) => row >= cell.row && row < cell.row + cell.rowSpan && column >= cell.column && column < cell.column + cell.columnSpan);
  const cell: TableCell = cells[at] ?? { row, column, rowSpan: 1, columnSpan: 1, lines: [] };
  const old = cell.lines.map((line) => found.lines[line]!);
  const texts = text.split('\n').map((one) => one.trim()).filter((one) => one !== '');
  const quad = old.length > 0 ? quadAround(old) : inCell(quadOfCells(grid, cell));
  const now = texts.length === old.length ? old.map((line, place) => withText(line, texts[place]!)) : linesIn(quad, texts, old[0] ?? found.lines[0]!);
  const lines = [...found.lines, ...now];
  const changed: TableCell = { ...cell, lines: now.map((_, place) => found.lines.length + place) };
  const filled = [...cells.filter((_, place) => place !== at), changed].filter((one) => one.lines.length > 0 || one.rowSpan > 1 || one.columnSpan > 1);
  const made = inCellOrder(lines, { ...found.table, cells: filled, grid });
  if (made.lines.length === 0) return regions.filter((region) => region !== before);
  return regions.map((region) => (region === before ? { role: 'table', quad: quadAround(made.lines), ...made } : region));
}
