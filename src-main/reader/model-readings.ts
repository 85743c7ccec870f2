// What a model read of a document's fields, as an extraction: each value typed as the schema says and held against the recognised text, and
// joined with what the built-in reader found. Where the two disagree both are kept. Knows no model.
import type { PageText } from '@contract/document.ts';
import type { ExtractedRow, ExtractedValue, Extraction, ExtractionSchema, PlainField, ValueReading } from '@contract/extraction.ts';
import type { Quad } from '@contract/geometry.ts';
import { fold } from '../base/fold.ts';
import { checkValue } from './check-answer.ts';
import { checkExtraction, statedValue } from './extract-fields.ts';

/** A value as a model states it. */
export interface StatedValue {
  readonly text: string;
  readonly quad: Quad | null;
}

/** One page as a model read it; `quad` of a row is around all of it. */
export interface ModelPage {
  readonly pageId: string;
  readonly text: PageText | null;
  readonly fields: Readonly<Record<string, StatedValue | null>>;
  readonly rows: Readonly<Record<string, readonly { readonly quad: Quad | null; readonly cells: Readonly<Record<string, string | null>> }[]>>;
  /** The answer had to be ended before its last field. */
  readonly isCut: boolean;
}

function valueOn({ pageId, text }: ModelPage, field: PlainField, stated: StatedValue | null, isRow: boolean): ExtractedValue | null {
  const said = stated?.text.trim() ?? '';
  if (!stated || said === '') return null;
  const { check, quad } = checkValue({ pageId, text }, said, stated.quad, isRow);
  return { ...statedValue(field, said), label: null, mark: check.state, read: check.state === 'differs' ? check.read : null, places: quad ? [{ pageId, quad }] : [], by: ['model'], other: null };
}

const surest: readonly ValueReading['mark'][] = ['found', 'differs', 'unchecked', 'not-on-page'];

/** Of all pages the surest value of a field, the first among equals; rows one after the other. */
export function modelExtraction(schema: ExtractionSchema, pages: readonly ModelPage[], model: NonNullable<Extraction['model']>): Extraction {
  const fields: Extraction['fields'] = {}, rows: Extraction['rows'] = {};
  for (const field of schema.fields) {
    if (field.type === 'rows') {
      rows[field.name] = pages.flatMap((page) => (page.rows[field.name] ?? []).map((row): ExtractedRow => Object.fromEntries(field.columns.map((column) => {
        const text = row.cells[column.name] ?? null;
        return [column.name, valueOn(page, column, text === null ? null : { text, quad: row.quad }, true)];
      }))));
    } else {
      const values = pages.flatMap((page) => valueOn(page, field, page.fields[field.name] ?? null, false) ?? []);
      fields[field.name] = surest.flatMap((mark) => values.filter((value) => value.mark === mark))[0] ?? null;
    }
  }
  const problems: Extraction['problems'] = pages.some((page) => page.isCut) ? [{ kind: 'cut', field: '', detail: '' }] : [];
  return checkExtraction(schema, { fields, rows, problems, model });
}

const plain = (text: string): string => fold(text).text.replace(/[\s.,:;'"“”‘’()-]/gu, '');
const agree = (one: ValueReading, other: ValueReading): boolean => one.value === other.value || plain(one.text) === plain(other.text);

/** The model's value first where the page bears it out, else the reader's. */
function joined(reader: ExtractedValue | null | undefined, model: ExtractedValue | null | undefined): ExtractedValue | null {
  if (!reader || !model) return reader ?? model ?? null;
  const { other: _, ...fromModel } = model;
  const { other: __, ...fromReader } = reader;
  if (agree(reader, model)) return { ...reader, by: ['reader', 'model'] };
  return model.mark === 'found' ? { ...model, other: fromReader } : { ...reader, other: fromModel };
}

export function joinExtractions(schema: ExtractionSchema, reader: Extraction, model: Extraction): Extraction {
  const fields: Extraction['fields'] = {}, rows: Extraction['rows'] = {}, otherRows: Extraction['otherRows'] = {};
  for (const field of schema.fields) {
    if (field.type !== 'rows') {
      fields[field.name] = joined(reader.fields[field.name], model.fields[field.name]);
      continue;
    }
    const [read, stated] = [reader.rows[field.name] ?? [], model.rows[field.name] ?? []];
    if (read.length === stated.length) {
      rows[field.name] = read.map((row, at) => Object.fromEntries(field.columns.map((column) => [column.name, joined(row[column.name], stated[at]![column.name])])));
    } else if (read.length === 0) {
      rows[field.name] = stated;
    } else {
      rows[field.name] = read;
      if (stated.length > 0) otherRows[field.name] = stated;
    }
  }
  return checkExtraction(schema, { fields, rows, otherRows, model: model.model, problems: [...reader.problems, ...model.problems] });
}
