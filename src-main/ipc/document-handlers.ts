// Handlers about documents and the library as a whole: import, list, rename, delete, restore, search.
import { basename } from 'node:path';
import { publishChanged } from '../app/publisher.ts';
import type { HandlerContext, HandlersFor, RequestsOf } from './handlers.ts';

type ExportRequests = 'document.export' | 'document.drag-out' | 'document.render' | 'document.save-picture' | 'document.drag-picture' | 'document.show-exported';

export function documentHandlers({ library, queue, imports, dialogs, captureScreen, passwords, publish }: HandlerContext): HandlersFor<Exclude<RequestsOf<'document' | 'library'>, ExportRequests>> {
  return {
    'document.import': ({ paths }) => imports.paths(paths),
    'document.import-bytes': ({ fileName, bytes }) => imports.bytes(bytes, basename(fileName)),
    'document.open-dialog': async () => {
      const paths = await dialogs.chooseFiles();
      return paths ? await imports.paths(paths) : null;
    },
    'document.capture-screen': async () => {
      const picture = await captureScreen();
      const moment = new Date().toLocaleString('sv').replaceAll(':', '.');
      return picture && (await imports.bytes(picture, `Screenshot ${moment}.png`));
    },
    'document.cancel-import': () => {
      imports.cancel();
      return {};
    },
    'document.list': () => library.call('listDocuments', null),
    'document.unlock': async ({ documentId, password }) => {
      passwords.keep(documentId, password);
      publishChanged(publish, await library.call('unlockDocument', { documentId }));
      queue.prefer(documentId);
      queue.wake();
      return {};
    },
    'document.open-again': async ({ documentId }) => {
      publishChanged(publish, await library.call('openAgain', { documentId }));
      queue.prefer(documentId);
      queue.wake();
      return {};
    },
    'document.rename': async ({ documentId, title }) => {
      const document = await library.call('renameDocument', { documentId, title });
      publish('document.changed', { documents: [document] });
      return document;
    },
    'document.tag': async (input) => {
      const documents = await library.call('tagDocuments', input);
      publish('document.changed', { documents });
      return documents;
    },
    'document.delete': async ({ documentIds }) => {
      const removed = await library.call('deleteDocuments', { documentIds });
      queue.dropDocuments(removed);
      if (removed.length) publish('document.removed', { documentIds: removed });
      return {};
    },
    'document.restore': async ({ documentIds }) => {
      const documents = await library.call('restoreDocuments', { documentIds });
      publish('document.changed', { documents });
      queue.wake();
      return documents;
    },
    'library.search': (input) => library.call('search', input),
  };
}
