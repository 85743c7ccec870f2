// Measures lines along their own reading direction, so that a page stored sideways exports like an upright one.
import type { Line } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';

/** A box in the frame of a region: `start`–`end` along the text, `top`–`bottom` across it. */
export interface FrameBox {
  start: number;
  end: number;
  top: number;
  bottom: number;
}

export type Frame = (quad: Quad) => FrameBox;

/** The frame of lines: its axis along the text is the length-weighted mean of the lines' own. */
export function frameOf(lines: readonly Pick<Line, 'quad' | 'vertical'>[]): Frame {
  let alongX = 0;
  let alongY = 0;
  for (const { quad, vertical } of lines) {
    const [a, b, c, d] = quad;
    const top: [number, number] = [b[0] - a[0] + c[0] - d[0], b[1] - a[1] + c[1] - d[1]];
    const side: [number, number] = [d[0] - a[0] + c[0] - b[0], d[1] - a[1] + c[1] - b[1]];
    // Text that runs top to bottom runs along its long side, and its lines follow one another to the left.
    const [x, y] = vertical && Math.hypot(...side) > Math.hypot(...top) ? side : top;
    alongX += x;
    alongY += y;
  }
  const length = Math.hypot(alongX, alongY);
  const [x, y] = length > 0 ? [alongX / length, alongY / length] : [1, 0];
  return (quad) => {
    const along = quad.map((point) => point[0] * x + point[1] * y);
    const across = quad.map((point) => point[1] * x - point[0] * y);
    return { start: Math.min(...along), end: Math.max(...along), top: Math.min(...across), bottom: Math.max(...across) };
  };
}

export const heightOf = (box: FrameBox): number => box.bottom - box.top;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
