// Where a part of a page lies once the page is turned. A wrong corner here puts every box of a cropped, turned page somewhere else.
import { expect, test } from 'vitest';
import type { Rotation } from '@contract/geometry.ts';
import { placementOf } from '../../../src-main/engine/jobs/shown-pictures.ts';
import { cutPicture, picture, turnPicture } from '../../../src-main/inference/image/picture.ts';
import { placeOnPage } from '../../../src-main/inference/place-on-page.ts';

const page = picture(7, 5, Uint8Array.from({ length: 7 * 5 * 3 }, (_, at) => Math.floor(at / 3)));
const part = { left: 2, top: 1, width: 4, height: 3 };

test.each([0, 90, 180, 270] as Rotation[])('turned by %i°: every pixel of the part is found again on the page', (rotation) => {
  const sent = turnPicture(cutPicture(page, part.left, part.top, part.width, part.height), rotation);
  const placement = placementOf(page, part, rotation);
  const plan = { original: sent, padded: sent, input: sent, tokens: 1, grid: { height: 1, width: 1 } };
  for (let y = 0; y < sent.height; y++) {
    for (let x = 0; x < sent.width; x++) {
      const quad = placeOnPage({ kind: 'box', points: [[x, y], [x + 1, y + 1]] }, 'input', plan, placement);
      const left = Math.min(...quad.map((point) => point[0]));
      const top = Math.min(...quad.map((point) => point[1]));
      expect(page.data[(top * page.width + left) * 3]).toBe(sent.data[(y * sent.width + x) * 3]);
    }
  }
});
