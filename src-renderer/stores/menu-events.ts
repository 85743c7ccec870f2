// The menu bar's verbs as they reach the window. What they do is the command list's business.
import type { MenuCommand } from '@contract/events.ts';
import { on } from '../api.ts';

export function onMenuCommand(listener: (command: MenuCommand) => void): () => void {
  return on('menu.command', ({ command }) => listener(command));
}
