// What a page says once it is corrected: a pure function of what was recognised and the steps taken since. Knows no database.
import type { Correction } from '@contract/correction.ts';
import { linesOf, type Line, type PageText, type Region, type Word } from '@contract/document.ts';
import { boundsOf, partOfQuad, type PagePoint, type Quad } from '@contract/geometry.ts';
import { AppError } from '../base/errors.ts';

/** A line with the region it belongs to; regions without lines (figures) keep their place as a cell without a line. */
interface Cell {
  readonly line: Line | null;
  readonly of: Region;
}

const cellsOf = (regions: readonly Region[]): Cell[] => regions.flatMap((of): Cell[] => (of.lines.length === 0 ? [{ line: null, of }] : of.lines.map((line) => ({ line, of }))));

/** The smallest box around lines, along the longest of them. */
function quadAround(lines: readonly Line[]): Quad {
  const lengthOf = ([a, b]: Quad): number => Math.hypot(b[0] - a[0], b[1] - a[1]);
  const [a, b] = lines.map((line) => line.quad).sort((one, other) => lengthOf(other) - lengthOf(one))[0]!;
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  const { x, y, width, height } = boundsOf(lines.flatMap(({ quad }) => quad.map(([px, py]) => [px * ux + py * uy, py * ux - px * uy] as const)));
  const at = (along: number, across: number): PagePoint => [along * ux - across * uy, along * uy + across * ux];
  return [at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height)];
}

/** Regions again: neighbours of one region stay together, one that something came between falls in two. */
function regionsOf(cells: readonly Cell[]): Region[] {
  const runs: Cell[][] = [];
  for (const cell of cells) {
    const last = runs.at(-1);
    if (last && last[0]!.of === cell.of) last.push(cell);
    else runs.push([cell]);
  }
  return runs.map((run) => {
    const { of } = run[0]!;
    const lines = run.flatMap(({ line }) => (line ? [line] : []));
    if (lines.length === of.lines.length && lines.every((line, at) => line === of.lines[at])) return of;
    // The rows and columns of a table count its lines: with other lines they are found anew from where these stand.
    return { role: of.role, quad: quadAround(lines), lines };
  });
}

