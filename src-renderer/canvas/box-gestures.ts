// What dragging means while boxes are being edited: on a box's edge or corner it is resized, inside it is moved, elsewhere a new box is
// drawn. Pure arithmetic on quads in page pixels.
import { boundsOf, type PagePoint, type Quad } from '@contract/geometry.ts';
import { quadContains } from '../page/line-index.ts';

/** Which sides of a box go along with the pointer; all four: the box moves. */
export interface Grip { start: boolean; end: boolean; top: boolean; bottom: boolean }

const leastSide = 4;

/** Unit vectors along the text and across it, and where a point lies on them, from the quad's first corner. */
function frameOf([a, b, , d]: Quad) {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1, depth = Math.hypot(d[0] - a[0], d[1] - a[1]) || 1;
  const along: PagePoint = [(b[0] - a[0]) / length, (b[1] - a[1]) / length], across: PagePoint = [(d[0] - a[0]) / depth, (d[1] - a[1]) / depth];
  const place = ([x, y]: PagePoint): [number, number] => [(x - a[0]) * along[0] + (y - a[1]) * along[1], (x - a[0]) * across[0] + (y - a[1]) * across[1]];
  const at = (u: number, v: number): PagePoint => [a[0] + u * along[0] + v * across[0], a[1] + u * along[1] + v * across[1]];
  return { length, depth, place, at };
}

/** What a press at this point takes hold of; `reach` is how near to a side counts. Null: nothing of this box. */
export function gripAt(quad: Quad, point: PagePoint, reach: number): Grip | null {
  if (!quadContains(quad, point, reach)) return null;
  const { length, depth, place } = frameOf(quad);
  const [u, v] = place(point);
  // On small boxes the middle stays free for moving.
  const near = (distance: number, side: number): boolean => Math.abs(distance) < Math.min(reach, Math.max(reach / 2, side / 4));
  const grip = { start: near(u, length), end: near(u - length, length), top: near(v, depth), bottom: near(v - depth, depth) };
  return Object.values(grip).some(Boolean) ? grip : { start: true, end: true, top: true, bottom: true };
}

/** The box after the pointer went by (dx, dy) page pixels. */
export function draggedQuad(quad: Quad, grip: Grip, [dx, dy]: readonly [number, number]): Quad {
  const { length, depth, place, at } = frameOf(quad);
  const [u, v] = place([quad[0][0] + dx, quad[0][1] + dy]);
  const start = grip.start ? Math.min(u, grip.end ? Infinity : length - leastSide) : 0, end = grip.end ? Math.max(length + u, grip.start ? -Infinity : leastSide) : length;
  const top = grip.top ? Math.min(v, grip.bottom ? Infinity : depth - leastSide) : 0, bottom = grip.bottom ? Math.max(depth + v, grip.top ? -Infinity : leastSide) : depth;
  return [at(start, top), at(end, top), at(end, bottom), at(start, bottom)];
}

/** A box drawn between two points; null when it is too small to hold text. */
export function drawnQuad(from: PagePoint, to: PagePoint): Quad | null {
  const { x, y, width, height } = boundsOf([from, to]);
  return width < leastSide || height < leastSide ? null : [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
}
