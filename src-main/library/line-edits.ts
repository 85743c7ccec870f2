// One line of text corrected: typed anew, cut, joined with others, put elsewhere. Pure; knows no page.
import type { Line, Word } from '@contract/document.ts';
import { boundsOf, partOfQuad, type PagePoint, type Quad } from '@contract/geometry.ts';
import { AppError } from '../base/errors.ts';

/** The smallest box around lines, along the longest of them. */
export function quadAround(lines: readonly Line[]): Quad {
  const lengthOf = ([a, b]: Quad): number => Math.hypot(b[0] - a[0], b[1] - a[1]);
  const [a, b] = lines.map((line) => line.quad).sort((one, other) => lengthOf(other) - lengthOf(one))[0]!;
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  const { x, y, width, height } = boundsOf(lines.flatMap(({ quad }) => quad.map(([px, py]) => [px * ux + py * uy, py * ux - px * uy] as const)));
  const at = (along: number, across: number): PagePoint => [along * ux - across * uy, along * uy + across * ux];
  return [at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height)];
}

/** A part of a line's box between two shares of its reading length. */
function part(line: Line, from: number, to: number): Quad {
  if (!line.vertical) return partOfQuad(line.quad, from, to);
  const [a, b, c, d] = line.quad;
  const [topRight, bottomRight, bottomLeft, topLeft] = partOfQuad([b, c, d, a], from, to);
  return [topLeft, topRight, bottomRight, bottomLeft];
}

/** Where along its line a word starts and ends, as shares of the line's length. */
function sharesOf(line: Line, quad: Quad): [number, number] {
  const [a, b, , d] = line.quad;
  const end = line.vertical ? d : b;
  const [x, y] = [end[0] - a[0], end[1] - a[1]], square = x * x + y * y || 1;
  const shares = quad.map((point) => ((point[0] - a[0]) * x + (point[1] - a[1]) * y) / square);
  return [Math.min(...shares), Math.max(...shares)];
}

interface Placed {
  readonly word: Word;
  readonly start: number;
  readonly end: number;
}

/** Where each word stands in the line's text. */
function placedWords(line: Line): Placed[] {
  let from = 0;
  return line.words.flatMap((word) => {
    const start = line.text.indexOf(word.text, from);
    if (start < 0) return [];
    from = start + word.text.length;
    return [{ word, start, end: from }];
  });
}

/** Words of `text`, sharing the line between two shares of its length by their numbers of characters. */
function spread(line: Line, text: string, from: number, to: number): Word[] {
  const perUnit = (to - from) / Math.max(1, text.length);
  return [...text.matchAll(/\S+/g)].map((match) => ({ text: match[0], quad: part(line, from + match.index * perUnit, from + (match.index + match[0].length) * perUnit), confidence: 1 }));
}

/** The line with other text: words before and after the change stay where they were. */
export function withText(line: Line, typed: string): Line {
  const text = typed.trim();
  const words = placedWords(line);
  const sure = (word: Word): Word => ({ ...word, confidence: 1 });
  if (text === line.text) return { ...line, confidence: 1, words: line.words.map(sure) };
  const isBreak = (at: number): boolean => at === 0 || at === text.length || text[at] === ' ' || text[at - 1] === ' ';
  let head = 0, tail = 0;
  while (head < words.length && text.startsWith(line.text.slice(0, words[head]!.end)) && isBreak(words[head]!.end)) head++;
  while (tail < words.length - head && text.endsWith(line.text.slice(words[words.length - 1 - tail]!.start)) && isBreak(text.length - (line.text.length - words[words.length - 1 - tail]!.start)) && line.text.length - words[words.length - 1 - tail]!.start <= text.length - (words[head - 1]?.end ?? 0)) tail++;
  const before = words.slice(0, head), after = words.slice(words.length - tail);
  const from = before.length ? sharesOf(line, before.at(-1)!.word.quad)[1] : 0, to = after.length ? sharesOf(line, after[0]!.word.quad)[0] : 1;
  const middle = text.slice(before.at(-1)?.end ?? 0, after.length ? text.length - (line.text.length - after[0]!.start) : text.length);
  return { ...line, text, confidence: 1, words: [...before.map(({ word }) => sure(word)), ...spread(line, middle, from, Math.max(from, to)), ...after.map(({ word }) => sure(word))] };
}

