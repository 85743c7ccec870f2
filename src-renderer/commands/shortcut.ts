// Keyboard shortcuts as text ("Mod+Shift+F"): matching a key press, and naming it the way the user's system does. Knows no command.
import { isComposing } from '../ui/is-composing.ts';

/** Modifiers in any order, then one key: a `KeyboardEvent.key` in English ("F3", "Delete", "+", "0", "f"). */
export type Shortcut = string;

export interface KeyPress {
  key: string;
  code?: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  isComposing?: boolean;
  keyCode?: number;
}

interface Parts { mod: boolean; shift: boolean; alt: boolean; key: string }

function partsOf(shortcut: Shortcut): Parts {
  const plus = shortcut.endsWith('+');
  const names = (plus ? shortcut.slice(0, -1) : shortcut).split('+').filter((name) => name !== '');
  const key = plus ? '+' : (names.pop() ?? '');
  return { mod: names.includes('Mod'), shift: names.includes('Shift'), alt: names.includes('Alt'), key };
}

/** Keys that need Shift on some keyboards and not on others: Shift is not compared for them. */
const shiftVaries = new Set(['+', '=', '-', '_', '?', '/']);

export function matches(shortcut: Shortcut, press: KeyPress, mac: boolean): boolean {
  if (isComposing(press)) return false;
  const wanted = partsOf(shortcut);
  const mod = mac ? press.metaKey : press.ctrlKey;
  const otherMod = mac ? press.ctrlKey : press.metaKey;
  if (mod !== wanted.mod || otherMod || press.altKey !== wanted.alt) return false;
  if (!shiftVaries.has(wanted.key) && press.shiftKey !== wanted.shift) return false;
  return keyMatches(wanted.key, press);
}

function keyMatches(wanted: string, press: KeyPress): boolean {
  const pressed = press.key;
  if (pressed.toLowerCase() === wanted.toLowerCase()) return true;
  if (wanted === '+' && pressed === '=') return true;
  if (wanted === '-' && pressed === '_') return true;
  if (wanted === 'Space' && pressed === ' ') return true;
  // Korean, Russian, Greek… keyboards give their own letter: fall back to the key's place.
  const letter = /^[a-z]$/i.test(wanted) && !/^[a-z]$/i.test(pressed);
  return letter && press.code === `Key${wanted.toUpperCase()}`;
}

const macSigns: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
const keyNames: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', Delete: 'Del', PageUp: 'PgUp', PageDown: 'PgDn', '-': '−' };

/** The keys one by one, as key caps show them. */
export function keyCaps(shortcut: Shortcut, mac: boolean): string[] {
  const { mod, shift, alt, key } = partsOf(shortcut);
  const names = [...(mod ? ['Mod'] : []), ...(alt ? ['Alt'] : []), ...(shift ? ['Shift'] : [])];
  return [...names.map((name) => (mac ? macSigns[name]! : name === 'Mod' ? 'Ctrl' : name)), keyNames[key] ?? (key.length === 1 ? key.toUpperCase() : key)];
}

export function shortcutText(shortcut: Shortcut, mac: boolean): string {
  return keyCaps(shortcut, mac).join(mac ? '' : '+');
}

/** For `aria-keyshortcuts`. */
export function ariaShortcut(shortcut: Shortcut, mac: boolean): string {
  const { mod, shift, alt, key } = partsOf(shortcut);
  return [mod && (mac ? 'Meta' : 'Control'), alt && 'Alt', shift && 'Shift', key === '+' ? 'Plus' : key].filter(Boolean).join('+');
}

export const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);
