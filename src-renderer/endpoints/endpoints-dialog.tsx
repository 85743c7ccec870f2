// Servers that answer instead of this machine: which there are, whether pages may go there, and the form to set one up.
import { useEffect, useState } from 'react';
import { Cloud, Pencil, Plus, Trash2 } from 'lucide-react';
import type { Endpoint } from '@contract/endpoint.ts';
import { chooseAnswerer } from '../stores/conversation-actions.ts';
import { useAnswerer } from '../stores/answerers.ts';
import { allowEndpoint, checkEndpoint, loadEndpoints, removeEndpoint, useEndpoints } from '../stores/endpoints-store.ts';
import { closeDialog } from '../stores/layout-store.ts';
import { reportFailure } from '../stores/report-failure.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { EndpointForm } from './endpoint-form.tsx';

export default function EndpointsDialog() {
  const endpoints = useEndpoints((state) => state.endpoints);
  /** The endpoint in the form; null for a new one, undefined when the form is shut. */
  const [editing, setEditing] = useState<Endpoint | null | undefined>(undefined);
  useEffect(() => void loadEndpoints().catch(reportFailure), []);
  if (editing !== undefined) {
    return (
      <Dialog title={editing ? `Change “${editing.name}”` : 'Set up a server'} size="medium" onClose={() => setEditing(undefined)}>
        <EndpointForm endpoint={editing} onDone={() => setEditing(undefined)} />
      </Dialog>
    );
  }
  return (
    <Dialog key="list" title="Servers" size="wide" onClose={closeDialog} actions={<Button kind="primary" onClick={() => setEditing(null)}><Plus size={14} aria-hidden />Set up a server…</Button>}>
      <p className="text-body text-muted">Qwen-VL-Plus, Qwen-VL-Max, vLLM or any server that speaks OpenAI’s chat completions can answer when this machine is not enough. Before the first page leaves, you are asked.</p>
      {endpoints?.length === 0 && (
        <p className="mt-5 flex items-center gap-2 py-4 text-body text-faint"><Cloud size={18} aria-hidden />None is set up. Everything stays on this computer.</p>
      )}
      {endpoints && endpoints.length > 0 && (
        <ul className="mt-4 divide-y divide-edge rounded-lg border border-edge">
          {endpoints.map((endpoint) => <Row key={endpoint.id} endpoint={endpoint} onEdit={() => setEditing(endpoint)} />)}
        </ul>
      )}
    </Dialog>
  );
}

const keyWords: Record<Endpoint['key'], string> = { none: 'no key', system: 'key in the system’s key store', session: 'key until Lectern ends (this system has no key store)' };

function Row({ endpoint, onEdit }: { endpoint: Endpoint; onEdit(): void }) {
  const { id, name, baseUrl, model, key, mayReceivePages } = endpoint;
  const answerer = useAnswerer();
  const [test, setTest] = useState<{ good: boolean; words: string } | 'running' | null>(null);
  const [removing, setRemoving] = useState(false);
  const chosen = answerer.kind === 'endpoint' && answerer.endpointId === id;
  const check = async (): Promise<void> => {
    setTest('running');
    setTest(await checkEndpoint(endpoint));
  };
  return (
    <li className="px-3 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-52 flex-1">
          <p className="truncate text-body font-medium">{name}</p>
          <p className="truncate text-small text-muted">{model} at {hostOf(baseUrl)} · {keyWords[key]}</p>
        </div>
        {removing ? (
          <span className="flex items-center gap-2 text-small" role="group" aria-label={`Remove ${name}?`}>
            Remove it and its key?
            <Button className="h-7! px-2.5!" onClick={() => setRemoving(false)}>Keep</Button>
            <Button kind="danger" className="h-7! px-2.5!" onClick={() => void removeEndpoint(id)}>Remove</Button>
          </span>
        ) : (
          <span className="flex items-center gap-1.5">
            {chosen ? <span className="px-1 text-small text-accent-text">Answers next</span> : <Button className="h-7! px-2.5!" onClick={() => void chooseAnswerer({ kind: 'endpoint', endpointId: id })}>Use</Button>}
            <Button className="h-7! px-2.5!" disabled={test === 'running'} onClick={() => void check()}>{test === 'running' ? 'Testing…' : 'Test'}</Button>
            <IconButton small label={`Change ${name}`} onClick={onEdit}><Pencil size={14} aria-hidden /></IconButton>
            <IconButton small label={`Remove ${name}`} onClick={() => setRemoving(true)}><Trash2 size={14} aria-hidden /></IconButton>
          </span>
        )}
      </div>
      <label className="mt-1.5 flex items-center gap-2 text-small text-muted">
        <input type="checkbox" checked={mayReceivePages} onChange={(event) => void allowEndpoint(id, event.target.checked)} />
        Pages may be sent to {hostOf(baseUrl)}
      </label>
      {test !== null && test !== 'running' && <p role="status" className={test.good ? 'mt-1 text-small text-good' : 'mt-1 text-small text-bad'}>{test.words}</p>}
    </li>
  );
}

function hostOf(address: string): string {
  try {
    return new URL(address).host;
  } catch {
    return address;
  }
}