/** How sure a word is on which two readings disagree: never sure. */
const disagreed = 0.4, agreed = 0.99;

/**
 * The line as another reader read it, which does not say how sure it is: where both readings agree, the line is as good as certain; where they differ, it
 * stays to be looked at. Nothing read leaves the text and its doubts.
 */
export function otherReading(line: Line, text: string): Line {
  if (text.trim() === '') return { ...line, confidence: Math.min(line.confidence, disagreed) };
  const before = line.words.map((word) => word.text);
  const { words, ...typed } = withText(line, text);
  const judged = words.map((word): Word => {
    const at = before.indexOf(word.text);
    if (at >= 0) before.splice(at, 1);
    return { ...word, confidence: at >= 0 ? agreed : disagreed };
  });
  return { ...typed, words: judged, confidence: judged.reduce((least, word) => Math.min(least, word.confidence), agreed) };
}

export function splitLine(line: Line, at: number): [Line, Line] {
  const words = placedWords(line);
  const [first, second] = [line.text.slice(0, at).trimEnd(), line.text.slice(at).trimStart()];
  if (first === '' || second === '') throw new AppError('request-invalid', { name: 'split' });
  const last = words.findLast(({ end }) => end <= at), next = words.find(({ start }) => start >= at);
  const cutWord = words.find(({ start, end }) => start < at && at < end);
  const [wordFrom, wordTo] = cutWord ? sharesOf(line, cutWord.word.quad) : [0, 0];
  const cut = cutWord ? wordFrom + ((wordTo - wordFrom) * (at - cutWord.start)) / (cutWord.end - cutWord.start)
    : ((last ? sharesOf(line, last.word.quad)[1] : at / line.text.length) + (next ? sharesOf(line, next.word.quad)[0] : at / line.text.length)) / 2;
  const share = Math.min(1, Math.max(0, cut));
  const piece = (text: string, from: number, to: number, kept: readonly Placed[]): Line => {
    const own = { ...line, text, quad: part(line, from, to) };
    const whole = kept.map(({ word }) => word);
    return { ...own, words: whole.map((word) => word.text).join('').length === text.replace(/\s/g, '').length ? whole : spread(own, text, 0, 1) };
  };
  return [piece(first, 0, share, words.filter(({ end }) => end <= at)), piece(second, share, 1, words.filter(({ start }) => start >= at))];
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;

export function mergeLines(lines: readonly Line[]): Line {
  const text = lines.map((line) => line.text).reduce((whole, next) => (unspaced.test(whole.slice(-1)) && unspaced.test(next.slice(0, 1)) ? whole + next : `${whole} ${next}`));
  return { ...lines[0]!, text, quad: quadAround(lines), words: lines.flatMap((line) => line.words), confidence: Math.min(...lines.map((line) => line.confidence)) };
}

/** The line in another box: its words take the same shares of it. */
export function placed(line: Line, quad: Quad): Line {
  const [a, b, , d] = line.quad;
  const along = [b[0] - a[0], b[1] - a[1]] as const, down = [d[0] - a[0], d[1] - a[1]] as const;
  const determinant = along[0] * down[1] - along[1] * down[0] || 1;
  const [na, nb, , nd] = quad;
  const moved = ([x, y]: PagePoint): PagePoint => {
    const [dx, dy] = [x - a[0], y - a[1]];
    const u = (dx * down[1] - dy * down[0]) / determinant, v = (dy * along[0] - dx * along[1]) / determinant;
    return [na[0] + u * (nb[0] - na[0]) + v * (nd[0] - na[0]), na[1] + u * (nb[1] - na[1]) + v * (nd[1] - na[1])];
  };
  return { ...line, quad, words: line.words.map((word) => ({ ...word, quad: word.quad.map(moved) as Quad })) };
}
