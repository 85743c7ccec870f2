// The tables of pages as comma-separated values, one after the other with an empty line between. @source RFC 4180
import type { ExportPage } from './export-page.ts';
import { tablesOf } from './parts.ts';
import { gridOfTable } from './table-text.ts';

/** A spreadsheet would run these as a formula; a document from elsewhere must not be able to. Numbers with a sign stay. */
const formula = /^(?:[=@\t\r]|[+-](?![\d.,\s]*$))/;

function field(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** @throws table-missing when the pages have no table */
export function exportCsv(pages: readonly ExportPage[]): string {
  return tablesOf(pages).map(({ table }) => gridOfTable(table).map((row) => `${row.map(field).join(',')}\r\n`).join('')).join('\r\n');
}
