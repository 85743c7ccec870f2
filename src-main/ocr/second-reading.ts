// Puts two readings of one Korean, Japanese or traditional Chinese line together: the characters of its own network, and the punctuation,
// Latin letters and digits of the one for simplified Chinese, which lacks them or stays silent on them. Works on decoded characters alone.
import { asciiMark, isAlphabetic, isDigit, isHan, isHangul, isKana, isPunctuation } from './characters.ts';
import type { ReadCharacter } from './ctc.ts';

/** Least probability of a mark that only the second reading saw. */
const markConfidence = 0.3;
/** Letters and digits below this do not belong to a run: the second network guesses at Hangul shapes with them. */
const memberConfidence = 0.55;
/** A run of letters or digits replaces the Korean reading from this mean probability on. */
const runConfidence = 0.75;
/** A Han character replaces another one that is this much less likely. */
const hanMargin = 0.3;
/** Steps that the two networks may place one mark apart. */
const sameMarkSlack = 1.5;
/** A bracket that the second reading is this sure of stands even where the first guesses at a character of its own. */
const sureBracket = 0.9, guess = 0.7;

/** What the Korean network writes where it means a space: its training data were broken there. */
const writtenForSpace = '\u76E4';

/** Marks that the Korean dictionary lacks: where the second reading has one, the first can only have written something else. */
const missingMarks = new Set(['.', ',', '(', ')']);

/** Marks that Japanese sets in a cell as wide as a character's. */
const wideMark = /^[、。，．・,.：:；;℃]$/;

/** What one language's own network is the judge of, and what it cannot write. */
interface Judge {
  readonly isOwn: (text: string) => boolean;
  /** Its own characters stay under a mark of the second reading from this probability on. */
  readonly staysUnderMarks: number;
  /** How many steps apart the two networks may place one mark that fills a cell of its own. */
  readonly markSlack: number;
  readonly missing: ReadonlySet<string>;
}

const korean: Judge = { isOwn: isHangul, staysUnderMarks: 0, markSlack: 0.5, missing: missingMarks };
const traditional: Judge = { isOwn: isHan, staysUnderMarks: 0.5, markSlack: 2, missing: new Set() };
const japanese: Judge = { isOwn: (text) => isKana(text) || isHan(text), staysUnderMarks: 0.5, markSlack: 2, missing: new Set(['¥']) };

