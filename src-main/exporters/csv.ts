// The tables of pages as values parted by commas or tabs, one after the other with an empty line between. @source RFC 4180
import type { ExportPage } from './export-page.ts';
import { tablesOf } from './parts.ts';
import { gridOfTable } from './table-text.ts';

/** A spreadsheet would run these as a formula; a document from elsewhere must not be able to. "+4.1%" and "+1 (555) 010" stay. */
const formula = /^(?:[=@\t\r]|[+-](?![\d.,\s%()/€$£¥₩-]*$))/;

const harmless = (text: string): string => (formula.test(text) ? `'${text}` : text);

function field(text: string): string {
  const safe = harmless(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A row of texts, ended as the RFC wants. */
export const csvRow = (texts: readonly string[]): string => `${texts.map(field).join(',')}\r\n`;

/** @throws table-missing when the pages have no table */
export function exportCsv(pages: readonly ExportPage[]): string {
  return tablesOf(pages).map(({ table }) => gridOfTable(table).map(csvRow).join('')).join('\r\n');
}

/** As spreadsheets take it from the clipboard: a tab cannot be quoted. @throws table-missing */
export function exportTsv(pages: readonly ExportPage[]): string {
  return tablesOf(pages).map(({ table }) => gridOfTable(table).map((row) => `${row.map((cell) => harmless(cell).replace(/[\t\r\n]+/g, ' ')).join('\t')}\n`).join('')).join('\n');
}
