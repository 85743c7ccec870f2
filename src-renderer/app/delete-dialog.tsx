// Asks before documents are deleted, and says that it can be undone.
import { closeDialog, useLayout } from '../stores/layout-store.ts';
import { deleteDocuments } from '../stores/library-actions.ts';
import { useLibrary } from '../stores/library-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

const namedUpTo = 5;

export function DeleteDialog() {
  const ids = useLayout((layout) => layout.deleteIds);
  const byId = useLibrary((library) => library.byId);
  const titles = ids.map((id) => byId.get(id)?.title ?? '');
  const confirm = (): void => {
    closeDialog();
    void deleteDocuments(ids);
  };
  return (
    <Dialog
      title={ids.length === 1 ? 'Delete this document?' : `Delete ${ids.length.toLocaleString('en')} documents?`}
      size="small"
      onClose={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button kind="danger" data-start onClick={confirm}>Delete</Button>
        </>
      }
    >
      <ul className="text-body break-words">
        {titles.slice(0, namedUpTo).map((title, index) => <li key={ids[index]} className="line-clamp-2">“{title}”</li>)}
        {titles.length > namedUpTo && <li className="text-muted">and {(titles.length - namedUpTo).toLocaleString('en')} more</li>}
      </ul>
      <p className="mt-3 text-small text-muted">The recognised text goes with it. You can undo this for 30 days; the files you added stay where they are.</p>
    </Dialog>
  );
}
