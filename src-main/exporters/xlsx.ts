// The tables of pages as a workbook, one sheet each, with merged cells; plain numbers become numbers, all else stays text.
import type { CellObject, SheetData } from 'write-excel-file/node';
import type { ExportPage } from './export-page.ts';
import { tablesOf } from './parts.ts';
import type { TextCell, TextTable } from './table-text.ts';
import { displayWidth } from './text.ts';
import { printable } from './xml.ts';

/** Digits whose meaning is certain: no leading zero (an article number), at most fifteen (what a spreadsheet holds exactly). */
const plainNumber = /^-?(?:0|[1-9]\d{0,14}|[1-9]\d{0,2}(?:,\d{3})+)(?:\.(\d{1,6}))?$/;

function numberCell(text: string): CellObject | null {
  const found = plainNumber.exec(text);
  const digits = text.replace(/\D/g, '').length;
  if (!found || digits > 15) return null;
  const decimals = found[1]?.length ?? 0;
  return { type: Number, value: Number(text.replaceAll(',', '')), format: `${text.includes(',') ? '#,##0' : '0'}${decimals ? `.${'0'.repeat(decimals)}` : ''}` };
}

function cellOf({ text, rowSpan, columnSpan }: TextCell): CellObject {
  const spans = { ...(rowSpan > 1 && { rowSpan }), ...(columnSpan > 1 && { columnSpan }) };
  return { ...(numberCell(text) ?? { type: String, value: printable(text), wrap: text.length > 60 }), ...spans };
}

function sheetData({ rows, columns, cells }: TextTable): SheetData {
  const data: SheetData = Array.from({ length: rows }, () => Array.from({ length: columns }, () => null));
  for (const cell of cells) if (cell.text !== '' || cell.rowSpan > 1 || cell.columnSpan > 1) data[cell.row]![cell.column] = cellOf(cell);
  return data;
}

/** Widths in characters, between what is readable and what fits on a screen. */
function widths({ columns, cells }: TextTable): { width: number }[] {
  return Array.from({ length: columns }, (_, column) => ({ width: Math.min(60, Math.max(8, ...cells.filter((cell) => cell.column === column && cell.columnSpan === 1).map((cell) => displayWidth(cell.text) + 2))) }));
}

/** @throws table-missing when the pages have no table */
export async function exportXlsx(pages: readonly ExportPage[]): Promise<Uint8Array> {
  const tables = tablesOf(pages);
  const { default: writeExcelFile } = await import('write-excel-file/node');
  const several = new Set(tables.map(({ page }) => page)).size > 1;
  const sheets = tables.map(({ page, table }, at) => ({ data: sheetData(table), sheet: `Table ${at + 1}${several ? `, page ${page.pageIndex + 1}` : ''}`, columns: widths(table) }));
  return writeExcelFile(sheets).toBuffer();
}
