// Every shortcut, grouped as in the palette, straight from the command list; and what the mouse does on the page.
import { commands, type CommandGroup } from '../commands/command-list.ts';
import { isMac, keyCaps } from '../commands/shortcut.ts';
import { closeDialog } from '../stores/layout-store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { KeyCaps } from '../ui/key-caps.tsx';

const groups: readonly CommandGroup[] = ['Documents', 'Page', 'Text', 'Correct', 'Ask', 'Compare', 'View', 'Lectern'];
const mod = isMac ? '⌘' : 'Ctrl';
const pointer: readonly (readonly [string, readonly string[]])[] = [
  ['Move the page', ['Space', 'drag']],
  ['Zoom', [mod, 'wheel']],
  ['Select a line, a word, a paragraph', ['click', '×1', '×2', '×3']],
  ['Select several lines', ['drag']],
  ['Extend, add', ['Shift', mod, 'click']],
];
const inTable: readonly (readonly [string, readonly string[]])[] = [
  ['Cell to cell', ['Tab', '↑', '↓', '←', '→']],
  ['Edit the cell', ['Enter']],
  ['Move the ruling line behind it', ['Alt', 'arrow']],
  ['Select several cells', ['Shift', 'arrow']],
];
const onPage: readonly (readonly [string, readonly string[]])[] = [
  ['Line to line', ['↑', '↓']],
  ['Word to word', ['←', '→']],
  ['Extend the selection', ['Shift', 'arrow']],
  ['First, last line', ['Home', 'End']],
  ['Move the page', [mod, 'arrow']],
  ['Next part of the window', ['F6']],
];

export function ShortcutsDialog() {
  return (
    <Dialog title="Keyboard shortcuts" size="wide" onClose={closeDialog}>
      <div className="columns-2 gap-8">
        {groups.map((group) => (
          <Section key={group} title={group} rows={commands.filter((one) => one.group === group && one.shortcuts.length > 0).map((one) => [one.label.replace('…', ''), keyCaps(one.shortcuts[0]!, isMac)])} />
        ))}
        <Section title="On the page, by keyboard" rows={onPage} />
        <Section title="In a table that is edited as a grid" rows={inTable} />
        <Section title="On the page, by mouse" rows={pointer} />
      </div>
    </Dialog>
  );
}

function Section({ title, rows }: { title: string; rows: readonly (readonly [string, readonly string[]])[] }) {
  return (
    <section className="mb-5 break-inside-avoid">
      <h3 className="mb-1 text-small font-semibold text-muted">{title}</h3>
      <dl>
        {rows.map(([label, caps]) => (
          <div key={label} className="flex items-center justify-between gap-3 py-1">
            <dt className="text-body">{label}</dt>
            <dd><KeyCaps caps={caps} /></dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
