// Numbers and places that the page formats (hOCR, ALTO, PAGE) share: whole pixels inside the page, language by script.
import type { Line, PageText, Script } from '@contract/document.ts';
import { linesOf } from '@contract/document.ts';
import { boundsOf, type Quad } from '@contract/geometry.ts';

export interface PixelBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const within = (value: number, end: number): number => Math.min(end, Math.max(0, Math.round(value)));

/** The upright rectangle around points, in whole pixels inside the page. */
export function pixelBox(points: readonly (readonly [number, number])[], page: Pick<PageText, 'width' | 'height'>): PixelBox {
  const { x, y, width, height } = boundsOf(points);
  return { left: within(x, page.width), top: within(y, page.height), right: within(x + width, page.width), bottom: within(y + height, page.height) };
}

/** "x,y x,y x,y x,y" in whole pixels inside the page. */
export function pixelPoints(quad: Quad, page: Pick<PageText, 'width' | 'height'>): string {
  return quad.map(([x, y]) => `${within(x, page.width)},${within(y, page.height)}`).join(' ');
}

/** BCP 47 tags of the recognisers whose language is certain; Latin letters say nothing about it. */
const languages: Readonly<Record<Script, string | null>> = { latin: null, chinese: 'zh', japanese: 'ja', korean: 'ko' };

export const languageOf = (line: Pick<Line, 'script'>): string | null => languages[line.script];

/** The language of most of the lines, null when that is not known. */
export function mainLanguage(pages: readonly Pick<PageText, 'regions'>[]): string | null {
  const counts = new Map<string | null, number>();
  for (const page of pages) for (const line of linesOf(page)) counts.set(languageOf(line), (counts.get(languageOf(line)) ?? 0) + line.text.length);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** Degrees by which the text of a line is turned clockwise from running to the right, in (-180, 180]. */
export function turnOf(quad: Quad): number {
  const [[x0, y0], [x1, y1]] = quad;
  return (Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI;
}

/** Clockwise degrees in (-180, 180] that make the page upright. */
export const signedRotation = (rotation: PageText['rotation']): number => (rotation === 270 ? -90 : rotation);
