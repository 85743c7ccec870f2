// Turns pointer, wheel and touch events into what the user means: hover, pick, rubber band, pan, zoom. Knows no store and no drawing.
import type { Rect, ViewPoint } from '@contract/geometry.ts';

export interface Gestures {
  hover(at: ViewPoint | null): void;
  /** `clicks` is 2 for a double click, 3 for a triple. */
  click(at: ViewPoint, clicks: number, keys: { shift: boolean; mod: boolean }): void;
  bandStart(keys: { shift: boolean; mod: boolean }, at: ViewPoint): void;
  /** `to` is where the pointer is now. */
  band(area: Rect, to: ViewPoint): void;
  bandEnd(): void;
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: ViewPoint): void;
  /** What the pointer would do now, for the cursor. */
  mode(mode: 'idle' | 'ready-to-pan' | 'panning' | 'band'): void;
}

const dragFrom = 4;
const wheelZoomSpeed = 0.0022;
const pixelsPerWheelLine = 40;

type Drag = { kind: 'press' | 'band' | 'pan'; start: ViewPoint; last: ViewPoint; keys: { shift: boolean; mod: boolean }; touch: boolean };

/** Listens on `element` until the returned function is called. */
export function followPointer(element: HTMLElement, gestures: Gestures): () => void {
  const fingers = new Map<number, ViewPoint>();
  let drag: Drag | null = null;
  let spaceHeld = false;
  let pinch: { distance: number; middle: ViewPoint } | null = null;

  const at = (event: MouseEvent): ViewPoint => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const keysOf = (event: MouseEvent): Drag['keys'] => ({ shift: event.shiftKey, mod: event.ctrlKey || event.metaKey });

  const pinchNow = (): { distance: number; middle: ViewPoint } => {
    const [first, second] = [...fingers.values()] as [ViewPoint, ViewPoint];
    return { distance: Math.hypot(second[0] - first[0], second[1] - first[1]), middle: [(first[0] + second[0]) / 2, (first[1] + second[1]) / 2] };
  };

  const down = (event: PointerEvent): void => {
    const point = at(event);
    const touch = event.pointerType === 'touch';
    if (touch) fingers.set(event.pointerId, point);
    if (fingers.size === 2) {
      drag = null;
      pinch = pinchNow();
      return;
    }
    const panning = event.button === 1 || (event.button === 0 && spaceHeld);
    if (!panning && event.button !== 0) return;
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    if (event.button === 1) event.preventDefault();
    drag = { kind: panning ? 'pan' : 'press', start: point, last: point, keys: keysOf(event), touch };
    if (panning) gestures.mode('panning');
  };

  const move = (event: PointerEvent): void => {
    const point = at(event);
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, point);
    if (pinch && fingers.size === 2) {
      const now = pinchNow();
      gestures.pan(now.middle[0] - pinch.middle[0], now.middle[1] - pinch.middle[1]);
      if (pinch.distance > 0) gestures.zoom(now.distance / pinch.distance, now.middle);
      pinch = now;
      return;
    }
    if (!drag) return gestures.hover(point);
    if (drag.kind === 'press' && Math.hypot(point[0] - drag.start[0], point[1] - drag.start[1]) >= dragFrom) {
      // A finger moves the page; a mouse draws a band.
      drag.kind = drag.touch ? 'pan' : 'band';
      gestures.mode(drag.kind === 'pan' ? 'panning' : 'band');
      if (drag.kind === 'band') gestures.bandStart(drag.keys, drag.start);
    }
    if (drag.kind === 'pan') gestures.pan(point[0] - drag.last[0], point[1] - drag.last[1]);
    if (drag.kind === 'band') gestures.band({ x: Math.min(point[0], drag.start[0]), y: Math.min(point[1], drag.start[1]), width: Math.abs(point[0] - drag.start[0]), height: Math.abs(point[1] - drag.start[1]) }, point);
    drag.last = point;
  };

  const up = (event: PointerEvent): void => {
    fingers.delete(event.pointerId);
    if (fingers.size < 2) pinch = null;
    const ended = drag;
    drag = null;
    if (!ended) return;
    gestures.mode(spaceHeld ? 'ready-to-pan' : 'idle');
    if (ended.kind === 'band') gestures.bandEnd();
    else if (ended.kind === 'press' && event.type === 'pointerup') gestures.click(ended.start, clickCount(event), ended.keys);
  };

  // `pointerup.detail` is always 0, so clicks that follow each other closely are counted here.
  let lastClick = { time: 0, x: 0, y: 0, count: 0 };
  const clickCount = (event: PointerEvent): number => {
    const near = event.timeStamp - lastClick.time < 400 && Math.hypot(event.clientX - lastClick.x, event.clientY - lastClick.y) < 5;
    lastClick = { time: event.timeStamp, x: event.clientX, y: event.clientY, count: near ? (lastClick.count % 3) + 1 : 1 };
    return lastClick.count;
  };

  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? pixelsPerWheelLine : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? element.clientHeight : 1;
    const dx = event.deltaX * unit;
    const dy = event.deltaY * unit;
    // A trackpad's pinch arrives as a wheel with Ctrl and small steps; a mouse wheel's steps are about 100.
    if (event.ctrlKey || event.metaKey) gestures.zoom(Math.exp(-dy * (Math.abs(dy) < 20 ? 0.01 : wheelZoomSpeed)), at(event));
    else if (event.shiftKey && dx === 0) gestures.pan(-dy, 0);
    else gestures.pan(-dx, -dy);
  };

  const key = (event: KeyboardEvent): void => {
    if (event.key !== ' ' || event.target !== element) return;
    event.preventDefault();
    if (event.type === 'keydown' && !spaceHeld) gestures.mode('ready-to-pan');
    if (event.type === 'keyup' && !drag) gestures.mode('idle');
    spaceHeld = event.type === 'keydown';
  };
  const leave = (): void => gestures.hover(null);
  const blur = (): void => { spaceHeld = false; if (!drag) gestures.mode('idle'); };

  const letGo = new AbortController();
  const options = { signal: letGo.signal };
  element.addEventListener('pointerdown', down, options);
  element.addEventListener('pointermove', move, options);
  element.addEventListener('pointerup', up, options);
  element.addEventListener('pointercancel', up, options);
  element.addEventListener('pointerleave', leave, options);
  element.addEventListener('wheel', wheel, { ...options, passive: false });
  element.addEventListener('keydown', key, options);
  element.addEventListener('keyup', key, options);
  element.addEventListener('blur', blur, options);
  return () => letGo.abort();
}
