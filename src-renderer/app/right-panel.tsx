// The right side of the window: the text of the page, or the conversation about it. The conversation is loaded when it is first shown.
import { lazy, Suspense, useId } from 'react';
import { changeSettings, useSettings } from '../stores/settings-store.ts';
import { reportFailure } from '../stores/report-failure.ts';
import { TextPanel } from '../text-panel/text-panel.tsx';
import { classes } from '../ui/classes.ts';

const ConversationPanel = lazy(() => import('../conversation/conversation-panel.tsx'));

const sides = [{ value: 'text', label: 'Text' }, { value: 'ask', label: 'Ask' }] as const;

export function RightPanel() {
  const tab = useSettings(({ settings }) => settings.panelTab);
  const id = useId();
  const show = (panelTab: 'text' | 'ask'): void => void changeSettings({ panelTab }).catch(reportFailure);
  const tabs = (
    <div role="tablist" aria-label="Right side" className="flex shrink-0 rounded-lg border border-edge bg-panel p-0.5">
      {sides.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          role="tab"
          id={`${id}-${value}`}
          aria-selected={value === tab}
          aria-controls={`${id}-panel`}
          tabIndex={value === tab ? 0 : -1}
          onClick={() => show(value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
            event.preventDefault();
            const next = value === 'text' ? 'ask' : 'text';
            show(next);
            requestAnimationFrame(() => document.getElementById(`${id}-${next}`)?.focus());
          }}
          className={classes('rounded-md px-2.5 py-0.5 text-body', value === tab ? 'bg-raised font-semibold text-ink shadow-[0_0_0_1px_var(--edge-strong)]' : 'text-muted hover:text-ink')}
        >
          {label}
        </button>
      ))}
    </div>
  );
  return (
    <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`} className="size-full">
      {tab === 'text' ? <TextPanel tabs={tabs} /> : <Suspense fallback={<Opening tabs={tabs} />}><ConversationPanel tabs={tabs} /></Suspense>}
    </div>
  );
}

/** The head alone, for the moment in which the rest is loaded: the tabs do not jump. */
function Opening({ tabs }: { tabs: React.ReactNode }) {
  return <div className="flex size-full flex-col bg-raised"><div className="flex h-11 shrink-0 items-center border-b border-edge pl-2.5">{tabs}</div></div>;
}
