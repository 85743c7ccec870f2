// The comparison that lies open: its pairs of pages, which change is looked at, how the pages are shown. Asks main; draws nothing.
import { create } from 'zustand';
import type { Change, Comparison, CompareTarget, KeptPair, ReportFormat, Review } from '@contract/compare.ts';
import { request } from '../api.ts';
import { currentPage } from './desk-store.ts';
import { notify } from './notice-store.ts';
import { ensurePages } from './page-store.ts';
import { reportFailure } from './report-failure.ts';

export type CompareMode = 'side' | 'overlay' | 'blink' | 'swipe';

interface CompareState {
  comparison: Comparison | null;
  pairs: readonly KeptPair[];
  /** The pair that is shown, and the change in it that is looked at. */
  position: number;
  change: number | null;
  mode: CompareMode;
  summary: string;
  /** The first of two pages that are to be compared. */
  picked: CompareTarget | null;
}

const nothing = { comparison: null, pairs: [], position: 0, change: null, summary: '' } as const;

export const useCompare = create<CompareState>(() => ({ ...nothing, mode: 'side', picked: null }));

async function open(before: CompareTarget, after: CompareTarget, again: boolean): Promise<void> {
  try {
    const { comparison, pairs } = await request('compare.start', { before, after, again });
    useCompare.setState({ ...nothing, comparison, pairs, picked: null });
    void ensurePages(before.documentId);
    void ensurePages(after.documentId);
    showFirstChange();
    await refreshSummary();
  } catch (failure) {
    reportFailure(failure);
  }
}

/** The older of two documents is the one before. */
export function compareDocuments(before: string, after: string): Promise<void> {
  return open({ documentId: before, pageId: null }, { documentId: after, pageId: null }, false);
}

/** The open page is the first of two, or the second after one was chosen. */
export function compareOpenPage(): void {
  const page = currentPage();
  if (!page) return;
  const { picked } = useCompare.getState();
  const target = { documentId: page.documentId, pageId: page.id };
  if (picked && picked.pageId !== page.id) {
    void open(picked, target, false);
    return;
  }
  useCompare.setState({ picked: target });
  notify('This page is the first of two. Open the other one and choose “Compare this page” again.', { action: { label: 'Cancel', run: () => useCompare.setState({ picked: null }) } });
}

export function compareAgain(): void {
  const { comparison } = useCompare.getState();
  if (comparison) void open(comparison.before, comparison.after, true);
}

export function closeComparison(): void {
  useCompare.setState(nothing);
}

/** What is compared went away. */
export function leaveComparison(documentIds: readonly string[]): void {
  const { comparison, picked } = useCompare.getState();
  if (comparison && [comparison.before, comparison.after].some((one) => documentIds.includes(one.documentId))) closeComparison();
  if (picked && documentIds.includes(picked.documentId)) useCompare.setState({ picked: null });
}

export function stopComparing(): void {
  const { comparison } = useCompare.getState();
  if (comparison) void request('compare.stop', { comparisonId: comparison.id }).catch(reportFailure);
}

async function refreshSummary(): Promise<void> {
  const { comparison } = useCompare.getState();
  if (!comparison) return;
  const { text } = await request('compare.summary', { comparisonId: comparison.id });
  if (useCompare.getState().comparison?.id === comparison.id) useCompare.setState({ summary: text });
}

/** What main tells while pages are being compared. */
export function takeComparison({ comparison, pairs }: { comparison: Comparison; pairs: readonly KeptPair[] }): void {
  const now = useCompare.getState();
  if (now.comparison?.id !== comparison.id) return;
  const changed = new Map(pairs.map((pair) => [pair.position, pair]));
  const known = now.pairs.map((pair) => changed.get(pair.position) ?? pair);
  const fresh = pairs.filter((pair) => !now.pairs.some((one) => one.position === pair.position));
  useCompare.setState({ comparison, pairs: [...known, ...fresh].sort((a, b) => a.position - b.position) });
  if (now.change === null) showFirstChange();
  if (comparison.status === 'done' || pairs.length) void refreshSummary().catch(reportFailure);
}

const changesOf = (pair: KeptPair | undefined): readonly Change[] => pair?.comparison?.changes ?? [];

/** Every change that is to be looked at, in the order in which the list shows them: the doubtful ones of a pair behind the others. */
export function listedChanges(pair: KeptPair | undefined): { change: Change; index: number; review: Review }[] {
  const all = changesOf(pair).map((change, index) => ({ change, index, review: pair?.reviews[index] ?? { verdict: 'open' as const, note: '' } }));
  return [...all.filter(({ change }) => !change.doubtful), ...all.filter(({ change }) => change.doubtful)];
}

function showFirstChange(): void {
  const { pairs } = useCompare.getState();
  const pair = pairs.find((one) => changesOf(one).some((change) => !change.doubtful)) ?? pairs[0];
  if (pair) useCompare.setState({ position: pair.position, change: listedChanges(pair).find(({ change }) => !change.doubtful)?.index ?? null });
}

export function showPair(position: number): void {
  const pair = useCompare.getState().pairs.find((one) => one.position === position);
  if (pair) useCompare.setState({ position, change: listedChanges(pair)[0]?.index ?? null });
}

export function showChange(change: number): void {
  useCompare.setState({ change });
}

/** The next change, on the next pages when these have no more. */
export function stepChange(direction: 1 | -1): void {
  const { pairs, position, change } = useCompare.getState();
  const all = pairs.flatMap((pair) => listedChanges(pair).map(({ index }) => ({ position: pair.position, index })));
  const at = all.findIndex((one) => one.position === position && one.index === change);
  const next = at >= 0 ? all[at + direction] : direction > 0 ? (all.find((one) => one.position >= position) ?? all[0]) : all.findLast((one) => one.position <= position);
  if (next) useCompare.setState({ position: next.position, change: next.index });
}

export const currentPair = (): KeptPair | undefined => {
  const { pairs, position } = useCompare.getState();
  return pairs.find((pair) => pair.position === position);
};

export async function reviewChange(index: number, change: Partial<Review>): Promise<void> {
  const { comparison } = useCompare.getState();
  const pair = currentPair(), before = pair?.reviews[index];
  if (!comparison || !pair || !before) return;
  try {
    const stored = await request('compare.review', { comparisonId: comparison.id, position: pair.position, change: index, review: { ...before, ...change } });
    useCompare.setState(({ pairs }) => ({ pairs: pairs.map((one) => (one.position === stored.position ? stored : one)) }));
  } catch (failure) {
    reportFailure(failure);
  }
}

/** Accepts or dismisses the change that is looked at and goes on; the same verdict again takes it back. */
export function judgeChange(verdict: 'accepted' | 'dismissed'): void {
  const { change } = useCompare.getState();
  const review = change === null ? undefined : currentPair()?.reviews[change];
  if (change === null || !review) return;
  const isBack = review.verdict === verdict;
  void reviewChange(change, { verdict: isBack ? 'open' : verdict });
  if (!isBack) stepChange(1);
}

export async function exportReport(format: ReportFormat): Promise<void> {
  const { comparison } = useCompare.getState();
  if (!comparison) return;
  try {
    const written = await request('compare.export', { comparisonId: comparison.id, format });
    if (written) notify(`The report was written: ${written.file}`, { tone: 'good' });
  } catch (failure) {
    reportFailure(failure);
  }
}
