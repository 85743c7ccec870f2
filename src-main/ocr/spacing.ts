// Finds the spaces that recognisers leave out, from the blank columns between characters. The threshold is learnt from the
// page itself. Knows ink and character positions, no networks.
import { isAlphabetic, isDigit, isHangul, isIdeographic } from './characters.ts';
import type { ReadCharacter } from './ctc.ts';
import { otsuThreshold, type LineInk } from './line-ink.ts';

/** The blank between two neighbouring characters of a line. */
export interface Gap {
  /** Index of the character on its left, among those that are not spaces. */
  readonly after: number;
  /** Widest run of blank columns between the two centres, in heights of the line's ink. */
  readonly size: number;
  /** Where that run is, in strip pixels. */
  readonly from: number;
  readonly to: number;
  /** Whether the recogniser itself wrote a space there. */
  readonly written: boolean;
}

/** Centre of a character in strip pixels. */
export const centreOf = (one: ReadCharacter, stepWidth: number): number => ((one.firstStep + one.lastStep) / 2 + 0.5) * stepWidth;

/** Gaps between the characters that are not spaces. */
export function gapsOf(characters: readonly ReadCharacter[], ink: LineInk, stepWidth: number): Gap[] {
  const gaps: Gap[] = [];
  let previous: ReadCharacter | null = null, solid = -1, written = false;
  for (const one of characters) {
    if (one.text.trim() === '') {
      written = true;
      continue;
    }
    if (previous) {
      const from = Math.round(centreOf(previous, stepWidth)), to = Math.round(centreOf(one, stepWidth));
      let best = 0, bestFrom = (from + to) >> 1, run = 0;
      for (let x = Math.max(0, from); x <= to && x < ink.width; x++) {
        run = ink.columns[x]! <= 0 ? run + 1 : 0;
        if (run > best) {
          best = run;
          bestFrom = x - run + 1;
        }
      }
      gaps.push({ after: solid, size: best / Math.max(1, ink.inkHeight), from: bestFrom, to: bestFrom + best, written });
    }
    previous = one;
    solid++;
    written = false;
  }
  return gaps;
}

