// Whether a PDF's own text can be believed, judged by the drawn page: is there ink where it says that words stand, does the
// picture read the same, does it show text that the file does not have. Changes nothing.
import type { Line, TextSource, Word } from '@contract/document.ts';
import { boundsOf, type Quad, type Rect } from '@contract/geometry.ts';
import type { Picture } from '../inference/image/picture.ts';
import { isAlphabetic, isDigit, isHan, isHangul, isKana } from './characters.ts';
import { sideLengths } from './crop.ts';
import type { PdfCharacter } from './rasterize.ts';
import type { LayerLine } from './text-layer.ts';

/** More unmapped characters than this, and the file's text is of no use. */
const mostUnmapped = 0.02;
/** Difference of brightness, of 255, that counts as ink on paper. */
const inkContrast = 40;
/** Less of the text than this stands on ink: the layer belongs to another picture. */
const leastInked = 0.7;

const nonsense = /[\ufffd\p{Co}\p{Cn}\p{Cc}]/u;

/** Whether the file's letters can be told apart from drawings at all. */
export function isMapped(characters: readonly PdfCharacter[]): boolean {
  const printed = characters.filter((one) => one.quad !== null);
  const bad = printed.filter((one) => one.unmapped || nonsense.test(one.text));
  return bad.length <= mostUnmapped * printed.length;
}

const brightness = ({ data, width }: Picture, x: number, y: number): number => {
  const at = (y * width + x) * 3;
  return (data[at]! * 54 + data[at + 1]! * 183 + data[at + 2]! * 19) >> 8;
};

/** Whether anything is painted inside a box: brightness differs more than paper does. */
export function hasInk(page: Picture, quad: Quad): boolean {
  const { width, height } = sideLengths(quad);
  const across = Math.max(2, Math.min(400, Math.ceil(width / 1.5))), down = Math.max(2, Math.min(40, Math.ceil(height / 1.5)));
  const [a, b, c, d] = quad;
  let least = 255, most = 0;
  for (let row = 0; row < down; row++) {
    const v = (row + 0.5) / down;
    for (let column = 0; column < across; column++) {
      const u = (column + 0.5) / across;
      const x = Math.floor((a[0] + (b[0] - a[0]) * u) * (1 - v) + (d[0] + (c[0] - d[0]) * u) * v), y = Math.floor((a[1] + (b[1] - a[1]) * u) * (1 - v) + (d[1] + (c[1] - d[1]) * u) * v);
      if (x < 0 || y < 0 || x >= page.width || y >= page.height) continue;
      const one = brightness(page, x, y);
      least = Math.min(least, one);
      most = Math.max(most, one);
      if (most - least > inkContrast) return true;
    }
  }
  return false;
}

/** The lines with the words that are really to be seen; null when too few of them are. */
export function seenLines(page: Picture, lines: readonly LayerLine[]): LayerLine[] | null {
  let all = 0, seen = 0;
  const kept = lines.flatMap((line): LayerLine[] => {
    const words: Word[] = [];
    for (const word of line.words) {
      all += word.text.length;
      if (!hasInk(page, word.quad)) continue;
      seen += word.text.length;
      words.push(word);
    }
    if (words.length === line.words.length) return [line];
    // Hidden words (white on white, under a picture) are not part of what a reader sees.
    return words.length === 0 ? [] : [{ ...line, words, text: words.map((word) => word.text).join(' ') }];
  });
  return seen >= leastInked * all ? kept : null;
}

/** Letters as they compare: without case, accents, marks and spaces. */
const bare = (text: string): string[] => [...text.normalize('NFKD').toLowerCase()].filter((one) => isAlphabetic(one) || isDigit(one) || isHan(one) || isHangul(one) || isKana(one));

