// Small pages written by hand, for tests of what the window does with a page's text.
import type { Line, PageText, Region } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';

export function boxAt(x: number, y: number, width: number, height: number): Quad {
  return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
}

/** A line whose words share its width by their number of characters. */
export function lineAt(text: string, x: number, y: number, options: Partial<Line> & { width?: number; height?: number } = {}): Line {
  const { width = text.length * 10, height = 20, ...rest } = options;
  const perCharacter = width / text.length;
  let from = 0;
  const words = text.split(' ').filter(Boolean).map((word) => {
    const start = text.indexOf(word, from);
    from = start + word.length;
    return { text: word, quad: boxAt(x + start * perCharacter, y, word.length * perCharacter, height), confidence: 0.95 };
  });
  return { text, quad: boxAt(x, y, width, height), confidence: 0.95, words, script: 'latin', ...rest };
}

export function pageOf(...regions: Line[][]): PageText {
  const made: Region[] = regions.map((lines) => ({ role: 'paragraph', quad: lines[0]!.quad, lines }));
  return { width: 1000, height: 1400, rotation: 0, regions: made, notes: [], readMs: 1 };
}
