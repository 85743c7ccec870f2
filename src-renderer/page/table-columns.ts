// How the columns of a table share the width of the text panel: by what stands in them. Pure; the cells come from the layout.
import type { Table, TableCell } from '@contract/table.ts';

export interface TableColumns {
  /** By a line's number in its region. */
  cells: ReadonlyMap<number, TableCell>;
  /** The value of `grid-template-columns`: no column is narrower than its longest word. */
  template: string;
  /** In em of the text: wider, the columns would only drift apart. So wide a panel of the usual width is filled, and sums of several tables meet. */
  widest: number;
  /** Whether a column holds figures, which stand at its right. */
  figures: readonly boolean[];
}

const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;
const figure = /^[\p{Sc}\d\s.,:/+\-−–%()]*\d[\p{Sc}\d\s.,:/+\-−–%()]*$/u;
/** A cell with more than this runs over several lines. */
const longestText = 16;
const least = 1.5;
const leastWidth = 28;
/** So short a text stays on one line, in scripts too that may break it anywhere. */
const unbroken = 8;

/** About how wide a text is, in em. */
function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width += wide.test(letter) ? 1 : 0.6;
  return width;
}

/** Where a cell's text may be broken: figures nowhere, Korean and short texts between words, others as their script has it. */
export function breaksOf(text: string): 'nowhere' | 'words' | 'anywhere' {
  if (figure.test(text) && text.length <= longestText) return 'nowhere';
  return text.length <= unbroken || /\p{Script=Hangul}/u.test(text) ? 'words' : 'anywhere';
}

/** Null where lines stand outside every cell: they would be lost. `texts` are those of the region's lines. */
export function tableColumns(table: Table, texts: readonly string[]): TableColumns | null {
  const cells = new Map(table.cells.flatMap((cell) => cell.lines.map((line) => [line, cell] as const)));
  if (table.columns < 2 || texts.some((_, line) => !cells.has(line))) return null;
  const columns = Array.from({ length: table.columns }, () => ({ text: least, filled: 0, figures: 0 }));
  for (const cell of table.cells) {
    const column = columns[cell.column];
    if (!column || cell.columnSpan > 1) continue;
    for (const line of cell.lines) {
      const text = texts[line]!;
      column.text = Math.max(column.text, Math.min(longestText, widthOf(text)));
      column.filled++;
      if (figure.test(text)) column.figures++;
    }
  }
  return {
    cells,
    template: columns.map(({ text }) => `minmax(min-content, ${text.toFixed(2)}fr)`).join(' '),
    widest: Math.max(leastWidth, columns.reduce((sum, { text }) => sum + text + 2, 0)),
    figures: columns.map(({ filled, figures }) => figures > filled / 2),
  };
}
