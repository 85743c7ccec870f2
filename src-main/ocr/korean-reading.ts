// Puts two readings of one Korean line together: the Korean network's Hangul, and the punctuation, Latin letters and digits
// of the Chinese one, which has no Hangul and stays silent on it. Works on decoded characters alone.
import { isAlphabetic, isDigit, isHan, isHangul, isPunctuation } from './characters.ts';
import type { ReadCharacter } from './ctc.ts';

/** Least probability of a mark that only the second reading saw. */
const markConfidence = 0.3;
/** Letters and digits below this do not belong to a run: the second network guesses at Hangul shapes with them. */
const memberConfidence = 0.55;
/** A run of letters or digits replaces the Korean reading from this mean probability on. */
const runConfidence = 0.75;
/** A Han character replaces a Korean one that is this much less likely. */
const hanMargin = 0.3;

/** What the Korean network writes where it means a space: its training data were broken there. */
const writtenForSpace = '\u76E4';

/** Marks that the Korean dictionary lacks: where the second reading has one, the first can only have written something else. */
const missingMarks = new Set(['.', ',', '(', ')']);

/** Korean sets the marks of Latin script; the Chinese network writes the wide ones of its own. */
function asciiMark(text: string): string {
  if (text === '。') return '.';
  if (text === '、') return ',';
  return /^[\uFF01-\uFF5E]$/.test(text) ? String.fromCharCode(text.charCodeAt(0) - 0xfee0) : text;
}

const mean = (characters: readonly ReadCharacter[]): number => (characters.length ? characters.reduce((sum, one) => sum + one.confidence, 0) / characters.length : 0);

/** The two networks place one character up to a step apart. */
const touches = (one: ReadCharacter, from: number, to: number, slack = 0.5): boolean => one.firstStep <= to + slack && one.lastStep >= from - slack;

const isSureHangul = (one: ReadCharacter): boolean => isHangul(one.text) && one.confidence > 0.9;

/** Runs of neighbouring letters, digits and the marks between them, all of them likely, with no sure Hangul in between. */
function runsOf(characters: readonly ReadCharacter[], korean: readonly ReadCharacter[]): ReadCharacter[][] {
  const runs: ReadCharacter[][] = [];
  let open: ReadCharacter[] | null = null;
  for (const one of characters) {
    const belongs = one.confidence >= memberConfidence && (isAlphabetic(one.text) || isDigit(one.text) || isPunctuation(one.text));
    if (one.text === ' ') continue;
    const last = open?.at(-1);
    if (!belongs || (last && korean.some((other) => isSureHangul(other) && other.step > last.lastStep + 0.5 && other.step < one.firstStep - 0.5))) open = null;
    if (!belongs) continue;
    if (open) open.push(one);
    else runs.push((open = [one]));
  }
  // Marks at the ends are judged one by one later.
  for (const run of runs) {
    while (run.length && isPunctuation(run[0]!.text)) run.shift();
    while (run.length && isPunctuation(run.at(-1)!.text)) run.pop();
  }
  return runs.filter((run) => run.filter((one) => !isPunctuation(one.text)).length >= 2);
}

function replaceRuns(korean: readonly ReadCharacter[], second: readonly ReadCharacter[]): ReadCharacter[] {
  let result = [...korean];
  for (const run of runsOf(second, korean)) {
    const from = run[0]!.step, to = run.at(-1)!.step;
    const inside = result.filter((one) => one.text !== ' ' && touches(one, from, to));
    const sureHangul = inside.filter(isSureHangul).length;
    // Hangul that the Korean network is sure of is Hangul: the other one only guesses at its shapes.
    if (mean(run) < runConfidence || sureHangul * 2 >= Math.max(1, inside.length) || mean(inside) > mean(run)) continue;
    // The same digit at the run's end, a step further: seen by both networks, not there twice.
    const repeats = (one: ReadCharacter): boolean => (one.text === run[0]!.text && touches(one, from, from, 1.5)) || (one.text === run.at(-1)!.text && touches(one, to, to, 1.5));
    result = result.filter((one) => !inside.includes(one) && !repeats(one) && (one.text !== ' ' || !touches(one, from, to)));
    result.push(...run);
  }
  return result.sort((a, b) => a.step - b.step);
}

/**
 * `korean` and `second` are readings of the same strip, so that steps agree. Runs of letters and digits replace what the
 * Korean network read there with less certainty; marks are added where it saw nothing or has no character for them.
 */
export function mergeKorean(korean: readonly ReadCharacter[], second: readonly ReadCharacter[]): ReadCharacter[] {
  second = second.map((one) => ({ ...one, text: asciiMark(one.text) }));
  const own = korean.map((one) => (one.text === writtenForSpace ? { ...one, text: ' ' } : one));
  let merged = replaceRuns(own, second);
  for (const one of second) {
    const under = merged.filter((other) => other.text !== ' ' && touches(other, one.step, one.step));
    if (under.includes(one)) continue;
    if (isPunctuation(one.text) && one.confidence >= markConfidence) {
      const isMissing = missingMarks.has(one.text);
      const stays = under.some((other) => isHangul(other.text) || isAlphabetic(other.text) || isDigit(other.text) || (!isMissing && other.confidence >= one.confidence) || missingMarks.has(other.text));
      if (stays) continue;
    } else if (isHan(one.text) && one.confidence > 0.9) {
      if (under.length === 0 || under.some((other) => other.confidence > one.confidence - hanMargin)) continue;
    } else continue;
    merged = merged.filter((other) => !under.includes(other));
    merged.push(one);
  }
  return closeBrackets(merged.sort((a, b) => a.step - b.step));
}

/** The Korean network has no round brackets and writes square or angle ones: the partner of a round one is round. */
function closeBrackets(characters: readonly ReadCharacter[]): ReadCharacter[] {
  const partners = new Map<number, number>();
  const open: number[] = [];
  characters.forEach(({ text }, at) => {
    if (/^[([<]/.test(text)) open.push(at);
    else if (/^[)\]>]/.test(text) && open.length) {
      const partner = open.pop()!;
      partners.set(at, partner);
      partners.set(partner, at);
    }
  });
  return characters.map((one, at) => {
    const partner = partners.get(at);
    if (partner === undefined) return one;
    const other = characters[partner]!.text;
    if (/^[[<]/.test(one.text) && other === ')') return { ...one, text: '(' };
    if (/^[\]>]/.test(one.text) && other === '(') return { ...one, text: ')' };
    return one;
  });
}
