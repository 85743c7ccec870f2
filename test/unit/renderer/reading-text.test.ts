// What lands on the clipboard, and which part of the page a search hit covers.
import { describe, expect, it } from 'vitest';
import { joinOf, pageLinesOf, wordRanges } from '../../../src-renderer/page/page-lines.ts';
import { rangeQuads, selectionText } from '../../../src-renderer/page/reading-text.ts';
import { selectAll, selectLines, selectOne, toggle } from '../../../src-renderer/page/selection.ts';
import { boxAt, lineAt, pageOf } from './page-fixture.ts';

describe('text of a selection', () => {
  const { lines } = pageLinesOf(pageOf([lineAt('First line', 0, 0), lineAt('second line', 0, 30)], [lineAt('Total', 0, 80)], [lineAt('27.90', 0, 110)]));

  it('follows reading order, however it was clicked together', () => {
    const clicked = selectLines([3, 0], selectOne({ line: 1 }));
    expect(selectionText(lines, clicked)).toBe('First line\nsecond line\n\n27.90');
  });

  it('sets off paragraphs with an empty line, but not the rows of a receipt', () => {
    expect(selectionText(lines, selectAll(lines))).toBe('First line\nsecond line\n\nTotal\n27.90');
  });

  // "Flat White 7.80" must not become two lines, and must paste into a spreadsheet as two cells.
  it('puts a tab between what stands side by side, also on a slanted photo', () => {
    const slanted = (text: string, x: number, y: number) => {
      const width = text.length * 10;
      return { ...lineAt(text, x, y), quad: [[x, y], [x + width, y - width * 0.08], [x + width, y - width * 0.08 + 20], [x, y + 20]] as [[number, number], [number, number], [number, number], [number, number]] };
    };
    const rows = [slanted('Flat White', 100, 100), slanted('7.80', 600, 60), slanted('Earl Grey', 100, 130), slanted('3.40', 600, 90)];
    const { lines: made } = pageLinesOf(pageOf(rows));
    expect(selectionText(made, selectAll(made))).toBe('Flat White\t7.80\nEarl Grey\t3.40');
    // Without its neighbour there is no cell to set apart.
    expect(selectionText(made, selectLines([1, 3]))).toBe('7.80\n3.40');
  });

  it('keeps the spacing between neighbouring words and closes gaps with one space', () => {
    const [line] = pageLinesOf(pageOf([lineAt('a  b c', 0, 0)])).lines;
    const some = toggle(toggle(selectOne({ line: 0, word: 0 }), { line: 0, word: 1 }, 3), { line: 0, word: 2 }, 3);
    expect(selectionText([line!], some)).toBe('a  b c');
    expect(selectionText([line!], toggle(some, { line: 0, word: 1 }, 3))).toBe('a c');
  });

  // Chinese words have no space between them; joining with spaces is the classic complaint.
  it('adds no space between Chinese words', () => {
    const chinese = { ...lineAt('南昌站', 0, 0), words: [{ text: '南昌', quad: boxAt(0, 0, 20, 20), confidence: 1 }, { text: '站', quad: boxAt(20, 0, 10, 20), confidence: 1 }] };
    const { lines: made } = pageLinesOf(pageOf([chinese]));
    expect(selectionText(made, toggle(selectOne({ line: 0, word: 0 }), { line: 0, word: 1 }, 2))).toBe('南昌站');
  });

  it('joins running lines with a space, but not after a Chinese or Japanese sign', () => {
    expect(joinOf('the sea', 'wall')).toBe(' ');
    expect(joinOf('청주시', '서원구')).toBe(' ');
    expect(joinOf('買い', '物')).toBe('');
    expect(joinOf('終わり。', '次')).toBe('');
  });
});

describe('page area of a range', () => {
  const line = lineAt('abcd efgh', 0, 0, { width: 90 });

  it('covers whole words and parts of words', () => {
    expect(rangeQuads(line, 0, 4)).toEqual([boxAt(0, 0, 40, 20)]);
    const [part] = rangeQuads(line, 5, 7);
    expect(part![0][0]).toBeCloseTo(50);
    expect(part![1][0]).toBeCloseTo(70);
    expect(rangeQuads(line, 2, 7)).toHaveLength(2);
  });

  // The second "an" must not be marked at the first.
  it('finds repeated words where they stand', () => {
    expect(wordRanges(lineAt('an ant an', 0, 0))).toEqual([[0, 2], [3, 6], [7, 9]]);
  });

  it('falls back to the line when the words do not match its text', () => {
    expect(rangeQuads({ ...line, words: [] }, 0, 9)).toEqual([boxAt(0, 0, 90, 20)]);
  });

  it('follows the direction of the text in a turned line', () => {
    const turned = { ...line, words: [], quad: [[100, 100], [100, 10], [120, 10], [120, 100]] as typeof line.quad };
    const [part] = rangeQuads(turned, 0, 3);
    expect(part![1]).toEqual([100, 70]);
  });
});

describe('running text', () => {
  const full = (y: number) => lineAt('a line of some thirty letters', 0, y, { width: 600 });

  it('is a paragraph that fills its column', () => {
    expect(pageLinesOf(pageOf([full(0), full(30), full(60), lineAt('and its end', 0, 90, { width: 200 })])).regions[0]!.flowing).toBe(true);
  });

  it('is not an address, nor a receipt', () => {
    expect(pageLinesOf(pageOf([lineAt('Ada Lovelace, mathematician', 0, 0, { width: 300 }), lineAt('12 St James Square, Westminster', 0, 30, { width: 500 }), lineAt('London', 0, 60)])).regions[0]!.flowing).toBe(false);
    expect(pageLinesOf(pageOf([lineAt('2 x tea 3.40', 0, 0), lineAt('1 x bun 2.10', 0, 30), lineAt('total   8.90', 0, 60)])).regions[0]!.flowing).toBe(false);
  });
});
