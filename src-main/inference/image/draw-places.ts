// Draws places of an answer onto a page's picture: an outline each, with its number. Plain pixels; the window draws its own.
import type { Quad } from '@contract/geometry.ts';
import { picture, type Picture } from './picture.ts';

export type Colour = readonly [red: number, green: number, blue: number];

export interface DrawnPlace {
  /** In pixels of the picture. */
  readonly quad: Quad;
  readonly number: number;
  readonly colour: Colour;
}

/** Digits on a grid of 3 by 5, row by row. */
const digits = ['111101101101111', '010110010010111', '111001111100111', '111001111001111', '101101111001001', '111100111001111', '111100111101111', '111001010010010', '111101111101111', '111101111001111'];
const [glyphWidth, glyphHeight] = [3, 5];

/** Draws into a picture, in place; what lies outside of it is left out. */
export class Canvas {
  readonly #width: number;
  readonly #height: number;
  readonly #data: Uint8Array;

  constructor({ width, height, data }: Picture) {
    this.#width = width;
    this.#height = height;
    this.#data = data;
  }

  /** `share` of the colour, the rest stays. */
  mix(x: number, y: number, colour: Colour, share: number): void {
    if (x < 0 || y < 0 || x >= this.#width || y >= this.#height || share <= 0) return;
    const at = (y * this.#width + x) * 3;
    for (let channel = 0; channel < 3; channel++) this.#data[at + channel] = Math.round(this.#data[at + channel]! * (1 - share) + colour[channel]! * share);
  }

  fill(left: number, top: number, width: number, height: number, colour: Colour): void {
    for (let y = top; y < top + height; y++) for (let x = left; x < left + width; x++) this.mix(x, y, colour, 1);
  }

  /** A straight line with soft edges. */
  line([fromX, fromY]: readonly [number, number], [toX, toY]: readonly [number, number], thickness: number, colour: Colour): void {
    const half = thickness / 2;
    const length = Math.hypot(toX - fromX, toY - fromY) || 1;
    const [alongX, alongY] = [(toX - fromX) / length, (toY - fromY) / length];
    for (let y = Math.floor(Math.min(fromY, toY) - half - 1); y <= Math.max(fromY, toY) + half + 1; y++) {
      for (let x = Math.floor(Math.min(fromX, toX) - half - 1); x <= Math.max(fromX, toX) + half + 1; x++) {
        const [dx, dy] = [x + 0.5 - fromX, y + 0.5 - fromY];
        const along = Math.min(length, Math.max(0, dx * alongX + dy * alongY));
        this.mix(x, y, colour, Math.min(1, half + 0.5 - Math.hypot(dx - along * alongX, dy - along * alongY)));
      }
    }
  }

  /** The number in white on a plate of the colour, above the point where there is room. */
  plate(value: number, [atX, atY]: readonly [number, number], unit: number, colour: Colour): void {
    const text = String(value);
    const width = (text.length * (glyphWidth + 1) + 1) * unit;
    const height = (glyphHeight + 2) * unit;
    const left = Math.round(Math.min(Math.max(0, atX), this.#width - width));
    const top = Math.round(atY - height >= 0 ? atY - height : Math.min(atY, this.#height - height));
    this.fill(left, top, width, height, colour);
    for (const [place, digit] of [...text].entries()) {
      for (const [cell, ink] of [...digits[Number(digit)]!].entries()) {
        if (ink === '1') this.fill(left + (1 + place * (glyphWidth + 1) + (cell % glyphWidth)) * unit, top + (1 + Math.floor(cell / glyphWidth)) * unit, unit, unit, [255, 255, 255]);
      }
    }
  }
}

/** A copy with every place outlined and numbered; outlines first, so that no number is crossed out. */
export function drawPlaces(source: Picture, places: readonly DrawnPlace[]): Picture {
  const drawn = picture(source.width, source.height, Uint8Array.from(source.data));
  const canvas = new Canvas(drawn);
  const thickness = Math.max(2, Math.max(source.width, source.height) * 0.002);
  for (const { quad, colour } of places) for (let at = 0; at < 4; at++) canvas.line(quad[at]!, quad[(at + 1) % 4]!, thickness, colour);
  for (const { quad, number, colour } of places) canvas.plate(number, [Math.min(...quad.map((point) => point[0])), Math.min(...quad.map((point) => point[1]))], Math.max(2, Math.round(thickness)), colour);
  return drawn;
}
