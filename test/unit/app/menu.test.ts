// The menu bar tells the keys of the window's commands. The bug: it named keys that did something else, or nothing.
import { expect, test, vi } from 'vitest';
import type { MenuItemConstructorOptions } from 'electron';
import { menuCommand } from '@contract/events.ts';
import { menuTemplate } from '../../../src-main/app/menu.ts';
import { commands } from '../../../src-renderer/commands/command-list.ts';

vi.mock('electron', () => ({ Menu: {} }));

const electronKeys: Readonly<Record<string, string>> = { CmdOrCtrl: 'Mod', Ctrl: 'Mod', Plus: '+', Left: 'ArrowLeft', Right: 'ArrowRight', Up: 'ArrowUp', Down: 'ArrowDown' };
const asShortcut = (accelerator: string): string => accelerator.split('+').map((key) => electronKeys[key] ?? key).join('+');

function itemsOf(template: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return template.flatMap((one) => (Array.isArray(one.submenu) ? itemsOf(one.submenu) : [one]));
}

test('every item has the words and a key of its command, and every command that the menu may send is in it', () => {
  let sent = '';
  const items = itemsOf(menuTemplate((command) => { sent = command; }, 'linux', true)).filter((item) => item.click);
  const seen = new Set<string>();
  for (const item of items) {
    (item.click as () => void)();
    seen.add(sent);
    const command = commands.find((one) => one.id === sent);
    expect(command, sent).toBeDefined();
    if (item.accelerator) expect(command!.shortcuts.map((one) => one.toLowerCase()), sent).toContain(asShortcut(item.accelerator as string).toLowerCase());
    else expect(command!.shortcuts, sent).toEqual([]);
    expect(command!.label.toLowerCase(), sent).toContain(item.label!.toLowerCase());
  }
  // Paste is a role of the system's.
  expect([...menuCommand.options].filter((one) => !seen.has(one))).toEqual(['paste']);
});
