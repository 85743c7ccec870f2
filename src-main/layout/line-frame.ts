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

/** Unit vector along the text of lines: the length-weighted mean of their own. */
export function axisOf(lines: readonly Pick<Line, 'quad' | 'vertical'>[]): [x: number, y: number] {
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
  return length > 0 ? [alongX / length, alongY / length] : [1, 0];
}

/** The frame of lines, with its axis along their text. */
export const frameOf = (lines: readonly Pick<Line, 'quad' | 'vertical'>[]): Frame => frameAlong(axisOf(lines));

/** The frame whose axis along the text is this unit vector. */
export function frameAlong([x, y]: readonly [x: number, y: number]): Frame {
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
