// Going from change to change over the pages of two documents. Would catch: pages that were moved, added or removed being passed over, and
// pages that are compared meanwhile taking a person away from what they look at.
import { beforeEach, expect, it } from 'vitest';
import type { Change, Comparison, KeptPair } from '@contract/compare.ts';
import './main-stand-in.ts';
import { showPair, stepChange, takeComparison, useCompare } from '../../../src-renderer/stores/compare-store.ts';

const quad: Change['before']['quad'] = [[0, 0], [1, 0], [1, 1], [0, 1]];
const change: Change = { kind: 'changed', before: { quad, text: '8.95' }, after: { quad, text: '8.35' }, confidence: 1, doubtful: false, cell: false };
const comparison = { id: 'one', before: { documentId: 'a', pageId: null }, after: { documentId: 'b', pageId: null }, status: 'comparing', done: 0, total: 6, error: null } as unknown as Comparison;
const page = (at: number): KeptPair['before'] => ({ pageId: `page-${at}`, pageIndex: at });
const pair = (position: number, changes: number, more: Partial<KeptPair> = {}): KeptPair => ({
  position, before: page(position), after: page(position), moved: false, similarity: 1, error: null, modelView: null, reviews: Array.from({ length: changes }, () => ({ verdict: 'open', note: '' })),
  comparison: { alignment: { method: 'text', matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1], errorPixels: 0 }, changes: Array.from({ length: changes }, () => change) }, ...more,
} as KeptPair);
const pairs = [pair(0, 0), pair(1, 2), pair(2, 0, { moved: true }), pair(3, 0), pair(4, 0, { before: null, comparison: null }), pair(5, 1)];
const place = (): string => `${useCompare.getState().position}:${useCompare.getState().change ?? '-'}`;

beforeEach(() => useCompare.setState({ versions: [{ comparison, pairs, summary: '' }], current: 0, comparison, pairs, position: 1, change: 0, listing: 'changes', named: null, went: false }));

it('stops at every change, and at pages that were moved or added', () => {
  const seen = [place()];
  for (let step = 0; step < 5; step++) {
    stepChange(1);
    seen.push(place());
  }
  expect(seen).toEqual(['1:0', '1:1', '2:-', '4:-', '5:0', '5:0']);
  stepChange(-1);
  expect(place()).toBe('4:-');
});

it('goes on from pages without a change', () => {
  showPair(3);
  stepChange(1);
  expect(place()).toBe('4:-');
  showPair(3);
  stepChange(-1);
  expect(place()).toBe('2:-');
});

it('does not leave the pages to which a person went when others are done', () => {
  showPair(3);
  takeComparison({ comparison, pairs: [pair(0, 1)] });
  expect(place()).toBe('3:-');
});
