// Characters of one shape. Would catch: PH0TO and 33o ml back again, and names, codes and measures that were right changed.
import { describe, expect, it } from 'vitest';
import { textOf, type ReadCharacter } from '../../../src-main/ocr/ctc.ts';
import { toldApart, withoutLookAlikes } from '../../../src-main/ocr/look-alikes.ts';

describe('characters of one shape', () => {
  it.each([
    ['INV0ICE', 'INVOICE'], ['0AK', 'OAK'], ['"PH0T0N"', '"PHOTON"'], ['BlLL', 'BILL'], ['O1', '01'], ['8.5o', '8.50'], ['33o', '330'], ['1o%', '10%'], ['3OCM', '30CM'], ['3oml', '30ml'],
    ['$110.oo', '$110.00'], ['1l8', '118'], ['10:0O', '10:00'], ['5,OOO', '5,000'], ['2o24年', '2024年'],
  ])('%s is read as %s', (word, told) => {
    expect(withoutLookAlikes(word)).toBe(told);
  });
  it.each(['COM0', 'A0', 'i7', 'l2', 'io', 'O', '1.5l', '10l', '2OZ', 'H2O', 'GB29', 'N0.', 'Ohio', 'SKU-0A1', 'http://o.io', '|', ''])('%s stays', (word) => {
    expect(withoutLookAlikes(word)).toBe(word);
  });
  it('are told apart word by word, at their places', () => {
    const characters: ReadCharacter[] = [...'PH0TO 1o io'].map((text, step) => ({ text, confidence: 0.9, step, firstStep: step, lastStep: step }));
    expect(textOf(toldApart(characters))).toBe('PHOTO 10 io');
    expect(toldApart(characters).map((one) => one.step)).toEqual(characters.map((one) => one.step));
    expect(toldApart([])).toEqual([]);
  });
});
