// The person at the window: drops, pastes and asks what the library holds. Knows the bridge and the contract, not how the
// application is started.
import type { Page as Window } from '@playwright/test';
import type { LibraryDocument, Page, PageText } from '@contract/document.ts';
import type { LecternBridge } from '@contract/bridge.ts';
import type { RequestInput, RequestName, RequestResult } from '@contract/requests.ts';

/** Asks main through the real bridge; an error answer fails the test with its code. */
export async function ask<N extends RequestName>(window: Window, name: N, input: RequestInput<N>): Promise<RequestResult<N>> {
  const answer = await window.evaluate(
    ([requestName, requestInput]) => (window as unknown as { lectern: LecternBridge }).lectern.request(requestName as N, requestInput as RequestInput<N>),
    [name, input] as const,
  );
  if (!answer.ok) throw new Error(`${name} answered ${answer.error.code} ${JSON.stringify(answer.error.data)}`);
  return answer.result;
}

/** Drops files from the file manager onto a point of the window (its middle unless told), the way the system delivers them. */
export async function dropFiles(window: Window, files: readonly string[], at?: { x: number; y: number }): Promise<void> {
  const size = await window.evaluate(() => ({ x: innerWidth / 2, y: innerHeight / 2 }));
  const point = at ?? size;
  const session = await window.context().newCDPSession(window);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await session.send('Input.dispatchDragEvent', { type, ...point, data });
  await session.detach();
}

/** Waits until `find` gives something, asking a few times a second. */
export async function eventually<T>(find: () => Promise<T | null | undefined | false>, what: string, timeoutMs = 120_000): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const found = await find();
    if (found) return found;
    if (Date.now() > until) throw new Error(`gave up after ${timeoutMs / 1000} s waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

export async function documentNamed(window: Window, fileName: string): Promise<LibraryDocument | undefined> {
  return (await ask(window, 'document.list', {})).find((one) => one.fileName === fileName);
}

export interface ReadDocument {
  readonly document: LibraryDocument;
  readonly pages: readonly Page[];
  readonly texts: readonly PageText[];
}

/** Waits until every page of a document is read (or fails with the page's error). */
export async function waitUntilRead(window: Window, fileName: string, timeoutMs = 120_000): Promise<ReadDocument> {
  const document = await eventually(async () => {
    const one = await documentNamed(window, fileName);
    if (one?.error) throw new Error(`${fileName} failed: ${one.error.code} ${JSON.stringify(one.error.data)}`);
    return one && one.status === 'ready' && one.pageCount > 0 && one.readCount + one.failedCount === one.pageCount ? one : null;
  }, `${fileName} to be read`, timeoutMs);
  const pages = await ask(window, 'page.list', { documentId: document.id });
  const broken = pages.find((one) => one.error);
  if (broken) throw new Error(`page ${broken.index} of ${fileName} failed: ${broken.error?.code} ${JSON.stringify(broken.error?.data)}`);
  const texts: PageText[] = [];
  for (const page of pages) {
    const text = await ask(window, 'page.text', { pageId: page.id });
    if (!text) throw new Error(`page ${page.index} of ${fileName} says it is read but has no text`);
    texts.push(text);
  }
  return { document, pages, texts };
}
