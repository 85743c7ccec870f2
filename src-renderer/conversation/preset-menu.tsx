// Ready-made questions for who is going to answer. One with a gap puts the cursor where the gap is.
import { useRef } from 'react';
import { Sparkles } from 'lucide-react';
import { useAnswererFamily } from '../stores/answerers.ts';
import { openDialog } from '../stores/layout-store.ts';
import { useSettings } from '../stores/settings-store.ts';
import { IconButton } from '../ui/button.tsx';
import { DropMenu, type MenuEntry } from '../ui/menu.tsx';
import { presetsFor } from './presets.ts';

export function PresetMenu({ onChoose }: { onChoose(text: string): void }) {
  const family = useAnswererFamily();
  const stored = useSettings(({ settings }) => settings.presets);
  const chosen = useRef<string | null>(null);
  /** Only now: the closing menu would take the focus out of the field again. */
  const closed = (): boolean => {
    const text = chosen.current;
    chosen.current = null;
    if (text !== null) onChoose(text);
    return text !== null;
  };
  const entries: MenuEntry[] = [
    ...presetsFor(family, stored).map(({ name, text }, at) => ({ kind: 'item' as const, id: `${at}`, label: name, run: () => { chosen.current = text; } })),
    { kind: 'line', id: 'line' },
    { kind: 'item', id: 'edit', label: 'Change these…', run: () => openDialog('presets') },
  ];
  return (
    <DropMenu entries={entries} align="start" onClosed={closed}>
      <IconButton label="Ready-made questions" side="top"><Sparkles size={15} aria-hidden /></IconButton>
    </DropMenu>
  );
}
