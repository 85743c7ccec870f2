// The models on this machine: what is there and what it needs, where it runs and why not faster, and how another one is brought in.
import { useEffect, useState } from 'react';
import { CircleAlert, Cpu, Trash2 } from 'lucide-react';
import type { InstalledModel, Machine } from '@contract/installed-models.ts';
import { chooseAnswerer } from '../stores/conversation-actions.ts';
import { useAnswerer } from '../stores/answerers.ts';
import { closeDialog } from '../stores/layout-store.ts';
import { loadModel, loadModels, removeModel, unloadModel, useModels } from '../stores/models-store.ts';
import { reportFailure } from '../stores/report-failure.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { byteWords } from '../ui/byte-words.ts';
import { Dialog } from '../ui/dialog.tsx';
import { InstallList } from './install-list.tsx';
import { InstallModel } from './install-model.tsx';

const providerNames: Record<Machine['provider'], string> = { cpu: 'the processor (CPU)', cuda: 'the NVIDIA graphics card (CUDA)', dml: 'the graphics card (DirectML)', coreml: 'Core ML', webgpu: 'the graphics card (WebGPU)' };
const shortNames: Record<Machine['provider'], string> = { cpu: 'CPU', cuda: 'CUDA', dml: 'DirectML', coreml: 'Core ML', webgpu: 'WebGPU' };
const architectureNames: Record<string, string> = { 'qwen-vl': 'Qwen-VL', 'qwen2-vl': 'Qwen2-VL', 'qwen2.5-vl': 'Qwen2.5-VL', 'qwen3-vl': 'Qwen3-VL' };

export default function ModelsDialog() {
  const description = useModels((state) => state.description);
  const installs = useModels((state) => state.installs);
  useEffect(() => void loadModels().catch(reportFailure), []);
  const models = description?.models ?? [];
  return (
    <Dialog title="Models" size="wide" onClose={closeDialog}>
      <p className="text-body text-muted">A Qwen-VL model describes, compares, translates and answers anything about a page. It runs on this computer; nothing is sent away.</p>
      {description && <MachineFacts machine={description.machine} />}

      <h3 className="mt-5 mb-1 text-small font-semibold text-muted">Installed</h3>
      {description === null ? <p className="py-2 text-body text-faint" role="status">Looking…</p>
        : models.length === 0 ? <p className="py-2 text-body text-faint">None yet. The built-in reader answers what it can.</p>
        : <ul className="divide-y divide-edge rounded-lg border border-edge">{models.map((model) => <ModelRow key={model.id} model={model} free={description.machine.freeMemoryBytes} />)}</ul>}
      {description?.broken.map(({ id, reason }) => (
        <p key={id} className="mt-2 flex gap-2 rounded-lg bg-bad-soft px-3 py-2 text-small text-bad"><CircleAlert size={14} className="mt-0.5 shrink-0" aria-hidden />“{id}” is damaged and cannot be used ({reason}). Install it again.</p>
      ))}

      {installs.length > 0 && <InstallList installs={installs} />}
      <InstallModel />
    </Dialog>
  );
}

function MachineFacts({ machine: { provider, refused, freeMemoryBytes } }: { machine: Machine }) {
  return (
    <div className="mt-3 rounded-lg border border-edge bg-panel px-3 py-2 text-small text-muted">
      <p><Cpu size={13} className="mr-1.5 inline-block align-[-2px]" aria-hidden />Models run on <span className="font-medium text-ink">{providerNames[provider]}</span>. About {byteWords(freeMemoryBytes)} of memory is free.</p>
      {refused.length > 0 && (
        <details className="mt-1">
          <summary className="-mx-1 w-fit rounded px-1 hover:text-ink">Why not faster?</summary>
          <ul className="mt-1 flex flex-col gap-0.5">{refused.map((one) => <li key={one.provider}><span className="font-medium text-ink">{shortNames[one.provider]}</span>: {one.reason}</li>)}</ul>
        </details>
      )}
    </div>
  );
}

function ModelRow({ model, free }: { model: InstalledModel; free: number }) {
  const busy = useModels((state) => state.busy.has(model.id));
  const answerer = useAnswerer();
  const [removing, setRemoving] = useState(false);
  const { name, architecture, sizeBytes, weights, forecast, fits, loaded, maxContextTokens, id } = model;
  const chosen = answerer.kind === 'model' && answerer.packageId === id;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2.5" aria-busy={busy}>
      <div className="min-w-52 flex-1">
        <p className="flex items-center gap-2 text-body font-medium">
          <span className="truncate">{name}</span>
          {loaded && <span className="rounded bg-pressed px-1.5 text-tiny font-normal text-good">open on {shortNames[loaded.provider]}</span>}
        </p>
        <p className="text-small text-muted tabular-nums">{architectureNames[architecture] ?? architecture} · {weights.text} · {byteWords(sizeBytes)} on disk · {maxContextTokens.toLocaleString('en')} tokens of context</p>
        <p className={fits ? 'text-small text-faint tabular-nums' : 'text-small text-bad tabular-nums'}>{fits ? `Needs about ${byteWords(forecast.totalBytes)} of memory` : `Needs about ${byteWords(forecast.totalBytes)} of memory; only ${byteWords(free)} is free. Close other programs or choose a smaller model.`}</p>
      </div>
      {removing ? (
        <span className="flex items-center gap-2 text-small" role="group" aria-label={`Remove ${name}?`}>
          Remove its {byteWords(sizeBytes)}?
          <Button className="h-7! px-2.5!" onClick={() => setRemoving(false)}>Keep</Button>
          <Button kind="danger" className="h-7! px-2.5!" autoFocus onClick={() => void removeModel(model)}>Remove</Button>
        </span>
      ) : (
        <span className="flex items-center gap-1.5">
          {chosen ? <span className="px-1 text-small text-accent-text">Answers next</span> : <Button className="h-7! px-2.5!" disabled={busy} onClick={() => void chooseAnswerer({ kind: 'model', packageId: id })}>Use</Button>}
          {loaded
            ? <Button className="h-7! px-2.5!" disabled={busy} onClick={() => void unloadModel(model)}>Unload</Button>
            : <Button className="h-7! px-2.5!" disabled={busy || !fits} onClick={() => void loadModel(model)}>{busy ? 'Opening…' : 'Load'}</Button>}
          <IconButton small label={`Remove ${name}`} disabled={busy} onClick={() => setRemoving(true)}><Trash2 size={14} aria-hidden /></IconButton>
        </span>
      )}
    </li>
  );
}
