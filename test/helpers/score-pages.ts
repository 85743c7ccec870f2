// Scores what was read from a page against what truly stands on it: error of characters and words, and how well the text was found.
// Used by the golden tests and the OCR benchmark; reads the ground truth of our own fixtures and of any set in the same form.
import { areaOf, sharedArea, type Polygon } from './polygon-overlap.ts';
import { bagAgreement, charactersOf, editDistance, normaliseText, tokensOf, withoutSpaces } from './text-distance.ts';

export interface PlacedText {
  readonly text: string;
  /** Corners clockwise from the text's own top-left, in pixels of the stored picture. */
  readonly quad: Polygon;
}

export interface PageTruth {
  readonly text: string;
  readonly lines?: readonly PlacedText[];
  readonly words?: readonly PlacedText[];
}

export interface ScoreOptions {
  /** Ground truth is in capitals only, so case says nothing. */
  readonly foldCase?: boolean;
  /** False where the order of the ground truth is only one of several fair ones. */
  readonly orderTrusted?: boolean;
}

/** Rates are edits per true item, so they can exceed 1. Null where the ground truth has no boxes. */
export interface PageScore {
  /** One number per page: `placedError` where there are boxes, else `orderedError` (or, order not trusted, bag disagreement). */
  readonly headline: number;
  /** Characters with spaces, in reading order. */
  readonly orderedErrorWithSpaces: number;
  /** Characters without spaces, in reading order. */
  readonly orderedError: number;
  /** Words in reading order; Han and kana count one each. */
  readonly wordError: number;
  /** Agreement of the bags of words, 0 to 1. */
  readonly wordBag: number;
  /** Characters without spaces, compared where they stand: reading order does not matter. */
  readonly placedError: number | null;
  /** Part of the true words that at least half lies under something read. */
  readonly covered: number | null;
  /** Lines found at an intersection over union of 0.5. */
  readonly detection: { readonly precision: number; readonly recall: number; readonly f1: number } | null;
}

/** `lines` stand in the order in which they were read. */
export function scorePage(truth: PageTruth, lines: readonly PlacedText[], options: ScoreOptions = {}): PageScore {
  const foldCase = options.foldCase ?? false;
  const read = lines.filter((line) => line.text.trim() !== '');
  const expected = normaliseText(truth.text, foldCase);
  const found = normaliseText(read.map((line) => line.text).join('\n'), foldCase);
  const [expectedDense, foundDense] = [charactersOf(withoutSpaces(expected)), charactersOf(withoutSpaces(found))];
  const rate = (from: readonly string[], to: readonly string[]): number => editDistance(from, to) / Math.max(1, from.length);
  const orderedError = rate(expectedDense, foundDense);
  const placed = truth.lines?.length ? placedScore(truth.words ?? truth.lines, read, foldCase) : null;
  return {
    headline: placed ? placed.error : options.orderTrusted === false ? 1 - bagAgreement(expectedDense, foundDense) : orderedError,
    orderedErrorWithSpaces: rate(charactersOf(expected), charactersOf(found)),
    orderedError,
    wordError: rate(tokensOf(expected), tokensOf(found)),
    wordBag: bagAgreement(tokensOf(expected), tokensOf(found)),
    placedError: placed?.error ?? null,
    covered: placed?.covered ?? null,
    detection: truth.lines?.length ? detectionScore(truth.lines, read) : null,
  };
}

/** Precision, recall and F1 of quads matched one to one, best overlap first, at an intersection over union of `threshold`. */
export function detectionScore(expected: readonly PlacedText[], found: readonly PlacedText[], threshold = 0.5): { precision: number; recall: number; f1: number } {
  const pairs: { union: number; expectedAt: number; foundAt: number }[] = [];
  for (const [expectedAt, one] of expected.entries()) {
    for (const [foundAt, other] of found.entries()) {
      const shared = sharedArea(one.quad, other.quad);
      const union = shared / (areaOf(one.quad) + areaOf(other.quad) - shared || 1);
      if (union >= threshold) pairs.push({ union, expectedAt, foundAt });
    }
  }
  pairs.sort((a, b) => b.union - a.union);
  const usedExpected = new Set<number>(), usedFound = new Set<number>();
  for (const { expectedAt, foundAt } of pairs) {
    if (usedExpected.has(expectedAt) || usedFound.has(foundAt)) continue;
    usedExpected.add(expectedAt);
    usedFound.add(foundAt);
  }
  const matched = usedExpected.size;
  return {
    precision: found.length ? matched / found.length : 0,
    recall: expected.length ? matched / expected.length : 0,
    f1: matched ? (2 * matched) / (expected.length + found.length) : 0,
  };
}

