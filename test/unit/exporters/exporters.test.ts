// The three formats on small pages whose right answer a person can see.
import { describe, expect, test } from 'vitest';
import { join } from 'node:path';
import { exportFileName, freeName, pathFrom } from '../../../src-main/exporters/file-names.ts';
import { exportJson } from '../../../src-main/exporters/json.ts';
import { exportMarkdown } from '../../../src-main/exporters/markdown.ts';
import { onlyLines } from '../../../src-main/exporters/export-page.ts';
import type { ExportPage } from '../../../src-main/exporters/export-page.ts';
import { displayWidth, exportText } from '../../../src-main/exporters/text.ts';
import type { Line, Region } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';
import { lineAt, pageWith, regionOf } from '../../helpers/library.ts';

const pageOf = (regions: Region[], rest: Partial<ExportPage> = {}): ExportPage => ({ file: 'a.png', pageIndex: 0, pageCount: 1, text: pageWith(regions), ...rest });
/** Lines under one another, 30 pixels apart. */
const stacked = (texts: readonly string[], perCharacter = 10): Line[] => texts.map((text, at) => lineAt(text, 100, 100 + at * 30, { perCharacter }));
const paragraph = (...texts: string[]): Region => regionOf('paragraph', stacked(texts));
const text = (...regions: Region[]): string => exportText([pageOf(regions)]);
const markdown = (...regions: Region[]): string => exportMarkdown([pageOf(regions)]);

/** The same page stored a quarter turn on: what a sideways scan gives. */
function turned(region: Region): Region {
  const turn = (quad: Quad): Quad => quad.map(([x, y]) => [1000 - y, x]) as Quad;
  return { ...region, quad: turn(region.quad), lines: region.lines.map((line) => ({ ...line, quad: turn(line.quad), words: line.words.map((word) => ({ ...word, quad: turn(word.quad) })) })) };
}

describe('paragraphs', () => {
  test('lines that were broken for want of room are joined, regions are set apart', () => {
    const first = paragraph('The quick brown fox jumps over', 'the lazy dog and goes on with', 'its day.');
    expect(text(first, paragraph('Another one.'))).toBe('The quick brown fox jumps over the lazy dog and goes on with its day.\n\nAnother one.\n');
  });

  test('a line with room for more ended on purpose', () => {
    // An address: joining it into one line would lose its form.
    expect(text(paragraph('Maria Lindqvist', '12 Harbour Street', 'Gothenburg 411 04 Sweden'))).toBe('Maria Lindqvist\n12 Harbour Street\nGothenburg 411 04 Sweden\n');
  });

  test('a broken word is joined, a hyphen before a capital or digit stays', () => {
    expect(text(paragraph('a sentence about recog-', 'nition in the evening a'))).toBe('a sentence about recognition in the evening a\n');
    expect(text(paragraph('the journey from Paris-', 'London takes two hours', 'when it snows'))).toBe('the journey from Paris-London takes two hours when it snows\n');
    expect(text(paragraph('with a soft hy\u00ad', 'phen in the w'))).toBe('with a soft hyphen in the w\n');
  });

  test('Chinese and Japanese lines are joined without a space, Korean with one', () => {
    const han = regionOf('paragraph', stacked(['本合同自双方签字盖章之日起', '生效，一式两份，双方各执一', '份。'], 20));
    expect(text(han)).toBe('本合同自双方签字盖章之日起生效，一式两份，双方各执一份。\n');
    const kana = regionOf('paragraph', stacked(['この契約は両当事者が署名した', '日から効力を生じるものとする'], 20));
    expect(text(kana)).toBe('この契約は両当事者が署名した日から効力を生じるものとする\n');
    const hangul = regionOf('paragraph', stacked(['이 계약은 양 당사자가 서명한', '날부터 효력이 발생한다 또한'], 20));
    expect(text(hangul)).toBe('이 계약은 양 당사자가 서명한 날부터 효력이 발생한다 또한\n');
  });

  test('an indented line begins a new paragraph', () => {
    const lines = stacked(['The first paragraph is as wide as', 'the column it stands in and ends.', 'x', 'a second one goes on to the right']);
    lines[2] = lineAt('Here begins the second, and then', 130, 160);
    expect(text(regionOf('paragraph', lines))).toBe('The first paragraph is as wide as the column it stands in and ends.\nHere begins the second, and then a second one goes on to the right\n');
  });

  test('a page stored sideways gives the same text as an upright one', () => {
    const region = paragraph('The quick brown fox jumps over', 'the lazy dog.', 'Next.');
    expect(text(turned(region))).toBe(text(region));
  });

  test('lines that run top to bottom are joined from right to left', () => {
    const column = (text: string, x: number): Line => {
      const line = lineAt(text, x, 100, { perCharacter: 20 });
      const quad: Quad = [[x, 100], [x + 20, 100], [x + 20, 100 + [...text].length * 20], [x, 100 + [...text].length * 20]];
      return { ...line, quad, vertical: true };
    };
    expect(text(regionOf('paragraph', [column('吾輩は猫である名前は', 900), column('まだ無い', 870), column('どこで生れたかとんと', 840), column('見当がつかぬ', 810)]))).toBe('吾輩は猫である名前はまだ無い\nどこで生れたかとんと見当がつかぬ\n');
  });

  test('print of another size does not run on', () => {
    const lines = [lineAt('销售发票', 100, 100, { height: 40, perCharacter: 60 }), lineAt('云岭市高新区创业大道', 100, 150, { height: 24, perCharacter: 24 })];
    expect(text(regionOf('paragraph', lines))).toBe('销售发票\n云岭市高新区创业大道\n');
  });

  test('an empty page gives nothing, blank lines leave no holes', () => {
    expect(text()).toBe('');
    expect(exportText([])).toBe('');
    expect(text(paragraph('a', ' ', 'b'), paragraph(' '))).toBe('a\nb\n');
  });
});

