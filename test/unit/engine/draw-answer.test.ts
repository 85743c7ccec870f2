// The picture of an answer's places: drawn where the place is on the upright page, whichever way the page was stored, and nothing else touched.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Rotation } from '@contract/geometry.ts';
import { quietJob } from '../../../src-main/base/job.ts';
import { drawAnswer } from '../../../src-main/engine/jobs/draw-answer.ts';
import { decodeImage } from '../../../src-main/inference/image/decode-image.ts';
import { turnPicture } from '../../../src-main/inference/image/picture.ts';
import { fixturePage } from '../../helpers/fixture-pages.ts';
import { boxQuad, temporaryFolder } from '../../helpers/library.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const card = fixturePage('en-card');

test.each([0, 90, 180, 270] as Rotation[])('a page stored turned by %i°', async (rotation) => {
  const stored = await decodeImage(card.path);
  const file = join(folder.path, `${rotation}.png`);
  const place = { x: 100, y: 60, width: 80, height: 40 };
  await drawAnswer(quietJob(), { page: { source: { path: card.path, format: 'png', pageIndex: 0 }, rotation }, places: [{ quad: boxQuad(place.x, place.y, place.width, place.height), number: 12, state: 'found' }], file, overwrite: false });
  const [drawn, upright] = [await decodeImage(file), turnPicture(stored, rotation)];
  expect([drawn.width, drawn.height]).toEqual([upright.width, upright.height]);
  // Turned back, what changed lies around the place (the outline) and on its number's plate beside it.
  const back = turnPicture(drawn, ((360 - rotation) % 360) as Rotation);
  let changed = 0;
  const reach = 60;
  for (let y = 0; y < stored.height; y++) {
    for (let x = 0; x < stored.width; x++) {
      const at = (y * stored.width + x) * 3;
      if (back.data[at] === stored.data[at] && back.data[at + 1] === stored.data[at + 1]) continue;
      changed++;
      expect(x).toBeGreaterThan(place.x - reach);
      expect(x).toBeLessThan(place.x + place.width + reach);
      expect(y).toBeGreaterThan(place.y - reach);
      expect(y).toBeLessThan(place.y + place.height + reach);
    }
  }
  expect(changed).toBeGreaterThan(2 * (place.width + place.height));
  // The middle of a side is in the colour of what was found; the middle of the place is as it was.
  const pixel = (x: number, y: number): number[] => [...back.data.subarray((y * stored.width + x) * 3, (y * stored.width + x) * 3 + 3)];
  expect(pixel(place.x + place.width, place.y + place.height / 2)).toEqual([22, 130, 73]);
  expect(pixel(place.x + 40, place.y + 20)).toEqual([...stored.data.subarray(((place.y + 20) * stored.width + place.x + 40) * 3, ((place.y + 20) * stored.width + place.x + 40) * 3 + 3)]);
});

test('a file that is there is left alone unless the user was asked', async () => {
  const file = join(folder.path, '0.png');
  expect(existsSync(file)).toBe(true);
  const again = (overwrite: boolean) => drawAnswer(quietJob(), { page: { source: { path: card.path, format: 'png', pageIndex: 0 }, rotation: 0 }, places: [], file, overwrite });
  await expect(again(false)).rejects.toMatchObject({ code: 'file-exists' });
  await again(true);
});
