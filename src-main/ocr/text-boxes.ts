// From a map of text probability to the rotated boxes of text lines. Knows the map only: no picture, no network.
import { minAreaRect, type Point, type RotatedRect } from './min-area-rect.ts';

export interface TextBoxSettings {
  /** A pixel is text from this probability on. */
  readonly pixelThreshold: number;
  /** A box stays when the mean probability inside it reaches this. */
  readonly boxThreshold: number;
  /** How far boxes grow: the network marks shrunken text cores. */
  readonly unclipRatio: number;
  /** Boxes thinner than this (map pixels, before growing) are noise. */
  readonly minThickness: number;
}

/** Measured on documents; see docs/experiments.md. */
export const textBoxSettings: TextBoxSettings = { pixelThreshold: 0.3, boxThreshold: 0.5, unclipRatio: 1.6, minThickness: 3 };

export interface TextBox {
  readonly rect: RotatedRect;
  /** Mean probability inside the box before it grew. */
  readonly score: number;
}

/** Mean of the map inside a rotated rectangle, sampled at pixel centres. */
function meanInside(map: Float32Array, width: number, height: number, rect: RotatedRect): number {
  const { centre: [cx, cy], axis: [ux, uy] } = rect;
  const halfLength = rect.length / 2 + 0.01, halfThickness = rect.thickness / 2 + 0.01;
  const reachX = Math.abs(ux) * halfLength + Math.abs(uy) * halfThickness;
  const reachY = Math.abs(uy) * halfLength + Math.abs(ux) * halfThickness;
  const left = Math.max(0, Math.floor(cx - reachX)), right = Math.min(width - 1, Math.ceil(cx + reachX));
  const top = Math.max(0, Math.floor(cy - reachY)), bottom = Math.min(height - 1, Math.ceil(cy + reachY));
  let sum = 0, count = 0;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const dx = x - cx, dy = y - cy;
      if (Math.abs(dx * ux + dy * uy) > halfLength || Math.abs(dy * ux - dx * uy) > halfThickness) continue;
      sum += map[y * width + x]!;
      count++;
    }
  }
  return count ? sum / count : 0;
}

/** Grows every side by the distance that DB's polygon offset would: area · ratio / perimeter, exact for rectangles. */
export function growRect(rect: RotatedRect, ratio: number): RotatedRect {
  // A box one pixel thick has an area, too: pixels are squares, not points.
  const length = rect.length + 1, thickness = rect.thickness + 1;
  const distance = (length * thickness * ratio) / (2 * (length + thickness));
  return { ...rect, length: length + 2 * distance, thickness: thickness + 2 * distance };
}

/**
 * Finds the boxes in `map` (`[height, width] float32`, 0…1). Coordinates are map pixels, pixel (0, 0) centred on (0.5, 0.5).
 * @source Liao et al. 2020, "Real-time Scene Text Detection with Differentiable Binarization", section 3.4
 */
export function textBoxesOf(map: Float32Array, width: number, height: number, settings: TextBoxSettings = textBoxSettings): TextBox[] {
  const { pixelThreshold, boxThreshold, unclipRatio, minThickness } = settings;
  const seen = new Uint8Array(width * height);
  // Grown once and used for every component: text covers a tenth of a page, pixel by pixel.
  const stack = new Int32Array(width * height);
  const leftOf = new Int32Array(height), rightOf = new Int32Array(height);
  const boxes: TextBox[] = [];
  for (let start = 0; start < map.length; start++) {
    if (seen[start] || map[start]! <= pixelThreshold) continue;
    // One component, eight-connected; only the first and last pixel of each of its rows can lie on the hull.
    const firstRow = Math.floor(start / width);
    let lastRow = firstRow, size = 0;
    leftOf[firstRow] = width;
    rightOf[firstRow] = -1;
    seen[start] = 1;
    stack[size++] = start;
    while (size > 0) {
      const at = stack[--size]!;
      const y = Math.floor(at / width), x = at - y * width;
      // Rows are met in order: a pixel lies at most one below those seen so far.
      while (lastRow < y) {
        lastRow++;
        leftOf[lastRow] = width;
        rightOf[lastRow] = -1;
      }
      if (x < leftOf[y]!) leftOf[y] = x;
      if (x > rightOf[y]!) rightOf[y] = x;
      const toX = Math.min(width - 1, x + 1), toY = Math.min(height - 1, y + 1), fromX = Math.max(0, x - 1);
      for (let ny = Math.max(0, y - 1); ny <= toY; ny++) {
        for (let next = ny * width + fromX; next <= ny * width + toX; next++) {
          if (seen[next] || map[next]! <= pixelThreshold) continue;
          seen[next] = 1;
          stack[size++] = next;
        }
      }
    }
    const points: Point[] = [];
    for (let y = firstRow; y <= lastRow; y++) {
      if (rightOf[y]! < 0) continue;
      points.push([leftOf[y]!, y]);
      if (rightOf[y]! > leftOf[y]!) points.push([rightOf[y]!, y]);
    }
    const core = minAreaRect(points);
    if (Math.min(core.length, core.thickness) + 1 < minThickness) continue;
    const score = meanInside(map, width, height, core);
    if (score < boxThreshold) continue;
    const grown = growRect(core, unclipRatio);
    boxes.push({ rect: { ...grown, centre: [core.centre[0] + 0.5, core.centre[1] + 0.5] }, score });
  }
  return boxes;
}
