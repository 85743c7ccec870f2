// The text of a page as PDF operators that paint nothing: every line lies over its picture, in reading order, and copies as it was
// read. Knows places and characters, no PDF objects.
// @source ISO 32000-1, 9.3 to 9.7
import type { Line, PageText } from '@contract/document.ts';
import type { PagePoint, PdfPoint, Quad } from '@contract/geometry.ts';
import { placedWords } from '../layout/line-words.ts';
import { descent, unitsPerEm } from './glyphless-font.ts';

/** From page pixels to the page's own points. */
export type ToPdf = (point: PagePoint) => PdfPoint;

/** Gives every character that is used a code of its own, counted from 1. */
export class CharacterCodes {
  readonly #codes = new Map<string, number>();

  /** As two hexadecimal bytes each. */
  hex(text: string): string {
    let hex = '';
    for (const character of text) {
      const code = this.#codes.get(character) ?? this.#codes.size + 1;
      this.#codes.set(character, code);
      hex += code.toString(16).padStart(4, '0');
    }
    return hex;
  }

  /** In the order of their codes. */
  get characters(): string[] {
    return [...this.#codes.keys()];
  }
}

/** Text and how far it reaches along the line. */
interface Piece {
  readonly text: string;
  readonly length: number;
}

const number = (value: number): string => String(Math.round(value * 1000) / 1000);
const between = (a: PdfPoint, b: PdfPoint): PdfPoint => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];

/** Corners so that the text runs from the fourth to the third: upright characters in a column run from its top to its bottom. */
const alongText = ({ quad: [a, b, c, d], vertical }: Line): Quad => (vertical ? [b, c, d, a] : [a, b, c, d]);

/** Words, and the spaces between them where there are any, without a gap: a viewer takes a gap for a space. */
function piecesOf(line: Line, length: number, along: (point: PagePoint) => number): Piece[] {
  const whole = [{ text: line.text.trim(), length }];
  const places = placedWords(line);
  if (!places || places.length < 2) return whole;
  const pieces: Piece[] = [];
  let at = 0;
  for (const [index, { word, start, end }] of places.entries()) {
    const next = places[index + 1];
    const stops = word.quad.map(along);
    const stop = next ? Math.min(Math.max(...stops), Math.min(...next.word.quad.map(along))) : length;
    const nextStart = next ? Math.max(stop, Math.min(...next.word.quad.map(along))) : length;
    const hasSpace = next !== undefined && next.start > end;
    const wordEnd = hasSpace ? Math.min(stop, nextStart - length * 0.001) : nextStart;
    pieces.push({ text: line.text.slice(start, end), length: wordEnd - at });
    if (hasSpace) pieces.push({ text: ' ', length: nextStart - wordEnd });
    at = nextStart;
  }
  // Boxes that lie over each other say nothing about where the words stand.
  return pieces.every((piece) => piece.length > 0) ? pieces : whole;
}

function lineOperators(line: Line, codes: CharacterCodes, toPdf: ToPdf, fontName: string): string {
  const text = line.text.trim();
  if (text === '') return '';
  const [topStart, topEnd, bottomEnd, bottomStart] = alongText(line).map(toPdf) as [PdfPoint, PdfPoint, PdfPoint, PdfPoint];
  const start = between(topStart, bottomStart), end = between(topEnd, bottomEnd);
  const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
  const top = between(topStart, topEnd), bottom = between(bottomStart, bottomEnd);
  const size = Math.hypot(top[0] - bottom[0], top[1] - bottom[1]);
  if (!(length > 0) || !(size > 0)) return '';
  const [ux, uy] = [(end[0] - start[0]) / length, (end[1] - start[1]) / length];
  // A picture that is shown mirrored would have text whose up is down; recognised text is never mirrored.
  const rise = (-descent / unitsPerEm - 0.5) * size;
  const [x, y] = [start[0] - uy * rise, start[1] + ux * rise];
  const along = (point: PagePoint): number => {
    const [px, py] = toPdf(point);
    return (px - start[0]) * ux + (py - start[1]) * uy;
  };
  // Of words that run up or down a page, viewers take every operator for a line of its own; columns of characters bear it.
  const pieces = Math.abs(uy) > Math.abs(ux) && !line.vertical ? [{ text, length }] : piecesOf(line, length, along);
  const shown = pieces.map((piece) => `${number((100 * piece.length) / (size * [...piece.text].length))} Tz <${codes.hex(piece.text)}> Tj`);
  return `/${fontName} ${number(size)} Tf ${[ux, uy, -uy, ux, x, y].map(number).join(' ')} Tm\n${shown.join('\n')}`;
}

/** The content of a page; '' when it has no text. The font is called /`fontName`. */
export function invisibleText(text: Pick<PageText, 'regions'>, codes: CharacterCodes, toPdf: ToPdf, fontName: string): string {
  const lines = text.regions.flatMap((region) => region.lines.map((line) => lineOperators(line, codes, toPdf, fontName))).filter((one) => one !== '');
  return lines.length ? `BT 3 Tr\n${lines.join('\n')}\nET` : '';
}

/**
 * The map from codes to characters, in the form of a PDF CMap.
 * @source Adobe Technical Note 5411, ToUnicode mapping
 */
export function toUnicodeMap(characters: readonly string[]): string {
  const utf16 = (text: string): string => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0')).join('');
  const entries = characters.map((character, at) => `<${(at + 1).toString(16).padStart(4, '0')}> <${utf16(character)}>`);
  const blocks: string[] = [];
  // At most a hundred entries in a block.
  for (let at = 0; at < entries.length; at += 100) blocks.push(`${Math.min(100, entries.length - at)} beginbfchar\n${entries.slice(at, at + 100).join('\n')}\nendbfchar`);
  return [
    '/CIDInit /ProcSet findresource begin', '12 dict begin', 'begincmap', '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def', '/CMapName /Adobe-Identity-UCS def', '/CMapType 2 def',
    '1 begincodespacerange', '<0000> <ffff>', 'endcodespacerange', ...blocks, 'endcmap', 'CMapName currentdict /CMap defineresource pop', 'end', 'end',
  ].join('\n');
}
