// Extraction schemas as JSON Schema and back, for whoever already has one. What JSON Schema cannot say (hints, sums) travels in
// `x-` keys. @source JSON Schema 2020-12
import { extractionSchema, type ExtractionSchema, type PlainField } from './extraction.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };
type JsonObject = { [key: string]: Json | undefined };

const isObject = (json: unknown): json is JsonObject => typeof json === 'object' && json !== null && !Array.isArray(json);

function plainOut(field: PlainField): JsonObject {
  const number = field.type === 'amount' || field.type === 'number';
  return {
    type: number ? ['number', 'null'] : ['string', 'null'],
    ...(field.type === 'date' && { format: 'date' }),
    ...(field.type === 'email' && { format: 'email' }),
    ...(field.choices && { enum: [...field.choices, null] }),
    ...(field.pattern !== undefined && { pattern: field.pattern }),
    ...(field.minimum !== undefined && { minimum: field.minimum }),
    ...(field.maximum !== undefined && { maximum: field.maximum }),
    'x-type': field.type,
    ...(field.currency !== undefined && { 'x-currency': field.currency }),
    ...(field.hints.length > 0 && { 'x-hints': field.hints }),
  };
}

function objectOut(fields: readonly ExtractionSchema['fields'][number][]): JsonObject {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, field.type === 'rows' ? { type: 'array', items: objectOut(field.columns), ...(field.hints.length > 0 && { 'x-hints': field.hints }) } : plainOut(field)])),
    required: fields.filter((field) => field.required).map((field) => field.name),
    additionalProperties: false,
  };
}

export function toJsonSchema(schema: ExtractionSchema): JsonObject {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title: schema.name, ...objectOut(schema.fields), ...(schema.sums.length > 0 && { 'x-sums': schema.sums.map((rule) => ({ ...rule })) }) };
}

const typesOf = (property: JsonObject): string[] => [property['type']].flat().filter((type) => typeof type === 'string' && type !== 'null') as string[];

/** Amounts are numbers whose name or description says so; JSON Schema has no money. */
const money = /amount|price|total|tax|vat|sum|cost|fee|balance|discount|금액|합계|세|가격|金额|价|税|合计|金額|合計/iu;
const code = /number|no$|id$|code|번호|코드|号|编号|番号/iu;

function typeIn(name: string, property: JsonObject): string {
  if (typeof property['x-type'] === 'string') return property['x-type'];
  if (property['enum']) return 'choice';
  const type = typesOf(property)[0] ?? 'string';
  const about = `${name} ${typeof property['description'] === 'string' ? property['description'] : ''}`;
  if (type === 'number' || type === 'integer') return type === 'number' && money.test(about) ? 'amount' : 'number';
  if (property['format'] === 'date' || property['format'] === 'date-time') return 'date';
  if (property['format'] === 'email') return 'email';
  return code.test(name) ? 'identifier' : 'text';
}

function fieldsIn(json: JsonObject): unknown[] {
  const properties = isObject(json['properties']) ? json['properties'] : {};
  const required = Array.isArray(json['required']) ? json['required'] : [];
  return Object.entries(properties).map(([name, property]) => {
    if (!isObject(property)) return { name, type: 'text' };
    const hints = Array.isArray(property['x-hints']) ? property['x-hints'] : typeof property['title'] === 'string' ? [property['title']] : [];
    const base = { name, hints, required: required.includes(name) };
    if (typesOf(property)[0] === 'array' && isObject(property['items'])) return { ...base, type: 'rows', columns: fieldsIn(property['items']) };
    const choices = Array.isArray(property['enum']) ? property['enum'].filter((choice) => typeof choice === 'string') : undefined;
    return { ...base, type: typeIn(name, property), ...(choices && { choices }), pattern: property['pattern'], minimum: property['minimum'], maximum: property['maximum'], currency: property['x-currency'] };
  });
}

/** Reads a schema of ours or a JSON Schema. Throws zod's error, with a sentence and the path of what contradicts. */
export function parseExtractionSchema(json: unknown): ExtractionSchema {
  if (!isObject(json) || Array.isArray(json['fields'])) return extractionSchema.parse(json);
  return extractionSchema.parse({ name: typeof json['title'] === 'string' ? json['title'] : 'schema', fields: fieldsIn(json), ...(Array.isArray(json['x-sums']) && { sums: json['x-sums'] }) });
}
