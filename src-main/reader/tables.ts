// Tables by row and column: which row of pieces is a head, which piece of a row stands under which head. Knows places and
// figures, no questions.
import { editsBetween, isLabel, labelForm, slipsAllowed } from './labels.ts';
import { heightOf, overlapX, partOfPiece, stacked, type Piece, type ReaderPage } from './page-pieces.ts';
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

/** A name and a figure that stand in no column's line, with nothing under the first head: "Subtotal 12.00" below a table. */
function isSummary(head: readonly Piece[], rows: readonly (readonly (Piece | null)[])[], row: readonly Piece[]): boolean {
  if (row.length > 3 || !isFigure(row.at(-1)!.text) || isFigure(row[0]!.text)) return false;
  const name = row[0]!;
  const near = 0.8 * heightOf(name);
  const inLine = (piece: Piece): boolean => Math.abs(piece.left - name.left) < near || Math.abs(piece.right - name.right) < near || Math.abs(piece.left + piece.right - name.left - name.right) < near;
  const first = head[0]!;
  return name.left > first.right && (rows[0]![0] === null || name.left > rows[0]![0]!.left + near) && ![...head, ...rows[0]!].some((piece) => piece !== null && inLine(piece) && !isFigure(piece.text));
}

/** Keys over values, block by block, look like a table: the next keys stand further off than a value from its key. */
function isNextKeys(head: readonly Piece[], last: readonly Piece[], row: readonly Piece[]): boolean {
  if (row.length < 2 || row.some((piece) => isFigure(piece.text)) || !row.every((piece) => head.some((one) => Math.abs(one.left - piece.left) < 0.5 * heightOf(piece)))) return false;
  const gap = (upper: readonly Piece[], lower: readonly Piece[]): number => Math.min(...lower.map((piece) => piece.top)) - Math.max(...upper.map((piece) => piece.bottom));
  return last !== head && gap(head, last) < 0.75 * gap(last, row);
}

/** A figure and what stands in the next column may be found as one: "4.5 £65.00", "2 pcs". Taken apart where each has a head of its own. */
function apart(head: readonly Piece[], piece: Piece): Piece[] {
  const spaces = [...piece.text.matchAll(/\s+/gu)];
  if (spaces.length === 0 || spaces.length > 2 || !/^\p{Sc}?[\d.,]+\s/u.test(piece.text) || head.filter((one) => overlapX(one, piece) > 0).length < 2) return [piece];
  const nearest = (part: Piece): number => {
    const off = head.map((one) => Math.max(0, one.left - (part.left + part.right) / 2, (part.left + part.right) / 2 - one.right));
    return off.indexOf(Math.min(...off));
  };
  const borders = [0, ...spaces.map((space) => space.index + space[0].length), piece.text.length];
  const parts = borders.slice(1).map((to, at) => partOfPiece(piece, borders[at]!, piece.text.slice(0, to).trimEnd().length));
  return new Set(parts.map(nearest)).size === parts.length ? parts : [piece];
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
  const [first, second, third, fourth] = head;
  return labelled.length > 0.4 * rows.length || (isLabel(first!.text) && isLabel(third!.text) && !isLabel(second!.text) && !(fourth && isLabel(fourth.text)));
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
    let next = at + 1, misses = 0, last = head, alone: Piece | null = null;
    for (; next < page.rows.length && misses < 2; next++) {
      const row = page.rows[next]!.flatMap((piece) => apart(head, piece));
      if (rows.length > 0 && (isSummary(head, rows, row) || isNextKeys(head, last, row))) break;
      const gap = Math.min(...row.map((piece) => piece.top)) - Math.max(...last.map((piece) => piece.bottom));
      if (gap > 3 * page.lineHeight) break;
      const cells = intoColumns(head, row);
      const filled = cells.filter((cell) => cell !== null).length;
      if (filled < Math.max(2, Math.ceil(head.length / 2)) || !cells.some((cell) => cell && isFigure(cell.text))) {
        const word = row.length === 1 && !isFigure(row[0]!.text) ? row[0]! : null;
        const column = word ? cells.indexOf(word) : -1, before = rows.at(-1)?.[column];
        if (word && column >= 0 && before && word.top - before.bottom < 0.7 * heightOf(word) && Math.abs(word.left - before.left) < heightOf(word)) rows.at(-1)![column] = stacked(before, word);
        else {
          alone = column >= 0 ? word : null;
          misses += 1;
        }
        continue;
      }
      // A name in a line of its own, its figures in the next one.
      const column = alone ? intoColumns(head, [alone]).indexOf(alone) : -1;
      if (alone && column >= 0 && cells[column] === null) cells[column] = alone;
      alone = null;
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
  const a = labelForm(cell), b = labelForm(wanted).replace(/(?<=[a-z]{3}[^s])s$/, '');
  if (a === '' || b === '') return 0;
  if (a === b || a === labelForm(wanted)) return 1;
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

/** Rows of a list: where a row is a name alone and the next one only figures, both are one. */
export function listRows(page: ReaderPage): readonly (readonly Piece[])[] {
  const rows: (readonly Piece[])[] = [];
  for (let at = 0; at < page.rows.length; at++) {
    const row = page.rows[at]!, next = page.rows[at + 1];
    const only = row.length === 1 && /\p{L}{2}/u.test(row[0]!.text) && !isFigure(row[0]!.text) ? row[0]! : null;
    if (only && next && next.length >= 2 && next.every((piece) => isFigure(piece.text)) && next[0]!.top - only.bottom < page.lineHeight) {
      rows.push([only, ...next]);
      at += 1;
    } else rows.push(row);
  }
  return rows;
}

export interface TableRow {
  readonly name: Piece;
  readonly pieces: readonly Piece[];
  readonly score: number;
}

/** Rows with a figure in them whose first words are `wanted`, best first. */
export function rowsNamed(page: ReaderPage, wanted: string): TableRow[] {
  return listRows(page)
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

