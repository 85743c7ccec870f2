// Signs that are told by their ink alone. Would catch: pounds written as euros, bullets of lists and dashes between words lost again, and
// signs seen where there are letters, digits or dots of an i.
import { describe, expect, it } from 'vitest';
import { textOf, type ReadCharacter } from '../../../src-main/ocr/ctc.ts';
import { withCurrencySigns } from '../../../src-main/ocr/currency-signs.ts';
import { withBullet, withDashes } from '../../../src-main/ocr/ink-marks.ts';
import { inkOf, type LineInk } from '../../../src-main/ocr/line-ink.ts';

const stepWidth = 8;

/** A strip 48 high from a drawing of its upper rows, one character a pixel. */
function drawn(rows: readonly string[], below = 8): LineInk {
  const width = Math.max(...rows.map((row) => row.length)), height = 48;
  const data = new Uint8Array(width * height * 3).fill(240);
  rows.forEach((row, y) => [...row].forEach((pixel, x) => pixel === '#' && data.fill(20, ((y + below) * width + x) * 3, ((y + below) * width + x) * 3 + 3)));
  return inkOf({ width, height, data });
}
/** Characters with their centres at these columns. */
const read = (...placed: readonly (readonly [text: string, centre: number])[]): ReadCharacter[] =>
  placed.map(([text, centre]) => ({ text, confidence: 0.95, step: centre / stepWidth - 0.5, firstStep: centre / stepWidth - 0.5, lastStep: centre / stepWidth - 0.5 }));

/** Drawings stand beside one another, with blank columns between them. */
function beside(gap: number, ...drawings: readonly (readonly string[])[]): string[] {
  const height = Math.max(...drawings.map((one) => one.length));
  return Array.from({ length: height }, (_, y) => drawings.map((one) => (one[y] ?? '').padEnd(Math.max(...one.map((row) => row.length)), '.')).join('.'.repeat(gap)));
}

const pound = `
....########......
...##########.....
..############....
.##############...
######....#####...
#####......#####..
#####.......###...
####..............
####..............
####..............
####..............
####..............
#####.............
###########.......
############......
###########.......
#######...........
#####.............
#####.............
#####.............
####..............
####..............
######............
#######...........
##################
##################
##################`.trim().split('\n').map((row) => `..${row}`).map((row, y) => (y >= 13 && y <= 15 ? row.slice(1) : y >= 24 ? row.slice(2) : row));
const euro = `
.......##########
......###########
.....############
....########..#.
....#####.......
...#####........
...####.........
..#####.........
..######........
#############...
#############...
.###########....
..#####.........
#############...
###############.
#############...
..######........
..#####.........
..#####.........
...####.........
...#####........
....######......
....########..#.
.....############
......###########
.......##########`.trim().split('\n');
const capitalE = Array.from({ length: 26 }, (_, y) => (y < 5 || y > 20 || (y > 10 && y < 15) ? '#'.repeat(15) : '#####'));
/** A W with two bars through it, and without. */
const capitalW = Array.from({ length: 30 }, (_, y) => {
  const row = Array.from({ length: 40 }, () => '.');
  const leg = (from: number, to: number): void => {
    const at = Math.round(from + ((to - from) * y) / 29);
    for (let x = at; x < at + 5; x++) row[x] = '#';
  };
  leg(2, 9); leg(17, 10); leg(18, 25); leg(33, 26);
  return row.join('');
});
const won = capitalW.map((row, y) => ((y >= 6 && y <= 8) || (y >= 12 && y <= 14) ? '#'.repeat(40) : row));
const hash = Array.from({ length: 30 }, (_, y) => ((y >= 6 && y <= 9) || (y >= 20 && y <= 23) ? '#'.repeat(34) : '........####..........####........'));
const two = `
...########...
..###########.
.#####..######
.###......####
..........####
..........####
..........####
.........####.
........#####.
.......#####..
......#####...
.....#####....
....#####.....
...#####......
..#####.......
.#####........
##############
##############
##############`.trim().split('\n');
const one = Array.from({ length: 26 }, (_, y) => (y < 4 ? '.#####' : '...###'));

