// The formats that other programs open, read back by readers that are not ours: an XML parser with the specifications' rules, an
// HTML parser, a zip reader. Would catch: text that breaks the mark-up, cells that lose their place, boxes outside the page.
import { Window } from 'happy-dom';
import { describe, expect, test } from 'vitest';
import type { Region } from '@contract/document.ts';
import type { Table } from '@contract/table.ts';
import type { Quad } from '@contract/geometry.ts';
import { unzip } from '../../helpers/unzip.ts';
import { lineAt, pageWith, regionOf } from '../../helpers/library.ts';
import { altoNamespace, altoRules, pageNamespace, pageRules } from '../../helpers/page-format-rules.ts';
import { childrenOf, parseXml, violations } from '../../helpers/xml-rules.ts';
import type { ExportPage } from '../../../src-main/exporters/export-page.ts';
import { exportAlto } from '../../../src-main/exporters/alto.ts';
import { exportCsv, exportTsv } from '../../../src-main/exporters/csv.ts';
import { exportDocx } from '../../../src-main/exporters/docx.ts';
import { onlyLines } from '../../../src-main/exporters/export-page.ts';
import { exportAsFile } from '../../../src-main/exporters/formats.ts';
import { exportHocr } from '../../../src-main/exporters/hocr.ts';
import { exportHtml } from '../../../src-main/exporters/html.ts';
import { exportPageXml } from '../../../src-main/exporters/page-xml.ts';
import { exportXlsx } from '../../../src-main/exporters/xlsx.ts';

const rows = [['Prices & more', ''], ['Coffee, "large"', '1,234.50'], ['우유', '007'], ['=1+1', '-12']];
/** Four rows of two columns; the first row is one merged cell. */
const structure: Table = {
  rows: 4, columns: 2,
  cells: [{ row: 0, column: 0, rowSpan: 1, columnSpan: 2, lines: [0] }, ...[1, 2, 3].flatMap((row) => [0, 1].map((column) => ({ row, column, rowSpan: 1, columnSpan: 1, lines: [row * 2 - 1 + column] })))],
};
const table: Region = {
  ...regionOf('table', rows.flatMap((row, at) => row.flatMap((text, column) => (text ? [lineAt(text, 100 + column * 300, 500 + at * 40)] : [])))),
  table: structure,
};
const korean = { ...lineAt('안녕 하세요 & <b>', 100, 300), script: 'korean' as const };
/** Runs upwards at the left edge, half outside the page. */
const upwards = { ...lineAt('margin', 0, 0), quad: [[-5, 400], [-5, 300], [20, 300], [20, 400]] as Quad };
const regions: Region[] = [
  regionOf('header', [lineAt('Running head', 100, 20)]),
  regionOf('title', [lineAt('Annual Report', 100, 100, { height: 40 })]),
  regionOf('paragraph', [korean]),
  regionOf('list', [lineAt('1. first\u0000', 100, 400), lineAt('2. second', 100, 430)]),
  table,
  regionOf('other', [{ ...upwards, words: [{ text: 'margin', quad: upwards.quad, confidence: 1 }] }]),
];
const page: ExportPage = { file: 'scans/a "page" & more.png', pageIndex: 0, pageCount: 1, text: pageWith(regions) };
/** A drawing without words, one with a word, what stands under it and at the foot of the page. */
const drawn: ExportPage = { ...page, text: pageWith([{ role: 'figure', quad: [[100, 100], [400, 100], [400, 300], [100, 300]], lines: [] }, regionOf('figure', [lineAt('Upper', 500, 120)]), regionOf('caption', [lineAt('Figure 1.', 100, 320)]), regionOf('footnote', [lineAt('1 A note', 100, 1300)])]) };
const blank: ExportPage = { ...page, text: pageWith([]) };
const turned: ExportPage = { ...page, text: pageWith(regions, { rotation: 270 }) };

describe('ALTO', () => {
  test.each([['a page', [page]], ['two pages', [page, turned]], ['a blank page', [blank]], ['a page with figures', [drawn]]])('%s keeps the rules of the specification', (_, pages) => {
    const { documentElement } = parseXml(exportAlto(pages));
    expect(violations(documentElement!, altoNamespace, altoRules)).toEqual([]);
  });

  test('holds the words with a space only where one was printed, and every box inside the page', () => {
    const document = parseXml(exportAlto([page]));
    const lines = [...document.getElementsByTagNameNS(altoNamespace, 'TextLine')].map((line) => childrenOf(line).map((one) => (one.localName === 'SP' ? ' ' : (one.getAttribute('CONTENT') ?? ''))).join(''));
    expect(lines).toContain('안녕 하세요 & <b>');
    expect(lines).toContain('1. first');
    for (const line of document.getElementsByTagNameNS(altoNamespace, '*')) {
      if (!line.hasAttribute('HPOS') || !line.hasAttribute('HEIGHT')) continue;
      expect(Number(line.getAttribute('HPOS')) + Number(line.getAttribute('WIDTH'))).toBeLessThanOrEqual(1000);
    }
    const tags = new Set([...document.getElementsByTagNameNS(altoNamespace, 'LayoutTag')].map((tag) => tag.getAttribute('ID')));
    for (const region of document.getElementsByTagNameNS(altoNamespace, 'TextBlock')) expect(tags).toContain(region.getAttribute('TAGREFS'));
  });

  test('Han without spaces gets none', () => {
    const line = lineAt('日本 語', 100, 100);
    const document = parseXml(exportAlto([{ ...page, text: pageWith([regionOf('paragraph', [{ ...line, text: '日本語' }])]) }]));
    expect(document.getElementsByTagNameNS(altoNamespace, 'SP').length).toBe(0);
    expect(document.getElementsByTagNameNS(altoNamespace, 'String').length).toBe(2);
  });
});

