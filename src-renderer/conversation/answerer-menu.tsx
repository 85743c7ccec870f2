// Who answers the next question: the built-in reader, a model on this machine, or a server.
import { useEffect } from 'react';
import { ChevronDown, Cloud, Cpu, ScanText } from 'lucide-react';
import type { Answerer } from '@contract/conversation.ts';
import { runCommand } from '../commands/command-list.ts';
import { useAnswerer } from '../stores/answerers.ts';
import { chooseAnswerer } from '../stores/conversation-actions.ts';
import { loadEndpoints, useEndpoints } from '../stores/endpoints-store.ts';
import { loadModels, useModels } from '../stores/models-store.ts';
import { reportFailure } from '../stores/report-failure.ts';
import { DropMenu, type MenuEntry } from '../ui/menu.tsx';

export function AnswererMenu() {
  const answerer = useAnswerer();
  const models = useModels((state) => state.description?.models);
  const endpoints = useEndpoints((state) => state.endpoints);
  useEffect(() => {
    if (!useModels.getState().description) void loadModels().catch(reportFailure);
    if (!useEndpoints.getState().endpoints) void loadEndpoints().catch(reportFailure);
  }, []);
  const option = (id: string, label: string, of: Answerer, enabled = true): MenuEntry => ({ kind: 'item', id, label, enabled, checked: JSON.stringify(of) === JSON.stringify(answerer), run: () => void chooseAnswerer(of) });
  const entries: MenuEntry[] = [
    option('reader', 'Built-in reader', { kind: 'reader' }),
    ...(models ?? []).map((one) => option(one.id, one.fits ? one.name : `${one.name} (not enough memory)`, { kind: 'model', packageId: one.id }, one.fits)),
    ...(endpoints ?? []).map((one) => option(one.id, one.name, { kind: 'endpoint', endpointId: one.id })),
    { kind: 'line', id: 'line' },
    { kind: 'item', id: 'models', label: 'Models…', run: () => runCommand('models') },
    { kind: 'item', id: 'endpoints', label: 'Servers…', run: () => runCommand('endpoints') },
  ];
  const model = answerer.kind === 'model' ? models?.find((one) => one.id === answerer.packageId) : undefined;
  const endpoint = answerer.kind === 'endpoint' ? endpoints?.find((one) => one.id === answerer.endpointId) : undefined;
  const name = answerer.kind === 'reader' ? 'Built-in reader'
    : answerer.kind === 'model' ? (model?.name ?? (models ? 'Model removed' : 'Model'))
    : (endpoint?.name ?? (endpoints ? 'Server removed' : 'Server'));
  const Icon = { reader: ScanText, model: Cpu, endpoint: Cloud }[answerer.kind];
  return (
    <DropMenu entries={entries}>
      <button type="button" aria-label={`Answers: ${name}`} title={model?.loaded ? `${name}, open` : name} className="flex h-7 min-w-0 items-center gap-1.5 rounded-md px-1.5 text-small text-muted hover:bg-hover hover:text-ink">
        <Icon size={13} className="shrink-0" aria-hidden /><span className="truncate">{name}</span><ChevronDown size={12} className="shrink-0" aria-hidden />
      </button>
    </DropMenu>
  );
}
