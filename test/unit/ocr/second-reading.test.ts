// Outputs of the two networks, recorded on the project's own Korean pages (the fixture also holds what stands there). Would
// catch: Hangul replaced by look-alike digits, marks lost or doubled, phone numbers cut by the Hangul before them.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isTraditional } from '../../../src-main/ocr/characters.ts';
import { textOf, type ReadCharacter } from '../../../src-main/ocr/ctc.ts';
import { mergeJapanese, mergeKorean, mergeTraditional } from '../../../src-main/ocr/second-reading.ts';

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
  it('takes a round bracket where the Korean network, which has none, writes a digit less surely', () => {
    expect(textOf(mergeKorean([...line('일', 0.99), ...line('6', 0.6, 2), ...line('목', 0.99, 4)], line('_(_)', 0.9)))).toBe('일(목)');
  });
  it('writes a mark once that the two networks place a step apart, but not two marks of different kinds', () => {
    expect(textOf(mergeKorean([...line('요', 0.99), ...line('?', 0.99, 4)], line('?', 0.8, 3)))).toBe('요?');
    expect(textOf(mergeKorean([...line('다', 0.99), ...line('"', 0.99, 4)], line('“', 0.8, 5)))).toBe('다"');
    expect(textOf(mergeKorean([...line('다', 0.99), ...line('"', 0.99, 4)], line('.', 0.8, 3)))).toBe('다."');
  });
  it('takes a sure bracket for a syllable that was only guessed, and what was guessed behind a word for its last letter', () => {
    expect(textOf(mergeKorean([...line('행', 0.99), ...line('이', 0.6, 4)], line(')', 0.98, 4)))).toBe('행)');
    const letters = [...'chunk'].map((text, at) => ({ text, confidence: 0.97, step: 3 * at, firstStep: 3 * at, lastStep: 3 * at }));
    expect(textOf(mergeKorean([...line('니', 0.5, 6), ...line('스', 0.65, 13), ...line('단', 0.99, 18)], letters))).toBe('chunk단');
  });
  it('takes a long Latin word for one even where the Korean network is sure of a syllable', () => {
    const letters = [...'Wi-Fi'].map((text, at) => ({ text, confidence: 0.95, step: at, firstStep: at, lastStep: at }));
    expect(textOf(mergeKorean(line('씨_', 0.97), letters))).toBe('Wi-Fi');
  });
});

describe('mergeJapanese', () => {
  const writes = (text: string): boolean => text !== '变';
  it('takes the yen sign and digits of the second reading', () => {
    expect(textOf(mergeJapanese(line('半2274', 0.45), line('¥2274', 0.95), writes))).toBe('¥2274');
  });
  it('keeps kana and Han characters, also against the simplified forms of the second reading', () => {
    expect(textOf(mergeJapanese(line('変わる', 0.6), line('变', 0.97), writes))).toBe('変わる');
  });
  it('writes a mark once that the two networks place up to two steps apart, as the surer one has it', () => {
    const [kana, dot] = [line('さて', 0.95), line('・', 0.5, 4)];
    expect(textOf(mergeJapanese([...kana, ...dot, ...line('当', 0.95, 8)], line('、', 0.9, 5.5), writes))).toBe('さて、当');
    expect(textOf(mergeJapanese([...kana, ...line('、', 0.95, 4), ...line('当', 0.95, 8)], line('，', 0.9, 5.5), writes))).toBe('さて、当');
  });
});

describe('mergeTraditional', () => {
  const writes = (text: string): boolean => text !== '评' && text !== '费';
  it('keeps its own characters and takes marks, digits and letters of the other network', () => {
    expect(textOf(mergeTraditional(line('評價47分', 0.9), line('评價4.7分', 0.97).map((one, at) => ({ ...one, step: [0, 2, 4, 5, 6, 8][at]!, firstStep: [0, 2, 4, 5, 6, 8][at]!, lastStep: [0, 2, 4, 5, 6, 8][at]! })), writes))).toBe('評價4.7分');
    expect(textOf(mergeTraditional([...line('免運費', 0.6)], line('免運费', 0.99), writes))).toBe('免運費');
  });
  it('takes a character that both scripts have where its own network only guessed', () => {
    expect(textOf(mergeTraditional(line('鈷人', 0.5), line('合人', 0.98), writes))).toBe('合人');
  });
});

describe('isTraditional', () => {
  it('tells the two scripts apart by their own characters, and nothing by those that they share', () => {
    expect([...'價門頁'].every(isTraditional)).toBe(true);
    expect([...'价门页人大中A1。'].some(isTraditional)).toBe(false);
  });
});