/** The same regions with some lines exchanged one for one: tables keep their structure. */
function exchanged(regions: readonly Region[], change: (line: Line, index: number) => Line): Region[] {
  let index = 0;
  return regions.map((region) => {
    const lines = region.lines.map((line) => change(line, index++));
    return lines.every((line, at) => line === region.lines[at]) ? region : { ...region, lines, quad: quadAround(lines) };
  });
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
function withText(line: Line, typed: string): Line {
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

function splitLine(line: Line, at: number): [Line, Line] {
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

function mergeLines(lines: readonly Line[]): Line {
  const text = lines.map((line) => line.text).reduce((whole, next) => (unspaced.test(whole.slice(-1)) && unspaced.test(next.slice(0, 1)) ? whole + next : `${whole} ${next}`));
  return { ...lines[0]!, text, quad: quadAround(lines), words: lines.flatMap((line) => line.words), confidence: Math.min(...lines.map((line) => line.confidence)) };
}

/** The line in another box: its words take the same shares of it. */
function placed(line: Line, quad: Quad): Line {
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

function addLines(regions: readonly Region[], after: number | null, lines: readonly Line[]): Region[] {
  const quad = quadAround(lines);
  const own: Region = { role: 'paragraph', quad, lines: [...lines] };
  if (after === null) return [own, ...regions];
  const cells = cellsOf(regions);
  const at = cells.indexOf(cells.filter(({ line }) => line)[after]!);
  const { of } = cells[at]!;
  const around = boundsOf(of.quad), { x, y, width, height } = boundsOf(quad);
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  // Inside a paragraph the new lines are part of it; elsewhere they stand for themselves.
  const inside = middleX > around.x && middleX < around.x + around.width && middleY > around.y && middleY < around.y + around.height;
  const place = inside ? at + 1 : cells.findLastIndex((cell) => cell.of === of) + 1;
  return regionsOf([...cells.slice(0, place), ...lines.map((line) => ({ line, of: inside ? of : own })), ...cells.slice(place)]);
}

function moveLines(regions: readonly Region[], lines: readonly number[], before: number | null): Region[] {
  const cells = cellsOf(regions), withLine = cells.filter(({ line }) => line);
  const moved = lines.map((index) => withLine[index]!);
  const stays = cells.filter((cell) => !moved.includes(cell));
  // Before one that moves itself: before what follows it.
  const target = before === null ? null : cells.slice(cells.indexOf(withLine[before]!)).find((cell) => !moved.includes(cell));
  const place = target ? stays.indexOf(target) : stays.length;
  const neighbours = [stays[place - 1]?.of, stays[place]?.of];
  // Lines that leave their region take its role along.
  const own = new Map<Region, Region>();
  const homeOf = ({ of }: Cell): Region => {
    if (neighbours.includes(of) || !stays.some((cell) => cell.of === of)) return of;
    if (!own.has(of)) own.set(of, { role: of.role, quad: of.quad, lines: [] });
    return own.get(of)!;
  };
  return regionsOf([...stays.slice(0, place), ...moved.map((cell) => ({ ...cell, of: homeOf(cell) })), ...stays.slice(place)]);
}

function setRole(regions: readonly Region[], lines: readonly number[], role: Region['role']): Region[] {
  const chosen = new Set(lines);
  // Rows that were found apart are one table; paragraphs stay what they are.
  const joined: Region | null = role === 'table' ? { role, quad: regions[0]!.quad, lines: [] } : null;
  const own = new Map<Region, Region>();
  let index = 0;
  const cells = cellsOf(regions).map((cell): Cell => {
    if (!cell.line || !chosen.has(index++)) return cell;
    if (cell.of.role === role && !joined) return cell;
    if (!own.has(cell.of)) own.set(cell.of, joined ?? { role, quad: cell.of.quad, lines: [] });
    return { line: cell.line, of: own.get(cell.of)! };
  });
  return regionsOf(cells);
}

function replaced(regions: readonly Region[], lines: readonly number[], by: readonly Line[]): Region[] {
  if (lines.length === by.length) return exchanged(regions, (line, index) => (lines.includes(index) ? by[lines.indexOf(index)]! : line));
  let index = 0;
  const cells = cellsOf(regions).flatMap((cell): Cell[] => {
    if (!cell.line) return [cell];
    const place = lines.indexOf(index++);
    if (place < 0) return [cell];
    return (place === lines.length - 1 ? by.slice(place) : by.slice(place, place + 1)).map((line) => ({ line, of: cell.of }));
  });
  return regionsOf(cells);
}

/** The page after one step. @throws request-invalid when the step names a line that is not there, or leaves nothing where text has to be */
export function applyCorrection(text: PageText, step: Correction): PageText {
  if (step.kind === 'read-again') return step.text;
  const { regions } = text;
  const lines = linesOf(text);
  const named = 'lines' in step ? step.lines : 'line' in step ? [step.line] : step.after === null ? [] : [step.after];
  const places = [...named, ...(step.kind === 'move' && step.before !== null ? [step.before] : [])];
  if (places.some((place) => place >= lines.length) || new Set(named).size < named.length) throw new AppError('request-invalid', { name: step.kind });
  const only = (index: number, change: (line: Line) => Line): Region[] => exchanged(regions, (line, at) => (at === index ? change(line) : line));
  const made = (): Region[] => {
    switch (step.kind) {
      case 'set-text': return only(step.line, (line) => withText(line, step.text));
      case 'place': return only(step.line, (line) => placed(line, step.quad));
      case 'split': return replacedOne(regions, step.line, splitLine(lines[step.line]!, step.at));
      case 'merge': {
        const order = [...step.lines].sort((a, b) => a - b);
        return replaced(regions, order, [mergeLines(order.map((index) => lines[index]!))]);
      }
      case 'add': return addLines(regions, step.after, step.with);
      case 'delete': return regionsOf(cellsOf(regions).filter(({ line }) => !line || !step.lines.some((index) => lines[index] === line)));
      case 'set-role': return setRole(regions, step.lines, step.role);
      case 'move': return moveLines(regions, [...step.lines].sort((a, b) => a - b), step.before);
      case 'replace': return replaced(regions, [...step.lines].sort((a, b) => a - b), step.with);
    }
  };
  return { ...text, regions: made() };
}

const replacedOne = (regions: readonly Region[], index: number, by: readonly Line[]): Region[] => replaced(regions, [index], by);

export function applyCorrections(text: PageText, steps: readonly Correction[]): PageText {
  return steps.reduce(applyCorrection, text);
}
