// Rounding: never more than half a step off, the search never worse than the plain way, exact where the values are on the grid.
import { describe, expect, it } from 'vitest';
import { type BlockFormat, dequantizeBlocks, openPiece, pieceOf, quantizeBlocks, quantizeRows, relativeError } from '../../../src-main/compiler/quantize.ts';
import { noise } from '../../helpers/run-graph.ts';

/** Roughly normal numbers with a few large ones, as weights are. */
function weights(rows: number, columns: number): Float32Array {
  const [a, b, c] = [noise(rows * columns, 1), noise(rows * columns, 2), noise(rows * columns, 3)];
  return a.map((value, i) => (value + b[i]! + c[i]!) * (i % 97 === 0 ? 4 : 1));
}

const [rows, columns] = [16, 200];
const values = weights(rows, columns);
const round = (format: BlockFormat, importance: Float32Array | null = null): Float32Array => dequantizeBlocks(quantizeBlocks(pieceOf(values, rows, columns), format, importance), rows, columns, format);

const formats = ([4, 8] as const).flatMap((bits) => [16, 32, 64, 128].flatMap((block) => [true, false].map((symmetric) => ({ bits, block, symmetric }))));

describe('rounding to blocks', () => {
  it.each(formats)('%j: no value is further off than its step allows', ({ bits, block, symmetric }) => {
    const format = { bits, block, symmetric, search: false };
    const { scales } = quantizeBlocks(pieceOf(values, rows, columns), format);
    const rounded = round(format);
    const blocks = Math.ceil(columns / block);
    const top = 1 << (bits - 1);
    for (let i = 0; i < values.length; i++) {
      const step = Math.abs(scales[Math.floor(i / columns) * blocks + Math.floor((i % columns) / block)]!);
      // Opposite the extreme the symmetric grid ends one step early; a zero point is rounded to a whole step.
      expect(Math.abs(values[i]! - rounded[i]!)).toBeLessThanOrEqual(step * (symmetric ? (Math.abs(values[i]!) > step * (top - 1) ? 1.01 : 0.501) : 1.01));
    }
  });

  it.each(formats)('%j: searching the scale is never worse, and better at 4 bits', ({ bits, block, symmetric }) => {
    const plain = relativeError(values, round({ bits, block, symmetric, search: false }));
    const searched = relativeError(values, round({ bits, block, symmetric, search: true }));
    expect(searched).toBeLessThanOrEqual(plain * 1.0001);
    if (bits === 4) expect(searched).toBeLessThan(plain * 0.97);
    expect(searched).toBeLessThan(bits === 4 ? 0.16 : 0.012);
  });

  it('puts what matters first', () => {
    const importance = Float32Array.from({ length: columns }, (_, i) => (i % 7 === 0 ? 100 : 1));
    const format = { bits: 4, block: 64, symmetric: true, search: true } as const;
    const weighted = (rounded: Float32Array): number => values.reduce((sum, value, i) => sum + importance[i % columns]! * (value - rounded[i]!) ** 2, 0);
    expect(weighted(round(format, importance))).toBeLessThan(weighted(round(format)) * 0.9);
  });

  // Catches: sums of the search that do not fit 32 bits. Every value is the largest, and so is its importance.
  it.each([[4, 4096, 0.07], [4, 8192, 0.09], [8, 256, 0.005], [8, 512, 0.006]] as const)('%i bits, blocks of %i: the largest sums are exact', (bits, block, limit) => {
    const extreme = Float32Array.from({ length: block }, (_, i) => (i % 2 ? 1 : -1));
    for (const symmetric of [true, false]) {
      for (const importance of [null, new Float32Array(block).fill(3)]) {
        const format = { bits, block, symmetric, search: true };
        expect(relativeError(extreme, dequantizeBlocks(quantizeBlocks(pieceOf(extreme, 1, block), format, importance), 1, block, format))).toBeLessThan(limit);
      }
    }
  });

  // Catches: importance that is counted in numbers too small to tell its columns apart, or that vanish beside the greatest.
  it('weighs importance of very different sizes', () => {
    const importance = Float32Array.from({ length: columns }, (_, i) => Math.exp(6 * noise(columns, 4)[i]!));
    const weighted = (rounded: Float32Array): number => values.reduce((sum, value, i) => sum + importance[i % columns]! * (value - rounded[i]!) ** 2, 0);
    for (const symmetric of [true, false]) {
      const format = { bits: 4, block: 128, symmetric, search: true } as const;
      expect(weighted(round(format, importance))).toBeLessThan(weighted(round(format)) * 0.8);
    }
  });

  it('keeps values on the grid exactly, zeros included', () => {
    const grid = Float32Array.from({ length: 64 }, (_, i) => (i % 16) - 8);
    for (const search of [false, true]) expect([...dequantizeBlocks(quantizeBlocks(pieceOf(grid, 2, 32), { bits: 4, block: 32, symmetric: true, search }), 2, 32, { bits: 4, block: 32 })]).toEqual([...grid]);
    const nothing = new Float32Array(64);
    for (const symmetric of [true, false]) expect([...dequantizeBlocks(quantizeBlocks(pieceOf(nothing, 2, 32), { bits: 4, block: 32, symmetric, search: true }), 2, 32, { bits: 4, block: 32 })].every((value) => value === 0)).toBe(true);
  });

  it('fills the rest of a short block with zeros', () => {
    const { packed } = quantizeBlocks(pieceOf(Float32Array.of(1, 2, 3), 1, 3), { bits: 8, block: 16, symmetric: true, search: false });
    expect([...packed.subarray(3)]).toEqual(Array.from({ length: 13 }, () => 128));
  });
});

