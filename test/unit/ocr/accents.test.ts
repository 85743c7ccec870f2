// Accents told by their ink. Would catch: café and crème without them, and accents seen in the dot of an i, an apostrophe or the line above.
import { describe, expect, it } from 'vitest';
import { withAccents } from '../../../src-main/ocr/accents.ts';
import { textOf, type ReadCharacter } from '../../../src-main/ocr/ctc.ts';
import { inkOf, type LineInk } from '../../../src-main/ocr/line-ink.ts';

/** A small letter, 18 high, beside a capital of 28; `mark` stands above the small one, its rows from the top of the capital on. */
function drawn(mark: readonly string[], from = 10): LineInk {
  const width = 64, data = new Uint8Array(width * 48 * 3).fill(240);
  const dot = (x: number, y: number): unknown => data.fill(20, (y * width + x) * 3, (y * width + x) * 3 + 3);
  for (let y = 10; y < 38; y++) for (let x = 36; x < 52; x++) if (x < 40 || y < 14 || y > 33) dot(x, y);
  for (let y = 20; y < 38; y++) for (let x = 8; x < 24; x++) if (x < 12 || x > 19 || y < 24 || y > 33) dot(x, y);
  mark.forEach((row, y) => [...row].forEach((pixel, x) => pixel === '#' && dot(8 + x, from + y)));
  return inkOf({ width, height: 48, data });
}
const read = (letter: string): ReadCharacter[] => [[letter, 16], ['C', 44]].map(([text, x]) => ({ text: text as string, confidence: 0.99, step: (x as number) / 8 - 0.5, firstStep: (x as number) / 8 - 0.5, lastStep: (x as number) / 8 - 0.5 }));
const withMark = (letter: string, mark: readonly string[], from?: number): string => textOf(withAccents(read(letter), drawn(mark, from), 8));

const acute = ['.........###', '.......####.', '.....####...', '....###.....'], grave = ['.###........', '..####......', '....####....', '......###...'];
const circumflex = ['......####......', '.....######.....', '...####..####...', '..###......###..'], diaeresis = ['..####....####', '..####....####', '..####....####', '..####....####'];
const tilde = ['...####....##...', '..#######.###...', '..##..######....', '..#.....###.....'];

describe('an accent above a small letter', () => {
  it('is told by its shape', () => {
    expect(withMark('e', acute)).toBe('éC');
    expect(withMark('a', grave)).toBe('àC');
    expect(withMark('e', circumflex)).toBe('êC');
    expect(withMark('o', diaeresis)).toBe('öC');
    expect(withMark('n', tilde)).toBe('ñC');
  });
  it('makes no letter that no language writes', () => {
    expect(withMark('n', circumflex)).toBe('nC');
    expect(withMark('c', diaeresis)).toBe('cC');
  });
  it('is nothing where no mark stands, nor above a capital, an i, or far away', () => {
    expect(withMark('e', [])).toBe('eC');
    expect(withMark('E', acute)).toBe('EC');
    expect(withMark('i', acute)).toBe('iC');
    expect(withMark('e', ['..###..', '..###..', '..###..'], 2)).toBe('eC');
  });
});
