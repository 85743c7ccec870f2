// JSON of a given shape as an automaton over UTF-8 bytes: fixed keys in their order, one space behind commas and colons, strings whose
// escapes and bytes are whole. Whatever it lets through parses and fits the schema. Knows no tokens.
import { assert } from '../../base/errors.ts';
import { AutomatonBuilder, ByteAutomaton, type Fragment } from './byte-automaton.ts';

/**
 * The part of JSON Schema that an answer can be held to. Every property of an object is written, in the order given.
 * @source JSON Schema 2020-12
 */
export type JsonSchema =
  | { readonly type: 'object'; readonly properties: Readonly<Record<string, JsonSchema>>; readonly required: readonly string[]; readonly additionalProperties: false }
  | { readonly type: 'array'; readonly items: JsonSchema; readonly minItems?: number; readonly maxItems?: number }
  | { readonly type: 'string' | 'boolean' | 'null' | 'number' }
  /** A range starts at 0. */
  | { readonly type: 'integer'; readonly minimum?: 0; readonly maximum?: number }
  | { readonly enum: readonly (string | number | boolean | null)[] }
  | { readonly anyOf: readonly JsonSchema[] };

/** Digits before and behind the point: more than a double holds would come back changed. */
const wholeDigits = 12;
const fractionDigits = 6;

const hexRanges = (b: AutomatonBuilder, ...ranges: readonly (readonly [string, string])[]): Fragment => b.choice(...ranges.map(([low, high]) => b.range(low.charCodeAt(0), high.charCodeAt(0))));
const hex = (b: AutomatonBuilder): Fragment => hexRanges(b, ['0', '9'], ['a', 'f'], ['A', 'F']);

/** `\n`, `\"`, `\u00e9` and the like: no control characters but the usual, no half of a surrogate pair. */
function escape(b: AutomatonBuilder): Fragment {
  const high = b.sequence(hexRanges(b, ['d', 'd'], ['D', 'D']), hexRanges(b, ['8', '9'], ['a', 'b'], ['A', 'B']), hex(b), hex(b));
  const low = b.sequence(hexRanges(b, ['d', 'd'], ['D', 'D']), hexRanges(b, ['c', 'f'], ['C', 'F']), hex(b), hex(b));
  const unit = b.choice(
    b.sequence(b.text('00'), hexRanges(b, ['2', '9'], ['a', 'f'], ['A', 'F']), hex(b)),
    b.sequence(b.text('0'), hexRanges(b, ['1', '9'], ['a', 'f'], ['A', 'F']), hex(b), hex(b)),
    b.sequence(hexRanges(b, ['1', '9'], ['a', 'c'], ['A', 'C'], ['e', 'f'], ['E', 'F']), hex(b), hex(b), hex(b)),
    b.sequence(hexRanges(b, ['d', 'd'], ['D', 'D']), hexRanges(b, ['0', '7']), hex(b), hex(b)),
    b.sequence(high, b.text('\\u'), low),
  );
  return b.sequence(b.text('\\'), b.choice(...['"', '\\', '/', 'n', 'r', 't'].map((one) => b.text(one)), b.sequence(b.text('u'), unit)));
}

/** One character outside ASCII. @source RFC 3629, section 4 */
function beyondAscii(b: AutomatonBuilder): Fragment {
  const tail = (): Fragment => b.range(0x80, 0xbf);
  return b.choice(
    b.sequence(b.range(0xc2, 0xdf), tail()),
    b.sequence(b.range(0xe0), b.range(0xa0, 0xbf), tail()),
    b.sequence(b.choice(b.range(0xe1, 0xec), b.range(0xee, 0xef)), tail(), tail()),
    b.sequence(b.range(0xed), b.range(0x80, 0x9f), tail()),
    b.sequence(b.range(0xf0), b.range(0x90, 0xbf), tail(), tail()),
    b.sequence(b.range(0xf1, 0xf3), tail(), tail(), tail()),
    b.sequence(b.range(0xf4), b.range(0x80, 0x8f), tail(), tail()),
  );
}

function string(b: AutomatonBuilder): Fragment {
  const text = b.freeText(() => b.repeat(b.choice(b.range(0x20, 0x21), b.range(0x23, 0x5b), b.range(0x5d, 0x7e), beyondAscii(b), escape(b))));
  return b.sequence(b.text('"'), text, b.text('"'));
}

const digit = (b: AutomatonBuilder): Fragment => b.range(0x30, 0x39);

/** No leading zeros. */
const digits = (b: AutomatonBuilder, most: number): Fragment => b.choice(b.text('0'), b.sequence(b.range(0x31, 0x39), b.upTo(most - 1, () => digit(b))));

/** Every whole number from 0 to `most`: the shorter ones, and those as long whose first smaller digit decides. */
function wholeUpTo(b: AutomatonBuilder, most: number): Fragment {
  assert(Number.isSafeInteger(most) && most >= 0, 'a range ends at a whole number');
  const limit = String(most);
  const ways = [b.text(limit)];
  if (limit.length > 1) ways.push(digits(b, limit.length - 1));
  for (let at = 0; at < limit.length; at++) {
    const below = limit.charCodeAt(at) - 1;
    const first = at === 0 && limit.length > 1 ? 0x31 : 0x30;
    if (below < first) continue;
    ways.push(b.sequence(b.text(limit.slice(0, at)), b.range(first, below), ...Array.from({ length: limit.length - at - 1 }, () => digit(b))));
  }
  return b.choice(...ways);
}

function array(b: AutomatonBuilder, { items, minItems = 0, maxItems }: Extract<JsonSchema, { type: 'array' }>): Fragment {
  const item = (): Fragment => shape(b, items);
  const further = (): Fragment => b.sequence(b.text(', '), item());
  const fixed = Array.from({ length: minItems }, (_, at) => (at === 0 ? item() : further()));
  const rest = maxItems === undefined ? b.repeat(further()) : b.upTo(Math.max(0, maxItems - Math.max(1, minItems)), further);
  const all = b.sequence(...fixed, ...(minItems > 0 ? [rest] : [maxItems === 0 ? b.nothing() : b.optional(b.sequence(item(), rest))]));
  return b.sequence(b.text('['), all, b.text(']'));
}

function shape(b: AutomatonBuilder, schema: JsonSchema): Fragment {
  if ('anyOf' in schema) return b.choice(...schema.anyOf.map((one) => shape(b, one)));
  if ('enum' in schema) return b.choice(...schema.enum.map((one) => b.text(JSON.stringify(one))));
  switch (schema.type) {
    case 'object': {
      const pairs = Object.entries(schema.properties).map(([key, value], at) => b.sequence(b.text(`${at > 0 ? ', ' : ''}${JSON.stringify(key)}: `), shape(b, value)));
      return b.sequence(b.text('{'), ...pairs, b.text('}'));
    }
    case 'array':
      return array(b, schema);
    case 'string':
      return string(b);
    case 'boolean':
      return b.choice(b.text('true'), b.text('false'));
    case 'null':
      return b.text('null');
    case 'integer':
      return schema.maximum === undefined ? b.sequence(schema.minimum === 0 ? b.nothing() : b.optional(b.text('-')), digits(b, wholeDigits)) : wholeUpTo(b, schema.maximum);
    case 'number':
      return b.sequence(b.optional(b.text('-')), digits(b, wholeDigits), b.optional(b.sequence(b.text('.'), digit(b), b.upTo(fractionDigits - 1, () => digit(b)))));
  }
}

export function jsonAutomaton(schema: JsonSchema): ByteAutomaton {
  const builder = new AutomatonBuilder();
  return new ByteAutomaton(builder, shape(builder, schema));
}
