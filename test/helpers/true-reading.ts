// Fixture pages and small made-up pages as the built-in reader's input, without recognising anything. Knows lines and boxes only.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { PageText } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';

const folder = resolve(import.meta.dirname, '../fixtures/pages');

function pageOf(lines: readonly { text: string; quad: Quad }[], width: number, height: number): PageText {
  const read = lines.map(({ text, quad }) => ({ text, quad, confidence: 1, words: [], script: 'latin' as const }));
  return { width, height, rotation: 0, regions: read.length ? [{ role: 'paragraph', quad: read[0]!.quad, lines: read }] : [], notes: [], readMs: 0 };
}

/** The true lines of a fixture page. */
export function trueReading(id: string): { pageId: string; index: number; text: PageText } {
  const truth = JSON.parse(readFileSync(join(folder, 'gt', `${id}.json`), 'utf8')) as { lines: { text: string; quad: Quad }[] };
  return { pageId: id, index: 0, text: pageOf(truth.lines, 1200, 1200) };
}

/** A page of texts at [x, y], 20 pixels high, ten to a character (twenty for Han and Hangul). */
export function madeReading(texts: readonly (readonly [x: number, y: number, text: string])[], pageId = 'page', index = 0): { pageId: string; index: number; text: PageText } {
  const wide = (text: string): number => [...text].reduce((sum, one) => sum + (/[\u1100-\uffdc]/.test(one) ? 20 : 10), 0);
  return { pageId, index, text: pageOf(texts.map(([x, y, text]) => ({ text, quad: [[x, y], [x + wide(text), y], [x + wide(text), y + 20], [x, y + 20]] })), 1000, 1000) };
}
