// Finds the words of a line that its recogniser could not read: on a page of several scripts they are in another one. Knows ink and
// characters, no networks.
import { confidenceOf, type ReadCharacter } from './ctc.ts';
import { coverageOf, type LineInk } from './line-ink.ts';
import { centreOf } from './spacing.ts';

/** Blank between two words, in heights of the ink. */
const wordBlank = 0.3;
/** Confidence times explained ink below which a word is in doubt. */
const doubtful = 0.8;
/** Words shorter than this many heights of the ink say too little to be read alone. */
const shortest = 0.7;

interface Span {
  /** Columns of the strip, the first one and the one behind the last. */
  readonly from: number;
  readonly to: number;
  readonly quality: number;
}

/** Inked stretches between wide blanks. */
function wordsIn({ columns, width, inkHeight }: LineInk): { from: number; to: number }[] {
  const words: { from: number; to: number }[] = [];
  let from = -1, last = -1;
  for (let x = 0; x < width; x++) {
    if (columns[x] === 0) continue;
    if (from >= 0 && x - last > wordBlank * inkHeight) {
      words.push({ from, to: last + 1 });
      from = -1;
    }
    if (from < 0) from = x;
    last = x;
  }
  if (from >= 0) words.push({ from, to: last + 1 });
  return words;
}

/** The words in doubt, neighbours joined. Empty when all of the line is one: then the line as a whole is the question. */
export function doubtfulSpans(characters: readonly ReadCharacter[], ink: LineInk, stepWidth: number): Span[] {
  const words = wordsIn(ink).map(({ from, to }) => {
    const inside = characters.filter((one) => one.text.trim() !== '' && centreOf(one, stepWidth) >= from - 4 && centreOf(one, stepWidth) < to + 4);
    const own: LineInk = { ...ink, columns: ink.columns.subarray(from, to), width: to - from };
    return { from, to, quality: confidenceOf(inside) * coverageOf(own, inside.map((one) => centreOf(one, stepWidth) - from)) };
  });
  const spans: Span[] = [];
  let open: typeof words = [];
  const close = (): void => {
    const [first, last] = [open[0], open.at(-1)];
    if (first && last && last.to - first.from >= shortest * ink.inkHeight) {
      const weight = open.reduce((sum, one) => sum + one.to - one.from, 0);
      spans.push({ from: first.from, to: last.to, quality: open.reduce((sum, one) => sum + one.quality * (one.to - one.from), 0) / weight });
    }
    open = [];
  };
  for (const word of words) {
    if (word.quality < doubtful) open.push(word);
    else close();
  }
  close();
  const [only] = spans;
  return only && words.length > 0 && only.from === words[0]!.from && only.to === words.at(-1)!.to ? [] : spans;
}

/** `characters` with those of `part` in place of what stood between two columns; `part` was read from a strip `partWidth` wide of just that stretch. */
export function replacedSpan(characters: readonly ReadCharacter[], { from, to }: Span, part: readonly ReadCharacter[], partWidth: number, stepWidth: number): ReadCharacter[] {
  const scale = (to - from) / partWidth;
  const moved = (step: number): number => (from + (step + 0.5) * stepWidth * scale) / stepWidth - 0.5;
  const kept = characters.filter((one) => centreOf(one, stepWidth) < from - 4 || centreOf(one, stepWidth) >= to + 4);
  return [...kept, ...part.map((one) => ({ ...one, step: moved(one.step), firstStep: moved(one.firstStep), lastStep: moved(one.lastStep) }))].sort((a, b) => a.step - b.step);
}