describe('PAGE-XML', () => {
  test.each([['a page', page], ['a turned page', turned], ['a blank page', blank], ['a page with figures', drawn]])('%s keeps the rules of the specification', (_, one) => {
    const { documentElement } = parseXml(exportPageXml(one, new Date(0)));
    expect(violations(documentElement!, pageNamespace, pageRules)).toEqual([]);
  });

  test('the reading order names every region once, a table has its cells, a corrected line keeps its text', () => {
    const corrected = { ...page, text: pageWith([...regions, regionOf('paragraph', [{ ...lineAt('tpyo', 100, 900), text: 'typo here' }])]) };
    const document = parseXml(exportPageXml(corrected, new Date(0)));
    const refs = [...document.getElementsByTagNameNS(pageNamespace, 'RegionRefIndexed')].map((ref) => ref.getAttribute('regionRef'));
    const pageElement = document.getElementsByTagNameNS(pageNamespace, 'Page')[0]!;
    expect(childrenOf(pageElement).filter((one) => one.localName!.endsWith('Region')).map((one) => one.getAttribute('id'))).toEqual(refs);
    const cells = [...document.getElementsByTagNameNS(pageNamespace, 'TableCellRole')].map((role) => ['rowIndex', 'columnIndex', 'colSpan'].map((key) => role.getAttribute(key)).join());
    expect(cells).toEqual(['0,0,2', '1,0,1', '1,1,1', '2,0,1', '2,1,1', '3,0,1', '3,1,1']);
    expect([...document.getElementsByTagNameNS(pageNamespace, 'Unicode')].map((one) => one.textContent)).toContain('typo here');
  });
});

describe('hOCR', () => {
  const read = (text: string) => {
    // Both as XML, which is what it says it is, and by an HTML parser, which is what tools use.
    parseXml(text);
    const { document } = new Window();
    document.write(text);
    return document;
  };

  test('gives back text and boxes through an HTML parser', () => {
    const document = read(exportHocr([page]));
    expect(document.querySelector('.ocr_page')!.getAttribute('title')).toBe('image "a \'page\' & more.png"; bbox 0 0 1000 1400; ppageno 0');
    const lines = [...document.querySelectorAll('.ocr_line')];
    expect(lines.map((line) => line.textContent!.trim())).toContain('안녕 하세요 & <b>');
    expect(lines.find((line) => line.textContent!.includes('하세요'))!.getAttribute('lang')).toBe('ko');
    expect(lines.find((line) => line.textContent!.includes('margin'))!.getAttribute('title')).toBe('bbox 0 300 20 400; textangle 90');
    for (const word of document.querySelectorAll('.ocrx_word')) {
      const [, left, top, right, bottom] = /^bbox (\d+) (\d+) (\d+) (\d+); x_wconf \d+$/.exec(word.getAttribute('title')!)!.map(Number);
      expect(left! <= right! && right! <= 1000 && top! <= bottom! && bottom! <= 1400).toBe(true);
    }
  });

  test('a blank page does not swallow the next one', () => {
    const document = read(exportHocr([blank, page]));
    expect([...document.querySelectorAll('.ocr_page')].map((one) => one.querySelectorAll('.ocr_line').length > 0)).toEqual([false, true]);
  });
});

describe('HTML', () => {
  test('has headings, lists, and tables whose merged cell spans', () => {
    const { document } = new Window();
    document.write(exportHtml([page]));
    expect(document.title).toBe('Annual Report');
    expect(document.querySelector('h1')!.textContent).toBe('Annual Report');
    expect([...document.querySelectorAll('ol > li')].map((one) => one.textContent)).toEqual(['first', 'second']);
    expect([...document.querySelectorAll('tr')].map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent))).toEqual([['Prices & more'], ...rows.slice(1)]);
    expect(document.querySelector('td')!.getAttribute('colspan')).toBe('2');
    expect(document.querySelector('p')!.textContent).toBe('Running head');
    expect(document.body.textContent).toContain('안녕 하세요 & <b>');
  });

  test('a list that does not count on keeps its printed numbers', () => {
    const html = exportHtml([{ ...page, text: pageWith([regionOf('list', [lineAt('3. third', 100, 100), lineAt('7. seventh', 100, 130)])]) }]);
    expect(html).toContain('<li>7. seventh</li>');
  });
});

