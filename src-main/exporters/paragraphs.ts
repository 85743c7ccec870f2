// Joins the printed lines of a region into the paragraphs they were broken from: a line that had room for the next line's
// first word ended on purpose. Knows scripts and hyphens, not file formats.
import type { Region } from '@contract/document.ts';
import { frameOf, heightOf } from '../layout/line-frame.ts';

const spacelessEnd = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff65\u30fc]$/u;
const spacelessStart = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff65\u30fc]/u;
const brokenWord = /\p{Ll}[-\u2010]$/u;
const lowercaseStart = /^\p{Ll}/u;
const hyphenEnd = /[\p{L}\p{N}][-\u2010]$/u;
const capitalOrDigitStart = /^[\p{Lu}\p{N}]/u;
const softHyphen = /\u00ad$/;

/** A mark that opens a list item: a bullet, or a number or letter with a point or bracket. ("H. Ostrander" is a name.) */
export const bullet = /^(?:[•·‣▪●○◦■□◆◇\u2013\u2014*-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]|\(?[A-Z]\)|[①-⑳]|[가나다라마바사아자차카타파하][.)])\s+/u;

/** Two printed lines as one run of text. */
export function joinTwo(before: string, after: string): string {
  if (softHyphen.test(before)) return before.slice(0, -1) + after;
  if (brokenWord.test(before) && lowercaseStart.test(after)) return before.slice(0, -1) + after;
  // "Paris-" and "London", "A-" and "12": the hyphen is the word's own.
  if (hyphenEnd.test(before) && capitalOrDigitStart.test(after)) return before + after;
  // Han and kana are written without spaces.
  if (spacelessEnd.test(before) && spacelessStart.test(after)) return before + after;
  return `${before} ${after}`;
}

/** Lines whose heights differ by more than this factor do not run on; less is ascenders and descenders. */
const otherSize = 1.4;

/** Narrower regions, in characters, are addresses and forms more often than running text. */
const narrowCharacters = 32;

/** Roles whose lines are each a thing of their own. */
const separateLines: ReadonlySet<Region['role']> = new Set(['table', 'figure', 'header', 'footer', 'other']);

/** The region's text as paragraphs (or list items), in reading order. Lines without text are left out. */
export const paragraphsOf = (region: Region): string[] => startedParagraphs(region).map(({ text }) => text);

/** The same with where each begins along the text, and how high its first line is. */
export function startedParagraphs(region: Region): { text: string; start: number; height: number }[] {
  const lines = region.lines.filter((line) => line.text.trim() !== '');
  const frame = frameOf(lines);
  const boxes = lines.map((line) => frame(line.quad));
  if (separateLines.has(region.role)) return lines.map((line, at) => ({ text: line.text.trim(), start: boxes[at]!.start, height: heightOf(boxes[at]!) }));
  const left = Math.min(...boxes.map((box) => box.start));
  const right = Math.max(...boxes.map((box) => box.end));
  const paragraphs: { text: string; start: number; height: number }[] = [];
  lines.forEach((line, at) => {
    const text = line.text.trim();
    const box = boxes[at]!;
    const before = boxes[at - 1];
    const last = paragraphs.length - 1;
    const startsAnew =
      before === undefined ||
      bullet.test(text) ||
      (region.role === 'footnote' && /^[\d*†‡§¹²³⁴-⁹]/u.test(text) && box.start - left < heightOf(box) * 0.5) ||
      right - before.end > firstWordWidth(text, box.end - box.start) ||
      (capitalOrDigitStart.test(text) && right - left < narrowCharacters * characterWidth(text, box.end - box.start) && !hyphenEnd.test(paragraphs[last]?.text ?? '')) ||
      // Another size of print.
      heightOf(box) > heightOf(before) * otherSize ||
      heightOf(before) > heightOf(box) * otherSize ||
      // An indented first line; the first line itself may stand further left than the rest (a hanging list).
      (at > 1 && box.start - left > heightOf(box) * 0.9 && before.start - left < heightOf(box) * 0.5) ||
      // A gap as high as a line.
      box.top - before.bottom > heightOf(box) * 0.9;
    if (startsAnew) paragraphs.push({ text, start: box.start, height: heightOf(box) });
    else paragraphs[last]!.text = joinTwo(paragraphs[last]!.text, text);
  });
  return paragraphs;
}

const characterWidth = (text: string, lineWidth: number): number => lineWidth / Math.max(1, [...text].length);

/** What the line before would have needed to hold this line's first word, with the space before it. */
function firstWordWidth(text: string, lineWidth: number): number {
  const perCharacter = characterWidth(text, lineWidth);
  // Han and kana break anywhere; punctuation may not open a line, so one more character of room is no sign of an end.
  const word = spacelessStart.test(text) ? 2 : [...(text.split(/\s/, 1)[0] ?? '')].length;
  return perCharacter * (word + 1.5);
}

const sentenceEnd = /[.!?:;。！？：；…][\p{Pe}\p{Pf}"']*$/u;
const goesOn = /^[\p{Ll}\p{Lo}]/u;

/** Whether the text of one paragraph region goes on in another: broken off in a full line, and taken up in the next column or, in small letters, right below. */
export function runsOn(before: Region, after: Region): boolean {
  const last = before.lines.at(-1), first = after.lines[0];
  if (before.role !== 'paragraph' || after.role !== 'paragraph' || !last || !first) return false;
  const text = first.text.trim();
  if (sentenceEnd.test(last.text.trim()) || !goesOn.test(text) || bullet.test(text)) return false;
  const frame = frameOf([...before.lines, ...after.lines]);
  const lastBox = frame(last.quad), firstBox = frame(first.quad);
  const right = Math.max(...before.lines.map((line) => frame(line.quad).end));
  if (right - lastBox.end > firstWordWidth(text, firstBox.end - firstBox.start)) return false;
  const isNextColumn = firstBox.top < lastBox.top && firstBox.start > right;
  const isBelow = lowercaseStart.test(text) && firstBox.top > lastBox.top && firstBox.top - lastBox.bottom < heightOf(lastBox) && Math.abs(firstBox.start - lastBox.start) < heightOf(lastBox);
  return isBelow || (isNextColumn && before.lines.length > 1);
}
