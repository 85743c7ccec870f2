// What is wanted of documents and what was found: schemas of named fields and rows, and the values with their places. A schema
// that contradicts itself does not parse, and says in which field.
import { z } from 'zod';
import { documentId, pageId } from './document.ts';
import { wireError } from './errors.ts';
import { pagePoint, quad } from './geometry.ts';

export const fieldType = z.enum(['text', 'amount', 'date', 'number', 'identifier', 'phone', 'email', 'choice']);
export type FieldType = z.infer<typeof fieldType>;

/** Letters, digits, `_` and `-`: a key in JSON, a head in CSV. */
const fieldName = z.string().regex(/^[\p{L}_][\p{L}\p{N}_-]{0,63}$/u, 'a name starts with a letter and has letters, digits, _ and - only');

const plainField = z.object({
  name: fieldName,
  type: fieldType,
  /** Labels that the value stands at, besides those that the name implies. */
  hints: z.array(z.string().trim().min(1).max(80)).max(50).default([]),
  required: z.boolean().default(false),
  /** The whole value must match. */
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  choices: z.array(z.string().trim().min(1)).optional(),
  /** ISO code: an amount that names no currency is in this one, one that names another does not fit. */
  currency: z.string().regex(/^[A-Z]{3}$/, 'a currency is three capital letters, such as EUR').optional(),
});
export type PlainField = z.infer<typeof plainField>;

const rowsField = z.object({ name: fieldName, type: z.literal('rows'), hints: plainField.shape.hints, required: z.boolean().default(false), columns: z.array(plainField).min(1).max(30) });
export type RowsField = z.infer<typeof rowsField>;

export const extractionField = z.union([plainField, rowsField]);
export type ExtractionField = z.infer<typeof extractionField>;

/** `left` adds up to one of the sums in `right`: "lines.amount" is a column's sum, "-discount" takes away. */
const sumRule = z.object({ left: z.array(z.string()).min(1), right: z.array(z.array(z.string()).min(1)).min(1), tolerance: z.number().nonnegative().default(0.01) });
export type SumRule = z.infer<typeof sumRule>;

const numeric: ReadonlySet<string> = new Set(['amount', 'number']);

type Say = (path: (string | number)[], message: string) => void;

function checkPlain(field: PlainField, path: (string | number)[], say: Say): void {
  if (field.type === 'choice' && !field.choices?.length) say(path, `"${field.name}" is a choice without choices`);
  if (field.type !== 'choice' && field.choices) say(path, `"${field.name}" has choices and is no choice`);
  if (field.choices && new Set(field.choices).size < field.choices.length) say(path, `"${field.name}" has a choice twice`);
  if (!numeric.has(field.type) && (field.minimum !== undefined || field.maximum !== undefined)) say(path, `"${field.name}" has a minimum or maximum and is no number`);
  if (field.type !== 'amount' && field.currency !== undefined) say(path, `"${field.name}" has a currency and is no amount`);
  if (field.minimum !== undefined && field.maximum !== undefined && field.minimum > field.maximum) say(path, `"${field.name}" has a minimum above its maximum`);
  if (field.pattern === undefined) return;
  try {
    const pattern = new RegExp(field.pattern, 'u');
    if (field.choices && !field.choices.some((choice) => pattern.test(choice))) say(path, `no choice of "${field.name}" matches its pattern`);
  } catch {
    say(path, `the pattern of "${field.name}" is no regular expression`);
  }
}

export const extractionSchema = z
  .object({
    name: z.string().trim().min(1).max(100),
    fields: z.array(extractionField).min(1).max(100),
    sums: z.array(sumRule).default([]),
  })
  .superRefine((schema, context) => {
    const say: Say = (path, message) => context.addIssue({ code: 'custom', path, message });
    const names = new Set<string>();
    const sums = new Map<string, boolean>();
    schema.fields.forEach((field, at) => {
      if (names.has(field.name)) say(['fields', at], `"${field.name}" is there twice`);
      names.add(field.name);
      if (field.type !== 'rows') {
        checkPlain(field, ['fields', at], say);
        sums.set(field.name, numeric.has(field.type));
        return;
      }
      const columns = new Set<string>();
      field.columns.forEach((column, columnAt) => {
        if (columns.has(column.name)) say(['fields', at, 'columns', columnAt], `"${field.name}" has the column "${column.name}" twice`);
        columns.add(column.name);
        checkPlain(column, ['fields', at, 'columns', columnAt], say);
        sums.set(`${field.name}.${column.name}`, numeric.has(column.type));
      });
    });
    schema.sums.forEach((rule, at) => {
      for (const term of [...rule.left, ...rule.right.flat()]) {
        const name = term.replace(/^-/, '');
        if (!sums.has(name)) say(['sums', at], `a sum names "${name}", which is no field`);
        else if (!sums.get(name)) say(['sums', at], `a sum names "${name}", which is no number`);
      }
    });
  });
export type ExtractionSchema = z.infer<typeof extractionSchema>;

/** Who gave a value. */
export const valueSource = z.enum(['reader', 'model']);
export type ValueSource = z.infer<typeof valueSource>;

