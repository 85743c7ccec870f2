// Which part of a text stands on which printed line, when another reader wrote the text down without minding where lines break.

/** Beyond this many pairs of characters, texts are laid on lines by length alone. */
const mostPairs = 9_000_000;

/** Where each of `breaks` (offsets in `before`) lies in `after`, by the least changes that make one of the other; line breaks cost nothing. */
function breaksIn(before: string, breaks: readonly number[], after: string): number[] {
  const width = after.length + 1;
  if (before.length * width > mostPairs) return breaks.map((at) => Math.round((at / before.length) * after.length));
  /** How each place was reached: 0 both, 1 a character of `before` alone, 2 of `after` alone. */
  const steps = new Uint8Array((before.length + 1) * width);
  let row = Uint32Array.from({ length: width }, (_, at) => at);
  steps.fill(2, 1, width);
  for (let i = 1; i <= before.length; i++) {
    const one = before[i - 1]!, isBreak = one === '\n';
    const next = new Uint32Array(width);
    next[0] = row[0]! + (isBreak ? 0 : 1);
    steps[i * width] = 1;
    for (let j = 1; j < width; j++) {
      const other = after[j - 1]!;
      const both = row[j - 1]! + (one === other || (isBreak && /\s/.test(other)) ? 0 : 2), up = row[j]! + (isBreak ? 0 : 1), left = next[j - 1]! + 1;
      next[j] = Math.min(both, up, left);
      steps[i * width + j] = both <= up && both <= left ? 0 : up <= left ? 1 : 2;
    }
    row = next;
  }
  const places = new Map<number, number>();
  for (let i = before.length, j = after.length; i > 0 || j > 0; ) {
    places.set(i, j);
    const step = steps[i * width + j]!;
    if (step !== 2) i--;
    if (step !== 1) j--;
  }
  places.set(0, 0);
  return breaks.map((at) => places.get(at) ?? 0);
}

/** The nearest place where no word is cut; Han, kana and Hangul may be parted anywhere. */
function outsideWords(text: string, at: number): number {
  const isWord = (place: number): boolean => /[\p{L}\p{N}\p{P}]/u.test(text[place] ?? ' ') && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text[place] ?? ' ');
  const isFree = (place: number): boolean => place <= 0 || place >= text.length || !isWord(place - 1) || !isWord(place);
  for (let away = 0; away <= text.length; away++) {
    if (isFree(at - away)) return Math.max(0, at - away);
    if (isFree(at + away)) return Math.min(text.length, at + away);
  }
  return at;
}

/** The text of each line, '' for one of which the text says nothing. `lines` are what was read on them before. */
export function textOverLines(lines: readonly string[], text: string): string[] {
  const written = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  if (written.length === lines.length) return written;
  const after = written.join(' ');
  let at = 0;
  const breaks = lines.slice(0, -1).map((line) => (at += line.length + 1) - 1);
  const cuts = [0, ...breaksIn(lines.join('\n'), breaks, after).map((place) => outsideWords(after, place)), after.length];
  return lines.map((_, index) => after.slice(cuts[index], Math.max(cuts[index]!, cuts[index + 1]!)).trim());
}
