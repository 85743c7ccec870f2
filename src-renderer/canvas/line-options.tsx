// The page's lines as options of a list, for screen readers and other assistive tools: each stands where its box is, and nothing is painted.
// On pages with very many lines only those around the focused one are in the document; position and size say how many there are.
import { useEffect, useState } from 'react';
import { boundsOf, type Quad, type Rect } from '@contract/geometry.ts';
import { currentText, currentView, useDesk } from '../stores/desk-store.ts';
import { useSettings } from '../stores/settings-store.ts';
import { useOpenLines } from '../stores/use-open-page.ts';
import { pageToView } from '../page/view-transform.ts';

const allUpTo = 400;
const around = 60;
/** Positions follow the camera when it has come to rest. */
const restMs = 120;

export function optionId(line: number): string {
  return `page-line-${line}`;
}

export function figureOptionId(region: number): string {
  return `page-figure-${region}`;
}

export function LineOptions() {
  const { lines } = useOpenLines();
  const figure = useDesk((desk) => desk.figure);
  const focusLine = useDesk((desk) => desk.selection.focus?.line ?? 0);
  const selected = useDesk((desk) => desk.selection.lines);
  const lowConfidence = useSettings(({ settings }) => settings.lowConfidence);
  useRestingCamera();
  const view = currentView();
  const figures = currentText()?.regions.flatMap(({ role, quad }, region) => (role === 'figure' ? [{ region, quad }] : [])) ?? [];
  if (!view || (lines.length === 0 && figures.length === 0)) return <EmptyOption />;
  const first = lines.length <= allUpTo ? 0 : Math.max(0, focusLine - around);
  const end = lines.length <= allUpTo ? lines.length : Math.min(lines.length, focusLine + around + 1);
  const place = (quad: Quad): Rect => boundsOf(quad.map((corner) => pageToView(view.camera, view.frame, corner)));
  return (
    <>
      {lines.slice(first, end).map(({ index, line }) => {
        const { x, y, width, height } = place(line.quad);
        return (
          <div
            key={index}
            id={optionId(index)}
            role="option"
            aria-selected={selected.has(index)}
            aria-posinset={index + 1}
            aria-setsize={lines.length}
            aria-label={line.confidence < lowConfidence ? `${line.text} (uncertain, ${Math.round(line.confidence * 100)} %)` : line.text}
            className="pointer-events-none absolute top-0 left-0"
            style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
          />
        );
      })}
      {figures.map(({ region, quad }, at) => {
        const { x, y, width, height } = place(quad);
        return (
          <div
            key={`figure-${region}`}
            id={figureOptionId(region)}
            role="option"
            aria-selected={figure === region}
            aria-label={figures.length === 1 ? 'Figure' : `Figure ${at + 1} of ${figures.length}`}
            className="pointer-events-none absolute top-0 left-0"
            style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
          />
        );
      })}
    </>
  );
}

/** A list without options is not a list: say that there is nothing. */
function EmptyOption() {
  return <div role="option" aria-selected={false} aria-disabled className="pointer-events-none absolute size-px" aria-label="No text on this page yet" />;
}

function useRestingCamera(): void {
  const [, render] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = useDesk.subscribe((now, before) => {
      if (now.camera === before.camera) return;
      clearTimeout(timer);
      timer = setTimeout(() => render((count) => count + 1), restMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
}
