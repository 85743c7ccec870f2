// What this program is, which version runs, and where it keeps its data.
import { useEffect } from 'react';
import { ShieldAlert } from 'lucide-react';
import { closeDialog } from '../stores/layout-store.ts';
import { loadAppInfo, useAppInfo } from '../stores/app-info-store.ts';
import { Dialog } from '../ui/dialog.tsx';

export function AboutDialog() {
  const info = useAppInfo((state) => state.info);
  useEffect(() => void loadAppInfo(), []);
  return (
    <Dialog title="About Lectern" size="small" onClose={closeDialog}>
      <p className="text-body text-muted">Lectern reads documents on your own machine: text as boxes on the page, in reading order, ready to search and export. Nothing that you open leaves this computer.</p>
      {info && (
        <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-small" data-selectable>
          <dt className="text-faint">Version</dt><dd>{info.version}</dd>
          <dt className="text-faint">Electron</dt><dd>{info.electron} on {info.platform}</dd>
          <dt className="text-faint">Data folder</dt><dd className="break-all">{info.dataFolder}</dd>
          <dt className="text-faint">Reader</dt><dd>Built-in reader with PP-OCR models (Apache-2.0)</dd>
        </dl>
      )}
      {info?.unsandboxed && (
        <p className="mt-4 flex gap-2 rounded-lg bg-warn-soft px-3 py-2 text-small text-warn"><ShieldAlert size={16} className="shrink-0" aria-hidden />Started as root: the operating system’s sandbox is off. Use an ordinary account for documents you do not trust.</p>
      )}
    </Dialog>
  );
}
