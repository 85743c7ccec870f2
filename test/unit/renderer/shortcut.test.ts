// Which key press means which command, on every keyboard and while an input method composes.
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src-renderer/commands/command-list.ts';
import { matchingCommands } from '../../../src-renderer/commands/command-palette.tsx';
import { ariaShortcut, matches, shortcutText, type KeyPress } from '../../../src-renderer/commands/shortcut.ts';
import { isComposing } from '../../../src-renderer/ui/is-composing.ts';
import { menuCommand } from '@contract/events.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

describe('shortcuts', () => {
  it('need exactly their modifiers', () => {
    expect(matches('Mod+F', press('f', { ctrlKey: true }), false)).toBe(true);
    expect(matches('Mod+F', press('F', { ctrlKey: true, shiftKey: true }), false)).toBe(false);
    expect(matches('Mod+F', press('f'), false)).toBe(false);
    expect(matches('Mod+F', press('f', { metaKey: true }), true)).toBe(true);
    expect(matches('Mod+F', press('f', { ctrlKey: true }), true)).toBe(false);
  });

  // On most keyboards the plus needs Shift, on the German one it does not; the key pad always gives "+".
  it('zoom in with plus, with or without Shift, and with the equals key under it', () => {
    for (const key of [press('+', { ctrlKey: true }), press('+', { ctrlKey: true, shiftKey: true }), press('=', { ctrlKey: true })]) expect(matches('Mod++', key, false)).toBe(true);
  });

  // With a Korean layout, Ctrl+F arrives as Ctrl+ㄹ.
  it('work with keyboards that have other letters, by the place of the key', () => {
    expect(matches('Mod+F', press('ㄹ', { ctrlKey: true, code: 'KeyF' }), false)).toBe(true);
    expect(matches('Mod+F', press('а', { ctrlKey: true, code: 'KeyF' }), false)).toBe(true);
    // A Dvorak layout gives Latin letters: there the letter counts, not the place.
    expect(matches('Mod+F', press('u', { ctrlKey: true, code: 'KeyF' }), false)).toBe(false);
  });

  it('never fire while a character is being composed', () => {
    expect(matches('Escape', press('Escape', { isComposing: true }), false)).toBe(false);
    expect(matches('Escape', press('Escape', { keyCode: 229 }), false)).toBe(false);
    expect(isComposing({ nativeEvent: { isComposing: false, keyCode: 229 } })).toBe(true);
    expect(isComposing({ nativeEvent: { isComposing: false, keyCode: 13 } })).toBe(false);
  });

  it('are written the way the system writes them', () => {
    expect(shortcutText('Mod+Shift+ArrowLeft', false)).toBe('Ctrl+Shift+←');
    expect(shortcutText('Mod+Shift+Z', true)).toBe('⌘⇧Z');
    expect(shortcutText('Mod++', false)).toBe('Ctrl++');
    expect(ariaShortcut('Mod++', false)).toBe('Control+Plus');
  });
});

describe('command list', () => {
  it('has every verb of the menu bar', () => {
    const ids = new Set<string>(commands.map((one) => one.id));
    expect(menuCommand.options.filter((verb) => !ids.has(verb))).toEqual([]);
  });

  it('gives no key to two commands, where the same thing has the focus', () => {
    for (const onPage of [true, false]) {
      const keys = commands.filter((one) => (one.onPage ?? false) === onPage).flatMap((one) => one.shortcuts.map((key) => key.toLowerCase()));
      expect(keys.length).toBeGreaterThan(0);
      expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    }
  });

  it('finds commands by any of their words, beginnings first', () => {
    expect(matchingCommands('fit')[0]?.id).toBe('zoom-fit');
    expect(matchingCommands('document next').map((one) => one.id)).toContain('next-document');
    expect(matchingCommands('nonsense')).toEqual([]);
  });
});
