// Finding text: substrings in every script, short queries, folding, and offsets that point at the original characters.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fold, rangesOf } from '../../../src-main/base/fold.ts';
import { addReadDocument, openTestLibrary, pageWith, lineAt, regionOf, temporaryFolder, writePng } from '../../helpers/library.ts';
import type { TestLibrary } from '../../helpers/library.ts';

let folder: ReturnType<typeof temporaryFolder>;
let library: TestLibrary;
let first: { documentId: string; pageId: string };
const lines = [
  'Grand Total  $1,234.50',
  'Café Crème brûlée',
  '增值税专用发票',
  '金 额 合 计',
  '개인정보 처리방침',
  '성  명 : 홍길동',
  'ＦＵＬＬ　ｗｉｄｔｈ ｶﾞｷﾞ',
  '대한민국'.normalize('NFD'),
  '100% "quoted" OR (NEAR) * col:x',
  '東京都渋谷区',
];

beforeAll(async () => {
  folder = temporaryFolder();
  mkdirSync(join(folder.path, 'library'));
  library = openTestLibrary(join(folder.path, 'library'));
  first = await addReadDocument(library, writePng(join(folder.path, 'a.png'), 'a'), lines);
  await addReadDocument(library, writePng(join(folder.path, 'b.png'), 'b'), ['Invoice 2024', 'Customer: Grand Hotel', 'total due']);
});
afterAll(() => {
  library.database.close();
  folder.remove();
});

const found = (text: string, documentId?: string): string[] => library.methods.search({ text, documentId, limit: 100 }).map((hit) => hit.text);

describe('finds', () => {
  test.each([
    ['a substring of a word', 'oic', 'Invoice 2024'],
    ['any case', 'gRAND tOTAL', lines[0]],
    ['without its accents', 'creme brulee', lines[1]],
    ['with accents where the page has none', 'ínvoice', 'Invoice 2024'],
    ['three Han characters inside a run', '税专用', lines[2]],
    ['two Han characters', '发票', lines[2]],
    ['one Han character', '税', lines[2]],
    ['Han printed with spaces', '金额合计', lines[3]],
    ['Han typed with spaces', '发 票', lines[2]],
    ['a Korean word without its particle', '정보', lines[4]],
    ['Korean across a space', '개인정보처리', lines[4]],
    ['a Korean label set wide', '성명', lines[5]],
    ['full-width letters by ordinary ones', 'full width', lines[6]],
    ['half-width kana by ordinary ones', 'ガギ', lines[6]],
    ['decomposed Hangul by composed', '한민', lines[7]],
    ['characters that are search syntax', '"quoted" OR (NEAR) *', lines[8]],
    ['a percent sign', '0%', lines[8]],
  ])('%s', (_what, query, line) => {
    expect(found(query)).toContain(line);
  });

  test('composed Hangul by decomposed', () => {
    expect(found('개인정보'.normalize('NFD'))).toContain(lines[4]);
  });

  test('words apart on one page when nothing has them together', () => {
    expect(found('total hotel')).toEqual(['Customer: Grand Hotel', 'total due']);
    // The other page has only one of the two.
    expect(found('total hotel', first.documentId)).toEqual([]);
  });
});

test('finds nothing where there is nothing', () => {
  for (const query of ['', '   ', 'xyzzy', '税税', '\u0000', "'; DROP TABLE lines; --"]) expect(found(query)).toEqual([]);
});

test('spaces between Latin words still count', () => {
  // The bug: folding all spaces away would find "stable" in "his table".
  expect(fold('his table').text).not.toContain('stable');
});

test('ranges point at the characters of the original', () => {
  const shown = (text: string, needle: string): string[] => rangesOf(text, [fold(needle).text]).map(([start, end]) => text.slice(start, end));
  expect(shown('金 额 合 计', '额合')).toEqual(['额 合']);
  expect(shown('ｶﾞｷﾞ ガ', 'ガ')).toEqual(['ｶﾞ', 'ガ']);
  expect(shown('대한민국'.normalize('NFD'), '한민')).toEqual(['한민'.normalize('NFD')]);
  expect(shown('cafe\u0301 CAFÉ', 'café')).toEqual(['cafe\u0301', 'CAFÉ']);
  expect(shown('𠮷野家 😀 total', 'total')).toEqual(['total']);
  expect(shown('aaaa', 'aa')).toEqual(['aa', 'aa']);
});

test('a new reading replaces what was found before, a deleted document is not found, a restored one is', async () => {
  const { documentId, pageId } = await addReadDocument(library, writePng(join(folder.path, 'c.png'), 'c'), ['before']);
  library.methods.savePageText({ pageId, text: pageWith([regionOf('paragraph', [lineAt('after', 0, 0)])]) });
  expect(found('before')).toEqual([]);
  expect(found('after')).toEqual(['after']);
  library.methods.deleteDocuments({ documentIds: [documentId] });
  expect(found('after')).toEqual([]);
  library.methods.restoreDocuments({ documentIds: [documentId] });
  expect(found('after')).toEqual(['after']);
  library.methods.deleteDocuments({ documentIds: [documentId] });
});

test('hits say where they are', () => {
  const [hit] = library.methods.search({ text: '홍길', documentId: first.documentId, limit: 10 });
  expect(hit).toEqual({ documentId: first.documentId, pageId: first.pageId, pageIndex: 0, lineIndex: 5, text: lines[5], ranges: [[7, 9]] });
});

// The bug: past the number of hits where the way of searching changes, hits are lost, doubled or in another order.
test('frequent and rare text are found alike: newest document first, lines in order, up to the limit', async () => {
  const many = Array.from({ length: 2100 }, (_, index) => `common ${index}`);
  const older = await addReadDocument(library, writePng(join(folder.path, 'older.png'), 'older'), [...many, 'seldom seen']);
  const newer = await addReadDocument(library, writePng(join(folder.path, 'newer.png'), 'newer'), ['common last', 'seldom too']);
  const places = (text: string, limit: number, documentId?: string) => library.methods.search({ text, limit, documentId }).map((hit) => [hit.documentId, hit.lineIndex]);
  expect(places('common', 4)).toEqual([[newer.documentId, 0], [older.documentId, 0], [older.documentId, 1], [older.documentId, 2]]);
  expect(places('common', 1000, newer.documentId)).toEqual([[newer.documentId, 0]]);
  expect(places('common', 5000)).toHaveLength(2101);
  expect(places('seldom', 10)).toEqual([[newer.documentId, 1], [older.documentId, 2100]]);
  expect(places('seldom 2099', 10)).toEqual([[older.documentId, 2099], [older.documentId, 2100]]);
});
