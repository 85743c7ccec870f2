// Extractions of many documents as JSON, CSV and a workbook: a row per document, and the rows of its tables. Knows values, not how
// they were found.
import type { CellObject, SheetData } from 'write-excel-file/node';
import type { ExtractedValue, Extraction, ExtractionSchema, PlainField, RowsField } from '@contract/extraction.ts';
import { csvRow } from './csv.ts';
import { printable } from './xml.ts';

export interface ExtractedDocument {
  readonly file: string;
  readonly extraction: Extraction;
}

const plainFields = (schema: ExtractionSchema): PlainField[] => schema.fields.filter((field) => field.type !== 'rows');
const rowFields = (schema: ExtractionSchema): RowsField[] => schema.fields.filter((field) => field.type === 'rows');

export function extractionsAsJson(documents: readonly ExtractedDocument[]): string {
  return `${JSON.stringify(documents.map(({ file, extraction }) => ({ file, ...extraction })), null, 2)}\n`;
}

/** A row per document; with `rows`, a row per row of that field. Values as printed. */
export function extractionsAsCsv(schema: ExtractionSchema, documents: readonly ExtractedDocument[], rows: string | null): string {
  const columns = rows === null ? plainFields(schema) : (rowFields(schema).find((field) => field.name === rows)?.columns ?? []);
  const lines = documents.flatMap(({ file, extraction }) => (rows === null ? [extraction.fields] : (extraction.rows[rows] ?? [])).map((values) => csvRow([file, ...columns.map((column) => values[column.name]?.text ?? '')])));
  return [csvRow(['file', ...columns.map((column) => column.name)]), ...lines].join('');
}

/** Figures and days as such, all else as text. */
function cell(value: ExtractedValue | null | undefined, column: PlainField): CellObject | null {
  if (!value) return null;
  if (typeof value.value === 'number') return { type: Number, value: value.value, format: /[.,]\d{2}\D*$/.test(value.text) ? '#,##0.00' : 'General' };
  if (column.type === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(value.value)) return { type: Date, value: new Date(`${value.value}T00:00:00Z`), format: 'yyyy-mm-dd' };
  return { type: String, value: printable(value.text), wrap: value.text.length > 60 };
}

const head = (names: readonly string[]): CellObject[] => names.map((name) => ({ type: String, value: printable(name), fontWeight: 'bold' }));
const textCell = (text: string): CellObject => ({ type: String, value: printable(text) });

/** One sheet of documents, and one for each field that is rows. */
export async function extractionsAsXlsx(schema: ExtractionSchema, documents: readonly ExtractedDocument[]): Promise<Uint8Array> {
  const { default: writeExcelFile } = await import('write-excel-file/node');
  const plain = plainFields(schema);
  const main: SheetData = [
    head(['file', ...plain.map((field) => field.name), 'problems']),
    ...documents.map(({ file, extraction }) => [textCell(file), ...plain.map((field) => cell(extraction.fields[field.name], field)), textCell(extraction.problems.map((problem) => `${problem.kind}: ${problem.field} ${problem.detail}`.trim()).join('; '))]),
  ];
  const sheets = [
    { data: main, sheet: 'documents', columns: [{ width: 30 }, ...plain.map(() => ({ width: 20 })), { width: 40 }] },
    ...rowFields(schema).map((field) => ({
      data: [head(['file', ...field.columns.map((column) => column.name)]), ...documents.flatMap(({ file, extraction }) => (extraction.rows[field.name] ?? []).map((row) => [textCell(file), ...field.columns.map((column) => cell(row[column.name], column))]))] as SheetData,
      sheet: field.name.slice(0, 31), columns: [{ width: 30 }, ...field.columns.map(() => ({ width: 20 }))],
    })),
  ];
  return writeExcelFile(sheets).toBuffer();
}
