// A table as a grid over the page: its cells to be chosen and typed in, its ruling lines to be dragged. Lies in the table's own frame, so that a
// page photographed askew is edited like a straight one.
import { useEffect, useRef, useState } from 'react';
import type { ViewPoint } from '@contract/geometry.ts';
import { placeIn, type ShownCell, type ShownTable } from '@contract/table.ts';
import { currentView, useDesk } from '../stores/desk-store.ts';
import { toClipboard, copyAs } from '../stores/page-actions.ts';
import { closeTable, dragRuling, focusedCell, keepCell, nudgeRuling, pickCell, refreshTable, selectAllCells, selectedCells, stepCell, typeInCell, useTable, walkCells } from '../stores/table-store.ts';
import { useSettings } from '../stores/settings-store.ts';
import { useOpenPage, useOpenText } from '../stores/use-open-page.ts';
import { bandCount, cellName, draggedEdges, isIn, type Axis, type CellMove } from '../page/table-shape.ts';
import { pageToView, viewToPage } from '../page/view-transform.ts';
import { classes } from '../ui/classes.ts';
import { CellEditor } from './cell-editor.tsx';

/** How near to a ruling line a press takes hold of it, how far its handle stands out of the table, and how far a key press moves it. */
const reach = 4, handle = 9, nudgePixels = 2;
const gridId = 'table-grid';
const cellId = (row: number, column: number): string => `table-cell-${row}-${column}`;

export function TableGrid() {
  const open = useTable((state) => state.open);
  const page = useOpenPage();
  const text = useOpenText();
  useEffect(() => {
    if (open && open.pageId !== page?.id) useTable.setState({ open: null, typing: null });
  }, [open, page?.id]);
  useEffect(() => { void refreshTable(); }, [text]);
  if (!open || open.pageId !== page?.id) return null;
  return <Grid key={open.pageId} table={open.table} />;
}

interface Draft { axis: Axis; index: number; share: number }

function Grid({ table }: { table: ShownTable }) {
  const root = useRef<HTMLDivElement>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const isTyping = useTable((state) => state.typing !== null);
  const focus = useTable((state) => state.focus);
  const anchor = useTable((state) => state.anchor);
  const lowConfidence = useSettings(({ settings }) => settings.lowConfidence);
  useDesk((desk) => desk.camera);
  useDesk((desk) => desk.viewport);
  useEffect(() => root.current?.focus({ preventScroll: true }), []);
  const view = currentView();
  if (!view) return null;

  const corner = (at: 0 | 1 | 3): ViewPoint => pageToView(view.camera, view.frame, table.grid.quad[at]);
  const a = corner(0), b = corner(1), d = corner(3);
  const width = Math.hypot(b[0] - a[0], b[1] - a[1]), height = Math.hypot(d[0] - a[0], d[1] - a[1]);
  const turn = [b[0] - a[0], b[1] - a[1], d[0] - a[0], d[1] - a[1]].map((length, at) => length / ((at < 2 ? width : height) || 1));
  const edgesOf = (axis: Axis): readonly number[] => (draft?.axis === axis ? draggedEdges(table.grid[axis], draft.index, draft.share) : table.grid[axis]);
  const rows = edgesOf('rows').map((edge) => edge * height), columns = edgesOf('columns').map((edge) => edge * width);
  const range = selectedCells({ ...useTable.getState(), focus, anchor });
  const focused = focusedCell({ ...useTable.getState(), focus });

  const shareAt = (event: React.PointerEvent, axis: Axis): number => {
    const desk = root.current!.offsetParent!.getBoundingClientRect();
    const place = placeIn(table.grid.quad)(viewToPage(view.camera, view.frame, [event.clientX - desk.left, event.clientY - desk.top]));
    return place[axis === 'columns' ? 0 : 1];
  };
  const place = ({ row, column, rowSpan, columnSpan }: ShownCell): React.CSSProperties => ({ left: columns[column], top: rows[row], width: columns[column + columnSpan]! - columns[column]!, height: rows[row + rowSpan]! - rows[row]! });

  return (
    <>
      <div
        ref={root}
        id={gridId}
        role="grid"
        tabIndex={0}
        aria-label={`Table of ${bandCount(table.grid, 'rows')} rows and ${bandCount(table.grid, 'columns')} columns`}
        aria-rowcount={bandCount(table.grid, 'rows')}
        aria-colcount={bandCount(table.grid, 'columns')}
        aria-multiselectable="true"
        aria-activedescendant={focused && cellId(focused.row, focused.column)}
        onKeyDown={(event) => onGridKey(event, view.camera.scale)}
        // The page underneath goes on scrolling and zooming.
        onWheel={(event) => document.getElementById('page-canvas')?.dispatchEvent(new WheelEvent('wheel', event.nativeEvent))}
        className="absolute top-0 left-0 z-10 origin-top-left outline-none"
        style={{ width, height, transform: `matrix(${turn.join(',')},${a[0]},${a[1]})` }}
      >
        {Array.from({ length: bandCount(table.grid, 'rows') }, (_, row) => (
          <div key={row} role="row" aria-rowindex={row + 1} className="contents">
            {table.cells.filter((cell) => cell.row === row).map((cell) => {
              const selected = range !== null && isIn(range, cell);
              return (
                <div
                  key={cell.column}
                  id={cellId(cell.row, cell.column)}
                  role="gridcell"
                  aria-colindex={cell.column + 1}
                  aria-rowspan={cell.rowSpan}
                  aria-colspan={cell.columnSpan}
                  aria-selected={selected}
                  aria-label={`${cellName(cell)}: ${cell.text || 'empty'}`}
                  onPointerDown={(event) => { if (event.button === 0) { pickCell(cell, event.shiftKey); root.current?.focus({ preventScroll: true }); } }}
                  onPointerEnter={(event) => { if (event.buttons === 1 && !draft) pickCell(cell, true); }}
                  onDoubleClick={() => typeInCell()}
                  className={classes(
                    'absolute cursor-cell border border-[rgb(29,78,216)]/70 [box-sizing:border-box]',
                    selected ? 'bg-[rgba(37,99,235,0.22)]' : cell.text !== '' && cell.confidence < lowConfidence ? 'bg-[rgba(245,158,11,0.24)]' : 'bg-[rgba(37,99,235,0.05)]',
                    focused === cell && 'outline-2 -outline-offset-1 outline-[rgb(29,78,216)]',
                  )}
                  style={place(cell)}
                />
              );
            })}
          </div>
        ))}
        {(['columns', 'rows'] as const).map((axis) => edgesOf(axis).map((edge, index) => (
          <Ruling
            key={`${axis} ${index}`}
            axis={axis}
            at={edge * (axis === 'columns' ? width : height)}
            length={axis === 'columns' ? height : width}
            held={draft?.axis === axis && draft.index === index}
            onGrab={(event) => setDraft({ axis, index, share: shareAt(event, axis) })}
            onDrag={(event) => setDraft({ axis, index, share: shareAt(event, axis) })}
            // What was dragged stays where it is until the page says so itself.
            onDrop={(event) => void dragRuling(axis, index, shareAt(event, axis)).then(() => setDraft(null))}
            onLeave={() => setDraft(null)}
          />
        )))}
      </div>
      {focused && isTyping && <CellEditor key={cellName(focused)} cell={focused} grid={table.grid} onKeep={(typed) => void keepCell(focused, typed)} onEnd={() => root.current?.focus({ preventScroll: true })} />}
    </>
  );
}

