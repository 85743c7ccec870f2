// The window over the screen while a part of it is captured: shows the screen as it was, and lets a rectangle be drawn on it. Knows nothing
// of the application but two calls.
import type { CaptureBridge } from '@contract/capture.ts';

const { capture } = window as unknown as { capture: CaptureBridge };
const screenElement = document.querySelector<HTMLElement>('#screen')!;
const areaElement = document.querySelector<HTMLElement>('#area')!;
const picture = document.querySelector<HTMLImageElement>('#picture')!;

/** In CSS pixels of this window. */
interface Area { left: number; top: number; width: number; height: number }

const keyStep = 10, fineStep = 1;
let area: Area | null = null;
let from: [number, number] | null = null;

function draw(next: Area): void {
  const width = Math.min(Math.max(1, next.width), innerWidth), height = Math.min(Math.max(1, next.height), innerHeight);
  area = { width, height, left: Math.min(Math.max(0, next.left), innerWidth - width), top: Math.min(Math.max(0, next.top), innerHeight - height) };
  areaElement.hidden = false;
  for (const side of ['left', 'top', 'width', 'height'] as const) areaElement.style[side] = `${area[side]}px`;
}

const between = ([x1, y1]: [number, number], [x2, y2]: [number, number]): Area => ({ left: Math.min(x1, x2), top: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) });

function take(): void {
  if (area) capture.take({ left: area.left / innerWidth, top: area.top / innerHeight, width: area.width / innerWidth, height: area.height / innerHeight });
}

screenElement.addEventListener('pointerdown', (event) => {
  if (event.button !== 0) return capture.take(null);
  screenElement.setPointerCapture(event.pointerId);
  from = [event.clientX, event.clientY];
});
screenElement.addEventListener('pointermove', (event) => {
  if (from) draw(between(from, [event.clientX, event.clientY]));
});
screenElement.addEventListener('pointerup', (event) => {
  if (!from) return;
  const drawn = between(from, [event.clientX, event.clientY]);
  from = null;
  // A click alone draws nothing.
  if (drawn.width < 4 || drawn.height < 4) return;
  draw(drawn);
  take();
});
window.addEventListener('keydown', (event) => {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
  if (event.key === 'Escape') capture.take(null);
  else if (event.key === 'Enter') {
    if (!area) draw({ left: 0, top: 0, width: innerWidth, height: innerHeight });
    take();
  } else if (dx || dy) {
    const step = event.ctrlKey ? fineStep : keyStep;
    const now = area ?? { left: innerWidth / 4, top: innerHeight / 4, width: innerWidth / 2, height: innerHeight / 2 };
    draw(event.shiftKey ? { ...now, width: now.width + dx! * step, height: now.height + dy! * step } : { ...now, left: now.left + dx! * step, top: now.top + dy! * step });
  } else return;
  event.preventDefault();
});

const shown = await capture.picture();
picture.src = URL.createObjectURL(new Blob([shown as BlobPart], { type: 'image/jpeg' }));
screenElement.focus();
