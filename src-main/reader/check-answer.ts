// Holds an answer against the recognised text: what stands under each of its boxes, and where the values stand that it names without one.
// Pure: knows text and geometry, no model.
import type { GroundingCheck, MessageGrounding } from '@contract/conversation.ts';
import { linesOf } from '@contract/document.ts';
import type { Line, PageText } from '@contract/document.ts';
import type { PlacedGrounding, RecognisedPage } from '@contract/job.ts';
import { boundsOf } from '@contract/geometry.ts';
import type { Quad, Rect } from '@contract/geometry.ts';
import { fold } from '../base/fold.ts';
import { quadOfRange } from './page-pieces.ts';

/** Values looked for in one answer; more would be a page read out, whose lines are their own proof. */
const mostValues = 200;
/** A reading counts as another spelling of the value when no larger share of its characters differs. */
const differingShare = 0.34;

/** Text as it is compared: folded, without spaces and without the punctuation that readers and writers disagree on. */
interface Comparable {
  readonly text: string;
  /** For each unit of `text`, its [start, end) in the original. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

const insignificant = /[\s"'“”‘’`*_|,，、:：;；\p{Sc}]/u;

function comparable(original: string): Comparable {
  const folded = fold(original);
  let text = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (let at = 0; at < folded.text.length; at++) {
    const unit = folded.text[at]!;
    if (insignificant.test(unit)) continue;
    text += unit;
    starts.push(folded.starts[at]!);
    ends.push(folded.ends[at]!);
  }
  return { text, starts, ends };
}

interface CheckedLine {
  readonly line: Line;
  readonly text: Comparable;
  readonly bounds: Rect;
}

interface CheckedPage {
  readonly pageId: string;
  readonly lines: readonly CheckedLine[];
}

const checkedPage = (pageId: string, text: PageText): CheckedPage => ({ pageId, lines: linesOf(text).map((line) => ({ line, text: comparable(line.text), bounds: boundsOf(line.quad) })) });

const wordLike = /[\p{L}\p{N}]/u;
const digit = /\p{N}/u;

/** Where `wanted` stands in a line as a value of its own: a number not inside a longer number, a word not inside a longer Latin word. */
function placeIn(line: CheckedLine, wanted: string): { from: number; to: number } | null {
  const { text, starts, ends } = line.text;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const from = starts[at]!;
    const to = ends[at + wanted.length - 1]!;
    const [before, after] = [line.line.text[from - 1] ?? '', line.line.text[to] ?? ''];
    const cutsNumber = (digit.test(wanted[0]!) && digit.test(before)) || (digit.test(wanted.at(-1)!) && digit.test(after));
    const cutsWord = (/[a-z]/.test(wanted[0]!) && /[A-Za-z]/.test(before)) || (/[a-z]/.test(wanted.at(-1)!) && /[A-Za-z]/.test(after));
    // 12 is not found in 12.50, 50 not in 12.50
    const cutsDecimal = (digit.test(wanted.at(-1)!) && /^[.,]\d/.test(line.line.text.slice(to))) || (digit.test(wanted[0]!) && /\d[.,]$/.test(line.line.text.slice(0, from)));
    if (!cutsNumber && !cutsWord && !cutsDecimal) return { from, to };
  }
  return null;
}

interface Place {
  readonly page: CheckedPage;
  readonly quad: Quad;
  readonly read: string;
}

function findOn(page: CheckedPage, wanted: string, near?: Rect): Place | null {
  let best: { place: Place; distance: number } | null = null;
  for (const one of page.lines) {
    const found = placeIn(one, wanted);
    if (!found) continue;
    const place = { page, quad: quadOfRange(one.line, found.from, found.to), read: one.line.text.slice(found.from, found.to) };
    if (!near) return place;
    const bounds = boundsOf(place.quad);
    const distance = Math.hypot(bounds.x + bounds.width / 2 - near.x - near.width / 2, bounds.y + bounds.height / 2 - near.y - near.height / 2);
    if (!best || distance < best.distance) best = { place, distance };
  }
  return best?.place ?? null;
}

/** Steps from one text to the other: characters added, left out or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

const similar = (a: string, b: string): boolean => distance(a, b) <= Math.floor(Math.max(a.length, b.length) * differingShare);

/** Share of `inner` that lies in `outer`. */
function covered(inner: Rect, outer: Rect): number {
  const width = Math.min(inner.x + inner.width, outer.x + outer.width) - Math.max(inner.x, outer.x);
  const height = Math.min(inner.y + inner.height, outer.y + outer.height) - Math.max(inner.y, outer.y);
  return width > 0 && height > 0 ? (width * height) / Math.max(1, inner.width * inner.height) : 0;
}

