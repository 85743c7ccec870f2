// A command as a button or menu entry: label, shortcut, and whether it can be used now, from the one list.
import { useSyncExternalStore, type ReactNode } from 'react';
import { IconButton } from '../ui/button.tsx';
import type { MenuEntry } from '../ui/menu.tsx';
import { useCompare } from '../stores/compare-store.ts';
import { useCorrection } from '../stores/correction-store.ts';
import { useDesk } from '../stores/desk-store.ts';
import { useFind } from '../stores/find-store.ts';
import { useHistory } from '../stores/history-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { usePages } from '../stores/page-store.ts';
import { useReading } from '../stores/reading-store.ts';
import { useTable } from '../stores/table-store.ts';
import { commandOf, type CommandId } from './command-list.ts';
import { ariaShortcut, isMac, shortcutText } from './shortcut.ts';

const stores = [useCorrection, useCompare, useDesk, usePages, useLibrary, useHistory, useFind, useReading, useTable];

function subscribe(changed: () => void): () => void {
  const letGo = stores.map((store) => store.subscribe(changed));
  return () => letGo.forEach((one) => one());
}

/** Re-renders only when the command becomes usable or stops being so. */
function useEnabled(id: CommandId): boolean {
  const { enabled } = commandOf(id);
  return useSyncExternalStore(subscribe, enabled, enabled);
}

export function keysOf(id: CommandId): string | undefined {
  const first = commandOf(id).shortcuts[0];
  return first && shortcutText(first, isMac);
}

interface CommandButtonProps { id: CommandId; label?: string; 'aria-expanded'?: boolean; pressed?: boolean; side?: 'top' | 'bottom' | 'left' | 'right'; small?: boolean; className?: string; children: ReactNode }

export function CommandButton({ id, label, children, ...rest }: CommandButtonProps) {
  const command = commandOf(id);
  const enabled = useEnabled(id);
  const first = command.shortcuts[0];
  return (
    <IconButton label={label ?? command.label} keys={keysOf(id)} aria-keyshortcuts={first && ariaShortcut(first, isMac)} disabled={!enabled} onClick={command.run} {...rest}>
      {children}
    </IconButton>
  );
}

/** Menu entries of commands; `null` draws a line. Whether each is usable is read when this is called. */
export function commandEntries(ids: readonly (CommandId | null)[], checked: Partial<Record<CommandId, boolean>> = {}): MenuEntry[] {
  return ids.map((id, index): MenuEntry => {
    if (id === null) return { kind: 'line', id: `line-${index}` };
    const { label, enabled, run } = commandOf(id);
    const check = checked[id];
    return { kind: 'item', id, label, keys: keysOf(id), enabled: enabled(), run, ...(check !== undefined && { checked: check }), ...(id === 'delete' && { danger: true }) };
  });
}
