// Which pages of two documents belong together: by their text, weighed so that a letterhead on every page says little, and by their look
// where there is no text. Finds pages that were put in, taken out or moved. Knows no files.
import type { PagePair } from '@contract/compare.ts';
import { breathe, type Job } from '../base/job.ts';
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
  const characters = [...text.replace(/\s+/gu, '')];
  const known = new Map([...new Set(characters)].map((one) => [one, codeOf(one).toLowerCase()]));
  const codes = characters.map((one) => known.get(one)!).join('');
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

/** Messages get in after this long: a cancel, the news of other jobs. */
const breathMs = 30;

/** Lets messages in when it is time to; throws when one of them was a cancel. */
function breathing(job: Job): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < breathMs) return;
    await breathe(job);
    last = performance.now();
  };
}

/** Where a run of characters stands: pages before and pages after. */
type Places = readonly [before: number[], after: number[]];

/** How alike every page of one document is to every page of the other: 0 to 1. Goes from run to run, not from page to page: most runs stand on few pages. */
async function similarities(job: Job, before: readonly PageGist[], after: readonly PageGist[]): Promise<Float64Array[]> {
  const rest = breathing(job);
  const places = new Map<string, Places>();
  const sizes: readonly [number[], number[]] = [[], []];
  for (const [side, pages] of [before, after].entries() as IterableIterator<[0 | 1, readonly PageGist[]]>) {
    for (const [at, page] of pages.entries()) {
      const runs = runsOf(page.text);
      sizes[side].push(runs.size);
      for (const one of runs) {
        const known = places.get(one) ?? [[], []];
        known[side].push(at);
        places.set(one, known);
      }
      await rest();
    }
  }
  const all = before.length + after.length;
  const weights: readonly [Float64Array, Float64Array] = [new Float64Array(before.length), new Float64Array(after.length)];
  const shared = before.map(() => new Float64Array(after.length));
  let added = 0;
  for (const [first, second] of places.values()) {
    const weight = Math.log(1 + all / (first.length + second.length));
    for (const i of first) weights[0][i]! += weight;
    for (const j of second) weights[1][j]! += weight;
    for (const i of first) {
      const row = shared[i]!;
      for (const j of second) row[j]! += weight;
    }
    added += first.length * second.length + 1;
    if (added > 100_000) {
      added = 0;
      await rest();
    }
  }
  const looks = before.map((page) => page.picture && lookOf(page.picture)), otherLooks = after.map((page) => page.picture && lookOf(page.picture));
  for (const [i, row] of shared.entries()) {
    for (let j = 0; j < row.length; j++) {
      const isKnownByLook = sizes[0][i]! < leastCharacters && sizes[1][j]! < leastCharacters;
      row[j] = isKnownByLook ? 0.3 * Number(before[i]!.text !== '' && before[i]!.text === after[j]!.text) + 0.7 * lookSimilarity(looks[i]!, otherLooks[j]!) : (2 * row[j]!) / Math.max(1e-9, weights[0][i]! + weights[1][j]!);
    }
    await rest();
  }
  return shared;
}

/** The pairing that keeps the order and is most alike in sum. */
function inOrder(similarity: readonly Float64Array[], columns: number): [number, number][] {
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

/**
 * Pairs in the order of the document after; pages that were taken out stand where they were. Two single pages always belong together.
 * @throws job-cancelled
 */
export async function matchPages(job: Job, before: readonly PageGist[], after: readonly PageGist[]): Promise<PagePair[]> {
  const similarity = await similarities(job, before, after);
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
