// Every key of a page with its value, by how they are placed: "key: value", a label with a text to its right, a label above its
// value. For the listing of fields; knows nothing of what was asked.
import type { Quad } from '@contract/geometry.ts';
import { findLabel, holdsKeyAndValue, isLabel, keyPart, labelForm, labelText } from './labels.ts';
import type { Piece, ReaderPage } from './page-pieces.ts';
import { tablesOf } from './tables.ts';
import { valuesNear } from './value-near.ts';

export interface KeyValue {
  readonly key: string;
  readonly value: string;
  readonly quads: readonly Quad[];
}

/** Short, begins with a letter, and no sentence. */
function looksLikeKey(text: string): boolean {
  const key = keyPart(text);
  return /^[\p{L}[【(]/u.test(key) && [...key].length <= 32 && key.split(' ').length <= 5 && !/[.!?。！？]$/u.test(key.replace(/\bno\.$/i, ''));
}

/** "[Card no]" without its brackets; "Oat milk (extra)" keeps its own. */
function unbracketed(key: string): string {
  const open = key.replace(/^[[【(]+/u, '');
  return (/[[【(]/u.test(open) ? open : open.replace(/[\]】)]+$/u, '')).trim();
}

export function keyValuesOf(page: ReaderPage): KeyValue[] {
  const inTables = new Set<Piece>(tablesOf(page).flatMap((table) => [...table.head, ...table.rows.flat().filter((cell) => cell !== null)]));
  const used = new Set<Piece>();
  const found: KeyValue[] = [];
  for (const row of page.rows) {
    for (const [at, piece] of row.entries()) {
      if (inTables.has(piece) || used.has(piece) || !looksLikeKey(piece.text)) continue;
      const alone = row.length > 1 && at % 2 === 0;
      if (!holdsKeyAndValue(piece.text) && !isLabel(piece.text) && !alone) continue;
      const key = unbracketed(keyPart(piece.text));
      const match = findLabel(labelText(piece.text), labelForm(key));
      if (!match) continue;
      const value = valuesNear(page, piece, match, 'text')[0];
      if (!value || (value.way === 'below' && !isLabel(piece.text))) continue;
      // A value is no key of the next one.
      if (value.way !== 'behind') for (const other of page.pieces) if (value.text.includes(other.text) && other !== piece) used.add(other);
      found.push({ key, value: value.text, quads: value.quads });
    }
  }
  return found;
}
