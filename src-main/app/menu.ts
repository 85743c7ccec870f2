// The menu bar. System things are Electron roles; everything of Lectern's is sent to the window, whose command list owns it.
import { Menu } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '@contract/events.ts';

type Send = (command: MenuCommand) => void;

/**
 * The window owns the keys (they mean different things in a text field and on the page), so items show their
 * accelerator without registering it. On macOS the system registers menu keys itself.
 */
function item(send: Send, label: string, command: MenuCommand, accelerator?: string): MenuItemConstructorOptions {
  return { label, click: () => send(command), ...(accelerator ? { accelerator, registerAccelerator: false } : {}) };
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

export function menuTemplate(send: Send, platform: NodeJS.Platform, isPackaged: boolean): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  const command = (label: string, name: MenuCommand, accelerator?: string): MenuItemConstructorOptions => item(send, label, name, accelerator);
  const settings = command('Settings…', 'settings', 'CmdOrCtrl+,');
  const about = command('About Lectern', 'about');

  const appMenu: MenuItemConstructorOptions = {
    label: 'Lectern',
    submenu: [about, separator, settings, separator, { role: 'services' }, separator, { role: 'hide' }, { role: 'hideOthers' }, { role: 'unhide' }, separator, { role: 'quit' }],
  };
  const file: MenuItemConstructorOptions = {
    label: '&File',
    submenu: [
      command('Add Files…', 'open', 'CmdOrCtrl+O'),
      command('Capture a Part of the Screen…', 'capture-screen', 'CmdOrCtrl+Shift+S'),
      separator,
      command('Export…', 'export', 'CmdOrCtrl+S'),
      separator,
      command('Rename Document', 'rename', 'F2'),
      command('Tags…', 'tag', 'CmdOrCtrl+T'),
      command('Delete Document…', 'delete', isMac ? 'Cmd+Backspace' : 'Delete'),
      ...(isMac ? [separator, { role: 'close' } as const] : [separator, settings, separator, { role: 'quit' } as const]),
    ],
  };
  const edit: MenuItemConstructorOptions = {
    label: '&Edit',
    submenu: [
      command('Undo', 'undo', 'CmdOrCtrl+Z'),
      command('Redo', 'redo', isMac ? 'Cmd+Shift+Z' : 'Ctrl+Y'),
      separator,
      { role: 'cut' },
      command('Copy', 'copy', 'CmdOrCtrl+C'),
      // As a role it raises the page's own paste event, which carries pictures.
      { role: 'paste' },
      command('Select All', 'select-all', 'CmdOrCtrl+A'),
      separator,
      command('Find in Document', 'find', 'CmdOrCtrl+F'),
      command('Find Next', 'find-next', 'F3'),
      command('Find Previous', 'find-previous', 'Shift+F3'),
      separator,
      command('Next Uncertain Line', 'next-doubtful', 'F8'),
      command('Previous Uncertain Line', 'previous-doubtful', 'Shift+F8'),
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: '&View',
    submenu: [
      command('Zoom In', 'zoom-in', 'CmdOrCtrl+Plus'),
      command('Zoom Out', 'zoom-out', 'CmdOrCtrl+-'),
      command('Actual Size', 'zoom-actual', 'CmdOrCtrl+0'),
      command('Fit Page', 'zoom-fit', 'CmdOrCtrl+9'),
      command('Fit Width', 'zoom-width', 'CmdOrCtrl+8'),
      separator,
      command('Show Boxes', 'toggle-boxes', 'CmdOrCtrl+B'),
      command('Show Library', 'toggle-sidebar', 'CmdOrCtrl+Shift+B'),
      command('Show Text and Questions', 'toggle-text-panel', 'CmdOrCtrl+Shift+T'),
      separator,
      { role: 'togglefullscreen' },
      ...(isPackaged ? [] : [separator, { role: 'toggleDevTools' } as const]),
    ],
  };
  const page: MenuItemConstructorOptions = {
    label: '&Page',
    submenu: [
      command('Next Page', 'next-page', 'PageDown'),
      command('Previous Page', 'previous-page', 'PageUp'),
      command('Next Document', 'next-document', 'Alt+Down'),
      command('Previous Document', 'previous-document', 'Alt+Up'),
      separator,
      command('Rotate Left', 'rotate-left', 'CmdOrCtrl+Shift+Left'),
      command('Rotate Right', 'rotate-right', 'CmdOrCtrl+Shift+Right'),
      separator,
      command('Read Again', 'reread', 'CmdOrCtrl+R'),
    ],
  };
  const tools: MenuItemConstructorOptions = {
    label: '&Tools',
    submenu: [
      command('Ask…', 'ask', 'CmdOrCtrl+J'),
      command('Ask About This', 'ask-about', 'CmdOrCtrl+Shift+J'),
      separator,
      command('Compare the Marked Documents', 'compare', 'CmdOrCtrl+D'),
      command('Compare This Page with Another', 'compare-page', 'CmdOrCtrl+Shift+D'),
      command('Extract Fields…', 'extract', 'CmdOrCtrl+Shift+E'),
      separator,
      command('Models…', 'models', 'CmdOrCtrl+Shift+M'),
      command('Servers…', 'endpoints'),
      separator,
      command('Pause Reading', 'pause-reading'),
      command('Resume Reading', 'resume-reading'),
    ],
  };
  const help: MenuItemConstructorOptions = {
    role: 'help',
    label: '&Help',
    submenu: [command('All Commands…', 'palette', 'CmdOrCtrl+K'), command('Keyboard Shortcuts', 'shortcuts', 'F1'), ...(isMac ? [] : [separator, about])],
  };
  return [...(isMac ? [appMenu] : []), file, edit, view, page, tools, ...(isMac ? [{ role: 'windowMenu' } as const] : []), help];
}

export function installMenu(send: Send, isPackaged: boolean): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(send, process.platform, isPackaged)));
}
