// A page as pieces of text in upright coordinates: lines are cut where a wide gap, a further "key:" or a bracketed key starts,
// what was found in several parts is put together, and pieces know their row. Knows geometry and colons, not what a text means.
import type { Line, PageText } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';
import { linesOf } from '@contract/document.ts';
import { holdsKeyAndValue, isLabel, labelAtEnd } from './labels.ts';

/** [from, to) of a line's text, which stands at `at` in the text of a piece. */
interface Span {
  readonly line: Line;
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** A run of characters, usually of one line. `left`–`bottom` are upright: x along the text, y down the page, skew taken out. */
export interface Piece {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly spans: readonly Span[];
}

export interface ReaderPage {
  readonly pageId: string;
  readonly index: number;
  readonly document: string | null;
  /** In rows from the top, each from the left. */
  readonly rows: readonly (readonly Piece[])[];
  readonly pieces: readonly Piece[];
  readonly lines: readonly Line[];
  /** Height of the usual line. */
  readonly lineHeight: number;
}

export const heightOf = (piece: Piece): number => piece.bottom - piece.top;
export const middleOf = (piece: Piece): number => (piece.top + piece.bottom) / 2;

/** A gap between two words wider than this many line heights separates two things that were found as one line. */
const wideGap = 1.4;

type Point = readonly [number, number];
const mix = (a: Point, b: Point, part: number): [number, number] => [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];

/** [from, to) of each word in the line's text; null where the words do not spell the text. */
function wordRanges(line: Line): { from: number; to: number; quad: Quad }[] | null {
  const ranges: { from: number; to: number; quad: Quad }[] = [];
  let at = 0;
  for (const word of line.words) {
    const from = line.text.indexOf(word.text, at);
    if (from < 0 || word.text === '') return null;
    at = from + word.text.length;
    ranges.push({ from, to: at, quad: word.quad });
  }
  return ranges.length ? ranges : null;
}

/** The part of a quad between two shares of its length. */
function sliceOf([a, b, c, d]: Quad, from: number, to: number): Quad {
  return [mix(a, b, from), mix(a, b, to), mix(d, c, to), mix(d, c, from)];
}

/** Where the characters [from, to) of a piece stand: one quad for each line they are of. */
export function quadsOf(piece: Piece, from = 0, to = piece.text.length): Quad[] {
  return piece.spans.flatMap((span) => {
    const start = span.from + Math.max(0, from - span.at), end = Math.min(span.to, span.from + to - span.at);
    return end > start ? [quadOfRange(span.line, start, end)] : [];
  });
}

/** Where the characters [from, to) of a line stand. Exact at word borders, proportional inside a word. */
export function quadOfRange(line: Line, from: number, to: number): Quad {
  if (from <= 0 && to >= line.text.length) return line.quad;
  const share = (at: number, start: number, end: number): number => Math.min(1, Math.max(0, (at - start) / Math.max(1, end - start)));
  const ranges = line.vertical ? null : wordRanges(line);
  const first = ranges?.find((range) => range.to > from);
  const last = ranges?.findLast((range) => range.from < to);
  if (!first || !last || last.from < first.from) {
    const length = Math.max(1, line.text.length);
    if (!line.vertical) return sliceOf(line.quad, from / length, to / length);
    const [a, b, c, d] = line.quad;
    return [mix(a, d, from / length), mix(b, c, from / length), mix(b, c, to / length), mix(a, d, to / length)];
  }
  const head = sliceOf(first.quad, share(from, first.from, first.to), 1);
  const tail = sliceOf(last.quad, 0, share(to, last.from, last.to));
  return [head[0], tail[1], tail[2], head[3]];
}

/** Upright coordinates: turned by the text's mean direction, then levelled, since in a photograph lines lean differently down the page. */
function uprightFrame(lines: readonly Line[]): (quad: Quad) => { left: number; right: number; top: number; bottom: number } {
  let alongX = 0, alongY = 0;
  for (const { quad: [a, b, c, d], vertical } of lines) {
    if (vertical) continue;
    alongX += b[0] - a[0] + c[0] - d[0];
    alongY += b[1] - a[1] + c[1] - d[1];
  }
  const length = Math.hypot(alongX, alongY);
  const [ux, uy] = length > 0 ? [alongX / length, alongY / length] : [1, 0];
  const turn = ([x, y]: Point): [number, number] => [x * ux + y * uy, y * ux - x * uy];
  // Slope of the lines as a straight function of their height on the page, longer lines count more.
  let weight = 0, sumY = 0, sumS = 0, sumYY = 0, sumYS = 0, centre = 0;
  for (const { quad, vertical } of lines) {
    if (vertical) continue;
    const [a, b] = [turn(mix(quad[0], quad[3], 0.5)), turn(mix(quad[1], quad[2], 0.5))];
    const wide = b[0] - a[0];
    if (wide <= 0) continue;
    const slope = (b[1] - a[1]) / wide, y = (a[1] + b[1]) / 2;
    weight += wide;
    sumY += wide * y;
    sumS += wide * slope;
    sumYY += wide * y * y;
    sumYS += wide * y * slope;
    centre += (wide * (a[0] + b[0])) / 2;
  }
  const spread = weight * sumYY - sumY * sumY;
  const change = spread > 1e-6 * weight * weight ? (weight * sumYS - sumY * sumS) / spread : 0;
  const start = weight > 0 ? (sumS - change * sumY) / weight : 0;
  const middle = weight > 0 ? centre / weight : 0;
  return (quad) => {
    const points = quad.map(turn);
    const xs = points.map(([x]) => x);
    const [a, b, c, d] = points as [[number, number], [number, number], [number, number], [number, number]];
    const level = ([x, y]: [number, number]): number => y - (start + change * y) * (x - middle);
    // Mean of the ends, so that a leaning quad is not taller than its text.
    return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min((level(a) + level(b)) / 2, (level(c) + level(d)) / 2), bottom: Math.max((level(a) + level(b)) / 2, (level(c) + level(d)) / 2) };
  };
}

