// Brings lines into the order a person reads them: columns are read one after the other, rows from left to right. Works on
// upright rectangles alone; knows no text.
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Part of a page that is read top to bottom before anything else: rows of boxes, given by their indexes. */
export interface Block {
  readonly rows: readonly (readonly number[])[];
}

/** Share of a block's lines that may run across a gutter: headlines over several columns. */
const crossingShare = 0.08;
/** A column of text has lines this many text heights long; a column of a table has not. */
const columnLineHeights = 8;

const heightOf = (box: Box): number => box.bottom - box.top;
const middleOf = (box: Box): number => (box.top + box.bottom) / 2;

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** Groups boxes into rows, each from left to right. A box joins a row when it overlaps its neighbours there by half a height. */
export function rowsOf(boxes: readonly Box[], indexes: readonly number[]): number[][] {
  const sorted = [...indexes].sort((a, b) => middleOf(boxes[a]!) - middleOf(boxes[b]!));
  const rows: { members: number[]; top: number; bottom: number }[] = [];
  for (const index of sorted) {
    const box = boxes[index]!;
    let best: (typeof rows)[number] | null = null, bestLikeness = 0;
    for (let at = rows.length - 1; at >= 0 && at >= rows.length - 8; at--) {
      const row = rows[at]!;
      const overlap = Math.min(row.bottom, box.bottom) - Math.max(row.top, box.top);
      const share = overlap / Math.min(heightOf(box), row.bottom - row.top), likeness = overlap / Math.max(heightOf(box), row.bottom - row.top);
      // Two boxes one above the other are two rows, however tightly they are set.
      const isTaken = row.members.some((other) => Math.min(boxes[other]!.right, box.right) - Math.max(boxes[other]!.left, box.left) > 0.5 * Math.min(boxes[other]!.right - boxes[other]!.left, box.right - box.left));
      if (share > 0.5 && likeness > bestLikeness && !isTaken) {
        best = row;
        bestLikeness = likeness;
      }
    }
    if (best) {
      best.members.push(index);
      // The row's band stays that of its typical box, or one tall box would swallow the next row.
      const count = best.members.length;
      best.top += (box.top - best.top) / count;
      best.bottom += (box.bottom - best.bottom) / count;
    } else {
      rows.push({ members: [index], top: box.top, bottom: box.bottom });
    }
  }
  return rows.sort((a, b) => a.top + a.bottom - b.top - b.bottom).map((row) => row.members.sort((a, b) => boxes[a]!.left - boxes[b]!.left));
}

/** Whether these boxes look like a column of running text: most rows have a long line. */
function isTextColumn(boxes: readonly Box[], indexes: readonly number[]): boolean {
  if (indexes.length < 3) return false;
  const height = medianOf(indexes.map((index) => heightOf(boxes[index]!)));
  const rows = rowsOf(boxes, indexes);
  const long = rows.filter((row) => row.some((index) => boxes[index]!.right - boxes[index]!.left > columnLineHeights * height));
  return long.length * 2 > rows.length;
}

interface Gutter {
  readonly x: number;
  readonly crossing: number[];
  readonly before: number[];
  readonly after: number[];
}

