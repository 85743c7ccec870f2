// Pages with ground truth for the benchmarks of the built-in reader, read once and kept in .cache. Knows files, no questions.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pageText, type PageText } from '../src-preload/contract/document.ts';
import type { Quad } from '../src-preload/contract/geometry.ts';
import { quietJob } from '../src-main/base/job.ts';
import { decodeImage } from '../src-main/inference/image/decode-image.ts';
import { openPdf } from '../src-main/ocr/rasterize.ts';
import { PageReader } from '../src-main/ocr/read-picture.ts';

export interface BenchItem {
  readonly id: string;
  readonly file: string;
  readonly lang: string;
  readonly kind: string;
  readonly width: number;
  readonly height: number;
  readonly gt: string;
}

export interface BenchTruth {
  readonly text: string;
  readonly lines?: readonly { text: string; quad: Quad }[];
  readonly words?: readonly { text: string; quad: Quad }[];
  readonly fields?: Readonly<Record<string, string>>;
  readonly kv?: readonly { q: string; a: readonly string[] }[];
  readonly tsv?: string;
}

const root = resolve(import.meta.dirname ?? 'build', '..');
const cache = join(root, '.cache/readings');

/** Of everything that decides how a page is read. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(join(root, 'src-main/ocr')).sort()) hash.update(readFileSync(join(root, 'src-main/ocr', file)));
  return hash.digest('hex');
}

/** The pages of a set, and their readings by the built-in reader. */
export function readingsOf(folder: string, only: string): { items: BenchItem[]; readingOf: (item: BenchItem) => Promise<PageText>; close: () => Promise<void> } {
  const items = (JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { items: BenchItem[] }).items.filter((item) => item.id.includes(only));
  const sources = sourcesHash();
  let reader: PageReader | null = null;
  mkdirSync(cache, { recursive: true });
  return {
    items,
    async readingOf(item) {
      const [path, page] = item.file.split('#') as [string, string | undefined];
      const key = createHash('sha256').update(sources).update(readFileSync(join(folder, path))).update(page ?? '').digest('hex').slice(0, 32);
      const file = join(cache, `${key}.json`);
      try {
        return pageText.parse(JSON.parse(readFileSync(file, 'utf8')));
      } catch {
        reader ??= new PageReader();
        const pdf = page === undefined ? null : await openPdf(join(folder, path));
        const picture = pdf ? pdf.draw(Number(page) - 1) : await decodeImage(join(folder, path));
        const text = { ...(await reader.read(quietJob(), picture, null)), readMs: 0 };
        pdf?.close();
        writeFileSync(file, JSON.stringify(text));
        return text;
      }
    },
    close: async () => reader?.close(),
  };
}

/** The page that a photograph, a turned or faint copy shows: its kind says which questions fit. */
const sourceOf: Readonly<Record<string, string>> = { 'en-small': 'en-letter', 'ko-small': 'ko-form', 'zh-small': 'zh-table', 'en-dark': 'en-screen', 'ko-dark': 'ko-screen' };
export function sourcePage(item: BenchItem): string {
  const plain = item.id.replace(/-(?:photo\d*|rot\d+)$/, '').replace(/-(?:faint|matrix)$/, (suffix) => (suffix === '-faint' ? '-receipt' : '')).replace(/-photo$/, '').replace(/-matrix$/, '');
  return sourceOf[plain] ?? plain;
}

/** The true lines as if they had been read: what an error-free recogniser would give. */
export function truthAsReading(truth: BenchTruth, item: BenchItem): PageText {
  const lines = (truth.lines ?? truth.text.split('\n').map((text, at) => ({ text, quad: [[0, 20 * at], [10 * text.length, 20 * at], [10 * text.length, 20 * at + 14], [0, 20 * at + 14]] as Quad }))).map((line) => ({ text: line.text, quad: line.quad, confidence: 1, words: [], script: 'latin' as const }));
  return { width: item.width, height: item.height, rotation: 0, regions: lines.length ? [{ role: 'paragraph', quad: lines[0]!.quad, lines }] : [], notes: [], readMs: 0 };
}

/** The same value to the letter; width of characters and spaces between them do not count. */
export function sameValue(found: string, wanted: string): boolean {
  const plain = (text: string): string => text.normalize('NFKC').replace(/\s+/gu, '').replace(/[‐-―−]/gu, '-');
  return plain(found) === plain(wanted);
}
