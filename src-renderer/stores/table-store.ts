// The table that lies open as a grid over the page: which of its cells are selected, the one being typed in, and every step that
// changes it. Steps are decided one after another, each on the table as the one before left it.
import { create } from 'zustand';
import type { CorrectionByHand } from '@contract/correction.ts';
import { boundsOf } from '@contract/geometry.ts';
import { placeIn, quadOfCells, type CellSpan, type ShownCell, type ShownTable } from '@contract/table.ts';
import { request } from '../api.ts';
import { addRuling, bandCount, cellAt, mergeCells, middleOf, moveCell, moveRuling, nextCell, rangeOf, removeRuling, rulingOfBand, shapeOf, shareForRuling, splitCell, type Axis, type CellMove, type CellPlace, type TableShape } from '../page/table-shape.ts';
import { make, selected } from './correction-store.ts';
import { clearSelection, currentLines, currentPage, currentText, revealOnPage, useDesk } from './desk-store.ts';
import { notify } from './notice-store.ts';
import { reportFailure } from './report-failure.ts';

interface TableState {
  open: { pageId: string; table: ShownTable } | null;
  /** The cell that keys mean, and where the selected cells begin. */
  focus: CellPlace;
  anchor: CellPlace;
  /** What stood in the editor of the focused cell when it opened; null while none is open. */
  typing: string | null;
}

const start: CellPlace = { row: 0, column: 0 };
export const useTable = create<TableState>(() => ({ open: null, focus: start, anchor: start, typing: null }));

const tablesOf = (pageId: string): Promise<ShownTable[]> => request('page.tables', { pageId });

/** The region of the focused line when that is a table, else null. */
export function focusedTable(): number | null {
  const line = currentLines().lines[useDesk.getState().selection.focus?.line ?? -1];
  return line?.role === 'table' ? line.regionIndex : null;
}

export const hasTable = (): boolean => currentText()?.regions.some((region) => region.role === 'table' && region.lines.length > 0) ?? false;

/** Shows the focused line's table, or the page's first, as a grid. */
export async function openTable(wanted: (table: ShownTable) => boolean = ({ region }) => region === focusedTable()): Promise<void> {
  const page = currentPage();
  if (!page) return;
  try {
    const tables = await tablesOf(page.id);
    const table = tables.find(wanted) ?? tables[0];
    if (!table) return void notify('There is no table with text on this page.');
    clearSelection();
    useTable.setState({ open: { pageId: page.id, table }, focus: start, anchor: start, typing: null });
  } catch (failure) {
    reportFailure(failure);
  }
}

export function closeTable(): void {
  if (!useTable.getState().open) return;
  useTable.setState({ open: null, typing: null });
  document.getElementById('page-canvas')?.focus();
}

/** The same table as the page now has it: the one around the middle of what was shown. Closes when it is gone. */
export async function refreshTable(): Promise<void> {
  const { open } = useTable.getState();
  if (!open) return;
  try {
    const middle = middleOf(open.table.grid.quad);
    const table = (await tablesOf(open.pageId)).find(({ grid }) => placeIn(grid.quad)(middle).every((share) => share >= 0 && share <= 1));
    if (useTable.getState().open?.pageId !== open.pageId) return;
    if (!table) return closeTable();
    const within = ({ row, column }: CellPlace): CellPlace => ({ row: Math.min(row, bandCount(table.grid, 'rows') - 1), column: Math.min(column, bandCount(table.grid, 'columns') - 1) });
    useTable.setState(({ focus, anchor }) => ({ open: { pageId: open.pageId, table }, focus: within(focus), anchor: within(anchor) }));
  } catch (failure) {
    reportFailure(failure);
    closeTable();
  }
}

let tail: Promise<unknown> = Promise.resolve();

function change(label: string, decide: (table: ShownTable) => CorrectionByHand | null): Promise<void> {
  const mine = tail.then(async () => {
    const { open } = useTable.getState();
    const correction = open && decide(open.table);
    if (correction && (await make(label, correction))) await refreshTable();
  });
  tail = mine.catch(() => {});
  return mine;
}

const reshape = (label: string, shape: (shape: TableShape, table: ShownTable) => TableShape): Promise<void> =>
  change(label, (table) => ({ kind: 'shape-table', region: table.region, ...shape(shapeOf(table), table) }));

// ---- cells

export function pickCell(place: CellPlace, extend = false): void {
  useTable.setState(({ open, anchor }) => {
    const cell = open && cellAt(open.table.cells, place);
    return cell ? { focus: place, anchor: extend ? anchor : place, typing: null } : {};
  });
}

export function walkCells(move: CellMove, extend: boolean): void {
  const { open, focus } = useTable.getState();
  if (open) pickByKey(moveCell(open.table, focus, move), extend);
}

/** As by pointer, and the page moves until the cell is in view. */
function pickByKey(place: CellPlace, extend = false): void {
  pickCell(place, extend);
  const cell = focusedCell(useTable.getState()), grid = useTable.getState().open?.table.grid;
  if (cell && grid) revealOnPage(boundsOf(quadOfCells(grid, cell)));
}

