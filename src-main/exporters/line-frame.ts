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
export function frameOf(lines: readonly Pick<Line, 'quad'>[]): Frame {
  let alongX = 0;
  let alongY = 0;
  for (const { quad } of lines) {
    alongX += quad[1][0] - quad[0][0] + quad[2][0] - quad[3][0];
    alongY += quad[1][1] - quad[0][1] + quad[2][1] - quad[3][1];
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
