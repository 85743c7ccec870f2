// Installations in the making: how far each is, pause, go on, give up.
import { Pause, Play, X } from 'lucide-react';
import type { ModelInstall } from '@contract/installed-models.ts';
import { changeInstall } from '../stores/models-store.ts';
import { IconButton } from '../ui/button.tsx';
import { errorSentence } from '../ui/error-sentences.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';

const words: Record<ModelInstall['state'], string> = { downloading: 'Downloading', compiling: 'Making ready', paused: 'Paused', failed: 'Failed' };

export function InstallList({ installs }: { installs: readonly ModelInstall[] }) {
  return (
    <>
      <h3 className="mt-5 mb-1 text-small font-semibold text-muted">Being installed</h3>
      <ul className="divide-y divide-edge rounded-lg border border-edge">
        {installs.map((install) => <Install key={install.id} install={install} />)}
      </ul>
    </>
  );
}

function Install({ install: { id, name, state, fraction, detail, error } }: { install: ModelInstall }) {
  const failed = error ? errorSentence(error) : null;
  return (
    <li className="flex items-center gap-3 px-3 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2"><span className="truncate text-body font-medium">{name}</span><span className="text-small text-muted tabular-nums" role="status">{words[state]}{state === 'failed' ? '' : ` ${Math.floor(fraction * 100)} %`}</span></p>
        {state !== 'failed' && <ProgressBar label={`Installing ${name}`} fraction={fraction} className="mt-1.5" />}
        {detail !== '' && state !== 'failed' && <p className="mt-1 truncate text-small text-faint">{detail}</p>}
        {failed && <p className="text-small text-bad">{failed.what} {failed.advice}</p>}
      </div>
      {state === 'downloading' && <IconButton small label="Pause" onClick={() => void changeInstall('pause', id)}><Pause size={14} aria-hidden /></IconButton>}
      {(state === 'paused' || state === 'failed') && <IconButton small label={state === 'paused' ? 'Go on' : 'Try again'} onClick={() => void changeInstall('resume', id)}><Play size={14} aria-hidden /></IconButton>}
      <IconButton small label="Give up" onClick={() => void changeInstall('cancel', id)}><X size={14} aria-hidden /></IconButton>
    </li>
  );
}
