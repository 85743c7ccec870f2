// Fields and rows by a schema. Would catch: rows of totals among the lines, a sum that is wrong and not flagged, a field filled
// where the page has none, a schema that contradicts itself and is taken.
import { describe, expect, it } from 'vitest';
import { extractionSchema } from '@contract/extraction.ts';
import { parseExtractionSchema, toJsonSchema } from '@contract/extraction-json-schema.ts';
import { bundledSchemas } from '../../../src-main/base/bundled-schemas.ts';
import { changeValue, extractFields } from '../../../src-main/reader/extract-fields.ts';
import { madeReading, trueReading } from '../../helpers/true-reading.ts';

const bundled = (name: string) => parseExtractionSchema(bundledSchemas[name]);

describe('extractFields', () => {
  it('takes an invoice apart, and its figures add up', () => {
    const { fields, rows, problems } = extractFields(bundled('invoice'), [trueReading('en-invoice')]);
    expect(fields).toMatchObject({ seller: { text: 'Copperfield Print Works Ltd.' }, buyer: { text: 'Ashdown Primary School' }, date: { value: '2025-02-03' }, due_date: { value: '2025-03-05' }, total: { value: 1018.08, currency: 'GBP', label: 'Total due', mark: 'found' }, bank: null });
    expect(fields['total']!.places[0]!.pageId).toBe('en-invoice');
    expect(rows['lines']!.map((row) => [row['description']?.text, row['quantity']?.value, row['unit_price']?.value, row['amount']?.value])[1]).toEqual(['Posters A2, four colours, satin', 35, 4.8, 168]);
    expect(rows['lines']).toHaveLength(5);
    expect(problems).toEqual([]);
  });
  it.each(['en-receipt', 'ko-receipt', 'zh-receipt'])('lists the things on %s up to the totals', (id) => {
    const { rows, problems } = extractFields(bundled('receipt'), [trueReading(id)]);
    expect(rows['lines']).toHaveLength(id === 'en-receipt' ? 7 : 6);
    expect(problems).toEqual([]);
  });
  it('flags lines that do not add up to the total', () => {
    const page = madeReading([[10, 10, 'Corner Shop Ltd'], [10, 60, 'Bread'], [300, 60, '2.00'], [10, 90, 'Milk'], [300, 90, '1.50'], [10, 150, 'Total'], [300, 150, '3.60']]);
    expect(extractFields(bundled('receipt'), [page]).problems).toEqual([{ kind: 'sum', field: 'lines.amount = total', detail: '3.5 ≠ 3.6' }]);
  });
  it('leaves everything empty on a page without fields, and says that a blank page is blank', () => {
    const letter = extractFields(bundled('statement'), [trueReading('en-columns')]);
    expect(Object.values(letter.fields).every((value) => value === null)).toBe(true);
    expect(extractFields(bundled('receipt'), [madeReading([])]).problems.map((problem) => problem.kind)).toEqual(['blank', 'missing']);
  });
  it('checks values against their field', () => {
    const schema = extractionSchema.parse({ name: 'x', fields: [{ name: 'order_number', type: 'identifier', pattern: '[A-Z]{2}\\d+' }, { name: 'total', type: 'amount', maximum: 5 }, { name: 'size', type: 'choice', choices: ['small', 'large'] }] });
    const { problems, fields } = extractFields(schema, [madeReading([[10, 10, 'Order no: 4471'], [10, 60, 'Total: 10.00'], [10, 110, 'Size: LARGE']])]);
    expect(problems.map(({ kind, field }) => [kind, field])).toEqual([['pattern', 'order_number'], ['range', 'total']]);
    expect(fields).toMatchObject({ order_number: { mark: 'invalid' }, size: { value: 'large', mark: 'found' } });
  });
  it('takes a field’s currency for amounts that name none, and flags another one', () => {
    const schema = extractionSchema.parse({ name: 'x', fields: [{ name: 'total', type: 'amount', currency: 'EUR' }, { name: 'tax', type: 'amount', currency: 'EUR' }] });
    const { fields, problems } = extractFields(schema, [madeReading([[10, 10, 'Total: 10.00'], [10, 60, 'VAT: £2.00']])]);
    expect(fields).toMatchObject({ total: { currency: 'EUR', mark: 'found' }, tax: { currency: 'GBP', mark: 'invalid' } });
    expect(problems).toEqual([{ kind: 'currency', field: 'tax', detail: 'GBP' }]);
  });
});

