// Pages as plain text: paragraphs set apart by an empty line, tables aligned with spaces.
import type { ExportPage } from './export-page.ts';
import { partsOf } from './parts.ts';
import type { Part } from './parts.ts';
import { gridOfTable } from './table-text.ts';
import type { TextTable } from './table-text.ts';

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns a text takes in a fixed-width font, where Han, kana and Hangul take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.normalize('NFC')) width += wide.test(character) ? 2 : 1;
  return width;
}

function alignedTable(table: TextTable): string {
  const grid = gridOfTable(table);
  const widths = grid[0]?.map((_, column) => Math.max(...grid.map((row) => displayWidth(row[column]!)))) ?? [];
  return grid.map((row) => row.map((cell, column) => cell + ' '.repeat(widths[column]! - displayWidth(cell))).join('  ').trimEnd()).join('\n');
}

function partText(part: Part): string {
  switch (part.kind) {
    case 'heading':
      return part.text;
    case 'list':
      return part.items.map(({ mark, text, level }) => '  '.repeat(level) + mark + text).join('\n');
    case 'caption':
      return part.text;
    case 'figure':
      return [...part.texts, ...(part.caption === null ? [] : [part.caption])].join('\n');
    case 'table':
      return alignedTable(part.table);
    case 'paragraphs':
    case 'footnotes':
    case 'lines':
      return part.texts.join('\n');
  }
}

/** Ends with a line break unless there is no text at all. */
export function exportText(pages: readonly ExportPage[]): string {
  const parts = pages.flatMap((page) => partsOf(page).map(partText)).filter((text) => text !== '');
  return parts.length ? `${parts.join('\n\n')}\n` : '';
}
