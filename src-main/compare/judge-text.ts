// Decides how far a difference between two readings can be trusted: what the recogniser easily confuses, how sure it was, and whether the
// ink differs. Knows no places.
import { codeOf } from './page-characters.ts';
import { alignSequences } from './sequence.ts';
import type { InkDifference } from './ink-likeness.ts';
import type { TextChange } from './text-changes.ts';

export interface Verdict {
  readonly doubtful: boolean;
  readonly confidence: number;
}

/** Characters that recognisers take for one another. */
const lookalikes = ['0OoDQ〇○口', '1lI|!iｌj丨ｉ[]', '5Ss', '2Zz', '8B', '6b', '9gq', 'Cc(', 'Kk', 'Pp', 'Uu', 'Vv', 'Ww', 'Xx×', 'Yy', '一-ー_~', '日曰目', '未末', '己已巳', '人入八', '土士', '千干', 'へヘ', 'ニ二', 'カ力', 'ロ口□', 'ハ八', '.,·:;\'"`', '/|l'];

const isPunctuation = (character: string): boolean => !/[\p{L}\p{N}]/u.test(character);
const plain = (character: string): string => character.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const isDigit = (character: string): boolean => /\d/.test(character);

/** Whether a reader might see either for the other. Two different digits never. */
function isConfusable(a: string, b: string): boolean {
  if (a === b) return true;
  if (isDigit(a) && isDigit(b)) return false;
  if (isPunctuation(a) && isPunctuation(b)) return true;
  return plain(a) === plain(b) || lookalikes.some((some) => some.includes(a) && some.includes(b));
}

const codes = (text: string): string[] => [...text.replace(/\s+/gu, '')].map(codeOf);

/** Whether all that differs are marks and lookalikes. */
function isWeak(before: string, after: string): boolean {
  const a = codes(before), b = codes(after);
  const pairs = alignSequences(a, b);
  const paired = new Set(pairs.map(([i]) => i)), pairedToo = new Set(pairs.map(([, j]) => j));
  if (pairs.some(([i, j]) => !isConfusable(a[i]!, b[j]!))) return false;
  return a.every((one, i) => paired.has(i) || isPunctuation(one)) && b.every((one, j) => pairedToo.has(j) || isPunctuation(one));
}

/** Whether digits, and nothing else, stand where the other reading has other digits. */
function hasOtherDigit(before: string, after: string): boolean {
  const a = codes(before), b = codes(after);
  const others = a.flatMap((one, at) => (one === b[at] ? [] : [at]));
  return a.length === b.length && others.length > 0 && others.every((at) => isDigit(a[at]!) && isDigit(b[at]!));
}

/** Whether one character in a word differs, or a few strokes of Hangul (메 and 에, 번 and 변): misread more often than changed. */
function isNear(before: string, after: string): boolean {
  const letters = (text: string): string[] => codes(text).filter((one) => !isPunctuation(one));
  const a = letters(before), b = letters(after);
  if (a.length > 0 && a.length === b.length && a.filter((one, at) => one !== b[at]).length <= Math.max(1, 0.25 * a.length)) return true;
  if (![...a, ...b].every((one) => /\p{Script=Hangul}/u.test(one))) return false;
  const [p, q] = [a, b].map((some) => [...some.join('').normalize('NFD')]) as [string[], string[]];
  return alignSequences(p, q).filter(([i, j]) => p[i] === q[j]).length >= 0.7 * Math.max(1, p.length, q.length);
}

/** As one shape: letters whose capitals differ in size alone, and squares of every meaning. */
const shapes = (text: string): string => codes(text).map((one) => (/[cosuvwxz×]/iu.test(one) ? one.toLowerCase().replace('×', 'x') : one.replace(/[口ロ]/u, '□'))).join('');

/** Whether the readings differ only in what has one shape (x, X, ×, or a box to tick and 口): where the ink does not differ either, nothing does. */
export const isSameShape = ({ before, after }: TextChange): boolean => shapes(before.text) === shapes(after.text);

/** What a poor reading makes of the same word: other strokes, marks and lookalikes. Other digits are another number. */
export const isNearlySame = ({ before: { text }, after }: TextChange): boolean => isWeak(text, after.text) || (isNear(text, after.text) && !hasOtherDigit(text, after.text));

/** Part of the characters that differ. */
function shareChanged(before: string, after: string): number {
  const a = codes(before), b = codes(after);
  const equal = alignSequences(a, b).filter(([i, j]) => a[i] === b[j]).length;
  return 1 - equal / Math.max(1, a.length, b.length);
}

/**
 * Part of the ink without counterpart. Two scans of one word stay below 0.02, two digits in one typeface begin at 0.03. Digits that were
 * read without hesitation are trusted; what is easily misread must differ more, single letters and lookalikes much more.
 */
const inkLimits = { digit: 0.012, sure: 0.035, unsure: 0.12, near: 0.15, weak: 0.2, unsureNear: 0.4 };
/** In worse pictures unchanged words differ more: a change must stand out from them by so many times what is usual there. */
const timesUsual = { digit: 1, sure: 3, unsure: 4, near: 6, weak: 6, unsureNear: 6 };
/** Below this the recogniser was unsure. */
const unsure = 0.85;
/** Below this it guessed. */
const guessed = 0.65;

/**
 * @param ink null when the pages could not be laid on one another there
 * @param usual how much the ink of words differs that are the same on both pages
 * @param isPoor many words of these pages were read nearly the same: what is near is then none of the changes, whatever the ink says
 */
export function judgeText(change: TextChange, ink: InkDifference | null, usual: number, isPoor: boolean): Verdict {
  const { before, after } = change;
  const confidence = Math.max(0, Math.min(1, change.confidence));
  if (change.kind === 'moved') return { doubtful: false, confidence };
  const weak = isWeak(before.text, after.text);
  const marksOnly = codes(before.text + after.text).every(isPunctuation);
  // A lone character that one reader sees and the other does not is more often a box, a speck or a tick than a letter.
  const lone = change.kind !== 'changed' && codes(before.text + after.text).length === 1 && !/\d/.test(before.text + after.text);
  if (marksOnly || lone || confidence < guessed) return { doubtful: true, confidence: confidence * 0.5 };
  if (ink) {
    const digits = hasOtherDigit(before.text, after.text);
    const near = !digits && isNear(before.text, after.text);
    const rule = weak ? 'weak' : near ? (confidence < unsure ? 'unsureNear' : 'near') : confidence < unsure ? 'unsure' : digits && confidence > 0.9 ? 'digit' : 'sure';
    const doubtful = (isPoor && (near || weak)) || ink.most < Math.max(inkLimits[rule], timesUsual[rule] * usual);
    return { doubtful, confidence: doubtful ? 0.6 * confidence : Math.min(1, 0.5 * confidence + 0.5 * Math.min(1, 0.5 + ink.most)) };
  }
  const doubtful = weak || confidence < unsure || (confidence < 0.9 && shareChanged(before.text, after.text) < 0.2);
  return { doubtful, confidence: doubtful ? confidence * 0.7 : confidence };
}