/** The words at least half of which lie under the box, line by line. */
function readUnder(page: CheckedPage, box: Rect): string {
  return page.lines
    .filter(({ bounds }) => covered(bounds, box) > 0)
    .map(({ line }) => (line.words.length > 0 ? line.words.filter((word) => covered(boundsOf(word.quad), box) >= 0.5).map((word) => word.text).join(' ') : covered(boundsOf(line.quad), box) >= 0.5 ? line.text : ''))
    .filter((text) => text !== '')
    .join(' ');
}

/** What an answer says of a place: its name there, or for data the text around its coordinates. */
function expectedOf(answer: string, { label, start, end }: PlacedGrounding): string {
  return (label ?? answer.slice(start, end)).trim();
}

/** A value can be read off a page; a name like "stamp" or "the man on the left" cannot. */
const isValue = (text: string): boolean => digit.test(text);

function checkPlaced(answer: string, grounding: PlacedGrounding, page: CheckedPage | undefined): MessageGrounding {
  const as = (check: GroundingCheck, part: Partial<MessageGrounding> = {}): MessageGrounding => ({ ...grounding, source: 'answer', check, ...part });
  const expected = expectedOf(answer, grounding);
  const wanted = comparable(expected).text;
  if (!page || wanted === '' || /^[[{<]/.test(expected)) return as({ state: 'unchecked' });
  const box = boundsOf(grounding.quad);
  const read = readUnder(page, box);
  const under = comparable(read).text;
  if (under !== '' && (under.includes(wanted) || (wanted.includes(under) && under.length >= 0.6 * wanted.length))) return as({ state: 'found', read });
  // The box may be a little off; the text itself is where it is.
  const elsewhere = wanted.length > 1 ? findOn(page, wanted, box) : null;
  if (elsewhere) {
    const { isUnsure: _settled, ...found } = grounding;
    return { ...found, quad: elsewhere.quad, kind: 'line', source: 'search', check: { state: 'found', read: elsewhere.read } };
  }
  // What stands there by chance is no other reading of it.
  if (!grounding.isUnsure && under !== '' && (isValue(expected) || similar(wanted, under))) return as({ state: 'differs', expected, read });
  return as(isValue(expected) && page.lines.length > 0 ? { state: 'not-on-page', expected } : { state: 'unchecked' });
}

interface NamedValue {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The answer says that this stands on the page, word for word. */
  readonly isQuoted: boolean;
}

const quotes = /“([^”\n]{1,120})”|「([^」\n]{1,120})」|『([^』\n]{1,120})』|"([^"\n]{1,120})"|`([^`\n]{1,120})`/gu;
const strong = /\*\*([^*\n]{1,120})\*\*/gu;
const address = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?:\/\/|www\.)[^\s)\]]+/gu;
/** Numbers with what belongs to them: signs, separators, units of money, letters of identifiers. */
const number = /(?<![A-Za-z\p{N}])(?:\p{Sc}\s?)?(?:[A-Z]{1,6}[-/]?)?[\p{N}][\p{N}.,:/\-–]*(?:[\p{N}]|(?<=\p{N}))(?:[A-Z]{1,4}(?![a-z]))?(?:\s?(?:\p{Sc}|%|원|元|円|圆))?/gu;

/** Values that the answer names outside `taken`. */
function namedValues(answer: string, taken: readonly { start: number; end: number }[]): NamedValue[] {
  const found: NamedValue[] = [];
  const isFree = (start: number, end: number): boolean => ![...taken, ...found].some((one) => start < one.end && one.start < end);
  const add = (start: number, text: string, isQuoted: boolean): void => {
    const trimmed = text.trim();
    if (found.length >= mostValues || trimmed === '' || !wordLike.test(trimmed)) return;
    const from = start + text.indexOf(trimmed);
    if (isFree(from, from + trimmed.length)) found.push({ start: from, end: from + trimmed.length, text: trimmed, isQuoted });
  };
  for (const match of answer.matchAll(quotes)) {
    const inner = match.slice(1).find((one) => one !== undefined)!;
    add(match.index + 1, inner, true);
  }
  for (const match of answer.matchAll(strong)) add(match.index + 2, match[1]!, false);
  for (const match of answer.matchAll(address)) add(match.index, match[0].replace(/[.,;:]$/, ''), true);
  for (const match of answer.matchAll(number)) {
    if (found.length >= mostValues) break;
    const lineStart = answer.lastIndexOf('\n', match.index - 1) + 1;
    // "1." of a list, "Picture 2", "page 3" are the answer's own numbers
    if (/^\s*(?:[-*]\s*)?$/.test(answer.slice(lineStart, match.index)) && /^[.)]\s/.test(answer.slice(match.index + match[0].length))) continue;
    if (/(?:picture|image|page|figure|step|그림|페이지|图|页|第)\s*$/iu.test(answer.slice(Math.max(0, match.index - 12), match.index))) continue;
    add(match.index, match[0], false);
  }
  return found.sort((a, b) => a.start - b.start);
}

