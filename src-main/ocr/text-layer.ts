// From the characters of a PDF page to its lines and words: which stand side by side, where a line ends. Works on places and
// letters alone; whether the file tells the truth is judged elsewhere.
import type { Line, Script, Word } from '@contract/document.ts';
import type { PagePoint, Quad, Rotation } from '@contract/geometry.ts';
import { isHan, isHangul, isIdeographic, isKana } from './characters.ts';
import type { PdfCharacter } from './rasterize.ts';

/** Gaps along a line, in heights of its text: wider ones end a word, and still wider ones a line (the next column, the next cell). */
const wordGap = 0.9, lineGap = 1.5;
/** From this gap on there is a space, whether the file has one or not. */
const spaceGap = 0.28;
/** How far two baselines of one line lie apart at most, in heights: superscripts belong to their line. */
const baselineReach = 0.45;

interface Span {
  /** Along and across the text's own direction, from the picture's origin. */
  readonly start: number;
  readonly end: number;
  readonly top: number;
  readonly bottom: number;
}

interface Piece extends Span {
  readonly text: string;
  readonly ux: number;
  readonly uy: number;
  /** A space stands before it. */
  readonly spaced: boolean;
  readonly invisible: boolean;
}

export interface LayerLine extends Line {
  /** None of it is painted by the file itself. */
  readonly invisible: boolean;
}

function spanOf(quad: Quad, ux: number, uy: number): Span {
  const along = quad.map(([x, y]) => x * ux + y * uy), across = quad.map(([x, y]) => y * ux - x * uy);
  return { start: Math.min(...along), end: Math.max(...along), top: Math.min(...across), bottom: Math.max(...across) };
}

const round = (value: number): number => Math.round(value * 10) / 10;

function quadOf({ start, end, top, bottom }: Span, ux: number, uy: number): Quad {
  const at = (along: number, across: number): PagePoint => [round(along * ux - across * uy), round(along * uy + across * ux)];
  return [at(start, top), at(end, top), at(end, bottom), at(start, bottom)];
}

const around = (spans: readonly Span[]): Span => ({
  start: Math.min(...spans.map((one) => one.start)), end: Math.max(...spans.map((one) => one.end)),
  top: Math.min(...spans.map((one) => one.top)), bottom: Math.max(...spans.map((one) => one.bottom)),
});

const heightOf = (span: Span): number => span.bottom - span.top;

/** How far apart two pieces of the same direction stand along it; negative when they overlap. Text may run either way. */
const gapBetween = (a: Span, b: Span): number => Math.max(b.start - a.end, a.start - b.end);

function sameLine(a: Piece, b: Piece): boolean {
  const height = Math.max(heightOf(a), heightOf(b));
  return a.ux * b.ux + a.uy * b.uy > 0.995 && Math.abs(a.bottom - b.bottom) < baselineReach * height;
}

/** Characters that follow each other without a gap, as the file orders them. */
function piecesOf(characters: readonly PdfCharacter[]): Piece[] {
  const pieces: Piece[] = [];
  let open = null as Piece | null;
  let spaced = false;
  for (const { text, quad, invisible } of characters) {
    if (!quad) {
      // A character without a place (a soft line end, a mark of zero width) takes none.
      spaced ||= text.trim() === '';
      continue;
    }
    const [a, b] = quad;
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    const ux = (b[0] - a[0]) / length, uy = (b[1] - a[1]) / length;
    const here: Piece = { ...spanOf(quad, ux, uy), text, ux, uy, spaced, invisible };
    const follows: boolean = open !== null && !spaced && sameLine(open, here) && gapBetween(open, here) < wordGap * heightOf(here) && here.start > open.start - heightOf(here) * 0.5;
    if (follows && open) open = { ...open, ...around([open, here]), text: open.text + text, invisible: open.invisible && invisible };
    else {
      if (open) pieces.push(open);
      open = here;
    }
    spaced = false;
  }
  if (open) pieces.push(open);
  return pieces;
}

/** Pieces that stand in one line, in the file's order. */
function runsOf(pieces: readonly Piece[]): Piece[][] {
  const runs: Piece[][] = [];
  for (const piece of pieces) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && sameLine(last, piece) && gapBetween(last, piece) < lineGap * Math.min(heightOf(last), heightOf(piece))) run.push(piece);
    else runs.push([piece]);
  }
  return runs;
}

/** Runs whose ends meet on the page are one line, wherever the file keeps them. */
function joined(runs: readonly Piece[][]): Piece[][] {
  const spans = runs.map((run) => ({ ...run[0]!, ...around(run) }));
  const order = runs.map((_, at) => at).sort((a, b) => spans[a]!.bottom - spans[b]!.bottom || spans[a]!.start - spans[b]!.start);
  const done: { run: Piece[]; span: Piece }[] = [];
  for (const index of order) {
    const span = spans[index]!;
    // Only lines just seen can be at this height.
    const neighbour = done.slice(-60).find((other) => sameLine(other.span, span) && gapBetween(other.span, span) < 0.7 * Math.min(heightOf(other.span), heightOf(span)) && gapBetween(other.span, span) > -0.4 * heightOf(span));
    if (neighbour) {
      neighbour.run.push(...runs[index]!);
      neighbour.run.sort((a, b) => a.start - b.start);
      neighbour.span = { ...neighbour.span, ...around([neighbour.span, span]) };
    } else done.push({ run: [...runs[index]!], span });
  }
  return done.map((one) => one.run);
}

/** The script whose recogniser would read this text. */
export function scriptOf(text: string): Script {
  const letters = [...text];
  if (letters.some(isHangul)) return 'korean';
  if (letters.some(isKana)) return 'japanese';
  return letters.some(isHan) ? 'chinese' : 'latin';
}

function lineOf(run: readonly Piece[]): LayerLine {
  const { ux, uy } = run[0]!;
  const words: Word[] = [];
  let text = '';
  run.forEach((piece, at) => {
    const before = run[at - 1];
    const own = piece.text.normalize('NFC');
    const wide = before !== undefined && gapBetween(before, piece) > spaceGap * heightOf(piece);
    const apart = before !== undefined && (piece.spaced || (wide && !(isIdeographic(text.at(-1) ?? '') && isIdeographic(own.at(0) ?? ''))));
    text += apart ? ` ${own}` : own;
    words.push({ text: own, quad: quadOf(piece, ux, uy), confidence: 1 });
  });
  return { text, quad: quadOf(around(run), ux, uy), confidence: 1, words, script: scriptOf(text), invisible: run.every((piece) => piece.invisible) };
}

/** The lines of a page's text layer, in the file's order. */
export function layerLines(characters: readonly PdfCharacter[]): LayerLine[] {
  return joined(runsOf(piecesOf(characters))).map(lineOf).filter((line) => line.text.trim() !== '');
}

/** The clockwise turn after which most of the text runs to the right. */
export function layerRotation(lines: readonly Pick<Line, 'quad' | 'text'>[]): Rotation {
  const votes = new Map<Rotation, number>();
  for (const { quad: [a, b], text } of lines) {
    const quarter = Math.round(Math.atan2(b[1] - a[1], b[0] - a[0]) / (Math.PI / 2));
    const rotation = (((-quarter * 90) % 360) + 360) % 360 as Rotation;
    votes.set(rotation, (votes.get(rotation) ?? 0) + text.length);
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}