describe('a currency sign in front of an amount', () => {
  const amount = (sign: readonly string[]): LineInk => drawn(beside(5, sign, one, capitalE));
  it('is told by its shape when no character stands there', () => {
    expect(textOf(withCurrencySigns(read(['1', 29], ['5', 42]), amount(pound), stepWidth))).toBe('£15');
    expect(textOf(withCurrencySigns(read(['1', 25], ['5', 38]), amount(euro), stepWidth))).toBe('€15');
  });
  it('takes the place of the letter that it was read as', () => {
    expect(textOf(withCurrencySigns(read(['f', 9], ['1', 29], ['5', 42]), amount(pound), stepWidth))).toBe('£15');
    expect(textOf(withCurrencySigns(read(['E', 8], ['1', 25], ['5', 38]), amount(euro), stepWidth))).toBe('€15');
  });
  it('is a barred W for won, however that was read', () => {
    expect(textOf(withCurrencySigns(read(['W', 22], ['1', 48], ['5', 61]), amount(won), stepWidth))).toBe('₩15');
    expect(textOf(withCurrencySigns(read(['#', 22], ['1', 48], ['5', 61]), amount(won), stepWidth))).toBe('₩15');
    expect(textOf(withCurrencySigns(read(['W', 22], ['1', 48], ['5', 61]), amount(capitalW), stepWidth))).toBe('W15');
    expect(textOf(withCurrencySigns(read(['#', 17], ['1', 42], ['5', 55]), amount(hash), stepWidth))).toBe('#15');
  });
  it('is not seen in letters and digits', () => {
    expect(textOf(withCurrencySigns(read(['E', 8], ['1', 25], ['5', 38]), amount(capitalE), stepWidth))).toBe('E15');
    expect(textOf(withCurrencySigns(read(['1', 25], ['5', 38]), amount(two), stepWidth))).toBe('15');
    expect(textOf(withCurrencySigns(read(['C', 8], ['a', 29]), amount(pound), stepWidth))).toBe('Ca');
  });
});

describe('a bullet', () => {
  const disc = ['..####..', '.######.', '########', '########', '########', '########', '.######.', '..####..'];
  const lowered = (drawing: readonly string[], by: number): string[] => [...Array.from({ length: by }, () => ''), ...drawing];
  const line = (mark: readonly string[], gap = 10) => drawn(beside(6, beside(gap, mark, capitalE), one, capitalE));
  it('is written whether it was left out or taken for another mark', () => {
    expect(textOf(withBullet(read(['E', 26], ['l', 42], ['E', 54]), line(lowered(disc, 9)), stepWidth))).toBe('•ElE');
    expect(textOf(withBullet(read([':', 6], ['E', 26], ['l', 42]), line(lowered(disc, 9)), stepWidth))).toBe('•El');
  });
  it('is no full stop, no quotation mark, no letter and no digit', () => {
    expect(textOf(withBullet(read(['E', 26]), line(lowered(disc, 18)), stepWidth))).toBe('E');
    expect(textOf(withBullet(read(["'", 4], ['E', 26]), line(disc), stepWidth))).toBe("'E");
    expect(textOf(withBullet(read(['o', 4], ['E', 26]), line(lowered(disc, 9)), stepWidth))).toBe('oE');
    expect(textOf(withBullet(read(['E', 18]), line(lowered(disc, 9), 2), stepWidth))).toBe('E');
  });
});

describe('a dash between words', () => {
  const bar = (length: number, row: number): string[] => [...Array.from({ length: row }, () => ''), '#'.repeat(length), '#'.repeat(length)];
  const words = (mark: readonly string[]): LineInk => drawn(beside(8, capitalE, mark, capitalE));
  const letters = (width: number) => read(['E', 7], ['E', 15 + 16 + width + 7]);
  it('is short or long as drawn', () => {
    expect(textOf(withDashes(letters(12), words(bar(12, 13)), stepWidth))).toBe('E–E');
    expect(textOf(withDashes(letters(24), words(bar(24, 13)), stepWidth))).toBe('E—E');
  });
  it('is not an underline, nor what stands between kana', () => {
    expect(textOf(withDashes(letters(24), words(bar(24, 24)), stepWidth))).toBe('EE');
    expect(textOf(withDashes(read(['コ', 7], ['ヒ', 62]), words(bar(24, 13)), stepWidth))).toBe('コヒ');
  });
  it('may be a middle dot', () => {
    const dot = [...Array.from({ length: 11 }, () => ''), '####', '####', '####', '####'];
    expect(textOf(withDashes(letters(4), words(dot), stepWidth))).toBe('E·E');
  });
});
