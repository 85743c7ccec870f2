// Selected lines and words as text in reading order, and where a range of a line's characters lies on the page. Pure.
import type { Line } from '@contract/document.ts';
import { partOfQuad, type Quad } from '@contract/geometry.ts';
import type { PageLine } from './page-lines.ts';
import { wordRanges } from './page-lines.ts';
import type { Selection } from './selection.ts';
import { selectedLines } from './selection.ts';

/** The selection as plain text: a line per row, tabs between what stands side by side, an empty line between paragraphs. */
export function selectionText(lines: readonly PageLine[], selection: Selection): string {
  let text = '';
  let before: PageLine | null = null;
  for (const index of selectedLines(selection)) {
    const here = lines[index];
    const part = selection.lines.get(index);
    if (!here || part === undefined) continue;
    if (before) text += here.besideLast && before.index === index - 1 ? '\t' : separates(before, here, lines) ? '\n\n' : '\n';
    text += part === 'all' ? here.line.text : wordsText(here.line, part);
    before = here;
  }
  return text;
}

/** Regions of one line each (a receipt's rows) stay together; an empty line only sets off real paragraphs. */
function separates(before: PageLine, here: PageLine, lines: readonly PageLine[]): boolean {
  if (before.regionIndex === here.regionIndex) return false;
  const several = (one: PageLine): boolean => [one.index - 1, one.index + 1].some((index) => lines[index]?.regionIndex === one.regionIndex);
  return several(before) || several(here);
}

/** Chosen words of a line. Neighbours keep the line's own spacing; a gap becomes one space. */
function wordsText(line: Line, words: ReadonlySet<number>): string {
  const ranges = wordRanges(line);
  let text = '';
  let end = -1;
  let last = -2;
  for (const word of [...words].sort((a, b) => a - b)) {
    const range = ranges[word];
    if (!range) continue;
    if (text) text += word === last + 1 ? line.text.slice(end, range[0]) : ' ';
    text += line.text.slice(range[0], range[1]);
    end = range[1];
    last = word;
  }
  return text;
}

/** The parts of the page that characters [start, end) of a line cover: whole words, the first and last cut by their share of characters. */
export function rangeQuads(line: Line, start: number, end: number): Quad[] {
  const quads: Quad[] = [];
  const ranges = wordRanges(line);
  ranges.forEach(([from, to], index) => {
    const word = line.words[index]!;
    const low = Math.max(start, from);
    const high = Math.min(end, to);
    if (high > low && to > from) quads.push(partOfQuad(word.quad, (low - from) / (to - from), (high - from) / (to - from)));
  });
  if (quads.length === 0 && line.text.length > 0) quads.push(partOfQuad(line.quad, start / line.text.length, end / line.text.length));
  return quads;
}