/** The gutter between two columns of text, or null. */
function findGutter(boxes: readonly Box[], indexes: readonly number[]): Gutter | null {
  if (indexes.length < 6) return null;
  const height = medianOf(indexes.map((index) => heightOf(boxes[index]!)));
  const left = Math.min(...indexes.map((index) => boxes[index]!.left)), right = Math.max(...indexes.map((index) => boxes[index]!.right));
  const bin = Math.max(1, height / 4);
  const count = Math.ceil((right - left) / bin);
  if (count < 8) return null;
  // How many boxes lie over each bin, from differences at their ends. Ends are drawn in a little: boxes are cut generously.
  const change = new Int32Array(count + 2);
  for (const index of indexes) {
    const from = Math.floor((boxes[index]!.left - left + height * 0.2) / bin), to = Math.floor((boxes[index]!.right - left - height * 0.2) / bin);
    if (to < from) continue;
    change[Math.max(0, from)]!++;
    change[Math.min(count, to + 1)]!--;
  }
  const allowed = Math.floor(indexes.length * crossingShare);
  const runs: { from: number; to: number; least: number }[] = [];
  let over = 0;
  for (let at = 0; at < count; at++) {
    over += change[at]!;
    if (over > allowed) continue;
    const last = runs.at(-1);
    if (last && last.to === at - 1) {
      last.to = at;
      last.least = Math.min(last.least, over);
    } else runs.push({ from: at, to: at, least: over });
  }
  let best: Gutter | null = null, bestScore = -Infinity;
  for (const run of runs) {
    const x = left + ((run.from + run.to + 1) / 2) * bin;
    const crossing: number[] = [], before: number[] = [], after: number[] = [];
    for (const index of indexes) {
      const box = boxes[index]!;
      if (box.left < x - height * 0.5 && box.right > x + height * 0.5) crossing.push(index);
      else ((box.left + box.right) / 2 < x ? before : after).push(index);
    }
    if (crossing.length > allowed || !isTextColumn(boxes, before) || !isTextColumn(boxes, after)) continue;
    const score = run.to - run.from - 2 * run.least;
    if (score > bestScore) {
      bestScore = score;
      best = { x, crossing, before, after };
    }
  }
  return best;
}

/** The widest blank band across a block, as the two halves above and below it; null when nothing is left to cut. */
function splitAcross(boxes: readonly Box[], indexes: readonly number[]): [number[], number[]] | null {
  const sorted = [...indexes].sort((a, b) => boxes[a]!.top - boxes[b]!.top);
  const height = medianOf(indexes.map((index) => heightOf(boxes[index]!)));
  let reach = boxes[sorted[0]!]!.bottom, widest = height * 0.5, cut = -1;
  for (let at = 1; at < sorted.length; at++) {
    const gap = boxes[sorted[at]!]!.top - reach;
    if (gap > widest) {
      widest = gap;
      cut = at;
    }
    reach = Math.max(reach, boxes[sorted[at]!]!.bottom);
  }
  return cut < 0 ? null : [sorted.slice(0, cut), sorted.slice(cut)];
}

function blocksOf(boxes: readonly Box[], indexes: readonly number[]): Block[] {
  if (indexes.length === 0) return [];
  const gutter = findGutter(boxes, indexes);
  if (gutter) {
    // Lines across the gutter divide the block into bands; each band is read column by column.
    const blocks: Block[] = [];
    const separators = rowsOf(boxes, gutter.crossing);
    let remainingBefore = gutter.before, remainingAfter = gutter.after;
    for (const row of separators) {
      const y = medianOf(row.map((index) => middleOf(boxes[index]!)));
      const above = (index: number): boolean => middleOf(boxes[index]!) < y;
      blocks.push(...blocksOf(boxes, remainingBefore.filter(above)), ...blocksOf(boxes, remainingAfter.filter(above)), { rows: [row] });
      remainingBefore = remainingBefore.filter((index) => !above(index));
      remainingAfter = remainingAfter.filter((index) => !above(index));
    }
    return [...blocks, ...blocksOf(boxes, remainingBefore), ...blocksOf(boxes, remainingAfter)];
  }
  // No columns over the whole height: perhaps in one of the halves.
  if (indexes.length >= 12) {
    const halves = splitAcross(boxes, indexes);
    if (halves) {
      const [above, below] = halves.map((half) => blocksOf(boxes, half)) as [Block[], Block[]];
      // Cutting without finding columns in either half only breaks tables and paragraphs apart.
      if (above.length + below.length > 2) return [...above, ...below];
    }
  }
  return [{ rows: rowsOf(boxes, indexes) }];
}

/**
 * Blocks in reading order.
 * @source Nagy & Seth 1984, recursive XY-cut, with a test of what a column is instead of a test of how wide the gap is
 */
export function readingOrder(boxes: readonly Box[]): Block[] {
  return blocksOf(boxes, boxes.map((_, index) => index));
}
