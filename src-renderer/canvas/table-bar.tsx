// What can be done with the table that lies open as a grid, over the foot of the page, and what its focused cell says. Every button is a command.
import { BetweenHorizontalStart, BetweenVerticalStart, Copy, FoldHorizontal, FoldVertical, TableCellsMerge, TableCellsSplit, Ungroup, X } from 'lucide-react';
import { CommandButton } from '../commands/use-command.tsx';
import { focusedCell, useTable } from '../stores/table-store.ts';
import { cellName } from '../page/table-shape.ts';

export function TableBar() {
  const open = useTable((state) => state.open !== null);
  const cell = useTable(focusedCell);
  const typing = useTable((state) => state.typing !== null);
  if (!open || typing) return null;
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 z-10 flex justify-center px-3">
      <div role="toolbar" aria-label="Correct the table" className="pointer-events-auto flex max-w-full flex-wrap items-center justify-center gap-0.5 rounded-lg border border-edge bg-raised p-1 shadow-float">
        {cell && <span className="max-w-56 truncate px-2 text-small text-muted" title={cell.text}><span className="font-semibold text-ink">{cellName(cell)}</span> {cell.text.replaceAll('\n', ' ') || 'empty'}</span>}
        <CommandButton id="add-row" side="top"><BetweenVerticalStart size={16} aria-hidden /></CommandButton>
        <CommandButton id="add-column" side="top"><BetweenHorizontalStart size={16} aria-hidden /></CommandButton>
        <CommandButton id="remove-row" side="top"><FoldVertical size={16} aria-hidden /></CommandButton>
        <CommandButton id="remove-column" side="top"><FoldHorizontal size={16} aria-hidden /></CommandButton>
        <CommandButton id="merge-cells" side="top"><TableCellsMerge size={16} aria-hidden /></CommandButton>
        <CommandButton id="split-cell" side="top"><TableCellsSplit size={16} aria-hidden /></CommandButton>
        <CommandButton id="copy-table" side="top"><Copy size={15} aria-hidden /></CommandButton>
        <CommandButton id="dissolve-table" side="top"><Ungroup size={16} aria-hidden /></CommandButton>
        <CommandButton id="close-table" side="top"><X size={16} aria-hidden /></CommandButton>
      </div>
    </div>
  );
}
