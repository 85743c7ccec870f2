// What the library can be asked about comparisons, by name. Joins the worker's methods.
import type { Comparison, CompareTarget, KeptPair, ModelView, PageComparison, Review } from '@contract/compare.ts';
import type { WireError } from '@contract/errors.ts';
import * as comparisons from './comparisons.ts';
import type { Database } from './database.ts';

interface OpenedComparison {
  comparison: Comparison;
  pairs: KeptPair[];
}

export function comparisonMethods(database: Database) {
  const opened = (comparison: Comparison): OpenedComparison => ({ comparison, pairs: comparisons.pairsOf(database, comparison.id) });
  return {
    comparisonById: (input: { comparisonId: string }): OpenedComparison => opened(comparisons.comparisonById(database, input.comparisonId)),
    comparisonOfTargets(input: { before: CompareTarget; after: CompareTarget }): OpenedComparison | null {
      const found = comparisons.comparisonOfTargets(database, input.before, input.after);
      return found && opened(found);
    },
    createComparison: (input: { before: CompareTarget; after: CompareTarget }): OpenedComparison => opened(comparisons.createComparison(database, input.before, input.after, Date.now())),
    setComparisonStatus: (input: { comparisonId: string; status: Comparison['status']; error: WireError | null }): Comparison => comparisons.setComparisonStatus(database, input.comparisonId, input.status, input.error),
    addComparisonPairs: (input: { comparisonId: string; pairs: readonly Pick<KeptPair, 'before' | 'after' | 'moved'>[] }): OpenedComparison => opened(comparisons.addPairs(database, input.comparisonId, input.pairs)),
    saveComparisonPair(input: { comparisonId: string; position: number; result: PageComparison | null; error: WireError | null }): OpenedComparison {
      const pair = comparisons.savePair(database, input.comparisonId, input.position, input.result, input.error);
      return { comparison: comparisons.comparisonById(database, input.comparisonId), pairs: [pair] };
    },
    comparisonPair: (input: { comparisonId: string; position: number }): KeptPair => comparisons.pairAt(database, input.comparisonId, input.position),
    keepModelView: (input: { comparisonId: string; position: number; view: ModelView }): KeptPair => comparisons.keepModelView(database, input.comparisonId, input.position, input.view),
    reviewChange: (input: { comparisonId: string; position: number; change: number; review: Review }): KeptPair => comparisons.reviewChange(database, input.comparisonId, input.position, input.change, input.review),
  };
}
