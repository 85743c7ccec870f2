// What can be exported, and as what: formats with their file endings, and which part of the library.
import { z } from 'zod';
import { documentId, pageId } from './document.ts';
import { cellSpan } from './table.ts';

/** Formats that are text themselves, so that they can be shown and copied. */
export const textFormat = z.enum(['txt', 'md', 'html', 'csv', 'tsv', 'json', 'hocr', 'alto', 'page']);
export type TextFormat = z.infer<typeof textFormat>;

export const exportFormat = z.enum([...textFormat.options, 'docx', 'xlsx', 'pdf']);
export type ExportFormat = z.infer<typeof exportFormat>;

/** What follows the name of an exported file, after the point. */
export const exportEndings: Readonly<Record<ExportFormat, string>> = {
  txt: 'txt', md: 'md', html: 'html', csv: 'csv', tsv: 'tsv', json: 'json', hocr: 'hocr', alto: 'alto.xml', page: 'page.xml', docx: 'docx', xlsx: 'xlsx', pdf: 'pdf',
};

export const exportTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('documents'), documentIds: z.array(documentId).min(1) }),
  z.object({ kind: z.literal('page'), pageId }),
  /** Lines of one page, by their index in reading order. */
  z.object({ kind: z.literal('lines'), pageId, lineIndexes: z.array(z.number().int().nonnegative()).min(1) }),
  /** Cells of a table, which is the page's region of that index. */
  z.object({ kind: z.literal('cells'), pageId, region: z.number().int().nonnegative(), cells: cellSpan }),
]);
export type ExportTarget = z.infer<typeof exportTarget>;
