// Which pages of two documents belong together: by their text, weighed so that a letterhead on every page says little, and by their look
// where there is no text. Finds pages that were put in, taken out or moved. Knows no files.
import type { PagePair } from '@contract/compare.ts';
import type { Picture } from '../inference/image/picture.ts';
import { codeOf } from './page-characters.ts';
import { heaviestRising } from './sequence.ts';

/** What is known of a page before it is compared. */
export interface PageGist {
  readonly text: string;
  /** The page made small; its size does not matter. Null for a page that is known by its text. */
  readonly picture: Picture | null;
}

const run = 4;
/** Pages with less text are known by their look. */
const leastCharacters = 24;
/** Pages less alike do not belong together, unless they stand between pages that do. */
const leastSimilarity = 0.3;
/** Pages in another order must be this alike. */
const movedSimilarity = 0.55;
const lookSide = 24;

function runsOf(text: string): Set<string> {
  const codes = [...text.replace(/\s+/gu, '')].map(codeOf).join('').toLowerCase();
  const runs = new Set<string>();
  for (let at = 0; at + run <= codes.length; at++) runs.add(codes.slice(at, at + run));
  return runs;
}

/** The page as a few grey squares between its darkest and its lightest. */
function lookOf({ width, height, data }: Picture): Float64Array {
  const sums = new Float64Array(lookSide * lookSide), counts = new Float64Array(lookSide * lookSide);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = Math.floor((y * lookSide) / height) * lookSide + Math.floor((x * lookSide) / width), from = (y * width + x) * 3;
      sums[at]! += data[from]! + data[from + 1]! + data[from + 2]!;
      counts[at]!++;
    }
  }
  return sums.map((sum, at) => sum / Math.max(1, counts[at]!) / 765);
}

function lookSimilarity(a: Float64Array | null, b: Float64Array | null): number {
  if (!a || !b) return 0;
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  let aa = 0, bb = 0, ab = 0;
  a.forEach((value, at) => {
    aa += (value - ma) ** 2;
    bb += (b[at]! - mb) ** 2;
    ab += (value - ma) * (b[at]! - mb);
  });
  const blank = 0.03 ** 2 * a.length;
  // Two blank pages are alike; a blank one and any other are not.
  if (aa < blank && bb < blank) return 0.9;
  if (aa < blank || bb < blank) return 0;
  return Math.max(0, ab / Math.sqrt(aa * bb));
}

/** How alike every page of one document is to every page of the other: 0 to 1. */
function similarities(before: readonly PageGist[], after: readonly PageGist[]): number[][] {
  const first = before.map((page) => runsOf(page.text)), second = after.map((page) => runsOf(page.text));
  const pages = new Map<string, number>();
  for (const runs of [...first, ...second]) for (const one of runs) pages.set(one, (pages.get(one) ?? 0) + 1);
  const all = first.length + second.length;
  const weight = (one: string): number => Math.log(1 + all / pages.get(one)!);
  const weightOf = (runs: ReadonlySet<string>): number => [...runs].reduce((sum, one) => sum + weight(one), 0);
  const [weights, others] = [first.map(weightOf), second.map(weightOf)];
  const [looks, otherLooks] = [before.map((page) => page.picture && lookOf(page.picture)), after.map((page) => page.picture && lookOf(page.picture))];
  return first.map((runs, i) => second.map((otherRuns, j) => {
    if (runs.size < leastCharacters && otherRuns.size < leastCharacters) return 0.3 * Number(before[i]!.text !== '' && before[i]!.text === after[j]!.text) + 0.7 * lookSimilarity(looks[i]!, otherLooks[j]!);
    let shared = 0;
    for (const one of runs) if (otherRuns.has(one)) shared += weight(one);
    return (2 * shared) / Math.max(1e-9, weights[i]! + others[j]!);
  }));
}

/** The pairing that keeps the order and is most alike in sum. */
function inOrder(similarity: readonly (readonly number[])[], columns: number): [number, number][] {
  const rows = similarity.length, width = columns + 1;
  const best = new Float64Array((rows + 1) * width);
  const gain = (i: number, j: number): number => similarity[i]![j]! - leastSimilarity;
  for (let i = 1; i <= rows; i++) for (let j = 1; j <= columns; j++) best[i * width + j] = Math.max(best[(i - 1) * width + j]!, best[i * width + j - 1]!, best[(i - 1) * width + j - 1]! + gain(i - 1, j - 1));
  const pairs: [number, number][] = [];
  for (let i = rows, j = columns; i > 0 && j > 0; ) {
    if (best[i * width + j] === best[(i - 1) * width + j]) i--;
    else if (best[i * width + j] === best[i * width + j - 1]) j--;
    else pairs.push([--i, --j]);
  }
  return pairs.reverse();
}

/** Pairs in the order of the document after; pages that were taken out stand where they were. Two single pages always belong together. */
export function matchPages(before: readonly PageGist[], after: readonly PageGist[]): PagePair[] {
  const similarity = similarities(before, after);
  if (before.length === 1 && after.length === 1) return [{ before: 0, after: 0, moved: false, similarity: Math.min(1, similarity[0]![0]!) }];
  const partner = new Map<number, number>(inOrder(similarity, after.length));
  const taken = new Set(partner.values());
  const rest = before.flatMap((_, i) => (partner.has(i) ? [] : after.flatMap((__, j) => (!taken.has(j) && similarity[i]![j]! >= movedSimilarity ? [{ i, j, value: similarity[i]![j]! }] : []))));
  for (const { i, j } of rest.sort((a, b) => b.value - a.value)) {
    if (partner.has(i) || taken.has(j)) continue;
    partner.set(i, j);
    taken.add(j);
  }
  const matched = [...partner].sort(([a], [b]) => a - b);
  const kept = heaviestRising(matched.map(([, j]) => ({ order: j, weight: 1 })));
  const moved = new Set(matched.filter((_, at) => !kept[at]).map(([i]) => i));
  const source = new Map(matched.map(([i, j]) => [j, i]));
  const pairs: PagePair[] = [];
  let next = 0;
  const takenOut = (until: number): void => {
    for (; next < until; next++) if (!partner.has(next)) pairs.push({ before: next, after: null, moved: false, similarity: 0 });
  };
  after.forEach((_, j) => {
    const i = source.get(j);
    if (i === undefined) {
      pairs.push({ before: null, after: j, moved: false, similarity: 0 });
      return;
    }
    if (!moved.has(i)) takenOut(i);
    pairs.push({ before: i, after: j, moved: moved.has(i), similarity: Math.min(1, similarity[i]![j]!) });
    if (!moved.has(i)) next = Math.max(next, i + 1);
  });
  takenOut(before.length);
  return pairs;
}
