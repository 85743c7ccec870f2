// Which parts of the window are open: side panels, dialogs, the drop overlay. Nothing here outlives the window.
import { create } from 'zustand';
import type { ExportTarget } from '@contract/export.ts';

/** What a drag of documents out of the library carries: their ids with spaces between. */
export const documentDragType = 'application/x-lectern-documents';

export type DialogName = 'settings' | 'shortcuts' | 'about' | 'palette' | 'export' | 'delete' | 'tags' | 'password' | 'refused' | 'models' | 'presets' | 'endpoints' | 'consent' | 'extract';

interface LayoutState {
  sidebar: boolean;
  textPanel: boolean;
  dialog: DialogName | null;
  /** What the export dialog offers first. */
  exportTarget: ExportTarget | null;
  /** Documents that the delete dialog asks about. */
  deleteIds: readonly string[];
  /** The document whose title is being edited in the list. */
  renamingId: string | null;
  /** Where what is being dragged over the window would go; false while nothing is. */
  dropping: false | 'library' | 'question';
}

export const useLayout = create<LayoutState>(() => ({
  sidebar: true, textPanel: true, dialog: null, exportTarget: null, deleteIds: [], renamingId: null, dropping: false,
}));

export function openDialog(dialog: DialogName): void {
  useLayout.setState({ dialog });
}

export function closeDialog(): void {
  useLayout.setState({ dialog: null });
}
