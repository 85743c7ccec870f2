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

/** The four weights of a cubic interpolation at `t` between the second and the third sample. @source Keys 1981, a = -0.5 */
function cubicWeights(t: number, weights: Float64Array): void {
  const square = t * t, cube = square * t;
  weights[0] = -0.5 * t + square - 0.5 * cube;
  weights[1] = 1 - 2.5 * square + 1.5 * cube;
  weights[2] = 0.5 * t + 2 * square - 1.5 * cube;
  weights[3] = 0.5 * cube - 0.5 * square;
}

/** Where the point (u, v), fractions of the quad's length and height, lies on the page. */
function pointIn([a, b, c, d]: Quad, u: number, v: number): [number, number] {
  const top = [a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u] as const, bottom = [d[0] + (c[0] - d[0]) * u, d[1] + (c[1] - d[1]) * u] as const;
  return [top[0] + (bottom[0] - top[0]) * v, top[1] + (bottom[1] - top[1]) * v];
}

/** Enlarges: every pixel of the strip from the sixteen around its place on the page. */
function enlargeStrip(page: Picture, quad: Quad, width: number, height: number): Uint8Array {
  const out = new Uint8ClampedArray(width * height * 3);
  const { data, width: pageWidth, height: pageHeight } = page;
  const across = new Float64Array(4), down = new Float64Array(4);
  for (let row = 0, to = 0; row < height; row++) {
    const v = (row + 0.5) / height;
    const [startX, startY] = pointIn(quad, 0, v), [endX, endY] = pointIn(quad, 1, v);
    for (let column = 0; column < width; column++, to += 3) {
      const u = (column + 0.5) / width;
      const x = startX + (endX - startX) * u - 0.5, y = startY + (endY - startY) * u - 0.5;
      const left = Math.floor(x), top = Math.floor(y);
      cubicWeights(x - left, across);
      cubicWeights(y - top, down);
      let red = 0, green = 0, blue = 0;
      for (let j = 0; j < 4; j++) {
        const line = Math.min(pageHeight - 1, Math.max(0, top - 1 + j)) * pageWidth;
        for (let i = 0; i < 4; i++) {
          const at = (line + Math.min(pageWidth - 1, Math.max(0, left - 1 + i))) * 3;
          const weight = across[i]! * down[j]!;
          red += data[at]! * weight;
          green += data[at + 1]! * weight;
          blue += data[at + 2]! * weight;
        }
      }
      out[to] = red;
      out[to + 1] = green;
      out[to + 2] = blue;
    }
  }
  return new Uint8Array(out.buffer);
}

