// A long document as a PDF, and a later version of it whose differences are known. The text is invented, every page says something else.
import { pdfOf, type PdfPage } from './pdf-files.ts';

export interface LongVersions {
  readonly before: Buffer;
  readonly after: Buffer;
  readonly truth: {
    readonly pagesBefore: number;
    readonly pagesAfter: number;
    /** Pages of the version after that are new; pages of the one before that were taken out, or moved. From 1. */
    readonly added: readonly number[];
    readonly removed: readonly number[];
    readonly moved: readonly number[];
    /** `PAGE BEFORE: changed FROM > TO` */
    readonly changes: readonly string[];
  };
}

const nouns = ['harbour', 'ledger', 'lantern', 'mooring', 'warehouse', 'chimney', 'orchard', 'ferry', 'granary', 'bridge', 'quarry', 'signal', 'cellar', 'meadow', 'tannery', 'archive'];
const verbs = ['was repaired', 'was surveyed', 'stood empty', 'was painted twice', 'changed owners', 'needs a new roof', 'was insured again', 'lost its keeper', 'was let to a cooper', 'paid no dues'];
const seasons = ['in early spring', 'before the fair', 'after the flood', 'during the long frost', 'at midsummer', 'when the tide was low', 'in a dry autumn', 'on market day'];

/** The lines of one page, the same for the same number; its last amount is of the page alone. */
function linesOf(number: number): string[] {
  let state = (number + 1) * 7919;
  const pick = (list: readonly string[]): string => list[(state = (state * 48271) % 2147483647) % list.length]!;
  const lot = (): number => (state = (state * 48271) % 2147483647) % 100_000;
  const sentence = (): string => `Lot ${lot()}, the ${pick(nouns)} of ${lot()}, ${pick(verbs)} ${pick(seasons)}.`;
  return [`Entry ${number + 1}: the ${pick(nouns)} of the ${pick(nouns)}`, ...Array.from({ length: 26 }, sentence), amountOf(number)];
}
const amountOf = (number: number): string => `The keeper paid ${1000 + ((number * 37) % 9000)} crowns for it.`;

function pageOf(lines: readonly string[], at: number): PdfPage {
  const texts = lines.map((text, row) => ({ text, x: 72, y: 770 - row * 24, size: row === 0 ? 16 : 11 }));
  return { texts: [...texts, { text: String(at + 1), x: 295, y: 40, size: 10 }] };
}

/** Every 50th page is changed, every 67th put in or taken out, one is moved. */
export function longVersions(count: number): LongVersions {
  const before = Array.from({ length: count }, (_, at) => linesOf(at));
  const changed = before.flatMap((_, at) => (at % 50 === 11 ? [at] : []));
  const removed = before.flatMap((_, at) => (at % 67 === 30 ? [at] : []));
  const inserted = before.flatMap((_, at) => (at % 67 === 50 ? [at] : []));
  const moved = Math.floor(count * 0.4);
  const changes: string[] = [];
  const after: { lines: string[]; from: number | null }[] = [];
  before.forEach((lines, at) => {
    if (inserted.includes(at)) after.push({ lines: linesOf(count + at), from: null });
    if (removed.includes(at) || at === moved) return;
    if (!changed.includes(at)) return void after.push({ lines, from: at });
    const amount = /\d+/.exec(lines.at(-1)!)![0], other = String(Number(amount) + 20);
    changes.push(`${at + 1}: changed ${amount} > ${other}`);
    after.push({ lines: [...lines.slice(0, -1), lines.at(-1)!.replace(amount, other)], from: at });
  });
  const target = Math.floor(count * 0.75);
  after.splice(after.findIndex(({ from }) => from !== null && from > target), 0, { lines: before[moved]!, from: moved });
  return {
    before: pdfOf(before.map(pageOf)), after: pdfOf(after.map(({ lines }, at) => pageOf(lines, at))),
    truth: { pagesBefore: count, pagesAfter: after.length, added: after.flatMap(({ from }, at) => (from === null ? [at + 1] : [])), removed: removed.map((at) => at + 1), moved: [moved + 1], changes },
  };
}
