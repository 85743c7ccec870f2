// A decoded picture in memory and the plain pixel work on it: turning by quarters. Knows no file format and no sharp.
import type { Rotation } from '@contract/geometry.ts';
import { assert } from '../../base/errors.ts';

/** 8-bit sRGB pixels, row by row from the top left, three bytes each, no padding. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 3;
  readonly data: Uint8Array;
}

export function picture(width: number, height: number, data: Uint8Array): Picture {
  assert(data.length === width * height * 3, `a ${width}×${height} picture holds ${width * height * 3} bytes, not ${data.length}`);
  return { width, height, channels: 3, data };
}

/** The picture turned clockwise. Copies (except for 0). */
export function turnPicture(source: Picture, rotation: Rotation): Picture {
  if (rotation === 0) return source;
  const { width, height, data } = source;
  const swap = rotation !== 180;
  const turned = new Uint8Array(data.length);
  // Where the source's pixel (0, 0) lands, and how far one step right or down moves in the target.
  const targetWidth = swap ? height : width;
  const start = rotation === 90 ? height - 1 : rotation === 180 ? width * height - 1 : (width - 1) * targetWidth;
  const right = rotation === 90 ? targetWidth : rotation === 180 ? -1 : -targetWidth;
  const down = rotation === 90 ? -1 : rotation === 180 ? -width : 1;
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0, to = (start + y * down) * 3; x < width; x++, from += 3, to += right * 3) {
      turned[to] = data[from]!;
      turned[to + 1] = data[from + 1]!;
      turned[to + 2] = data[from + 2]!;
    }
  }
  return picture(targetWidth, swap ? width : height, turned);
}

/** The part of the picture from (`left`, `top`), `width` × `height` pixels. Copies. */
export function cutPicture(source: Picture, left: number, top: number, width: number, height: number): Picture {
  assert(left >= 0 && top >= 0 && left + width <= source.width && top + height <= source.height, 'a part lies within its picture');
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * source.width + left) * 3;
    data.set(source.data.subarray(from, from + width * 3), y * width * 3);
  }
  return picture(width, height, data);
}
