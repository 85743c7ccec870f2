// Draws the boxes of a page's lines, the places an answer speaks of, and the marks over them: hover, selection, search hits, rubber band. Knows no store; draws what it is given.
import type { PagePoint, Quad, Rect } from '@contract/geometry.ts';
import type { Matrix } from '../page/view-transform.ts';
import type { PageLine } from '../page/page-lines.ts';

/** Colours of the page layers. The page is paper in either theme, so they do not follow it. */
export const boxColors = {
  line: 'rgba(37, 99, 235, 0.5)',
  lineFill: 'rgba(37, 99, 235, 0.06)',
  doubtful: 'rgba(202, 110, 4, 0.85)',
  doubtfulFill: 'rgba(245, 158, 11, 0.24)',
  figure: 'rgba(13, 148, 136, 0.75)',
  figureSelected: 'rgb(15, 118, 110)',
  hover: 'rgba(29, 78, 216, 0.95)',
  hoverFill: 'rgba(37, 99, 235, 0.14)',
  selected: 'rgba(29, 78, 216, 0.9)',
  selectedFill: 'rgba(37, 99, 235, 0.28)',
  focus: 'rgb(29, 78, 216)',
  hit: 'rgba(253, 210, 20, 0.5)',
  hitNow: 'rgba(251, 133, 0, 0.6)',
  band: 'rgba(37, 99, 235, 0.9)',
  bandFill: 'rgba(37, 99, 235, 0.12)',
} as const;

/** Under this height in device pixels an outline would swallow the box: only its area is tinted. */
const outlinedFrom = 5;

interface Style { fill: string; stroke: string | null }

/** A context whose unit is the device pixel, with the way from page pixels to it. */
export interface Brush { context: CanvasRenderingContext2D; matrix: Matrix; ratio: number }

/** `matrix` is page → view; the brush draws in device pixels so that edges can be put on them. */
export function brushFor(context: CanvasRenderingContext2D, matrix: Matrix, ratio: number): Brush {
  const [a, b, c, d, e, f] = matrix;
  return { context, ratio, matrix: [a * ratio, b * ratio, c * ratio, d * ratio, e * ratio, f * ratio] };
}

export function clear(context: CanvasRenderingContext2D): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
}

/** Rectangles go through fillRect and strokeRect: with ten thousand of them that is many times faster than one path. */
function rectangleOf(quad: Quad): Rect | null {
  const [[x1, y1], [x2, y2], [x3, y3], [x4, y4]] = quad;
  const lying = y1 === y2 && x2 === x3 && y3 === y4 && x4 === x1;
  const standing = x1 === x2 && y2 === y3 && x3 === x4 && y4 === y1;
  if (!lying && !standing) return null;
  return { x: Math.min(x1, x3), y: Math.min(y1, y3), width: Math.abs(x3 - x1), height: Math.abs(y3 - y1) };
}

function trace(context: CanvasRenderingContext2D, [a, b, c, d, e, f]: Matrix, quad: Quad): void {
  quad.forEach(([x, y]: PagePoint, i) => {
    if (i === 0) context.moveTo(a * x + c * y + e, b * x + d * y + f);
    else context.lineTo(a * x + c * y + e, b * x + d * y + f);
  });
  context.closePath();
}

/** Draws quads of one style: rectangles one by one, everything slanted as one path. */
function paintQuads({ context, matrix, ratio }: Brush, quads: Iterable<Quad>, style: Style, lineWidth: number): void {
  const [a, b, c, d, e, f] = matrix;
  context.fillStyle = style.fill;
  if (style.stroke) context.strokeStyle = style.stroke;
  context.lineWidth = lineWidth * ratio;
  const half = (lineWidth * ratio) / 2;
  let slanted = false;
  context.beginPath();
  for (const quad of quads) {
    const rect = rectangleOf(quad);
    if (!rect) {
      trace(context, matrix, quad);
      slanted = true;
      continue;
    }
    const x1 = a * rect.x + c * rect.y + e;
    const y1 = b * rect.x + d * rect.y + f;
    const x2 = a * (rect.x + rect.width) + c * (rect.y + rect.height) + e;
    const y2 = b * (rect.x + rect.width) + d * (rect.y + rect.height) + f;
    const left = Math.round(Math.min(x1, x2));
    const top = Math.round(Math.min(y1, y2));
    const width = Math.max(1, Math.round(Math.abs(x2 - x1)));
    const height = Math.max(1, Math.round(Math.abs(y2 - y1)));
    context.fillRect(left, top, width, height);
    if (style.stroke && height >= outlinedFrom && width >= outlinedFrom) context.strokeRect(left + half, top + half, width - 2 * half, height - 2 * half);
  }
  if (!slanted) return;
  context.fill();
  if (style.stroke) context.stroke();
}

/** The boxes that are always there, one per line; uncertain lines tinted. */
export function paintLines(brush: Brush, lines: readonly PageLine[], visible: readonly number[], lowConfidence: number): void {
  const sure: Quad[] = [];
  const doubtful: Quad[] = [];
  for (const index of visible) {
    const { line } = lines[index]!;
    (line.confidence < lowConfidence ? doubtful : sure).push(line.quad);
  }
  paintQuads(brush, sure, { fill: boxColors.lineFill, stroke: boxColors.line }, 1);
  paintQuads(brush, doubtful, { fill: boxColors.doubtfulFill, stroke: boxColors.doubtful }, 1);
}

