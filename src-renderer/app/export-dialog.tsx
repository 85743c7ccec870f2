// Asks what to export and in which format, and shows the beginning of the result before anything is written.
import { useEffect, useMemo, useState } from 'react';
import type { ExportFormat } from '@contract/export.ts';
import { closeDialog, useLayout } from '../stores/layout-store.ts';
import { exportTargets, exportTo, previewExport, toClipboard } from '../stores/page-actions.ts';
import { changeSettings, useSettings } from '../stores/settings-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { formatWords, previewFormat } from '../ui/export-formats.ts';
import { FormatChoice } from '../ui/format-choice.tsx';
import { TextField } from '../ui/text-field.tsx';

const previewLength = 4_000;
const nameTokens = ['{title}', '{file}', '{page}', '{date}', '{format}'];
const nameHint = `Text with ${nameTokens.join(', ')}. A slash makes a folder. Two files never get the same name.`;

export function ExportDialog() {
  const settings = useSettings.getState().settings;
  const first = useLayout((layout) => layout.exportTarget);
  const targets = useMemo(() => exportTargets(), []);
  const [chosen, setChosen] = useState(() => Math.max(0, targets.findIndex(({ target }) => first !== null && JSON.stringify(target) === JSON.stringify(first))));
  const [format, setFormat] = useState<ExportFormat>(settings.lastExportFormat);
  const [name, setName] = useState(settings.exportName);
  const [made, setMade] = useState<{ of: string; text: string; failed: boolean } | null>(null);
  const [busy, setBusy] = useState(false);
  const target = targets[chosen]?.target;
  const isSeveral = target?.kind === 'documents' && (target.documentIds.length > 1 || format === 'page');
  const unknown = [...name.matchAll(/\{\w+\}/g)].map(([token]) => token).filter((token) => !nameTokens.includes(token));
  const asked = `${chosen} ${format}`;
  const preview = made?.of === asked ? made : null;

  useEffect(() => {
    let stale = false;
    if (target) void previewExport(target, previewFormat(format)).then((result) => { if (!stale) setMade({ of: asked, ...result }); });
    return () => { stale = true; };
  }, [target, format, asked]);

  if (!target) return null;
  const write = async (): Promise<void> => {
    setBusy(true);
    if (isSeveral && name.trim() !== settings.exportName) await changeSettings({ exportName: name.trim() || '{title}' });
    const written = await exportTo(target, format);
    setBusy(false);
    if (written) closeDialog();
  };
  const ready = !(isSeveral && unknown.length) && preview !== null && !preview.failed;
  return (
    <Dialog
      title="Export"
      size="wide"
      onClose={closeDialog}
      actions={
        <>
          {previewFormat(format) === format && <Button disabled={!ready} onClick={() => { if (preview) void toClipboard(preview.text, 'Copied.').then(closeDialog); }}>Copy instead</Button>}
          <span className="flex-1" />
          <Button onClick={closeDialog}>Cancel</Button>
          <Button kind="primary" disabled={busy || !ready} onClick={() => void write()}>Export…</Button>
        </>
      }
    >
      <div className="flex flex-wrap items-start gap-x-8 gap-y-4">
        <fieldset className="min-w-52 flex-1">
          <legend className="mb-1.5 text-small font-medium text-muted">What</legend>
          {targets.map(({ label }, index) => (
            <label key={label} className="flex items-center gap-2 py-1">
              <input type="radio" name="export-target" checked={index === chosen} onChange={() => setChosen(index)} />
              {label}
            </label>
          ))}
        </fieldset>
        <div className="w-[22.5rem]">
          <FormatChoice value={format} onChange={setFormat} />
          <p className="mt-2 text-small text-muted">{formatWords(format)}</p>
        </div>
      </div>
      {isSeveral && (
        <div className="mt-4">
          <p className="mb-1.5 text-small font-medium text-muted">File names</p>
          <TextField label="File names" value={name} onText={setName} className="max-w-80" />
          <p className={`mt-1.5 text-small ${unknown.length ? 'text-bad' : 'text-muted'}`}>{unknown.length ? `There is no ${unknown.join(', ')}.` : nameHint}</p>
        </div>
      )}
      <p className="mt-4 mb-1.5 text-small font-medium text-muted">Preview</p>
      <pre tabIndex={0} aria-label="Preview" data-selectable className={`h-56 overflow-auto rounded-lg border border-edge bg-panel px-3 py-2 text-small whitespace-pre-wrap ${preview?.failed ? 'font-sans' : 'font-mono'} ${preview?.failed ? 'text-bad' : ''}`}>
        {preview === null ? '…' : preview.text.slice(0, previewLength)}
        {preview && preview.text.length > previewLength && '\n…'}
      </pre>
    </Dialog>
  );
}
