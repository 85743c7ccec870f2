// The files that the latest import refused, each with what is wrong with it and what to do.
import { FileX2 } from 'lucide-react';
import { closeDialog } from '../stores/layout-store.ts';
import { useNotices } from '../stores/notice-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { errorSentence } from '../ui/error-sentences.ts';

const shown = 500;

export function RefusedDialog() {
  const refused = useNotices((notices) => notices.refused);
  return (
    <Dialog title={refused.length === 1 ? '1 file could not be added' : `${refused.length.toLocaleString('en')} files could not be added`} size="wide" onClose={closeDialog} actions={<Button kind="primary" data-start onClick={closeDialog}>Close</Button>}>
      <ul className="divide-y divide-edge">
        {refused.slice(0, shown).map(({ path, fileName, error }) => {
          const { what, advice } = errorSentence(error, fileName);
          return (
            <li key={path} className="flex gap-3 py-2.5" title={path} data-selectable>
              <FileX2 size={16} className="mt-0.5 shrink-0 text-bad" aria-hidden />
              <div className="min-w-0">
                <p className="text-body break-words">{what}</p>
                <p className="text-small text-muted">{advice}</p>
              </div>
            </li>
          );
        })}
      </ul>
      {refused.length > shown && <p className="pt-3 text-small text-muted">and {(refused.length - shown).toLocaleString('en')} more</p>}
    </Dialog>
  );
}
