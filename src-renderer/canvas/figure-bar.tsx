// What can be done with the selected figure, over the foot of the page. Every button is a command of the one list.
import { ArrowDown, ArrowUp, Copy, GripVertical, ImageDown, Trash2 } from 'lucide-react';
import { CommandButton } from '../commands/use-command.tsx';
import { dragPicture } from '../stores/copy-picture.ts';
import { selectedFigure, useDesk } from '../stores/desk-store.ts';
import { useTable } from '../stores/table-store.ts';
import { useOpenLines } from '../stores/use-open-page.ts';

export function FigureBar() {
  // Read anew when another figure is selected or the page is corrected.
  useDesk((desk) => desk.figure);
  useOpenLines();
  const table = useTable((state) => state.open !== null);
  const figure = selectedFigure();
  if (!figure || table) return null;
  const words = figure.lines.length;
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 z-10 flex justify-center px-3">
      <div role="toolbar" aria-label="Selected figure" className="pointer-events-auto flex max-w-full flex-wrap items-center justify-center gap-0.5 rounded-lg border border-edge bg-raised p-1 shadow-float">
        <span className="px-2 text-small whitespace-nowrap text-muted">{words === 0 ? 'Figure' : words === 1 ? 'Figure with 1 line' : `Figure with ${words} lines`}</span>
        {/* By keyboard, Save does the same. */}
        <span draggable aria-hidden title="Drag out as a picture" onDragStart={(event) => { event.preventDefault(); void dragPicture(); }} className="flex size-8 cursor-grab items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink"><GripVertical size={15} /></span>
        <CommandButton id="copy-picture" side="top"><Copy size={15} aria-hidden /></CommandButton>
        <CommandButton id="save-picture" side="top"><ImageDown size={16} aria-hidden /></CommandButton>
        <CommandButton id="move-earlier" side="top"><ArrowUp size={15} aria-hidden /></CommandButton>
        <CommandButton id="move-later" side="top"><ArrowDown size={15} aria-hidden /></CommandButton>
        <CommandButton id="delete-lines" label="Delete the figure" side="top"><Trash2 size={15} aria-hidden /></CommandButton>
      </div>
    </div>
  );
}
