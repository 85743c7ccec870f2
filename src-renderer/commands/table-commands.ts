// The commands for tables: a part of the one list. Most act on the table that lies open as a grid.
import { addBand, closeTable, dissolveTable, focusedCell, focusedTable, hasBands, hasTable, makeTable, mergeSelectedCells, openTable, removeBand, selectedCells, splitFocusedCell, useTable } from '../stores/table-store.ts';
import { useDesk } from '../stores/desk-store.ts';
import type { Command } from './command-list.ts';

export type TableCommandId = 'edit-table' | 'make-table' | 'add-row' | 'add-column' | 'remove-row' | 'remove-column' | 'merge-cells' | 'split-cell' | 'dissolve-table' | 'close-table';

const isOpen = (): boolean => useTable.getState().open !== null;
const linesChosen = (): boolean => useDesk.getState().selection.lines.size > 0;

const canMerge = (): boolean => {
  const range = selectedCells(useTable.getState()), cell = focusedCell(useTable.getState());
  return range !== null && (range.rowSpan > 1 || range.columnSpan > 1) && !(cell && cell.rowSpan === range.rowSpan && cell.columnSpan === range.columnSpan);
};
const canSplit = (): boolean => {
  const cell = focusedCell(useTable.getState());
  return cell !== undefined && (cell.rowSpan > 1 || cell.columnSpan > 1);
};

function command(id: TableCommandId, label: string, shortcuts: Command['shortcuts'], run: () => void, enabled: () => boolean = isOpen, onPage = false): Command {
  return { id, group: 'Correct', label, shortcuts, run, enabled, ...(onPage && { onPage }) };
}

export const tableCommands: readonly Command[] = [
  command('edit-table', 'Edit the table as a grid', ['g'], () => void openTable(), () => !isOpen() && hasTable() && (focusedTable() !== null || !linesChosen()), true),
  command('make-table', 'Make a table of the lines', ['t'], () => void makeTable(), () => !isOpen() && linesChosen() && focusedTable() === null, true),
  command('add-row', 'Add a row below', [], () => void addBand('rows')),
  command('add-column', 'Add a column to the right', [], () => void addBand('columns')),
  command('remove-row', 'Join the row with the one above', [], () => void removeBand('rows'), () => hasBands('rows')),
  command('remove-column', 'Join the column with the one before', [], () => void removeBand('columns'), () => hasBands('columns')),
  command('merge-cells', 'Merge the cells', ['Mod+M'], () => void mergeSelectedCells(), canMerge),
  command('split-cell', 'Split the merged cell', [], () => void splitFocusedCell(), canSplit),
  command('dissolve-table', 'Make the table a paragraph', [], () => void dissolveTable()),
  command('close-table', 'Close the grid', [], closeTable),
];
