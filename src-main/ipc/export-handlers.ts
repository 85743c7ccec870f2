// Handlers that turn documents into text elsewhere: files where the user says, or text for the clipboard.
import { access } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { ExportFormat, ParsedInput } from '@contract/requests.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { AppError, assert } from '../base/errors.ts';
import type { ExportPage } from '../exporters/export-page.ts';
import { onlyLines } from '../exporters/export-page.ts';
import { exportFileName, freeName } from '../exporters/file-names.ts';
import { exportJson } from '../exporters/json.ts';
import { exportMarkdown } from '../exporters/markdown.ts';
import { exportText } from '../exporters/text.ts';
import type { HandlerContext, HandlersFor } from './handlers.ts';

const exporters: Readonly<Record<ExportFormat, (pages: readonly ExportPage[]) => string>> = { txt: exportText, md: exportMarkdown, json: exportJson };

type Target = ParsedInput<'document.render'>['target'];

/** One file's worth of pages, with the title its file name is made from. */
interface Unit {
  title: string;
  pages: ExportPage[];
}

const exists = async (path: string): Promise<boolean> =>
  await access(path).then(
    () => true,
    () => false,
  );

export function exportHandlers({ library, dialogs, settings, publish }: HandlerContext): HandlersFor<'document.export' | 'document.render' | 'document.show-exported'> {
  /** Only files written here may be shown: the window cannot point the file manager anywhere else. */
  const exported = new Set<string>();

  const documentUnit = async (documentId: string): Promise<Unit> => {
    const [document] = await library.call('documentsById', { documentIds: [documentId] });
    if (!document) throw new AppError('document-not-found', { documentId });
    const pages: ExportPage[] = [];
    for (const page of await library.call('pagesOf', { documentId })) {
      const text = await library.call('pageText', { pageId: page.id });
      if (text) pages.push({ file: document.fileName, pageIndex: page.index, pageCount: document.pageCount, text });
    }
    if (pages.length === 0) throw new AppError('page-not-read', { file: document.fileName });
    return { title: document.title, pages };
  };
  const pageUnit = async (pageId: string): Promise<Unit> => {
    const page = await library.call('pageById', { pageId });
    const text = await library.call('pageText', { pageId });
    const [document] = await library.call('documentsById', { documentIds: [page.documentId] });
    if (!document) throw new AppError('document-not-found', { documentId: page.documentId });
    if (!text) throw new AppError('page-not-read', { file: document.fileName });
    const title = document.pageCount > 1 ? `${document.title} (${page.index + 1})` : document.title;
    return { title, pages: [{ file: document.fileName, pageIndex: page.index, pageCount: document.pageCount, text }] };
  };
  /** Units one after another, so that a thousand documents are never in memory together. */
  const unitsOf = async function* (target: Target): AsyncGenerator<Unit> {
    if (target.kind === 'documents') for (const documentId of target.documentIds) yield await documentUnit(documentId);
    else {
      const unit = await pageUnit(target.pageId);
      yield target.kind === 'lines' ? { ...unit, pages: unit.pages.map((page) => onlyLines(page, target.lineIndexes)) } : unit;
    }
  };
  const remember = async (format: ExportFormat, folder: string): Promise<void> => {
    publish('settings.changed', await settings.change({ lastExportFormat: format, lastExportFolder: folder }));
  };

  const exportOne = async (target: Target, format: ExportFormat): Promise<{ files: string[] } | null> => {
    const { value: unit } = await unitsOf(target).next();
    assert(unit, 'an export target has at least one unit');
    const name = exportFileName(unit.title, format);
    const folder = settings.get().lastExportFolder;
    const chosen = await dialogs.chooseExportFile(folder && (await exists(folder)) ? join(folder, name) : name, format);
    if (!chosen) return null;
    // A name typed without its ending gets it; then the dialog has not asked about that file.
    const path = extname(chosen) === '' ? `${chosen}.${format}` : chosen;
    let file = path;
    if (path !== chosen && (await exists(path))) {
      const answer = await dialogs.askOverwrite([path]);
      if (!answer) return null;
      if (answer === 'keep-both') file = await freeName(path, exists);
    }
    await writeFileAtomically(file, exporters[format](unit.pages));
    exported.add(file);
    await remember(format, dirname(file));
    return { files: [file] };
  };

  const exportMany = async (target: Target & { kind: 'documents' }, format: ExportFormat): Promise<{ files: string[] } | null> => {
    const folder = await dialogs.chooseExportFolder(settings.get().lastExportFolder);
    if (!folder) return null;
    const documents = await library.call('documentsById', { documentIds: target.documentIds });
    const names = new Map<string, string>();
    const taken = new Set<string>();
    for (const document of documents) {
      // Two documents of one title get two files; compared without case, as many file systems do.
      const name = await freeName(exportFileName(document.title, format), async (one) => taken.has(one.toLowerCase()));
      taken.add(name.toLowerCase());
      names.set(document.id, name);
    }
    const there: string[] = [];
    for (const name of names.values()) if (await exists(join(folder, name))) there.push(name);
    const answer = there.length ? await dialogs.askOverwrite(there) : 'replace';
    if (!answer) return null;
    const files: string[] = [];
    for (const [documentId, name] of names) {
      const unit = await documentUnit(documentId).catch((error: unknown) => {
        // Documents not read yet are passed over when others can be exported.
        if (error instanceof AppError && error.code === 'page-not-read' && documents.length > 1) return null;
        throw error;
      });
      if (!unit) continue;
      const wanted = join(folder, name);
      const isThere = there.includes(name);
      const file = isThere && answer === 'keep-both' ? await freeName(wanted, exists) : wanted;
      await writeFileAtomically(file, exporters[format](unit.pages), { overwrite: isThere && answer === 'replace' });
      exported.add(file);
      files.push(file);
    }
    if (files.length === 0) throw new AppError('page-not-read', { file: documents[0]?.fileName ?? '' });
    await remember(format, folder);
    return { files };
  };

  return {
    'document.export': ({ target, format }) => (target.kind === 'documents' && target.documentIds.length > 1 ? exportMany(target, format) : exportOne(target, format)),
    'document.render': async ({ target, format }) => {
      const pages: ExportPage[] = [];
      for await (const unit of unitsOf(target)) pages.push(...unit.pages);
      return { text: exporters[format](pages) };
    },
    'document.show-exported': ({ file }) => {
      if (!exported.has(file)) throw new AppError('request-forbidden', { file });
      dialogs.showInFolder(file);
      return {};
    },
  };
}
