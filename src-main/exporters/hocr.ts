// Pages as hOCR: what was read and where, in the classes that other tools understand. @source hOCR 1.2, kba.github.io/hocr-spec/1.2
import { basename } from 'node:path';
import type { Line, PageText, Region } from '@contract/document.ts';
import { placedWords } from '../layout/line-words.ts';
import type { ExportPage } from './export-page.ts';
import { languageOf, mainLanguage, pixelBox, turnOf } from './page-places.ts';
import { block, element, escapeXml } from './xml.ts';

const capabilities = 'ocr_page ocr_carea ocr_par ocr_header ocr_footer ocr_table ocr_caption ocr_float ocr_line ocrx_word ocrp_wconf';
const classes: Partial<Record<Region['role'], string>> = { header: 'ocr_header', footer: 'ocr_footer', table: 'ocr_table', caption: 'ocr_caption', figure: 'ocr_float' };
const regionClass = (region: Region): string => classes[region.role] ?? 'ocr_carea';

function bbox(points: readonly (readonly [number, number])[], text: PageText): string {
  const { left, top, right, bottom } = pixelBox(points, text);
  return `bbox ${left} ${top} ${right} ${bottom}`;
}

function lineHocr(line: Line, id: string, text: PageText): string {
  // hOCR counts angles against the clock.
  const angle = Math.round(((360 - turnOf(line.quad)) % 360) * 10) / 10;
  const turn = angle > 1 && angle < 359 ? `; textangle ${angle}` : '';
  const places = placedWords(line) ?? [{ word: { text: line.text.trim(), quad: line.quad, confidence: line.confidence }, start: 0, end: line.text.length }];
  const words = places.map(({ word, start }, at) => {
    const space = at > 0 && start > places[at - 1]!.end ? ' ' : '';
    return space + element('span', { class: 'ocrx_word', id: `${id}_w${at + 1}`, title: `${bbox(word.quad, text)}; x_wconf ${Math.round(word.confidence * 100)}` }, escapeXml(word.text));
  });
  return element('span', { class: 'ocr_line', id, lang: languageOf(line) ?? undefined, title: `${bbox(line.quad, text)}${turn}` }, words.join(''));
}

function pageHocr({ file, pageIndex, text }: ExportPage, at: number): string {
  const id = `p${at + 1}`;
  const regions = text.regions.map((region, index) => {
    const own = `${id}_r${index + 1}`;
    const title = bbox(region.quad, text);
    const lines = region.lines.map((line, number) => lineHocr(line, `${own}_l${number + 1}`, text));
    return block('div', { class: regionClass(region), id: own, title }, [block('p', { class: 'ocr_par', id: `${own}_p`, title }, lines)]);
  });
  return block('div', { class: 'ocr_page', id, title: `image "${basename(file).replaceAll('"', "'")}"; bbox 0 0 ${text.width} ${text.height}; ppageno ${pageIndex}` }, regions.length ? regions : ['<!-- no text -->']);
}

export function exportHocr(pages: readonly ExportPage[]): string {
  const lang = mainLanguage(pages.map((page) => page.text)) ?? undefined;
  const head = block('head', {}, [
    element('title', {}, escapeXml(pages[0]?.file ?? '') || ' '),
    '<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>',
    '<meta name="ocr-system" content="Lectern"/>',
    element('meta', { name: 'ocr-capabilities', content: capabilities }),
    element('meta', { name: 'ocr-number-of-pages', content: pages.length }),
  ]);
  const html = block('html', { xmlns: 'http://www.w3.org/1999/xhtml', 'xml:lang': lang, lang }, [head, block('body', {}, pages.map(pageHocr))]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n${html}\n`;
}
