// A fixture page's ground truth in the form in which the reader gives a page: what an exporter gets when reading made no mistake.
import { readFileSync } from 'node:fs';
import type { Line, PageText, Word } from '@contract/document.ts';
import type { Quad, Rotation } from '@contract/geometry.ts';
import { fixturePage } from './fixture-pages.ts';
import { fixtureItems, truthOf } from './fixture-set.ts';

/** The part of a quad between two shares of its length; of its height for a column. */
function part(quad: Quad, vertical: boolean, from: number, to: number): Quad {
  const [a, b, c, d] = quad;
  const at = (p: readonly number[], q: readonly number[], share: number): [number, number] => [p[0]! + (q[0]! - p[0]!) * share, p[1]! + (q[1]! - p[1]!) * share];
  return vertical ? [at(a, d, from), at(b, c, from), at(b, c, to), at(a, d, to)] : [at(a, b, from), at(a, b, to), at(d, c, to), at(d, c, from)];
}

function lineOf(text: string, quad: Quad, lang: string): Line {
  const sides = [Math.hypot(quad[1][0] - quad[0][0], quad[1][1] - quad[0][1]), Math.hypot(quad[3][0] - quad[0][0], quad[3][1] - quad[0][1])] as const;
  const vertical = lang === 'ja' && sides[1] > 1.9 * sides[0] && text.length > 1;
  const characters = [...text];
  const words: Word[] = [];
  let start = 0;
  // Of text without spaces, short runs, as the reader has them.
  for (const piece of text.split(/(?<=\s)|\s|(?<=[\u3040-\u30ff\u4e00-\u9fff]{3})(?=[\u3040-\u30ff\u4e00-\u9fff])/u)) {
    const clean = piece.trim();
    const at = characters.join('').indexOf(clean, start);
    if (!clean) continue;
    words.push({ text: clean, quad: part(quad, vertical, at / text.length, (at + clean.length) / text.length), confidence: 1 });
    start = at + clean.length;
  }
  const script = lang === 'ko' ? 'korean' : lang === 'ja' ? 'japanese' : lang === 'zh' ? 'chinese' : 'latin';
  return { text, quad, confidence: 1, words, script, ...(vertical && { vertical: true }) };
}

export function truthText(id: string): { text: PageText; picture: Uint8Array; lines: string[] } {
  const item = fixtureItems.find((one) => one.id === id)!;
  const truth = truthOf(item) as unknown as { lines: { text: string; quad: Quad }[] };
  const { width, height } = item as unknown as { width: number; height: number };
  const lines = truth.lines.map((line) => lineOf(line.text, line.quad, item.lang));
  const points = lines.flatMap((line) => line.quad);
  const xs = points.map(([x]) => x), ys = points.map(([, y]) => y);
  const quad: Quad = [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)], [Math.min(...xs), Math.max(...ys)]];
  return {
    text: { width, height, rotation: item.rotation as Rotation, regions: [{ role: 'paragraph', quad, lines }], notes: [], readMs: 0 },
    picture: readFileSync(fixturePage(id).path), lines: lines.map((line) => line.text),
  };
}
