// Two readings of one line. Would catch: characters doubled where the networks place them a little apart, sure characters replaced by guesses,
// brackets and colons lost that only one of them saw, wide marks or Han characters in English text.
import { describe, expect, it } from 'vitest';
import { asLatin, combined } from '../../../src-main/ocr/combined-reading.ts';
import { textOf, type ReadCharacter } from '../../../src-main/ocr/ctc.ts';
import { inkOf, leavesInk } from '../../../src-main/ocr/line-ink.ts';

/** One character every three steps. */
const line = (text: string, confidence = 0.9, from = 0): ReadCharacter[] => [...text].map((one, at) => ({ text: one, confidence, step: from + 3 * at, firstStep: from + 3 * at, lastStep: from + 3 * at })).filter((one) => one.text !== '_');

describe('combined', () => {
  it('takes the surer character at each place, wherever the networks see it', () => {
    expect(textOf(combined([...line('Oct', 0.9), ...line('l', 0.5, 9)], line('0cI1', 0.8, 1)))).toBe('Oct1');
    expect(textOf(combined(line('total', 0.9), line('tota1', 0.92)))).toBe('total');
  });
  it('adds what only the second one saw: marks soon, letters when it is sure', () => {
    expect(textOf(combined(line('_1978_'), [...line('(', 0.5), ...line('1978', 0.9, 3), ...line(')', 0.5, 15)]))).toBe('(1978)');
    expect(textOf(combined(line('_AX'), line('FAX', 0.95)))).toBe('FAX');
    expect(textOf(combined(line('_AX'), line('FAX', 0.5)))).toBe('AX');
  });
  it('keeps the spaces of the first and what only that one saw', () => {
    expect(textOf(combined(line('a b c'), line('a', 0.99)))).toBe('a b c');
  });
  it('finds nothing in two empty readings', () => {
    expect(combined([], [])).toEqual([]);
  });
});

describe('a Chinese reading of Latin text', () => {
  it('has narrow marks and no Han characters', () => {
    expect(textOf(asLatin(line('（a）：。米')))).toBe('(a):.');
  });
});

describe('ink that no character explains', () => {
  /** Bars of ink, 30 high, each `[left, width]`; a third number is its height on the baseline. */
  const ink = (...bars: readonly (readonly [left: number, width: number, height?: number])[]) => {
    const width = 120, data = new Uint8Array(width * 48 * 3).fill(240);
    for (const [left, across, height = 30] of bars) for (let y = 39 - height; y < 39; y++) data.fill(20, (y * width + left) * 3, (y * width + left + across) * 3);
    return inkOf({ width, height: 48, data });
  };
  it('is a bracket between two letters', () => {
    expect(leavesInk([20, 70], ink([12, 16], [40, 5], [62, 16]))).toBe(true);
    expect(leavesInk([20, 42, 70], ink([12, 16], [40, 5], [62, 16]))).toBe(false);
  });
  it('is a point on the baseline, but no speck', () => {
    expect(leavesInk([20, 70], ink([12, 16], [42, 5, 5], [62, 16]))).toBe(true);
    expect(leavesInk([20, 70], ink([12, 16], [42, 2, 2], [62, 16]))).toBe(false);
  });
  it('is neither half of a letter that is drawn in two strokes, nor the next line at the edge', () => {
    expect(leavesInk([22, 70], ink([14, 5], [25, 5], [62, 16]))).toBe(false);
    expect(leavesInk([70], ink([0, 6], [62, 16]))).toBe(false);
  });
});
