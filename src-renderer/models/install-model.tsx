// Brings a model in: from a folder on disk or by its repository's name. Says first what it will take, then asks.
import { useState } from 'react';
import { Download, FolderOpen } from 'lucide-react';
import type { ModelForecast, ModelSource } from '@contract/installed-models.ts';
import { chooseModelFolder, forecastModel, installModel, repositoryOf } from '../stores/models-store.ts';
import { Button } from '../ui/button.tsx';
import { byteWords } from '../ui/byte-words.ts';
import { TextField } from '../ui/text-field.tsx';

type Step = { kind: 'idle' } | { kind: 'looking' } | { kind: 'refused'; words: string } | { kind: 'forecast'; source: ModelSource; forecast: ModelForecast };

export function InstallModel() {
  const [repository, setRepository] = useState('');
  const [step, setStep] = useState<Step>({ kind: 'idle' });
  const look = async (find: () => Promise<ModelSource | null>): Promise<void> => {
    setStep({ kind: 'looking' });
    const source = await find();
    if (!source) return setStep({ kind: 'idle' });
    const found = await forecastModel(source);
    setStep('refused' in found ? { kind: 'refused', words: found.refused } : { kind: 'forecast', source, forecast: found.forecast });
  };
  const source = repositoryOf(repository);
  const download = (): void => void look(async () => source);
  return (
    <section aria-label="Install a model" className="mt-5">
      <h3 className="mb-1.5 text-small font-semibold text-muted">Install another</h3>
      <div className="flex flex-wrap items-center gap-2">
        <TextField label="Repository or its address" placeholder="Qwen/Qwen2.5-VL-3B-Instruct" value={repository} onText={setRepository} onEnter={() => { if (source) download(); }} className="min-w-64 flex-1" />
        <Button disabled={!source || step.kind === 'looking'} onClick={download}><Download size={14} aria-hidden />Download…</Button>
        <Button disabled={step.kind === 'looking'} onClick={() => void look(chooseModelFolder)}><FolderOpen size={14} aria-hidden />From a folder…</Button>
      </div>
      {step.kind === 'looking' && <p className="mt-2 text-small text-muted" role="status">Looking what it will take…</p>}
      {step.kind === 'refused' && <p className="mt-2 rounded-lg bg-bad-soft px-3 py-2 text-small text-bad" role="alert">{step.words}</p>}
      {step.kind === 'forecast' && <Forecast forecast={step.forecast} onInstall={() => { void installModel(step.source); setRepository(''); setStep({ kind: 'idle' }); }} onCancel={() => setStep({ kind: 'idle' })} />}
    </section>
  );
}

function Forecast({ forecast, onInstall, onCancel }: { forecast: ModelForecast; onInstall(): void; onCancel(): void }) {
  const { name, downloadBytes, packageBytes, memory, freeMemoryBytes, freeDiskBytes } = forecast;
  const needed = (downloadBytes ?? 0) + packageBytes;
  const tooLarge = memory.totalBytes > freeMemoryBytes;
  const noRoom = needed > freeDiskBytes;
  return (
    <div className="mt-2 rounded-lg border border-edge bg-panel px-3 py-2.5">
      <p className="text-body font-medium">{name}</p>
      <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-small text-muted tabular-nums">
        {downloadBytes !== null && <><dt>To download</dt><dd>{byteWords(downloadBytes)}</dd></>}
        <dt>On disk afterwards</dt><dd className={noRoom ? 'text-bad' : undefined}>{byteWords(packageBytes)}, {byteWords(freeDiskBytes)} free{noRoom ? ': make room first' : ''}</dd>
        <dt>Memory to run it</dt><dd className={tooLarge ? 'text-warn' : undefined}>about {byteWords(memory.totalBytes)}, {byteWords(freeMemoryBytes)} free{tooLarge ? ': it would not run now' : ''}</dd>
        <dt className="sr-only">Of this</dt><dd className="col-start-2 text-faint">{byteWords(memory.weightsBytes)} weights, {byteWords(memory.cacheBytes)} conversation, {byteWords(memory.visionBytes + memory.workBytes)} pictures and work</dd>
      </dl>
      <div className="mt-2.5 flex gap-2">
        <Button kind="primary" className="h-7! px-2.5!" data-start disabled={noRoom} onClick={onInstall}>{downloadBytes === null ? 'Install' : 'Download and install'}</Button>
        <Button className="h-7! px-2.5!" onClick={onCancel}>Cancel</Button>
      </div>
    </div>
  );
}
