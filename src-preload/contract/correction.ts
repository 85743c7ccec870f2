// What a person changes in the text of a page: one step each, written against the page as the steps before left it. Lines are named
// by their index in reading order. Kept apart from what was recognised.
import { z } from 'zod';
import { line, pageText, regionRole, script } from './document.ts';
import { quad } from './geometry.ts';
import { cellSpan, tableGrid } from './table.ts';

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
  /** These lines are one table; its rows and columns follow from where they stand. */
  z.object({ kind: z.literal('make-table'), lines: indexes }),
  /** A table's ruling lines and merged cells. Lines of the page whose middle lies in the grid belong to it, others leave it. */
  z.object({ kind: z.literal('shape-table'), region: index, grid: tableGrid, merged: z.array(cellSpan) }),
  /** What a cell says, a line of it per line of text; '' empties it. */
  z.object({ kind: z.literal('set-cell'), region: index, row: index, column: index, text: z.string().max(10_000) }),
  /** A figure that a person drew: lines whose middle lies in it belong to it. Without any it stands after the region of this line; null: before all others. */
  z.object({ kind: z.literal('add-figure'), quad, after: index.nullable() }),
  /** Moves or resizes a figure; which lines belong to it follows. */
  z.object({ kind: z.literal('place-figure'), region: index, quad }),
  /** What is taken for a figure is none: its lines are a paragraph. */
  z.object({ kind: z.literal('delete-figure'), region: index }),
  /** Reading order: the figure takes this place among the regions. */
  z.object({ kind: z.literal('move-figure'), region: index, to: index }),
  /** Read anew, one for one: by another recogniser, say. */
  z.object({ kind: z.literal('replace'), lines: indexes, with: z.array(line).min(1) }),
  /** The whole page, read again after it had been corrected. */
  z.object({ kind: z.literal('read-again'), text: pageText }),
]);
export type Correction = z.infer<typeof correction>;

/** What the window may ask for; the others come of readings. */
const { options } = correction;
export const correctionByHand = z.discriminatedUnion('kind', [options[0], options[1], options[2], options[4], options[5], options[6], options[7], options[8], options[9], options[10], options[11], options[12], options[13], options[14]]);
export type CorrectionByHand = z.infer<typeof correctionByHand>;

/** Lines that are there and shall be read anew (with that recogniser, or whichever reads best), or a new box. */
export const readingTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lines'), lines: indexes }),
  z.object({ kind: z.literal('box'), quad, after: index.nullable() }),
]);
export const readingChoice = script.nullable();
