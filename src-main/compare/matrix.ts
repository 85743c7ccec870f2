// Projective maps of the plane as nine numbers: applying, inverting, and fitting them to pairs of points. Knows no pages.
import type { PageMatrix } from '@contract/compare.ts';
import type { Quad } from '@contract/geometry.ts';
import { assert } from '../base/errors.ts';

/** A point on one page and where it lies on the other. */
export interface PointPair {
  readonly x: number;
  readonly y: number;
  readonly toX: number;
  readonly toY: number;
}

export const identity: PageMatrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];

export function project(m: PageMatrix, x: number, y: number): [number, number] {
  const w = m[6]! * x + m[7]! * y + m[8]!;
  return [(m[0]! * x + m[1]! * y + m[2]!) / w, (m[3]! * x + m[4]! * y + m[5]!) / w];
}

export const projectQuad = (m: PageMatrix, quad: Quad): Quad => quad.map(([x, y]) => project(m, x, y)) as Quad;

/** First `inner`, then `outer`. */
export function compose(outer: PageMatrix, inner: PageMatrix): PageMatrix {
  const out: number[] = [];
  for (let row = 0; row < 3; row++) for (let column = 0; column < 3; column++) out.push(outer[3 * row]! * inner[column]! + outer[3 * row + 1]! * inner[3 + column]! + outer[3 * row + 2]! * inner[6 + column]!);
  return out;
}

export const scaling = (x: number, y = x): PageMatrix => [x, 0, 0, 0, y, 0, 0, 0, 1];
export const shifting = (x: number, y: number): PageMatrix => [1, 0, x, 0, 1, y, 0, 0, 1];

export function invert(m: PageMatrix): PageMatrix {
  const [a, b, c, d, e, f, g, h, i] = m as [number, number, number, number, number, number, number, number, number];
  const cofactors = [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f, d * h - e * g, b * g - a * h, a * e - b * d];
  const determinant = a * cofactors[0]! + b * cofactors[3]! + c * cofactors[6]!;
  assert(Math.abs(determinant) > 1e-15, 'a map between pages can be undone');
  return cofactors.map((value) => value / cofactors[8]!);
}

/** How much longer a short line at a point becomes. */
export function scaleAt(m: PageMatrix, x: number, y: number): number {
  const [u, v] = project(m, x, y), [a, b] = project(m, x + 1, y), [c, d] = project(m, x, y + 1);
  return Math.sqrt(Math.abs((a - u) * (d - v) - (b - v) * (c - u)));
}

/** Solves `rows` · x = last column by elimination; null when they do not determine x. */
function solve(rows: number[][]): number[] | null {
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    if (Math.abs(rows[pivot]![column]!) < 1e-10) return null;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = 0; row < n; row++) {
      if (row === column) continue;
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let at = column; at <= n; at++) rows[row]![at]! -= factor * rows[column]![at]!;
    }
  }
  return rows.map((row, at) => row[n]! / row[at]!);
}

/** Adds the equation coefficients · x = value to the normal equations. */
function addEquation(normal: number[][], coefficients: readonly number[], value: number): void {
  const n = coefficients.length;
  for (let row = 0; row < n; row++) {
    const factor = coefficients[row]!;
    if (factor === 0) continue;
    for (let column = 0; column < n; column++) normal[row]![column]! += factor * coefficients[column]!;
    normal[row]![n]! += factor * value;
  }
}

export type MapKind = 'similarity' | 'affine' | 'projective';
const unknowns: Readonly<Record<MapKind, number>> = { similarity: 4, affine: 6, projective: 8 };

/** The map of a kind with the least squared distances; null when the points do not determine one. Points are centred and scaled first. */
export function fitMap(kind: MapKind, pairs: readonly PointPair[]): PageMatrix | null {
  if (2 * pairs.length < unknowns[kind]) return null;
  let x0 = 0, y0 = 0, u0 = 0, v0 = 0;
  for (const { x, y, toX, toY } of pairs) {
    x0 += x / pairs.length;
    y0 += y / pairs.length;
    u0 += toX / pairs.length;
    v0 += toY / pairs.length;
  }
  let spread = 0, toSpread = 0;
  for (const { x, y, toX, toY } of pairs) {
    spread += Math.hypot(x - x0, y - y0) / pairs.length;
    toSpread += Math.hypot(toX - u0, toY - v0) / pairs.length;
  }
  if (spread < 1e-6 || toSpread < 1e-6) return null;
  const n = unknowns[kind];
  const normal = Array.from({ length: n }, () => new Array<number>(n + 1).fill(0));
  for (const pair of pairs) {
    const x = (pair.x - x0) / spread, y = (pair.y - y0) / spread, u = (pair.toX - u0) / toSpread, v = (pair.toY - v0) / toSpread;
    if (kind === 'similarity') {
      addEquation(normal, [x, -y, 1, 0], u);
      addEquation(normal, [y, x, 0, 1], v);
    } else {
      const rest = kind === 'projective';
      addEquation(normal, rest ? [x, y, 1, 0, 0, 0, -u * x, -u * y] : [x, y, 1, 0, 0, 0], u);
      addEquation(normal, rest ? [0, 0, 0, x, y, 1, -v * x, -v * y] : [0, 0, 0, x, y, 1], v);
    }
  }
  const s = solve(normal);
  if (!s) return null;
  const core: PageMatrix = kind === 'similarity' ? [s[0]!, -s[1]!, s[2]!, s[1]!, s[0]!, s[3]!, 0, 0, 1] : [s[0]!, s[1]!, s[2]!, s[3]!, s[4]!, s[5]!, s[6] ?? 0, s[7] ?? 0, 1];
  const whole = compose(compose(compose(shifting(u0, v0), scaling(toSpread)), core), compose(scaling(1 / spread), shifting(-x0, -y0)));
  return whole.every(Number.isFinite) && Math.abs(whole[8]!) > 1e-12 ? whole.map((value) => value / whole[8]!) : null;
}

export const distance = (m: PageMatrix, { x, y, toX, toY }: PointPair): number => {
  const [u, v] = project(m, x, y);
  return Math.hypot(u - toX, v - toY);
};

/** Whether the map keeps every part of a page about as large, unfolded and unmirrored, as a page seen at a mild angle. */
export function isMild(m: PageMatrix, width: number, height: number): boolean {
  const corners = ([[0, 0], [width, 0], [width, height], [0, height]] as const).map(([x, y]) => project(m, x, y));
  const areas = corners.map(([x, y], at) => {
    const [a, b] = corners[(at + 1) % 4]!, [c, d] = corners[(at + 3) % 4]!;
    return (a - x) * (d - y) - (b - y) * (c - x);
  });
  return Math.min(...areas) > 0 && Math.max(...areas) / Math.min(...areas) < 2.5;
}
