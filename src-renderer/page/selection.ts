// What is selected on a page: whole lines or words of lines, with an anchor from which Shift extends. Pure; every operation returns a new value.
import type { PageLine } from './page-lines.ts';

/** A line, or one word of it. */
export interface Target { line: number; word?: number }

export interface Selection {
  /** Line index → the whole line, or the words of it that are selected. */
  readonly lines: ReadonlyMap<number, 'all' | ReadonlySet<number>>;
  /** Where a range starts. */
  readonly anchor: Target | null;
  /** Where it ends: the target the arrow keys move, and the active option of the list. */
  readonly focus: Target | null;
}

export const nothingSelected: Selection = { lines: new Map(), anchor: null, focus: null };

export function isEmpty(selection: Selection): boolean {
  return selection.lines.size === 0;
}

export function selectOne(target: Target): Selection {
  return { lines: new Map([[target.line, target.word === undefined ? 'all' : new Set([target.word])]]), anchor: target, focus: target };
}

/** Lines from any order; the first one given is the anchor. */
export function selectLines(indexes: readonly number[], base: Selection = nothingSelected): Selection {
  if (indexes.length === 0) return base;
  const lines = new Map(base.lines);
  for (const index of indexes) lines.set(index, 'all');
  return { lines, anchor: base.anchor ?? { line: indexes[0]! }, focus: { line: indexes.at(-1)! } };
}

export function selectAll(lines: readonly PageLine[]): Selection {
  if (lines.length === 0) return nothingSelected;
  return { lines: new Map(lines.map(({ index }) => [index, 'all'])), anchor: { line: 0 }, focus: { line: lines.length - 1 } };
}

/** Adds or takes away one line or word; the rest stays. */
export function toggle(selection: Selection, target: Target, wordCount: number): Selection {
  const lines = new Map(selection.lines);
  const now = lines.get(target.line);
  if (target.word === undefined) {
    if (now === 'all') lines.delete(target.line);
    else lines.set(target.line, 'all');
  } else {
    const words = new Set(now === 'all' ? Array.from({ length: wordCount }, (_, i) => i) : now);
    if (!words.delete(target.word)) words.add(target.word);
    if (words.size === 0) lines.delete(target.line);
    else lines.set(target.line, words);
  }
  return { lines, anchor: target, focus: target };
}

/** Everything from the anchor to `target` in reading order. Word-exact at an end that names a word. */
export function extendTo(selection: Selection, target: Target, wordCountOf: (line: number) => number): Selection {
  const anchor = selection.anchor ?? target;
  const forward = anchor.line < target.line || (anchor.line === target.line && (anchor.word ?? 0) <= (target.word ?? 0));
  const [start, end] = forward ? [anchor, target] : [target, anchor];
  const lines = new Map<number, 'all' | ReadonlySet<number>>();
  for (let line = start.line; line <= end.line; line++) {
    const last = wordCountOf(line) - 1;
    const from = line === start.line ? (start.word ?? 0) : 0;
    const to = line === end.line ? (end.word ?? last) : last;
    if (last < 0 || (from <= 0 && to >= last)) lines.set(line, 'all');
    else lines.set(line, new Set(Array.from({ length: to - from + 1 }, (_, i) => from + i)));
  }
  return { lines, anchor, focus: target };
}

export function isSelected(selection: Selection, target: Target): boolean {
  const now = selection.lines.get(target.line);
  if (now === undefined) return false;
  return now === 'all' || (target.word !== undefined && now.has(target.word));
}

/** Moves the focus to another line ('up'/'down' in reading order) or word; the first move on an empty selection takes the first or last line. */
export function moveFocus(selection: Selection, move: 'up' | 'down' | 'left' | 'right' | 'first' | 'last', lines: readonly PageLine[]): Target | null {
  const last = lines.length - 1;
  if (last < 0) return null;
  const { focus } = selection;
  if (move === 'first') return { line: 0 };
  if (move === 'last') return { line: last };
  if (!focus) return { line: move === 'up' || move === 'left' ? last : 0 };
  if (move === 'up') return { line: Math.max(0, focus.line - 1) };
  if (move === 'down') return { line: Math.min(last, focus.line + 1) };
  const words = (line: number): number => lines[line]?.line.words.length ?? 0;
  if (move === 'right') {
    const next = focus.word === undefined ? 0 : focus.word + 1;
    if (next < words(focus.line)) return { line: focus.line, word: next };
    return focus.line < last ? { line: focus.line + 1, word: 0 } : focus;
  }
  const previous = focus.word === undefined ? words(focus.line) - 1 : focus.word - 1;
  if (previous >= 0) return { line: focus.line, word: previous };
  return focus.line > 0 ? { line: focus.line - 1, word: Math.max(0, words(focus.line - 1) - 1) } : focus;
}

/** Indexes of the lines touched, in reading order. */
export function selectedLines(selection: Selection): number[] {
  return [...selection.lines.keys()].sort((a, b) => a - b);
}
