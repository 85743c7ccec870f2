// Pages as JSON, the schema of `lectern read --format json`: pixels of the stored image, lines in reading order.
import { linesOf } from '@contract/document.ts';
import type { Line } from '@contract/document.ts';
import type { ExportPage } from './export-page.ts';

function lineJson({ text, quad, confidence, words }: Line): string {
  return JSON.stringify({ text, quad, confidence, words: words.map((word) => ({ text: word.text, quad: word.quad, confidence: word.confidence })) });
}

/** An array of `{file, page?, width, height, rotation, source?, lines}`; `page` (from 1) only for a file of several, `source` for PDFs. One line of JSON per line of text. */
export function exportJson(pages: readonly ExportPage[]): string {
  const items = pages.map(({ file, pageIndex, pageCount, text }) => {
    const { width, height, rotation, source } = text;
    const head = JSON.stringify({ file, ...(pageCount > 1 ? { page: pageIndex + 1 } : {}), width, height, rotation, ...(source && { source }) });
    const lines = linesOf(text).map((line) => `    ${lineJson(line)}`);
    return `  ${head.slice(0, -1)},"lines":[${lines.length ? `\n${lines.join(',\n')}\n  ` : ''}]}`;
  });
  return `[${items.length ? `\n${items.join(',\n')}\n` : ''}]\n`;
}
