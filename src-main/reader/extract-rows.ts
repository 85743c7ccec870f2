// Rows of a table for the columns of a schema: from a table whose head names them, else from a list of things with their amounts.
// Knows tables and columns, not the document around them.
import type { ExtractedRow, ExtractedValue, PlainField, RowsField } from '@contract/extraction.ts';
import { extractedFrom, valueTypeOf, wordsOfName } from './extracted-value.ts';
import { columnNames } from './find-cell.ts';
import { conceptOf } from './find-values.ts';
import { isLabel, keyPart } from './labels.ts';
import type { Piece, ReaderPage } from './page-pieces.ts';
import { isFigure, listRows, nameScore, tablesOf } from './tables.ts';
import { valuesIn } from './typed-values.ts';

/** What a column's head may say. */
const namesOf = (column: PlainField): string[] => [...new Set([...column.hints, wordsOfName(column.name)].flatMap(columnNames))];

function headScore(head: string, column: PlainField): number {
  return Math.max(...namesOf(column).map((name, at) => nameScore(head, name) - 0.005 * Math.min(at, 20)));
}

/** Each column's place in a head; null when the head does not name at least two of them, or not half. */
function columnsIn(head: readonly Piece[], columns: readonly PlainField[]): Map<string, number> | null {
  const pairs = columns.flatMap((column) => head.map((piece, at) => ({ column: column.name, at, score: headScore(piece.text, column) }))).filter((pair) => pair.score >= 0.7);
  pairs.sort((a, b) => b.score - a.score);
  const places = new Map<string, number>();
  for (const { column, at } of pairs) if (!places.has(column) && ![...places.values()].includes(at)) places.set(column, at);
  return places.size >= Math.min(columns.length, Math.max(2, columns.length / 2)) ? places : null;
}

/** What lines under a list of things sum up. */
const sums: ReadonlySet<string> = new Set(['total', 'amount due', 'subtotal', 'tax', 'discount', 'tip', 'change', 'cash', 'balance', 'amount paid', 'item count', 'payment method', 'deposit']);
const isSum = (text: string): boolean => /[:：]$/u.test(text.trim()) || sums.has(conceptOf(text)?.id ?? '');

/** A line of totals: a label of its own, with or without a rate. */
const isEnd = (text: string): boolean => isSum(text) || isSum(keyPart(text)) || isSum(text.replace(/[(（]?\d+(?:\.\d+)?\s?[%％][)）]?.*$/u, '')) || /\b(?:sub)?total\b|합계|소계|총액|합계|合计|总计|小计|合計|小計/iu.test(text);

/** The rows up to the first total, where some stand before it; a label elsewhere in a row is no end. */
function untilTotals(rows: readonly (readonly (Piece | null)[])[]): readonly (readonly (Piece | null)[])[] {
  const end = (row: readonly (Piece | null)[]): boolean => {
    const words = row.filter((cell): cell is Piece => cell !== null && !isFigure(cell.text));
    return words.some((cell, at) => (at === 0 || words.length === 1) && isEnd(cell.text));
  };
  const first = rows.findIndex((row) => !end(row));
  if (first < 0) return [];
  const rest = rows.slice(first);
  const last = rest.findIndex(end);
  return last < 0 ? rest : rest.slice(0, last);
}

function fromTable(page: ReaderPage, field: RowsField): ExtractedRow[] {
  const fitting = tablesOf(page).flatMap((table) => {
    const places = columnsIn(table.head, field.columns);
    return places ? [{ table, places }] : [];
  });
  return fitting.flatMap(({ table, places }) =>
    untilTotals(table.rows)
      .map((row) => Object.fromEntries(field.columns.map((column): [string, ExtractedValue | null] => {
        const at = places.get(column.name);
        const cell = at === undefined ? null : row[at];
        return [column.name, cell ? inPiece(page, cell, column) : null];
      }))),
  );
}

/** The column's value in a piece: all of it when it is of the type, or the part that is. */
function inPiece(page: ReaderPage, piece: Piece, column: PlainField, from = 0, to = piece.text.length): ExtractedValue | null {
  const text = piece.text.slice(from, to);
  const typed = valuesIn(text, valueTypeOf(column.type)).at(-1);
  return typed ? extractedFrom(page, piece, typed, from, null) : null;
}

/** An amount as receipts print it: with decimals, groups of three or a currency. */
function amountOf(piece: Piece): boolean {
  const amount = valuesIn(piece.text, 'amount').at(-1);
  return amount !== undefined && amount.to >= piece.text.trimEnd().length - 2 && (amount.currency !== undefined || /[.,]\d{2}$|,\s?\d{3}$/.test(amount.text) || /^\d{2,6}$/.test(piece.text.trim()));
}

/** Rows of a receipt without a head: a name, perhaps a count, an amount at the end; up to the first total. */
function withoutHead(page: ReaderPage, field: RowsField): ExtractedRow[] {
  const by = (types: readonly string[], words: RegExp): PlainField | undefined => field.columns.find((column) => types.includes(column.type) && words.test(column.name));
  const name = field.columns.find((column) => column.type === 'text');
  const amount = by(['amount'], /amount|total|sum|금액|金额|金額/iu) ?? field.columns.findLast((column) => column.type === 'amount');
  const quantity = by(['number'], /quantity|qty|count|수량|数量/iu);
  const price = field.columns.find((column) => column.type === 'amount' && column !== amount);
  if (!name || !amount) return [];
  const found: ExtractedRow[] = [];
  for (const row of listRows(page)) {
    const [first] = row, last = row.at(-1)!;
    if (!first || row.length < 2 || !/\p{L}{2}/u.test(first.text) || !amountOf(last)) continue;
    if (found.length > 0 && isEnd(first.text)) break;
    if (isEnd(first.text) || isLabel(first.text) || isLabel(keyPart(first.text))) continue;
    const times = /^(\d{1,4})\s?[x×*]\s/iu.exec(first.text);
    const start = times ? times[0].length : 0;
    const middle = row.slice(1, -1);
    const count = middle.find((piece) => /^\d{1,4}$/.test(piece.text.trim()));
    const each = middle.find((piece) => piece !== count && amountOf(piece));
    const one: ExtractedRow = Object.fromEntries(field.columns.map((column) => [column.name, null]));
    one[name.name] = inPiece(page, first, name, start);
    one[amount.name] = inPiece(page, last, amount);
    if (quantity) one[quantity.name] = times ? inPiece(page, first, quantity, 0, times[1]!.length) : count ? inPiece(page, count, quantity) : null;
    if (price && each) one[price.name] = inPiece(page, each, price);
    found.push(one);
  }
  return found.length >= 2 || found.some((row) => quantity && row[quantity.name]) ? found : [];
}

export function extractRows(pages: readonly ReaderPage[], field: RowsField): ExtractedRow[] {
  const rows = pages.flatMap((page) => fromTable(page, field));
  return rows.length > 0 ? rows : pages.flatMap((page) => withoutHead(page, field));
}
