// The jobs that the engine process runs, their inputs and results, and the moments it reports while running.
import { z } from 'zod';
import { answerSectionPlace } from './answer-sections.ts';
import { checkedAnswer, pageComparison, pagePair } from './compare.ts';
import { messageGrounding } from './conversation.ts';
import { fileFormat, line, pageId, pageNote, pageText, script } from './document.ts';
import { endpointAnswer, endpointQuestion, endpointRequests, reachedEndpoint } from './endpoint.ts';
import { wireError } from './errors.ts';
import { extraction, extractionChange, extractionSchema, guessedField } from './extraction.ts';
import { pagePoint, quad, rotation } from './geometry.ts';
import { modelForecast, modelsDescription, modelSource } from './installed-models.ts';
import { readerAnswer } from './reader-answer.ts';
import { answer, compiledModel, compileRequest, downloadRequest, grounding, loadedModel, modelChoice, plannedQuestion, question, questionMessage, shownPage } from './model.ts';

/** A page of a file on disk, as the engine finds it. */
export const pageSource = z.object({ path: z.string(), format: fileFormat, pageIndex: z.number().int().nonnegative(), password: z.string().optional() });
export type PageSource = z.infer<typeof pageSource>;

/** A page whose fields somebody is to read off its picture. */
const extractionPage = z.object({ pageId, index: z.number().int().nonnegative(), source: pageSource, rotation, text: pageText.nullable() });

/**
 * One page made ready for display. `displayFile` is null when the window can draw the original itself
 * (single-page PNG, JPEG, WebP, AVIF, GIF of moderate size); else a file that the engine draws, at the latest when it is looked at.
 */
export const preparedPage = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  displayFile: z.string().nullable(),
  thumbnailFile: z.string(),
  notes: z.array(pageNote),
});
export type PreparedPage = z.infer<typeof preparedPage>;

/** A place on a page that an answer points at, before the recognised text was asked about it. */
export const placedGrounding = messageGrounding.pick({ start: true, end: true, label: true, pageId: true, kind: true, isUnsure: true }).extend({ quad });
export type PlacedGrounding = z.infer<typeof placedGrounding>;

/** A page with what was recognised on it; null while it is unread. */
export const recognisedPage = z.object({ pageId, text: pageText.nullable() });
export type RecognisedPage = z.infer<typeof recognisedPage>;

/** A page with the text that is laid over it. */
export const writtenPage = z.object({ pageIndex: z.number().int().nonnegative(), text: pageText });
export type WrittenPage = z.infer<typeof writtenPage>;

