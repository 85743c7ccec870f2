// Hand-made outputs of a recogniser. Would catch: doubled letters lost (the blank between them), spaces trimmed away, steps off by one.
import { describe, expect, it } from 'vitest';
import { confidenceOf, decodeCtc, textOf } from '../../../src-main/ocr/ctc.ts';
import { tensor } from '../../../src-main/inference/tensor.ts';

const dictionary = ['', 'a', 'b', 'c', ' '];
/** One row per step: the class and its probability. */
function output(...steps: readonly (readonly [klass: number, probability: number])[]) {
  const data = new Float32Array(steps.length * dictionary.length);
  steps.forEach(([klass, probability], step) => {
    data.fill((1 - probability) / (dictionary.length - 1), step * dictionary.length, (step + 1) * dictionary.length);
    data[step * dictionary.length + klass] = probability;
  });
  return tensor('float32', [1, steps.length, dictionary.length], data);
}

describe('decodeCtc', () => {
  it('merges runs, keeps doubles that a blank divides, keeps spaces', () => {
    const { characters, steps } = decodeCtc(output([1, 0.9], [1, 0.8], [0, 0.9], [1, 0.7], [4, 0.6], [2, 0.95]), dictionary);
    expect(textOf(characters)).toBe('aa b');
    expect(steps).toBe(6);
  });
  it('gives each character its strongest step and its run', () => {
    const [first, second] = decodeCtc(output([0, 0.9], [1, 0.5], [1, 0.9], [1, 0.6], [0, 0.9], [2, 0.7]), dictionary).characters;
    expect(first).toMatchObject({ text: 'a', step: 2, firstStep: 1, lastStep: 3 });
    expect(first!.confidence).toBeCloseTo(0.9, 5);
    expect(second).toMatchObject({ text: 'b', step: 5, firstStep: 5, lastStep: 5 });
  });
  it('finds the best class where the blank is weak but not the best', () => {
    expect(textOf(decodeCtc(output([3, 0.4]), dictionary).characters)).toBe('c');
  });
  it('takes the mean over letters, not over spaces', () => {
    const { characters } = decodeCtc(output([1, 0.8], [4, 0.3], [2, 0.6]), dictionary);
    expect(confidenceOf(characters)).toBeCloseTo(0.7, 5);
    expect(confidenceOf([])).toBe(0);
  });
});
