// Makes text comparable for searching and for finding labels: width, case, accents and composition folded away, spaces between Han, kana and Hangul
// dropped (forms print "성  명" and "金 额" widely spaced). Keeps the way back to offsets of the original.

export interface Folded {
  readonly text: string;
  /** For each UTF-16 unit of `text`, where the original characters it came from start and end. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** A character with what composes with it: combining marks, half-width voicing marks, the jamo of one Hangul syllable. */
const unit = /[\u1100-\u115f\ua960-\ua97c]+[\u1160-\u11a7\ud7b0-\ud7c6]+[\u11a8-\u11ff\ud7cb-\ud7fb]*|[\s\S][\p{M}\uff9e\uff9f]*/gu;
const spaceless = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3005\u3007\u30fc]/u;
const accents = /[\u0300-\u036f]/g;
const space = /^\s+$/;

function foldUnit(piece: string): string {
  return piece.toLowerCase().normalize('NFKD').replace(accents, '').normalize('NFKC').toLowerCase();
}

export function fold(original: string): Folded {
  const out: { text: string; start: number; end: number }[] = [];
  for (const match of original.matchAll(unit)) {
    const folded = space.test(match[0]) ? ' ' : foldUnit(match[0]);
    if (!folded) continue;
    const start = match.index;
    const end = start + match[0].length;
    const last = out.at(-1);
    if (folded === ' ') {
      if (last && last.text !== ' ') out.push({ text: ' ', start, end });
      continue;
    }
    // The space between two characters of a script written without spaces carries no meaning for a search.
    const before = out.at(-2);
    if (last?.text === ' ' && before && spaceless.test(before.text) && spaceless.test(folded)) out.pop();
    out.push({ text: folded, start, end });
  }
  if (out.at(-1)?.text === ' ') out.pop();
  let text = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (const piece of out) {
    text += piece.text;
    for (let at = 0; at < piece.text.length; at++) {
      starts.push(piece.start);
      ends.push(piece.end);
    }
  }
  return { text, starts, ends };
}

/** Where folded `needles` occur in `original`, as merged [start, end) ranges in order. */
export function rangesOf(original: string, needles: readonly string[]): [number, number][] {
  const folded = fold(original);
  const found: [number, number][] = [];
  for (const needle of needles) {
    if (!needle) continue;
    for (let at = folded.text.indexOf(needle); at >= 0; at = folded.text.indexOf(needle, at + needle.length)) {
      found.push([folded.starts[at]!, folded.ends[at + needle.length - 1]!]);
    }
  }
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged: [number, number][] = [];
  for (const range of found) {
    const last = merged.at(-1);
    if (last && range[0] < last[1]) last[1] = Math.max(last[1], range[1]);
    else merged.push(range);
  }
  return merged;
}
