// The text of a page as a row of single characters in reading order, each with its place: what is compared. Spaces are left out, since
// readers place them differently. Knows no second page.
import type { Line, PageText, Region } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';

export interface PageCharacter {
  /** Compared by this: width, quotes and dashes made equal. */
  readonly code: string;
  /** Centre in page pixels. */
  readonly x: number;
  readonly y: number;
  readonly unit: number;
  readonly segment: number;
}

/** What a change is told in: a word, or a single ideograph. */
export interface Unit {
  readonly text: string;
  readonly quad: Quad;
  readonly confidence: number;
  /** Its characters are `from` to `to` (exclusive) of the page. */
  readonly from: number;
  readonly to: number;
  readonly segment: number;
  /** Whether a space stands before it in its segment. */
  readonly spaced: boolean;
}

/** A line, or a part of one that a wide gap makes a thing of its own (a cell, the price of an item). */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly region: number;
  readonly isCell: boolean;
  /** A page's number: it says where the page stands, not what stands on it. */
  readonly isPageNumber: boolean;
  /** Height of the text across its reading direction, in page pixels. */
  readonly height: number;
  readonly quad: Quad;
}

export interface PageCharacters {
  readonly width: number;
  readonly height: number;
  readonly characters: readonly PageCharacter[];
  readonly units: readonly Unit[];
  readonly segments: readonly Segment[];
}

/** A gap between two words wider than this many text heights separates two segments. */
const cellGap = 1.6;

