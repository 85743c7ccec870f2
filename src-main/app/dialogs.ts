// The system's own dialogs: what the user picked, or null when they closed one. Writes nothing.
import { app, dialog, shell } from 'electron';
import type { BrowserWindow } from 'electron';
import { exportEndings } from '@contract/export.ts';
import type { ExportFormat } from '@contract/export.ts';
import type { LibraryTrouble } from './library-trouble.ts';

export interface Dialogs {
  /** Files and folders to import. */
  chooseFiles(): Promise<string[] | null>;
  /** A place for one exported file; the dialog itself asks before an existing file is chosen. */
  chooseExportFile(suggestedPath: string, format: ExportFormat): Promise<string | null>;
  chooseExportFolder(suggestedFolder: string | null): Promise<string | null>;
  /** A place for one picture; the dialog itself asks before an existing file is chosen. */
  choosePictureFile(suggestedPath: string): Promise<string | null>;
  /** The folder of a model's checkpoint. */
  chooseModelFolder(): Promise<string | null>;
  /** A folder whose files are to come in by themselves. */
  chooseWatchedFolder(now: string | null): Promise<string | null>;
  /** What to do with exports whose names are taken. */
  askOverwrite(names: readonly string[]): Promise<'replace' | 'keep-both' | null>;
  showInFolder(file: string): void;
  /** Hands a file to the drag that the pointer is in the middle of. */
  startDrag(file: string): Promise<void>;
}

const openable = ['png', 'jpg', 'jpeg', 'webp', 'tif', 'tiff', 'gif', 'bmp', 'avif', 'svg', 'heic', 'heif', 'pdf'];
const formatNames: Record<ExportFormat, string> = {
  txt: 'Text', md: 'Markdown', html: 'HTML', csv: 'CSV', tsv: 'TSV', json: 'JSON', hocr: 'hOCR', alto: 'ALTO', page: 'PAGE-XML', docx: 'Word', xlsx: 'Excel', pdf: 'PDF',
};
const namesShown = 8;

export function systemDialogs(window: () => BrowserWindow): Dialogs {
  return {
    async chooseFiles() {
      const answer = await dialog.showOpenDialog(window(), {
        title: 'Open',
        properties: ['openFile', 'multiSelections'],
        filters: [
          { name: 'Pictures and PDF', extensions: [...openable, ...openable.map((one) => one.toUpperCase())] },
          { name: 'All files', extensions: ['*'] },
        ],
      });
      return answer.canceled || answer.filePaths.length === 0 ? null : answer.filePaths;
    },
    async chooseExportFile(suggestedPath, format) {
      const answer = await dialog.showSaveDialog(window(), {
        title: 'Export',
        defaultPath: suggestedPath,
        filters: [{ name: formatNames[format], extensions: [exportEndings[format].split('.').at(-1)!] }],
        properties: ['createDirectory', 'showOverwriteConfirmation'],
      });
      return answer.canceled || !answer.filePath ? null : answer.filePath;
    },
    async chooseExportFolder(suggestedFolder) {
      const answer = await dialog.showOpenDialog(window(), {
        title: 'Export into folder',
        buttonLabel: 'Export',
        properties: ['openDirectory', 'createDirectory'],
        ...(suggestedFolder ? { defaultPath: suggestedFolder } : {}),
      });
      return answer.canceled ? null : (answer.filePaths[0] ?? null);
    },
    async choosePictureFile(suggestedPath) {
      const answer = await dialog.showSaveDialog(window(), { title: 'Export picture', defaultPath: suggestedPath, filters: [{ name: 'PNG', extensions: ['png'] }], properties: ['createDirectory', 'showOverwriteConfirmation'] });
      return answer.canceled || !answer.filePath ? null : answer.filePath;
    },
    async chooseModelFolder() {
      const answer = await dialog.showOpenDialog(window(), { title: 'Folder of the model', buttonLabel: 'Choose', properties: ['openDirectory'] });
      return answer.canceled ? null : (answer.filePaths[0] ?? null);
    },
    async chooseWatchedFolder(now) {
      const answer = await dialog.showOpenDialog(window(), {
        title: 'Watch a folder',
        buttonLabel: 'Watch',
        properties: ['openDirectory', 'createDirectory'],
        ...(now ? { defaultPath: now } : {}),
      });
      return answer.canceled ? null : (answer.filePaths[0] ?? null);
    },
    async askOverwrite(names) {
      const { response } = await dialog.showMessageBox(window(), {
        type: 'warning',
        title: 'Files exist',
        message: names.length === 1 ? `“${names[0]}” already exists.` : `${names.length} files already exist.`,
        detail: [...names.slice(0, namesShown), ...(names.length > namesShown ? ['…'] : [])].join('\n'),
        buttons: ['Keep Both', 'Replace', 'Cancel'],
        defaultId: 0,
        cancelId: 2,
        noLink: true,
      });
      return response === 0 ? 'keep-both' : response === 1 ? 'replace' : null;
    },
    async startDrag(file) {
      // The system's icon for such a file is what the pointer carries.
      window().webContents.startDrag({ file, icon: await app.getFileIcon(file) });
    },
    showInFolder: (file) => shell.showItemInFolder(file),
  };
}

/** Before there is a window that could say it: true when the user wants to start with an empty library. */
export async function askForFreshLibrary({ message, detail, mayStartFresh }: LibraryTrouble): Promise<boolean> {
  const buttons = mayStartFresh ? ['Quit', 'Start with an Empty Library'] : ['Quit'];
  const { response } = await dialog.showMessageBox({ type: 'error', title: 'Lectern', message, detail, buttons, defaultId: 0, cancelId: 0, noLink: true });
  return response === 1;
}
