// Words of another script in a line. Would catch: a line read as a whole although a word of it is garbage, sound words read again, and
// characters that land in the wrong place or twice.
import { describe, expect, it } from 'vitest';
import { textOf, type ReadCharacter } from '../../../src-main/ocr/ctc.ts';
import { doubtfulSpans, replacedSpan } from '../../../src-main/ocr/doubtful-spans.ts';
import { inkOf } from '../../../src-main/ocr/line-ink.ts';

const stepWidth = 8;
/** Three words of four letters, 16 columns a letter, 24 blank between words. */
const width = 3 * 64 + 2 * 24 + 32;
const starts = [16, 16 + 88, 16 + 176];
const ink = inkOf({
  width, height: 48,
  data: Uint8Array.from({ length: width * 48 * 3 }, (_, at) => {
    const x = Math.floor(at / 3) % width, y = Math.floor(at / 3 / width);
    const letter = starts.some((start) => x >= start && x < start + 64 && (x - start) % 16 < 12);
    return letter && y >= 10 && y < 38 && (y < 13 || y >= 35 || (x % 16) % 5 < 2) ? 0 : 255;
  }),
});
const word = (text: string, at: number, confidence: number): ReadCharacter[] =>
  [...text].map((one, index) => {
    const step = (starts[at]! + 16 * index + 6) / stepWidth - 0.5;
    return { text: one, confidence, step, firstStep: step, lastStep: step };
  });

describe('words in doubt', () => {
  it('are those read badly and those hardly read at all, neighbours together', () => {
    const [span, ...more] = doubtfulSpans([...word('Exit', 0, 0.97), ...word('////', 1, 0.5), ...word('子', 2, 0.9)], ink, stepWidth);
    expect(more).toEqual([]);
    expect(span!.from).toBeGreaterThan(starts[0]! + 60);
    expect(span!.from).toBeLessThanOrEqual(starts[1]!);
    expect(span!.to).toBeGreaterThan(starts[2]! + 52);
  });
  it('are none in a sound line, and none when the whole line is one', () => {
    expect(doubtfulSpans([...word('Exit', 0, 0.97), ...word('stop', 1, 0.95), ...word('four', 2, 0.9)], ink, stepWidth)).toEqual([]);
    expect(doubtfulSpans([...word('Exit', 0, 0.4), ...word('stop', 1, 0.4), ...word('four', 2, 0.4)], ink, stepWidth)).toEqual([]);
  });
  it('make room for what another network read there', () => {
    const characters = [...word('Exit', 0, 0.97), ...word('子', 1, 0.5), ...word('four', 2, 0.9)];
    const [span] = doubtfulSpans(characters, ink, stepWidth);
    // Read from a strip twice as wide as the stretch it was cut from.
    const part: ReadCharacter[] = [...'출구'].map((text, at) => ({ text, confidence: 0.95, step: 4 + 8 * at - 0.5, firstStep: 4 + 8 * at - 0.5, lastStep: 4 + 8 * at - 0.5 }));
    const mended = replacedSpan(characters, span!, part, 2 * (span!.to - span!.from), stepWidth);
    expect(textOf(mended)).toBe('Exit출구four');
    expect((mended[4]!.step + 0.5) * stepWidth).toBeCloseTo(span!.from + 16, 5);
  });
});