interface RulingProps {
  axis: Axis;
  at: number;
  length: number;
  held: boolean;
  onGrab(event: React.PointerEvent): void;
  onDrag(event: React.PointerEvent): void;
  onDrop(event: React.PointerEvent): void;
  onLeave(): void;
}

/** Only for the pointer: by keyboard, Alt and arrows move the line behind the focused cell. */
function Ruling({ axis, at, length, held, onGrab, onDrag, onDrop, onLeave }: RulingProps) {
  const [started, setStarted] = useState(false);
  const across = { [axis === 'columns' ? 'left' : 'top']: at - reach, [axis === 'columns' ? 'top' : 'left']: -handle, [axis === 'columns' ? 'width' : 'height']: 2 * reach, [axis === 'columns' ? 'height' : 'width']: length + handle };
  const isColumn = axis === 'columns';
  return (
    <div
      aria-hidden
      data-ruling={axis}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        setStarted(true);
        onGrab(event);
      }}
      onPointerMove={(event) => { if (started) onDrag(event); }}
      onPointerUp={(event) => { if (started) onDrop(event); setStarted(false); }}
      onPointerCancel={() => { setStarted(false); onLeave(); }}
      className={classes('group absolute touch-none', isColumn ? 'cursor-col-resize' : 'cursor-row-resize')}
      style={across}
    >
      <span className={classes('pointer-events-none absolute', isColumn ? 'inset-y-0 left-1/2 w-0.5 -translate-x-1/2' : 'inset-x-0 top-1/2 h-0.5 -translate-y-1/2', held ? 'bg-[rgb(29,78,216)]' : 'group-hover:bg-[rgb(29,78,216)]')} />
      <span className={classes('pointer-events-none absolute rounded-full border border-[rgb(29,78,216)] bg-white', isColumn ? 'top-0 left-1/2 size-2 -translate-x-1/2' : 'top-1/2 left-0 size-2 -translate-y-1/2')} />
    </div>
  );
}

const moves: Record<string, CellMove> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right', Home: 'first', End: 'last' };

function onGridKey(event: React.KeyboardEvent, scale: number): void {
  const mod = event.ctrlKey || event.metaKey;
  const move = moves[event.key];
  const done = (): void => { event.preventDefault(); event.stopPropagation(); };
  if (move && event.altKey && !mod && event.key.startsWith('Arrow')) {
    const sign = move === 'right' || move === 'down' ? 1 : -1;
    void nudgeRuling(move === 'left' || move === 'right' ? 'columns' : 'rows', (sign * nudgePixels) / scale);
  } else if (event.altKey) return;
  else if (move && !mod) walkCells(move, event.shiftKey);
  else if (event.key === 'Tab' && !mod) {
    // Past the last cell, Tab leaves the grid.
    if (!stepCell(event.shiftKey ? -1 : 1)) return;
  } else if (mod && event.key.toLowerCase() === 'a') selectAllCells();
  else if (mod && event.key.toLowerCase() === 'c' && !event.shiftKey) copyCells();
  else if (mod) return;
  else if (event.key === 'Enter' || event.key === 'F2') typeInCell();
  else if (event.key === 'Escape') closeTable();
  else if (event.key === 'Delete' || event.key === 'Backspace') {
    const cell = focusedCell(useTable.getState());
    if (cell) void keepCell(cell, '');
  } else if (event.key.length === 1 && event.key !== ' ') typeInCell(event.key);
  else return;
  done();
}

/** One cell's text as it is, several as rows parted by tabs. */
function copyCells(): void {
  const range = selectedCells(useTable.getState()), cell = focusedCell(useTable.getState());
  if (!range || !cell) return;
  if (range.rowSpan === cell.rowSpan && range.columnSpan === cell.columnSpan) void toClipboard(cell.text, 'The cell was copied.');
  else void copyAs('tsv');
}
