// What comparing gives: which pages belong together, how they lie on one another, and every change with its place on both sides.
import { z } from 'zod';
import { answerer } from './conversation.ts';
import { documentId, pageId } from './document.ts';
import { wireError } from './errors.ts';
import { quad } from './geometry.ts';

export const changeKind = z.enum(['changed', 'inserted', 'removed', 'moved', 'picture']);
export type ChangeKind = z.infer<typeof changeKind>;

/** A change as one page shows it. `text` is empty where nothing stands (the place where it would stand is given all the same). */
export const changeSide = z.object({ quad, text: z.string() });
export type ChangeSide = z.infer<typeof changeSide>;

export const change = z.object({
  kind: changeKind,
  before: changeSide,
  after: changeSide,
  confidence: z.number().min(0).max(1),
  /** The readings differ but the pixels hardly do, or the recogniser was unsure: listed apart. */
  doubtful: z.boolean(),
  /** Cell of a table: the change concerns it and no other. */
  cell: z.boolean(),
});
export type Change = z.infer<typeof change>;

/** Row by row, last entry 1: takes page pixels of the page before to page pixels of the page after. */
export const pageMatrix = z.array(z.number().finite()).length(9);
export type PageMatrix = z.infer<typeof pageMatrix>;

/** How two pages were laid on one another. 'none': nothing on them agrees, `matrix` only brings them to one size. */
export const alignment = z.object({
  method: z.enum(['text', 'picture', 'none']),
  matrix: pageMatrix,
  /** Median distance of what agrees, in pixels of the page after. */
  errorPixels: z.number().nonnegative(),
});
export type Alignment = z.infer<typeof alignment>;

export const pageComparison = z.object({ alignment, changes: z.array(change) });
export type PageComparison = z.infer<typeof pageComparison>;

/** Pages of two documents that belong together; null where a page has no counterpart. Indexes count from 0. */
export const pagePair = z.object({
  before: z.number().int().nonnegative().nullable(),
  after: z.number().int().nonnegative().nullable(),
  /** The page stands elsewhere among its neighbours. */
  moved: z.boolean(),
  similarity: z.number().min(0).max(1),
});
export type PagePair = z.infer<typeof pagePair>;

/** One page of what is compared: the document's name and the page's index in it. */
export const comparedPage = z.object({ name: z.string(), pageIndex: z.number().int().nonnegative(), pageCount: z.number().int().positive() });
export type ComparedPage = z.infer<typeof comparedPage>;

/** A pair of pages as it is told and exported; `comparison` is null where a page has no counterpart. */
export const comparedPair = z.object({ before: comparedPage.nullable(), after: comparedPage.nullable(), moved: z.boolean(), comparison: pageComparison.nullable() });
export type ComparedPair = z.infer<typeof comparedPair>;

/** One side of a change that a model named. */
export const namedSide = z.object({
  /** Null when neither the model nor a difference says where it is. */
  quad: quad.nullable(),
  text: z.string(),
  /** Who gave the place: the model, the other page's place laid on this one, or the difference that bears the change out. */
  placedBy: z.enum(['model', 'alignment', 'difference']).nullable(),
});
export type NamedSide = z.infer<typeof namedSide>;

/** A change as a model named it, held against what was found without it. */
export const namedChange = z.object({
  /** In the model's words. */
  text: z.string(),
  before: namedSide,
  after: namedSide,
  /** The differences (indexes into the pair's changes) that bear it out. None: unconfirmed. */
  confirmedBy: z.array(z.number().int().nonnegative()),
});
export type NamedChange = z.infer<typeof namedChange>;

/** What was made of an answer to "what differs?"; `unnamed`: changes without doubt of which it says nothing. */
export const checkedAnswer = z.object({ named: z.array(namedChange), unnamed: z.array(z.number().int().nonnegative()) });
export type CheckedAnswer = z.infer<typeof checkedAnswer>;

/** What a model sees between two pages. */
export const modelView = checkedAnswer.extend({
  answererName: z.string(),
  /** What it wrote, whole. */
  answer: z.string(),
  /** It was cut off before its end. */
  isCut: z.boolean(),
  totalMs: z.number().nonnegative(),
});
export type ModelView = z.infer<typeof modelView>;

export const comparisonId = z.string().min(1);

/** What a person decided about a change. */
export const review = z.object({ verdict: z.enum(['open', 'accepted', 'dismissed']), note: z.string().max(4000) });
export type Review = z.infer<typeof review>;

/** A whole document, or one page of one. */
export const compareTarget = z.object({ documentId, pageId: pageId.nullable() });
export type CompareTarget = z.infer<typeof compareTarget>;

/** A comparison that is kept in the library. 'reading': it waits until every page is read. */
export const comparison = z.object({
  id: comparisonId,
  before: compareTarget,
  after: compareTarget,
  status: z.enum(['reading', 'comparing', 'done', 'stopped', 'failed']),
  error: wireError.nullable(),
  /** Pairs that are compared, of all. */
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  createdAt: z.number().int(),
});
export type Comparison = z.infer<typeof comparison>;

/** Two pages of the library that were compared (or are to be); `reviews` holds one for every change. */
export const keptPair = z.object({
  position: z.number().int().nonnegative(),
  before: z.object({ pageId, pageIndex: z.number().int().nonnegative() }).nullable(),
  after: z.object({ pageId, pageIndex: z.number().int().nonnegative() }).nullable(),
  moved: z.boolean(),
  comparison: pageComparison.nullable(),
  reviews: z.array(review),
  modelView: modelView.nullable(),
  error: wireError.nullable(),
});
export type KeptPair = z.infer<typeof keptPair>;

/** By this the answer of a model about a pair goes to the window while it is written (`JobStarted.messageId`). */
export const modelViewKey = (comparisonId: string, position: number): string => `compare ${comparisonId} ${position}`;

export const reportFormat = z.enum(['html', 'pdf', 'json']);
export type ReportFormat = z.infer<typeof reportFormat>;

/** Who can look at pictures: the built-in reader cannot. */
export const modelAnswerer = answerer.refine((one) => one.kind !== 'reader', 'a model or a server');

const opened = z.object({ comparison, pairs: z.array(keptPair) });

export const compareRequests = {
  /** Compares, or opens what was compared before; `again` forgets that, reviews included. Pairs come through events. */
  'compare.start': { input: z.object({ before: compareTarget, after: compareTarget, again: z.boolean().default(false) }), result: opened },
  'compare.stop': { input: z.object({ comparisonId }), result: z.object({}) },
  'compare.review': { input: z.object({ comparisonId, position: z.number().int().nonnegative(), change: z.number().int().nonnegative(), review }), result: keptPair },
  /** Asks a model what differs on these two pages, holds its answer against the changes found, and keeps both. `compare.stop` ends it. */
  'compare.ask-model': { input: z.object({ comparisonId, position: z.number().int().nonnegative(), answerer: modelAnswerer }), result: keptPair },
  /** What changed, in sentences made from the list of changes alone. */
  'compare.summary': { input: z.object({ comparisonId }), result: z.object({ text: z.string() }) },
  /** Asks where to, writes one file. Null when the user closed the dialog. */
  'compare.export': { input: z.object({ comparisonId, format: reportFormat }), result: z.object({ file: z.string() }).nullable() },
} as const;
