// Characters of one shape, 0 and O, 1 and l and I, told apart by those around them: a zero among capitals is a letter, a letter among digits a
// digit. Knows text alone.
import type { ReadCharacter } from './ctc.ts';

/** Measures that stand right behind their number. */
const measure = /^(?:%|mm|cm|km|m|ml|mg|kg|g|kB|MB|GB|MM|CM|KM|ML|MG|KG|G)(?![A-Za-z])/;

/** `word` (no spaces) with its look-alikes as its other characters have them; as long as before. */
export function withoutLookAlikes(word: string): string {
  const core = word.replace(/^[^\w|]+|[^\w|%]+$/g, '');
  // INV0ICE, 0AK; a zero at the end is a number's: COM0.
  if (/^[A-Z0]{3,}$/.test(core) && /[A-Z].*[A-Z]/.test(core)) return word.replace(/0(?=0*[A-Z])/g, 'O');
  if (/^[A-Zl]{3,}$/.test(core) && /[A-Z].*[A-Z]/.test(core)) return word.replaceAll('l', 'I');
  let result = '';
  for (let at = 0; at < word.length; at++) {
    const one = word[at]!;
    if (!/[oO]/.test(one) && !/[lI|i]/.test(one)) {
      result += one;
      continue;
    }
    const before = result.at(-1) ?? '', behind = word.slice(at + 1);
    const isNumber = /^[\d.,:/%|oOlIi-]+$/.test(core) && /\d/.test(core);
    const follows = /[\d.,:/-]/.test(before) && /\d/.test(result), leads = /^[oOlI|i]*[.,:/-]?\d/.test(behind);
    // 1.5l is a measure, i7 and l2 are names.
    const isOne = isNumber && follows && leads;
    const isZero = (isNumber && (follows || leads)) || (/\d/.test(before) && measure.test(behind));
    result += /[oO]/.test(one) ? (isZero ? '0' : one) : isOne ? '1' : one;
  }
  return result;
}

/** A line's characters, spaces among them, with the look-alikes of each word told apart. */
export function toldApart(characters: readonly ReadCharacter[]): ReadCharacter[] {
  const result: ReadCharacter[] = [];
  for (let from = 0; from < characters.length; ) {
    let to = from;
    while (to < characters.length && characters[to]!.text !== ' ') to++;
    const word = characters.slice(from, to);
    // One character each, or the places would not agree.
    const told = word.every((one) => one.text.length === 1) ? withoutLookAlikes(word.map((one) => one.text).join('')) : null;
    result.push(...word.map((one, at) => (told !== null && told[at] !== one.text ? { ...one, text: told[at]! } : one)));
    if (to < characters.length) result.push(characters[to]!);
    from = to + 1;
  }
  return result;
}
