// Strips drawn block by block with known gaps. Would catch: words run together, numbers torn apart, light text on dark taken
// for paper.
import { describe, expect, it } from 'vitest';
import type { Strip } from '../../../src-main/ocr/crop.ts';
import { textOf, type ReadCharacter } from '../../../src-main/ocr/ctc.ts';
import { withInkMarks } from '../../../src-main/ocr/ink-marks.ts';
import { coverageOf, inkOf, otsuThreshold } from '../../../src-main/ocr/line-ink.ts';
import { gapsOf, maySpace, spaceThreshold, trackedThreshold, withSpaces } from '../../../src-main/ocr/spacing.ts';

const stepWidth = 8;
interface Block { left: number; width: number; top?: number; height?: number }
function strip(width: number, blocks: readonly Block[], ink = 20, paper = 230): Strip {
  const data = new Uint8Array(width * 48 * 3).fill(paper);
  for (const { left, width: wide, top = 10, height = 28 } of blocks)
    for (let y = top; y < top + height; y++) for (let x = left; x < left + wide; x++) data.fill(ink, (y * width + x) * 3, (y * width + x) * 3 + 3);
  return { width, height: 48, data };
}
const at = (text: string, x: number): ReadCharacter => ({ text, confidence: 0.9, step: x / stepWidth - 0.5, firstStep: x / stepWidth - 0.5, lastStep: x / stepWidth - 0.5 });
/** Letters of 12 pixels, 3 apart, and 14 more where the text has a space. */
function typeset(text: string): { blocks: Block[]; characters: ReadCharacter[]; width: number } {
  const blocks: Block[] = [], characters: ReadCharacter[] = [];
  let x = 6;
  for (const one of text) {
    if (one === ' ') x += 14;
    else {
      blocks.push({ left: x, width: 12 });
      characters.push(at(one, x + 6));
      x += 15;
    }
  }
  return { blocks, characters, width: Math.ceil((x + 8) / 16) * 16 };
}

describe('spaces', () => {
  it.each([['light paper', 20, 230], ['dark paper', 240, 30]])('are found from the gaps, on %s', (_, ink, paper) => {
    const text = 'the quick brown fox jumps';
    const { blocks, characters, width } = typeset(text);
    const found = inkOf(strip(width, blocks, ink, paper));
    const gaps = gapsOf(characters, found, stepWidth);
    const threshold = spaceThreshold(gaps, false);
    expect(textOf(withSpaces(characters, gaps, threshold, stepWidth))).toBe(text);
  });
  it('learn their width from those that were written', () => {
    const { blocks, characters, width } = typeset('ab cd ef gh ij kl mn op qr st');
    const gaps = gapsOf(characters, inkOf(strip(width, blocks)), stepWidth).map((gap) => ({ ...gap, written: gap.size > 0.4 }));
    const threshold = spaceThreshold(gaps, true);
    expect(threshold).toBeGreaterThan(3 / 28);
    expect(threshold).toBeLessThan(17 / 28);
  });
  it('do not tear digits apart, nor stand before marks or between Han characters', () => {
    const blocks = [{ left: 6, width: 12 }, { left: 31, width: 4 }, { left: 48, width: 12 }];
    const characters = [at('2', 12), at('1', 33), at('0', 54)];
    const gaps = gapsOf(characters, inkOf(strip(80, blocks)), stepWidth);
    expect(textOf(withSpaces(characters, gaps, 0.3, stepWidth))).toBe('210');
    expect(maySpace('a', ',')).toBe(false);
    expect(maySpace('(', 'a')).toBe(false);
    expect(maySpace('年', '月')).toBe(false);
    expect(maySpace('가', '나')).toBe(true);
  });
  it('do not part the digits of a number behind its comma', () => {
    const spaced = [...'3, 000'].map((text, index) => at(text, 4 + 8 * index));
    expect(textOf(withSpaces(spaced, [], 0.3, stepWidth))).toBe('3,000');
    const list = [...'3, 4000'].map((text, index) => at(text, 4 + 8 * index));
    expect(textOf(withSpaces(list, [], 0.3, stepWidth))).toBe('3, 4000');
  });
  it('stand between the words of widely set print, not between its letters', () => {
    const gap = (after: number, size: number, written = false) => ({ after, size, from: 0, to: 0, written });
    const letters = [...'OPENNOW'].map((text, index) => at(text, 4 + 8 * index));
    const wide = [gap(0, 0.7), gap(1, 0.75, true), gap(2, 0.72), gap(3, 1.6), gap(4, 0.7), gap(5, 0.74)];
    const threshold = trackedThreshold(letters, wide, 0.3)!;
    expect(textOf(withSpaces(letters, wide, threshold, stepWidth))).toBe('OPEN NOW');
    // Single letters that stand alone, words of one letter among others, and digits in cells are what they are.
    expect(trackedThreshold(letters, wide.map((one) => ({ ...one, size: 3 })), 0.3)).toBeNull();
    expect(trackedThreshold(letters, wide.map((one, index) => ({ ...one, size: index % 2 ? 0.1 : 0.6 })), 0.3)).toBeNull();
    expect(trackedThreshold([...'1234'].map((text, index) => at(text, 4 + 8 * index)), wide.slice(0, 3), 0.3)).toBeNull();
  });
  it('are written once', () => {
    const characters = [at('a', 10), at(' ', 20), at(' ', 24), at('b', 40), at(' ', 50)];
    expect(textOf(withSpaces(characters, gapsOf(characters, inkOf(strip(64, [{ left: 4, width: 12 }, { left: 34, width: 12 }])), stepWidth), 0.3, stepWidth))).toBe('a b');
  });
});

describe('ink', () => {
  it('splits a histogram in the middle of its valley', () => {
    const histogram = new Array<number>(64).fill(0);
    histogram[8] = 50;
    histogram[40] = 30;
    expect(otsuThreshold(histogram)).toBeGreaterThan(12);
    expect(otsuThreshold(histogram)).toBeLessThan(36);
  });
  it('counts what a reading leaves unexplained', () => {
    const { blocks, characters, width } = typeset('abcdefghij');
    const ink = inkOf(strip(width, blocks));
    const centres = characters.map((one) => (one.step + 0.5) * stepWidth);
    expect(coverageOf(ink, centres)).toBe(1);
    expect(coverageOf(ink, centres.slice(0, 3))).toBeLessThan(0.65);
    expect(coverageOf(ink, [])).toBe(0);
  });
  it('shows full stops, commas and colons that no character explains, and no others', () => {
    const letters = [{ left: 6, width: 24 }, { left: 60, width: 24 }, { left: 110, width: 24 }];
    const marks = [{ left: 40, width: 5, top: 33, height: 5 }, { left: 92, width: 4, top: 33, height: 8 }, { left: 142, width: 5, top: 16, height: 5 }, { left: 142, width: 5, top: 32, height: 5 }];
    const ink = inkOf(strip(176, [...letters, ...marks]));
    const characters = [at('가', 18), at('나', 72), at('다', 122)];
    expect(textOf(withInkMarks(characters, ink, stepWidth))).toBe('가.나,다:');
    expect(textOf(withInkMarks([...characters.slice(0, 1), at('.', 42), ...characters.slice(1)], ink, stepWidth))).toBe('가.나,다:');
  });
});