export const jobs = {
  /** Looks into a file: how many pages, how large. Draws single pictures, and all pages of a file with a password, into `outputFolder`. */
  'prepare-document': {
    input: z.object({ path: z.string(), format: fileFormat, outputFolder: z.string(), password: z.string().optional() }),
    result: z.object({ pages: z.array(preparedPage) }),
  },
  /** Draws one page into `file` (WebP), reduced until its long side is at most `longSide` pixels. */
  'draw-page': {
    input: z.object({ source: pageSource, file: z.string(), longSide: z.number().int().positive() }),
    result: z.object({}),
  },
  /** Reads the text of one page. `rotation: null` means: find it. */
  'read-page': {
    input: z.object({ source: pageSource, rotation: rotation.nullable() }),
    result: pageText,
  },
  /**
   * Writes a document as a searchable PDF. `whole`: all its pages, also those without text; else only the given ones. Many pages come by way of a file, a line of JSON
   * each: five hundred in one message would hold the sender up for half a second.
   */
  'write-pdf': {
    input: z.object({
      path: z.string(), format: fileFormat, title: z.string(), whole: z.boolean(), outputFile: z.string(), overwrite: z.boolean(), password: z.string().optional(),
      pages: z.union([z.array(writtenPage), z.object({ file: z.string() })]),
    }),
    result: z.object({}),
  },
  /** Finds what changed between two pages; reads those whose text is not given. */
  'compare-pages': {
    input: z.object({ before: z.object({ source: pageSource, text: pageText.nullable() }), after: z.object({ source: pageSource, text: pageText.nullable() }) }),
    result: pageComparison,
  },
  /** Reads boxes of a page, one line each (`split`: as many as there are), with one recogniser or whichever reads best. */
  'read-region': {
    input: z.object({ source: pageSource, quads: z.array(quad).min(1), rotation, script: script.nullable(), split: z.boolean() }),
    result: z.object({ lines: z.array(line) }),
  },
  /** Pairs the pages of two documents by what stands on them; `picture` is a file, null where the text is enough. */
  'match-pages': {
    input: z.object({ before: z.array(z.object({ text: z.string(), picture: z.string().nullable() })), after: z.array(z.object({ text: z.string(), picture: z.string().nullable() })) }),
    result: z.object({ pairs: z.array(pagePair) }),
  },
  /** What a model said differs, held against the changes found: places on both pages, and which of it is confirmed. */
  'check-changes': { input: z.object({ text: z.string(), groundings: z.array(grounding), comparison: pageComparison }), result: checkedAnswer },
  /** Cuts places out of one page, upright, each into a PNG file in `folder` whose name begins with `name`; `frames`: with one around each (dashed where something is missing) and what surrounds it; null: the places alone. `longSide`: no larger; null: in all their pixels. */
  'crop-page': {
    input: z.object({ source: pageSource, rotation, quads: z.array(quad), frames: z.array(z.enum(['solid', 'dashed'])).nullable(), longSide: z.number().int().positive().nullable(), folder: z.string(), name: z.string() }),
    result: z.object({ files: z.array(z.string()) }),
  },
  /** Compiles a Hugging Face checkpoint folder into a package below `root`. */
  'compile-model': { input: compileRequest, result: compiledModel },
  /** Downloads a checkpoint by repository id below `root`; goes on where an earlier attempt stopped. */
  'download-model': { input: downloadRequest, result: z.object({ folder: z.string() }) },
  /** What a checkpoint will take, from its headers or from the server's list of files. */
  'forecast-model': { input: z.object({ source: modelSource, root: z.string() }), result: modelForecast },
  /** The packages below `root`, what they need, and what this machine runs them on. */
  'describe-models': { input: z.object({ root: z.string() }), result: modelsDescription },
  /** Gives the open model's memory back. */
  'unload-model': { input: z.object({}), result: z.object({}) },
  /** Opens a package so that the next question need not wait for it. */
  'load-model': { input: modelChoice, result: loadedModel },
  /** What a question would send and take, by the rules that answering it follows; decodes and opens nothing. `sizes` are those of the stored pages, in the order of the parts. */
  'plan-question': {
    input: z.object({
      by: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('model'), model: modelChoice, maxNewTokens: z.number().int().positive().optional(), numberPictures: z.boolean().optional() }),
        z.object({ kind: z.literal('endpoint'), tokenSide: z.number().int().positive(), maxImageTokens: z.number().int().positive(), mostImageTokens: z.number().int().positive(), model: z.string(), contextTokens: z.number().int().positive().nullable() }),
      ]),
      messages: z.array(questionMessage).min(1),
      sizes: z.array(z.object({ width: z.number().int().positive(), height: z.number().int().positive() })),
    }),
    result: plannedQuestion,
  },
  /** Answers a question about pages; text and places come as moments while it runs. */
  answer: { input: question, result: answer },
  /** The same by a server; runs beside a model's answers. */
  'answer-from-endpoint': { input: endpointQuestion, result: endpointAnswer },
  /** Answers from recognised text alone: the built-in reader. */
  /** `document` is the name of a page's file, where several documents are asked. */
  'answer-from-text': {
    input: z.object({ question: z.string(), pages: z.array(z.object({ pageId, index: z.number().int().nonnegative(), document: z.string().optional(), text: pageText })) }),
    result: readerAnswer,
  },
  /** Fields and rows of one document by a schema, from recognised text. */
  'extract-fields': { input: z.object({ schema: extractionSchema, pages: z.array(z.object({ pageId, index: z.number().int().nonnegative(), text: pageText })) }), result: extraction },
  /** The same by a model too, whose answer is held to the schema; both are joined. `rotation` is the turn that makes a page upright. */
  'extract-by-model': {
    input: z.object({ model: modelChoice, schema: extractionSchema, pages: z.array(extractionPage) }),
    result: extraction,
  },
  /** The same by a server, which was given leave to see the pages. */
  'extract-by-endpoint': {
    input: z.object({ endpointId: z.string(), endpoint: reachedEndpoint, schema: extractionSchema, pages: z.array(extractionPage) }),
    result: extraction,
  },
  /** What field the value at a point of a page would be. */
  'guess-field': { input: z.object({ pageId, index: z.number().int().nonnegative(), text: pageText, at: pagePoint }), result: z.object({ guessed: guessedField.nullable() }) },
  /** Puts a value that a person typed into an extraction and checks it anew. */
  'change-extraction': { input: z.object({ schema: extractionSchema, extraction, change: extractionChange }), result: extraction },
  /** Compares an answer's values with the recognised text under their boxes, and looks for those that have none. */
  'check-answer': {
    input: z.object({ text: z.string(), groundings: z.array(placedGrounding), pages: z.array(recognisedPage) }),
    result: z.object({ groundings: z.array(messageGrounding) }),
  },
  /** A page with the places of an answer drawn on it, as PNG. */
  'draw-answer': {
    input: z.object({ page: shownPage, places: z.array(z.object({ quad, number: z.number().int().positive(), state: z.enum(['found', 'differs', 'not-on-page', 'unchecked']) })), file: z.string(), overwrite: z.boolean() }),
    result: z.object({}),
  },
  'check-endpoint': { input: z.object({ endpoint: reachedEndpoint }), result: endpointRequests['endpoint.check'].result },
} as const;

export type JobKind = keyof typeof jobs;
export type JobInput<K extends JobKind> = z.infer<(typeof jobs)[K]['input']>;
export type JobResult<K extends JobKind> = z.infer<(typeof jobs)[K]['result']>;

export const jobStage = z.enum(['waiting', 'decoding', 'detecting', 'orienting', 'recognising', 'arranging', 'writing', 'loading', 'compiling', 'prefilling', 'generating', 'downloading', 'comparing']);
export type JobStage = z.infer<typeof jobStage>;

/** What the engine posts to the window over the job's own port. Closing the port does not cancel; 'cancel' from the window does. */
export const jobMoment = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), stage: jobStage, fraction: z.number().min(0).max(1), detail: z.string().optional() }),
  /** Text to append to the answer. */
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('grounding'), grounding }),
  z.object({ type: z.literal('done') }),
  z.object({ type: z.literal('failed'), error: wireError }),
]);
export type JobMoment = z.infer<typeof jobMoment>;

/** What the window may say back over the same port. */
export const jobControl = z.discriminatedUnion('type', [z.object({ type: z.literal('cancel') })]);
export type JobControl = z.infer<typeof jobControl>;

/** Sent with a port to the window when a job starts that concerns something it shows. */
export const jobStarted = z.object({
  jobId: z.string(), kind: z.string(), documentId: z.string().nullable(), pageId: z.string().nullable(), messageId: z.string().nullable(),
  /** Of an answer: the pages that its places number. */
  pageIds: z.array(z.string()),
  /** Of an answer that is written by several jobs: which part of it this one writes. */
  section: answerSectionPlace.nullable(),
});
export type JobStarted = z.infer<typeof jobStarted>;
