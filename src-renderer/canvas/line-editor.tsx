// The line being corrected, in a field right under its print, so that both can be compared. Tab goes to what is uncertain next.
import { useEffect, useRef } from 'react';
import type { Line } from '@contract/document.ts';
import { editDoubtful, editLine, keepText, splitLine, stopEditing, useCorrection } from '../stores/correction-store.ts';
import { currentView, useDesk } from '../stores/desk-store.ts';
import { useOpenLines, useOpenPage } from '../stores/use-open-page.ts';
import { viewBounds } from '../page/view-transform.ts';
import { isComposing } from '../ui/is-composing.ts';

const hintId = 'line-editor-keys';
const height = 58, air = 6, leastWidth = 470, mostWidth = 760;

export function LineEditor() {
  const editing = useCorrection((state) => state.editing);
  const page = useOpenPage();
  const { lines } = useOpenLines();
  // The field follows the page when it is moved or zoomed.
  useDesk((desk) => (editing ? desk.camera : null));
  const viewport = useDesk((desk) => desk.viewport);
  const line = editing && editing.pageId === page?.id ? lines[editing.line]?.line : undefined;
  const view = currentView();
  useEffect(() => {
    if (editing && editing.pageId !== page?.id) useCorrection.setState({ editing: null });
  }, [editing, page?.id]);
  if (!editing || !line || !view) return null;
  const bounds = viewBounds(view.camera, view.frame, line.quad);
  const width = Math.min(viewport.width - 16, Math.max(leastWidth, Math.min(mostWidth, bounds.width + 24)));
  const below = bounds.y + bounds.height + air;
  const top = below + height > viewport.height ? Math.max(0, bounds.y - height - air) : below;
  const left = Math.max(8, Math.min(bounds.x - 8, viewport.width - width - 8));
  return (
    <div className="absolute top-0 left-0 z-20 rounded-lg border border-accent-text bg-raised p-1 shadow-float" style={{ transform: `translate(${left}px, ${top}px)`, width }}>
      <Field key={`${editing.pageId} ${editing.line} ${editing.marked?.join() ?? ''}`} index={editing.line} line={line} marked={editing.marked} />
      <p id={hintId} className="px-1.5 pt-0.5 text-tiny text-faint">Enter keeps · Tab: next uncertain · ↑ ↓ lines · Ctrl+Enter splits here · Esc undoes</p>
    </div>
  );
}

function Field({ index, line, marked }: { index: number; line: Line; marked: readonly [number, number] | null }) {
  const field = useRef<HTMLInputElement>(null);
  // Enter and Tab keep the text themselves; leaving the field in any other way keeps a change, too.
  const settled = useRef(false);
  useEffect(() => {
    const element = field.current!;
    element.focus({ preventScroll: true });
    element.setSelectionRange(marked?.[0] ?? 0, marked?.[1] ?? line.text.length);
  }, [line, marked]);

  const keep = (): void => {
    settled.current = true;
    void keepText(index, field.current!.value);
  };
  const press = (event: React.KeyboardEvent<HTMLInputElement>): void => {
    if (isComposing(event)) return;
    const { value, selectionStart } = event.currentTarget;
    const act = { Enter: 'keep', Tab: 'doubtful', Escape: 'leave', ArrowUp: 'previous', ArrowDown: 'next' }[event.key];
    if (!act || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (act === 'leave') {
      settled.current = true;
      stopEditing();
    } else if (act === 'keep' && (event.ctrlKey || event.metaKey)) {
      settled.current = true;
      const at = selectionStart ?? 0;
      void (value.trim() === line.text ? Promise.resolve() : keepText(index, value)).then(() => splitLine(index, at));
      stopEditing();
    } else {
      keep();
      if (act === 'keep') stopEditing();
      else if (act === 'doubtful') editDoubtful({ line: index, marked: marked ?? [event.shiftKey ? 0 : value.length, value.length] }, event.shiftKey ? -1 : 1);
      else editLine(index + (act === 'next' ? 1 : -1));
    }
  };
  return (
    <input
      ref={field}
      type="text"
      aria-label={`Text of line ${index + 1}`}
      aria-describedby={hintId}
      defaultValue={line.text}
      spellCheck={false}
      autoComplete="off"
      onKeyDown={press}
      onBlur={(event) => {
        if (settled.current) return;
        if (event.currentTarget.value.trim() !== line.text) keep();
        useCorrection.setState({ editing: null });
      }}
      className="h-8 w-full rounded-md bg-transparent px-1.5 text-read outline-none"
    />
  );
}
