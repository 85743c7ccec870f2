// Puts two readings of one line together, character by character: what stands at the same place is compared, and the surer one stays. Works
// on decoded characters alone; knows no networks.
import { asciiMark, isHan, isHangul, isKana, isPunctuation } from './characters.ts';
import type { ReadCharacter } from './ctc.ts';

/** Steps that two readings may place one character apart. */
const reach = 2.5;
/** What it costs to take two different characters for one, to leave one alone, and to be a step apart. */
const unlike = 0.6, alone = 0.7, perStep = 0.1;
/** Characters that only the second reading saw: marks are often left out, letters seldom. */
const markConfidence = 0.4, otherConfidence = 0.6;
/** The second reading must be surer by this. */
const margin = 0.04;

const isSpace = (one: ReadCharacter): boolean => one.text.trim() === '';

/** Pairs of characters that stand at one place, and those that stand alone, in order. */
function pairsOf(first: readonly ReadCharacter[], second: readonly ReadCharacter[]): [ReadCharacter | null, ReadCharacter | null][] {
  const rows = first.length + 1, columns = second.length + 1;
  const cost = new Float64Array(rows * columns), from = new Uint8Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      if (i === 0 && j === 0) continue;
      const at = i * columns + j;
      const up = i > 0 ? cost[at - columns]! + alone : Infinity, left = j > 0 ? cost[at - 1]! + alone : Infinity;
      let best = Infinity;
      if (i > 0 && j > 0) {
        const a = first[i - 1]!, b = second[j - 1]!, apart = Math.abs(a.step - b.step);
        if (apart <= reach) best = cost[at - columns - 1]! + (a.text === b.text ? 0 : unlike) + perStep * apart;
      }
      cost[at] = Math.min(best, up, left);
      from[at] = cost[at] === best ? 0 : up <= left ? 1 : 2;
    }
  }
  const pairs: [ReadCharacter | null, ReadCharacter | null][] = [];
  for (let i = first.length, j = second.length; i > 0 || j > 0; ) {
    const way = from[i * columns + j]!;
    pairs.push([way === 2 ? null : first[--i]!, way === 1 ? null : second[--j]!]);
  }
  return pairs.reverse();
}

/** `first` with the characters of `second` that are surer, and those it left out. Spaces are those of `first`. */
export function combined(first: readonly ReadCharacter[], second: readonly ReadCharacter[]): ReadCharacter[] {
  const solid = first.filter((one) => !isSpace(one));
  const chosen = pairsOf(solid, second.filter((one) => !isSpace(one))).flatMap(([own, other]) => {
    if (!own) return other!.confidence >= (isPunctuation(other!.text) ? markConfidence : otherConfidence) ? [other!] : [];
    return [other && other.text !== own.text && other.confidence > own.confidence + margin ? other : own];
  });
  return [...chosen, ...first.filter(isSpace)].sort((a, b) => a.step - b.step);
}

/** What the Chinese network read of a Latin line: its wide marks made narrow, without characters that such a line does not hold. */
export function asLatin(characters: readonly ReadCharacter[]): ReadCharacter[] {
  return characters.filter(({ text }) => !isHan(text) && !isKana(text) && !isHangul(text)).map((one) => ({ ...one, text: asciiMark(one.text) }));
}