/** Pictures, drawings and the like that were found on the page: framed, not filled, for they are to be seen. */
export function paintFigures(brush: Brush, quads: readonly Quad[]): void {
  brush.context.setLineDash([6 * brush.ratio, 4 * brush.ratio]);
  paintQuads(brush, quads, { fill: 'transparent', stroke: boxColors.figure }, 1.5);
  brush.context.setLineDash([]);
}

/** A place that an answer points at, and what the recognised text makes of it. */
export interface PaintedPlace { quad: Quad; state: 'found' | 'differs' | 'not-on-page' | 'unchecked'; point: boolean; lit: boolean }

const placeColors = { found: [5, 122, 85], differs: [180, 83, 9], 'not-on-page': [185, 28, 28], unchecked: [109, 40, 217] } as const;
/** Around the text, not through it. */
const placeAir = 2.5;
const pointRadius = 7;

/** Heavier than the boxes of lines and in other colours, so that an answer stands out from what was merely read. */
export function paintPlaces({ context, matrix, ratio }: Brush, places: readonly PaintedPlace[]): void {
  const [a, b, c, d, e, f] = matrix;
  const to = ([x, y]: PagePoint): [number, number] => [a * x + c * y + e, b * x + d * y + f];
  context.lineJoin = 'round';
  for (const { quad, state, point, lit } of places) {
    const rgb = placeColors[state].join(', ');
    const corners = quad.map(to);
    const middle: [number, number] = [corners.reduce((sum, [x]) => sum + x, 0) / 4, corners.reduce((sum, [, y]) => sum + y, 0) / 4];
    context.beginPath();
    if (point) context.arc(middle[0], middle[1], pointRadius * ratio, 0, 2 * Math.PI);
    else {
      for (const [x, y] of corners) {
        const length = Math.hypot(x - middle[0], y - middle[1]) || 1;
        const grown = (length + placeAir * ratio * Math.SQRT2) / length;
        context.lineTo(middle[0] + (x - middle[0]) * grown, middle[1] + (y - middle[1]) * grown);
      }
      context.closePath();
    }
    context.fillStyle = `rgba(${rgb}, ${lit ? 0.26 : 0.1})`;
    context.strokeStyle = `rgba(${rgb}, ${lit ? 1 : 0.85})`;
    context.lineWidth = (lit ? 3 : 2) * ratio;
    context.setLineDash(state === 'differs' || state === 'not-on-page' ? [6 * ratio, 3 * ratio] : []);
    context.fill();
    context.stroke();
  }
  context.setLineDash([]);
}

export interface Marks {
  hits: readonly Quad[];
  hitNow: readonly Quad[];
  selected: readonly Quad[];
  focused: Quad | null;
  hovered: Quad | null;
  /** The selected figure: framed, for it is to be seen. */
  figure: Quad | null;
  /** Its corners can be taken hold of. */
  handles: Quad | null;
  /** The rubber band, in view pixels. */
  band: Rect | null;
}

/** Everything that follows the pointer and the keyboard: few boxes, drawn often. */
export function paintMarks(brush: Brush, marks: Marks): void {
  paintQuads(brush, marks.hits, { fill: boxColors.hit, stroke: null }, 1);
  paintQuads(brush, marks.hitNow, { fill: boxColors.hitNow, stroke: null }, 1);
  paintQuads(brush, marks.selected, { fill: boxColors.selectedFill, stroke: boxColors.selected }, 1.5);
  if (marks.hovered) paintQuads(brush, [marks.hovered], { fill: boxColors.hoverFill, stroke: boxColors.hover }, 1.5);
  if (marks.focused) paintQuads(brush, [marks.focused], { fill: 'transparent', stroke: boxColors.focus }, 2);
  if (marks.figure) paintQuads(brush, [marks.figure], { fill: 'transparent', stroke: boxColors.figureSelected }, 3);
  if (marks.handles) paintHandles(brush, marks.handles);
  if (!marks.band) return;
  const { context, ratio } = brush;
  const { x, y, width, height } = marks.band;
  context.fillStyle = boxColors.bandFill;
  context.strokeStyle = boxColors.band;
  context.lineWidth = ratio;
  context.fillRect(x * ratio, y * ratio, width * ratio, height * ratio);
  context.strokeRect(x * ratio, y * ratio, width * ratio, height * ratio);
}

const handleSide = 8;

function paintHandles({ context, matrix: [a, b, c, d, e, f], ratio }: Brush, quad: Quad): void {
  const side = handleSide * ratio;
  context.fillStyle = '#ffffff';
  context.strokeStyle = boxColors.focus;
  context.lineWidth = 1.5 * ratio;
  for (const [x, y] of quad) {
    const left = Math.round(a * x + c * y + e - side / 2), top = Math.round(b * x + d * y + f - side / 2);
    context.fillRect(left, top, side, side);
    context.strokeRect(left, top, side, side);
  }
}