describe('rounding whole rows to 8 bits', () => {
  it('stays within half a step of each row, rows turned into columns', () => {
    // neither rows nor columns are whole sixteens
    for (const [high, wide] of [[16, 200], [21, 75], [3, 16]] as const) {
      const some = values.subarray(0, high * wide);
      const { turned, stride, scales } = quantizeRows(pieceOf(some, high, wide));
      const integers = new Int8Array(turned.buffer, turned.byteOffset, turned.byteLength);
      for (let row = 0; row < high; row++) {
        for (let column = 0; column < wide; column++) expect(Math.abs(some[row * wide + column]! - integers[column * stride + row]! * scales[row]!)).toBeLessThanOrEqual(scales[row]! * 0.501);
      }
    }
  });

  it('keeps a row of zeros', () => {
    const { turned, stride, scales } = quantizeRows(pieceOf(new Float32Array(8), 1, 8));
    expect(Array.from({ length: 8 }, (_, column) => turned[column * stride])).toEqual(Array.from({ length: 8 }, () => 0));
    expect(scales[0]).toBe(1);
  });
});

describe('pieces', () => {
  // Catches: a wrong shift or stride in the vector code that widens bfloat16, and memory that moved when it grew.
  it('are the same as bfloat16 and as float32', () => {
    for (const [high, wide] of [[7, 33], [64, 3000]] as const) {
      const halves = Uint16Array.from({ length: high * wide }, (_, i) => new Uint32Array(Float32Array.of(values[i % values.length]! * (1 + (i % 5))).buffer)[0]! >>> 16);
      const exact = Float32Array.from(halves, (half) => new Float32Array(Uint32Array.of(half << 16).buffer)[0]!);
      const format = { bits: 4, block: 32, symmetric: false, search: true } as const;
      const first = quantizeBlocks(pieceOf(exact, high, wide), format);
      const wanted = { ...first, packed: first.packed.slice() };
      const narrow = openPiece('bf16', high, wide);
      narrow.bytes.set(new Uint8Array(halves.buffer));
      const found = quantizeBlocks(narrow, format);
      expect(Buffer.from(found.packed).equals(Buffer.from(wanted.packed))).toBe(true);
      expect(found.scales).toEqual(wanted.scales);
      expect(found.zeros).toEqual(wanted.zeros);
    }
  });

  // Catches: weights of one matrix that stay for the next one.
  it('do not remember the importance of the one before', () => {
    const format = { bits: 4, block: 64, symmetric: true, search: true } as const;
    const before = [...quantizeBlocks(pieceOf(values, rows, columns), format).scales];
    quantizeBlocks(pieceOf(values, rows, columns), format, Float32Array.from({ length: columns }, (_, i) => (i % 7 === 0 ? 100 : 1)));
    expect([...quantizeBlocks(pieceOf(values, rows, columns), format).scales]).toEqual(before);
  });
});
