// Where the window opens: never where nobody can reach it.
import { expect, test } from 'vitest';
import { minimumSize, placeWindow } from '../../../src-main/app/window-state.ts';

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const external = { x: 1440, y: 0, width: 2560, height: 1440 };
const saved = (x: number, y: number, width = 1000, height = 700) => ({ bounds: { x, y, width, height }, maximized: false, fullScreen: false });

test('the first time: the middle of the primary screen', () => {
  expect(placeWindow(null, [external, laptop])).toEqual({ x: 1440 + 640, y: 320, width: 1280, height: 800 });
});

test('again: the same place, on either screen', () => {
  expect(placeWindow(saved(100, 100), [laptop, external])).toEqual(saved(100, 100).bounds);
  expect(placeWindow(saved(2000, 300), [laptop, external])).toEqual(saved(2000, 300).bounds);
});

test('the screen is gone: back to the primary one, at the same size', () => {
  expect(placeWindow(saved(2000, 300), [laptop])).toEqual({ x: 220, y: 113, width: 1000, height: 700 });
});

test('a title bar out of reach, above or below, is brought back', () => {
  for (const y of [-500, 2000]) expect(placeWindow(saved(100, y), [laptop]).y).toBe(113);
  // Off to the side, but with enough left to hold.
  expect(placeWindow(saved(-800, 100), [laptop]).x).toBe(-800);
  expect(placeWindow(saved(-950, 100), [laptop]).x).toBe(220);
});

test('larger than the screen or smaller than usable: fitted', () => {
  expect(placeWindow(saved(0, 25, 5000, 4000), [laptop])).toMatchObject({ width: 1440, height: 875 });
  expect(placeWindow(saved(0, 25, 10, 10), [laptop])).toMatchObject(minimumSize);
});