/** Share of the longer text that stands in the other in the same order. */
export function likeness(a: string, b: string): number {
  const [first, second] = [bare(a), bare(b)];
  if (first.length === 0 && second.length === 0) return 1;
  let row = new Array<number>(second.length + 1).fill(0);
  for (const one of first) {
    const next = [0];
    for (let at = 0; at < second.length; at++) next.push(one === second[at] ? row[at]! + 1 : Math.max(next[at]!, row[at + 1]!));
    row = next;
  }
  return row[second.length]! / Math.max(first.length, second.length);
}

const sampleCount = 3;
/** A sample needs this many letters that a recogniser knows. */
const sampleLetters = 6;

/** Lines by which the layer is tried: long enough to tell, easy to read, from different parts of the page. */
export function samplesOf(lines: readonly Line[]): Line[] {
  const known = (line: Line): boolean => {
    const letters = bare(line.text).length;
    return letters >= sampleLetters && letters > 0.6 * line.text.replace(/\s/g, '').length;
  };
  const fit = lines.filter((line) => known(line) && sideLengths(line.quad).width > 3 * sideLengths(line.quad).height);
  return Array.from({ length: Math.min(sampleCount, fit.length) }, (_, at) => fit[Math.floor(((at + 0.5) * fit.length) / Math.min(sampleCount, fit.length))]!);
}

/** How alike the file's text and the picture's must be: text laid under a scan is another program's reading, and only as good as that. */
export function leastLikeness(lines: readonly LayerLine[]): number {
  const hidden = lines.filter((line) => line.invisible).length;
  return hidden * 2 > lines.length ? 0.85 : 0.6;
}

const blockSide = 16;
/** A row of a block with text in it changes between paper and ink at least this often; a ruling line does so once or twice. */
const changesPerRow = 3, rowsWithText = 4;

/** Whether the picture may show text that no line covers: cheap, and wrong only in asking for a closer look. */
export function showsMore(page: Picture, lines: readonly Line[]): boolean {
  const across = Math.floor(page.width / blockSide), down = Math.floor(page.height / blockSide);
  const covered = new Uint8Array(across * down);
  for (const { quad } of lines) {
    const { x, y, width, height } = boundsOf(quad);
    const air = height * 0.5;
    for (let row = Math.max(0, Math.floor((y - air) / blockSide)); row <= Math.min(down - 1, (y + height + air) / blockSide); row++) {
      for (let column = Math.max(0, Math.floor((x - air) / blockSide)); column <= Math.min(across - 1, (x + width + air) / blockSide); column++) covered[row * across + column] = 1;
    }
  }
  let outside = 0;
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      if (covered[row * across + column]) continue;
      let textRows = 0;
      for (let y = row * blockSide; y < (row + 1) * blockSide; y += 2) {
        let changes = 0, before = brightness(page, column * blockSide, y);
        for (let x = column * blockSide + 1; x < (column + 1) * blockSide; x++) {
          const here = brightness(page, x, y);
          if (Math.abs(here - before) > inkContrast) {
            changes++;
            before = here;
          }
        }
        if (changes >= changesPerRow) textRows++;
      }
      if (textRows * 2 >= rowsWithText) outside++;
    }
  }
  return outside >= 3;
}

/** Detected boxes that the layer's lines do not cover. */
export function uncovered(quads: readonly Quad[], lines: readonly Line[]): Quad[] {
  const bounds = lines.map((line) => boundsOf(line.quad));
  const area = ({ width, height }: Rect): number => width * height;
  return quads.filter((quad) => {
    const box = boundsOf(quad);
    let shared = 0;
    for (const other of bounds) {
      const width = Math.min(box.x + box.width, other.x + other.width) - Math.max(box.x, other.x), height = Math.min(box.y + box.height, other.y + other.height) - Math.max(box.y, other.y);
      if (width > 0 && height > 0) shared += width * height;
    }
    return shared < 0.3 * area(box);
  });
}

export const recognised = (reason: NonNullable<TextSource['reason']>): TextSource => ({ road: 'recognised', reason });
