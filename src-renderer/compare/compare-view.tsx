// The middle of the window while pages or documents are compared: bar, pages, summary, the list of changes, and what a model sees.
import { useEffect, useState } from 'react';
import { ChevronLeft, ChevronRight, Download, RefreshCw, X } from 'lucide-react';
import type { Comparison, KeptPair } from '@contract/compare.ts';
import type { Page } from '@contract/document.ts';
import { CommandButton, commandEntries } from '../commands/use-command.tsx';
import { closeComparison, compareAgain, showPair, showVersion, stopComparing, useCompare, type CompareMode } from '../stores/compare-store.ts';
import { useLayout } from '../stores/layout-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { noPages, usePages } from '../stores/page-store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';
import { errorLine } from '../ui/error-sentences.ts';
import { DropMenu } from '../ui/menu.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { AlignedPages, isUnlike, type VersionShown } from './aligned-pages.tsx';
import { ChangeList, ChangeReview } from './change-list.tsx';
import { NamedList } from './named-list.tsx';

const modes: readonly { value: CompareMode; label: string }[] = [{ value: 'side', label: 'Side by side' }, { value: 'overlay', label: 'Overlay' }, { value: 'blink', label: 'Blink' }, { value: 'swipe', label: 'Swipe' }];

const allVersions = { value: 'all', label: 'All versions' } as const;
const listings = [{ value: 'changes', label: 'Changes' }, { value: 'named', label: 'A model’s view' }] as const;

export function CompareView({ comparison }: { comparison: Comparison }) {
  const pairs = useCompare((compare) => compare.pairs);
  const position = useCompare((compare) => compare.position);
  const change = useCompare((compare) => compare.change);
  const summary = useCompare((compare) => compare.summary);
  const listing = useCompare((compare) => compare.listing);
  const pair = pairs.find((one) => one.position === position);
  const before = usePage(comparison.before.documentId, pair?.before?.pageId), after = usePage(comparison.after.documentId, pair?.after?.pageId);
  useEffect(() => document.getElementById('compare')?.focus(), [comparison.id]);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || useLayout.getState().dialog !== null || (event.target instanceof Element && event.target.closest('input, textarea, [role=menu], #document-list'))) return;
      event.preventDefault();
      closeComparison();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  const versions = useVersions(pair);
  const review = change === null || listing === 'named' ? undefined : pair?.reviews[change];
  return (
    <main id="compare" aria-label="Comparison" tabIndex={-1} className="flex outline-none min-w-0 flex-1 flex-col">
      <CompareBar comparison={comparison} pairs={pairs} pair={pair} />
      <div className="flex min-h-0 flex-1">
        <div className="relative min-w-0 flex-1">
          {pair && (before || after) ? <AlignedPages key={`${comparison.id} ${pair.position}`} pair={pair} before={before} after={after} versions={versions} /> : <Waiting comparison={comparison} />}
        </div>
        <section aria-label="What changed" className="flex w-80 shrink-0 flex-col border-l border-edge bg-panel">
          <div className="border-b border-edge px-4 py-3">
            <Progress comparison={comparison} />
            <p className="text-body" aria-live="polite" data-selectable>{comparison.status === 'done' || comparison.done > 0 ? summary : 'The summary follows when pages have been compared.'}</p>
          </div>
          {pair?.error && <p className="px-4 py-3 text-small text-bad">{errorLine(pair.error)}</p>}
          {pair?.before && pair.after && (
            <div className="border-b border-edge px-4 py-2"><Choice legend="What is listed" value={listing} options={listings} onChange={(value) => useCompare.setState({ listing: value })} /></div>
          )}
          {pair && (listing === 'changes' || !pair.before || !pair.after ? <ChangeList pair={pair} /> : <NamedList comparisonId={comparison.id} pair={pair} />)}
          {review && change !== null && <ChangeReview key={`${position}-${change}`} index={change} review={review} />}
        </section>
      </div>
    </main>
  );
}

function usePage(documentId: string, pageId: string | undefined): Page | null {
  return usePages((pages) => (pages.byDocument.get(documentId) ?? noPages).find((page) => page.id === pageId) ?? null);
}

/** For every version, its page that belongs to the page before of the pair that is shown. */
function useVersions(pair: KeptPair | undefined): readonly VersionShown[] {
  const versions = useCompare((compare) => compare.versions);
  const byDocument = usePages((pages) => pages.byDocument);
  const titles = useLibrary((library) => library.byId);
  return versions.map(({ comparison: { after }, pairs }) => {
    const same = pairs.find((one) => one.before !== null && one.before.pageId === pair?.before?.pageId);
    const page = (byDocument.get(after.documentId) ?? noPages).find((one) => one.id === same?.after?.pageId) ?? null;
    return { name: titles.get(after.documentId)?.title ?? '', pair: same, page };
  });
}

function useTitle(documentId: string): string {
  return useLibrary((library) => library.byId.get(documentId)?.title ?? '');
}

/** Which pages of the two documents, and what became of them. */
function pairName({ before, after, moved, comparison }: KeptPair): string {
  if (!before || !after) return before ? `Page ${before.pageIndex + 1}, removed` : `Page ${(after?.pageIndex ?? 0) + 1}, added`;
  const count = comparison?.changes.filter(({ doubtful }) => !doubtful).length ?? 0;
  return [`Page ${before.pageIndex + 1} → ${after.pageIndex + 1}`, ...(moved ? ['moved'] : []), ...(count > 0 ? [count === 1 ? '1 change' : `${count} changes`] : [])].join(', ');
}

