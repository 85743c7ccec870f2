// Every command by name: type a part of it, Enter runs it. Reads the one list.
import { useId, useMemo, useState } from 'react';
import { Search } from 'lucide-react';
import { closeDialog } from '../stores/layout-store.ts';
import { classes } from '../ui/classes.ts';
import { Dialog } from '../ui/dialog.tsx';
import { KeyCaps } from '../ui/key-caps.tsx';
import { TextField } from '../ui/text-field.tsx';
import { commands, type Command } from './command-list.ts';
import { isMac, keyCaps } from './shortcut.ts';

/** Commands whose label or group contains every typed word; those that begin with the text first. */
export function matchingCommands(typed: string, all: readonly Command[] = commands): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = all.filter((one) => one.id !== 'palette' && words.every((word) => `${one.label} ${one.group}`.toLowerCase().includes(word)));
  const begins = (one: Command): number => (one.label.toLowerCase().startsWith(typed.trim().toLowerCase()) ? 0 : 1);
  return fits.sort((a, b) => begins(a) - begins(b));
}

export function CommandPalette() {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const found = useMemo(() => matchingCommands(typed).filter((one) => one.enabled()), [typed]);
  const run = (command: Command | undefined): void => {
    if (!command) return;
    closeDialog();
    // The dialog gives the focus back when it is gone: only then may the command move it.
    requestAnimationFrame(() => { if (command.enabled()) command.run(); });
  };
  const move = (by: number): void => {
    const next = (at + by + found.length) % Math.max(1, found.length);
    setAt(next);
    document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <Dialog title="All commands" onClose={closeDialog}>
      <TextField
        label="Command"
        placeholder="What would you like to do?"
        data-start
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={found[at] && `${list}-${at}`}
        value={typed}
        onText={(text) => { setTyped(text); setAt(0); }}
        onEnter={() => run(found[at])}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') { event.preventDefault(); move(1); }
          if (event.key === 'ArrowUp') { event.preventDefault(); move(-1); }
        }}
        icon={<Search size={14} />}
      />
      <div id={list} role="listbox" aria-label="Commands" className="mt-2 h-80 overflow-y-auto">
        {found.map((one, index) => (
          <div
            key={one.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            onMouseMove={() => setAt(index)}
            onClick={() => run(one)}
            className={classes('flex items-center gap-3 rounded-md px-2.5 py-1.5', index === at && 'bg-accent-soft text-accent-text')}
          >
            <span className="flex-1">{one.label}</span>
            <span className="text-tiny text-faint">{one.group}</span>
            {one.shortcuts[0] && <KeyCaps caps={keyCaps(one.shortcuts[0], isMac)} />}
          </div>
        ))}
        {found.length === 0 && <div role="option" aria-selected={false} aria-disabled className="px-2.5 py-4 text-center text-faint">No command is called that.</div>}
      </div>
    </Dialog>
  );
}
