// Pages made of plain lines for tests of comparing: words with boxes as a reader would give them, on an upright page. Knows no pixels.
import type { Line, PageText, Word } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';

export interface LineAt {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly confidence?: number;
}

const letter = 10, height = 20;
const box = (x: number, y: number, width: number): Quad => [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];

export function pageOfLines(lines: readonly LineAt[], role: 'paragraph' | 'table' = 'paragraph'): PageText {
  const read: Line[] = lines.map(({ text, x, y, confidence = 0.98 }) => {
    const words: Word[] = [];
    let at = 0;
    for (const word of text.split(' ')) {
      words.push({ text: word, quad: box(x + at * letter, y, word.length * letter), confidence });
      at += word.length + 1;
    }
    return { text, quad: box(x, y, text.length * letter), confidence, words, script: 'latin' };
  });
  return { width: 900, height: 1200, rotation: 0, regions: read.map((line) => ({ role, quad: line.quad, lines: [line] })), notes: [], readMs: 0 };
}

/** Lines one under the other. */
export const lettered = (texts: readonly string[], top = 60): PageText => pageOfLines(texts.map((text, at) => ({ text, x: 60, y: top + at * 32 })));
