// The smallest rectangle, at any angle, around a set of points. Plain geometry.
import type { Quad } from '@contract/geometry.ts';

export type Point = readonly [x: number, y: number];

/** Convex hull, counter-clockwise in a y-up frame, without repeated points. @source Andrew's monotone chain, 1979 */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (sorted.length < 3) return sorted;
  const cross = (o: Point, a: Point, b: Point): number => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (ordered: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length >= 2 && cross(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop();
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

export interface RotatedRect {
  readonly centre: Point;
  /** Extent along `axis`, and across it. */
  readonly length: number;
  readonly thickness: number;
  /** Unit vector, within 45 degrees of +x. */
  readonly axis: Point;
}

/** @source Freeman & Shapira 1975: a side of the smallest rectangle lies on a side of the hull. */
export function minAreaRect(points: readonly Point[]): RotatedRect {
  const hull = convexHull(points);
  let best: { area: number; ux: number; uy: number; minU: number; maxU: number; minV: number; maxV: number } | null = null;
  for (let at = 0; at < hull.length; at++) {
    const [ax, ay] = hull[at]!;
    const [bx, by] = hull[(at + 1) % hull.length]!;
    const length = Math.hypot(bx - ax, by - ay);
    if (length === 0 && hull.length > 1) continue;
    const ux = length ? (bx - ax) / length : 1;
    const uy = length ? (by - ay) / length : 0;
    let minU = Infinity, maxU = -Infinity, minV = Infinity, maxV = -Infinity;
    for (const [x, y] of hull) {
      const u = x * ux + y * uy;
      const v = y * ux - x * uy;
      if (u < minU) minU = u;
      if (u > maxU) maxU = u;
      if (v < minV) minV = v;
      if (v > maxV) maxV = v;
    }
    const area = (maxU - minU) * (maxV - minV);
    if (!best || area < best.area) best = { area, ux, uy, minU, maxU, minV, maxV };
  }
  if (!best) return { centre: points[0] ?? [0, 0], length: 0, thickness: 0, axis: [1, 0] };
  const { ux, uy, minU, maxU, minV, maxV } = best;
  const u = (minU + maxU) / 2;
  const v = (minV + maxV) / 2;
  const centre: Point = [u * ux - v * uy, u * uy + v * ux];
  const along = maxU - minU;
  const across = maxV - minV;
  // Of the four equivalent axes, the one nearest to +x.
  if (Math.abs(ux) >= Math.abs(uy)) return { centre, length: along, thickness: across, axis: ux < 0 ? [-ux, -uy] : [ux, uy] };
  return { centre, length: across, thickness: along, axis: uy < 0 ? [-uy, ux] : [uy, -ux] };
}

/** Corners clockwise on the screen (y down), the first at the start of the axis on its upper side. */
export function quadOf({ centre: [x, y], length, thickness, axis: [ux, uy] }: RotatedRect): Quad {
  const ax = (ux * length) / 2, ay = (uy * length) / 2;
  const bx = (-uy * thickness) / 2, by = (ux * thickness) / 2;
  return [[x - ax - bx, y - ay - by], [x + ax - bx, y + ay - by], [x + ax + bx, y + ay + by], [x - ax + bx, y - ay + by]];
}