/**
 * Joins true words and read lines that overlap (half of the smaller one) into groups, compares the text inside each group,
 * and adds the edits up: what was read where nothing stands, or not read at all, is a group of its own.
 */
function placedScore(words: readonly PlacedText[], lines: readonly PlacedText[], foldCase: boolean): { error: number; covered: number } {
  const all = [...words, ...lines];
  const parent = all.map((_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    while (parent[root] !== root) root = parent[root]!;
    parent[at] = root;
    return root;
  };
  const lineAreas = lines.map((line) => areaOf(line.quad));
  let covered = 0;
  for (const [wordAt, word] of words.entries()) {
    const wordArea = areaOf(word.quad) || 1;
    let under = 0;
    for (const [lineAt, line] of lines.entries()) {
      const shared = sharedArea(word.quad, line.quad);
      if (shared === 0) continue;
      under += shared;
      if (shared >= 0.5 * Math.min(wordArea, lineAreas[lineAt]!)) parent[rootOf(wordAt)] = rootOf(words.length + lineAt);
    }
    if (under >= 0.5 * wordArea) covered++;
  }
  const groups = new Map<number, { words: PlacedText[]; lines: PlacedText[] }>();
  for (const [at, item] of all.entries()) {
    const root = rootOf(at);
    const group = groups.get(root) ?? { words: [], lines: [] };
    groups.set(root, group);
    (at < words.length ? group.words : group.lines).push(item);
  }
  let edits = 0, length = 0;
  for (const group of groups.values()) {
    const along = directionOf(group.lines[0] ?? null);
    const height = medianHeight([...group.words, ...group.lines]);
    const textOf = (items: readonly PlacedText[]): string[] => charactersOf(withoutSpaces(normaliseText(inRows(items, along, height).map((item) => item.text).join(' '), foldCase)));
    const expected = textOf(group.words);
    edits += editDistance(expected, textOf(group.lines));
    length += expected.length;
  }
  return { error: edits / Math.max(1, length), covered: words.length ? covered / words.length : 0 };
}

/** Unit vector along which a line's text runs; to the right without a line. */
function directionOf(line: PlacedText | null): readonly [number, number] {
  const start = line?.quad[0], end = line?.quad[1];
  if (!start || !end) return [1, 0];
  const length = Math.hypot(end[0] - start[0], end[1] - start[1]) || 1;
  return [(end[0] - start[0]) / length, (end[1] - start[1]) / length];
}

function medianHeight(items: readonly PlacedText[]): number {
  const heights = items.map(({ quad }) => Math.hypot(quad[3]![0] - quad[0]![0], quad[3]![1] - quad[0]![1])).sort((a, b) => a - b);
  return heights[heights.length >> 1] || 10;
}

/** Items of one group as a reader meets them: rows across the direction of the text, each from its start. */
function inRows(items: readonly PlacedText[], [ux, uy]: readonly [number, number], height: number): PlacedText[] {
  const placed = items
    .map((item) => {
      const x = item.quad.reduce((sum, point) => sum + point[0], 0) / item.quad.length;
      const y = item.quad.reduce((sum, point) => sum + point[1], 0) / item.quad.length;
      return { item, along: x * ux + y * uy, down: y * ux - x * uy };
    })
    .sort((a, b) => a.down - b.down);
  const rows: (typeof placed)[] = [];
  for (const one of placed) {
    const row = rows.at(-1);
    if (row && one.down - row[0]!.down < 0.6 * height) row.push(one);
    else rows.push([one]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.along - b.along)).map(({ item }) => item);
}

/** Mean of the scores of several pages; a page counts at most 1 towards an error, so that one bad page cannot hide the others. */
export function meanScore(scores: readonly PageScore[]): { headline: number; orderedError: number; wordError: number; detectionF1: number | null; covered: number | null } {
  const mean = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null);
    return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
  };
  return {
    headline: mean(scores.map((score) => Math.min(1, score.headline))) ?? 0,
    orderedError: mean(scores.map((score) => Math.min(1, score.orderedError))) ?? 0,
    wordError: mean(scores.map((score) => Math.min(1, score.wordError))) ?? 0,
    detectionF1: mean(scores.map((score) => score.detection?.f1 ?? null)),
    covered: mean(scores.map((score) => score.covered)),
  };
}
