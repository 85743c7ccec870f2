// What can be done with the selected lines, over the foot of the page. Every button is a command of the one list.
import { useState } from 'react';
import { ArrowDown, ArrowUp, Combine, Pencil, Scissors, Table, Trash2 } from 'lucide-react';
import type { RegionRole } from '@contract/document.ts';
import { readingCommandIds, roleCommandIds, roleWords } from '../commands/correction-commands.ts';
import { CommandButton, commandEntries } from '../commands/use-command.tsx';
import { useCorrection } from '../stores/correction-store.ts';
import { useDesk } from '../stores/desk-store.ts';
import { useTable } from '../stores/table-store.ts';
import { useOpenLines } from '../stores/use-open-page.ts';
import { DropMenu, type MenuEntry } from '../ui/menu.tsx';

export function CorrectionBar() {
  const count = useDesk((desk) => desk.selection.lines.size);
  const focus = useDesk((desk) => desk.selection.focus?.line ?? null);
  const editing = useCorrection((state) => state.editing !== null);
  const table = useTable((state) => state.open !== null);
  const { lines } = useOpenLines();
  if (count === 0 || editing || table) return null;
  const role = focus === null ? undefined : lines[focus]?.role;
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 z-10 flex justify-center">
      <div role="toolbar" aria-label="Correct the selection" className="pointer-events-auto flex max-w-full items-center gap-0.5 rounded-lg border border-edge bg-raised p-1 shadow-float">
        <span className="px-2 text-small whitespace-nowrap text-muted tabular-nums">{count === 1 ? '1 line' : `${count} lines`}</span>
        <CommandButton id="edit-line" side="top"><Pencil size={15} aria-hidden /></CommandButton>
        <CommandButton id="split-line" side="top"><Scissors size={15} aria-hidden /></CommandButton>
        <CommandButton id="merge-lines" side="top"><Combine size={15} aria-hidden /></CommandButton>
        <CommandButton id="move-earlier" side="top"><ArrowUp size={15} aria-hidden /></CommandButton>
        <CommandButton id="move-later" side="top"><ArrowDown size={15} aria-hidden /></CommandButton>
        <CommandButton id={role === 'table' ? 'edit-table' : 'make-table'} side="top"><Table size={15} aria-hidden /></CommandButton>
        <Menu label={role ? roleWords[role] : 'Role'} name={`Role: ${role ? roleWords[role] : 'none'}`} entries={() => commandEntries(roleCommandIds, role ? roleMarks(role) : {})} />
        <Menu label="Read again" name="Read the selected lines again" entries={() => commandEntries(readingCommandIds)} />
        <CommandButton id="delete-lines" side="top"><Trash2 size={15} aria-hidden /></CommandButton>
      </div>
    </div>
  );
}

function roleMarks(role: RegionRole): Record<string, boolean> {
  return Object.fromEntries(roleCommandIds.map((id) => [id, id === `role-${role}`]));
}

function Menu({ label, name, entries }: { label: string; name: string; entries: () => MenuEntry[] }) {
  const [shown, setShown] = useState<readonly MenuEntry[]>(entries);
  const renew = (): void => setShown(entries());
  return (
    <DropMenu entries={shown} align="center">
      <button type="button" aria-label={name} onPointerDown={renew} onKeyDown={renew} className="inline-flex h-8 items-center rounded-md px-2 text-small whitespace-nowrap text-muted hover:bg-hover hover:text-ink">{label}</button>
    </DropMenu>
  );
}