/** Whether a space may stand between two characters at all. */
export function maySpace(left: string, right: string): boolean {
  if (isIdeographic(left) || isIdeographic(right)) return false;
  const wordy = (text: string): boolean => isAlphabetic(text) || isDigit(text) || isHangul(text);
  if (/^[,.;:!?)\]}%'"’”]/.test(right)) return false;
  if (/^[([{$#@'"‘“]/.test(left)) return false;
  return wordy(left) || wordy(right) || /^[&+=\-–—/|*•·]/.test(left);
}

/** How much wider than usual a gap must be between these two to be a space: digits stand in cells, a narrow one leaves a wide gap. */
function reserve(left: string, right: string): number {
  if (isDigit(left) && isDigit(right)) return 1.7;
  if (/^[.,:/·'’-]/.test(left) && /^[A-Za-z0-9]/.test(right)) return 1.5;
  return 1;
}

/** A space in heights of the ink, where a page has too little text to learn from. */
const usualSpace = 0.28;
const fewGaps = 24;
/** Histogram bins of a gap size: 64 to the height of the text. */
const bins = 128, perHeight = 64;

/**
 * The gap size from which on a gap is a space, for the lines of one page and one script.
 * With enough written spaces these decide: few of them may be narrower, few unwritten gaps wider. Without them, the split
 * of all gaps in two groups, moved to the emptiest place nearby.
 */
export function spaceThreshold(gaps: readonly Gap[], trustWritten: boolean): number {
  const lowest = 0.14, highest = 0.6;
  const clamp = (value: number): number => Math.min(highest, Math.max(lowest, value));
  const written = gaps.filter((gap) => gap.written).map((gap) => gap.size);
  const others = gaps.filter((gap) => !gap.written).map((gap) => gap.size);
  if (trustWritten && written.length >= 8 && others.length >= 8) {
    // A missing space costs one error, and the recogniser leaves out some: gaps above the threshold weigh less.
    let best = Infinity, threshold = 0.3;
    for (let candidate = lowest; candidate <= highest; candidate += 1 / perHeight) {
      const cost = written.filter((size) => size < candidate).length + 0.5 * others.filter((size) => size >= candidate).length;
      if (cost < best) {
        best = cost;
        threshold = candidate;
      }
    }
    return threshold;
  }
  if (gaps.length < fewGaps) return usualSpace;
  const histogram = new Float64Array(bins);
  for (const { size } of gaps) histogram[Math.min(bins - 1, Math.round(size * perHeight))]!++;
  const split = otsuThreshold(histogram);
  // Gaps of one kind have a best split, too: it means nothing unless the two sides are clearly apart.
  const mean = (some: readonly Gap[]): number => some.reduce((sum, gap) => sum + gap.size, 0) / Math.max(1, some.length);
  const narrow = mean(gaps.filter((gap) => gap.size * perHeight <= split)), wide = mean(gaps.filter((gap) => gap.size * perHeight > split));
  if (wide < 2 * narrow || wide - narrow < 0.12) return Math.max(usualSpace, split / perHeight);
  let emptiest = split, fewest = Infinity;
  for (let at = Math.round(split * 0.6); at <= Math.round(split * 1.4); at++) {
    const near = (histogram[at - 1] ?? 0) + 2 * (histogram[at] ?? 0) + (histogram[at + 1] ?? 0) + 0.01 * Math.abs(at - split);
    if (near < fewest) {
      fewest = near;
      emptiest = at;
    }
  }
  return clamp((emptiest + 0.5) / perHeight);
}

/** How much wider than its letters' own gaps a gap of widely set print is between words. */
const trackedWord = 1.6;
/** Letters further apart than this many heights of the ink stand alone. */
const widestTracking = 1.3;

/**
 * The gap between words of a line whose letters are set wide apart (M E N U), or null: more than half of its gaps would be spaces by the
 * page's threshold, although the recogniser saw letters alone.
 */
export function trackedThreshold(characters: readonly ReadCharacter[], gaps: readonly Gap[], threshold: number): number | null {
  const solid = characters.filter((one) => one.text.trim() !== '');
  if (gaps.length < 3 || solid.filter((one) => isAlphabetic(one.text)).length < 0.7 * solid.length) return null;
  const sizes = gaps.map((gap) => gap.size).sort((a, b) => a - b);
  const usual = sizes[(sizes.length - 1) >> 1]!;
  return usual >= threshold && usual <= widestTracking && sizes[0]! >= 0.5 * usual ? trackedWord * usual : null;
}

/** Whether a written space stands behind the comma or the point of a number: 3, 000. */
function isInsideNumber(characters: readonly ReadCharacter[], at: number): boolean {
  const around = characters.slice(Math.max(0, at - 2), at).map((one) => one.text).join('') + characters.slice(at, at + 5).map((one) => one.text).join('');
  return /^\d[,.] \d{3}(?!\d)/.test(around);
}

/** The characters with spaces put in where a gap reaches the threshold. Written spaces stay. */
export function withSpaces(characters: readonly ReadCharacter[], gaps: readonly Gap[], threshold: number, stepWidth: number): ReadCharacter[] {
  const result: ReadCharacter[] = [];
  const byLeft = new Map(gaps.map((gap) => [gap.after, gap]));
  let solid = -1;
  for (let at = 0; at < characters.length; at++) {
    const one = characters[at]!;
    if (one.text.trim() === '') {
      if (result.length && result.at(-1)!.text !== ' ' && !isInsideNumber(characters, at)) result.push({ ...one, text: ' ' });
      continue;
    }
    const gap = byLeft.get(solid);
    const left = result.at(-1);
    if (gap && left && left.text !== ' ' && gap.size >= threshold * reserve(left.text, one.text) && maySpace(left.text, one.text)) {
      const step = (gap.from + gap.to) / 2 / stepWidth;
      result.push({ text: ' ', confidence: 1, step, firstStep: step, lastStep: step });
    }
    result.push(one);
    solid++;
  }
  while (result.at(-1)?.text === ' ') result.pop();
  return result;
}
