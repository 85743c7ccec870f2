// Cuts the place of a change out of a page, upright and with a little of what surrounds it. Knows no files.
import { boundsOf, type Quad, type Rotation } from '@contract/geometry.ts';
import { cutOutSide } from '../base/display-size.ts';
import { cropPicture, reducePicture } from '../inference/image/decode-image.ts';
import { turnPicture, type Picture } from '../inference/image/picture.ts';
import { projectQuad } from './matrix.ts';
import { uprightMatrix } from './upright.ts';

/** One picture for every quad, in their order, with or without a margin, its long side at most `longSide`. `page` is as stored, `rotation` makes it upright. */
export async function cropChanges(page: Picture, rotation: Rotation, quads: readonly Quad[], withMargin = true, longSide: number | null = cutOutSide): Promise<Picture[]> {
  const upright = turnPicture(page, rotation), matrix = uprightMatrix({ width: page.width, height: page.height, rotation });
  const crops: Picture[] = [];
  for (const quad of quads) {
    const { x, y, width, height } = boundsOf(projectQuad(matrix, quad));
    const margin = withMargin ? Math.max(24, 0.8 * Math.min(height, 60)) : 0;
    const left = Math.max(0, Math.min(upright.width - 8, Math.floor(x - 2 * margin))), top = Math.max(0, Math.min(upright.height - 8, Math.floor(y - margin)));
    const right = Math.min(upright.width, Math.ceil(x + width + 2 * margin)), bottom = Math.min(upright.height, Math.ceil(y + height + margin));
    const crop = await cropPicture(upright, left, top, Math.max(8, right - left), Math.max(8, bottom - top));
    crops.push(longSide === null ? crop : await reducePicture(crop, longSide));
  }
  return crops;
}
