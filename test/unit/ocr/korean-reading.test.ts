// Outputs of the two networks, recorded on the project's own Korean pages (the fixture also holds what stands there). Would
// catch: Hangul replaced by look-alike digits, marks lost or doubled, phone numbers cut by the Hangul before them.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { textOf, type ReadCharacter } from '../../../src-main/ocr/ctc.ts';
import { mergeKorean } from '../../../src-main/ocr/korean-reading.ts';

type Recorded = [text: string, confidence: number, firstStep: number, step: number, lastStep: number];
const recorded = JSON.parse(readFileSync(new URL('../../fixtures/readings/korean-lines.json', import.meta.url), 'utf8')) as { page: string; merged: string; korean: Recorded[]; chinese: Recorded[] }[];
const reading = (characters: readonly Recorded[]): ReadCharacter[] => characters.map(([text, confidence, firstStep, step, lastStep]) => ({ text, confidence, firstStep, step, lastStep }));
/** One character a step. */
const line = (text: string, confidence = 0.95, from = 0): ReadCharacter[] => [...text].map((one, at) => ({ text: one, confidence, step: from + 2 * at, firstStep: from + 2 * at, lastStep: from + 2 * at })).filter((one) => one.text !== '_');

describe('mergeKorean', () => {
  it.each(recorded)('reads $merged', ({ merged, korean, chinese }) => {
    expect(textOf(mergeKorean(reading(korean), reading(chinese)))).toBe(merged);
  });
  it('keeps Hangul that the Korean network is sure of, whatever the other one sees', () => {
    expect(textOf(mergeKorean(line('이상'), line('01', 0.9)))).toBe('이상');
  });
  it('takes Latin words where the Korean network only guessed', () => {
    expect(textOf(mergeKorean(line('문서_니어아이', 0.5), line('___Load', 0.95)))).toContain('Load');
  });
  it('adds a mark that stands in a gap, in its narrow form', () => {
    expect(textOf(mergeKorean(line('가_나'), line('_，_', 0.5)))).toBe('가,나');
    expect(textOf(mergeKorean(line('가_나'), line('_，_', 0.2)))).toBe('가나');
  });
  it('gives a round bracket a round partner', () => {
    expect(textOf(mergeKorean(line('[가]'), line('(__', 0.9)))).toBe('(가)');
    expect(textOf(mergeKorean(line('[가]'), []))).toBe('[가]');
  });
  it('turns the Korean network’s stand-in for a space into one', () => {
    expect(textOf(mergeKorean(line('가盤나'), []))).toBe('가 나');
  });
});
