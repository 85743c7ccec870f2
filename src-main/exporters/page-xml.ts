// A page as PAGE-XML, the format of the layout and handwriting community: regions in reading order, tables with their cells.
// @source PAGE content schema 2019-07-15, primaresearch.org
import { basename } from 'node:path';
import type { Line, PageText, Region, RegionRole } from '@contract/document.ts';
import { boundsOf, type Quad } from '@contract/geometry.ts';
import { placedWords } from '../layout/line-words.ts';
import { tableOf } from '../layout/table-structure.ts';
import type { ExportPage } from './export-page.ts';
import { pixelPoints, signedRotation } from './page-places.ts';
import { block, element, escapeXml } from './xml.ts';

/** The schema's names; it has none for a list. */
const regionTypes: Readonly<Record<RegionRole, string>> = {
  title: 'heading', heading: 'heading', paragraph: 'paragraph', list: 'other', table: 'other', figure: 'other', caption: 'caption', footnote: 'footnote', header: 'header', footer: 'footer', other: 'other',
};

const coords = (quad: Quad, text: PageText): string => element('Coords', { points: pixelPoints(quad, text) });
const unicode = (content: string, confidence?: number): string => element('TextEquiv', { conf: confidence?.toFixed(3) }, `<Unicode>${escapeXml(content)}</Unicode>`);

function lineXml(line: Line, id: string, text: PageText): string {
  const words = (placedWords(line) ?? []).map(({ word }, at) => block('Word', { id: `${id}_w${at + 1}` }, [coords(word.quad, text), unicode(word.text, word.confidence)]));
  return block('TextLine', { id, ...(line.vertical && { readingDirection: 'top-to-bottom' }) }, [coords(line.quad, text), ...words, unicode(line.text, line.confidence)]);
}

function rectangleAround(lines: readonly Line[]): Quad {
  const { x, y, width, height } = boundsOf(lines.flatMap((line) => line.quad));
  return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
}

function textRegion(id: string, type: string, quad: Quad, roles: string, lines: readonly Line[], text: PageText): string {
  return block('TextRegion', { id, type }, [coords(quad, text), roles, ...lines.map((line, at) => lineXml(line, `${id}_l${at + 1}`, text)), unicode(lines.map((line) => line.text).join('\n'))]);
}

function regionXml(region: Region, id: string, text: PageText): string {
  if (region.role === 'figure') {
    const words = region.lines.map((line, at) => textRegion(`${id}_t${at + 1}`, 'other', line.quad, '', [line], text));
    return block('ImageRegion', { id }, [coords(region.quad, text), ...words]);
  }
  const found = region.role === 'table' ? tableOf(region) : null;
  if (!found) return textRegion(id, regionTypes[region.role], region.quad, '', region.lines, text);
  const { table, lines } = found;
  const cells = table.cells.flatMap(({ row, column, rowSpan, columnSpan, lines: own }, at) => {
    const inside = own.flatMap((index) => lines[index] ?? []);
    if (inside.length === 0) return [];
    const role = element('Roles', {}, element('TableCellRole', { rowIndex: row, columnIndex: column, rowSpan, colSpan: columnSpan }));
    return [textRegion(`${id}_c${at + 1}`, 'other', rectangleAround(inside), role, inside, text)];
  });
  return block('TableRegion', { id, rows: table.rows, columns: table.columns }, [coords(region.quad, text), ...cells]);
}

/** One page: the format has no documents. `madeAt` is written as the time of creation. */
export function exportPageXml({ file, text }: ExportPage, madeAt: Date): string {
  const time = `${madeAt.toISOString().slice(0, 19)}Z`;
  const metadata = block('Metadata', {}, [element('Creator', {}, 'Lectern'), element('Created', {}, time), element('LastChange', {}, time)]);
  const regions = text.regions.filter((region) => region.lines.length > 0 || region.role === 'figure');
  const order = block('ReadingOrder', {}, [block('OrderedGroup', { id: 'order' }, regions.map((_, at) => element('RegionRefIndexed', { index: at, regionRef: `r${at + 1}` })))]);
  const page = block('Page', { imageFilename: basename(file), imageWidth: text.width, imageHeight: text.height, orientation: signedRotation(text.rotation) || undefined }, [
    regions.length ? order : '', ...regions.map((region, at) => regionXml(region, `r${at + 1}`, text)),
  ]);
  const root = block(
    'PcGts',
    { xmlns: 'http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15', 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance', 'xsi:schemaLocation': 'http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15 http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15/pagecontent.xsd' },
    [metadata, page],
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}