/** Marks that the two networks take for one another. */
const likeMarks = [/^["'“”‘’`´]$/, /^[-–—―~]$/, /^[.,]$/, /^[:;]$/, /^[([<「『【《〈]$/, /^[)\]>」』】》〉]$/];
const isSameMark = (one: string, other: string): boolean => isPunctuation(one) && (one === other || likeMarks.some((kind) => kind.test(one) && kind.test(other)));

const mean = (characters: readonly ReadCharacter[]): number => (characters.length ? characters.reduce((sum, one) => sum + one.confidence, 0) / characters.length : 0);

/** The two networks place one character up to a step apart. */
const touches = (one: ReadCharacter, from: number, to: number, slack = 0.5): boolean => one.firstStep <= to + slack && one.lastStep >= from - slack;

const isSure = (one: ReadCharacter, { isOwn }: Judge): boolean => isOwn(one.text) && one.confidence > 0.9;

export const isSureHangul = (one: ReadCharacter): boolean => isSure(one, korean);

/** Runs of neighbouring letters, digits and the marks between them, all of them likely, with no sure character of its own script in between. */
function runsOf(characters: readonly ReadCharacter[], own: readonly ReadCharacter[], judge: Judge): ReadCharacter[][] {
  const runs: ReadCharacter[][] = [];
  let open: ReadCharacter[] | null = null;
  for (const one of characters) {
    const belongs = one.confidence >= memberConfidence && (isAlphabetic(one.text) || isDigit(one.text) || isPunctuation(one.text));
    if (one.text === ' ') continue;
    const last = open?.at(-1);
    if (!belongs || (last && own.some((other) => isSure(other, judge) && other.step > last.lastStep + 0.5 && other.step < one.firstStep - 0.5))) open = null;
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

function replaceRuns(own: readonly ReadCharacter[], second: readonly ReadCharacter[], judge: Judge): ReadCharacter[] {
  let result = [...own];
  for (const run of runsOf(second, own, judge)) {
    const from = run[0]!.step, to = run.at(-1)!.step;
    const inside = result.filter((one) => one.text !== ' ' && touches(one, from, to));
    const sure = inside.filter((one) => isSure(one, judge)).length;
    // Many letters are no guess at the shape of one character, however sure that one is.
    const isWord = run.length >= 4 && run.length > 2 * inside.length && mean(run) > 0.9;
    // What its own network is sure of is right: the other one only guesses at its shapes.
    if (!isWord && (mean(run) < runConfidence || sure * 2 >= Math.max(1, inside.length) || mean(inside) > mean(run))) continue;
    // The same digit at the run's end, a step further: seen by both networks, not there twice.
    const repeats = (one: ReadCharacter): boolean => (one.text === run[0]!.text && touches(one, from, from, 1.5)) || (one.text === run.at(-1)!.text && touches(one, to, to, 1.5));
    // What its own network only guessed at beside the run is the run's last letter once more.
    const isLeftover = (one: ReadCharacter): boolean => judge.isOwn(one.text) && one.confidence < guess && touches(one, from, to, 1);
    result = result.filter((one) => !inside.includes(one) && !repeats(one) && !isLeftover(one) && (one.text !== ' ' || !touches(one, from, to)));
    result.push(...run);
  }
  return result.sort((a, b) => a.step - b.step);
}

/**
 * Runs of letters and digits replace what its own network read there with less certainty; marks are added where that one saw
 * nothing or has no character for them, and Han characters that only the second reading is sure of.
 */
function merge(own: readonly ReadCharacter[], second: readonly ReadCharacter[], judge: Judge): ReadCharacter[] {
  let merged = replaceRuns(own, second, judge);
  for (const one of second) {
    const slackOf = (other: ReadCharacter): number => (wideMark.test(one.text) && wideMark.test(other.text) ? judge.markSlack : isSameMark(one.text, other.text) ? sameMarkSlack : 0.5);
    const under = merged.filter((other) => other.text !== ' ' && touches(other, one.step, one.step, slackOf(other)));
    if (under.includes(one)) continue;
    if (isPunctuation(one.text) && one.confidence >= markConfidence) {
      const isMissing = judge.missing.has(one.text);
      const isBracket = isMissing && /[()]/.test(one.text) && one.confidence >= sureBracket;
      const stays = under.some((other) => (judge.isOwn(other.text) && other.confidence >= (isBracket ? guess : judge.staysUnderMarks))
        || ((isAlphabetic(other.text) || isDigit(other.text) || !isMissing) && other.confidence >= one.confidence) || judge.missing.has(other.text));
      if (stays) continue;
    } else if (isHan(one.text) && one.confidence > 0.9) {
      if (under.length === 0 || under.some((other) => other.confidence > one.confidence - hanMargin)) continue;
    } else continue;
    merged = merged.filter((other) => !under.includes(other));
    merged.push(one);
  }
  return merged.sort((a, b) => a.step - b.step);
}

/** `own` and `second` are readings of the same strip, so that steps agree. */
export function mergeKorean(own: readonly ReadCharacter[], second: readonly ReadCharacter[]): ReadCharacter[] {
  const narrow = second.map((one) => ({ ...one, text: asciiMark(one.text) }));
  return closeBrackets(merge(own.map((one) => (one.text === writtenForSpace ? { ...one, text: ' ' } : one)), narrow, korean));
}

/**
 * The same for Japanese. `writes` tells whether the Japanese network knows a character at all: the Chinese one gives simplified
 * forms for what Japanese writes otherwise.
 */
export function mergeJapanese(own: readonly ReadCharacter[], second: readonly ReadCharacter[], writes: (text: string) => boolean): ReadCharacter[] {
  const known = second.map((one) => (one.text === '·' ? { ...one, text: '・' } : one)).filter((one) => !isHan(one.text) || writes(one.text));
  return merge(own, known, japanese);
}

/** The same for traditional Chinese: marks, digits and letters of the network for simplified Chinese, and characters that both scripts write alike. */
export function mergeTraditional(own: readonly ReadCharacter[], second: readonly ReadCharacter[], writes: (text: string) => boolean): ReadCharacter[] {
  return merge(own, second.filter((one) => !isHan(one.text) || writes(one.text)), traditional);
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