/** Tab goes from cell to cell; false past the last one. */
export function stepCell(direction: 1 | -1): boolean {
  const { open, focus } = useTable.getState();
  const next = open && nextCell(open.table.cells, focus, direction);
  if (next) pickByKey(next);
  return next !== null;
}

export function selectAllCells(): void {
  const { open } = useTable.getState();
  if (open) useTable.setState({ anchor: start, focus: { row: bandCount(open.table.grid, 'rows') - 1, column: bandCount(open.table.grid, 'columns') - 1 } });
}

export const focusedCell = ({ open, focus }: TableState): ShownCell | undefined => open?.table && cellAt(open.table.cells, focus);

export function selectedCells({ open, focus, anchor }: TableState): CellSpan | null {
  return open && rangeOf(open.table.cells, anchor, focus);
}

export function typeInCell(text = focusedCell(useTable.getState())?.text ?? ''): void {
  useTable.setState({ typing: text });
}

export function stopTyping(): void {
  useTable.setState({ typing: null });
}

export async function keepCell(place: CellPlace, text: string): Promise<void> {
  await change('Edit cell', (table) => {
    const cell = cellAt(table.cells, place);
    const kept = text.split('\n').map((line) => line.trim()).filter((line) => line !== '').join('\n');
    return cell && (kept !== cell.text || (kept !== '' && cell.confidence < 1)) ? { kind: 'set-cell', region: table.region, row: cell.row, column: cell.column, text: kept } : null;
  });
}

// ---- ruling lines

export const dragRuling = (axis: Axis, index: number, share: number): Promise<void> => reshape(axis === 'rows' ? 'Move row line' : 'Move column line', (shape) => moveRuling(shape, axis, index, share));

/** Moves the ruling line behind the focused cell by so many page pixels. */
export async function nudgeRuling(axis: Axis, byPixels: number): Promise<void> {
  const cell = focusedCell(useTable.getState());
  if (!cell) return;
  const index = axis === 'rows' ? cell.row + cell.rowSpan : cell.column + cell.columnSpan;
  await reshape('Move ruling line', (shape, { grid: { quad: [a, b, , d], ...edges } }) => {
    const end = axis === 'columns' ? b : d;
    return moveRuling(shape, axis, index, edges[axis][index]! + byPixels / (Math.hypot(end[0] - a[0], end[1] - a[1]) || 1));
  });
}

const words = { rows: 'row', columns: 'column' } as const;
const bandOf = (cell: ShownCell, axis: Axis): number => (axis === 'rows' ? cell.row + cell.rowSpan : cell.column + cell.columnSpan) - 1;

export async function addBand(axis: Axis): Promise<void> {
  const cell = focusedCell(useTable.getState());
  if (!cell) return;
  await reshape(`Add ${words[axis]}`, (shape, table) => addRuling(shape, axis, shareForRuling(table, axis, bandOf(cell, axis))));
  // A new row or column may lie outside the view.
  pickByKey(axis === 'rows' ? { row: bandOf(cell, axis) + 1, column: cell.column } : { row: cell.row, column: bandOf(cell, axis) + 1 });
}

/** The focused row or column joins the one before it: no text is lost. */
export async function removeBand(axis: Axis): Promise<void> {
  const cell = focusedCell(useTable.getState());
  if (cell) await reshape(`Remove ${words[axis]}`, (shape) => removeRuling(shape, axis, rulingOfBand(axis === 'rows' ? cell.row : cell.column)));
}

export function hasBands(axis: Axis): boolean {
  const grid = useTable.getState().open?.table.grid;
  return grid !== undefined && bandCount(grid, axis) > 1;
}

export async function mergeSelectedCells(): Promise<void> {
  const range = selectedCells(useTable.getState());
  if (!range) return;
  await reshape('Merge cells', (shape) => mergeCells(shape, range));
  pickCell(range);
}

export async function splitFocusedCell(): Promise<void> {
  const { focus } = useTable.getState();
  await reshape('Split cell', (shape) => splitCell(shape, focus));
}

// ---- whole tables

/** The selected lines become a table, which opens as a grid. */
export async function makeTable(): Promise<void> {
  const lines = selected();
  const first = currentLines().lines[lines[0] ?? -1]?.line.quad;
  if (!first || !(await make('Make table', { kind: 'make-table', lines }))) return;
  await openTable(({ grid }) => placeIn(grid.quad)(middleOf(first)).every((share) => share >= 0 && share <= 1));
}

/** Its lines are a paragraph again. */
export async function dissolveTable(): Promise<void> {
  await change('Dissolve table', ({ region }) => {
    const lines = currentLines().lines.filter((line) => line.regionIndex === region).map((line) => line.index);
    return lines.length > 0 ? { kind: 'set-role', lines, role: 'paragraph' } : null;
  });
  closeTable();
}
