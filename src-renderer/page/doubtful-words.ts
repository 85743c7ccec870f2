// Steps through what the reader was unsure of, word by word in reading order. Pure.
import type { PageLine } from './page-lines.ts';
import { wordRanges } from './page-lines.ts';

/** A place in the page's text: a line, and the characters marked in it (null: the whole line). */
export interface Doubt {
  line: number;
  marked: readonly [number, number] | null;
}

/** The doubtful words of a line as ranges of its text; the whole line when it is doubtful without any one word being so. */
function doubtsOf({ index, line }: PageLine, threshold: number): Doubt[] {
  const ranges = wordRanges(line);
  const words = line.words.flatMap((word, at): Doubt[] => (word.confidence < threshold && ranges[at]![1] > ranges[at]![0] ? [{ line: index, marked: ranges[at]! }] : []));
  return words.length === 0 && line.confidence < threshold ? [{ line: index, marked: null }] : words;
}

/** The next or previous doubtful place after `from`, around the end of the page; null when there is no other. */
export function nextDoubtful(lines: readonly PageLine[], threshold: number, from: Doubt, direction: 1 | -1): Doubt | null {
  const all = lines.flatMap((line) => doubtsOf(line, threshold));
  const compare = (a: Doubt): number => a.line - from.line || (a.marked?.[0] ?? -1) - (from.marked?.[0] ?? -1);
  const ahead = direction > 0 ? all.find((one) => compare(one) > 0) : all.findLast((one) => compare(one) < 0);
  const wrapped = ahead ?? (direction > 0 ? all[0] : all.at(-1));
  return wrapped && compare(wrapped) !== 0 ? wrapped : null;
}
