// Decodes what a line recogniser puts out: a distribution over characters per time step. Knows no pixels.
import type { Tensor } from '../inference/tensor.ts';

/** One character as the network read it. */
export interface ReadCharacter {
  readonly text: string;
  /** Probability at its strongest step. */
  readonly confidence: number;
  /** Its strongest step, and the run of steps that spell it. Steps are counted from the strip's left edge. */
  readonly step: number;
  readonly firstStep: number;
  readonly lastStep: number;
}

export interface Reading {
  readonly characters: readonly ReadCharacter[];
  /** Time steps over the strip's whole width. */
  readonly steps: number;
}

/**
 * Best path: the strongest class of each step, runs of one class merged, blanks dropped.
 * `output` is `[1, steps, classes] float32`, already softmaxed; `dictionary[0]` is the blank.
 * @source Graves et al. 2006, "Connectionist Temporal Classification", section 3.2
 */
export function decodeCtc(output: Tensor, dictionary: readonly string[]): Reading {
  const [, steps = 0, classes = 0] = output.dims;
  const data = output.data as Float32Array;
  const characters: ReadCharacter[] = [];
  let previous = 0;
  for (let step = 0; step < steps; step++) {
    const row = step * classes;
    let best = 0, bestValue = data[row]!;
    // Blank wins most steps, and nothing else can once it holds half of the mass.
    if (bestValue < 0.5) {
      for (let at = 1; at < classes; at++) {
        const value = data[row + at]!;
        if (value > bestValue) {
          bestValue = value;
          best = at;
        }
      }
    }
    const last = characters.at(-1);
    if (best !== 0 && best === previous && last) {
      characters[characters.length - 1] = bestValue > last.confidence ? { ...last, confidence: bestValue, step, lastStep: step } : { ...last, lastStep: step };
    } else if (best !== 0) {
      characters.push({ text: dictionary[best] ?? '', confidence: bestValue, step, firstStep: step, lastStep: step });
    }
    previous = best;
  }
  return { characters, steps };
}

export const textOf = (characters: readonly ReadCharacter[]): string => characters.map((one) => one.text).join('');

/** Mean probability of the characters that are not spaces; 0 for none. */
export function confidenceOf(characters: readonly ReadCharacter[]): number {
  let sum = 0, count = 0;
  for (const { text, confidence } of characters) {
    if (text === ' ') continue;
    sum += confidence;
    count++;
  }
  return count ? sum / count : 0;
}
