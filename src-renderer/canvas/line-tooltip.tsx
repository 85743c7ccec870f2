// What the reader made of the line under the pointer or the keyboard's focus: its text, and how sure it is.
import { useEffect, useState } from 'react';
import { currentView, useDesk } from '../stores/desk-store.ts';
import { useSettings } from '../stores/settings-store.ts';
import { useOpenLines } from '../stores/use-open-page.ts';
import { viewBounds } from '../page/view-transform.ts';
import { classes } from '../ui/classes.ts';

const hoverDelayMs = 350;

export function LineTooltip({ byKeyboard }: { byKeyboard: boolean }) {
  const hovered = useDesk((desk) => desk.hovered);
  const focus = useDesk((desk) => desk.selection.focus);
  const camera = useDesk((desk) => (desk.hovered === null && desk.selection.focus === null ? null : desk.camera));
  const viewport = useDesk((desk) => desk.viewport);
  const lowConfidence = useSettings(({ settings }) => settings.lowConfidence);
  // Any move of the page or the pointer to another line starts the wait again.
  const [rested, setRested] = useState<{ line: number; camera: object } | null>(null);
  useEffect(() => {
    if (hovered === null || !camera) return;
    const timer = setTimeout(() => setRested({ line: hovered, camera }), hoverDelayMs);
    return () => clearTimeout(timer);
  }, [hovered, camera]);
  const shown = rested?.line === hovered && rested.camera === camera ? hovered : null;

  // Moving by keyboard, only an uncertain line speaks up by itself.
  const { lines } = useOpenLines();
  const focusLine = focus && lines[focus.line];
  const index = shown ?? (byKeyboard && hovered === null && focusLine && focusLine.line.confidence < lowConfidence ? focusLine.index : null);
  const line = index === null ? undefined : lines[index]?.line;
  const view = currentView();
  if (!line || !view) return null;
  const bounds = viewBounds(view.camera, view.frame, line.quad);
  if (bounds.y > viewport.height || bounds.y + bounds.height < 0) return null;
  const below = bounds.y + bounds.height + 8;
  const above = below + 48 > viewport.height;
  const left = Math.max(8, Math.min(bounds.x, viewport.width - 328));
  const doubtful = line.confidence < lowConfidence;
  return (
    <div
      role="tooltip"
      className="pointer-events-none absolute top-0 left-0 z-10 max-w-80 animate-fade rounded-md border border-edge bg-raised px-2.5 py-1.5 shadow-float"
      style={{ transform: above ? `translate(${left}px, ${bounds.y - 8}px) translateY(-100%)` : `translate(${left}px, ${below}px)` }}
    >
      <p className="line-clamp-3 text-body break-words">{line.text}</p>
      <p className={classes('text-tiny', doubtful ? 'text-warn' : 'text-faint')}>{doubtful ? 'Uncertain: ' : 'Confidence '}{Math.round(line.confidence * 100)} %</p>
    </div>
  );
}
