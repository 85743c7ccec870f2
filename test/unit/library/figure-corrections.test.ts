// Figures drawn, moved, put elsewhere and deleted by hand, and what becomes of the words in them. Would catch: a figure that shrinks to its words when one of them is
// corrected, or goes with the last of them; words that stand twice, or nowhere, after a figure was drawn over them; a table that loses its cells to one.
import { expect, test } from 'vitest';
import type { Correction } from '@contract/correction.ts';
import type { PageText } from '@contract/document.ts';
import { applyCorrection } from '../../../src-main/library/apply-corrections.ts';
import { boxQuad, lineAt, pageWith, regionOf } from '../../helpers/library.ts';

const picture = boxQuad(90, 90, 400, 300);
const page = (): PageText => pageWith([
  regionOf('paragraph', [lineAt('before', 100, 20)]),
  regionOf('paragraph', [lineAt('bars', 120, 120), lineAt('lines', 120, 160), lineAt('caption below', 120, 420)]),
  regionOf('table', [lineAt('a', 130, 200), lineAt('b', 230, 200), lineAt('c', 130, 240), lineAt('d', 230, 240)]),
]);
const after = (...steps: Correction[]): PageText => steps.reduce(applyCorrection, page());
const shape = (text: PageText): [string, string][] => text.regions.map(({ role, lines }) => [role, lines.map((line) => line.text).join(' ')]);
const draw: Correction = { kind: 'add-figure', quad: picture, after: 0 };

test('a drawn figure takes the words in it, where the first of them stood; tables keep theirs', () => {
  expect(shape(after(draw))).toEqual([['paragraph', 'before'], ['figure', 'bars lines'], ['paragraph', 'caption below'], ['table', 'a b c d']]);
  expect(after(draw).regions[1]!.quad).toEqual(picture);
});

test('one without words stands after the region of the line before it', () => {
  const empty = boxQuad(500, 500, 100, 100);
  expect(shape(after({ kind: 'add-figure', quad: empty, after: 1 }))).toEqual([['paragraph', 'before'], ['paragraph', 'bars lines caption below'], ['figure', ''], ['table', 'a b c d']]);
  expect(shape(after({ kind: 'add-figure', quad: empty, after: null }))[0]).toEqual(['figure', '']);
});

test('its box stays when its words are corrected, split and deleted', () => {
  for (const step of [{ kind: 'set-text', line: 1, text: 'Bars' }, { kind: 'split', line: 1, at: 2 }, { kind: 'delete', lines: [1] }, { kind: 'delete', lines: [1, 2] }] satisfies Correction[]) {
    const figures = after(draw, step).regions.filter((region) => region.role === 'figure');
    expect(figures.map((figure) => figure.quad), step.kind).toEqual([picture]);
  }
});

test('smaller, it leaves words outside as a paragraph; larger, it takes more in', () => {
  expect(shape(after(draw, { kind: 'place-figure', region: 1, quad: boxQuad(90, 90, 400, 50) }))).toEqual([['paragraph', 'before'], ['figure', 'bars'], ['paragraph', 'lines'], ['paragraph', 'caption below'], ['table', 'a b c d']]);
  expect(shape(after(draw, { kind: 'place-figure', region: 1, quad: boxQuad(90, 90, 400, 400) }))).toEqual([['paragraph', 'before'], ['figure', 'bars lines caption below'], ['table', 'a b c d']]);
});

test('deleted, its words are a paragraph; without words nothing is left', () => {
  expect(shape(after(draw, { kind: 'delete-figure', region: 1 }))[1]).toEqual(['paragraph', 'bars lines']);
  expect(shape(after({ kind: 'add-figure', quad: boxQuad(500, 500, 100, 100), after: null }, { kind: 'delete-figure', region: 0 }))).toEqual(shape(page()));
});

test('it takes another place in reading order', () => {
  expect(shape(after(draw, { kind: 'move-figure', region: 1, to: 3 })).map(([role]) => role)).toEqual(['paragraph', 'paragraph', 'table', 'figure']);
});

test('a line moved between its words parts no second picture from it', () => {
  const figures = after(draw, { kind: 'move', lines: [0], before: 2 }).regions.filter((region) => region.role === 'figure');
  expect(figures.filter((figure) => figure.quad === picture || JSON.stringify(figure.quad) === JSON.stringify(picture))).toHaveLength(1);
});

test('steps about what is no figure are refused', () => {
  for (const step of [{ kind: 'place-figure', region: 0, quad: picture }, { kind: 'delete-figure', region: 9 }, { kind: 'move-figure', region: 2, to: 0 }] satisfies Correction[]) expect(() => after(step)).toThrow(expect.objectContaining({ code: 'request-invalid' }));
  expect(() => after(draw, { kind: 'move-figure', region: 1, to: 9 })).toThrow(expect.objectContaining({ code: 'request-invalid' }));
});
