// Pages as Markdown: headings, lists and pipe tables by the regions' roles, all else escaped to read as it was printed.
import type { Region } from '@contract/document.ts';
import type { ExportPage } from './export-page.ts';
import { bullet, paragraphsOf } from './paragraphs.ts';
import { gridOf } from './table-grid.ts';

/** Keeps printed characters from being taken as Markdown. */
function escaped(text: string): string {
  return text
    .replace(/[\\`*_[\]<]/g, '\\$&')
    .replace(/^(\s*)([#>+=~-])/, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}

function table(region: Region): string {
  const [head, ...body] = gridOf(region);
  if (!head) return '';
  const row = (cells: readonly string[]): string => `| ${cells.map((cell) => escaped(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(head), `|${head.map(() => ' --- |').join('')}`, ...body.map(row)].join('\n');
}

function listItem(paragraph: string): string {
  const mark = bullet.exec(paragraph)?.[0] ?? '';
  const number = /^\(?(\d{1,3})[.)]/.exec(mark)?.[1];
  const rest = escaped(paragraph.slice(mark.length));
  return number ? `${number}. ${rest}` : `- ${rest}`;
}

function regionMarkdown(region: Region): string {
  if (region.role === 'table') return table(region);
  const paragraphs = paragraphsOf(region);
  switch (region.role) {
    case 'title':
      return paragraphs.length ? `# ${escaped(paragraphs.join(' '))}` : '';
    case 'heading':
      return paragraphs.length ? `## ${escaped(paragraphs.join(' '))}` : '';
    case 'list':
      return paragraphs.map(listItem).join('\n');
    case 'paragraph':
      return paragraphs.map(escaped).join('\n\n');
    case 'figure':
    case 'header':
    case 'footer':
    case 'other':
      // Two spaces at the end keep the printed line break.
      return paragraphs.map(escaped).join('  \n');
  }
}

export function exportMarkdown(pages: readonly ExportPage[]): string {
  const parts = pages.map((page) => page.text.regions.map(regionMarkdown).filter((text) => text !== '').join('\n\n')).filter((text) => text !== '');
  return parts.length ? `${parts.join('\n\n---\n\n')}\n` : '';
}
