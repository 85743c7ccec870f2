// Connects the keyboard and the menu bar to the command list, and decides what a key means inside a text field or a dialog.
import { useLayout } from '../stores/layout-store.ts';
import { onMenuCommand } from '../stores/menu-events.ts';
import { commands, runCommand, type CommandId } from './command-list.ts';
import { isMac, matches } from './shortcut.ts';

export function isTextField(target: EventTarget | null): target is HTMLElement {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'range', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target.isContentEditable;
}

/** Single letters and Delete act only while nothing is typed; with text marked by the mouse, Ctrl+C stays the browser's. */
export function commandForKey(event: KeyboardEvent): CommandId | null {
  const inField = isTextField(event.target);
  const onPage = document.activeElement === document.body || document.activeElement?.id === 'page-canvas';
  const meant = commands.filter((one) => (onPage || !one.onPage) && one.shortcuts.some((shortcut) => matches(shortcut, event, isMac)));
  // The same key may mean lines on the page and documents elsewhere: the first that can be done now.
  const found = meant.find((one) => one.enabled()) ?? meant[0];
  if (!found || (inField && !found.inFields)) return null;
  // The paste event brings the picture; the key itself must reach the browser.
  if (found.id === 'paste') return null;
  if (found.id === 'copy' && (window.getSelection()?.toString() ?? '') !== '') return null;
  return found.id;
}

/** Editing verbs of the menu bar belong to the text field while one has the focus. */
const fieldVerbs: Partial<Record<CommandId, string>> = { undo: 'undo', redo: 'redo', copy: 'copy', paste: 'paste', 'select-all': 'selectAll', delete: 'delete' };

export function connectCommands(): () => void {
  const press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const id = commandForKey(event);
    if (id === null) return;
    // A dialog is open: only its own keys count.
    if (useLayout.getState().dialog !== null) return;
    const found = commands.find((one) => one.id === id)!;
    if (!found.enabled()) return;
    event.preventDefault();
    found.run();
  };
  const choose = (id: CommandId): void => {
    const verb = fieldVerbs[id];
    if (verb && isTextField(document.activeElement)) document.execCommand(verb);
    else if (useLayout.getState().dialog === null) runCommand(id);
  };
  window.addEventListener('keydown', press);
  const letGo = onMenuCommand(choose);
  return () => {
    window.removeEventListener('keydown', press);
    letGo();
  };
}
