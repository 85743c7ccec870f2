// What a model says is held against what was found: a true change must not look unproven because its box is rough, an invented one must not look
// proven because its box is large or its words are common.
import { expect, test } from 'vitest';
import type { Change, PageComparison } from '@contract/compare.ts';
import type { Quad } from '@contract/geometry.ts';
import type { Grounding } from '@contract/model.ts';
import { namedChanges } from '../../../src-main/compare/named-changes.ts';
import { GroundingParser } from '../../../src-main/inference/grounding.ts';

const box = (x: number, y: number, width: number, height: number): Quad => [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
const change = (kind: Change['kind'], before: string, after: string, at: Quad, doubtful = false): Change => ({ kind, before: { quad: at, text: before }, after: { quad: at.map(([x, y]) => [x + 100, y]) as Quad, text: after }, confidence: 0.9, doubtful, cell: false });
/** The page after lies 100 pixels to the right. */
const compared = (...changes: Change[]): PageComparison => ({ alignment: { method: 'text', matrix: [1, 0, 100, 0, 1, 0, 0, 0, 1], errorPixels: 0.5 }, changes });
const total = change('changed', '40.92', '46.92', box(300, 500, 60, 20));
const stamp = change('picture', '', '', box(500, 80, 160, 60));

/** As the engine does it; the model's coordinates are taken for the page's. */
function said(answer: string): { text: string; groundings: Grounding[] } {
  const parser = new GroundingParser();
  const first = parser.push(answer), last = parser.end();
  const groundings = [...first.groundings, ...last.groundings].map(({ shape, image, ...one }): Grounding => {
    const [[left, top], [right, bottom]] = shape.points as unknown as [[number, number], [number, number]];
    return { start: one.start, end: one.end, label: one.label, page: image ?? 1, kind: 'box', quad: box(left, top, right - left, bottom - top) };
  });
  return { text: parser.text, groundings };
}
const view = (answer: string, comparison: PageComparison) => {
  const { text, groundings } = said(answer);
  return namedChanges(text, groundings, comparison);
};
const json = (text: string, before: string, from: readonly number[], after: string, to: readonly number[]): string =>
  JSON.stringify({ change: text, before: { image: 1, text: before, bbox_2d: from }, after: { image: 2, text: after, bbox_2d: to } });

test('a true change with rough boxes is confirmed, an invented one is not, and what was not named is said', () => {
  const { named, unnamed } = view(`\`\`\`json\n[${json('the total', '40.92', [290, 490, 380, 530], '46.92', [395, 495, 470, 525])}, ${json('the date', '12 May', [20, 20, 90, 40], '13 May', [120, 20, 190, 40])}]\n\`\`\``, compared(total, stamp));
  expect(named.map(({ text, confirmedBy }) => [text, confirmedBy])).toEqual([['the total', [0]], ['the date', []]]);
  expect(named[0]).toMatchObject({ before: { text: '40.92', placedBy: 'model', quad: box(290, 490, 90, 40) }, after: { text: '46.92', placedBy: 'model', quad: box(395, 495, 75, 30) } });
  expect(unnamed).toEqual([1]);
});

test('other words at the place of a change are another change', () => {
  expect(view(`[${json('the name', 'Marble Lane', [300, 500, 360, 520], 'Garden Row', [400, 500, 460, 520])}]`, compared(total)).named[0]!.confirmedBy).toEqual([]);
});

test('a drawing needs no words, but a box around half the page proves nothing', () => {
  expect(view(`[${json('a stamp', '', [500, 70, 640, 140], '', [610, 90, 760, 150])}]`, compared(stamp)).named[0]!.confirmedBy).toEqual([0]);
  expect(view(`[${json('everything', '', [0, 0, 2000, 2000], '', [0, 0, 2000, 2000])}]`, compared(stamp)).named[0]!.confirmedBy).toEqual([]);
});

test('a difference in doubt is confirmed by the same words, not by a box alone', () => {
  const doubt = change('changed', 'Hartow', 'Harlow', box(100, 300, 80, 20), true);
  expect(view(`[${json('name', 'Hartow', [100, 300, 180, 320], 'Harlow', [200, 300, 280, 320])}]`, compared(doubt)).named[0]!.confirmedBy).toEqual([0]);
  expect(view(`[${json('a smudge', '', [100, 300, 180, 320], '', [200, 300, 280, 320])}]`, compared(doubt)).named[0]!.confirmedBy).toEqual([]);
});

test('a side without a box gets the place of the other side, laid on it', () => {
  const answer = '[{"change": "a new line", "before": {"image": 1, "text": ""}, "after": {"image": 2, "text": "Lemon cake", "bbox_2d": [400, 700, 520, 720]}}]';
  expect(view(answer, compared()).named[0]).toMatchObject({ confirmedBy: [], before: { quad: box(300, 700, 120, 20), placedBy: 'alignment' }, after: { placedBy: 'model' } });
  expect(view(answer, { alignment: { method: 'none', matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1], errorPixels: 0 }, changes: [] }).named[0]!.before).toEqual({ quad: null, text: '', placedBy: null });
});

test('an answer that was cut off gives what it said whole', () => {
  const whole = json('the total', '40.92', [300, 500, 360, 520], '46.92', [400, 500, 460, 520]);
  expect(view(`{"differences": [${whole}, {"change": "the da`, compared(total)).named.map(({ text, confirmedBy }) => [text, confirmedBy])).toEqual([['the total', [0]]]);
});

test('tags in prose: the picture that is named before a box says on which page it lies', () => {
  const { named } = view('1. Picture 1 says <ref>40.92</ref><box>(300,500),(360,520)</box>, Picture 2 says <ref>46.92</ref><box>(400,500),(460,520)</box>.\n2. The paper is whiter.', compared(total));
  expect(named.map(({ confirmedBy }) => confirmedBy)).toEqual([[0], []]);
  expect(named[0]).toMatchObject({ before: { text: '40.92', quad: box(300, 500, 60, 20) }, after: { text: '46.92' } });
  expect(named[1]).toMatchObject({ before: { quad: null }, after: { quad: null } });
});

test('words without any place are confirmed only when both sides stand in them, and get the places of the difference', () => {
  const { named } = view('- The total went from 40.92 to 46.92.\n- Something about 40.92 is different.', compared(total));
  expect(named.map(({ confirmedBy }) => confirmedBy)).toEqual([[0], []]);
  expect(named[0]!.after).toEqual({ quad: total.after.quad, text: '', placedBy: 'difference' });
});

test('nothing differs', () => {
  expect(view('[]', compared())).toEqual({ named: [], unnamed: [] });
});
