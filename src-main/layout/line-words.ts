// Where the words of a line stand in its text: between some of them is a space, between Han and kana there is none.
import type { Line, Word } from '@contract/document.ts';

export interface PlacedWord {
  readonly word: Word;
  /** [start, end) in the line's text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** The words with their places, or null when they do not spell the line: its text was corrected after they were found. */
export function placedWords(line: Pick<Line, 'text' | 'words'>): PlacedWord[] | null {
  const places: PlacedWord[] = [];
  let at = 0;
  for (const word of line.words) {
    while (at < line.text.length && /\s/.test(line.text[at]!)) at++;
    if (!line.text.startsWith(word.text, at)) return null;
    places.push({ word, start: at, end: at + word.text.length });
    at += word.text.length;
  }
  return places.length > 0 && line.text.slice(at).trim() === '' ? places : null;
}
