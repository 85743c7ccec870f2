// What clicks, Shift, Ctrl and the arrows select.
import { describe, expect, it } from 'vitest';
import { pageLinesOf } from '../../../src-renderer/page/page-lines.ts';
import { extendTo, isSelected, moveFocus, nothingSelected, selectAll, selectedLines, selectLines, selectOne, toggle } from '../../../src-renderer/page/selection.ts';
import { lineAt, pageOf } from './page-fixture.ts';

const { lines } = pageLinesOf(pageOf([lineAt('one two three', 0, 0), lineAt('four five', 0, 30)], [lineAt('six', 0, 60), lineAt('seven eight', 0, 90)]));
const wordCount = (line: number): number => lines[line]!.line.words.length;
const plain = (selection: ReturnType<typeof selectOne>): Record<number, 'all' | number[]> =>
  Object.fromEntries([...selection.lines].map(([line, part]) => [line, part === 'all' ? 'all' : [...part]]));

describe('selection', () => {
  it('extends from the anchor in both directions, as far as the last target only', () => {
    const start = selectOne({ line: 2 });
    const down = extendTo(start, { line: 3 }, wordCount);
    expect(selectedLines(down)).toEqual([2, 3]);
    // Not grown from both ends: going up after going down leaves the lines below.
    expect(selectedLines(extendTo(down, { line: 0 }, wordCount))).toEqual([0, 1, 2]);
  });

  it('extends word-exactly between words, whichever was clicked first', () => {
    const forward = extendTo(selectOne({ line: 0, word: 1 }), { line: 1, word: 0 }, wordCount);
    const backward = extendTo(selectOne({ line: 1, word: 0 }), { line: 0, word: 1 }, wordCount);
    expect(plain(forward)).toEqual({ 0: [1, 2], 1: [0] });
    expect(plain(backward)).toEqual(plain(forward));
  });

  it('a line whose words are all in the range counts as a whole line', () => {
    expect(plain(extendTo(selectOne({ line: 0, word: 0 }), { line: 0, word: 2 }, wordCount))).toEqual({ 0: 'all' });
  });

  it('toggling a word takes it out of a selected line and puts it back', () => {
    const without = toggle(selectOne({ line: 0 }), { line: 0, word: 1 }, 3);
    expect(plain(without)).toEqual({ 0: [0, 2] });
    expect(isSelected(without, { line: 0, word: 1 })).toBe(false);
    expect(plain(toggle(without, { line: 0, word: 1 }, 3))[0]).toHaveLength(3);
    expect(toggle(selectOne({ line: 1, word: 0 }), { line: 1, word: 0 }, 2).lines.size).toBe(0);
  });

  it('a rubber band adds to what was selected before it', () => {
    expect(selectedLines(selectLines([3], selectOne({ line: 0 })))).toEqual([0, 3]);
    expect(selectedLines(selectLines([], selectOne({ line: 0 })))).toEqual([0]);
  });

  it('arrows stop at both ends and begin at the near end', () => {
    expect(moveFocus(nothingSelected, 'down', lines)).toEqual({ line: 0 });
    expect(moveFocus(nothingSelected, 'up', lines)).toEqual({ line: 3 });
    expect(moveFocus(selectOne({ line: 3 }), 'down', lines)).toEqual({ line: 3 });
    expect(moveFocus(selectOne({ line: 0 }), 'up', lines)).toEqual({ line: 0 });
    expect(moveFocus(nothingSelected, 'down', [])).toBeNull();
  });

  it('left and right walk through words across line ends', () => {
    expect(moveFocus(selectOne({ line: 0, word: 2 }), 'right', lines)).toEqual({ line: 1, word: 0 });
    expect(moveFocus(selectOne({ line: 1, word: 0 }), 'left', lines)).toEqual({ line: 0, word: 2 });
    expect(moveFocus(selectOne({ line: 0, word: 0 }), 'left', lines)).toEqual({ line: 0, word: 0 });
  });

  it('selects everything', () => {
    expect(selectedLines(selectAll(lines))).toEqual([0, 1, 2, 3]);
  });
});
