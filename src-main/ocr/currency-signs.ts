// Finds the currency signs that no recogniser's dictionary holds, £, € and ₩, and ¥ where it is read as a letter, by the shape of the ink in front
// of an amount. Knows ink and character positions, no networks.
import { isDigit } from './characters.ts';
import type { ReadCharacter } from './ctc.ts';
import { blobsOf, type Blob } from './ink-marks.ts';
import type { LineInk } from './line-ink.ts';
import { centreOf } from './spacing.ts';

/** What recognisers write for a sign that they do not know. */
const readForSign = /^[fFEetLYC{[(1W#]$/;
/** From the middle of a wide sign to that of the digit behind it, in heights of the ink. */
const wideReach = 1.4;
/** A sign is about as high as a digit, in heights of the line's ink. */
const leastHeight = 0.5;

/** The sign whose shape a blob has, or null. Shares are of the blob's width and height. */
export function signOf({ mask, width }: LineInk, { left, right, top, bottom }: Blob): '£' | '€' | '¥' | '₩' | null {
  const across = right - left + 1, down = bottom - top + 1;
  if (across < 6 || down < 10 || across > 1.7 * down || across < 0.38 * down) return null;
  const inked = (x: number, y: number): boolean => mask[y * width + x] === 1;
  /** First and last inked place of a row, and how many runs it has. */
  const rows = Array.from({ length: down }, (_, y) => {
    let first = 1, last = 0, runs = 0, count = 0, before = false;
    for (let x = 0; x < across; x++) {
      const here = inked(left + x, top + y);
      if (here) {
        first = Math.min(first, x / across);
        last = (x + 1) / across;
        count++;
        if (!before) runs++;
      }
      before = here;
    }
    return { first, last, runs, extent: Math.max(0, last - first), share: count / across };
  });
  const between = (from: number, to: number) => rows.slice(Math.round(from * down), Math.max(Math.round(from * down) + 1, Math.round(to * down)));
  const crossings = (share: number): number => {
    const x = left + Math.min(across - 1, Math.round(share * across));
    let runs = 0;
    for (let y = top; y <= bottom; y++) if (inked(x, y) && (y === top || !inked(x, y - 1))) runs++;
    return runs;
  };
  const first = (some: typeof rows): number => Math.min(...some.map((row) => row.first));
  const last = (some: typeof rows): number => Math.max(...some.map((row) => row.last));
  const head = between(0, 0.1), foot = between(0.84, 1);

  // A W with a bar from end to end through its upper half, and no second one below, as # has it.
  const isBarred = between(0.12, 0.6).some((row) => row.share >= 0.75), hasLegs = between(0.66, 0.97).filter((row) => row.runs === 2).length >= 0.1 * down;
  if (across >= 0.9 * down && isBarred && hasLegs && between(0.62, 1).every((row) => row.share < 0.68) && first(foot) >= 0.1 && last(foot) <= 0.92) return '₩';
  if (across > 1.05 * down) return null;
  const isRoundAbove = first(head) >= 0.16;

  // A hook that opens to the right, a bar across its stem, and a foot as wide as the whole.
  const hasBar = between(0.33, 0.64).some((row) => row.first <= 0.2 && row.extent >= 0.45), isSlim = between(0.6, 0.72).every((row) => row.extent <= 0.52 && row.last <= 0.72);
  if (isRoundAbove && hasBar && isSlim && first(foot) <= 0.1 && last(foot) >= 0.9 && first(between(0.12, 0.3)) >= 0.06) return '£';
  // Two arms that meet in a stem with bars.
  const forks = head.some((row) => row.runs === 2 && row.extent >= 0.8), hasStem = foot.every((row) => row.runs === 1 && row.first >= 0.12 && row.last <= 0.88) && foot.some((row) => row.extent <= 0.45);
  if (forks && hasStem && between(0.45, 0.85).some((row) => row.runs === 1 && row.extent >= 0.6)) return '¥';
  // A round letter, open to the right, with bars that reach out on its left.
  const isRoundBelow = first(between(0.93, 1)) >= 0.16 && first(between(0.74, 0.9)) >= 0.06, opens = last(between(0.42, 0.58)) <= 0.92;
  if (isRoundAbove && isRoundBelow && opens && first(between(0.2, 0.3)) >= 0.06 && first(between(0.36, 0.64)) <= 0.03 && Math.max(crossings(0.45), crossings(0.55)) >= 3) return '€';
  return null;
}

/** `characters` with the signs whose ink stands in front of a digit. */
export function withCurrencySigns(characters: readonly ReadCharacter[], ink: LineInk, stepWidth: number): ReadCharacter[] {
  const solid = characters.filter((one) => one.text.trim() !== '');
  // An amount's first digit: whatever stands before it is no digit and no mark inside a number.
  const firsts = solid.flatMap((one, at) => (isDigit(one.text) && (at === 0 || !/^[\d.,:/-]$/.test(solid[at - 1]!.text)) ? [at] : []));
  if (firsts.length === 0) return [...characters];
  let blobs: Blob[] | null = null;
  const signs: ReadCharacter[] = [], gone = new Set<ReadCharacter>();
  for (const at of firsts) {
    const digit = centreOf(solid[at]!, stepWidth), before = solid[at - 1];
    const isMisread = before !== undefined && readForSign.test(before.text) && digit - centreOf(before, stepWidth) < (before.text === 'W' || before.text === '#' ? wideReach : 1) * ink.inkHeight;
    const from = !before || isMisread ? (isMisread ? centreOf(before!, stepWidth) - ink.inkHeight : digit - 1.6 * ink.inkHeight) : centreOf(before, stepWidth) + 0.25 * ink.inkHeight;
    if (digit - from < 0.5 * ink.inkHeight) continue;
    blobs ??= blobsOf(ink);
    const sign = blobs.filter((blob) => blob.bottom - blob.top + 1 >= leastHeight * ink.inkHeight && (blob.left + blob.right) / 2 > from && blob.right < digit).sort((a, b) => b.right - a.right)[0];
    const text = sign && signOf(ink, sign);
    if (!sign || !text) continue;
    const middle = (sign.left + sign.right) / 2, step = middle / stepWidth - 0.5;
    const explains = solid.filter((one) => centreOf(one, stepWidth) >= sign.left - 2 && centreOf(one, stepWidth) <= sign.right + 2);
    if (explains.some((one) => one !== before || !isMisread)) continue;
    for (const one of explains) gone.add(one);
    signs.push({ text, confidence: 0.7, step, firstStep: step, lastStep: step });
  }
  return signs.length ? [...characters.filter((one) => !gone.has(one)), ...signs].sort((a, b) => a.step - b.step) : [...characters];
}
