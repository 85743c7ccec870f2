// A value as an extraction states it: as printed, comparable, with its places. Knows types of fields, not how values are found.
import type { ExtractedValue, FieldType } from '@contract/extraction.ts';
import { quadsOf, type Piece, type ReaderPage } from './page-pieces.ts';
import type { TypedValue, ValueType } from './typed-values.ts';

/** "invoice_number" → "invoice number" */
export const wordsOfName = (name: string): string => name.replace(/[_-]+/g, ' ').trim();

export const valueTypeOf = (type: FieldType): ValueType => (type === 'choice' ? 'text' : type);

export function extractedFrom(page: ReaderPage, piece: Piece, typed: TypedValue, offset: number, label: string | null): ExtractedValue {
  return {
    text: typed.text, value: typed.value, currency: typed.currency ?? null, label, mark: 'found', by: ['reader'], read: null, other: null,
    places: quadsOf(piece, offset + typed.from, offset + typed.to).map((quad) => ({ pageId: page.pageId, quad })),
  };
}
