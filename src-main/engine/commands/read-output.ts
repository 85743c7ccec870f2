// Where the results of `lectern read` are written, and under which names. Decides before anything is read; overwrites nothing unasked.
import { access, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { exportEndings } from '@contract/export.ts';
import type { ExportFormat } from '@contract/export.ts';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { fileError } from '../../base/errors.ts';
import { quietJob } from '../../base/job.ts';
import type { ExportPage } from '../../exporters/export-page.ts';
import { freeName, pathFrom } from '../../exporters/file-names.ts';
import { exportAsFile, holdsPictures, isOnePageEach } from '../../exporters/formats.ts';
import { figurePictures } from '../jobs/crop-page.ts';
import { countPages } from '../jobs/page-pictures.ts';
import { writePdf } from '../jobs/write-pdf.ts';
import { formatOf, type FoundFile } from './wanted-files.ts';

export interface OutputOptions {
  readonly folder: string;
  readonly format: ExportFormat;
  /** A template of `pathFrom`. */
  readonly name: string;
  readonly overwrite: boolean;
  /** What is there already is done. */
  readonly resume: boolean;
  /** Opens PDFs that are protected by it. */
  readonly password: string | undefined;
}

export const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);

/** The file that stands where `folder` or a folder above it would be made; null when nothing is in the way. */
export async function fileInTheWay(folder: string): Promise<string | null> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await stat(at).catch(() => null);
    if (found) return found.isDirectory() ? null : at;
    if (at === dirname(at)) return null;
  }
}

/** Gives every file its targets: one, or one for each page. The same files in the same order always get the same names. */
export class OutputPlan {
  readonly #options: OutputOptions;
  readonly #date = new Date();
  readonly #taken = new Set<string>();

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  /** @throws what counting its pages throws */
  async targetsOf(file: FoundFile): Promise<string[]> {
    const pages = isOnePageEach(this.#options.format) && file.page === null ? await countPages(file.path, await formatOf(file.path), this.#options.password) : 1;
    const targets: string[] = [];
    for (let page = 1; page <= pages; page++) targets.push(await this.#target(file, file.page !== null ? file.page + 1 : pages > 1 ? page : null));
    return targets;
  }

  async #target(file: FoundFile, page: number | null): Promise<string> {
    const { folder, format, name } = this.#options;
    const own = basename(file.path);
    const wanted = join(folder, file.folder, pathFrom(name, { title: basename(own, extname(own)), file: own, page, date: this.#date, format }, exportEndings[format]));
    // Two files of one name in one folder: compared without case, as many file systems do.
    const target = await freeName(wanted, async (path) => this.#taken.has(path.toLowerCase()));
    this.#taken.add(target.toLowerCase());
    return target;
  }

  /** @throws table-missing, file-exists, disk-full, write-failed */
  async write(file: FoundFile, pages: readonly ExportPage[], targets: readonly string[], signal: AbortSignal): Promise<void> {
    const { format, overwrite, resume, password } = this.#options;
    for (const target of new Set(targets.map((one) => dirname(one)))) {
      await mkdir(target, { recursive: true }).catch((error: unknown) => {
        throw fileError(error, target, 'write-failed');
      });
    }
    if (format === 'pdf') {
      const texts = pages.map(({ pageIndex, text }) => ({ pageIndex, text }));
      const own = basename(file.path);
      await writePdf(quietJob(signal), { path: file.path, format: await formatOf(file.path), title: basename(own, extname(own)), whole: file.page === null, outputFile: targets[0]!, overwrite, pages: texts, ...(password !== undefined && { password }) });
    } else if (isOnePageEach(format)) {
      for (const page of pages) {
        const target = targets[targets.length > 1 ? page.pageIndex : 0]!;
        if (!(resume && (await exists(target)))) await writeFileAtomically(target, await exportAsFile([page], format), { overwrite });
      }
    } else {
      await writeFileAtomically(targets[0]!, await exportAsFile(holdsPictures(format) ? await this.#withFigures(file, pages) : pages, format), { overwrite });
    }
  }

  async #withFigures(file: FoundFile, pages: readonly ExportPage[]): Promise<ExportPage[]> {
    const { password } = this.#options;
    const source = { path: file.path, format: await formatOf(file.path), ...(password !== undefined && { password }) };
    const complete: ExportPage[] = [];
    for (const page of pages) complete.push({ ...page, figures: await figurePictures({ ...source, pageIndex: page.pageIndex }, page.text) });
    return complete;
  }
}
