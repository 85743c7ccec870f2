// Pages as one HTML file that needs nothing else: headings, paragraphs, lists and tables with merged cells.
import type { ExportPage } from './export-page.ts';
import { mainLanguage } from './page-places.ts';
import { partsOf } from './parts.ts';
import type { ListItem, Part } from './parts.ts';
import type { TextTable } from './table-text.ts';
import { block, element, escapeXml, openTag } from './xml.ts';

const style = [
  'body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }',
  'table { border-collapse: collapse; margin: 1rem 0; }',
  'td { border: 1px solid #999; padding: .25rem .5rem; vertical-align: top; }',
  'figure { margin: 1rem 0; } figure img { max-width: 100%; }',
  '.caption, figcaption, .footnote { font-size: .875rem; }',
  'section + section { border-top: 1px solid #999; margin-top: 2rem; padding-top: 1rem; }',
].join('\n');

/** The items of one depth from `from` on, each with those beneath it; where they end. */
function branch(items: readonly ListItem[], from: number): [{ item: ListItem; inner: string }[], number] {
  const found: { item: ListItem; inner: string }[] = [];
  const level = items[from]!.level;
  let at = from;
  while (at < items.length && items[at]!.level >= level) {
    const item = items[at]!;
    if (item.level > level && found.length) {
      const [inner, next] = branch(items, at);
      found.at(-1)!.inner += listOf(inner);
      at = next;
    } else {
      found.push({ item, inner: '' });
      at++;
    }
  }
  return [found, at];
}

function listOf(entries: readonly { item: ListItem; inner: string }[]): string {
  const items = entries.map(({ item }) => item);
  const draw = (marked: boolean): string[] => entries.map(({ item, inner }) => element('li', {}, escapeXml((marked ? item.mark : '') + item.text) + inner));
  // A list whose numbers count on is numbered; every other keeps the marks it was printed with.
  const first = items[0]?.number ?? null;
  if (first !== null && items.every(({ number }, at) => number === first + at)) return block('ol', { start: first === 1 ? undefined : first }, draw(false));
  return items.every(({ number }) => number === null) ? block('ul', {}, draw(false)) : block('ul', { style: 'list-style: none' }, draw(true));
}

/** Lists may begin deeper than they go on. */
function list(items: readonly ListItem[]): string {
  const lists: string[] = [];
  for (let at = 0; at < items.length; ) {
    const [entries, next] = branch(items, at);
    lists.push(listOf(entries));
    at = next;
  }
  return lists.join('\n');
}

function table({ rows, columns, cells }: TextTable): string {
  const span = (count: number): number | undefined => (count > 1 ? count : undefined);
  const lines = Array.from({ length: rows }, (_, row) => {
    const tags: string[] = [];
    for (let column = 0; column < columns; column++) {
      const cell = cells.find((one) => one.row === row && one.column === column);
      if (cell) tags.push(`${openTag('td', { rowspan: span(cell.rowSpan), colspan: span(cell.columnSpan) })}${escapeXml(cell.text)}</td>`);
      else if (!cells.some((one) => row >= one.row && row < one.row + one.rowSpan && column >= one.column && column < one.column + one.columnSpan)) tags.push('<td></td>');
    }
    return `<tr>${tags.join('')}</tr>`;
  });
  return block('table', {}, lines);
}

/** Words in a drawing are seen where its picture is, and heard where it is described. */
function figure({ texts, caption, picture }: Extract<Part, { kind: 'figure' }>): string {
  const words = texts.join(' · ');
  const image = picture ? openTag('img', { src: `data:image/png;base64,${Buffer.from(picture).toString('base64')}`, alt: words || 'Figure' }) : words && element('p', {}, escapeXml(words));
  const below = caption === null ? '' : element('figcaption', {}, escapeXml(caption));
  return image || below ? element('figure', {}, `${image}${below}`) : '';
}

function partHtml(part: Part): string {
  switch (part.kind) {
    case 'heading':
      return element(`h${part.level}`, {}, escapeXml(part.text));
    case 'paragraphs':
      return part.texts.map((text) => element('p', {}, escapeXml(text))).join('\n');
    case 'list':
      return list(part.items);
    case 'table':
      return table(part.table);
    case 'caption':
      return element('p', { class: 'caption' }, escapeXml(part.text));
    case 'footnotes':
      return part.texts.map((text) => element('p', { class: 'footnote' }, escapeXml(text))).join('\n');
    case 'figure':
      return figure(part);
    case 'lines': {
      const lines = element('p', {}, part.texts.map(escapeXml).join('<br>'));
      return part.role === 'header' || part.role === 'footer' ? element(part.role, {}, lines) : lines;
    }
  }
}

export function exportHtml(pages: readonly ExportPage[]): string {
  const parts = pages.map(partsOf);
  const heading = parts.flat().find((part) => part.kind === 'heading');
  const head = ['<meta charset="utf-8">', '<meta name="viewport" content="width=device-width, initial-scale=1">', `<title>${escapeXml(heading?.text ?? pages[0]?.file ?? '')}</title>`, `<style>\n${style}\n</style>`];
  const body = parts.length > 1 ? parts.map((one, at) => block('section', { 'aria-label': `Page ${pages[at]!.pageIndex + 1}` }, one.map(partHtml))) : (parts[0] ?? []).map(partHtml);
  return `<!doctype html>\n${block('html', { lang: mainLanguage(pages.map((page) => page.text)) ?? undefined }, [`${openTag('head')}\n${head.join('\n')}\n</head>`, `${openTag('body')}\n${body.join('\n')}\n</body>`])}\n`;
}
