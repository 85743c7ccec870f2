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
  /** The side on which nothing stands: only the place of what the other has. */
  readonly empty: 'before' | 'after' | null;
  readonly choose: (() => void) | null;
}

export function useMarks(pair: KeptPair | undefined): readonly Mark[] {
  const listing = useCompare((compare) => compare.listing);
  const change = useCompare((compare) => compare.change), named = useCompare((compare) => compare.named);
  if (listing === 'named') {
    return (pair?.modelView?.named ?? []).map((one, id): Mark => ({
      id, before: one.before.quad, after: one.after.quad, kind: 'named', isActive: id === named, isDoubtful: one.confirmedBy.length === 0, empty: null, choose: () => showNamed(id),
    }));
  }
  // Pages that could not be laid on one another do not say where what is missing would stand.
  const isAligned = pair?.comparison?.alignment.method !== 'none';
  const emptySide = { inserted: 'before', removed: 'after', changed: null, moved: null, picture: null } as const;
  return listedChanges(pair).filter(({ review, index }) => review.verdict !== 'dismissed' || index === change).map(({ change: one, index }): Mark => ({
    id: index, before: isAligned || one.kind !== 'inserted' ? one.before.quad : null, after: isAligned || one.kind !== 'removed' ? one.after.quad : null, empty: emptySide[one.kind], kind: one.kind, isActive: index === change, isDoubtful: one.doubtful, choose: () => showChange(index),
  }));
}
