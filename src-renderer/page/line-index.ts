// Finds the lines under a point or inside a rectangle without looking at all of them: a uniform grid over the page. Knows no view.
import type { PagePoint, Quad, Rect } from '@contract/geometry.ts';
import type { PageLine } from './page-lines.ts';

export interface LineIndex {
  /** Indexes of lines whose quad contains the point (or comes within `tolerance` page pixels), smallest first. */
  at(point: PagePoint, tolerance?: number): number[];
  /** Indexes of lines whose bounds touch the rectangle, in reading order. */
  inside(rect: Rect): number[];
}

/** About this many lines to a cell: few enough to test one by one. */
const linesPerCell = 4;

export function buildLineIndex(lines: readonly PageLine[], page: { width: number; height: number }): LineIndex {
  const cellCount = Math.max(1, Math.min(65_536, Math.ceil(lines.length / linesPerCell)));
  const columns = Math.max(1, Math.round(Math.sqrt((cellCount * page.width) / Math.max(1, page.height))));
  const rows = Math.max(1, Math.ceil(cellCount / columns));
  const cellWidth = Math.max(1, page.width / columns);
  const cellHeight = Math.max(1, page.height / rows);
  const cells: number[][] = Array.from({ length: columns * rows }, () => []);

  const column = (x: number): number => Math.min(columns - 1, Math.max(0, Math.floor(x / cellWidth)));
  const row = (y: number): number => Math.min(rows - 1, Math.max(0, Math.floor(y / cellHeight)));

  for (const { index, bounds } of lines) {
    const right = column(bounds.x + bounds.width);
    const bottom = row(bounds.y + bounds.height);
    for (let r = row(bounds.y); r <= bottom; r++) for (let c = column(bounds.x); c <= right; c++) cells[r * columns + c]!.push(index);
  }

  const candidates = (rect: Rect): Set<number> => {
    const found = new Set<number>();
    const right = column(rect.x + rect.width);
    const bottom = row(rect.y + rect.height);
    for (let r = row(rect.y); r <= bottom; r++) for (let c = column(rect.x); c <= right; c++) for (const index of cells[r * columns + c]!) found.add(index);
    return found;
  };

  return {
    at(point, tolerance = 0) {
      const around = { x: point[0] - tolerance, y: point[1] - tolerance, width: 2 * tolerance, height: 2 * tolerance };
      return [...candidates(around)]
        .filter((index) => quadContains(lines[index]!.line.quad, point, tolerance))
        .sort((a, b) => areaOf(lines[a]!) - areaOf(lines[b]!) || a - b);
    },
    inside(rect) {
      return [...candidates(rect)].filter((index) => rectsTouch(lines[index]!.bounds, rect)).sort((a, b) => a - b);
    },
  };
}

function areaOf({ bounds }: PageLine): number {
  return bounds.width * bounds.height;
}

export function rectsTouch(a: Rect, b: Rect): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

/** Whether a point lies in a convex quad, or at most `tolerance` outside one of its edges. Works for either winding. */
export function quadContains(quad: Quad, [x, y]: PagePoint, tolerance = 0): boolean {
  let inside = 0;
  let outside = 0;
  for (let i = 0; i < 4; i++) {
    const [x1, y1] = quad[i]!;
    const [x2, y2] = quad[(i + 1) % 4]!;
    const length = Math.hypot(x2 - x1, y2 - y1);
    if (length === 0) continue;
    const distance = ((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)) / length;
    if (distance >= -tolerance) inside++;
    if (distance <= tolerance) outside++;
  }
  const edges = quad.filter((corner, i) => { const next = quad[(i + 1) % 4]!; return corner[0] !== next[0] || corner[1] !== next[1]; }).length;
  return edges > 0 && (inside === edges || outside === edges);
}
