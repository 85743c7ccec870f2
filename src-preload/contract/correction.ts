// What a person changes in the text of a page: one step each, written against the page as the steps before left it. Lines are named
// by their index in reading order. Kept apart from what was recognised.
import { z } from 'zod';
import { line, pageText, regionRole, script } from './document.ts';
import { quad } from './geometry.ts';

const index = z.number().int().nonnegative();
const indexes = z.array(index).min(1);

export const correction = z.discriminatedUnion('kind', [
  /** The line says this. The same text again means: it was right. */
  z.object({ kind: z.literal('set-text'), line: index, text: z.string().min(1).max(10_000) }),
  /** `at` is an offset in the line's text, in UTF-16 units; what follows it becomes the next line. */
  z.object({ kind: z.literal('split'), line: index, at: z.number().int().positive() }),
  /** One line, where the first of them stands. */
  z.object({ kind: z.literal('merge'), lines: z.array(index).min(2) }),
  /** New lines after this one; null: before all others. */
  z.object({ kind: z.literal('add'), after: index.nullable(), with: z.array(line).min(1) }),
  /** Moves or resizes a line's box; its words go along. */
  z.object({ kind: z.literal('place'), line: index, quad }),
  z.object({ kind: z.literal('delete'), lines: indexes }),
  z.object({ kind: z.literal('set-role'), lines: indexes, role: regionRole }),
  /** Reading order: these lines, in their order, stand before that one; null: at the end. */
  z.object({ kind: z.literal('move'), lines: indexes, before: index.nullable() }),
  /** Read anew, one for one: by another recogniser, say. */
  z.object({ kind: z.literal('replace'), lines: indexes, with: z.array(line).min(1) }),
  /** The whole page, read again after it had been corrected. */
  z.object({ kind: z.literal('read-again'), text: pageText }),
]);
export type Correction = z.infer<typeof correction>;

/** What the window may ask for; the others come of readings. */
export const correctionByHand = z.discriminatedUnion('kind', [correction.options[0], correction.options[1], correction.options[2], correction.options[4], correction.options[5], correction.options[6], correction.options[7]]);
export type CorrectionByHand = z.infer<typeof correctionByHand>;

/** Lines that are there and shall be read anew (with that recogniser, or whichever reads best), or a new box. */
export const readingTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lines'), lines: indexes }),
  z.object({ kind: z.literal('box'), quad, after: index.nullable() }),
]);
export const readingChoice = script.nullable();