describe('schemas', () => {
  const field = { name: 'total', type: 'amount' };
  it.each([
    [{ name: 'x', fields: [field, field] }, 'there twice'],
    [{ name: 'x', fields: [{ name: 'a', type: 'choice' }] }, 'without choices'],
    [{ name: 'x', fields: [{ ...field, minimum: 5, maximum: 1 }] }, 'minimum above its maximum'],
    [{ name: 'x', fields: [{ name: 'a', type: 'text', pattern: '(' }] }, 'no regular expression'],
    [{ name: 'x', fields: [{ name: 'a', type: 'choice', choices: ['b'], pattern: 'c' }] }, 'no choice of "a" matches'],
    [{ name: 'x', fields: [field], sums: [{ left: ['total'], right: [['tax']] }] }, 'is no field'],
    [{ name: 'x', fields: [field, { name: 'a', type: 'text' }], sums: [{ left: ['total'], right: [['a']] }] }, 'is no number'],
    [{ name: 'x', fields: [{ name: '1 a', type: 'text' }] }, 'starts with a letter'],
    [{ name: 'x', fields: [{ name: 'a', type: 'text', currency: 'EUR' }] }, 'has a currency and is no amount'],
  ])('refuses one that contradicts itself: %#', (schema, reason) => {
    const { error } = extractionSchema.safeParse(schema);
    expect(error?.issues.map((issue) => issue.message).join()).toContain(reason);
  });
  it.each(Object.keys(bundledSchemas))('%s goes through JSON Schema and back', (name) => {
    expect(parseExtractionSchema(toJsonSchema(bundled(name)))).toEqual(bundled(name));
  });
  it('reads a JSON Schema from elsewhere', () => {
    const schema = parseExtractionSchema({ title: 'Bill', type: 'object', properties: { invoice_no: { type: 'string' }, total_amount: { type: 'number', minimum: 0 }, issued: { type: 'string', format: 'date' }, lines: { type: 'array', items: { type: 'object', properties: { item: { type: 'string' }, price: { type: 'number' } } } } }, required: ['total_amount'] });
    expect(schema.fields.map((one) => [one.name, one.type, one.required])).toEqual([['invoice_no', 'identifier', false], ['total_amount', 'amount', true], ['issued', 'date', false], ['lines', 'rows', false]]);
  });
});

describe('changeValue', () => {
  const schema = bundled('receipt');
  const page = madeReading([[10, 10, 'Corner Shop Ltd'], [10, 60, 'Bread'], [300, 60, '2.00'], [10, 90, 'Milk'], [300, 90, '1.50'], [10, 150, 'Total'], [300, 150, '3.60']]);
  it('puts a typed figure where it belongs, and checks the sums anew', () => {
    const changed = changeValue(schema, extractFields(schema, [page]), { field: 'total', cell: null, text: '€3.50' });
    expect(changed.fields['total']).toMatchObject({ text: '€3.50', value: 3.5, currency: 'EUR', mark: 'typed', places: [] });
    expect(changed.problems).toEqual([]);
  });
  it('changes a cell of a row, and takes a value away', () => {
    const found = extractFields(schema, [page]);
    expect(changeValue(schema, found, { field: 'lines', cell: { row: 1, column: 'amount' }, text: '1.60' }).problems).toEqual([]);
    expect(changeValue(schema, found, { field: 'total', cell: null, text: ' ' })).toMatchObject({ fields: { total: null }, problems: [{ kind: 'missing', field: 'total' }] });
  });
});
