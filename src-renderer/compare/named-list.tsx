// What a model says differs between the two pages: whom to ask, what it named (each with its check), and what it wrote.
import { useEffect } from 'react';
import { CircleCheck, CircleHelp } from 'lucide-react';
import { modelViewKey, type KeptPair, type NamedChange } from '@contract/compare.ts';
import { runCommand } from '../commands/command-list.ts';
import { useStreams } from '../stores/answer-streams.ts';
import { showNamed, stepChange, stopComparing, useCompare } from '../stores/compare-store.ts';
import { allowEndpoint, loadEndpoints, useEndpoints } from '../stores/endpoints-store.ts';
import { askModel, useLooker, useLookers, useModelView, type Looker } from '../stores/model-view-store.ts';
import { loadModels, useModels } from '../stores/models-store.ts';
import { reportFailure } from '../stores/report-failure.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { durationWords, stageWords } from '../ui/page-sentences.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';

export function NamedList({ comparisonId, pair }: { comparisonId: string; pair: KeptPair }) {
  const lookers = useLookers();
  useEffect(() => {
    if (!useModels.getState().description) void loadModels().catch(reportFailure);
    if (!useEndpoints.getState().endpoints) void loadEndpoints().catch(reportFailure);
  }, []);
  const key = modelViewKey(comparisonId, pair.position);
  const asking = useModelView((state) => state.asking.has(key));
  const view = pair.modelView;
  if (!pair.comparison) return <p className="px-4 py-6 text-small text-muted">A model can be asked when both pages have been compared.</p>;
  return (
    <>
      <div className="border-b border-edge px-4 py-3">
        {asking ? <Asking of={key} /> : lookers && <Ask lookers={lookers} isAgain={view !== null} />}
      </div>
      {view && !asking && (
        <div className="flex min-h-0 flex-1 flex-col">
          <p className="px-4 pt-3 text-small text-muted" aria-live="polite" data-selectable>{sentence(view)}</p>
          {view.named.length > 0 && <Named named={view.named} />}
          <details className="shrink-0 border-t border-edge px-4 py-2 text-small">
            <summary className="cursor-pointer text-muted">What {view.answererName} wrote</summary>
            <pre className="mt-2 max-h-48 overflow-auto whitespace-pre-wrap [overflow-wrap:anywhere]" data-selectable tabIndex={0}>{view.answer}</pre>
          </details>
        </div>
      )}
    </>
  );
}

function sentence({ answererName, named, unnamed, isCut, totalMs }: NonNullable<KeptPair['modelView']>): string {
  const confirmed = named.filter((one) => one.confirmedBy.length > 0).length;
  return [
    named.length === 0 ? `${answererName} sees no difference (${durationWords(totalMs)}).` : `${answererName} names ${named.length === 1 ? 'one change' : `${named.length} changes`}, ${confirmed} confirmed (${durationWords(totalMs)}).`,
    unnamed.length > 0 ? `It does not name ${unnamed.length === 1 ? 'one change' : `${unnamed.length} changes`} that ${unnamed.length === 1 ? 'was' : 'were'} found.` : '',
    isCut ? 'Its answer was cut off.' : '',
  ].filter(Boolean).join(' ');
}

function Ask({ lookers, isAgain }: { lookers: readonly Looker[]; isAgain: boolean }) {
  const looker = useLooker(lookers);
  if (!looker) {
    return (
      <>
        <p className="text-body">No model is installed. The summary above is written from the differences that were found.</p>
        <Button kind="quiet" className="mt-1 -ml-3" onClick={() => runCommand('models')}>Models…</Button>
      </>
    );
  }
  const allow = async (endpointId: string): Promise<void> => {
    if (await allowEndpoint(endpointId, true)) await askModel(looker.answerer);
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <select
          aria-label="Who looks at the pages"
          value={looker.id}
          onChange={(event) => useModelView.setState({ chosen: lookers.find((one) => one.id === event.target.value)?.answerer ?? null })}
          className="h-8 min-w-0 flex-1 rounded-md border border-edge-strong bg-raised px-2 text-body"
        >
          {lookers.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
        </select>
        {!looker.unasked && <Button kind={isAgain ? 'plain' : 'primary'} onClick={() => void askModel(looker.answerer)}>{isAgain ? 'Ask again' : 'What differs?'}</Button>}
      </div>
      {looker.unasked && (
        <>
          <p className="text-small">These two pages would leave this computer for <strong className="font-semibold break-all">{looker.unasked.host}</strong>. Who runs that server can see them.</p>
          <Button kind="primary" className="self-start" onClick={() => void allow(looker.unasked!.endpointId)}>Send and remember</Button>
        </>
      )}
    </div>
  );
}

function Asking({ of }: { of: string }) {
  const stream = useStreams((state) => state.byMessage.get(of));
  const words = stream ? `${stageWords(stream.stage)}…` : 'Asking…';
  return (
    <div className="flex items-center gap-3">
      <div className="min-w-0 flex-1">
        <p className="mb-1 truncate text-small text-muted">{words}{stream?.text ? ` ${stream.text.length} characters so far` : (stream?.detail ? ` ${stream.detail}` : '')}</p>
        <ProgressBar label="Asking the model" fraction={stream?.fraction ?? 0} />
      </div>
      <Button onClick={stopComparing}>Stop</Button>
    </div>
  );
}

function Named({ named }: { named: readonly NamedChange[] }) {
  const active = useCompare((compare) => compare.named);
  useEffect(() => {
    if (active !== null) document.getElementById(`named-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const press = (event: React.KeyboardEvent): void => {
    if (event.target !== event.currentTarget || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    event.preventDefault();
    stepChange(event.key === 'ArrowDown' ? 1 : -1);
  };
  return (
    <div
      id="named-list"
      role="listbox"
      aria-label="Changes that the model names"
      tabIndex={0}
      aria-activedescendant={active === null ? undefined : `named-${active}`}
      onKeyDown={press}
      className="focus-inside min-h-0 flex-1 overflow-y-auto p-1.5"
    >
      {named.map(({ text, before, after, confirmedBy }, index) => {
        const isConfirmed = confirmedBy.length > 0, Icon = isConfirmed ? CircleCheck : CircleHelp;
        return (
          <div key={index} id={`named-${index}`} role="option" aria-selected={index === active} onClick={() => showNamed(index)} className={classes('rounded-lg px-2.5 py-2 text-body', index === active ? 'bg-accent-soft' : 'hover:bg-hover')}>
            <p className={classes('flex items-center gap-1.5 text-small font-medium', isConfirmed ? 'text-good' : 'text-warn')}>
              <Icon size={14} aria-hidden />{isConfirmed ? 'Confirmed' : 'Unconfirmed'}
              {before.quad === null && after.quad === null && <span className="font-normal text-muted">· no place named</span>}
            </p>
            <p className="break-words [overflow-wrap:anywhere]">{text}</p>
            {(before.text || after.text) && <p className="text-small break-words [overflow-wrap:anywhere]"><del className="decoration-bad text-bad">{before.text}</del> <span aria-hidden>→</span> <ins className="text-good no-underline">{after.text}</ins></p>}
          </div>
        );
      })}
    </div>
  );
}
