// What a model read, beside what the built-in reader found. Would catch: a wrong reading that is called found, a disagreement that is not
// shown, a reading that is lost when the other is taken.
import { describe, expect, it } from 'vitest';
import { extraction as extractionShape, extractionSchema } from '@contract/extraction.ts';
import type { Quad } from '@contract/geometry.ts';
import { changeValue, extractFields } from '../../../src-main/reader/extract-fields.ts';
import { joinExtractions, modelExtraction, type ModelPage } from '../../../src-main/reader/model-readings.ts';
import { madeReading } from '../../helpers/true-reading.ts';

const schema = extractionSchema.parse({
  name: 'Bill',
  fields: [
    { name: 'merchant', type: 'text' }, { name: 'invoice_number', type: 'identifier' }, { name: 'date', type: 'date' }, { name: 'total', type: 'amount', required: true },
    { name: 'lines', type: 'rows', columns: [{ name: 'description', type: 'text' }, { name: 'amount', type: 'amount' }] },
  ],
  sums: [{ left: ['lines.amount'], right: [['total']] }],
});
const reading = madeReading([[10, 10, 'Corner Shop Ltd'], [10, 60, 'Invoice no: INV-7715'], [10, 90, 'Bread'], [300, 90, '2.00'], [10, 120, 'Milk'], [300, 120, '1.50'], [10, 200, 'Total'], [300, 200, '3.50']]);
const box = (x: number, y: number, width: number, height = 24): Quad => [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
const row = (y: number, description: string | null, amount: string | null): ModelPage['rows'][string][number] => ({ quad: box(0, y - 2, 400), cells: { description, amount } });
const page = (changes: Partial<ModelPage> = {}): ModelPage => ({
  pageId: 'page', text: reading.text, isCut: false,
  fields: { merchant: { text: 'Corner Shop Ltd', quad: box(8, 8, 160) }, invoice_number: { text: 'INV-7715', quad: null }, date: null, total: { text: '£3.50', quad: box(298, 198, 44) } },
  rows: { lines: [row(90, 'Bread', '2.00'), row(120, 'Milk', '1.50')] },
  ...changes,
});
const model = { id: 'tiny', name: 'Tiny' };
const read = extractFields(schema, [reading]);
const joinedWith = (changes: Partial<ModelPage> = {}) => joinExtractions(schema, read, modelExtraction(schema, [page(changes)], model));

describe('a model’s values', () => {
  it('are typed, and found where they stand', () => {
    const { fields, rows, problems } = modelExtraction(schema, [page()], model);
    expect(fields['total']).toMatchObject({ text: '£3.50', value: 3.5, currency: 'GBP', mark: 'found', by: ['model'] });
    expect(fields['invoice_number']).toMatchObject({ mark: 'found', places: [{ pageId: 'page' }] });
    expect(fields['invoice_number']!.places[0]!.quad[0][1]).toBe(60);
    expect(rows['lines']!.map((one) => one['amount']?.value)).toEqual([2, 1.5]);
    // the cell's own place within the row
    expect(rows['lines']![1]!['amount']!.places[0]!.quad[0]).toEqual([300, 120]);
    expect(problems).toEqual([]);
  });
  it.each([
    ['differs', { text: '3.80', quad: box(298, 198, 44) }, { mark: 'differs', read: '3.50' }],
    ['is somewhere else than said', { text: '3.50', quad: box(10, 900, 44) }, { mark: 'found' }],
    ['is not on the page', { text: '99.12', quad: null }, { mark: 'not-on-page', places: [] }],
  ])('a value that %s', (_, total, expected) => {
    expect(modelExtraction(schema, [page({ fields: { total } })], model).fields['total']).toMatchObject(expected);
  });
  it('of a page that is not read are unchecked', () => {
    expect(modelExtraction(schema, [page({ text: null })], model).fields['total']).toMatchObject({ mark: 'unchecked', places: [{ pageId: 'page' }] });
  });
  it('of several pages: the surest one', () => {
    const { fields } = modelExtraction(schema, [page({ pageId: 'first', fields: { total: { text: '77.00', quad: null } }, rows: {} }), page({ pageId: 'second' })], model);
    expect(fields['total']).toMatchObject({ text: '£3.50', places: [{ pageId: 'second' }] });
  });
  it('an answer that had to be ended says so', () => {
    expect(modelExtraction(schema, [page({ isCut: true })], model).problems).toContainEqual({ kind: 'cut', field: '', detail: '' });
  });
});

describe('built-in reader and model', () => {
  it('who agree are both named, and nothing is shown twice', () => {
    const { fields, rows, otherRows, model: by } = joinedWith();
    expect(fields['total']).toMatchObject({ by: ['reader', 'model'], other: null });
    expect(rows['lines']!.every((one) => one['amount']!.by.length === 2)).toBe(true);
    expect([otherRows, by]).toEqual([{}, model]);
  });
  it('who disagree are both shown: first the one that the page bears out', () => {
    const wrong = joinedWith({ fields: { total: { text: '3.80', quad: box(298, 198, 44) } } });
    expect(wrong.fields['total']).toMatchObject({ text: '3.50', by: ['reader'], other: { text: '3.80', by: ['model'], mark: 'differs', read: '3.50' } });
    const right = joinedWith({ fields: { merchant: { text: 'Corner Shop', quad: box(8, 8, 120) } } });
    expect(right.fields['merchant']).toMatchObject({ text: 'Corner Shop', by: ['model'], other: { text: 'Corner Shop Ltd', by: ['reader'] } });
  });
  it('what only one of them has is its own', () => {
    const one = joinedWith({ fields: { date: { text: '2025-03-14', quad: null } } });
    // invented by the model: kept, and flagged
    expect(one.problems).toEqual([{ kind: 'unfounded', field: 'date', detail: '2025-03-14' }]);
    expect(one.fields).toMatchObject({ date: { by: ['model'], mark: 'not-on-page' }, total: { by: ['reader'] } });
  });
  it('the other reading is taken, the sums follow, and it can be taken back', () => {
    const wrong = joinedWith({ fields: { total: { text: '3.80', quad: box(298, 198, 44) } } });
    const taken = changeValue(schema, wrong, { field: 'total', cell: null, take: 'other' });
    expect(taken.fields['total']).toMatchObject({ text: '3.80', mark: 'differs', other: { text: '3.50' } });
    expect(taken.problems).toEqual([{ kind: 'unfounded', field: 'total', detail: '3.80' }, { kind: 'sum', field: 'lines.amount = total', detail: '3.5 ≠ 3.8' }]);
    expect(changeValue(schema, taken, { field: 'total', cell: null, take: 'other' })).toEqual(wrong);
  });
  it('tables of different length are both kept, and change places', () => {
    const both = joinedWith({ rows: { lines: [row(90, 'Bread', '2.00')] } });
    expect([both.rows['lines']!.length, both.otherRows['lines']!.length]).toEqual([2, 1]);
    const taken = changeValue(schema, both, { field: 'lines', cell: null, take: 'other' });
    expect([taken.rows['lines']!.length, taken.otherRows['lines']!.length]).toEqual([1, 2]);
    expect(taken.problems.map((problem) => problem.kind)).toEqual(['sum']);
  });
  it('a typed value is nobody’s, and the model stays named', () => {
    const typed = changeValue(schema, joinedWith(), { field: 'total', cell: null, text: '3.60' });
    expect(typed.fields['total']).toMatchObject({ by: [], mark: 'typed', other: null });
    expect(typed.model).toEqual(model);
  });
});

it('what was kept before there were models still opens', () => {
  const kept = { fields: { total: { text: '1', value: 1, currency: null, places: [], label: null, mark: 'found' } }, rows: {}, problems: [] };
  expect(extractionShape.parse(kept)).toMatchObject({ model: null, otherRows: {}, fields: { total: { by: ['reader'], other: null, read: null } } });
});
