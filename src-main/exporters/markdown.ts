// Pages as Markdown: headings, lists and pipe tables by the regions' roles, all else escaped to read as it was printed.
import type { ExportPage } from './export-page.ts';
import { partsOf } from './parts.ts';
import type { ListItem, Part } from './parts.ts';
import { gridOfTable } from './table-text.ts';
import type { TextTable } from './table-text.ts';

/** Keeps printed characters from being taken as Markdown. */
function escaped(text: string): string {
  return text
    .replace(/[\\`*_[\]<]/g, '\\$&')
    .replace(/^(\s*)([#>+=~-])/, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}

function tableMarkdown(table: TextTable): string {
  const [head, ...body] = gridOfTable(table);
  const row = (cells: readonly string[]): string => `| ${cells.map((cell) => escaped(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return head ? [row(head), `|${head.map(() => ' --- |').join('')}`, ...body.map(row)].join('\n') : '';
}

/** Four spaces put an item under the one before, whichever mark that has. */
const itemMarkdown = ({ number, text, level }: ListItem): string => `${'    '.repeat(level)}${number === null ? '-' : `${number}.`} ${escaped(text)}`;

/** A picture is named in the text and stands whole at the end of the file, so that the text stays one that people read. */
function figure({ texts, caption, picture }: Extract<Part, { kind: 'figure' }>, pictures: Uint8Array[]): string {
  const image = picture ? `![${escaped(texts.join(' · '))}][figure-${pictures.push(picture)}]` : texts.map(escaped).join('  \n');
  return [image, ...(caption === null ? [] : [`*${escaped(caption)}*`])].filter((text) => text !== '').join('\n\n');
}

function partMarkdown(part: Part, pictures: Uint8Array[]): string {
  switch (part.kind) {
    case 'heading':
      return `${'#'.repeat(part.level)} ${escaped(part.text)}`;
    case 'paragraphs':
      return part.texts.map(escaped).join('\n\n');
    case 'list':
      return part.items.map(itemMarkdown).join('\n');
    case 'table':
      return tableMarkdown(part.table);
    case 'caption':
      return `*${escaped(part.text)}*`;
    case 'footnotes':
      return part.texts.map(escaped).join('\n\n');
    case 'figure':
      return figure(part, pictures);
    case 'lines':
      // Two spaces at the end keep the printed line break.
      return part.texts.map(escaped).join('  \n');
  }
}

export function exportMarkdown(pages: readonly ExportPage[]): string {
  const pictures: Uint8Array[] = [];
  const parts = pages.map((page) => partsOf(page).map((part) => partMarkdown(part, pictures)).filter((text) => text !== '').join('\n\n')).filter((text) => text !== '');
  const ends = pictures.map((picture, at) => `[figure-${at + 1}]: data:image/png;base64,${Buffer.from(picture).toString('base64')}\n`);
  return parts.length ? `${parts.join('\n\n---\n\n')}\n${ends.length ? `\n${ends.join('')}` : ''}` : '';
}
