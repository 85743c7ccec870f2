// A library in a temporary folder for tests: the real database and files, called as main calls them. Knows no worker.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Line, PageText, Region } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';
import { openDatabase } from '../../src-main/library/database.ts';
import { libraryMethods } from '../../src-main/library/methods.ts';

export const never = new AbortController().signal;

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'lectern-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
}

export function openTestLibrary(folder: string) {
  const database = openDatabase(join(folder, 'library.db'));
  return { database, methods: libraryMethods(database, folder) };
}
export type TestLibrary = ReturnType<typeof openTestLibrary>;

/** A file that is a PNG by its first bytes; `content` makes it unlike others. */
export function writePng(path: string, content: string): string {
  writeFileSync(path, Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.from(content)]));
  return path;
}

export function boxQuad(x: number, y: number, width: number, height: number): Quad {
  return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
}

/** A line of ten-pixel-wide characters (twenty for wide ones) at a place, its words split at spaces. */
export function lineAt(text: string, x: number, y: number, options: { height?: number; confidence?: number; perCharacter?: number } = {}): Line {
  const { height = 20, confidence = 0.9, perCharacter = 10 } = options;
  let at = x;
  const words = text.split(' ').map((word) => {
    const width = [...word].length * perCharacter;
    const found = { text: word, quad: boxQuad(at, y, width, height), confidence };
    at += width + perCharacter;
    return found;
  });
  return { text, quad: boxQuad(x, y, at - perCharacter - x, height), confidence, words, script: 'latin' };
}

export function regionOf(role: Region['role'], lines: Line[]): Region {
  const xs = lines.flatMap((line) => line.quad.map((point) => point[0]));
  const ys = lines.flatMap((line) => line.quad.map((point) => point[1]));
  return { role, lines, quad: boxQuad(Math.min(...xs), Math.min(...ys), Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) };
}

export function pageWith(regions: Region[], rest: Partial<PageText> = {}): PageText {
  return { width: 1000, height: 1400, rotation: 0, regions, notes: [], readMs: 12, ...rest };
}

/** Imports files, prepares them as the engine would, and answers with the ids of document and first page. */
export async function addReadDocument(library: TestLibrary, file: string, lines: readonly string[]): Promise<{ documentId: string; pageId: string }> {
  const { documents } = await library.methods.importFiles({ paths: [file] }, { signal: never });
  const documentId = documents[0]!;
  const { pages } = library.methods.savePrepared({ documentId, pages: [{ width: 1000, height: 1400, displayFile: null, thumbnailFile: '0-thumbnail.webp', notes: [] }] });
  const pageId = pages[0]!.id;
  if (lines.length) library.methods.savePageText({ pageId, text: pageWith([regionOf('paragraph', lines.map((text, at) => lineAt(text, 100, 100 + at * 30)))]) });
  return { documentId, pageId };
}
