// Finds the accents of Latin letters, which the recognisers here leave out: é, à, ê, ö, ñ … are letters with a mark of their own above them.
// Knows ink and character positions, no networks.
import type { ReadCharacter } from './ctc.ts';
import { blobsOf, type Blob } from './ink-marks.ts';
import type { LineInk } from './line-ink.ts';
import { centreOf } from './spacing.ts';

/** Letters that have room above them, and which marks print sets there. */
const bearers = /^[aeounc]$/;
/** A mark is this wide and high at most and at least; all in heights of the letter below it. */
const widest = 0.95, highest = 0.62, lowest = 0.16;
/** Blank between the letter and its mark at most. */
const farthest = 0.42;

/** Combining marks; only letters that some language writes become one character with them. */
const combining = { grave: '\u0300', acute: '\u0301', circumflex: '\u0302', tilde: '\u0303', diaeresis: '\u0308' } as const;
type Accent = keyof typeof combining;

/** The accent whose shape the ink above a letter has, or null. */
export function accentOf({ mask, width }: LineInk, marks: readonly Blob[]): Accent | null {
  const [one, other] = marks;
  if (!one || marks.length > 2) return null;
  const across = one.right - one.left + 1, down = one.bottom - one.top + 1;
  if (other) {
    const alike = Math.min(one.area, other.area) >= 0.5 * Math.max(one.area, other.area) && Math.abs(one.top - other.top) <= 0.5 * down;
    return alike && across < 1.6 * down && other.right - other.left + 1 < 1.6 * (other.bottom - other.top + 1) ? 'diaeresis' : null;
  }
  /** Mean place of the ink in a third of the mark, as a share of its width; and how far that third's ink reaches. */
  const third = (from: number, to: number): { middle: number; extent: number } => {
    let sum = 0, count = 0, first = across, last = -1;
    for (let y = one.top + Math.floor(from * down); y < one.top + Math.ceil(to * down); y++) {
      for (let x = 0; x < across; x++) {
        if (!mask[y * width + one.left + x]) continue;
        sum += x + 0.5;
        count++;
        first = Math.min(first, x);
        last = Math.max(last, x);
      }
    }
    return { middle: count ? sum / count / across : 0.5, extent: (last - first + 1) / across };
  };
  const head = third(0, 0.34), foot = third(0.66, 1);
  const lean = head.middle - foot.middle;
  if (lean > 0.22) return 'acute';
  if (lean < -0.22) return 'grave';
  // Wider than high and pointed above.
  if (across > 1.15 * down && head.extent < 0.62 && foot.extent > 0.75) return 'circumflex';
  return across > 2 * down && head.extent > 0.3 ? 'tilde' : null;
}

/** `characters` with the accents whose ink stands above a small letter. */
export function withAccents(characters: readonly ReadCharacter[], ink: LineInk, stepWidth: number): ReadCharacter[] {
  if (!characters.some((one) => bearers.test(one.text))) return [...characters];
  const blobs = blobsOf(ink).filter((blob) => blob.area >= 4);
  const letters = blobs.filter((blob) => blob.bottom - blob.top + 1 >= 0.3 * ink.inkHeight);
  return characters.map((one) => {
    if (!bearers.test(one.text)) return one;
    const x = centreOf(one, stepWidth);
    const letter = letters.filter((blob) => x >= blob.left - 2 && x <= blob.right + 2).sort((a, b) => b.bottom - a.bottom)[0];
    if (!letter) return one;
    const high = letter.bottom - letter.top + 1, wide = letter.right - letter.left + 1;
    // A blob of several letters says nothing about where one of them stands.
    if (wide > 1.5 * high) return one;
    const marks = blobs.filter((blob) => blob !== letter && blob.bottom < letter.top + 2 && letter.top - blob.bottom <= farthest * high
      && blob.right - blob.left + 1 <= widest * high && blob.bottom - blob.top + 1 <= highest * high && blob.bottom - blob.top + 1 >= lowest * high && blob.top > 0
      && (blob.left + blob.right) / 2 > letter.left && (blob.left + blob.right) / 2 < letter.right);
    const accent = accentOf(ink, marks.sort((a, b) => a.left - b.left));
    const text = accent && `${one.text}${combining[accent]}`.normalize('NFC');
    return text && text.length === 1 && isWritten(text) ? { ...one, text } : one;
  });
}

/** Letters of Western European languages. */
const isWritten = (text: string): boolean => 'àáâãäèéêëòóôõöùúûüñć'.includes(text);
