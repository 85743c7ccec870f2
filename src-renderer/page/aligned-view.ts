// How aligned pages lie in one view: all in the upright frame of the page after. Pure arithmetic; knows no store.
import { boundsOf, type Quad, type Rect } from '@contract/geometry.ts';
import { fittedCamera, keptInsideView, movedBy, pageMatrix, zoomedAt, type Camera, type PageFrame, type Size } from './view-transform.ts';

/** Nine numbers, row by row, from page pixels to view pixels. */
export type Projection = readonly number[];

const of = ([a, b, c, d, e, f]: readonly [number, number, number, number, number, number]): Projection => [a, c, e, b, d, f, 0, 0, 1];

function compose(outer: Projection, inner: Projection): Projection {
  return Array.from({ length: 9 }, (_, at) => [0, 1, 2].reduce((sum, k) => sum + outer[3 * Math.floor(at / 3) + k]! * inner[3 * k + (at % 3)]!, 0));
}

/** The page after in the view. */
export const afterInView = (camera: Camera, after: PageFrame): Projection => of(pageMatrix(camera, after));
/** The page before in the view, laid on the page after by the alignment's matrix. */
export const beforeInView = (camera: Camera, after: PageFrame, alignment: readonly number[]): Projection => compose(afterInView(camera, after), alignment);

/** Another version in the view, through the page before that both were aligned with. */
export const versionInView = (toBefore: Projection, alignment: readonly number[]): Projection => compose(toBefore, inverse(alignment));

function inverse(m: Projection): Projection {
  const [a, b, c, d, e, f, g, h, i] = m as [number, number, number, number, number, number, number, number, number];
  const all = [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f, d * h - e * g, b * g - a * h, a * e - b * d];
  return all.map((value) => value / all[8]!);
}

/** As CSS takes it, for an element whose own pixels are page pixels and whose origin is its top-left. */
export function cssMatrix([a, b, c, d, e, f, g, h, i]: Projection): string {
  const numbers = [a!, d!, 0, g!, b!, e!, 0, h!, 0, 0, 1, 0, c!, f!, 0, i!];
  return `matrix3d(${numbers.map((value) => Number(value.toPrecision(10))).join(',')})`;
}

export function quadInView(m: Projection, quad: Quad): [number, number][] {
  return quad.map(([x, y]) => {
    const w = m[6]! * x + m[7]! * y + m[8]!;
    return [(m[0]! * x + m[1]! * y + m[2]!) / w, (m[3]! * x + m[4]! * y + m[5]!) / w];
  });
}

export const boundsInView = (m: Projection, quad: Quad): Rect => boundsOf(quadInView(m, quad));

/** The camera that shows the page after whole. */
export const wholePage = (after: PageFrame, viewport: Size): Camera => fittedCamera(after, viewport, 'fit');

/** A camera that was chosen in a pane of another size: the same middle, and as much larger than the whole page as it was. */
export function cameraIn(pane: Size, chosen: { readonly camera: Camera; readonly pane: Size }, after: PageFrame): Camera {
  if (chosen.pane.width === pane.width && chosen.pane.height === pane.height) return chosen.camera;
  const centred = movedBy(chosen.camera, (pane.width - chosen.pane.width) / 2, (pane.height - chosen.pane.height) / 2);
  const zoom = wholePage(after, pane).scale / wholePage(after, chosen.pane).scale;
  return keptInsideView(zoomedAt(centred, zoom, [pane.width / 2, pane.height / 2]), after, pane);
}
