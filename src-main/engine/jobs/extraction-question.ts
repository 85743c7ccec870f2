// A schema as a question to a model: what is asked in words, the JSON Schema that the answer is held to, and the answer read back. Knows no
// model; boxes stay in the model's own coordinates.
import { z } from 'zod';
import type { ExtractionSchema, PlainField } from '@contract/extraction.ts';
import type { JsonSchema } from '../../inference/grammar/json-grammar.ts';

export type ModelBox = readonly [number, number, number, number];

/** A page's fields as the model wrote them. */
export interface AnsweredFields {
  readonly fields: Readonly<Record<string, { readonly value: string; readonly bbox_2d: ModelBox | null } | null>>;
  readonly rows: Readonly<Record<string, readonly { readonly bbox_2d: ModelBox | null; readonly cells: Readonly<Record<string, string | null>> }[]>>;
}

const object = (properties: Record<string, JsonSchema>): JsonSchema => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });
const valueSchema = (field: PlainField): JsonSchema => (field.choices ? { enum: field.choices } : { type: 'string' });
/** The key of a row's box: with a blank, as no column has it. */
const rowBox = 'row bbox_2d';

/** @param most the largest coordinate of a box */
export function answerSchema({ fields }: ExtractionSchema, most: number): JsonSchema {
  const box = orNull({ type: 'array', items: { type: 'integer', minimum: 0, maximum: most }, minItems: 4, maxItems: 4 });
  return object(Object.fromEntries(fields.map((field) => [
    field.name,
    field.type === 'rows'
      ? { type: 'array', items: object({ ...Object.fromEntries(field.columns.map((column) => [column.name, orNull(valueSchema(column))])), [rowBox]: box }) }
      : orNull(object({ value: valueSchema(field), bbox_2d: box })),
  ])));
}

function described(field: PlainField): string {
  const hints = field.hints.length > 0 ? `, printed beside ${field.hints.slice(0, 4).map((hint) => `"${hint}"`).join(' or ')}` : '';
  return `${field.name} (${field.choices ? `one of ${field.choices.join(', ')}` : field.type}${hints})`;
}

export function questionText({ name, fields }: ExtractionSchema): string {
  const lines = fields.map((field) => (field.type === 'rows' ? `- ${field.name}: every row of the table, with ${field.columns.map(described).join('; ')}, and ${rowBox}` : `- ${described(field)}`));
  return `The picture is a page of a document (${name}). Read these fields off it:\n${lines.join('\n')}\nAnswer with JSON only. Each value is exactly as it is printed, with bbox_2d: [x1, y1, x2, y2], the box around it. What is not on the page is null.`;
}

/** How much of an answer was written before it had to be ended: whole values at the top, and whole rows of the one after them. */
function wholeParts(written: string): { values: number; rows: number } {
  let [values, rows, depth, inText] = [0, 0, 0, false];
  for (let at = 0; at < written.length; at++) {
    const one = written[at]!;
    if (inText) {
      if (one === '\\') at++;
      else if (one === '"') inText = false;
    } else if (one === '"') inText = true;
    else if (one === '{' || one === '[') depth++;
    else if (one === '}' || one === ']') {
      depth--;
      if (one === '}' && depth === 2) rows++;
    } else if (one === ',' && depth === 1) [values, rows] = [values + 1, 0];
  }
  return { values, rows };
}

type AnsweredValue = { value: string; bbox_2d: ModelBox | null } | null;
type AnsweredRow = Record<string, string | ModelBox | null>;

/** @param ownLength how many characters the model wrote of its own accord; null when all */
export function readAnswer({ fields }: ExtractionSchema, raw: string, ownLength: number | null): AnsweredFields {
  const answer = JSON.parse(raw) as Record<string, AnsweredValue | AnsweredRow[]>;
  const whole = ownLength === null ? { values: Infinity, rows: Infinity } : wholeParts(raw.slice(0, ownLength));
  const found: { fields: Record<string, AnsweredValue>; rows: Record<string, AnsweredFields['rows'][string]> } = { fields: {}, rows: {} };
  for (const [at, field] of fields.entries()) {
    const value = answer[field.name];
    if (field.type !== 'rows') {
      found.fields[field.name] = at < whole.values ? (value as AnsweredValue) : null;
      continue;
    }
    const rows = (value as AnsweredRow[]).slice(0, at < whole.values ? undefined : at === whole.values ? whole.rows : 0);
    found.rows[field.name] = rows.map((row) => ({ bbox_2d: row[rowBox] as ModelBox | null, cells: Object.fromEntries(field.columns.map((column) => [column.name, row[column.name] as string | null])) }));
  }
  return found;
}

const foreignBox = z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable();
const foreignValue = (field: PlainField): z.ZodType<string> => (field.choices ? z.string().refine((value) => field.choices!.includes(value)) : z.string());

/** The answer of somebody who was only told the schema; null when it is no JSON, or has another form. */
export function readForeignAnswer(schema: ExtractionSchema, raw: string): AnsweredFields | null {
  const form = z.object(Object.fromEntries(schema.fields.map((field) => [
    field.name,
    field.type === 'rows'
      ? z.array(z.object({ ...Object.fromEntries(field.columns.map((column) => [column.name, foreignValue(column).nullable()])), [rowBox]: foreignBox }))
      : z.object({ value: foreignValue(field), bbox_2d: foreignBox }).nullable(),
  ])));
  try {
    return form.safeParse(JSON.parse(raw)).success ? readAnswer(schema, raw, null) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
