// What is boxed on two compared pages: the changes that were found, or those that a model named, whichever is listed.
import type { ChangeKind, KeptPair } from '@contract/compare.ts';
import type { Quad } from '@contract/geometry.ts';
import { listedChanges, showChange, showNamed, useCompare } from '../stores/compare-store.ts';

export interface Mark {
  readonly id: number;
  readonly before: Quad | null;
  readonly after: Quad | null;
  readonly kind: ChangeKind | 'named';
  readonly isActive: boolean;
  /** Drawn with dashes: it may be none. */
  readonly isDoubtful: boolean;
  readonly choose: (() => void) | null;
}

export function useMarks(pair: KeptPair | undefined): readonly Mark[] {
  const listing = useCompare((compare) => compare.listing);
  const change = useCompare((compare) => compare.change), named = useCompare((compare) => compare.named);
  if (listing === 'named') {
    return (pair?.modelView?.named ?? []).map((one, id): Mark => ({
      id, before: one.before.quad, after: one.after.quad, kind: 'named', isActive: id === named, isDoubtful: one.confirmedBy.length === 0, choose: () => showNamed(id),
    }));
  }
  return listedChanges(pair).filter(({ review, index }) => review.verdict !== 'dismissed' || index === change).map(({ change: one, index }): Mark => ({
    id: index, before: one.before.quad, after: one.after.quad, kind: one.kind, isActive: index === change, isDoubtful: one.doubtful, choose: () => showChange(index),
  }));
}
