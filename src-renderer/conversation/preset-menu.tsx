// Ready-made questions for who is going to answer.
import { Sparkles } from 'lucide-react';
import { useAnswererFamily } from '../stores/answerers.ts';
import { IconButton } from '../ui/button.tsx';
import { DropMenu } from '../ui/menu.tsx';
import { presets } from './presets.ts';

export function PresetMenu({ onChoose }: { onChoose(text: string): void }) {
  const family = useAnswererFamily();
  const entries = presets.flatMap(({ id, name, texts }) => {
    const text = texts[family];
    return text === undefined ? [] : [{ kind: 'item' as const, id, label: name, run: () => onChoose(text) }];
  });
  return (
    <DropMenu entries={entries} align="start">
      <IconButton label="Ready-made questions" side="top"><Sparkles size={15} aria-hidden /></IconButton>
    </DropMenu>
  );
}
