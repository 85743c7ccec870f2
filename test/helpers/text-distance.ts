// How far one text is from another: normalised characters and words, and the edits between them. Knows nothing of pages or boxes.

const unified: readonly (readonly [RegExp, string])[] = [
  [/[‘’‚′´`ʼ]/gu, "'"],
  [/[“”„″«»「」]/gu, '"'],
  [/[‐‑‒–—―−﹘﹣]/gu, '-'],
  // A long-vowel mark in front of a digit is a dash that was typed with the wrong key.
  [/ー(?=\d)/gu, '-'],
  [/[•·・ㆍ･∙●]/gu, '·'],
  [/…/gu, '...'],
  [/。/gu, '.'],
  [/、/gu, ','],
  [/[○◯〇]/gu, 'o'],
  // Arrows, check marks and soft hyphens are drawings, not text.
  [/[←-⇿✓✔\u00ad]/gu, ''],
];

/** Text with the differences removed that no reader would call an error: width, kind of quote, dash and dot, runs of spaces. */
export function normaliseText(text: string, foldCase = false): string {
  let result = text.normalize('NFKC');
  for (const [pattern, replacement] of unified) result = result.replace(pattern, replacement);
  result = result.replace(/\s+/gu, ' ').trim();
  return foldCase ? result.toLowerCase() : result;
}

/** Words between spaces; Han and kana, which have none, one character each. Hangul keeps its spaces and so its words. */
export function tokensOf(normalised: string): string[] {
  return normalised.match(/[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+/gu) ?? [];
}

export function charactersOf(normalised: string): string[] {
  return [...normalised];
}

export function withoutSpaces(text: string): string {
  return text.replace(/\s/gu, '');
}

/**
 * Insertions, deletions and substitutions that turn `from` into `to`.
 * @source Wagner and Fischer, "The String-to-String Correction Problem", 1974
 */
export function editDistance(from: readonly string[], to: readonly string[]): number {
  const numbers = new Map<string, number>();
  const encode = (items: readonly string[]): Int32Array =>
    Int32Array.from(items, (item) => {
      const known = numbers.get(item) ?? numbers.size;
      numbers.set(item, known);
      return known;
    });
  const rows = encode(from), columns = encode(to);
  let above = Int32Array.from({ length: columns.length + 1 }, (_, at) => at);
  let current = new Int32Array(columns.length + 1);
  for (let row = 1; row <= rows.length; row++) {
    current[0] = row;
    const here = rows[row - 1]!;
    for (let column = 1; column <= columns.length; column++) {
      const changed = above[column - 1]! + (here === columns[column - 1]! ? 0 : 1);
      const moved = Math.min(above[column]!, current[column - 1]!) + 1;
      current[column] = Math.min(changed, moved);
    }
    [above, current] = [current, above];
  }
  return above[columns.length]!;
}

/** Harmonic mean of precision and recall of two bags of items, order ignored. Two empty bags agree. */
export function bagAgreement(expected: readonly string[], found: readonly string[]): number {
  if (expected.length === 0 && found.length === 0) return 1;
  const left = new Map<string, number>();
  for (const item of expected) left.set(item, (left.get(item) ?? 0) + 1);
  let both = 0;
  for (const item of found) {
    const count = left.get(item) ?? 0;
    if (count === 0) continue;
    left.set(item, count - 1);
    both++;
  }
  return (2 * both) / (expected.length + found.length);
}