/** Where in a line a new piece starts: behind wide gaps, before a further "key:", before a further "[key]". */
function cutsOf(line: Line, height: number): number[] {
  const cuts = new Set<number>();
  const ranges = line.vertical ? null : wordRanges(line);
  ranges?.forEach((range, at) => {
    const before = ranges[at - 1];
    if (!before) return;
    const gap = Math.hypot(range.quad[0][0] - before.quad[1][0], range.quad[0][1] - before.quad[1][1]);
    if (gap > wideGap * height) cuts.add(range.from);
  });
  const { text } = line;
  for (const match of text.matchAll(/(?<=[^\s[【])\s*(?=[[【][^\]】\d]{2,12}[\]】])/gu)) cuts.add(match.index + match[0].length);
  // A colon that is neither a time's nor an address's; the key before it is one word, unless a gap says otherwise.
  let colons = 0;
  for (const match of text.matchAll(/[:：](?!\/\/)/gu)) {
    if (/\d$/.test(text.slice(0, match.index)) && /^[:：]\d/.test(text.slice(match.index))) continue;
    colons += 1;
    if (colons === 1) continue;
    const key = /\s(\S{1,20})\s?$/u.exec(text.slice(0, match.index));
    const glued = labelAtEnd(text.slice(0, match.index));
    if (glued > 0) cuts.add(match.index - glued);
    else if (key) cuts.add(match.index - key[0].length + 1);
  }
  return [...cuts].filter((cut) => cut > 0 && cut < text.length).sort((a, b) => a - b);
}