const table = regionOf('table', [
  lineAt('Item', 100, 100),
  lineAt('Qty', 400, 102),
  lineAt('Price', 500, 99),
  lineAt('Coffee, large', 100, 140),
  lineAt('2', 400, 141),
  lineAt('7.00', 500, 140),
  lineAt('우유 | milk', 100, 180),
  lineAt('1.20', 500, 180),
]);

describe('tables', () => {
  test('are aligned in text, an empty cell keeps its place', () => {
    expect(text(table)).toBe('Item           Qty  Price\nCoffee, large  2    7.00\n우유 | milk         1.20\n');
  });

  test('are pipe tables in Markdown', () => {
    expect(markdown(table)).toBe('| Item | Qty | Price |\n| --- | --- | --- |\n| Coffee, large | 2 | 7.00 |\n| 우유 \\| milk |  | 1.20 |\n');
  });

  test('a sideways table gives the same rows', () => {
    expect(text(turned(table))).toBe(text(table));
  });

  test('one detected line over a wide gap is two cells', () => {
    const wide = lineAt('Total 9.20', 100, 220);
    wide.words[1]!.quad = lineAt('9.20', 500, 220).quad;
    wide.quad = [wide.quad[0], wide.words[1]!.quad[1], wide.words[1]!.quad[2], wide.quad[3]];
    expect(text(regionOf('table', [lineAt('Tax', 100, 180), lineAt('0.80', 500, 180), wide]))).toBe('Tax    0.80\nTotal  9.20\n');
  });

  test('a heading over all columns does not melt them into one', () => {
    const heading = lineAt('Prices of the summer of the year and more', 100, 60);
    expect(text(regionOf('table', [heading, ...table.lines])).split('\n')[2]).toMatch(/^Coffee, large\s+2\s+7\.00$/);
  });

  test('wide characters count two columns', () => {
    expect(displayWidth('a한語ｶ')).toBe(6);
    expect(displayWidth('한'.normalize('NFD'))).toBe(2);
  });
});

