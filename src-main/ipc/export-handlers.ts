// Handlers that turn documents into other formats: files where the user says, or text for the clipboard.
import { access, appendFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { exportEndings } from '@contract/export.ts';
import type { ExportFormat, ExportTarget } from '@contract/export.ts';
import type { WrittenPage } from '@contract/job.ts';
import type { ParsedInput, RequestResult } from '@contract/requests.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { cutOutSide } from '../base/display-size.ts';
import { AppError, assert, fileError } from '../base/errors.ts';
import { figuresOf, onlyCells, onlyLines, type ExportPage } from '../exporters/export-page.ts';
import type { Exporting } from '../exporters/exporting.ts';
import { exportFileName, freeName, pathFrom } from '../exporters/file-names.ts';
import { holdsPictures, isOnePageEach } from '../exporters/formats.ts';
import type { HandlerContext, HandlersFor } from './handlers.ts';

type Exported = RequestResult<'document.export'>;

/** One file's worth of pages. They are loaded when written: a thousand documents are never in memory together. */
interface Unit {
  /** What the file's name is made from. */
  title: string;
  fileName: string;
  /** From 1; null for a document as a whole. */
  page: number | null;
  documentId: string;
  /** False for a single page, or some of its lines. */
  isWhole: boolean;
  /** @throws page-not-read */
  load(): Promise<ExportPage[]>;
}

/** Content that only has to be put somewhere. */
type WriteTo = (file: string, options: { overwrite: boolean }) => Promise<void>;

const nameOf = ({ title, fileName, page }: Unit, format: ExportFormat, template: string): string =>
  pathFrom(template, { title, file: fileName, page, date: new Date(), format }, exportEndings[format]);

/** What stops one of several documents and not the others. */
const isPassedOver = (error: unknown): boolean => error instanceof AppError && (error.code === 'page-not-read' || error.code === 'table-missing');

/** A folder for as long as `work` takes. */
async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-export-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const exists = async (path: string): Promise<boolean> =>
  await access(path).then(
    () => true,
    () => false,
  );

export function exportHandlers({ library, engine, exporting, dialogs, passwords, settings, folders, publish }: HandlerContext): HandlersFor<'document.export' | 'document.drag-out' | 'document.render' | 'document.save-picture' | 'document.drag-picture' | 'document.show-exported'> {
  /** Only files written here may be shown: the window cannot point the file manager anywhere else. */
  const exported = new Set<string>();

  const documentById = async (documentId: string) => {
    const [document] = await library.call('documentsById', { documentIds: [documentId] });
    if (!document) throw new AppError('document-not-found', { documentId });
    return document;
  };
  const documentUnit = async (documentId: string): Promise<Unit> => {
    const document = await documentById(documentId);
    return {
      title: document.title, fileName: document.fileName, page: null, documentId, isWhole: true,
      async load() {
        const pages: ExportPage[] = [];
        for (const page of await library.call('pagesOf', { documentId })) {
          const text = await library.call('pageText', { pageId: page.id });
          if (text) pages.push({ file: document.fileName, pageIndex: page.index, pageCount: document.pageCount, text });
        }
        if (pages.length === 0) throw new AppError('page-not-read', { file: document.fileName });
        return pages;
      },
    };
  };
  const pageUnit = async (pageId: string): Promise<Unit> => {
    const page = await library.call('pageById', { pageId });
    const document = await documentById(page.documentId);
    return {
      title: document.title, fileName: document.fileName, page: document.pageCount > 1 ? page.index + 1 : null, documentId: document.id, isWhole: document.pageCount === 1,
      async load() {
        const text = await library.call('pageText', { pageId });
        if (!text) throw new AppError('page-not-read', { file: document.fileName });
        return [{ file: document.fileName, pageIndex: page.index, pageCount: document.pageCount, text }];
      },
    };
  };
  const unitsOf = async (target: ExportTarget, onePageEach: boolean): Promise<Unit[]> => {
    if (target.kind === 'page') return [await pageUnit(target.pageId)];
    if (target.kind === 'lines') {
      const unit = await pageUnit(target.pageId);
      return [{ ...unit, isWhole: false, load: async () => (await unit.load()).map((page) => onlyLines(page, target.lineIndexes)) }];
    }
    if (target.kind === 'cells') {
      const unit = await pageUnit(target.pageId);
      return [{ ...unit, isWhole: false, load: async () => (await unit.load()).map((page) => onlyCells(page, target.region, target.cells)) }];
    }
    const units: Unit[] = [];
    for (const documentId of target.documentIds) {
      const pages = onePageEach ? await library.call('pagesOf', { documentId }) : [];
      for (const page of pages) units.push(await pageUnit(page.id));
      // Without pages too: its unit says that it is not read.
      if (pages.length === 0) units.push(await documentUnit(documentId));
    }
    return units;
  };
  const remember = async (format: ExportFormat, folder: string): Promise<void> => {
    publish('settings.changed', await settings.change({ lastExportFormat: format, lastExportFolder: folder }));
  };

  /** The page with the pictures of its figures, cut out of it by the engine. */
  const withFigures = async (unit: Unit, page: ExportPage): Promise<ExportPage> => {
    const figures = figuresOf(page.text);
    if (figures.length === 0) return page;
    const { path, format } = await library.call('originalOf', { documentId: unit.documentId });
    const password = passwords.of(unit.documentId);
    try {
      return await inTemporaryFolder(async (folder) => {
        const { files } = await engine.run('crop-page', { source: { path, format, pageIndex: page.pageIndex, ...(password !== undefined && { password }) }, rotation: page.text.rotation, quads: figures.map(({ quad }) => quad), frames: null, longSide: cutOutSide, folder, name: 'figure' }, { documentId: unit.documentId });
        return { ...page, figures: await Promise.all(files.map((file) => readFile(file))) };
      });
    } catch (error) {
      // Read in an earlier session, and its password is not known in this one: the text is there all the same.
      if (error instanceof AppError && error.code === 'pdf-encrypted') return page;
      throw error;
    }
  };
  const emptyDragged = async (): Promise<void> => {
    // What was dragged before has long been copied to where it was dropped.
    await rm(folders.dragged, { recursive: true, force: true });
    await mkdir(folders.dragged, { recursive: true });
  };

  /** A part of a page as it can be written, and the name it would have. */
  const pictureOf = async ({ pageId, quad, what }: ParsedInput<'document.save-picture'>) => {
    const { source, documentId } = await library.call('pagePaths', { pageId });
    const { rotation, index } = await library.call('pageById', { pageId });
    const { title, pageCount } = await documentById(documentId);
    const password = passwords.of(documentId);
    const parts = [title, ...(pageCount > 1 ? [String(index + 1)] : []), ...(what === 'page' ? [] : [what])];
    return {
      name: exportFileName(parts.join(' '), 'png'),
      write: (file: string): Promise<void> =>
        inTemporaryFolder(async (folder) => {
          const { files } = await engine.run('crop-page', { source: { ...source, ...(password !== undefined && { password }) }, rotation, quads: [quad], frames: null, longSide: null, folder, name: 'picture' }, { documentId });
          await writeFileAtomically(file, await readFile(files[0]!), { overwrite: true });
        }),
    };
  };

  /** Runs `work` with an export of its own. */
  const during = async <T>(work: (worker: Exporting) => Promise<T>): Promise<T> => {
    const worker = exporting();
    try {
      return await work(worker);
    } finally {
      await worker.close();
    }
  };

  /** Everything that can fail for the document's sake fails here, before anybody is asked where to. */
  const made = async (worker: Exporting, unit: Unit, format: ExportFormat): Promise<WriteTo> => {
    const pages = await unit.load();
    if (format !== 'pdf') {
      for (const page of pages) await worker.add(holdsPictures(format) ? await withFigures(unit, page) : page);
      await worker.make(format);
      return (file, { overwrite }) => worker.write(file, overwrite);
    }
    const original = await library.call('originalOf', { documentId: unit.documentId });
    return (outputFile, { overwrite }) =>
      inTemporaryFolder(async (folder) => {
        const file = join(folder, 'pages.jsonl');
        // One by one: each is turned into text in a moment.
        for (const { pageIndex, text } of pages) await appendFile(file, `${JSON.stringify({ pageIndex, text } satisfies WrittenPage)}\n`).catch((error: unknown) => { throw fileError(error, file, 'write-failed'); });
        const password = passwords.of(unit.documentId);
        await engine.run('write-pdf', { ...original, ...(password !== undefined && { password }), title: unit.title, whole: unit.isWhole, outputFile, overwrite, pages: { file } }, { documentId: unit.documentId });
      });
  };

  const exportOne = async (worker: Exporting, unit: Unit, format: ExportFormat): Promise<Exported> => {
    const writeTo = await made(worker, unit, format);
    const ending = exportEndings[format];
    const name = nameOf(unit, format, '{title}');
    const folder = settings.get().lastExportFolder;
    const chosen = await dialogs.chooseExportFile(folder && (await exists(folder)) ? join(folder, name) : name, format);
    if (!chosen) return null;
    // A name typed without its ending gets it; then the dialog has not asked about that file.
    const path = extname(chosen) === '' ? `${chosen}.${ending}` : chosen;
    let file = path;
    if (path !== chosen && (await exists(path))) {
      const answer = await dialogs.askOverwrite([path]);
      if (!answer) return null;
      if (answer === 'keep-both') file = await freeName(path, exists);
    }
    await writeTo(file, { overwrite: true });
    exported.add(file);
    await remember(format, dirname(file));
    return { files: [file], passedOver: [] };
  };

  const exportMany = async (worker: Exporting, units: readonly Unit[], format: ExportFormat): Promise<Exported> => {
    const folder = await dialogs.chooseExportFolder(settings.get().lastExportFolder);
    if (!folder) return null;
    const taken = new Set<string>();
    const names: string[] = [];
    const template = settings.get().exportName.trim() || '{title}';
    for (const unit of units) {
      // Two documents of one title get two files; compared without case, as many file systems do.
      const name = await freeName(nameOf(unit, format, template), async (one) => taken.has(one.toLowerCase()));
      taken.add(name.toLowerCase());
      names.push(name);
    }
    const there = new Set<string>();
    for (const name of names) if (await exists(join(folder, name))) there.add(name);
    const answer = there.size ? await dialogs.askOverwrite([...there]) : 'replace';
    if (!answer) return null;
    const files: string[] = [];
    const passedOver: string[] = [];
    let reason: unknown = null;
    for (const [at, unit] of units.entries()) {
      try {
        const writeTo = await made(worker, unit, format);
        const name = names[at]!;
        const wanted = join(folder, name);
        const file = there.has(name) && answer === 'keep-both' ? await freeName(wanted, exists) : wanted;
        await mkdir(dirname(file), { recursive: true }).catch((error: unknown) => {
          throw fileError(error, dirname(file), 'write-failed');
        });
        await writeTo(file, { overwrite: there.has(name) && answer === 'replace' });
        exported.add(file);
        files.push(file);
      } catch (error) {
        if (!isPassedOver(error)) throw error;
        reason = error;
        passedOver.push(unit.title);
      }
    }
    if (files.length === 0) throw reason;
    await remember(format, folder);
    return { files, passedOver };
  };

  return {
    'document.export': async ({ target, format }) => {
      const units = await unitsOf(target, isOnePageEach(format));
      const [first] = units;
      assert(first, 'an export target has at least one unit');
      return during((worker) => (units.length === 1 ? exportOne(worker, first, format) : exportMany(worker, units, format)));
    },
    'document.drag-out': async ({ target, format }) => {
      const [unit] = await unitsOf(target, isOnePageEach(format));
      assert(unit, 'an export target has at least one unit');
      const file = join(folders.dragged, nameOf(unit, format, '{title}'));
      await during(async (worker) => {
        const writeTo = await made(worker, unit, format);
        await emptyDragged();
        await writeTo(file, { overwrite: true });
      });
      await dialogs.startDrag(file);
      return {};
    },
    'document.render': async ({ target, format }) => {
      const units = await unitsOf(target, isOnePageEach(format));
      return during(async (worker) => {
        let added = 0, reason: unknown = null;
        for (const unit of units) {
          // A format of single pages shows its first file.
          if (added > 0 && isOnePageEach(format)) break;
          try {
            for (const page of await unit.load()) await worker.add(page);
            added++;
          } catch (error) {
            // Of several documents the unread ones are passed over, as in the export itself.
            if (!isPassedOver(error)) throw error;
            reason = error;
          }
        }
        if (added === 0) throw reason;
        return { text: await worker.text(format) };
      });
    },
    'document.save-picture': async (part) => {
      const { name, write } = await pictureOf(part);
      const folder = settings.get().lastExportFolder;
      const chosen = await dialogs.choosePictureFile(folder && (await exists(folder)) ? join(folder, name) : name);
      if (!chosen) return null;
      const path = extname(chosen) === '' ? `${chosen}.png` : chosen;
      // The dialog has asked about the very file that was chosen, and about no other.
      const file = path === chosen ? path : await freeName(path, exists);
      await write(file);
      exported.add(file);
      return { file };
    },
    'document.drag-picture': async (part) => {
      const { name, write } = await pictureOf(part);
      await emptyDragged();
      const file = join(folders.dragged, name);
      await write(file);
      await dialogs.startDrag(file);
      return {};
    },
    'document.show-exported': ({ file }) => {
      if (!exported.has(file)) throw new AppError('request-forbidden', { file });
      dialogs.showInFolder(file);
      return {};
    },
  };
}
