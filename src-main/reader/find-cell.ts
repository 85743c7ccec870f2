// Looks up a cell of a table by what its row and its column are called, or a whole column. Receipts have no heads: there a row's
// last amount is its price. Knows tables, not sentences.
import { labelForm } from './labels.ts';
import { quadsOf, type Piece, type ReaderPage } from './page-pieces.ts';
import { say } from './sentences.ts';
import { isFigure, nameScore, rowsNamed, tablesOf } from './tables.ts';
import { valuesIn } from './typed-values.ts';
import type { FoundValue } from './find-values.ts';

/** Words that mean a column, whatever its head is called. */
const columnWords: readonly (readonly string[])[] = [
  ['price', 'unit price', 'price each', 'rate', 'u/p', 'cost', '가격', '단가', '판매가', '价格', '单价', '单价(元)', '価格', '単価'],
  ['amount', 'total', 'line total', 'price', 'sum', 'cost', '금액', '합계', '가격', '공급가액', '金额', '总价', '价格', '小计', '金額', '小計'],
  ['quantity', 'qty', 'number', 'count', 'pcs', 'how many', 'hours', 'hrs', 'days', '수량', '개수', '수', '数量', '个数', '件数', '個数', '点数', '시간', '일수', '工时', '天数', '時間'],
  ['unit', '단위', '单位', '単位'],
  ['description', 'item', 'product', 'name', '품명', '품목', '상품명', '货物名称', '品名', '名称', '商品', '商品名'],
];

/** Names of the column that a key may mean, the key itself first. */
export function columnNames(key: string): string[] {
  const form = labelForm(key);
  return [form, ...columnWords.filter((words) => words.some((word) => labelForm(word) === form)).flat()];
}

const priceWords = new Set([...columnWords[0]!, ...columnWords[1]!].map(labelForm));
const quantityWords = new Set(columnWords[2]!.map(labelForm));
export const isQuantity = (column: string): boolean => quantityWords.has(labelForm(column));

function bestColumn(head: readonly Piece[], key: string): { at: number; score: number } | null {
  let best: { at: number; score: number } | null = null;
  for (const [rank, name] of columnNames(key).entries()) {
    head.forEach((piece, at) => {
      const score = nameScore(piece.text, name) * (rank === 0 ? 1 : 0.95);
      if (score > (best?.score ?? 0.65)) best = { at, score };
    });
    if (best) return best;
  }
  return null;
}

/** @param about what the row is called; null asks for the whole column */
export function findCell(page: ReaderPage, key: string, about: string | null): FoundValue | null {
  const tables = tablesOf(page);
  if (about === null) {
    for (const table of tables) {
      const column = bestColumn(table.head, key);
      // Only the very head: a column is not the answer to a question about something else.
      if (!column || nameScore(table.head[column.at]!.text, key) < 0.85) continue;
      const cells = table.rows.map((row) => row[column.at]).filter((cell) => cell !== null && cell !== undefined);
      const label = table.head[column.at]!.text;
      return { kind: 'cell', text: cells.map((cell) => cell.text).join('\n'), parts: cells.map((cell) => ({ text: cell.text, quads: quadsOf(cell) })), label, score: 0.8, explain: (language, where) => say(language, 'column', { column: label, where }) };
    }
    return null;
  }
  for (const [columnName, rowName] of [[key, about], [about, key]] as const) {
    let best: { cell: Piece; row: string; column: string; score: number } | null = null;
    for (const table of tables) {
      const column = bestColumn(table.head, columnName);
      if (!column) continue;
      for (const cells of table.rows) {
        const names = cells.filter((cell, at): cell is Piece => cell !== null && at !== column.at && /\p{L}/u.test(cell.text));
        const named = names.reduce<Piece | null>((first, one) => (first && nameScore(first.text, rowName) >= nameScore(one.text, rowName) ? first : one), null) ?? cells[0];
        const cell = cells[column.at];
        const score = named ? nameScore(named.text, rowName) * column.score : 0;
        if (named && cell && score > (best?.score ?? 0.6)) best = { cell, row: named.text, column: table.head[column.at]!.text, score };
      }
    }
    if (best) {
      const { cell, row, column, score } = best;
      return { kind: 'cell', text: cell.text, parts: [{ text: cell.text, quads: quadsOf(cell) }], label: column, score, explain: (language, where) => say(language, 'cell', { row, column, where }) };
    }
  }
  return withoutHead(page, key, about);
}

/** A row of a receipt: its price is its last amount, its quantity stands before or behind the name. */
function withoutHead(page: ReaderPage, key: string, about: string): FoundValue | null {
  const form = labelForm(key);
  const price = priceWords.has(form), quantity = isQuantity(form);
  if (!price && !quantity) return null;
  // What was taken off for a thing is not its price.
  const row = rowsNamed(page, about).find(({ pieces }) => !price || !pieces.some((piece) => /^[-−–]/u.test(piece.text.trim())));
  if (!row || row.score < 0.7) return null;
  const others = row.pieces.filter((piece) => piece !== row.name);
  const found = (piece: Piece, from: number, to: number): FoundValue => {
    const text = piece.text.slice(from, to);
    const name = row.name.text;
    return { kind: 'cell', text, parts: [{ text, quads: quadsOf(piece, from, to) }], label: name, score: 0.9 * row.score, explain: (language, where) => say(language, 'rowEnd', { row: name, where }) };
  };
  if (price) {
    const last = others.findLast((piece) => isFigure(piece.text));
    const amount = last && valuesIn(last.text, 'amount').at(-1);
    return amount ? found(last, amount.from, amount.to) : null;
  }
  const times = /^(\d{1,3})\s?(?:[x×*]\s|(?<=\s)(?=\p{L}))/iu.exec(row.name.text);
  if (times) return found(row.name, 0, times[1]!.length);
  // "2,480 x 2": the smaller side counts.
  for (const piece of others) {
    const sides = /^\D{0,2}([\d.,]+)\s?[x×*@]\s?([\d.,]+)\D{0,2}$/iu.exec(piece.text.trim());
    const [one, other] = [sides?.[1] ?? '', sides?.[2] ?? ''];
    const counted = sides && (/^\d{1,3}$/.test(other) ? other : /^\d{1,3}$/.test(one) ? one : null);
    if (counted) return found(piece, piece.text.lastIndexOf(counted), piece.text.lastIndexOf(counted) + counted.length);
  }
  const counts = others.filter((piece) => /^\d{1,4}$/.test(piece.text.trim()));
  const count = counts.length === 1 || others.length > counts.length ? counts[0] : undefined;
  return count && others.length > 1 ? found(count, 0, count.text.length) : null;
}
