// The password of a protected document that was read in an earlier session: its pages are there, its file does not open without.
import { useState } from 'react';
import { KeyRound } from 'lucide-react';
import { closeDialog } from '../stores/layout-store.ts';
import { unlockDocument } from '../stores/library-actions.ts';
import { notify } from '../stores/notice-store.ts';
import { useOpenDocument } from '../stores/use-open-page.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';

export function PasswordDialog() {
  const document = useOpenDocument();
  const [password, setPassword] = useState('');
  const keep = (): void => {
    if (!document || password === '') return;
    closeDialog();
    void unlockDocument(document.id, password).then(() => notify('The password is kept until Lectern closes. Now do it again.'));
  };
  return (
    <Dialog
      title="Password of the document"
      size="small"
      onClose={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button kind="primary" disabled={password === '' || !document} onClick={keep}>Keep until Lectern closes</Button>
        </>
      }
    >
      <p className="mb-3 text-body break-words">“{document?.fileName}” is protected. Its text was read in an earlier session; for this its file has to be opened again, and passwords are never stored.</p>
      <TextField secret label="Password" placeholder="Password" value={password} onText={setPassword} onEnter={keep} data-start icon={<KeyRound size={14} />} />
    </Dialog>
  );
}
