// The commands that correct what was read: a part of the one list.
import { regionRole, type RegionRole } from '@contract/document.ts';
import { deleteFigure, deleteSelected, editFocused, moveFigure, mergeSelected, moveSelected, readSelectedAs, setRole, splitLine, useCorrection } from '../stores/correction-store.ts';
import { currentLines, currentPage, currentText, pickNextFigure, selectedFigure, useDesk } from '../stores/desk-store.ts';
import { wordRanges } from '../page/page-lines.ts';
import type { Command } from './command-list.ts';

export const roleWords: Record<RegionRole, string> = {
  title: 'Title', heading: 'Heading', paragraph: 'Paragraph', list: 'List', table: 'Table', figure: 'Figure', caption: 'Caption', footnote: 'Footnote', header: 'Page header', footer: 'Page footer', other: 'Other',
};

export type RoleCommandId = `role-${RegionRole}`;
const scripts = { latin: 'Latin letters', chinese: 'Chinese', japanese: 'Japanese', korean: 'Korean' } as const;
export type ReadingCommandId = 'read-lines' | `read-lines-${keyof typeof scripts}`;
export type CorrectionCommandId = 'edit-line' | 'split-line' | 'merge-lines' | 'move-earlier' | 'move-later' | 'delete-lines' | 'edit-boxes' | 'draw-figure' | 'next-figure' | RoleCommandId | ReadingCommandId;

export const roleCommandIds = regionRole.options.map((role): RoleCommandId => `role-${role}`);
const scriptNames = Object.keys(scripts) as (keyof typeof scripts)[];
export const readingCommandIds: readonly ReadingCommandId[] = ['read-lines', ...scriptNames.map((script): ReadingCommandId => `read-lines-${script}`)];

const count = (): number => useDesk.getState().selection.lines.size;
const some = (): boolean => count() > 0;
const figure = (): boolean => selectedFigure() !== null;
const chosen = (): boolean => some() || figure();
const hasFigures = (): boolean => currentText()?.regions.some((region) => region.role === 'figure') ?? false;

/** Where the focused line would be cut: before the focused word. */
function cutPlace(): { line: number; at: number } | null {
  const { focus } = useDesk.getState().selection;
  const line = focus && currentLines().lines[focus.line]?.line;
  const at = line && focus.word ? wordRanges(line)[focus.word]?.[0] : undefined;
  return focus && at !== undefined && at > 0 ? { line: focus.line, at } : null;
}

function command(id: CorrectionCommandId, label: string, shortcuts: Command['shortcuts'], run: () => void, enabled: () => boolean = some): Command {
  return { id, group: 'Correct', label, shortcuts, run, enabled, onPage: true };
}

export const correctionCommands: readonly Command[] = [
  command('edit-line', 'Edit the line', ['Enter', 'F2'], editFocused),
  command('split-line', 'Split the line before the word', ['Mod+Shift+Enter'], () => { const place = cutPlace(); if (place) void splitLine(place.line, place.at); }, () => cutPlace() !== null),
  command('merge-lines', 'Merge the lines', ['Mod+M'], () => void mergeSelected(), () => count() > 1),
  command('move-earlier', 'Earlier in reading order', ['Mod+Alt+ArrowUp'], () => void (figure() ? moveFigure(-1) : moveSelected(-1)), chosen),
  command('move-later', 'Later in reading order', ['Mod+Alt+ArrowDown'], () => void (figure() ? moveFigure(1) : moveSelected(1)), chosen),
  command('delete-lines', 'Delete the lines or the figure', ['Delete', 'Backspace'], () => void (figure() ? deleteFigure() : deleteSelected()), chosen),
  command('edit-boxes', 'Draw, move and resize boxes', ['e'], () => useCorrection.setState(({ boxes }) => ({ boxes: !boxes, draws: 'text' })), () => currentPage() !== null),
  command('draw-figure', 'Draw a figure', ['Shift+E'], () => useCorrection.setState({ boxes: true, draws: 'figure' }), () => currentText() !== null),
  command('next-figure', 'Next figure', ['f'], () => void pickNextFigure(), hasFigures),
  ...regionRole.options.map((role) => command(`role-${role}`, `Make it: ${roleWords[role].toLowerCase()}`, [], () => void setRole(role))),
  command('read-lines', 'Read the lines again, in whichever script fits', [], () => void readSelectedAs(null)),
  ...scriptNames.map((script) => command(`read-lines-${script}`, `Read the lines again as ${scripts[script]}`, [], () => void readSelectedAs(script))),
];