function CompareBar({ comparison, pairs, pair }: { comparison: Comparison; pairs: readonly KeptPair[]; pair: KeptPair | undefined }) {
  const before = useTitle(comparison.before.documentId), after = useTitle(comparison.after.documentId);
  const chosenMode = useCompare((compare) => compare.mode);
  const versions = useCompare((compare) => compare.versions), current = useCompare((compare) => compare.current);
  const library = useLibrary((state) => state.byId);
  const possible = isUnlike(pair) ? modes.slice(0, 1) : modes;
  const shownModes = versions.length > 1 ? [allVersions, ...possible] : possible;
  const mode = shownModes.some(({ value }) => value === chosenMode) ? chosenMode : 'side';
  const [entries, setEntries] = useState(() => commandEntries([]));
  const renew = (): void => setEntries(commandEntries(['export-report-html', 'export-report-pdf', 'export-report-json']));
  const at = pairs.findIndex((one) => one === pair);
  return (
    <div role="toolbar" aria-label="Comparison" className="@container flex h-11 shrink-0 items-center gap-1 border-b border-edge bg-raised px-2">
      <h1 className="min-w-8 flex-1 truncate px-1.5 text-body font-semibold" title={`${before} → ${after}`}>{before} → {after}</h1>
      {versions.length > 1 && (
        <select aria-label="Version whose changes are listed" value={current} onChange={(event) => showVersion(Number(event.target.value))} className="h-8 max-w-40 min-w-0 shrink rounded-md border border-edge-strong bg-raised px-2 text-body">
          {versions.map((version, index) => <option key={version.comparison.id} value={index}>{library.get(version.comparison.after.documentId)?.title ?? ''}</option>)}
        </select>
      )}
      {pairs.length > 1 && pair && (
        <div className="flex shrink-0 items-center">
          <IconButton label="Previous pages" disabled={at <= 0} onClick={() => showPair(pairs[at - 1]!.position)}><ChevronLeft size={16} aria-hidden /></IconButton>
          <select aria-label="Pages that are shown" value={pair.position} onChange={(event) => showPair(Number(event.target.value))} className="h-8 max-w-48 min-w-0 rounded-md border border-edge-strong bg-raised px-2 text-small tabular-nums">
            {pairs.map((one) => <option key={one.position} value={one.position}>{pairName(one)}</option>)}
          </select>
          <IconButton label="Next pages" disabled={at < 0 || at >= pairs.length - 1} onClick={() => showPair(pairs[at + 1]!.position)}><ChevronRight size={16} aria-hidden /></IconButton>
        </div>
      )}
      <div className="shrink-0 @max-2xl:hidden"><Choice legend="How the pages are shown" value={mode} options={shownModes} onChange={(value) => useCompare.setState({ mode: value })} /></div>
      <select aria-label="How the pages are shown" value={mode} onChange={(event) => useCompare.setState({ mode: event.target.value as CompareMode })} className="hidden h-8 rounded-md border border-edge-strong bg-raised px-2 text-body @max-2xl:block">
        {shownModes.map(({ value, label }) => <option key={value} value={value}>{label}</option>)}
      </select>
      <span aria-hidden className="mx-1 h-5 w-px shrink-0 bg-edge" />
      <CommandButton id="previous-change"><ChevronLeft size={16} aria-hidden /></CommandButton>
      <CommandButton id="next-change"><ChevronRight size={16} aria-hidden /></CommandButton>
      <span aria-hidden className="mx-1 h-5 w-px shrink-0 bg-edge" />
      <IconButton label="Compare again (decisions and notes are forgotten)" disabled={comparison.status === 'comparing' || comparison.status === 'reading'} onClick={() => void compareAgain()}><RefreshCw size={16} aria-hidden /></IconButton>
      <DropMenu entries={entries}>
        <IconButton label="Export the report" onPointerDown={renew} onKeyDown={renew}><Download size={16} aria-hidden /></IconButton>
      </DropMenu>
      <IconButton label="Close the comparison" keys="Esc" onClick={closeComparison}><X size={16} aria-hidden /></IconButton>
    </div>
  );
}

function Progress({ comparison }: { comparison: Comparison }) {
  const { status, done, total, error } = comparison;
  if (status === 'done') return null;
  if (status === 'failed') return <p className="mb-2 text-small text-bad">{error ? errorLine(error) : 'The documents could not be compared.'}</p>;
  if (status === 'stopped') return <p className="mb-2 text-small text-muted">Stopped after {done} of {total} pages. “Compare again” starts anew.</p>;
  return (
    <div className="mb-2 flex items-center gap-3">
      <div className="min-w-0 flex-1">
        <p className="mb-1 text-small text-muted">{status === 'reading' ? 'Waiting until both documents are read…' : `Comparing, ${done} of ${total} pages`}</p>
        <ProgressBar label="Comparing" fraction={total ? done / total : 0} />
      </div>
      <Button onClick={stopComparing}>Stop</Button>
    </div>
  );
}

function Waiting({ comparison }: { comparison: Comparison }) {
  const busy = comparison.status === 'reading' || comparison.status === 'comparing';
  return <p className="flex size-full items-center justify-center bg-desk text-muted">{busy ? 'The pages appear here as soon as they are matched.' : 'There is nothing to show.'}</p>;
}
