// The one place where page pixels become canvas pixels and back: turn, scale, move. Pure arithmetic; knows no canvas, no store.
import type { PagePoint, Rect, Rotation, ViewPoint } from '@contract/geometry.ts';
import { boundsOf } from '@contract/geometry.ts';

export interface Size { width: number; height: number }

/** What a page looks like from outside: the stored image's size, and the clockwise turn that makes it upright. */
export interface PageFrame extends Size { rotation: Rotation }

/** Where the upright page lies in the view: `view = upright * scale + (x, y)`, in CSS pixels. */
export interface Camera { scale: number; x: number; y: number }

/** 'fit' and 'width' follow the window's size; 'free' stays where the user put it. */
export type FitMode = 'fit' | 'width' | 'free';

/** `[a, b, c, d, e, f]` as canvas and CSS take it: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix = readonly [number, number, number, number, number, number];

const margin = 24;
const smallestScale = 0.01;
const largestScale = 32;
/** The share of the page that always stays in the view, so that it cannot be lost. */
const keptInView = 64;

export function uprightSize(frame: PageFrame): Size {
  const turned = frame.rotation === 90 || frame.rotation === 270;
  return turned ? { width: frame.height, height: frame.width } : { width: frame.width, height: frame.height };
}

/** Page pixels → upright page pixels. */
function turnMatrix({ width, height, rotation }: PageFrame): Matrix {
  if (rotation === 90) return [0, 1, -1, 0, height, 0];
  if (rotation === 180) return [-1, 0, 0, -1, width, height];
  if (rotation === 270) return [0, -1, 1, 0, 0, width];
  return [1, 0, 0, 1, 0, 0];
}

/** Page pixels → view pixels. */
export function pageMatrix(camera: Camera, frame: PageFrame): Matrix {
  const [a, b, c, d, e, f] = turnMatrix(frame);
  const s = camera.scale;
  return [a * s, b * s, c * s, d * s, e * s + camera.x, f * s + camera.y];
}

export function pageToView(camera: Camera, frame: PageFrame, [x, y]: PagePoint): ViewPoint {
  const [a, b, c, d, e, f] = pageMatrix(camera, frame);
  return [a * x + c * y + e, b * x + d * y + f];
}

export function viewToPage(camera: Camera, frame: PageFrame, [x, y]: ViewPoint): PagePoint {
  const [a, b, c, d, e, f] = pageMatrix(camera, frame);
  const determinant = a * d - b * c;
  return [(d * (x - e) - c * (y - f)) / determinant, (a * (y - f) - b * (x - e)) / determinant];
}

/** Axis-aligned box in the view around page points. */
export function viewBounds(camera: Camera, frame: PageFrame, points: readonly PagePoint[]): Rect {
  return boundsOf(points.map((point) => pageToView(camera, frame, point)));
}

/** Axis-aligned box on the page around a rectangle of the view. */
export function pageBounds(camera: Camera, frame: PageFrame, view: Rect): Rect {
  const { x, y, width, height } = view;
  const corners: ViewPoint[] = [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
  return boundsOf(corners.map((corner) => viewToPage(camera, frame, corner)));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}

/** The page whole ('fit') or as wide as the view ('width', top visible). Small pages are not enlarged beyond 2:1. */
export function fittedCamera(frame: PageFrame, viewport: Size, mode: 'fit' | 'width'): Camera {
  const page = uprightSize(frame);
  const across = Math.max(1, viewport.width - 2 * margin) / page.width;
  const down = Math.max(1, viewport.height - 2 * margin) / page.height;
  const scale = clamp(mode === 'fit' ? Math.min(across, down) : across, smallestScale, mode === 'fit' ? 2 : largestScale);
  const x = (viewport.width - page.width * scale) / 2;
  const y = mode === 'fit' ? (viewport.height - page.height * scale) / 2 : Math.max(margin, (viewport.height - page.height * scale) / 2);
  return { scale, x, y };
}

/** Keeps a part of the page in the view, and centres a side that is smaller than the view. */
export function keptInsideView(camera: Camera, frame: PageFrame, viewport: Size): Camera {
  const page = uprightSize(frame);
  const inside = (offset: number, length: number, available: number): number => {
    const kept = Math.min(keptInView, length / 2, available / 2);
    return clamp(offset, kept - length, available - kept);
  };
  return {
    scale: camera.scale,
    x: inside(camera.x, page.width * camera.scale, viewport.width),
    y: inside(camera.y, page.height * camera.scale, viewport.height),
  };
}

/** Zooms by `factor`; what lies under `at` stays under it. */
export function zoomedAt(camera: Camera, factor: number, at: ViewPoint): Camera {
  const scale = clamp(camera.scale * factor, smallestScale, largestScale);
  const ratio = scale / camera.scale;
  return { scale, x: at[0] - (at[0] - camera.x) * ratio, y: at[1] - (at[1] - camera.y) * ratio };
}

export function movedBy(camera: Camera, dx: number, dy: number): Camera {
  return { scale: camera.scale, x: camera.x + dx, y: camera.y + dy };
}

/** The smallest move that shows `target` (view pixels) with some air around it; the same camera when it is visible already. */
export function revealing(camera: Camera, target: Rect, viewport: Size): Camera {
  const shift = (start: number, length: number, available: number): number => {
    const air = Math.min(56, Math.max(0, (available - length) / 2));
    if (start < air) return air - start;
    if (start + length > available - air) return length > available - 2 * air ? air - start : available - air - (start + length);
    return 0;
  };
  const dx = shift(target.x, target.width, viewport.width);
  const dy = shift(target.y, target.height, viewport.height);
  return dx === 0 && dy === 0 ? camera : movedBy(camera, dx, dy);
}

/** The next step of the zoom keys: round percentages, each about a third larger than the one before. */
const zoomSteps = [0.05, 0.1, 0.15, 0.25, 0.33, 0.5, 0.67, 0.75, 1, 1.25, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32];
export function nextZoomStep(scale: number, direction: 1 | -1): number {
  const found = direction > 0 ? zoomSteps.find((step) => step > scale * 1.01) : zoomSteps.findLast((step) => step < scale * 0.99);
  return found ?? (direction > 0 ? largestScale : smallestScale);
}