export const valueReading = z.object({
  /** As printed. */
  text: z.string(),
  /** Comparable: a number, 2025-03-14, or the text. */
  value: z.union([z.string(), z.number()]),
  /** ISO code, where the page names one. */
  currency: z.string().nullable(),
  /** Where it stands; empty when a person typed it, or when it stands nowhere. */
  places: z.array(z.object({ pageId, quad })),
  /** The label that it stands at, as printed. */
  label: z.string().nullable(),
  /**
   * found: it stands on the page; invalid: it does not fit the schema; typed: a person wrote it. Of a model's values also differs: something
   * else stands at its place; not-on-page; unchecked: the page is not read.
   */
  mark: z.enum(['found', 'invalid', 'typed', 'differs', 'not-on-page', 'unchecked']),
  /** Both where they agree; nobody when a person typed it. */
  by: z.array(valueSource).default(['reader']),
  /** What stands at its place, where that differs. */
  read: z.string().nullable().default(null),
});
export type ValueReading = z.infer<typeof valueReading>;

export const extractedValue = valueReading.extend({
  /** What the other one read, where built-in reader and model disagree. */
  other: valueReading.nullable().default(null),
});
export type ExtractedValue = z.infer<typeof extractedValue>;

export const extractedRow = z.record(z.string(), extractedValue.nullable());
export type ExtractedRow = z.infer<typeof extractedRow>;

export const extractionProblem = z.object({
  /**
   * missing: required and not there; pattern, range, choice, currency: a value against its field; unfounded: a model's value that the page
   * does not bear out; sum: figures that do not add up; blank: no text at all; cut: the model's answer had to be ended before its last field.
   */
  kind: z.enum(['missing', 'pattern', 'range', 'choice', 'currency', 'unfounded', 'sum', 'blank', 'cut']),
  /** The field, `rows.column` of a column, or of a sum its terms. */
  field: z.string(),
  /** What a sum is and what it should be, or the value that does not fit. */
  detail: z.string(),
});
export type ExtractionProblem = z.infer<typeof extractionProblem>;

/** What one document gives for a schema: every field of it, null where the page has none. */
export const extraction = z.object({
  fields: z.record(z.string(), extractedValue.nullable()),
  rows: z.record(z.string(), z.array(extractedRow)),
  problems: z.array(extractionProblem),
  /** The model, or the server, that read the document beside the built-in reader. */
  model: z.object({ id: z.string(), name: z.string() }).nullable().default(null),
  /** Tables of which the two read different numbers of rows, as the other one read them. */
  otherRows: z.record(z.string(), z.array(extractedRow)).default({}),
});
export type Extraction = z.infer<typeof extraction>;

/** One document's extraction, or why there is none. */
export const documentExtraction = z.object({ documentId, extraction: extraction.nullable(), error: wireError.nullable() });
export type DocumentExtraction = z.infer<typeof documentExtraction>;

/** A value of a field, or of a column in a row. */
const valuePlace = z.object({ field: z.string(), cell: z.object({ row: z.number().int().nonnegative(), column: z.string() }).nullable() });
/** What a person did to a value: typed another text (an empty one takes it away), or took the other reading; of a table, the other's rows. */
export const extractionChange = z.union([valuePlace.extend({ text: z.string() }), valuePlace.extend({ take: z.literal('other') })]);
export type ExtractionChange = z.infer<typeof extractionChange>;

/** A field guessed from a value that somebody pointed at; of a cell of a table, a field of rows. */
export const guessedField = z.object({ field: extractionField, text: z.string(), places: z.array(quad) });
export type GuessedField = z.infer<typeof guessedField>;

export const extractionFormat = z.enum(['csv', 'xlsx', 'json']);
export type ExtractionFormat = z.infer<typeof extractionFormat>;

/** `bundled` ones come with Lectern and cannot be changed. Schemas go by their name. */
export const keptSchema = z.object({ schema: extractionSchema, bundled: z.boolean() });
export type KeptSchema = z.infer<typeof keptSchema>;

const name = z.string();
export const extractionRequests = {
  'extraction.schemas': { input: z.object({}), result: z.array(keptSchema) },
  /** A schema of ours or a JSON Schema, as text. @throws schema-invalid */
  'extraction.save-schema': { input: z.object({ json: z.string() }), result: keptSchema },
  /** Name, type and label of the value at a point of a page; null when there is no text. */
  'extraction.guess-field': { input: z.object({ pageId, at: pagePoint }), result: guessedField.nullable() },
  'extraction.delete-schema': { input: z.object({ name }), result: z.object({}) },
  /**
   * What was kept for the document is given as it is, unless `again`, or another model is to read it too (`modelId`: an installed one or a server; null: none; left
   * out: as kept). What was typed stays when a model is added or left out.
   */
  'extraction.run': { input: z.object({ schema: name, documentId, modelId: z.string().nullable().optional(), again: z.boolean() }), result: documentExtraction },
  /** Ends the reading of a document by a model. */
  'extraction.stop': { input: z.object({}), result: z.object({}) },
  'extraction.change': { input: z.object({ schema: name, documentId, change: extractionChange }), result: documentExtraction },
  /** Null when the user closed the dialog. */
  'extraction.export': { input: z.object({ schema: name, documentIds: z.array(documentId).min(1), format: extractionFormat }), result: z.object({ file: z.string() }).nullable() },
} as const;
