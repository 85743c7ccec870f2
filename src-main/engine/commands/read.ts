// `lectern read`: files in, their text out, page by page. A file that fails is named and does not stop the others.
import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Line, PageText } from '@contract/document.ts';
import { exportEndings, exportFormat } from '@contract/export.ts';
import { fileError, isCancellation } from '../../base/errors.ts';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { logFor } from '../../base/log.ts';
import type { ExportPage } from '../../exporters/export-page.ts';
import { exportAsFile, exportAsText, isOnePageEach, isTextFormat } from '../../exporters/formats.ts';
import { countPages } from '../jobs/page-pictures.ts';
import { closeReader, readPage } from '../jobs/read-page.ts';
import { refuse, type Command } from './command.ts';
import { sentenceFor } from './error-sentences.ts';
import { progressLine } from './progress-line.ts';
import { formatOf, wantedOf, type Wanted } from './wanted-files.ts';

const shows = ['detection', 'order'] as const;
type Show = (typeof shows)[number];

const usage = `Usage: lectern read FILE... [--format FORMAT] [--output DIR] [--password WORD] [--show detection,order]

Reads the text of pictures (PNG, JPEG, WebP, TIFF, GIF, BMP, AVIF, SVG) and PDFs and prints it, pages in the order given.
FILE.pdf#3 reads the third page alone.

  --format FORMAT       txt, md or html; csv or xlsx (the tables alone); docx; json, hocr, alto or page
                        (text with its places); txt when left out. json is an array of
                        {file, width, height, rotation, lines: [{text, quad, confidence, words}]}:
                        pixels of the stored image after its EXIF orientation, in reading order;
                        pages of a PDF are named FILE.pdf#1, FILE.pdf#2, ...
                        docx, xlsx and page are written with --output alone; page makes a file for each page
  --output DIR          write one file for each FILE into DIR instead of printing; existing files are kept
  --password WORD       opens PDFs that are protected by it
  --show detection      print each line's box and confidence to stderr
  --show order          print the regions in reading order to stderr

Only the result goes to stdout. The exit code is 1 when any file failed.
`;

const point = ([x, y]: readonly [number, number]): string => `${Math.round(x)},${Math.round(y)}`;

function showPage(page: ExportPage, show: ReadonlySet<Show>): string {
  const rows: string[] = [];
  const lineRow = (line: Line): string => `  ${line.confidence.toFixed(2)} ${line.script.padEnd(8)} ${line.quad.map(point).join(' ')}  ${line.text}`;
  const { text } = page;
  const notes = text.notes.map((note) => JSON.stringify(note)).join(' ');
  rows.push(`${page.file}: ${text.width} × ${text.height} pixels, turned by ${text.rotation}°, ${text.readMs.toFixed(0)} ms ${notes}`);
  if (show.has('detection')) rows.push(...text.regions.flatMap((region) => region.lines).map(lineRow));
  if (show.has('order')) text.regions.forEach((region, at) => rows.push(`  ${at + 1}. ${region.role}, ${region.lines.length} lines, ${region.quad.map(point).join(' ')}  ${region.lines[0]?.text ?? ''}`));
  return `${rows.join('\n')}\n`;
}

const log = logFor('read');

/** Reads the wanted pages of one file. Pages that fail are reported and left out. */
async function readFile(wanted: Wanted, password: string | undefined, signal: AbortSignal, report: (name: string, error: unknown) => void): Promise<ExportPage[]> {
  const format = await formatOf(wanted.path);
  const pageCount = await countPages(wanted.path, format, password);
  const pages: ExportPage[] = [];
  const indexes = wanted.page === null ? Array.from({ length: pageCount }, (_, at) => at) : [wanted.page];
  for (const pageIndex of indexes) {
    const name = format === 'pdf' || pageCount > 1 ? `${wanted.name}#${pageIndex + 1}` : wanted.name;
    const progress = progressLine(name);
    try {
      const text: PageText = await readPage({ signal, log, progress: progress.show }, { source: { path: wanted.path, format, pageIndex, ...(password !== undefined && { password }) }, rotation: null });
      pages.push({ file: name, pageIndex: 0, pageCount: 1, text });
    } catch (error) {
      if (isCancellation(error)) throw error;
      report(name, error);
    } finally {
      progress.clear();
    }
  }
  return pages;
}

export const readCommand: Command = {
  usage,
  async run(args, signal) {
    let given;
    try {
      given = parseArgs({ args: [...args], allowPositionals: true, options: { format: { type: 'string', default: 'txt' }, output: { type: 'string' }, password: { type: 'string' }, show: { type: 'string', multiple: true } } });
    } catch (error) {
      return refuse(readCommand, error instanceof Error ? error.message : String(error));
    }
    const { values, positionals } = given;
    const format = exportFormat.options.find((one) => one === values.format);
    const asked = (values.show ?? []).flatMap((one) => one.split(','));
    const show = new Set(shows.filter((one) => asked.includes(one)));
    if (!format) return refuse(readCommand, `There is no format "${values.format}".`);
    if (show.size < new Set(asked).size) return refuse(readCommand, `--show knows ${shows.join(' and ')}.`);
    if (positionals.length === 0) return refuse(readCommand, 'Which files?');
    if (values.output === undefined && (!isTextFormat(format) || isOnePageEach(format))) return refuse(readCommand, `The format ${format} is written to files: name their folder with --output.`);

    let failed = false;
    const report = (name: string, error: unknown): void => {
      failed = true;
      process.stderr.write(`${name}: ${sentenceFor(error)}\n`);
    };
    const all: ExportPage[] = [];
    try {
      for (const argument of positionals) {
        try {
          const pages = await readFile(await wantedOf(argument), values.password, signal, report);
          if (show.size) for (const page of pages) process.stderr.write(showPage(page, show));
          if (values.output !== undefined && pages.length) {
            await mkdir(resolve(values.output), { recursive: true }).catch((error: unknown) => {
              throw fileError(error, values.output!, 'write-failed');
            });
            const units = isOnePageEach(format) && pages.length > 1 ? pages.map((page, at) => ({ name: `${basename(argument)} (${at + 1})`, pages: [page] })) : [{ name: basename(argument), pages }];
            for (const unit of units) {
              const target = join(resolve(values.output), `${unit.name}.${exportEndings[format]}`);
              await writeFileAtomically(target, await exportAsFile(unit.pages, format), { overwrite: false });
              process.stderr.write(`${argument}: written to ${target}\n`);
            }
          } else all.push(...pages);
        } catch (error) {
          if (isCancellation(error)) throw error;
          report(argument, error);
        }
      }
    } finally {
      await closeReader();
    }
    // What was read is printed, also when something else failed.
    if (values.output === undefined && isTextFormat(format)) process.stdout.write(exportAsText(all, format));
    return failed ? 1 : 0;
  },
};