/** The line with the reading that is most like the value; numbers differ in few digits, not in how many there are. */
function mostAlike(pages: readonly CheckedPage[], value: string): Place | null {
  let best: { place: Place; steps: number } | null = null;
  const limit = Math.floor(value.length * 0.25);
  if (limit < 1) return null;
  for (const page of pages) {
    for (const { line } of page.lines) {
      for (const match of line.text.matchAll(/\S+/gu)) {
        const reading = comparable(match[0]).text;
        if (Math.abs(reading.length - value.length) > limit) continue;
        const steps = distance(value, reading);
        if (steps > 0 && steps <= limit && (!best || steps < best.steps)) best = { steps, place: { page, quad: quadOfRange(line, match.index, match.index + match[0].length), read: match[0] } };
      }
    }
  }
  return best?.place ?? null;
}

function checkNamed(value: NamedValue, pages: readonly CheckedPage[]): MessageGrounding | null {
  const wanted = comparable(value.text).text;
  const at = { start: value.start, end: value.end, label: value.text, kind: 'line' as const, source: 'search' as const };
  if (wanted === '') return null;
  for (const page of pages) {
    const found = findOn(page, wanted);
    if (found) return { ...at, pageId: page.pageId, quad: found.quad, check: { state: 'found', read: found.read } };
  }
  // A count or a sum of the answer's own is no quotation; long numbers and words in quotes are.
  const digits = [...wanted].filter((one) => digit.test(one)).length;
  if (!value.isQuoted && digits < 4) return null;
  const alike = digits >= 4 ? mostAlike(pages, wanted) : null;
  if (alike) return { ...at, pageId: alike.page.pageId, quad: alike.quad, check: { state: 'differs', expected: value.text, read: alike.read } };
  return { ...at, pageId: pages[0]!.pageId, quad: null, check: { state: 'not-on-page', expected: value.text } };
}

/** The places that an answer names, each held against what was recognised there; and those of its values that it gave no place. */
export function checkAnswer(answer: string, groundings: readonly PlacedGrounding[], pages: readonly RecognisedPage[]): MessageGrounding[] {
  const read = pages.flatMap(({ pageId, text }) => (text ? [checkedPage(pageId, text)] : []));
  const placed = groundings.map((one) => checkPlaced(answer, one, read.find((page) => page.pageId === one.pageId)));
  const withText = read.filter((page) => page.lines.length > 0);
  if (withText.length === 0) return placed;
  const named = namedValues(answer, groundings).flatMap((value) => checkNamed(value, withText) ?? []);
  return [...placed, ...named].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** What a page says about a value of a field; `box` is where it is said to stand, or with `isRow` the row that it is in. */
export function checkValue({ pageId, text }: RecognisedPage, said: string, box: Quad | null, isRow = false): { check: GroundingCheck; quad: Quad | null } {
  const page = text && checkedPage(pageId, text);
  const wanted = comparable(said).text;
  if (!page || page.lines.length === 0 || wanted === '') return { check: { state: 'unchecked' }, quad: isRow ? null : box };
  const near = box && boundsOf(box);
  const read = near ? readUnder(page, near) : '';
  const under = comparable(read).text;
  const place = findOn(page, wanted, near ?? undefined);
  const isUnder = under.includes(wanted);
  if (place && (!isUnder || covered(boundsOf(place.quad), near!) >= 0.5)) return { check: { state: 'found', read: place.read }, quad: place.quad };
  // over several lines, or a part of a word
  if (isUnder || page.lines.map((one) => one.text.text).join('').includes(wanted)) return { check: { state: 'found', read: said }, quad: isRow ? null : box };
  if (under !== '' && (!isRow || similar(wanted, under))) return { check: { state: 'differs', expected: said, read }, quad: box };
  const alike = mostAlike([page], wanted);
  if (alike) return { check: { state: 'differs', expected: said, read: alike.read }, quad: alike.quad };
  return { check: { state: 'not-on-page', expected: said }, quad: null };
}
