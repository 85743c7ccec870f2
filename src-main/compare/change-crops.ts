// Cuts the place of a change out of a page, upright, with a frame around it and with what surrounds it. Knows no files.
import { boundsOf, type Quad, type Rotation } from '@contract/geometry.ts';
import { cutOutSide } from '../base/display-size.ts';
import { cropPicture, reducePicture } from '../inference/image/decode-image.ts';
import { Canvas } from '../inference/image/draw-places.ts';
import { turnPicture, type Picture } from '../inference/image/picture.ts';
import { projectQuad } from './matrix.ts';
import { uprightMatrix } from './upright.ts';

const frameColour = [217, 45, 32] as const;
/** Of the crop's long side: thin, and still seen where the crop is shown small. */
const frameShare = 1 / 300;
/** Text heights around a framed place: a line above and one below, and words enough to know the place by. */
const surroundings = { across: 4, down: 1.5 } as const;
/** A framed crop shows at least this much of the page's width: a lone figure says nothing of where it stands. */
const leastShare = 0.3;

/** How a place is framed: dashed where what the other page has is missing. */
export type Frame = 'solid' | 'dashed';

/** One picture for every quad, in their order, its long side at most `longSide`: each with its frame and its surroundings, or (null) the place alone. `page` is as stored, `rotation` makes it upright. */
export async function cropChanges(page: Picture, rotation: Rotation, quads: readonly Quad[], frames: readonly Frame[] | null, longSide: number | null = cutOutSide): Promise<Picture[]> {
  const upright = turnPicture(page, rotation), matrix = uprightMatrix({ width: page.width, height: page.height, rotation });
  const crops: Picture[] = [];
  for (const [at, quad] of quads.entries()) {
    const placed = projectQuad(matrix, quad);
    const { x, y, width, height } = boundsOf(placed);
    const text = Math.max(16, Math.min(height, 60));
    const aside = frames ? Math.max(surroundings.across * text, (leastShare * upright.width - width) / 2) : 0, above = frames ? surroundings.down * text : 0;
    const left = Math.max(0, Math.min(upright.width - 8, Math.floor(x - aside))), top = Math.max(0, Math.min(upright.height - 8, Math.floor(y - above)));
    const right = Math.min(upright.width, Math.ceil(x + width + aside)), bottom = Math.min(upright.height, Math.ceil(y + height + above));
    const cut = await cropPicture(upright, left, top, Math.max(8, right - left), Math.max(8, bottom - top));
    const crop = longSide === null ? cut : await reducePicture(cut, longSide);
    if (frames) drawFrame(crop, frames[at] ?? 'solid', placed.map(([px, py]) => [(px - left) * (crop.width / cut.width), (py - top) * (crop.height / cut.height)]) as unknown as Quad);
    crops.push(crop);
  }
  return crops;
}

/** Draws around the quad, in place and a little outside of it, so that no ink is covered; what lies outside the picture is drawn at its edge. */
function drawFrame(into: Picture, frame: Frame, quad: Quad): void {
  const canvas = new Canvas(into);
  const thick = Math.max(2, Math.round(Math.max(into.width, into.height) * frameShare)), gap = thick + 1;
  const centre = [quad.reduce((sum, [x]) => sum + x / 4, 0), quad.reduce((sum, [, y]) => sum + y / 4, 0)] as const;
  const corners = quad.map(([x, y]) => [
    Math.max(0, Math.min(into.width - thick, x + (x < centre[0] ? -gap : gap - thick))),
    Math.max(0, Math.min(into.height - thick, y + (y < centre[1] ? -gap : gap - thick))),
  ] as const);
  corners.forEach(([x, y], at) => {
    const [u, v] = corners[(at + 1) % corners.length]!;
    const steps = Math.max(1, Math.ceil(Math.hypot(u - x, v - y)));
    for (let step = 0; step <= steps; step++) if (frame === 'solid' || step % (6 * thick) < 4 * thick) canvas.fill(Math.round(x + ((u - x) * step) / steps), Math.round(y + ((v - y) * step) / steps), thick, thick, frameColour);
  });
}
