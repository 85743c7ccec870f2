// What the parts of a page are, on pages whose lines are known to the letter. Would catch: headings lost in the text, authors as
// headings, a page number as a paragraph, a table without its rows, a paragraph torn apart.
import { describe, expect, it } from 'vitest';
import { linesOf, type Region } from '@contract/document.ts';
import { readingOrder } from '../../../src-main/ocr/reading-order.ts';
import { regionsOf } from '../../../src-main/ocr/regions.ts';
import { exportText } from '../../../src-main/exporters/text.ts';
import { textTable } from '../../../src-main/exporters/table-text.ts';
import { fixtureItems, truthOf } from '../../helpers/fixture-set.ts';
import { nothingDrawn, placedLines } from '../../helpers/placed-lines.ts';
import { truthText } from '../../helpers/truth-text.ts';

function layoutOf(id: string): Region[] {
  const lines = linesOf(truthText(id).text);
  const boxes = lines.map(({ quad }) => ({ left: quad[0][0], top: quad[0][1], right: quad[2][0], bottom: quad[2][1] }));
  return regionsOf(readingOrder(boxes), placedLines(lines, boxes), (x, y) => [x, y], nothingDrawn);
}
const textsOf = (regions: readonly Region[], role: Region['role']): string[] => regions.filter((region) => region.role === role).map((region) => region.lines.map((line) => line.text).join(' '));

describe('an article in two columns', () => {
  it.each([
    ['en-columns', ['Abstract', '1. Introduction', '2. Method', '3. Results', '4. Discussion'], 'The Brindlemouth Review of Coastal Studies, Vol. 12, No. 3', 'Quiet Water: How Small Harbours Recover After Storms', '118'],
    ['zh-columns', ['摘要', '一、引言', '二、方法', '三、结果', '四、讨论'], '《海岸研究》2025年第2期', '小型港口在风暴之后的恢复过程', '第57页'],
    ['ko-columns', ['요약', '1. 서론', '2. 방법', '3. 결과', '4. 논의'], '해안연구 제12권 제3호 (2025년 가을)', '폭풍 이후 소규모 항구의 회복 과정', '118쪽'],
    ['ja-columns', ['要約', '1. はじめに', '2. 方法', '3. 結果', '4. 考察'], '海岸研究 第12巻第3号', '嵐のあとの小さな港の回復について', '118ページ'],
  ])('%s: running head, title, section headings and page number are what they are', (id, headings, header, title, footer) => {
    const regions = layoutOf(id);
    expect(textsOf(regions, 'heading')).toEqual(headings);
    expect(textsOf(regions, 'header')).toEqual([header]);
    expect(textsOf(regions, 'title')).toEqual([title]);
    expect(textsOf(regions, 'footer')).toEqual([footer]);
    expect(textsOf(regions, 'list')).toEqual([]);
  });

  it('a paragraph that the column break tore apart is one in the text', () => {
    const { text } = truthText('en-columns');
    expect(exportText([{ file: 'x', pageIndex: 0, pageCount: 1, text: { ...text, regions: layoutOf('en-columns') } }])).toContain('Two readers, who did not know the date, counted');
  });
});

describe('tables', () => {
  it.each(['en-table', 'zh-table', 'ko-table', 'ja-table', 'mixed-table'])('%s: rows, columns and cells are those of the page', (id) => {
    const rows = truthOf(fixtureItems.find((item) => item.id === id)!).tsv!.split('\n').map((row) => row.split('\t'));
    const [region] = layoutOf(id).filter((one) => one.role === 'table');
    expect(region!.table).toMatchObject({ rows: rows.length, columns: rows[0]!.length });
    const { cells } = textTable(region!)!;
    expect(rows.map((row, r) => row.map((_, c) => cells.find((cell) => cell.row === r && cell.column === c)?.text ?? ''))).toEqual(rows);
    // Every line stands in one cell.
    expect(region!.table!.cells.flatMap((cell) => cell.lines).sort((a, b) => a - b)).toEqual(region!.lines.map((_, at) => at));
  });
});

it('a form has its numbered headings over its tables', () => {
  const regions = layoutOf('en-form');
  expect(textsOf(regions, 'heading')).toEqual(['1. Employee', '2. Leave requested']);
  expect(regions.map((region) => region.role).slice(0, 6)).toEqual(['header', 'title', 'paragraph', 'heading', 'table', 'heading']);
});

it('addresses, greetings and signatures of a letter are no headings', () => {
  for (const id of ['en-letter', 'ko-letter', 'zh-letter']) expect(textsOf(layoutOf(id), 'heading')).toEqual([]);
});