/** @param document the file's name, where the pages are those of several documents */
export function readerPage(pageId: string, index: number, text: PageText, document: string | null = null): ReaderPage {
  const lines = linesOf(text);
  const frame = uprightFrame(lines);
  const pieces: Piece[] = [];
  for (const line of lines) {
    const whole = frame(line.quad);
    const borders = [0, ...cutsOf(line, whole.bottom - whole.top), line.text.length];
    for (let at = 0; at + 1 < borders.length; at++) {
      const part = line.text.slice(borders[at], borders[at + 1]);
      const from = borders[at]! + (part.length - part.trimStart().length);
      const to = borders[at]! + part.trimEnd().length;
      if (to > from) pieces.push({ text: line.text.slice(from, to), ...frame(quadOfRange(line, from, to)), spans: [{ line, from, to, at: 0 }] });
    }
  }
  const heights = pieces.map(heightOf).sort((a, b) => a - b);
  const rows = rowsOf(pieces).map(putTogether);
  return { pageId, index, document, rows, pieces: rows.flat(), lines, lineHeight: heights[heights.length >> 1] ?? 1 };
}

/** Whether two pieces stand side by side on one line of the page. */
export function inOneRow(a: Piece, b: Piece): boolean {
  const shared = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return shared > 0.5 * Math.min(heightOf(a), heightOf(b)) && Math.abs(middleOf(a) - middleOf(b)) < 0.6 * Math.max(heightOf(a), heightOf(b));
}

/** A gap between two parts of one text, in line heights; "2", "x" and "Flat White" are often found apart. */
const narrowGap = 0.75;
const figure = /^[^\p{L}]*\d[.,]?\d{2,3}[^\p{L}]*$/u;

/** Joins neighbours of a row that stand no further apart than words do. */
function putTogether(row: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of row) {
    const last = joined.at(-1);
    const height = last ? Math.max(heightOf(last), heightOf(piece)) : 0;
    const gap = last ? piece.left - last.right : Infinity;
    const alike = last !== undefined && height < 1.7 * Math.min(heightOf(last), heightOf(piece));
    if (!last || !alike || gap > narrowGap * height || gap < -0.8 * height || isLabel(piece.text) || (holdsKeyAndValue(last.text) && holdsKeyAndValue(piece.text)) || (figure.test(last.text) && figure.test(piece.text))) {
      joined.push(piece);
      continue;
    }
    const at = last.text.length + 1;
    joined[joined.length - 1] = {
      text: `${last.text} ${piece.text}`, left: Math.min(last.left, piece.left), right: Math.max(last.right, piece.right),
      top: Math.min(last.top, piece.top), bottom: Math.max(last.bottom, piece.bottom),
      spans: [...last.spans, ...piece.spans.map((span) => ({ ...span, at: span.at + at }))],
    };
  }
  return joined;
}

/** The characters [from, to) of a piece as a piece of their own. */
export function partOfPiece(piece: Piece, from: number, to: number): Piece {
  const share = (at: number): number => piece.left + ((piece.right - piece.left) * at) / piece.text.length;
  const spans = piece.spans.flatMap((span) => {
    const start = Math.max(from, span.at), end = Math.min(to, span.at + span.to - span.from);
    return end > start ? [{ line: span.line, from: span.from + start - span.at, to: span.from + end - span.at, at: start - from }] : [];
  });
  return { ...piece, text: piece.text.slice(from, to), left: share(from), right: share(to), spans };
}

/** Two pieces, one under the other, as one: the lines of a cell. */
export function stacked(upper: Piece, lower: Piece): Piece {
  const at = upper.text.length + 1;
  return {
    text: `${upper.text} ${lower.text}`, left: Math.min(upper.left, lower.left), right: Math.max(upper.right, lower.right), top: upper.top, bottom: lower.bottom,
    spans: [...upper.spans, ...lower.spans.map((span) => ({ ...span, at: span.at + at }))],
  };
}

function rowsOf(pieces: readonly Piece[]): Piece[][] {
  const rows: Piece[][] = [];
  for (const piece of [...pieces].sort((a, b) => middleOf(a) - middleOf(b))) {
    const row = rows.findLast((one) => one.some((other) => inOneRow(piece, other)) && one.every((other) => overlapX(piece, other) < 0.5 * Math.min(piece.right - piece.left, other.right - other.left)));
    if (row) row.push(piece);
    else rows.push([piece]);
  }
  return rows.map((row) => row.sort((a, b) => a.left - b.left));
}

export const overlapX = (a: Piece, b: Piece): number => Math.min(a.right, b.right) - Math.max(a.left, b.left);
