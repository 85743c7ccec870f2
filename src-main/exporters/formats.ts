// The one list of formats: from pages to the content of a file. Knows the exporters, no disk.
import type { ExportFormat, TextFormat } from '@contract/export.ts';
import { assert } from '../base/errors.ts';
import { exportAlto } from './alto.ts';
import { exportCsv, exportTsv } from './csv.ts';
import { exportDocx } from './docx.ts';
import type { ExportPage } from './export-page.ts';
import { exportHocr } from './hocr.ts';
import { exportHtml } from './html.ts';
import { exportJson } from './json.ts';
import { exportMarkdown } from './markdown.ts';
import { exportPageXml } from './page-xml.ts';
import { exportText } from './text.ts';
import { exportXlsx } from './xlsx.ts';

function onePageXml(pages: readonly ExportPage[]): string {
  const [page] = pages;
  assert(page && pages.length === 1, 'PAGE-XML holds one page');
  return exportPageXml(page, new Date());
}

const textExporters: Readonly<Record<TextFormat, (pages: readonly ExportPage[]) => string>> = {
  txt: exportText, md: exportMarkdown, html: exportHtml, csv: exportCsv, tsv: exportTsv, json: exportJson, hocr: exportHocr, alto: exportAlto, page: onePageXml,
};

/** Formats that know pages and no documents: a file each. */
export const isOnePageEach = (format: ExportFormat): boolean => format === 'page';

/** Formats into which pictures of figures are put. */
export const holdsPictures = (format: ExportFormat): boolean => format === 'html' || format === 'docx' || format === 'md';

export const isTextFormat = (format: ExportFormat): format is TextFormat => Object.hasOwn(textExporters, format);

/** @throws table-missing for tables where there are none */
export function exportAsText(pages: readonly ExportPage[], format: TextFormat): string {
  return textExporters[format](pages);
}

/** What goes into the file; a PDF also wants the pictures, and is written by the engine. @throws table-missing */
export async function exportAsFile(pages: readonly ExportPage[], format: Exclude<ExportFormat, 'pdf'>): Promise<string | Uint8Array> {
  if (format === 'docx') return exportDocx(pages);
  if (format === 'xlsx') return exportXlsx(pages);
  const text = exportAsText(pages, format);
  // Without this mark a spreadsheet takes the file for one of the system's old encoding.
  return format === 'csv' ? `\ufeff${text}` : text;
}
