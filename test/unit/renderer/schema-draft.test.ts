// A schema in the making. Would catch: figures that cannot be chosen for a sum, trouble told at the wrong field.
import { describe, expect, it } from 'vitest';
import { extractionSchema } from '@contract/extraction.ts';
import { parseExtractionSchema } from '@contract/extraction-json-schema.ts';
import { bundledSchemas } from '../../../src-main/base/bundled-schemas.ts';
import { emptyField, figuresOf, freeName, moved, retyped, troubleIn, withField } from '../../../src-renderer/extract/schema-draft.ts';

const base = extractionSchema.parse({ name: 'Mine', fields: [{ name: 'total', type: 'amount', minimum: 1, currency: 'EUR' }, { name: 'lines', type: 'rows', columns: [{ name: 'amount', type: 'amount' }] }] });

it.each(Object.keys(bundledSchemas))('every sum of %s can be made in the form', (name) => {
  const schema = parseExtractionSchema(bundledSchemas[name]);
  const terms = schema.sums.flatMap(({ left, right }) => [...left, ...right.flat()]).map((term) => term.replace(/^-/, ''));
  expect(figuresOf(schema)).toEqual(expect.arrayContaining(terms));
  expect(figuresOf(schema)).not.toContain('date');
});

it('fields move, change their type without leaving traces, and get names of their own', () => {
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
  expect(retyped(base.fields[0]!, 'text')).toEqual({ name: 'total', type: 'text', hints: [], required: false });
  expect(retyped(base.fields[0]!, 'amount')).toMatchObject({ minimum: 1, currency: 'EUR' });
  expect(freeName('total', [{ name: 'total' }, { name: 'total_2' }])).toBe('total_3');
});

it('sums follow a new name of a field and of a column, and never one that two have', () => {
  const draft = extractionSchema.parse({ ...base, sums: [{ left: ['lines.amount', '-total'], right: [['total'], ['lines.amount']] }] });
  const [total, lines] = draft.fields;
  expect(withField(draft, 0, { ...total!, name: 'sum' }).sums[0]).toMatchObject({ left: ['lines.amount', '-sum'], right: [['sum'], ['lines.amount']] });
  expect(withField(draft, 1, { ...lines!, name: 'rows' } as typeof total & object).sums[0]).toMatchObject({ left: ['rows.amount', '-total'] });
  expect(withField(draft, 1, { ...lines!, columns: [{ ...emptyField, name: 'price', type: 'amount' }] } as typeof total & object).sums[0]).toMatchObject({ right: [['total'], ['lines.price']] });
  expect(withField(draft, 0, { ...total!, name: 'lines' }).sums[0]).toMatchObject({ left: ['lines.amount', '-total'] });
});

describe('what contradicts itself is said', () => {
  it('nowhere when nothing does', () => expect(troubleIn(base)).toBeNull());
  it.each([
    ['a name twice', { ...base, fields: [...base.fields, { ...emptyField, name: 'total' }] }, 2, '"total" is there twice'],
    ['no name', { ...base, fields: [{ ...emptyField }] }, 0, 'the name is missing'],
    ['a name that is none', { ...base, fields: [{ ...emptyField, name: '1 a' }] }, 0, '“1 a”: a name starts with a letter'],
    ['a choice without choices', { ...base, fields: [base.fields[0]!, { ...emptyField, name: 'size', type: 'choice' as const, choices: [] }] }, 1, 'without choices'],
    ['a currency that is none', { ...base, fields: [{ ...emptyField, name: 'total', type: 'amount' as const, currency: 'EU' }] }, 0, 'three capital letters'],
    ['rows without columns', { ...base, fields: [{ name: 'lines', type: 'rows' as const, hints: [], required: false, columns: [] }] }, 0, 'at least one column'],
    ['a column without a name', { ...base, fields: [{ name: 'lines', type: 'rows' as const, hints: [], required: false, columns: [emptyField] }] }, 0, 'the name is missing'],
    ['a column twice', { ...base, fields: [{ name: 'lines', type: 'rows' as const, hints: [], required: false, columns: [{ ...emptyField, name: 'a' }, { ...emptyField, name: 'a' }] }] }, 0, 'has the column "a" twice'],
  ])('at the field: %s', (_what, draft, at, words) => {
    expect(troubleIn(draft)?.fields.get(at)?.join()).toContain(words);
  });
  it('at the sums, and at the schema', () => {
    expect(troubleIn({ ...base, sums: [{ left: ['total'], right: [['nothing']], tolerance: 0.01 }] })?.sums).toEqual(['a sum names "nothing", which is no field']);
    expect(troubleIn({ ...base, sums: [{ left: ['total'], right: [[]], tolerance: 0.01 }] })?.sums.join()).toContain('a figure on both sides');
    expect(troubleIn({ ...base, fields: [] })?.name).toEqual(['a schema has at least one field']);
    expect(troubleIn({ ...base, name: ' ' })?.name).toEqual(['the schema needs a name']);
  });
});
