// The project's own rendered pages and what truly stands on them. Knows files, not how they are read.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../fixtures/pages');

interface FixturePage {
  readonly path: string;
  readonly fileName: string;
  /** Every line as rendered, in reading order. */
  readonly lines: readonly string[];
  /** Clockwise turn that makes it upright. */
  readonly rotation: number;
}

/** `id` as in the fixtures' manifest: `en-receipt`, `ko-letter-rot180`, … */
export function fixturePage(id: string): FixturePage {
  const { items } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { items: { id: string; file: string; gt: string; rotation: number }[] };
  const item = items.find((one) => one.id === id);
  if (!item) throw new Error(`there is no fixture page ${id}`);
  const truth = JSON.parse(readFileSync(join(folder, item.gt), 'utf8')) as { lines: { text: string }[] };
  return { path: join(folder, item.file), fileName: item.file.split('/').at(-1)!, lines: truth.lines.map((line) => line.text), rotation: item.rotation };
}

/** How much of `expected` stands in `found`, counted in characters that are in both in the same order; 1 = everything. */
export function shareFound(expected: string, found: string): number {
  const clean = (text: string): string[] => [...text.normalize('NFKC').replace(/\s+/g, '')];
  const [a, b] = [clean(expected), clean(found)];
  let row = new Array<number>(b.length + 1).fill(0);
  for (const one of a) {
    const next = [0];
    for (let at = 0; at < b.length; at += 1) next.push(one === b[at] ? row[at]! + 1 : Math.max(next[at]!, row[at + 1]!));
    row = next;
  }
  return a.length === 0 ? 1 : row[b.length]! / a.length;
}
