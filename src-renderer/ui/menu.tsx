// Menus that drop from a button or open at the pointer. One list of entries, two ways to show it.
import type { ReactNode } from 'react';
import { ContextMenu, DropdownMenu } from 'radix-ui';
import { Check } from 'lucide-react';

export type MenuEntry =
  | { kind: 'item'; id: string; label: string; keys?: string | undefined; enabled?: boolean; checked?: boolean; danger?: boolean; run(): void }
  | { kind: 'line'; id: string };

const panel = 'z-50 min-w-52 max-w-80 animate-fade rounded-lg border border-edge bg-raised p-1 text-body shadow-float';
const row = 'flex cursor-default items-center gap-2 rounded-md px-2 py-1.5 outline-none select-none data-[disabled]:opacity-45 data-[highlighted]:bg-accent-soft data-[highlighted]:text-accent-text';

function Row({ entry }: { entry: Extract<MenuEntry, { kind: 'item' }> }) {
  return (
    <>
      <span className="flex w-4 justify-center">{entry.checked && <Check size={14} aria-hidden />}</span>
      <span className={entry.danger ? 'flex-1 text-bad' : 'flex-1'}>{entry.label}</span>
      {entry.keys && <span className="pl-4 text-tiny text-faint">{entry.keys}</span>}
    </>
  );
}

interface DropMenuProps {
  entries: readonly MenuEntry[];
  children: ReactNode;
  align?: 'start' | 'center' | 'end';
  /** The menu is gone, and its button would get the focus now: true when something else has it. */
  onClosed?(): boolean;
}

/** Not modal on purpose: the modal kind injects a style element, which the content policy forbids. */
export function DropMenu({ entries, children, align = 'end', onClosed }: DropMenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={4} collisionPadding={8} className={panel} onCloseAutoFocus={(event) => { if (onClosed?.()) event.preventDefault(); }}>
          {entries.map((entry) =>
            entry.kind === 'line' ? <DropdownMenu.Separator key={entry.id} className="my-1 h-px bg-edge" />
            : entry.checked === undefined ? <DropdownMenu.Item key={entry.id} disabled={entry.enabled === false} onSelect={entry.run} className={row}><Row entry={entry} /></DropdownMenu.Item>
            : <DropdownMenu.CheckboxItem key={entry.id} checked={entry.checked} disabled={entry.enabled === false} onSelect={entry.run} className={row}><Row entry={entry} /></DropdownMenu.CheckboxItem>)}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** `entries` is asked for when the menu opens, so that it describes what was clicked. */
export function PointerMenu({ entries, onOpen, children }: { entries: readonly MenuEntry[]; onOpen?: () => void; children: ReactNode }) {
  return (
    <ContextMenu.Root modal={false} onOpenChange={(open) => { if (open) onOpen?.(); }}>
      <ContextMenu.Trigger asChild>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content collisionPadding={8} className={panel}>
          {entries.map((entry) =>
            entry.kind === 'line' ? <ContextMenu.Separator key={entry.id} className="my-1 h-px bg-edge" />
            : entry.checked === undefined ? <ContextMenu.Item key={entry.id} disabled={entry.enabled === false} onSelect={entry.run} className={row}><Row entry={entry} /></ContextMenu.Item>
            : <ContextMenu.CheckboxItem key={entry.id} checked={entry.checked} disabled={entry.enabled === false} onSelect={entry.run} className={row}><Row entry={entry} /></ContextMenu.CheckboxItem>)}
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
