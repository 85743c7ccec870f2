// Model coordinates to page quads: the only place where this is done. Knows each generation's coordinate space, and how the picture
// was turned, cut, padded and resized on its way to the model.
import { boundsOf } from '@contract/geometry.ts';
import type { PagePoint, Quad, Rect, Rotation } from '@contract/geometry.ts';
import { fold } from '../base/fold.ts';
import type { PackageManifest } from '../model/package-format.ts';
import type { ModelGrounding, ModelShape } from './grounding.ts';
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

/** A picture on which places are looked for. */
export interface PlacedPicture {
  readonly plan: ImagePlan;
  readonly placement: PicturePlacement;
  /** What was recognised on its page; only of pictures that are shown together. */
  readonly words?: readonly { readonly text: string; readonly quad: Quad }[] | undefined;
}

export interface AnsweredPlace {
  /** Which of the pictures. */
  readonly image: number;
  readonly quad: Quad;
  readonly isUnsure: boolean;
}

const plain = (text: string): string => fold(text).text.replace(/[\s\p{P}\p{S}]/gu, '');

/** The words at least half of which lie within. */
function wordsUnder(words: NonNullable<PlacedPicture['words']>, { x, y, width, height }: Rect): string {
  const isUnder = (quad: Quad): boolean => {
    const word = boundsOf(quad);
    const across = Math.min(x + width, word.x + word.width) - Math.max(x, word.x);
    const down = Math.min(y + height, word.y + word.height) - Math.max(y, word.y);
    return across > 0 && down > 0 && across * down >= 0.5 * word.width * word.height;
  };
  return plain(words.flatMap(({ text, quad }) => (isUnder(quad) ? [text] : [])).join(''));
}

/** How much of what stands there is what the answer says: 1 for nothing else, 0 for something else. */
function fit(said: string, there: string): number {
  if (there.includes(said)) return said.length / there.length;
  return said.includes(there) && there.length >= 0.6 * said.length ? there.length / said.length : 0;
}

/**
 * Where a place of an answer is. A picture that the answer does not name is the latest one, as in the reference; where several are shown together (the
 * tiles of a page), it is the one on which the answer's words stand at that place.
 * @param said what the answer says stands there; empty for a thing
 * @returns null when there are no pictures
 */
export function placeAnswer({ image, shape }: ModelGrounding, said: string, space: CoordinateSpace, pictures: readonly PlacedPicture[]): AnsweredPlace | null {
  const at = (index: number): Quad => placeOnPage(shape, space, pictures[index]!.plan, pictures[index]!.placement);
  if (pictures.length === 0) return null;
  if (image !== null && image < pictures.length) return { image, quad: at(image), isUnsure: false };
  const last = pictures.length - 1;
  const together = pictures.flatMap(({ words }, index) => (words ? [{ index, words }] : []));
  if (together.length < 2) return { image: last, quad: at(last), isUnsure: false };
  const wanted = plain(said);
  let best: AnsweredPlace = { image: last, quad: at(last), isUnsure: true };
  let most = 0;
  if (wanted === '') return best;
  for (const { index, words } of together) {
    const quad = at(index);
    const fits = fit(wanted, wordsUnder(words, boundsOf(quad)));
    if (fits <= most) continue;
    most = fits;
    best = { image: index, quad, isUnsure: false };
  }
  return best;
}
