// Rounding is judged by what it takes from the weights: bounds per format, and the search never makes it worse.
import { describe, expect, test } from 'vitest';
import { type BlockFormat, dequantizeBlocks, quantizeBlocks, quantizeRows, relativeError } from '../../../src-main/compiler/quantize.ts';

const rows = 16;
const columns = 256;

/** Seeded, roughly Gaussian weights. */
function weights(): Float32Array {
  let state = 12345;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
  return Float32Array.from({ length: rows * columns }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()) * 0.02);
}

function errorOf(format: BlockFormat): number {
  const exact = weights();
  return relativeError(exact, dequantizeBlocks(quantizeBlocks(exact, rows, columns, format), rows, columns, format));
}

describe('quantizeBlocks', () => {
  // A nibble in the wrong place or a zero point off by one gives an error of the order of 1.
  test.each([
    [{ bits: 4, block: 32, symmetric: true, search: false }, 0.1],
    [{ bits: 4, block: 128, symmetric: true, search: false }, 0.13],
    [{ bits: 4, block: 32, symmetric: false, search: false }, 0.1],
    [{ bits: 8, block: 32, symmetric: true, search: false }, 0.008],
    [{ bits: 8, block: 128, symmetric: false, search: false }, 0.01],
  ] as const)('%o loses at most %d', (format, bound) => {
    expect(errorOf(format)).toBeLessThan(bound);
  });

  test('searching the scale loses less than plain rounding', () => {
    for (const block of [32, 128]) {
      const plain = errorOf({ bits: 4, block, symmetric: true, search: false });
      expect(errorOf({ bits: 4, block, symmetric: true, search: true })).toBeLessThan(plain);
    }
  });
});

test('quantizeRows keeps each row within half a step of the weights', () => {
  const exact = weights();
  const { integers, scales } = quantizeRows(exact, rows, columns);
  for (let i = 0; i < exact.length; i++) {
    const scale = scales[Math.floor(i / columns)]!;
    expect(Math.abs(integers[i]! * scale - exact[i]!)).toBeLessThanOrEqual(scale * 0.5001);
  }
});
