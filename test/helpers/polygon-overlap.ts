// Areas of convex polygons and of what two of them share. Knows points only.

type Point = readonly [x: number, y: number];
export type Polygon = readonly Point[];

/** Positive when the corners run clockwise on a page (y down). */
function signedArea(polygon: Polygon): number {
  let sum = 0;
  for (const [at, [x, y]] of polygon.entries()) {
    const [nextX, nextY] = polygon[(at + 1) % polygon.length]!;
    sum += x * nextY - nextX * y;
  }
  return sum / 2;
}

export function areaOf(polygon: Polygon): number {
  return Math.abs(signedArea(polygon));
}

/**
 * Area common to two convex polygons, in either direction of turn.
 * @source Sutherland and Hodgman, "Reentrant Polygon Clipping", 1974
 */
export function sharedArea(one: Polygon, other: Polygon): number {
  if (!boundsTouch(one, other)) return 0;
  const window = signedArea(other) < 0 ? [...other].reverse() : other;
  let rest = [...one];
  for (const [at, [ax, ay]] of window.entries()) {
    const [bx, by] = window[(at + 1) % window.length]!;
    const depth = ([x, y]: Point): number => (bx - ax) * (y - ay) - (by - ay) * (x - ax);
    const kept: Point[] = [];
    for (const [index, point] of rest.entries()) {
      const next = rest[(index + 1) % rest.length]!;
      const here = depth(point), there = depth(next);
      if (here >= 0) kept.push(point);
      if (here >= 0 !== there >= 0) {
        const share = here / (here - there);
        kept.push([point[0] + share * (next[0] - point[0]), point[1] + share * (next[1] - point[1])]);
      }
    }
    rest = kept;
    if (rest.length < 3) return 0;
  }
  return areaOf(rest);
}

function boundsTouch(one: Polygon, other: Polygon): boolean {
  const range = (polygon: Polygon, axis: 0 | 1): [number, number] => [Math.min(...polygon.map((point) => point[axis])), Math.max(...polygon.map((point) => point[axis]))];
  for (const axis of [0, 1] as const) {
    const [from, to] = range(one, axis), [start, end] = range(other, axis);
    if (to < start || end < from) return false;
  }
  return true;
}
