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
      command('Open…', 'open', 'CmdOrCtrl+O'),
      command('Capture a Part of the Screen…', 'capture-screen', 'CmdOrCtrl+Shift+S'),
      separator,
      command('Export…', 'export', 'CmdOrCtrl+E'),
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
      command('Find…', 'find', 'CmdOrCtrl+F'),
      command('Find Next', 'find-next', 'F3'),
      command('Find Previous', 'find-previous', 'Shift+F3'),
      separator,
      command('Delete Document', 'delete', isMac ? 'Cmd+Backspace' : 'Delete'),
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: '&View',
    submenu: [
      command('Zoom In', 'zoom-in', 'CmdOrCtrl+Plus'),
      command('Zoom Out', 'zoom-out', 'CmdOrCtrl+-'),
      command('Actual Size', 'zoom-actual', 'CmdOrCtrl+1'),
      command('Fit Page', 'zoom-fit', 'CmdOrCtrl+0'),
      command('Fit Width', 'zoom-width', 'CmdOrCtrl+2'),
      separator,
      command('Show Boxes', 'toggle-boxes', 'CmdOrCtrl+B'),
      separator,
      { role: 'togglefullscreen' },
      ...(isPackaged ? [] : [separator, { role: 'reload' } as const, { role: 'toggleDevTools' } as const]),
    ],
  };
  const page: MenuItemConstructorOptions = {
    label: '&Page',
    submenu: [
      command('Next Page', 'next-page', 'PageDown'),
      command('Previous Page', 'previous-page', 'PageUp'),
      command('Next Document', 'next-document', 'CmdOrCtrl+PageDown'),
      command('Previous Document', 'previous-document', 'CmdOrCtrl+PageUp'),
      separator,
      command('Rotate Left', 'rotate-left', 'CmdOrCtrl+['),
      command('Rotate Right', 'rotate-right', 'CmdOrCtrl+]'),
      separator,
      command('Read Again', 'reread', 'CmdOrCtrl+R'),
    ],
  };
  const help: MenuItemConstructorOptions = {
    role: 'help',
    label: '&Help',
    submenu: [command('Keyboard Shortcuts', 'shortcuts', 'F1'), ...(isMac ? [] : [separator, about])],
  };
  return [...(isMac ? [appMenu] : []), file, edit, view, page, ...(isMac ? [{ role: 'windowMenu' } as const] : []), help];
}

export function installMenu(send: Send, isPackaged: boolean): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(send, process.platform, isPackaged)));
}
