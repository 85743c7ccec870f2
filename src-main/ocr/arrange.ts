// From the lines of a page to its regions in reading order: the frame of the text, drawn tables, figures, blocks, roles. Holds these steps
// together; each is a file of its own.
import type { Line, PageText, Region } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';
import type { Picture } from '../inference/image/picture.ts';
import { declaredSize, textSize } from '../layout/text-size.ts';
import { figuresOn, type Figure } from './figures.ts';
import type { PageDirection } from './page-direction.ts';
import { readingOrder, type Box } from './reading-order.ts';
import { regionsOf, type PlacedLine } from './regions.ts';
import { ruledGrids } from './ruled-grids.ts';

export interface Frame {
  readonly toFrame: (x: number, y: number) => [number, number];
  readonly toPage: (x: number, y: number) => [number, number];
}

/** Turned by the page's rotation and its skew; for columns of upright characters, lines run down and follow leftwards. */
export function frameOf(lines: readonly Line[], direction: PageDirection): Frame {
  const flat = lines.filter((line) => !line.vertical);
  const angles = flat.map(({ quad }) => Math.atan2(quad[1][1] - quad[0][1], quad[1][0] - quad[0][0]));
  const base = (-direction.rotation * Math.PI) / 180;
  const skews = angles.map((angle) => Math.atan2(Math.sin(angle - base), Math.cos(angle - base))).filter((skew) => Math.abs(skew) < 0.35).sort((a, b) => a - b);
  const angle = base + (skews[skews.length >> 1] ?? 0);
  const down = direction.stacked ? angle + Math.PI / 2 : angle;
  const [ux, uy] = [Math.cos(down), Math.sin(down)];
  // Lines of columns follow to the left, which in a frame turned by a quarter is downwards.
  const [vx, vy] = [-uy, ux];
  return { toFrame: (x, y) => [x * ux + y * uy, x * vx + y * vy], toPage: (x, y) => [x * ux + y * vx, x * uy + y * vy] };
}

export function boxIn(frame: Frame, quad: Quad): Box {
  const points = quad.map(([x, y]) => frame.toFrame(x, y));
  const xs = points.map(([x]) => x), ys = points.map(([, y]) => y);
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

const middleIn = ({ left, right, top, bottom }: Box): [number, number] => [(left + right) / 2, (top + bottom) / 2];

/** Figures take their places among the regions: after what stands over them in their column, else before what stands under them. */
function withFigures(regions: readonly Region[], figures: readonly Figure[], lines: readonly Line[], frame: Frame): Region[] {
  const placed = regions.map((region) => ({ region, box: boxIn(frame, region.quad) }));
  for (const { box, lines: own } of [...figures].sort((a, b) => a.box.top - b.box.top)) {
    const corner = (x: number, y: number): [number, number] => frame.toPage(x, y);
    const quad: Quad = [corner(box.left, box.top), corner(box.right, box.top), corner(box.right, box.bottom), corner(box.left, box.bottom)];
    const inColumn = (other: Box): boolean => Math.min(other.right, box.right) - Math.max(other.left, box.left) > 0.3 * Math.min(other.right - other.left, box.right - box.left);
    const middle = (box.top + box.bottom) / 2;
    const over = placed.findLastIndex((one) => inColumn(one.box) && one.box.bottom < middle);
    const under = placed.findIndex((one) => inColumn(one.box) && one.box.top > middle);
    const at = over >= 0 ? over + 1 : under >= 0 ? under : placed.findIndex((one) => one.box.top > middle);
    placed.splice(at < 0 ? placed.length : at, 0, { region: { role: 'figure', quad, lines: own.map((index) => lines[index]!) }, box });
  }
  return placed.map(({ region }) => region);
}

/** Puts lines into reading order and joins them into regions. The first `declared` lines come from the file's own text. */
export function arrange(page: Picture, lines: readonly Line[], direction: PageDirection, declared = 0): PageText['regions'] {
  if (lines.length === 0) return [];
  // The frame in which lines run to the right and follow one another downwards.
  const frame = frameOf(lines, direction);
  const boxes = lines.map((line) => boxIn(frame, line.quad));
  const heights = boxes.map((box) => box.bottom - box.top).sort((a, b) => a - b);
  const usual = heights[heights.length >> 1]!;
  const grids = ruledGrids(page, usual, frame.toFrame);
  const figures = figuresOn(page, lines.map((line) => line.quad), boxes, grids, usual, frame.toFrame);
  const inFigures = new Set(figures.flatMap((figure) => figure.lines));
  const placed = lines.flatMap((line, at): PlacedLine[] => {
    const box = boxes[at]!, height = box.bottom - box.top;
    return inFigures.has(at) ? [] : [{ line, box, size: at < declared ? declaredSize(height) : textSize(line.text, box.right - box.left, height) }];
  });
  const blocks = readingOrder(placed.map((one) => one.box));
  const regions = regionsOf(blocks, placed, frame.toPage, { grids, middleOf: (quad) => middleIn(boxIn(frame, quad)), figures: figures.map((figure) => figure.box) });
  return withFigures(regions, figures, lines, frame);
}