describe('Markdown', () => {
  test('roles become structure', () => {
    const list = regionOf('list', stacked(['• Apples', '2) Pears', '– Plums', 'H. Ostrander and sons']));
    expect(markdown(regionOf('title', stacked(['Annual', 'Report'])), regionOf('heading', stacked(['1. Summary'])), list, regionOf('footer', stacked(['Page 1', 'of 2'])))).toBe(
      '# Annual Report\n\n## 1\\. Summary\n\n- Apples\n2. Pears\n- Plums\n- H. Ostrander and sons\n\nPage 1  \nof 2\n',
    );
  });

  test('printed characters are not taken as Markdown', () => {
    expect(markdown(paragraph('# 5 *stars* _here_ <b> [x](y) `z` a\\b'))).toBe('\\# 5 \\*stars\\* \\_here\\_ \\<b> \\[x\\](y) \\`z\\` a\\\\b\n');
    expect(markdown(paragraph('- 12.50'))).toBe('\\- 12.50\n');
  });

  test('pages are set apart', () => {
    expect(exportMarkdown([pageOf([paragraph('one')]), pageOf([]), pageOf([paragraph('two')])])).toBe('one\n\n---\n\ntwo\n');
  });
});

describe('JSON', () => {
  test('is the schema of the command line, lines in reading order, and nothing else', () => {
    const page = pageOf([paragraph('a "b"'), paragraph('c')]);
    expect(JSON.parse(exportJson([page]))).toEqual([
      {
        file: 'a.png',
        width: 1000,
        height: 1400,
        rotation: 0,
        lines: [paragraph('a "b"').lines[0], paragraph('c').lines[0]].map((line) => ({ text: line!.text, quad: line!.quad, confidence: 0.9, words: line!.words })),
      },
    ]);
  });

  test('pages of a file of several are numbered; no page and no line are still valid', () => {
    const two = [0, 1].map((pageIndex) => pageOf([], { pageIndex, pageCount: 2 }));
    expect((JSON.parse(exportJson(two)) as { page: number; lines: unknown[] }[]).map((one) => [one.page, one.lines])).toEqual([[1, []], [2, []]]);
    expect(JSON.parse(exportJson([]))).toEqual([]);
  });
});

test('chosen lines are counted through the regions', () => {
  const page = pageOf([paragraph('a', 'b'), paragraph('c'), paragraph('d')]);
  expect(exportText([onlyLines(page, [1, 3])])).toBe('b\n\nd\n');
});

describe('file names', () => {
  test.each([
    ['Receipt 12/03', 'Receipt 12 03.txt'],
    ['..hidden..', 'hidden.txt'],
    ['CON', 'CON_.txt'],
    ['???', 'Untitled.txt'],
    ['../../etc/passwd', 'etc passwd.txt'],
    ['invoice\u202Egnp.exe', 'invoice gnp.exe.txt'],
    ['영수증', '영수증.txt'],
  ])('%s', (title, name) => {
    expect(exportFileName(title, 'txt')).toBe(name);
  });

  test('a long title fits every file system and is cut between characters', () => {
    const name = exportFileName('👩‍👩‍👧漢字'.repeat(60), 'json');
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(205);
    expect(name).not.toContain('\ufffd');
  });

  test('a taken name gets a number', async () => {
    const taken = new Set(['/x/a.txt', '/x/a (2).txt']);
    expect(await freeName('/x/a.txt', async (path) => taken.has(path))).toBe('/x/a (3).txt');
    expect(await freeName('b.txt', async (path) => taken.has(path))).toBe('b.txt');
  });
});

describe('names and places by template', () => {
  const facts = { title: 'Rent 3/4', file: 'scan 7.pdf', page: null, date: new Date(2025, 2, 9), format: 'docx' };
  test.each([
    ['{title}', 'Rent 3 4.docx'],
    ['{date} {title} from {file} as {format}', '2025-03-09 Rent 3 4 from scan 7.pdf as docx.docx'],
    ['{date}/{title}', join('2025-03-09', 'Rent 3 4.docx')],
    ['../../{title}', 'Rent 3 4.docx'],
    ['/etc//{format}/./{title}', join('etc', 'docx', 'Rent 3 4.docx')],
    ['{unknown}', '{unknown}.docx'],
    ['', 'Untitled.docx'],
  ])('%s gives %s', (template, path) => expect(pathFrom(template, facts, 'docx')).toBe(path));

  test('a page that the template does not name is added, or pages would take each other’s name', () => {
    expect(pathFrom('{title}', { ...facts, page: 2 }, 'page.xml')).toBe('Rent 3 4 (2).page.xml');
    expect(pathFrom('{title}/p{page}', { ...facts, page: 2 }, 'page.xml')).toBe(join('Rent 3 4', 'p2.page.xml'));
  });
});