describe('tables', () => {
  test('as CSV: quoted where needed, no formula from a scan', async () => {
    expect(exportCsv([page])).toBe('Prices & more,\r\n"Coffee, ""large""","1,234.50"\r\n우유,007\r\n\'=1+1,-12\r\n');
    expect(await exportAsFile([page], 'csv')).toMatch(/^\ufeffPrices/);
  });

  test('signs of numbers, shares and telephone numbers are no formulas; a tab parts cells and never stands in one', () => {
    const cells = ['+4.1%', '-11.2', '+1 (555) 010-9937', '-', '+SUM(A1)', '-cmd|x', '@x'];
    const one = { ...page, text: pageWith([regionOf('table', cells.map((text, at) => lineAt(text, 100, 100 + at * 40)))]) };
    expect(exportCsv([one]).split('\r\n').slice(0, -1)).toEqual(['+4.1%', '-11.2', '+1 (555) 010-9937', '-', "'+SUM(A1)", "'-cmd|x", "'@x"]);
    expect(exportTsv([{ ...page, text: pageWith([regionOf('table', [lineAt('a\tb', 100, 100), lineAt('c', 400, 100)])]) }])).toBe('a b\tc\n');
  });

  test('as a workbook: a merged cell, numbers as numbers, article numbers and formulas as text', async () => {
    const files = unzip(await exportXlsx([page]));
    const sheet = parseXml(files.get('xl/worksheets/sheet1.xml')!);
    const strings = [...parseXml(files.get('xl/sharedStrings.xml')!).getElementsByTagName('si')].map((one) => one.textContent!);
    const cells = Object.fromEntries([...sheet.getElementsByTagName('c')].map((cell) => {
      const value = cell.getElementsByTagName('v')[0]?.textContent ?? null;
      return [cell.getAttribute('r'), value === null ? null : cell.getAttribute('t') === 's' ? strings[Number(value)] : Number(value)];
    }));
    expect(cells).toMatchObject({ A1: 'Prices & more', A2: 'Coffee, "large"', B2: 1234.5, A3: '우유', B3: '007', A4: '=1+1', B4: -12 });
    expect(sheet.getElementsByTagName('mergeCell')[0]!.getAttribute('ref')).toBe('A1:B1');
    expect(sheet.getElementsByTagName('f').length).toBe(0);
  });

  test('where there is none, it is said', async () => {
    expect(() => exportCsv([blank])).toThrow('table-missing');
    await expect(exportXlsx([blank])).rejects.toMatchObject({ code: 'table-missing' });
  });

  test('chosen lines of a table keep rows and columns', () => {
    // Of the second and the third row, the right column and one of the left.
    expect(exportCsv([onlyLines(page, [6, 7, 8])])).toBe('"Coffee, ""large""","1,234.50"\r\n우유,\r\n');
  });
});

describe('Word', () => {
  test('has headings, a numbered list, and a table with a merged cell', async () => {
    const document = parseXml(unzip(await exportDocx([page])).get('word/document.xml')!);
    const texts = (name: string) => [...document.getElementsByTagName(name)].map((one) => one.textContent);
    expect(texts('w:t')).toEqual(expect.arrayContaining(['Annual Report', '안녕 하세요 & <b>', 'first', 'second']));
    expect([...document.getElementsByTagName('w:pStyle')].map((one) => one.getAttribute('w:val'))).toContain('Heading1');
    expect(document.getElementsByTagName('w:numId').length).toBe(2);
    expect([...document.getElementsByTagName('w:tr')].map((row) => [...row.getElementsByTagName('w:tc')].map((cell) => cell.textContent))).toEqual([['Prices & more'], ...rows.slice(1)]);
    expect(document.getElementsByTagName('w:gridSpan')[0]!.getAttribute('w:val')).toBe('2');
  });

  test('each page begins on a new page, a blank one stays', async () => {
    const document = parseXml(unzip(await exportDocx([page, blank, page])).get('word/document.xml')!);
    expect(document.getElementsByTagName('w:sectPr').length).toBe(3);
  });
});

test('a cell over two rows covers both', () => {
  const tall: Region = { ...table, table: { rows: 2, columns: 2, cells: [{ row: 0, column: 0, rowSpan: 2, columnSpan: 1, lines: [0] }, { row: 0, column: 1, rowSpan: 1, columnSpan: 1, lines: [1] }, { row: 1, column: 1, rowSpan: 1, columnSpan: 1, lines: [2] }] } };
  const { document } = new Window();
  document.write(exportHtml([{ ...page, text: pageWith([tall]) }]));
  expect([...document.querySelectorAll('tr')].map((row) => row.querySelectorAll('td').length)).toEqual([2, 1]);
});
