// Sizes, windows and positions of picture and text tokens, against values worked out by hand.
import { describe, expect, it } from 'vitest';
import { paddedSize, roundHalfEven, smartResize } from '../../../src-main/inference/image/smart-resize.ts';
import { learnedPositions, planWindows, reorderRows, restoreRows } from '../../../src-main/inference/image/vision-inputs.ts';
import { multiAxisPositions, spansOf } from '../../../src-main/inference/position-ids.ts';
import { axisOfFrequency, lognScale, ntkAlpha } from '../../../src-main/inference/rope.ts';
import { tensor } from '../../../src-main/inference/tensor.ts';

describe('the size a picture gets', () => {
  // Catches: Math.round's halves, limits applied before rounding.
  it.each([
    [224, 224, 28, 3136, 12845056, 224, 224],
    [1754, 1240, 28, 3136, 12845056, 1764, 1232],
    [1754, 1240, 28, 3136, 1003520, 1176, 840],
    [3508, 2480, 28, 3136, 1003520, 1176, 840],
    [3024, 4032, 28, 3136, 1003520, 840, 1148],
    [1080, 1920, 28, 3136, 12845056, 1092, 1932],
    [50, 50, 28, 3136, 12845056, 56, 56],
    [42, 70, 28, 3136, 12845056, 56, 56],
    [224, 224, 32, 65536, 16777216, 256, 256],
    [1754, 1240, 32, 65536, 16777216, 1760, 1248],
    [3508, 2480, 32, 65536, 16777216, 3520, 2496],
    [1000, 700, 32, 65536, 16777216, 992, 704],
    [42, 70, 32, 65536, 16777216, 224, 352],
  ])('%i × %i (height × width) with factor %i', (height, width, factor, min, max, newHeight, newWidth) => {
    expect(smartResize({ width, height }, factor, min, max)).toEqual({ width: newWidth, height: newHeight });
  });

  it('rounds halves to even', () => {
    expect([0.5, 1.5, 2.5, 3.5, 2.4999].map(roundHalfEven)).toEqual([0, 2, 2, 4, 2]);
  });

  it('refuses no area, pads extreme shapes', () => {
    expect(() => smartResize({ width: 0, height: 10 }, 28, 3136, 1e6)).toThrow(/image-empty/);
    expect(paddedSize({ width: 4000, height: 3 })).toEqual({ width: 4000, height: 20 });
    expect(paddedSize({ width: 4000, height: 300 })).toEqual({ width: 4000, height: 300 });
  });
});

describe('positions', () => {
  it('count on three axes through an image', () => {
    const tokens = [1, 2, 3, 4, 9, 9, 9, 9, 9, 9, 5, 6, 7];
    const { ids, ropeDelta } = multiAxisPositions(spansOf(tokens, 9, [{ height: 2, width: 3 }]));
    expect([...ids]).toEqual([0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 7, 8, 9, 0, 1, 2, 3, 4, 4, 4, 5, 5, 5, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 4, 5, 6, 7, 8, 9]);
    expect(ropeDelta).toBe(-3);
  });

  it('tell neighbouring images apart and refuse a wrong count', () => {
    expect(spansOf([9, 9, 9], 9, [{ height: 1, width: 2 }, { height: 1, width: 1 }]).length).toBe(2);
    expect(() => spansOf([9, 9, 9], 9, [{ height: 1, width: 2 }])).toThrow(/belongs to an image/);
    expect(() => spansOf([9, 9], 9, [{ height: 1, width: 2 }, { height: 1, width: 1 }])).toThrow(/2 images/);
  });

  it('frequencies follow axes in blocks or interleaved', () => {
    const blocks = axisOfFrequency(64, [16, 24, 24], false);
    expect([blocks[15], blocks[16], blocks[39], blocks[40]]).toEqual([0, 1, 1, 2]);
    const interleaved = axisOfFrequency(64, [24, 20, 20], true);
    expect([...interleaved.slice(0, 4), ...interleaved.slice(56)]).toEqual([0, 1, 2, 0, 2, 0, 1, 2, 0, 0, 0, 0]);
  });

  it('v1 stretches its base and its queries beyond the pretraining', () => {
    expect([2048, 2049, 4096, 4097, 8192].map((length) => ntkAlpha(length, 2048))).toEqual([1, 3, 3, 7, 7]);
    const scale = lognScale(2046, 4, 2048).data;
    expect([...scale.slice(0, 2)]).toEqual([1, 1]);
    expect(scale[2]).toBeCloseTo(Math.log(2049) / Math.log(2048), 6);
  });
});

describe('vision grids', () => {
  it('cut windows as the reference does', () => {
    const plan = planWindows({ height: 10, width: 12 }, 2, 4);
    expect([...plan.order].slice(0, 24)).toEqual([0, 1, 2, 3, 6, 7, 8, 9, 12, 13, 14, 15, 18, 19, 20, 21, 4, 5, 10, 11, 16, 17, 22, 23]);
    expect(plan.bounds).toEqual([0, 64, 96, 112, 120]);
    expect(planWindows({ height: 16, width: 16 }, 2, 4).bounds).toEqual([0, 64, 128, 192, 256]);
    // every row has one slot, and the slot holds the row
    plan.slots.data.forEach((slot, row) => expect(plan.rows.data[Number(slot)]).toBe(BigInt(row)));
    expect(plan.bias.dims).toEqual([4, 1, 64, 64]);
    // 120 real slots of 256, seen from 64 slots each
    expect(plan.bias.data.filter((one) => one === 0).length).toBe(120 * 64);
  });

  it('window order can be undone', () => {
    const plan = planWindows({ height: 10, width: 12 }, 2, 4);
    const rows = tensor('float32', [30, 2], Float32Array.from({ length: 60 }, (_, at) => at));
    expect(restoreRows(reorderRows(rows, plan.order), plan.order)).toEqual(rows);
  });

  it('blend four neighbours with weights that sum to one', () => {
    const { index, weight } = learnedPositions({ height: 4, width: 6 }, 2, 48);
    for (let at = 0; at < 24; at++) {
      expect([0, 1, 2, 3].reduce((sum, corner) => sum + weight.data[corner * 24 + at]!, 0)).toBeCloseTo(1, 6);
    }
    expect([index.data[0], index.data[23]]).toEqual([0n, 47n * 48n + 47n]);
  });
});
