// The password of an encrypted document, asked for where its pages would stand.
import { useState } from 'react';
import { KeyRound } from 'lucide-react';
import { unlockDocument } from '../stores/library-actions.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/text-field.tsx';

export function PasswordForm({ documentId, autoFocus = false }: { documentId: string; autoFocus?: boolean }) {
  const [password, setPassword] = useState('');
  const unlock = (): void => {
    if (password === '') return;
    setPassword('');
    void unlockDocument(documentId, password);
  };
  return (
    <span className="flex items-center gap-2">
      <TextField secret label="Password" placeholder="Password" value={password} onText={setPassword} onEnter={unlock} autoFocus={autoFocus} icon={<KeyRound size={14} />} className="w-52" />
      <Button kind="primary" disabled={password === ''} onClick={unlock}>Open</Button>
    </span>
  );
}
