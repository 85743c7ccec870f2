// A field from one example: somebody points at a value on a page, its label beside or above it gives the name, how it is written the type.
// In a table the whole table becomes a field of rows, its head the names of the columns. Knows one page.
import { extractionField } from '@contract/extraction.ts';
import type { ExtractionField, FieldType, GuessedField, PlainField } from '@contract/extraction.ts';
import { boundsOf } from '@contract/geometry.ts';
import { conceptOf } from './find-values.ts';
import { findLabel, holdsKeyAndValue, isLabel, keyPart, labelForm, labelText } from './labels.ts';
import { inOneRow, overlapX, quadsOf, type Piece, type ReaderPage } from './page-pieces.ts';
import { isFigure, tablesOf, type Table } from './tables.ts';
import { isOnly, valuesIn, type ValueType } from './typed-values.ts';
import { valuesNear } from './value-near.ts';

const fieldTypes: Readonly<Partial<Record<ValueType, FieldType>>> = { amount: 'amount', date: 'date', number: 'number', phone: 'phone', email: 'email', identifier: 'identifier', text: 'text' };
/** What a text may be, the one that is hardest to mistake first. */
const tried: readonly ValueType[] = ['email', 'date', 'phone', 'amount', 'number', 'identifier'];

function typeOf(text: string): FieldType {
  for (const type of tried) {
    const value = valuesIn(text, type)[0];
    if (!value || !isOnly(text, value)) continue;
    // a bare number is money when it is printed like money
    if (type === 'amount' && value.currency === undefined && !/[.,]\d{2}$|\d[,.]\d{3}(?!\d)/.test(value.text)) continue;
    if (type === 'number' && /^0\d|^\d{5,}$/.test(value.text)) continue;
    return fieldTypes[type]!;
  }
  return 'text';
}

/** "Invoice No." → invoice_no; what begins with no letter gets one. */
function nameFrom(label: string): string {
  const name = labelForm(label).replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_+|_+$/g, '').slice(0, 40);
  return /^[\p{L}_]/u.test(name) ? name : name === '' ? '' : `_${name}`;
}

function fieldFor(label: string | null, text: string): PlainField {
  const concept = label === null ? null : conceptOf(label);
  const written = typeOf(text);
  const meant = concept && fieldTypes[concept.type];
  // what a date stands beside need not be its label's value
  if (meant && meant !== 'text' && written !== 'text' && valuesIn(text, concept.type).length === 0) return fieldFor(null, text);
  const type = meant && meant !== 'text' && (written === 'text' || valuesIn(text, concept.type).length > 0) ? meant : written;
  const name = (concept ? nameFrom(concept.id) : label === null ? '' : nameFrom(label)) || (type === 'text' ? 'value' : type);
  const hints = label === null || labelForm(label) === labelForm(name.replaceAll('_', ' ')) ? [] : [label.replace(/[\s:：]+$/u, '').slice(0, 80)];
  return { name, type, hints, required: false };
}

const contains = (piece: Piece, [x, y]: readonly [number, number]): boolean => quadsOf(piece).some((quad) => {
  const box = boundsOf(quad);
  return x >= box.x - 2 && x <= box.x + box.width + 2 && y >= box.y - 2 && y <= box.y + box.height + 2;
});

/** The label that a piece without one stands at: to its left in its row, else above it. */
function labelOf(page: ReaderPage, piece: Piece): string | null {
  const row = page.rows.find((one) => one.includes(piece)) ?? [];
  const left = row[row.indexOf(piece) - 1];
  if (left && /\p{L}/u.test(left.text) && !isFigure(left.text)) return keyPart(left.text);
  const above = page.pieces.findLast((one) => one !== piece && !inOneRow(one, piece) && one.bottom <= piece.top + 0.3 * page.lineHeight && piece.top - one.bottom < 1.5 * page.lineHeight && overlapX(one, piece) > 0 && isLabel(one.text));
  return above ? keyPart(above.text) : null;
}

function rowsField(table: Table): ExtractionField | null {
  const names = new Set<string>();
  const columns = table.head.flatMap((head, at): PlainField[] => {
    const cells = table.rows.flatMap((row) => row[at]?.text ?? []);
    const types = cells.map(typeOf);
    const type = types.length > 0 && types.every((one) => one === types[0]) ? types[0]! : types.every((one) => one === 'amount' || one === 'number') && types.length > 0 ? 'amount' : 'text';
    const name = nameFrom(head.text);
    if (name === '' || names.has(name)) return [];
    names.add(name);
    return [{ name, type, hints: [head.text.slice(0, 80)], required: false }];
  });
  const field = extractionField.safeParse({ name: 'lines', type: 'rows', hints: [], required: false, columns });
  return field.success ? field.data : null;
}

export function guessField(page: ReaderPage, at: readonly [number, number]): GuessedField | null {
  const piece = page.pieces.find((one) => contains(one, at));
  if (!piece) return null;
  const table = tablesOf(page).find((one) => one.head.includes(piece) || one.rows.some((row) => row.includes(piece)));
  const rows = table && rowsField(table);
  if (table && rows) return { field: rows, text: table.head.map((head) => head.text).join(', '), places: [...table.head, ...table.rows.flat()].flatMap((one) => (one ? quadsOf(one) : [])) };
  // "Total: 3.50" is label and value; a label alone means the value that stands at it
  if (holdsKeyAndValue(piece.text) || isLabel(piece.text)) {
    const label = keyPart(piece.text);
    const match = findLabel(labelText(piece.text), labelForm(label));
    const value = match && valuesNear(page, piece, match, 'text')[0];
    if (value) return { field: fieldFor(label, value.text), text: value.text, places: [...value.quads] };
  }
  return { field: fieldFor(labelOf(page, piece), piece.text), text: piece.text, places: quadsOf(piece) };
}
