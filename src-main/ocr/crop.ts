// Cuts a line out of a page along its (rotated) box into a small upright strip of fixed height. Knows no text.
import type { Quad } from '@contract/geometry.ts';
import type { Picture } from '../inference/image/picture.ts';

/** An upright strip: 8-bit RGB, row by row. */
export interface Strip {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export const sideLengths = (quad: Quad): { width: number; height: number } => ({
  width: (Math.hypot(quad[1][0] - quad[0][0], quad[1][1] - quad[0][1]) + Math.hypot(quad[2][0] - quad[3][0], quad[2][1] - quad[3][1])) / 2,
  height: (Math.hypot(quad[3][0] - quad[0][0], quad[3][1] - quad[0][1]) + Math.hypot(quad[2][0] - quad[1][0], quad[2][1] - quad[1][1])) / 2,
});

/**
 * The part of the page inside `quad` as a strip of `width` × `height` pixels: bilinear, and the mean of several samples
 * where the page is finer than the strip. Outside the page its border repeats. Opposite sides of `quad` may differ.
 */
export function cropStrip(page: Picture, quad: Quad, width: number, height: number): Strip {
  const out = new Uint8Array(width * height * 3);
  const size = sideLengths(quad);
  const samplesX = Math.max(1, Math.min(8, Math.round(size.width / width)));
  const samplesY = Math.max(1, Math.min(8, Math.round(size.height / height)));
  const weight = 1 / (samplesX * samplesY);
  const [topLeft, topRight, bottomRight, bottomLeft] = quad;
  const { data, width: pageWidth, height: pageHeight } = page;
  const maxX = pageWidth - 1, maxY = pageHeight - 1;
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++, to += 3) {
      let red = 0, green = 0, blue = 0;
      for (let sy = 0; sy < samplesY; sy++) {
        const v = (row + (sy + 0.5) / samplesY) / height;
        const leftX = topLeft[0] + (bottomLeft[0] - topLeft[0]) * v, leftY = topLeft[1] + (bottomLeft[1] - topLeft[1]) * v;
        const stepX = topRight[0] + (bottomRight[0] - topRight[0]) * v - leftX, stepY = topRight[1] + (bottomRight[1] - topRight[1]) * v - leftY;
        for (let sx = 0; sx < samplesX; sx++) {
          const u = (column + (sx + 0.5) / samplesX) / width;
          let x = leftX + stepX * u - 0.5, y = leftY + stepY * u - 0.5;
          x = x < 0 ? 0 : x > maxX ? maxX : x;
          y = y < 0 ? 0 : y > maxY ? maxY : y;
          const x0 = x | 0, y0 = y | 0;
          const fx = x - x0, fy = y - y0;
          const right = x0 < maxX ? 3 : 0, down = y0 < maxY ? pageWidth * 3 : 0;
          const at = (y0 * pageWidth + x0) * 3;
          const a = (1 - fx) * (1 - fy), b = fx * (1 - fy), c = (1 - fx) * fy, d = fx * fy;
          red += data[at]! * a + data[at + right]! * b + data[at + down]! * c + data[at + right + down]! * d;
          green += data[at + 1]! * a + data[at + right + 1]! * b + data[at + down + 1]! * c + data[at + right + down + 1]! * d;
          blue += data[at + 2]! * a + data[at + right + 2]! * b + data[at + down + 2]! * c + data[at + right + down + 2]! * d;
        }
      }
      out[to] = red * weight + 0.5;
      out[to + 1] = green * weight + 0.5;
      out[to + 2] = blue * weight + 0.5;
    }
  }
  return { width, height, data: out };
}

/** The quad of the part of a line between two fractions of its length. */
export function partOfQuad(quad: Quad, from: number, to: number): Quad {
  const [a, b, c, d] = quad;
  const between = (p: readonly [number, number], q: readonly [number, number], t: number): [number, number] => [p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t];
  return [between(a, b, from), between(a, b, to), between(d, c, to), between(d, c, from)];
}

/** The same rectangle read in another direction: its first corner moves on by `quarters` corners clockwise. */
export function turnQuad(quad: Quad, quarters: number): Quad {
  const at = (index: number) => quad[(index + quarters + 8) % 4]!;
  return [at(0), at(1), at(2), at(3)];
}
