// Tables by row and column: which row of pieces is a head, which piece of a row stands under which head. Knows places and
// figures, no questions.
import { editsBetween, isLabel, labelForm, slipsAllowed } from './labels.ts';
import { overlapX, type Piece, type ReaderPage } from './page-pieces.ts';
import { valuesIn } from './typed-values.ts';

export interface Table {
  readonly head: readonly Piece[];
  /** One entry per column of the head; null where the row has nothing under it. */
  readonly rows: readonly (readonly (Piece | null)[])[];
}

/** Mostly digits: a cell of figures, not of words. */
export function isFigure(text: string): boolean {
  const digits = text.match(/\d/g)?.length ?? 0;
  if (valuesIn(text, 'date').length > 0) return true;
  return digits > 0 && digits >= (text.match(/\p{L}/gu)?.length ?? 0);
}

/** Each piece of a row under the column that it shares most with, or stands nearest to. */
function intoColumns(head: readonly Piece[], row: readonly Piece[]): (Piece | null)[] {
  const cells: (Piece | null)[] = head.map(() => null);
  for (const piece of row) {
    let best = -1, bestShare = -Infinity;
    head.forEach((column, at) => {
      const share = overlapX(column, piece);
      if (share > bestShare) {
        best = at;
        bestShare = share;
      }
    });
    if (best < 0) continue;
    // The first column is the one with the long texts.
    const there = cells[best];
    if (!there) cells[best] = piece;
    else if (best > 0 && overlapX(head[best]!, there) < bestShare) {
      cells[best] = piece;
      cells[best - 1] ??= there;
    }
  }
  return cells;
}

/** Labels beside their values, row by row, look like a table and are none. */
function isForm(head: readonly Piece[], rows: readonly (readonly (Piece | null)[])[]): boolean {
  const labelled = rows.filter((row) => row.some((cell) => cell !== null && isLabel(cell.text)));
  const [first, second, third] = head;
  return labelled.length > 0.4 * rows.length || (isLabel(first!.text) && isLabel(third!.text) && !isLabel(second!.text));
}

/** The tables of a page: a row of words, at least three of them, over rows of which most hold figures under it. */
export function tablesOf(page: ReaderPage): readonly Table[] {
  const known = found.get(page);
  if (known) return known;
  const tables = findTables(page);
  found.set(page, tables);
  return tables;
}

const found = new WeakMap<ReaderPage, readonly Table[]>();

function findTables(page: ReaderPage): Table[] {
  const tables: Table[] = [];
  let at = 0;
  while (at < page.rows.length) {
    const head = page.rows[at]!;
    if (head.length < 3 || head.some((piece) => isFigure(piece.text) || /[:：]\s*\S|[:：]$/u.test(piece.text))) {
      at += 1;
      continue;
    }
    const rows: (Piece | null)[][] = [];
    let next = at + 1, misses = 0, last = head;
    for (; next < page.rows.length && misses < 2; next++) {
      const row = page.rows[next]!;
      const gap = Math.min(...row.map((piece) => piece.top)) - Math.max(...last.map((piece) => piece.bottom));
      if (gap > 3 * page.lineHeight) break;
      const cells = intoColumns(head, row);
      const filled = cells.filter((cell) => cell !== null).length;
      if (filled < Math.max(2, Math.ceil(head.length / 2)) || !cells.some((cell) => cell && isFigure(cell.text))) {
        misses += 1;
        continue;
      }
      misses = 0;
      last = row as typeof head;
      rows.push(cells);
    }
    if (rows.length >= 2 && !isForm(head, rows)) {
      tables.push({ head, rows });
      at = next;
    } else at += 1;
  }
  return tables;
}

/** How well words name a cell: 1 the same, less when they only stand in it; 0 not at all. */
export function nameScore(cell: string, wanted: string): number {
  const a = labelForm(cell), b = labelForm(wanted);
  if (a === '' || b === '') return 0;
  if (a === b) return 1;
  // "2 x Flat White", "1. Flat White"
  const plain = a.replace(/^(?:\d+\s?[x×*]\s|\d+[.)]\s|\d{1,3}\s(?=\p{L}))/u, '');
  if (plain === b) return 0.98;
  const at = plain.indexOf(b);
  if (at >= 0 && !/[\p{Script=Latin}\d]/u.test(plain[at - 1] ?? '') && !/[\p{Script=Latin}\d]/u.test((plain[at + b.length] ?? '').replace(/^s$/, ''))) return 0.7 + 0.25 * (b.length / plain.length);
  const slips = slipsAllowed(b);
  if (slips > 0 && editsBetween(plain, b, slips) <= slips) return 0.85;
  const squeezed = (text: string): string => text.replaceAll(' ', '');
  return squeezed(plain) === squeezed(b) ? 0.97 : 0;
}

export interface TableRow {
  readonly name: Piece;
  readonly pieces: readonly Piece[];
  readonly score: number;
}

/** Rows with a figure in them whose first words are `wanted`, best first. */
export function rowsNamed(page: ReaderPage, wanted: string): TableRow[] {
  return page.rows
    .flatMap((pieces) => {
      const name = pieces.find((piece) => /\p{L}/u.test(piece.text) && !isFigure(piece.text)) ?? pieces[0]!;
      const score = nameScore(nameOf(name.text), wanted);
      return score > 0 && pieces.some((piece) => piece !== name && isFigure(piece.text)) ? [{ name, pieces, score }] : [];
    })
    .sort((a, b) => b.score - a.score);
}

/** The name of a row without the amount that was found in the same line. */
function nameOf(text: string): string {
  const amount = valuesIn(text, 'amount').at(-1);
  return amount && amount.to === text.trimEnd().length && amount.from > 2 && /[.,]\d{2}$|,\d{3}$/.test(amount.text) ? text.slice(0, amount.from).trim() : text;
}

