// The comparison that lies open: one page or document before, one or more after it, their pairs of pages, which change is looked at, how
// the pages are shown. Asks main; draws nothing.
import { create } from 'zustand';
import type { Change, Comparison, CompareTarget, KeptPair, ReportFormat, Review } from '@contract/compare.ts';
import { request } from '../api.ts';
import { currentPage } from './desk-store.ts';
import { notify } from './notice-store.ts';
import { ensurePages } from './page-store.ts';
import { reportFailure } from './report-failure.ts';

/** 'all': what is before, and every version of it, side by side. */
export type CompareMode = 'side' | 'overlay' | 'blink' | 'swipe' | 'all';

/** One of those that the page or document before is compared with. */
export interface Version {
  readonly comparison: Comparison;
  readonly pairs: readonly KeptPair[];
  readonly summary: string;
}

interface CompareState {
  versions: readonly Version[];
  /** Which version is shown. */
  current: number;
  /** Of the version that is shown. */
  comparison: Comparison | null;
  pairs: readonly KeptPair[];
  summary: string;
  /** The pair that is shown, and the change in it that is looked at. */
  position: number;
  change: number | null;
  /** Whether the person went to other pages: then pages that are done meanwhile do not come forward. */
  went: boolean;
  mode: CompareMode;
  /** What is listed: the changes that were found, or those that a model named (and which of these is looked at). */
  listing: 'changes' | 'named';
  named: number | null;
  /** The first of two pages that are to be compared. */
  picked: CompareTarget | null;
}

const nothing = { versions: [], current: 0, comparison: null, pairs: [], position: 0, change: null, went: false, summary: '', listing: 'changes', named: null } as const;

export const useCompare = create<CompareState>(() => ({ ...nothing, mode: 'side', picked: null }));

/** The versions, and the one shown as fields of its own. */
function showing(versions: readonly Version[], current: number): Pick<CompareState, 'versions' | 'current' | 'comparison' | 'pairs' | 'summary'> {
  const at = Math.min(current, versions.length - 1);
  const { comparison = null, pairs = [], summary = '' } = versions[at] ?? {};
  return { versions, current: at, comparison, pairs, summary };
}

async function open(before: CompareTarget, afters: readonly CompareTarget[]): Promise<void> {
  try {
    const versions: Version[] = [];
    for (const after of afters) versions.push({ ...(await request('compare.start', { before, after, again: false })), summary: '' });
    const { mode } = useCompare.getState();
    useCompare.setState({ ...nothing, ...showing(versions, 0), picked: null, mode: versions.length > 1 ? 'all' : mode === 'all' ? 'side' : mode });
    for (const { documentId } of [before, ...afters]) void ensurePages(documentId);
    showFirstChange();
    for (const { comparison } of versions) await refreshSummary(comparison.id);
  } catch (failure) {
    reportFailure(failure);
  }
}

/** The first is what is before; the others are versions of it. */
export function compareDocuments(before: string, ...afters: readonly string[]): Promise<void> {
  return open({ documentId: before, pageId: null }, afters.map((documentId) => ({ documentId, pageId: null })));
}

/** The open page is the first of two, or the second after one was chosen. */
export function compareOpenPage(): void {
  const page = currentPage();
  if (!page) return;
  const { picked } = useCompare.getState();
  const target = { documentId: page.documentId, pageId: page.id };
  if (picked && picked.pageId !== page.id) {
    void open(picked, [target]);
    return;
  }
  useCompare.setState({ picked: target });
  notify('This page is the first of two. Open the other one and choose “Compare this page with another” again.', { action: { label: 'Cancel', run: () => useCompare.setState({ picked: null }) } });
}

export async function compareAgain(): Promise<void> {
  const { comparison, versions, current } = useCompare.getState();
  if (!comparison) return;
  try {
    const opened = await request('compare.start', { before: comparison.before, after: comparison.after, again: true });
    useCompare.setState({ ...showing(versions.with(current, { ...opened, summary: '' }), current), position: 0, change: null, went: false, named: null });
  } catch (failure) {
    reportFailure(failure);
  }
}

export function closeComparison(): void {
  useCompare.setState(nothing);
}

/** What is compared went away. */
export function leaveComparison(documentIds: readonly string[]): void {
  const { versions, current, picked } = useCompare.getState();
  const isGone = ({ documentId }: CompareTarget): boolean => documentIds.includes(documentId);
  const left = versions.filter(({ comparison }) => !isGone(comparison.before) && !isGone(comparison.after));
  if (versions.length > 0 && left.length === 0) closeComparison();
  else if (left.length < versions.length) {
    useCompare.setState({ ...showing(left, current), mode: left.length > 1 ? useCompare.getState().mode : 'side' });
    showFirstChange();
  }
  if (picked && isGone(picked)) useCompare.setState({ picked: null });
}

export function stopComparing(): void {
  const { comparison } = useCompare.getState();
  if (comparison) void request('compare.stop', { comparisonId: comparison.id }).catch(reportFailure);
}

/** Puts what is new into its version, wherever that stands. */
function change(comparisonId: string, next: (version: Version) => Version): boolean {
  const { versions, current } = useCompare.getState();
  const at = versions.findIndex(({ comparison }) => comparison.id === comparisonId);
  if (at < 0) return false;
  useCompare.setState(showing(versions.with(at, next(versions[at]!)), current));
  return true;
}

async function refreshSummary(comparisonId: string): Promise<void> {
  const { text } = await request('compare.summary', { comparisonId });
  change(comparisonId, (version) => ({ ...version, summary: text }));
}

