// The cell being typed in, in a field right under its print, so that both can be compared. Enter and Tab go on to other cells.
import { useEffect, useRef, useState } from 'react';
import { quadOfCells, type ShownCell, type TableGrid } from '@contract/table.ts';
import { currentView, useDesk } from '../stores/desk-store.ts';
import { stepCell, stopTyping, typeInCell, useTable, walkCells } from '../stores/table-store.ts';
import { cellName } from '../page/table-shape.ts';
import { viewBounds } from '../page/view-transform.ts';
import { isComposing } from '../ui/is-composing.ts';

const hintId = 'cell-editor-keys';
const air = 4, leastWidth = 380, mostWidth = 560, lineHeight = 24, padding = 34;

/** `onEnd`: the keys are the grid's again; not called when the person goes elsewhere by themselves. */
export function CellEditor({ cell, grid, onKeep, onEnd }: { cell: ShownCell; grid: TableGrid; onKeep(text: string): void; onEnd(): void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const settled = useRef(false);
  // What was typed to open the editor stands there already; else all is marked, to be typed over.
  const [opened] = useState(() => { const text = useTable.getState().typing ?? ''; return { text, marksAll: text === cell.text }; });
  const viewport = useDesk((desk) => desk.viewport);
  useEffect(() => {
    const element = field.current!;
    element.focus({ preventScroll: true });
    if (opened.marksAll) element.select();
    else element.setSelectionRange(opened.text.length, opened.text.length);
  }, [opened]);
  const view = currentView();
  if (!view) return null;
  const bounds = viewBounds(view.camera, view.frame, quadOfCells(grid, cell));
  const width = Math.min(viewport.width - 16, Math.max(leastWidth, Math.min(mostWidth, bounds.width)));
  const height = padding + lineHeight * Math.min(6, cell.text.split('\n').length);
  const below = bounds.y + bounds.height + air;
  const y = below + height > viewport.height ? Math.max(0, bounds.y - height - air) : below;
  const x = Math.max(8, Math.min(bounds.x, viewport.width - width - 8));

  const press = (event: React.KeyboardEvent<HTMLTextAreaElement>): void => {
    if (isComposing(event)) return;
    const { key } = event;
    if (key !== 'Enter' && key !== 'Tab' && key !== 'Escape') return;
    event.stopPropagation();
    // A line of its own, as in spreadsheets.
    if (key === 'Enter' && (event.altKey || event.shiftKey)) return insertBreak(event);
    event.preventDefault();
    settled.current = true;
    if (key !== 'Escape') onKeep(event.currentTarget.value);
    if (key === 'Tab') {
      if (stepCell(event.shiftKey ? -1 : 1)) return typeInCell();
    } else if (key === 'Enter') walkCells('down', false);
    stopTyping();
    onEnd();
  };
  return (
    <div className="absolute top-0 left-0 z-20 rounded-lg border border-accent-text bg-raised p-1 shadow-float" style={{ transform: `translate(${x}px, ${y}px)`, width }}>
      <textarea
        ref={field}
        aria-label={`Text of cell ${cellName(cell)}`}
        aria-describedby={hintId}
        defaultValue={opened.text}
        rows={Math.min(6, cell.text.split('\n').length)}
        spellCheck={false}
        autoComplete="off"
        onKeyDown={press}
        onBlur={(event) => {
          if (settled.current) return;
          settled.current = true;
          onKeep(event.currentTarget.value);
          stopTyping();
        }}
        className="block w-full resize-none rounded-md bg-transparent px-1.5 py-1 text-read outline-none"
      />
      <p id={hintId} className="truncate px-1.5 text-tiny text-faint">Enter keeps · Tab: next cell · Alt+Enter: new line · Esc leaves it</p>
    </div>
  );
}

function insertBreak(event: React.KeyboardEvent<HTMLTextAreaElement>): void {
  // Shift+Enter breaks by itself.
  if (!event.altKey) return;
  event.preventDefault();
  const element = event.currentTarget;
  element.setRangeText('\n', element.selectionStart, element.selectionEnd, 'end');
}
