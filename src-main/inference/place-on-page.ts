// Model coordinates to page quads: the only place where this is done. Knows each generation's coordinate space, and how the picture
// was turned, cut, padded and resized on its way to the model.
import type { PagePoint, Quad, Rotation } from '@contract/geometry.ts';
import type { PackageManifest } from '../model/package-format.ts';
import type { ModelShape } from './grounding.ts';
import type { ImagePlan } from './vision-model.ts';

/** Where a picture that was sent comes from. */
export interface PicturePlacement {
  /** Size of the stored page. */
  readonly pageWidth: number;
  readonly pageHeight: number;
  /** The clockwise turn that was applied before anything else. */
  readonly rotation: Rotation;
  /** Top left of the sent part within the turned page. */
  readonly left: number;
  readonly top: number;
}

/** `thousand`: 0–1000 over the picture. `input`: pixels of the resized picture. */
export type CoordinateSpace = 'thousand' | 'input';

/** @source facts of each generation's published prompts: only Qwen2.5-VL answers in pixels of its input */
export function coordinateSpaceOf(architecture: PackageManifest['architecture']): CoordinateSpace {
  return architecture === 'qwen2.5-vl' ? 'input' : 'thousand';
}

const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), most);

/** A point of the turned page, back on the stored page. */
function turnBack([x, y]: readonly [number, number], { pageWidth, pageHeight, rotation }: PicturePlacement): PagePoint {
  if (rotation === 90) return [y, pageHeight - x];
  if (rotation === 180) return [pageWidth - x, pageHeight - y];
  if (rotation === 270) return [pageWidth - y, x];
  return [x, y];
}

/** Half the side of the quad that stands for a point, as a share of the page's longer side. */
const pointRadius = 0.006;

/** Corners clockwise from the upright top left; kept within the picture that was sent. */
export function placeOnPage(shape: ModelShape, space: CoordinateSpace, plan: ImagePlan, placement: PicturePlacement): Quad {
  const whole = space === 'thousand' ? { width: 1000, height: 1000 } : plan.input;
  const onPage = ([x, y]: readonly [number, number]): [number, number] => [
    clamp((x / whole.width) * plan.padded.width, plan.original.width) + placement.left,
    clamp((y / whole.height) * plan.padded.height, plan.original.height) + placement.top,
  ];
  const corners = shape.points.map(onPage);
  const [first, second] = corners as [[number, number], [number, number]?];
  let quad = corners;
  if (shape.kind === 'point') {
    const radius = Math.max(3, pointRadius * Math.max(placement.pageWidth, placement.pageHeight));
    const [x, y] = first;
    quad = [[x - radius, y - radius], [x + radius, y - radius], [x + radius, y + radius], [x - radius, y + radius]];
  } else if (shape.kind === 'box' && second) {
    quad = [first, [second[0], first[1]], second, [first[0], second[1]]];
  }
  return quad.map((point) => turnBack(point, placement)) as Quad;
}
