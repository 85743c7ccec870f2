// Pages as ALTO 4, what libraries and archives keep beside a scan. @source ALTO 4.4, loc.gov/standards/alto
import { basename } from 'node:path';
import type { Line, PageText, Region, RegionRole } from '@contract/document.ts';
import { boundsOf, type Quad } from '@contract/geometry.ts';
import { placedWords } from '../layout/line-words.ts';
import type { ExportPage } from './export-page.ts';
import { languageOf, pixelBox, pixelPoints } from './page-places.ts';
import { block, element, escapeXml, type XmlAttributes } from './xml.ts';

function place(quad: Quad, text: PageText): XmlAttributes {
  const { left, top, right, bottom } = pixelBox(quad, text);
  return { HPOS: left, VPOS: top, WIDTH: right - left, HEIGHT: bottom - top };
}

const shape = (quad: Quad, text: PageText): string => element('Shape', {}, element('Polygon', { POINTS: pixelPoints(quad, text) }));

function lineAlto(line: Line, id: string, text: PageText): string {
  const places = placedWords(line) ?? [{ word: { text: line.text.trim(), quad: line.quad, confidence: line.confidence }, start: 0, end: line.text.length }];
  const parts = places.flatMap(({ word, start }, at) => {
    const string = element('String', { ID: `${id}_S${at + 1}`, CONTENT: word.text, WC: word.confidence.toFixed(2), ...place(word.quad, text) });
    const before = places[at - 1];
    if (!before || start === before.end) return [string];
    const gap = boundsOf([before.word.quad[1], before.word.quad[2], word.quad[0], word.quad[3]]);
    return [element('SP', { HPOS: Math.max(0, Math.round(gap.x)), VPOS: Math.max(0, Math.round(gap.y)), WIDTH: Math.round(gap.width) }), string];
  });
  return block('TextLine', { ID: id, LANG: languageOf(line) ?? undefined, ...place(line.quad, text) }, [shape(line.quad, text), ...parts]);
}

function regionAlto(region: Region, id: string, text: PageText): string {
  if (region.lines.length === 0) return region.role === 'figure' ? block('Illustration', { ID: id, TAGREFS: 'role_figure', ...place(region.quad, text) }, [shape(region.quad, text)]) : '';
  return block('TextBlock', { ID: id, TAGREFS: `role_${region.role}`, ...place(region.quad, text) }, [shape(region.quad, text), ...region.lines.map((line, at) => lineAlto(line, `${id}_L${at + 1}`, text))]);
}

function pageAlto({ pageIndex, text }: ExportPage, at: number): string {
  const id = `P${at + 1}`;
  const blocks = text.regions.map((region, index) => regionAlto(region, `${id}_B${index + 1}`, text));
  return block('Page', { ID: id, PHYSICAL_IMG_NR: pageIndex + 1, WIDTH: text.width, HEIGHT: text.height }, [block('PrintSpace', { HPOS: 0, VPOS: 0, WIDTH: text.width, HEIGHT: text.height }, blocks)]);
}

export function exportAlto(pages: readonly ExportPage[]): string {
  const roles = [...new Set(pages.flatMap((page) => page.text.regions.map((region) => region.role)))] satisfies RegionRole[];
  const description = block('Description', {}, [
    element('MeasurementUnit', {}, 'pixel'),
    block('sourceImageInformation', {}, [element('fileName', {}, escapeXml(basename(pages[0]?.file ?? '')))]),
    block('Processing', { ID: 'reading' }, [element('processingCategory', {}, 'contentGeneration'), block('processingSoftware', {}, [element('softwareName', {}, 'Lectern')])]),
  ]);
  const tags = block('Tags', {}, roles.map((role) => element('LayoutTag', { ID: `role_${role}`, TYPE: 'role', LABEL: role })));
  const root = block(
    'alto',
    { xmlns: 'http://www.loc.gov/standards/alto/ns-v4#', 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance', 'xsi:schemaLocation': 'http://www.loc.gov/standards/alto/ns-v4# http://www.loc.gov/standards/alto/v4/alto-4-4.xsd', SCHEMAVERSION: '4.4' },
    [description, roles.length ? tags : '', block('Layout', {}, pages.map(pageAlto))],
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}
