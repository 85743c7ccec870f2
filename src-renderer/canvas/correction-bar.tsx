// What can be done with the selected lines, over the foot of the page. Every button is a command of the one list.
import { useState } from 'react';
import { ArrowDown, ArrowUp, Combine, Pencil, Scissors, Table, Trash2 } from 'lucide-react';
import type { RegionRole } from '@contract/document.ts';
import { readingCommandIds, roleCommandIds, roleWords } from '../commands/correction-commands.ts';
import { CommandButton, commandEntries } from '../commands/use-command.tsx';
import { readSelectedBy, stopReading, useCorrection } from '../stores/correction-store.ts';
import { useDesk } from '../stores/desk-store.ts';
import { useTable } from '../stores/table-store.ts';
import { loadModels, useModels } from '../stores/models-store.ts';
import { reportFailure } from '../stores/report-failure.ts';
import { useOpenLines } from '../stores/use-open-page.ts';
import { Button } from '../ui/button.tsx';
import { DropMenu, type MenuEntry } from '../ui/menu.tsx';

export function CorrectionBar() {
  const selected = useDesk((desk) => desk.selection.lines);
  const count = selected.size;
  const focus = useDesk((desk) => desk.selection.focus?.line ?? null);
  const editing = useCorrection((state) => state.editing !== null);
  const table = useTable((state) => state.open !== null);
  const { lines } = useOpenLines();
  if (count === 0 || editing || table) return null;
  const role = focus === null ? undefined : lines[focus]?.role;
  const mixed = count > 1 && [...selected.keys()].some((line) => lines[line] && lines[line].role !== role);
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 z-10 flex justify-center px-3">
      <div role="toolbar" aria-label="Correct the selection" className="pointer-events-auto flex max-w-full flex-wrap items-center justify-center gap-0.5 rounded-lg border border-edge bg-raised p-1 shadow-float">
        <span className="px-2 text-small whitespace-nowrap text-muted tabular-nums">{count === 1 ? '1 line' : `${count} lines`}</span>
        <CommandButton id="edit-line" side="top"><Pencil size={15} aria-hidden /></CommandButton>
        <CommandButton id="split-line" side="top"><Scissors size={15} aria-hidden /></CommandButton>
        <CommandButton id="merge-lines" side="top"><Combine size={15} aria-hidden /></CommandButton>
        <CommandButton id="move-earlier" side="top"><ArrowUp size={15} aria-hidden /></CommandButton>
        <CommandButton id="move-later" side="top"><ArrowDown size={15} aria-hidden /></CommandButton>
        <CommandButton id={role === 'table' ? 'edit-table' : 'make-table'} side="top"><Table size={15} aria-hidden /></CommandButton>
        <Menu label={mixed ? 'Several roles' : role ? roleWords[role] : 'Role'} name={`Role: ${mixed ? 'several' : role ? roleWords[role] : 'none'}`} entries={() => commandEntries(roleCommandIds, role && !mixed ? roleMarks(role) : {})} />
        <ReadAgain />
        <CommandButton id="delete-lines" label="Delete the lines" side="top"><Trash2 size={15} aria-hidden /></CommandButton>
      </div>
    </div>
  );
}

/** By another recogniser, or by a model of this machine. */
function ReadAgain() {
  const model = useCorrection((state) => state.readingModel);
  const models = useModels((state) => state.description?.models);
  if (model !== null) {
    return (
      <span role="status" className="flex items-center gap-1 pl-2 text-small text-muted">
        <span className="max-w-40 truncate" title={model}>{model} reads…</span>
        <Button kind="quiet" className="h-7! px-2!" onClick={stopReading}>Stop</Button>
      </span>
    );
  }
  const byModel = (models ?? []).map((one): MenuEntry => ({ kind: 'item', id: one.id, label: `Read with ${one.name}`, run: () => void readSelectedBy(one) }));
  return (
    <DropMenu align="center" entries={[...commandEntries(readingCommandIds), { kind: 'line', id: 'models' }, ...byModel, ...(byModel.length === 0 ? commandEntries(['models']) : [])]}>
      <button type="button" aria-label="Read the selected lines again" onPointerDown={askForModels} onKeyDown={askForModels} className={menuButton}>Read again</button>
    </DropMenu>
  );
}

function askForModels(): void {
  if (useModels.getState().description === null) void loadModels().catch(reportFailure);
}

const menuButton = 'inline-flex h-8 items-center rounded-md px-2 text-small whitespace-nowrap text-muted hover:bg-hover hover:text-ink';

function roleMarks(role: RegionRole): Record<string, boolean> {
  return Object.fromEntries(roleCommandIds.map((id) => [id, id === `role-${role}`]));
}

function Menu({ label, name, entries }: { label: string; name: string; entries: () => MenuEntry[] }) {
  const [shown, setShown] = useState<readonly MenuEntry[]>(entries);
  const renew = (): void => setShown(entries());
  return (
    <DropMenu entries={shown} align="center">
      <button type="button" aria-label={name} onPointerDown={renew} onKeyDown={renew} className={menuButton}>{label}</button>
    </DropMenu>
  );
}
