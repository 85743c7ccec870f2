// Which token comes next, and when an answer is over.
import { describe, expect, it } from 'vitest';
import { argmax, greedy, Sampler, seededRandom, type Sampling } from '../../../src-main/inference/sampler.ts';
import { repeatedCycle, StopTexts } from '../../../src-main/inference/stopping.ts';

const logits = (...values: number[]): Float32Array => Float32Array.from(values);
const drawn: Sampling = { ...greedy, temperature: 1, seed: 42 };
const count = (sampling: Sampling, row: number[], rounds = 20_000): number[] => {
  const shares = row.map(() => 0);
  const sampler = new Sampler(sampling, row.length);
  for (let round = 0; round < rounds; round++) shares[sampler.next(logits(...row))]! += 1 / rounds;
  return shares;
};

describe('sampler', () => {
  it('greedy takes the first of the largest, never a padding row', () => {
    expect(new Sampler(greedy, 4).next(logits(1, 3, 3, 2))).toBe(1);
    expect(new Sampler(greedy, 2).next(logits(1, 2, 9, 9))).toBe(1);
  });

  it('refuses what is no number', () => {
    for (const bad of [logits(1, NaN, 2), logits(NaN), logits(-Infinity, -Infinity), logits(1, Infinity)]) expect(() => argmax(bad)).toThrow(/logits-not-finite/);
    expect(argmax(logits(-Infinity, -5))).toBe(1);
  });

  // Catches: a draw that ignores the weights, or a generator that is not uniform.
  it('draws in proportion, temperature sharpens', () => {
    const plain = count(drawn, [0, Math.log(3), -Infinity]);
    expect(plain[1]).toBeCloseTo(0.75, 1);
    expect(plain[2]).toBe(0);
    const sharp = count({ ...drawn, temperature: 0.5 }, [0, Math.log(3)]);
    expect(sharp[1]).toBeCloseTo(0.9, 1);
  });

  it('top-k and top-p keep the likeliest, at least one', () => {
    const row = [0.5, 0.3, 0.15, 0.05].map(Math.log);
    expect(count({ ...drawn, topK: 2 }, row, 4000).map((share) => share > 0)).toEqual([true, true, false, false]);
    expect(count({ ...drawn, topP: 0.7 }, row, 4000).map((share) => share > 0)).toEqual([true, true, false, false]);
    expect(count({ ...drawn, topP: 0.81 }, row, 4000).map((share) => share > 0)).toEqual([true, true, true, false]);
    expect(count({ ...drawn, topP: 0.001 }, row, 400)).toEqual([1 - 0, 0, 0, 0].map((one) => (one ? expect.closeTo(1, 5) : 0)));
    // top-k of 0 keeps all (v1 publishes it)
    expect(count({ ...drawn, topK: 0 }, row, 4000).every((share) => share > 0)).toBe(true);
  });

  it('equal seeds draw equally, others do not', () => {
    const run = (seed: number): number[] => {
      const sampler = new Sampler({ ...drawn, seed }, 50);
      return Array.from({ length: 20 }, () => sampler.next(new Float32Array(50)));
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(seededRandom(3)()).toBe(seededRandom(3)());
  });

  it('penalties: prompt and answer are divided or multiplied by sign, presence counts the answer only', () => {
    const repeating = new Sampler({ ...greedy, repetitionPenalty: 2 }, 3, [0]);
    expect(repeating.next(logits(3, 2, -1))).toBe(1); // 1.5, 2, -1
    expect(repeating.next(logits(3, 2, 1.2))).toBe(0); // 1.5, 1, 1.2
    expect(new Sampler({ ...greedy, repetitionPenalty: 2 }, 2, [0]).next(logits(-1, -1.5))).toBe(1); // -2, -1.5
    const present = new Sampler({ ...greedy, presencePenalty: 1.5 }, 2, [0]);
    expect([present.next(logits(2, 1)), present.next(logits(2, 1))]).toEqual([0, 1]);
  });
});

describe('stopping', () => {
  it('sees loops, not tables and rules', () => {
    const loop = Array.from({ length: 400 }, (_, at) => at % 7);
    expect(repeatedCycle(loop)).toBe(7);
    expect(repeatedCycle([...loop, 99])).toBe(0);
    expect(repeatedCycle(Array.from({ length: 100 }, () => 5))).toBe(0); // a dotted line
    expect(repeatedCycle(Array.from({ length: 140 }, () => 5))).toBe(1);
    expect(repeatedCycle(Array.from({ length: 600 }, (_, at) => (at % 10 === 9 ? at : at % 10)))).toBe(0); // rows that differ in a cell
    expect(repeatedCycle(Array.from({ length: 150 * 5 }, (_, at) => at % 150))).toBe(150);
  });

  it.each([1, 3, 100])('cuts at a stop text that comes in pieces of %i', (size) => {
    const stops = new StopTexts(['\nObservation:', 'Human:']);
    const source = 'Huge Hum\nObserve\nObservation: x Human:';
    let text = '';
    for (let at = 0; at < source.length; at += size) text += stops.push(source.slice(at, at + size));
    expect(text).toBe('Huge Hum\nObserve');
    expect(stops.stopped).toBe(true);
    expect(stops.end()).toBe('');
  });

  it('gives back what it held when the answer ends', () => {
    const stops = new StopTexts(['Human:']);
    expect(stops.push('a Hum')).toBe('a ');
    expect(stops.end()).toBe('Hum');
  });
});
