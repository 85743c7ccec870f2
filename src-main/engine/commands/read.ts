// `lectern read`: files and folders in, their text out. What the arguments mean, and what is said about each file.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Line } from '@contract/document.ts';
import { exportFormat, type ExportFormat } from '@contract/export.ts';
import { AppError } from '../../base/errors.ts';
import type { ExportPage } from '../../exporters/export-page.ts';
import { nameTokens, unknownTokens } from '../../exporters/file-names.ts';
import { exportAsText, isOnePageEach, isTextFormat } from '../../exporters/formats.ts';
import { closeReader } from '../jobs/read-page.ts';
import { refuse, type Command } from './command.ts';
import { sentenceFor } from './error-sentences.ts';
import { readBatch } from './read-batch.ts';
import { exists, fileInTheWay, OutputPlan } from './read-output.ts';
import { foundFiles, type FoundFile } from './wanted-files.ts';

const shows = ['detection', 'order'] as const;
type Show = (typeof shows)[number];
const maxJobs = 16;
/** Files that were passed over are named up to here. */
const mostNamed = 20;

const usage = `Usage: lectern read FILE|FOLDER... [--format FORMAT] [--output DIR] [--name TEMPLATE] [--jobs N]
                    [--resume] [--overwrite] [--password WORD] [--show detection,order]

Reads the text of pictures (PNG, JPEG, WebP, TIFF, GIF, BMP, AVIF, SVG, HEIC) and PDFs and prints it, files in the order given.
FILE.pdf#3 reads the third page alone. Of a FOLDER, all such files in it and below it are read, in the order of their names;
other files are passed over and named. HEIC photos need a decoder of the system; where there is none, the error names it.

  --format FORMAT       txt, md or html; csv, tsv or xlsx (the tables alone); docx; pdf (the pictures with text that can be
                        searched); json, hocr, alto or page (text with its places); txt when left out.
                        json is an array of
                        {file, width, height, rotation, lines: [{text, quad, confidence, words}]}:
                        pixels of the stored image after its EXIF orientation, in reading order;
                        pages of a PDF are named FILE.pdf#1, FILE.pdf#2, ...
                        docx, xlsx, pdf and page are written with --output alone; page makes a file for each page
  --output DIR          write one file for each FILE into DIR, in the subfolders of FOLDER, instead of printing;
                        existing files are kept, and count as failed
  --name TEMPLATE       the files' names before their ending, of ${nameTokens.join(', ')}; a slash makes a folder; "{file}" when left out
  --jobs N              read N files at the same time, 1 to ${maxJobs} (1 when left out)
  --resume              go on with a batch that was interrupted: files whose result is there already are passed over
  --overwrite           replace existing files
  --password WORD       opens PDFs that are protected by it
  --show detection      print each line's box and confidence to stderr
  --show order          print the regions in reading order to stderr

Only the result goes to stdout; what became of each file goes to stderr. The exit code is 1 when any file failed.
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

interface Request {
  format: ExportFormat;
  output: string | null;
  name: string;
  jobs: number;
  resume: boolean;
  overwrite: boolean;
  password: string | undefined;
  show: ReadonlySet<Show>;
  paths: string[];
}

/** What was asked, or the sentence that says what is wrong with it. */
function requestOf(args: readonly string[]): Request | string {
  let given;
  try {
    given = parseArgs({
      args: [...args], allowPositionals: true,
      options: {
        format: { type: 'string', default: 'txt' }, output: { type: 'string' }, name: { type: 'string', default: '{file}' }, jobs: { type: 'string', default: '1' },
        resume: { type: 'boolean', default: false }, overwrite: { type: 'boolean', default: false }, password: { type: 'string' }, show: { type: 'string', multiple: true },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { values, positionals } = given;
  const format = exportFormat.options.find((one) => one === values.format);
  const asked = (values.show ?? []).flatMap((one) => one.split(','));
  const show = new Set(shows.filter((one) => asked.includes(one)));
  const jobs = Number(values.jobs);
  const unknown = unknownTokens(values.name);
  if (!format) return `There is no format "${values.format}".`;
  if (show.size < new Set(asked).size) return `--show knows ${shows.join(' and ')}.`;
  if (positionals.length === 0) return 'Which files?';
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > maxJobs) return `--jobs takes a number from 1 to ${maxJobs}.`;
  if (unknown.length) return `--name does not know ${unknown.join(', ')}; it knows ${nameTokens.join(', ')}.`;
  if (values.output === undefined) {
    if (!isTextFormat(format) || isOnePageEach(format)) return `The format ${format} is written to files: name their folder with --output.`;
    if (values.resume || values.overwrite) return `--${values.resume ? 'resume' : 'overwrite'} is about files: name their folder with --output.`;
  }
  return { format, output: values.output === undefined ? null : resolve(values.output), name: values.name, jobs, resume: values.resume, overwrite: values.overwrite, password: values.password, show, paths: positionals };
}

/** What became of the files. */
class Report {
  failed = 0;
  written = 0;
  kept = 0;
  readonly #failedFiles = new Set<string>();

  say(name: string, sentence: string): void {
    process.stderr.write(`${name}: ${sentence}\n`);
  }

  readonly fail = (name: string, error: unknown, sentence = sentenceFor(error)): void => {
    this.say(name, sentence);
    // Several pages of one file count once.
    this.#failedFiles.add(name.replace(/#\d+$/, ''));
    this.failed = this.#failedFiles.size;
  };

  /** What lay in folders and is no picture and no PDF: the first of them by name, so that nobody looks for their text. */
  passOver(others: readonly string[]): void {
    for (const name of others.slice(0, mostNamed)) this.say(name, 'passed over, neither a picture nor a PDF');
    if (others.length > mostNamed) process.stderr.write(`and ${others.length - mostNamed} more files passed over\n`);
  }

  summary(files: number, others: number): string {
    const parts = [`${this.written} written`, ...(this.kept ? [`${this.kept} there already`] : []), ...(this.failed ? [`${this.failed} failed`] : [])];
    return `${files} ${files === 1 ? 'file' : 'files'}: ${parts.join(', ')}${others ? `; ${others} other ${others === 1 ? 'file was' : 'files were'} passed over` : ''}\n`;
  }
}

async function readToFolder(files: readonly FoundFile[], others: readonly string[], request: Request & { output: string }, signal: AbortSignal): Promise<number> {
  const report = new Report();
  const plan = new OutputPlan({ folder: request.output, format: request.format, name: request.name, overwrite: request.overwrite, resume: request.resume, password: request.password });
  const targets = new Map<FoundFile, string[]>();
  for (const file of files) {
    try {
      const own = await plan.targetsOf(file);
      const there: string[] = [];
      for (const target of own) if (await exists(target)) there.push(target);
      // A file is written whole or not at all: what is there is done.
      if (request.resume && there.length === own.length) {
        report.kept++;
        report.say(file.name, 'there already');
      } else if (there.length && !request.overwrite && !request.resume) {
        report.fail(file.name, new AppError('file-exists', { file: there[0]! }), `${there[0]!} exists already; --overwrite replaces it, --resume leaves it as it is`);
      } else targets.set(file, own);
    } catch (error) {
      report.fail(file.name, error);
    }
  }
  try {
    await readBatch([...targets.keys()], {
      jobs: request.jobs, password: request.password, signal, report: report.fail,
      async take(file, pages) {
        if (request.show.size) for (const page of pages) process.stderr.write(showPage(page, request.show));
        const own = targets.get(file)!;
        await plan.write(file, pages, own, signal);
        report.written++;
        report.say(file.name, `written to ${own[0]!}${own.length > 1 ? ` and ${own.length - 1} more` : ''}`);
      },
    });
  } catch (error) {
    if (report.written) process.stderr.write('Interrupted: the same command with --resume goes on here.\n');
    throw error;
  }
  report.passOver(others);
  if (files.length > 1 || others.length) process.stderr.write(report.summary(files.length, others.length));
  return report.failed ? 1 : 0;
}

async function readToStdout(files: readonly FoundFile[], others: readonly string[], request: Request, signal: AbortSignal): Promise<number> {
  const report = new Report();
  const read = new Map<FoundFile, ExportPage[]>();
  await readBatch(files, {
    jobs: request.jobs, password: request.password, signal, report: report.fail,
    async take(file, pages) {
      read.set(file, pages);
      if (request.show.size) for (const page of pages) process.stderr.write(showPage(page, request.show));
    },
  });
  // What was read is printed, also when something else failed; in the order given, whichever was done first.
  const pages = files.flatMap((file) => read.get(file) ?? []);
  if (isTextFormat(request.format)) process.stdout.write(exportAsText(pages, request.format));
  report.passOver(others);
  return report.failed ? 1 : 0;
}

export const readCommand: Command = {
  usage,
  async run(args, signal) {
    const request = requestOf(args);
    if (typeof request === 'string') return refuse(readCommand, request);
    const inTheWay = request.output === null ? null : await fileInTheWay(request.output);
    if (inTheWay !== null) {
      process.stderr.write(`${inTheWay}: this is a file, not a folder to write into\n`);
      return 1;
    }
    const { files, others } = await foundFiles(request.paths, request.output);
    if (files.length === 0) {
      process.stderr.write(`There is no picture and no PDF in ${request.paths.join(', ')}.\n`);
      return 1;
    }
    try {
      return await (request.output === null ? readToStdout(files, others, request, signal) : readToFolder(files, others, { ...request, output: request.output }, signal));
    } finally {
      await closeReader();
    }
  },
};
