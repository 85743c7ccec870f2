// The picture files behind page:// addresses: those that are not there yet are drawn by the engine when the window first asks.
// Keeps nothing but what is being drawn.
import { access } from 'node:fs/promises';
import { displayLongSide, thumbnailSide } from '../base/display-size.ts';
import type { Engine } from './engine-process.ts';
import type { Library } from './library-client.ts';
import type { Passwords } from './passwords.ts';

export interface PageFiles {
  /** The picture's path on disk, once it is there. Throws page-not-found, and what drawing the page throws. */
  (pageId: string, kind: 'image' | 'thumbnail'): Promise<string>;
}

export function createPageFiles({ library, engine, passwords }: { library: Library; engine: Pick<Engine, 'run'>; passwords: Passwords }): PageFiles {
  const drawing = new Map<string, Promise<unknown>>();
  return async (pageId, kind) => {
    const { source, documentId, width, height, ...paths } = await library.call('pagePaths', { pageId });
    const file = paths[kind];
    const isThere = await access(file).then(() => true, () => false);
    if (!isThere) {
      const password = passwords.of(documentId);
      const longSide = kind === 'thumbnail' ? thumbnailSide : displayLongSide(width, height);
      const drawn = drawing.get(file) ?? engine.run('draw-page', { source: { ...source, ...(password !== undefined && { password }) }, file, longSide });
      drawing.set(file, drawn);
      try {
        await drawn;
      } finally {
        drawing.delete(file);
      }
    }
    return file;
  };
}