const summaryEveryMs = 1500;
const waiting = new Set<string>();
/** A comparison of many pages tells each of them; its summary need not follow every one. */
function refreshSummarySoon(comparisonId: string): void {
  if (waiting.has(comparisonId)) return;
  waiting.add(comparisonId);
  setTimeout(() => {
    waiting.delete(comparisonId);
    void refreshSummary(comparisonId).catch(reportFailure);
  }, summaryEveryMs);
}

/** What main tells while pages are being compared. */
export function takeComparison({ comparison, pairs }: { comparison: Comparison; pairs: readonly KeptPair[] }): void {
  const isKnown = change(comparison.id, (version) => {
    const changed = new Map(pairs.map((pair) => [pair.position, pair]));
    const known = version.pairs.map((pair) => {
      const taken = changed.get(pair.position) ?? pair;
      changed.delete(pair.position);
      return taken;
    });
    return { ...version, comparison, pairs: changed.size ? [...known, ...changed.values()].sort((a, b) => a.position - b.position) : known };
  });
  if (!isKnown) return;
  const now = useCompare.getState();
  if (!now.went && now.change === null && now.comparison?.id === comparison.id) showFirstChange();
  if (comparison.status === 'done') void refreshSummary(comparison.id).catch(reportFailure);
  else if (pairs.length) refreshSummarySoon(comparison.id);
}

/** A pair that main stored anew. */
export function takePair(comparisonId: string, stored: KeptPair): void {
  change(comparisonId, (version) => ({ ...version, pairs: version.pairs.map((one) => (one.position === stored.position ? stored : one)) }));
}

const changesOf = (pair: KeptPair | undefined): readonly Change[] => pair?.comparison?.changes ?? [];

/** Every change that is to be looked at, in the order in which the list shows them: the doubtful ones of a pair behind the others. */
export function listedChanges(pair: KeptPair | undefined): { change: Change; index: number; review: Review }[] {
  const all = changesOf(pair).map((one, index) => ({ change: one, index, review: pair?.reviews[index] ?? { verdict: 'open' as const, note: '' } }));
  return [...all.filter(({ change: one }) => !one.doubtful), ...all.filter(({ change: one }) => one.doubtful)];
}

function showFirstChange(): void {
  const { pairs, position } = useCompare.getState();
  const pair = pairs.find((one) => changesOf(one).some(({ doubtful }) => !doubtful)) ?? pairs.find(isPageChange) ?? pairs.find((one) => one.position === position) ?? pairs[0];
  if (pair) useCompare.setState({ position: pair.position, change: listedChanges(pair).find(({ change: one }) => !one.doubtful)?.index ?? null, named: null });
}

export function showPair(position: number): void {
  const pair = useCompare.getState().pairs.find((one) => one.position === position);
  if (pair) useCompare.setState({ position, went: true, change: listedChanges(pair)[0]?.index ?? null, named: pair.modelView?.named.length ? 0 : null });
}

/** Another version, at the page before that is looked at now. */
export function showVersion(version: number): void {
  const { versions, pairs, position } = useCompare.getState();
  const before = pairs.find((pair) => pair.position === position)?.before;
  const next = versions[version];
  if (!next) return;
  useCompare.setState(showing(versions, version));
  const same = before && next.pairs.find((pair) => pair.before?.pageId === before.pageId);
  if (same) showPair(same.position);
  else showFirstChange();
}

export function showChange(index: number): void {
  useCompare.setState({ change: index });
}

export function showNamed(named: number): void {
  useCompare.setState({ named });
}

/** Whether the pages themselves are a change: put in, taken out, or at another place. */
const isPageChange = (pair: KeptPair): boolean => pair.before === null || pair.after === null || pair.moved;

/** The next change, on the next pages when these have no more. Pages that were put in, taken out or moved are one, even if nothing on them changed. */
export function stepChange(direction: 1 | -1): void {
  const { pairs, position, change: now, listing, named } = useCompare.getState();
  if (listing === 'named') {
    const count = currentPair()?.modelView?.named.length ?? 0;
    if (count > 0) showNamed(Math.min(count - 1, Math.max(0, (named ?? -1) + direction)));
    return;
  }
  const all = pairs.flatMap((pair): { position: number; index: number | null }[] => {
    const listed = listedChanges(pair).map(({ index }) => ({ position: pair.position, index }));
    return listed.length === 0 && isPageChange(pair) ? [{ position: pair.position, index: null }] : listed;
  });
  const at = all.findIndex((one) => one.position === position && one.index === now);
  const next = at >= 0 ? all[at + direction] : direction > 0 ? (all.find((one) => one.position >= position) ?? all[0]) : all.findLast((one) => one.position <= position);
  if (next) useCompare.setState({ position: next.position, change: next.index, went: true });
}

export const currentPair = (): KeptPair | undefined => {
  const { pairs, position } = useCompare.getState();
  return pairs.find((pair) => pair.position === position);
};

export async function reviewChange(index: number, review: Partial<Review>): Promise<void> {
  const { comparison } = useCompare.getState();
  const pair = currentPair(), before = pair?.reviews[index];
  if (!comparison || !pair || !before) return;
  try {
    takePair(comparison.id, await request('compare.review', { comparisonId: comparison.id, position: pair.position, change: index, review: { ...before, ...review } }));
  } catch (failure) {
    reportFailure(failure);
  }
}

/** Accepts or dismisses the change that is looked at and goes on; the same verdict again takes it back. */
export function judgeChange(verdict: 'accepted' | 'dismissed'): void {
  const { change: index } = useCompare.getState();
  const review = index === null ? undefined : currentPair()?.reviews[index];
  if (index === null || !review) return;
  const isBack = review.verdict === verdict;
  void reviewChange(index, { verdict: isBack ? 'open' : verdict });
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