/** Bilinear, and the mean of several samples for every pixel of the strip where the page is finer. */
function sampleStrip(page: Picture, quad: Quad, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height * 3);
  const size = sideLengths(quad);
  const samplesX = Math.max(1, Math.min(8, Math.round(size.width / width)));
  const samplesY = Math.max(1, Math.min(8, Math.round(size.height / height)));
  const weight = 1 / (samplesX * samplesY);
  const { data, width: pageWidth, height: pageHeight } = page;
  const maxX = pageWidth - 1, maxY = pageHeight - 1;
  // The ends of each line of samples; computed per row, for nothing may be allocated per pixel.
  const startX = new Float64Array(samplesY), startY = new Float64Array(samplesY), spanX = new Float64Array(samplesY), spanY = new Float64Array(samplesY);
  for (let row = 0, to = 0; row < height; row++) {
    for (let sy = 0; sy < samplesY; sy++) {
      const v = (row + (sy + 0.5) / samplesY) / height;
      const [left, right] = [pointIn(quad, 0, v), pointIn(quad, 1, v)];
      startX[sy] = left[0] - 0.5;
      startY[sy] = left[1] - 0.5;
      spanX[sy] = right[0] - left[0];
      spanY[sy] = right[1] - left[1];
    }
    for (let column = 0; column < width; column++, to += 3) {
      let red = 0, green = 0, blue = 0;
      for (let sy = 0; sy < samplesY; sy++) {
        for (let sx = 0; sx < samplesX; sx++) {
          const u = (column + (sx + 0.5) / samplesX) / width;
          const x = Math.min(maxX, Math.max(0, startX[sy]! + spanX[sy]! * u)), y = Math.min(maxY, Math.max(0, startY[sy]! + spanY[sy]! * u));
          const x0 = Math.floor(x), y0 = Math.floor(y);
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
  return out;
}

/**
 * The part of the page inside `quad` as a strip of `width` × `height` pixels. Outside the page its border repeats. Opposite
 * sides of `quad` may differ. Small text is enlarged linearly, as in the networks' training, or with `crisp` edges.
 */
export function cropStrip(page: Picture, quad: Quad, width: number, height: number, crisp = false): Strip {
  const isEnlarged = crisp && sideLengths(quad).height < height;
  return { width, height, data: isEnlarged ? enlargeStrip(page, quad, width, height) : sampleStrip(page, quad, width, height) };
}

/** Least distance of dark and light that is stretched: an empty strip must not become a picture of its noise. */
const leastContrast = 40;
/** Paper whose neighbouring pixels differ by this many grey levels on average has a camera's grain. Drawn pages stay below 1.4, photographs above 2. */
const grainyPaper = 1.4;
/** Pixels this close to the paper's level belong to it. */
const paperRange = 20;

function greyOf({ width, height, data }: Strip): Uint8Array {
  const grey = new Uint8Array(width * height);
  for (let at = 0; at < grey.length; at++) grey[at] = (data[3 * at]! * 77 + data[3 * at + 1]! * 150 + data[3 * at + 2]! * 29) >> 8;
  return grey;
}

/** The levels below which 2 %, 50 % and 98 % of the pixels lie. */
function levelsOf(grey: Uint8Array): { dark: number; paper: number; light: number } {
  const histogram = new Uint32Array(256);
  for (const level of grey) histogram[level]!++;
  const levelAt = (share: number): number => {
    let left = share * grey.length;
    for (let level = 0; level < 256; level++) if ((left -= histogram[level]!) < 0) return level;
    return 255;
  };
  return { dark: levelAt(0.02), paper: levelAt(0.5), light: levelAt(0.98) };
}

/** Softened by a binomial filter, about a Gaussian of one pixel. */
function softened({ width, height, data }: Strip): Strip {
  const pass = (from: Uint8Array, step: number, length: number, placeOf: (at: number) => number): Uint8Array => {
    const out = new Uint8Array(from.length);
    for (let at = 0; at < from.length; at++) {
      const place = placeOf(at);
      const before = place > 0 ? step : 0, after = place < length - 1 ? step : 0;
      const farBefore = place > 1 ? 2 * step : before, farAfter = place < length - 2 ? 2 * step : after;
      out[at] = (6 * from[at]! + 4 * (from[at - before]! + from[at + after]!) + from[at - farBefore]! + from[at + farAfter]! + 8) >> 4;
    }
    return out;
  };
  const row = 3 * width;
  return { width, height, data: pass(pass(data, 3, width, (at) => Math.floor((at % row) / 3)), row, height, (at) => Math.floor(at / row)) };
}

/**
 * The strip with its paper white and its ink black (or the other way round): faint prints and photographs read better so. Where the
 * paper is grainy, half of it is made plain white, and `soft` is softened, too: the grain costs the older networks more letters than
 * sharp strokes bring. On plain paper both are one.
 */
export function stretchContrast(strip: Strip): { readonly sharp: Strip; readonly soft: Strip } {
  const grey = greyOf(strip), levels = levelsOf(grey);
  if (levels.light - levels.dark < leastContrast) return { sharp: strip, soft: strip };
  if (grainOf(grey, levels.paper) <= grainyPaper) {
    const sharp = between(strip, levels.dark, levels.light);
    return { sharp, soft: sharp };
  }
  const plain = (one: Strip): Strip => {
    const { dark, paper, light } = levelsOf(greyOf(one));
    return 2 * paper > dark + light ? between(one, dark, paper) : between(one, paper, light);
  };
  return { sharp: plain(strip), soft: plain(softened(strip)) };
}

/** The levels from `dark` to `light` spread over all that there are. */
function between({ width, height, data }: Strip, dark: number, light: number): Strip {
  const table = Uint8ClampedArray.from({ length: 256 }, (_, level) => ((level - dark) * 255) / Math.max(1, light - dark));
  return { width, height, data: data.map((level) => table[level]!) };
}

/** Mean difference of neighbouring paper pixels, in grey levels. */
function grainOf(grey: Uint8Array, paper: number): number {
  let sum = 0, count = 0;
  for (let at = 1; at < grey.length; at++) {
    if (Math.abs(grey[at]! - paper) >= paperRange || Math.abs(grey[at - 1]! - paper) >= paperRange) continue;
    sum += Math.abs(grey[at]! - grey[at - 1]!);
    count++;
  }
  return count ? sum / count : 0;
}

/** The quad made higher by a factor, about its middle line. */
export function taller(quad: Quad, factor: number): Quad {
  const [a, b, c, d] = quad;
  const add = (factor - 1) / 2;
  const away = (p: readonly [number, number], q: readonly [number, number]): [number, number] => [p[0] + (p[0] - q[0]) * add, p[1] + (p[1] - q[1]) * add];
  return [away(a, d), away(b, c), away(c, b), away(d, a)];
}

/** The same rectangle read in another direction: its first corner moves on by `quarters` corners clockwise. */
export function turnQuad(quad: Quad, quarters: number): Quad {
  const at = (index: number) => quad[(index + quarters + 8) % 4]!;
  return [at(0), at(1), at(2), at(3)];
}