const same: readonly (readonly [RegExp, string])[] = [[/[‘’‚′´`ʼ]/u, "'"], [/[“”„″]/u, '"'], [/[‐‑‒–—―−]/u, '-'], [/[•·・ㆍ∙]/u, '·'], [/。/u, '.'], [/、/u, ','], [/[×✕]/u, 'x']];

/** What a character is compared by. */
export function codeOf(character: string): string {
  const plain = character.normalize('NFKC');
  const code = [...plain].length === 1 ? plain : character;
  return same.find(([pattern]) => pattern.test(code))?.[1] ?? code;
}

const isIdeograph = (text: string): boolean => /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff65ー]/u.test(text);
/** How much room a character takes beside others. */
function roomOf(character: string): number {
  if (isIdeograph(character) || /\p{Script=Hangul}/u.test(character)) return 2;
  return /[.,:;'|!ilI·]/u.test(character) ? 0.6 : 1.1;
}

const between = (p: readonly [number, number], q: readonly [number, number], t: number): [number, number] => [p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t];
function partOf([a, b, c, d]: Quad, from: number, to: number, vertical: boolean): Quad {
  if (vertical) return [between(a, d, from), between(b, c, from), between(b, c, to), between(a, d, to)];
  return [between(a, b, from), between(a, b, to), between(d, c, to), between(d, c, from)];
}
const centreOf = (quad: Quad): [number, number] => [(quad[0][0] + quad[2][0]) / 2, (quad[0][1] + quad[2][1]) / 2];

/** The part of a word's box for each of its characters. */
function placesIn(text: readonly string[], quad: Quad, vertical: boolean): Quad[] {
  const rooms = text.map((one) => (vertical ? 1 : roomOf(one)));
  const whole = rooms.reduce((sum, room) => sum + room, 0);
  let at = 0;
  return rooms.map((room) => {
    const from = at / whole;
    at += room;
    return partOf(quad, from, at / whole, vertical);
  });
}

/** A quad around quads that stand one after the other in a line. */
export function joinQuads(quads: readonly Quad[]): Quad {
  const first = quads[0]!, last = quads.at(-1)!;
  if (quads.length === 1) return first;
  const reading = Math.atan2(first[1][1] - first[0][1], first[1][0] - first[0][0]);
  const [ux, uy] = [Math.cos(reading), Math.sin(reading)];
  let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
  for (const [x, y] of [...quads.flat(), ...last]) {
    left = Math.min(left, x * ux + y * uy);
    right = Math.max(right, x * ux + y * uy);
    top = Math.min(top, y * ux - x * uy);
    bottom = Math.max(bottom, y * ux - x * uy);
  }
  const at = (along: number, across: number): [number, number] => [along * ux - across * uy, along * uy + across * ux];
  return [at(left, top), at(right, top), at(right, bottom), at(left, bottom)];
}

const gapBetween = (left: Quad, right: Quad, vertical: boolean): number =>
  vertical ? Math.hypot(right[0][0] - left[3][0], right[0][1] - left[3][1]) : Math.hypot(right[0][0] - left[1][0], right[0][1] - left[1][1]);
const heightOf = (quad: Quad, vertical: boolean): number =>
  vertical ? Math.hypot(quad[1][0] - quad[0][0], quad[1][1] - quad[0][1]) : (Math.hypot(quad[3][0] - quad[0][0], quad[3][1] - quad[0][1]) + Math.hypot(quad[2][0] - quad[1][0], quad[2][1] - quad[1][1])) / 2;

/** "32," and "000": readers put a space behind the comma that stands in a number. */
const isOneNumber = (left: string, right: string): boolean => /(^|\D)\d{1,3}(,\d{3})*,$/u.test(left) && /^\d{3}(?!\d)/u.test(right);

/** The words of a line, with numbers whole. */
function wholeNumbers(words: Line['words'], vertical: boolean, height: number): Line['words'] {
  const whole: Line['words'] = [];
  for (const word of words) {
    const last = whole.at(-1);
    if (last && isOneNumber(last.text, word.text) && gapBetween(last.quad, word.quad, vertical) < numberGap * height) whole[whole.length - 1] = { ...last, text: last.text + word.text, quad: joinQuads([last.quad, word.quad]), confidence: Math.min(last.confidence, word.confidence) };
    else whole.push(word);
  }
  return whole;
}
/** In text heights. */
const numberGap = 0.6;

/** Part of a page's height within which a number by itself is the page's. */
const pageEdge = 0.06;

/** "118", "Page 12 of 200", "第57页" by itself at the head or the foot. */
function isPageNumber({ role, lines: [line, ...others] }: Region, pageHeight: number): boolean {
  if (!line || others.length > 0) return false;
  const y = centreOf(line.quad)[1];
  if (role !== 'footer' && role !== 'header' && Math.min(y, pageHeight - y) > pageEdge * pageHeight) return false;
  return /^[-–—]?(?:page|p\.|第)?\d{1,4}(?:(?:\/|of)\d{1,4})?(?:页|頁|쪽|ページ)?[-–—]?$/iu.test(line.text.replace(/\s+/gu, ''));
}

export function charactersOf(page: PageText): PageCharacters {
  const characters: PageCharacter[] = [], units: Unit[] = [], segments: Segment[] = [];
  const addLine = (line: Line, region: number, isTable: boolean, isPageNumber: boolean): void => {
    const vertical = line.vertical === true, height = heightOf(line.quad, vertical);
    const lineWords = wholeNumbers(line.words, vertical, height);
    let start = 0;
    while (start < lineWords.length) {
      let end = start + 1;
      while (end < lineWords.length && gapBetween(lineWords[end - 1]!.quad, lineWords[end]!.quad, vertical) <= cellGap * height) end++;
      const words = lineWords.slice(start, end);
      const from = characters.length, segment = segments.length;
      words.forEach((word, at) => {
        const shown = [...word.text].filter((one) => one.trim() !== '');
        const places = placesIn(shown, word.quad, vertical);
        const before = words[at - 1];
        const touches = before !== undefined && gapBetween(before.quad, word.quad, vertical) < 0.12 * height;
        // Runs of letters and digits stay together; an ideograph is a unit of its own.
        let open = 0;
        shown.forEach((one, index) => {
          const [x, y] = centreOf(places[index]!);
          characters.push({ code: codeOf(one), x, y, unit: units.length, segment });
          const next = shown[index + 1];
          if (next !== undefined && !isIdeograph(one) && !isIdeograph(next)) return;
          const text = shown.slice(open, index + 1).join('');
          units.push({ text, quad: joinQuads(places.slice(open, index + 1)), confidence: word.confidence, from: characters.length - [...text].length, to: characters.length, segment, spaced: open === 0 && at > 0 && !touches && !(isIdeograph(one) && isIdeograph(before?.text.at(-1) ?? '')) });
          open = index + 1;
        });
      });
      if (characters.length > from) segments.push({ from, to: characters.length, region, isCell: isTable || start > 0 || end < lineWords.length, isPageNumber, height, quad: joinQuads(words.map((word) => word.quad)) });
      start = end;
    }
  };
  page.regions.forEach((region, at) => region.lines.forEach((line) => addLine(line, at, region.role === 'table', isPageNumber(region, page.height))));
  return { width: page.width, height: page.height, characters, units, segments };
}

/** The units' text with the spaces between them. */
export function textOfUnits(units: readonly Unit[]): string {
  return units.map((unit, at) => (at > 0 && (unit.spaced || unit.segment !== units[at - 1]!.segment) ? ' ' : '') + unit.text).join('');
}
