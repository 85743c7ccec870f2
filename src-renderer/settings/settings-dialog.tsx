// What the user can choose. Every change is kept at once; there is nothing to confirm.
import { useSettings, changeSettings, chooseWatchedFolder } from '../stores/settings-store.ts';
import { closeDialog } from '../stores/layout-store.ts';
import { reportFailure } from '../stores/report-failure.ts';
import { exportFormat } from '@contract/export.ts';
import type { Settings } from '@contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { exportGroups } from '../ui/export-formats.ts';

const themes = [{ value: 'system', label: 'System' }, { value: 'light', label: 'Light' }, { value: 'dark', label: 'Dark' }] as const;

export function SettingsDialog() {
  const settings = useSettings((state) => state.settings);
  const change = (part: Partial<Settings>): void => void changeSettings(part).catch(reportFailure);
  const percent = Math.round(settings.lowConfidence * 100);
  return (
    <Dialog title="Settings" onClose={closeDialog}>
      <div className="flex flex-col divide-y divide-edge">
        <Row title="Appearance" text="System follows the setting of your desktop.">
          <Choice start legend="Appearance" value={settings.theme} options={themes} onChange={(theme) => change({ theme })} />
        </Row>
        <Row title="Boxes on the page" text="Draw a box around every line that was read.">
          <input type="checkbox" aria-label="Boxes on the page" checked={settings.showBoxes} onChange={(event) => change({ showBoxes: event.target.checked })} className="size-4" />
        </Row>
        <Row title="Uncertain text" text={`Lines below ${percent} % confidence are tinted, and F8 steps through them.`}>
          <span className="flex items-center gap-2">
            <input type="range" aria-label="Confidence under which a line counts as uncertain" aria-valuetext={`${percent} %`} min={0} max={100} step={1} value={percent} onChange={(event) => change({ lowConfidence: Number(event.target.value) / 100 })} className="w-36" />
            <span className="w-10 text-right text-small text-muted tabular-nums">{percent} %</span>
          </span>
        </Row>
        <Row title="Export as" text="What the export dialog offers first.">
          <select aria-label="Export as" value={settings.lastExportFormat} onChange={(event) => change({ lastExportFormat: exportFormat.parse(event.target.value) })} className="rounded-lg border border-edge bg-panel px-2 py-1 text-body">
            {exportGroups.flatMap((group) => group.formats).map((format) => <option key={format.value} value={format.value}>{format.label}</option>)}
          </select>
        </Row>
        <Row title="Watched folder" text={settings.watchedFolder ?? 'Pictures and PDFs in it are added, and new ones as they come. A scanner may write there.'}>
          <span className="flex shrink-0 gap-2">
            {settings.watchedFolder !== null && <Button onClick={() => change({ watchedFolder: null })}>Stop</Button>}
            <Button onClick={() => void chooseWatchedFolder().catch(reportFailure)}>{settings.watchedFolder === null ? 'Choose…' : 'Change…'}</Button>
          </span>
        </Row>
      </div>
    </Dialog>
  );
}

function Row({ title, text, children }: { title: string; text: string; children: React.ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-6 py-3.5">
      <div className="min-w-0">
        <p className="text-body font-medium">{title}</p>
        <p className="text-small break-words text-muted">{text}</p>
      </div>
      {children}
    </div>
  );
}
