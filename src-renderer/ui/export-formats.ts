// The words for export formats, in the groups in which the window offers them.
import type { ExportFormat, TextFormat } from '@contract/export.ts';

export const exportGroups: readonly { label: string; formats: readonly { value: ExportFormat; label: string; words: string }[] }[] = [
  {
    label: 'Text',
    formats: [
      { value: 'txt', label: 'Text', words: 'Plain text in reading order.' },
      { value: 'md', label: 'Markdown', words: 'Text with headings, lists and tables marked up.' },
      { value: 'html', label: 'HTML', words: 'A web page with headings, lists and tables.' },
      { value: 'pdf', label: 'PDF', words: 'Looks like the original, with text that can be searched and copied.' },
      { value: 'docx', label: 'Word', words: 'A document to go on writing: headings, lists and real tables.' },
    ],
  },
  {
    label: 'Tables',
    formats: [
      { value: 'xlsx', label: 'Excel', words: 'A sheet for each table, numbers as numbers.' },
      { value: 'csv', label: 'CSV', words: 'The tables alone, values parted by commas.' },
      { value: 'tsv', label: 'TSV', words: 'The tables alone, values parted by tabs: what spreadsheets paste.' },
    ],
  },
  {
    label: 'Places',
    formats: [
      { value: 'json', label: 'JSON', words: 'Every line and word with its place on the page and its confidence.' },
      { value: 'hocr', label: 'hOCR', words: 'Words and their places, as other text recognition tools read them.' },
      { value: 'alto', label: 'ALTO', words: 'ALTO 4, as libraries and archives keep it beside a scan.' },
      { value: 'page', label: 'PAGE', words: 'PAGE-XML 2019, one file for each page.' },
    ],
  },
];

const formatOf = (format: ExportFormat) => exportGroups.flatMap((group) => group.formats).find((one) => one.value === format)!;

export const formatLabel = (format: ExportFormat): string => formatOf(format).label;
export const formatWords = (format: ExportFormat): string => formatOf(format).words;

/** What stands for a format that is no text itself in the preview: what it will hold. */
export const previewFormat = (format: ExportFormat): TextFormat => (format === 'docx' ? 'md' : format === 'xlsx' ? 'csv' : format === 'pdf' ? 'txt' : format);
