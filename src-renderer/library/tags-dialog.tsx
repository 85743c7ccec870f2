// The tags of the marked documents: those they have can be taken off, new ones put on.
import { useState } from 'react';
import { Plus, X } from 'lucide-react';
import { closeDialog } from '../stores/layout-store.ts';
import { tagDocuments } from '../stores/library-actions.ts';
import { tagsInUse, useLibrary } from '../stores/library-store.ts';
import { useMeantDocuments } from '../stores/use-meant-documents.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';

export function TagsDialog() {
  const documents = useMeantDocuments();
  const byId = useLibrary((library) => library.byId);
  const [typed, setTyped] = useState('');
  const ids = documents.map((one) => one.id);
  const has = [...new Set(documents.flatMap((one) => one.tags))];
  const others = tagsInUse(byId).filter((tag) => !documents.every((one) => one.tags.includes(tag)));
  const add = (tag: string): void => {
    if (tag.trim() === '') return;
    setTyped('');
    void tagDocuments(ids, [tag.trim()], []);
  };
  return (
    <Dialog title={documents.length === 1 ? `Tags of “${documents[0]!.title}”` : `Tags of ${documents.length} documents`} size="small" onClose={closeDialog} actions={<Button onClick={closeDialog}>Done</Button>}>
      <ul aria-label="Tags" className="flex flex-wrap gap-1.5 pb-3">
        {has.map((tag) => (
          <li key={tag} className="flex items-center gap-0.5 rounded-full border border-edge-strong bg-panel py-0.5 pr-0.5 pl-2.5 text-body">
            {tag}
            <IconButton small label={`Take off ${tag}`} onClick={() => void tagDocuments(ids, [], [tag])}><X size={13} aria-hidden /></IconButton>
          </li>
        ))}
        {has.length === 0 && <li className="text-body text-muted">No tags yet.</li>}
      </ul>
      <div className="flex gap-2">
        <TextField label="New tag" placeholder="New tag" data-start maxLength={60} value={typed} onText={setTyped} onEnter={() => add(typed)} className="min-w-0 flex-1" />
        <Button disabled={typed.trim() === ''} onClick={() => add(typed)}><Plus size={14} aria-hidden />Add</Button>
      </div>
      {others.length > 0 && (
        <div className="flex flex-wrap items-center gap-1.5 pt-3">
          <span className="text-small text-muted">In use:</span>
          {others.map((tag) => <Button key={tag} className="h-7! px-2.5!" onClick={() => add(tag)}>{tag}</Button>)}
        </div>
      )}
    </Dialog>
  );
}
