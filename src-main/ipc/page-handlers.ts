// Handlers about pages: listing, their text, which are looked at, reading again, cancelling.
import { publishChanged } from '../app/publisher.ts';
import { shownTable } from '../layout/table-grid.ts';
import type { HandlerContext, HandlersFor, RequestsOf } from './handlers.ts';

export function pageHandlers({ library, queue, publish }: HandlerContext): HandlersFor<RequestsOf<'page'>> {
  return {
    'page.get': ({ pageIds }) => library.call('pagesById', { pageIds }),
    'page.list': async ({ documentId }) => {
      // Looking at a document that has no pages yet moves it to the front.
      queue.prefer(documentId);
      return await library.call('pagesOf', { documentId });
    },
    'page.text': ({ pageId }) => library.call('pageText', { pageId }),
    'page.tables': async ({ pageId }) => ((await library.call('pageText', { pageId }))?.regions ?? []).flatMap((region, index) => shownTable(region, index) ?? []),
    'page.visible': ({ pageIds }) => {
      queue.look(pageIds);
      return {};
    },
    'page.reread': async ({ pageId, rotation }) => {
      queue.postpone(pageId);
      publishChanged(publish, await library.call('readAgain', { pageId, rotation }));
      queue.wake();
      return {};
    },
    'page.cancel-reading': async ({ pageIds }) => {
      await queue.cancelPages(pageIds);
      return {};
    },
  };
}
