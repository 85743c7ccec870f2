// Fields from one example. Would catch: a value named after its neighbour's label, an amount taken for an identifier, a guess that does
// not find on the page what it was made from.
import { describe, expect, it } from 'vitest';
import { extractionSchema } from '@contract/extraction.ts';
import { boundsOf } from '@contract/geometry.ts';
import { extractFields } from '../../../src-main/reader/extract-fields.ts';
import { guessField } from '../../../src-main/reader/guess-field.ts';
import { readerPage } from '../../../src-main/reader/page-pieces.ts';
import { madeReading, trueReading } from '../../helpers/true-reading.ts';

type Reading = ReturnType<typeof trueReading>;
/** Points at the middle of the given text, wherever in a line it stands. */
function pointedAt(reading: Reading, wanted: string) {
  const page = readerPage(reading.pageId, 0, reading.text);
  const line = page.lines.find((one) => one.text.includes(wanted))!;
  const box = boundsOf(line.quad);
  const share = (line.text.indexOf(wanted) + wanted.length / 2) / line.text.length;
  return guessField(page, [box.x + box.width * share, box.y + box.height / 2]);
}

const card = madeReading([
  [10, 10, 'Invoice No: INV-7715'], [10, 60, 'Loyalty code'], [200, 60, 'K-99'], [10, 100, 'Total'], [200, 100, '£3.50'], [10, 140, 'Room'], [200, 140, '12'],
  [10, 190, 'Date'], [10, 214, '14 March 2025'], [500, 190, 'jo@example.org'], [10, 300, '방 번호'], [200, 300, '한라'], [10, 400, 'Just some words of a sentence'],
]);

describe('a value that is pointed at', () => {
  it.each([
    ['INV-7715', { name: 'invoice_number', type: 'identifier' }, 'INV-7715'],
    ['K-99', { name: 'loyalty_code', type: 'identifier' }, 'K-99'],
    ['£3.50', { name: 'total', type: 'amount' }, '£3.50'],
    ['12', { name: 'room', type: 'number' }, '12'],
    ['14 March 2025', { name: 'date', type: 'date' }, '14 March 2025'],
    ['jo@example.org', { name: 'email', type: 'email' }, 'jo@example.org'],
    ['한라', { name: '방번호', type: 'text' }, '한라'],
    ['Just some', { name: 'value', type: 'text' }, 'Just some words of a sentence'],
  ])('%s', (wanted, field, text) => {
    expect(pointedAt(card, wanted)).toMatchObject({ field, text });
  });
  it('by its label', () => {
    expect(pointedAt(card, 'Total')).toMatchObject({ field: { name: 'total', type: 'amount' }, text: '£3.50' });
  });
  it('nothing where there is nothing', () => {
    expect(guessField(readerPage('page', 0, card.text), [900, 900])).toBeNull();
  });
  it('in a table: the table, by its head', () => {
    const guessed = pointedAt(trueReading('en-invoice'), 'Posters A2');
    expect(guessed?.field).toMatchObject({ name: 'lines', type: 'rows' });
    expect(guessed!.field.type === 'rows' && guessed!.field.columns.map((column) => column.type)).toContain('amount');
  });
});

// Catches: names and labels that mean something else to the reader than to the person who pointed.
it.each(['INV-7715', 'K-99', '£3.50', '12', '14 March 2025', 'jo@example.org', '한라'])('the guessed field finds %s again', (wanted) => {
  const { field } = pointedAt(card, wanted)!;
  const { fields } = extractFields(extractionSchema.parse({ name: 'x', fields: [field] }), [card]);
  expect(fields[field.name]?.text).toBe(wanted);
});

it.each(['en-invoice', 'en-card', 'ko-receipt', 'zh-invoice'])('every guess on %s is a field that a schema takes', (id) => {
  const reading = trueReading(id);
  const page = readerPage(id, 0, reading.text);
  const guesses = page.lines.flatMap((line) => {
    const { x, y, width, height } = boundsOf(line.quad);
    return [0.1, 0.5, 0.9].flatMap((share) => guessField(page, [x + width * share, y + height / 2]) ?? []);
  });
  expect(guesses.length).toBeGreaterThan(page.lines.length);
  for (const { field, text } of guesses) expect(extractionSchema.safeParse({ name: 'x', fields: [field] }).error?.message, text).toBeUndefined();
});
