// How large a line is set, from its box and the letters in it: how far they run says it best, how high they stand helps ("on" is lower than
// "Og" in the same print). Knows no pixels.

const ideograph = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60]/u;
const hangul = /\p{Script=Hangul}/u;
/** Letters and figures that reach over the height of an x. */
const tall = /[\p{Lu}\p{N}bdfhijklt|()[\]{}/\\!?%&$£€¥'"@#]/u;
const raised = /[\u00b2\u00b3\u00b9\u2070-\u2079]/u;
/** What hangs under the baseline. */
const deep = /[gjpqy,;()[\]{}|/\\@Q$]/u;
const narrow = /[iljtfrI1.,;:'"|!()[\]\s·-]/u;
const wide = /[mwMW@%&—…]/u;

/** Shares of the font size: a box that is cut around ink has a little air on both sides. */
const air = 0.16;
const reach = { ideograph: 0.92, hangul: 0.9, tall: 0.74, low: 0.52, raised: 0.92, deep: 0.22 } as const;
/** So many letters say more by their width than by their height. */
const fewLetters = 6;

function advanceOf(letter: string): number {
  if (ideograph.test(letter)) return 1;
  if (hangul.test(letter)) return 0.92;
  return narrow.test(letter) ? 0.3 : wide.test(letter) ? 0.86 : /[\p{Lu}]/u.test(letter) ? 0.66 : 0.55;
}

/** The font size of a line in the unit of its box, which is cut around the ink; NaN when the text does not tell. */
export function textSize(text: string, boxWidth: number, boxHeight: number): number {
  const letters = [...text];
  if (!letters.some((letter) => /[\p{L}\p{N}]/u.test(letter))) return Number.NaN;
  const over = ideograph.test(text) ? reach.ideograph : hangul.test(text) ? reach.hangul : (raised.test(text) ? reach.raised : tall.test(text) ? reach.tall : reach.low) + (deep.test(text) ? reach.deep : 0);
  const byHeight = boxHeight / (over + air);
  const byWidth = boxWidth / letters.reduce((sum, letter) => sum + advanceOf(letter), 0.1);
  const trust = letters.length >= fewLetters ? 0.7 : 0.35;
  return byWidth ** trust * byHeight ** (1 - trust);
}

/** For boxes that a file gives for its own text: from the font's ascent to its descent, whatever the letters. */
export const declaredSize = (boxHeight: number): number => boxHeight / 1.12;
