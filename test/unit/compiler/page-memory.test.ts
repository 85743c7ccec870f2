// Where bytes are put so that reading and writing them is fast.
import { describe, expect, it } from 'vitest';
import { chunkBytes, chunkFor, goodAddress } from '../../../src-main/compiler/page-memory.ts';

const apart = (target: number, source: number): number => (((target - source) % 4096) + 4096) % 4096;

const isGood = (distance: number): boolean => distance === 0 || distance >= 32;

describe('a good address', () => {
  // Catches: an address that suits reading and not writing, or one that runs away.
  it('is never a few bytes further into its page than what is copied there', () => {
    for (let from = 0; from < 8192; from += 1616) {
      for (let readAt = 1; readAt < 4096; readAt += 7) {
        for (const writeAt of [readAt + 16, readAt - 40, from, from + 31, 5]) {
          const address = goodAddress(from, { readAt, writeAt });
          expect(isGood(apart(address, readAt))).toBe(true);
          expect(isGood(apart(writeAt, address))).toBe(true);
          expect(address).toBeLessThanOrEqual(from + 96);
          expect((address - from) % 32).toBe(0);
        }
      }
    }
    expect(goodAddress(100, {})).toBe(100);
  });

  it('leaves room for a whole chunk', () => {
    for (const readAt of [0, 4095, 4070, 17]) expect(chunkFor({ readAt, writeAt: readAt + 1 }).byteLength).toBe(chunkBytes);
  });
});
