// What the built-in reader answers to a question about recognised text: its words, where on which page they come from, and why.
import { z } from 'zod';
import { pageId } from './document.ts';
import { quad } from './geometry.ts';

/** A place that an answer rests on; `start` and `end` are characters of the answer's text. */
export const readerGrounding = z.object({
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  /** The label that the value stands at, as printed. */
  label: z.string().nullable(),
  pageId,
  quad,
});
export type ReaderGrounding = z.infer<typeof readerGrounding>;

/**
 * value: one value for a key; cell: of a table, by row and column; fields: every key with its value; places: where something stands;
 * count: how many pages; text: the page read out; absent: looked for and not there; beyond: not a question that recognised text answers.
 */
export const readerAnswerKind = z.enum(['value', 'cell', 'fields', 'places', 'count', 'text', 'absent', 'beyond']);
export type ReaderAnswerKind = z.infer<typeof readerAnswerKind>;

export const readerAnswer = z.object({
  text: z.string(),
  /** False for `absent` and `beyond`. */
  found: z.boolean(),
  groundings: z.array(readerGrounding),
  /** One sentence, in the language of the question: how the answer was found. */
  explanation: z.string(),
  kind: readerAnswerKind,
});
export type ReaderAnswer = z.infer<typeof readerAnswer>;
