// Answers from the true lines of fixture pages: to the letter, with a box on the page, and none for what is not there. Would
// catch: a subtotal for a total, a neighbour's value, a guess, a box beside its text.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answerFromText } from '../../../src-main/reader/answer-from-text.ts';
import { madeReading, trueReading } from '../../helpers/true-reading.ts';

const questions = JSON.parse(readFileSync(join(import.meta.dirname, '../../fixtures/pages/questions.json'), 'utf8')) as {
  present: Record<string, { q: string; a: string[] }[]>;
  absent: Record<string, Record<string, string[]>>;
};
const plain = (text: string): string => text.normalize('NFKC').replace(/\s+/gu, '');

describe('keys that are on the page', () => {
  it.each(Object.entries(questions.present))('%s', (id, asked) => {
    const page = trueReading(id);
    const wrong = asked.filter(({ q, a }) => {
      const answer = answerFromText(q, [page]);
      expect(answer.groundings.every(({ start, end }) => start < end && end <= answer.text.length)).toBe(true);
      return !answer.found || answer.groundings.length === 0 || answer.explanation === '' || !a.some((one) => plain(one) === plain(answer.text));
    });
    expect(wrong.map(({ q }) => q)).toEqual([]);
  });
});

describe('keys that are not', () => {
  it.each(Object.entries(questions.absent).flatMap(([kind, byLanguage]) => Object.entries(byLanguage).filter(([language]) => ['receipt', 'form', 'invoice', 'letter', 'table', 'card'].includes(kind) && language).map(([language, asked]) => [`${language}-${kind}`, asked] as const)))('%s', (id, asked) => {
    const page = trueReading(id);
    expect(asked.filter((question) => answerFromText(question, [page]).found)).toEqual([]);
  });
});

describe('placement', () => {
  it('takes what is behind a colon, right of a label, below it, behind a leader', () => {
    const page = madeReading([[10, 10, 'Order no: 4471'], [10, 60, 'Department'], [300, 60, 'Marine Surveys'], [10, 110, 'Position'], [10, 135, 'Data analyst'], [10, 200, 'Subtotal ........ 37.20']]);
    const ask = (question: string) => answerFromText(question, [page]);
    expect(ask('order number?').text).toBe('4471');
    expect(ask('department?').text).toBe('Marine Surveys');
    expect(ask('position?').text).toBe('Data analyst');
    expect(ask('subtotal?').text).toBe('37.20');
    expect(ask('order number?').groundings[0]).toMatchObject({ pageId: 'page', label: 'Order no' });
    const [[left], , [right]] = ask('order number?').groundings[0]!.quad;
    expect([Math.round(left), Math.round(right)]).toEqual([110, 150]);
  });
  it('forgives slips in a label and none in a value', () => {
    const page = madeReading([[10, 10, 'lnvoice numbcr'], [300, 10, 'CP-2O25']]);
    expect(answerFromText('What is the invoice number?', [page]).text).toBe('CP-2O25');
  });
  it('keeps a total from its parts', () => {
    const page = madeReading([[10, 10, 'Subtotal'], [300, 10, '10.00'], [10, 40, 'Tax total'], [300, 40, '2.00'], [10, 70, 'Total'], [300, 70, '12.00'], [10, 100, 'Total qty'], [300, 100, '99']]);
    expect(answerFromText('What is the total?', [page]).text).toBe('12.00');
  });
  it('does not take the next label, a sentence or an entry of a bar for a value', () => {
    expect(answerFromText('What is the name?', [madeReading([[10, 10, 'Name'], [300, 10, 'Date:'], [10, 300, 'Address:']])]).found).toBe(false);
    expect(answerFromText('What is the change?', [madeReading([[10, 10, 'Your rent of 612.40 per month does not change.'], [10, 35, '(555) 010-8834 is our number']])]).found).toBe(false);
    expect(answerFromText('Who is the customer?', [madeReading([[10, 10, 'Overview'], [130, 10, 'Customer'], [250, 10, 'Shipping'], [370, 10, 'Settings']])]).found).toBe(false);
  });
});

describe('several pages, and other questions', () => {
  const one = madeReading([[10, 10, 'Total'], [300, 10, '10.00'], [10, 40, 'Willow Court']], 'a', 0);
  const two = madeReading([[10, 10, 'Total'], [300, 10, '12.00']], 'b', 1);
  it('gives each page its own value', () => {
    const answer = answerFromText('What is the total?', [one, two]);
    expect(answer.text).toBe('Page 1: 10.00\nPage 2: 12.00');
    expect(answer.groundings.map(({ pageId, start, end }) => [pageId, answer.text.slice(start, end)])).toEqual([['a', '10.00'], ['b', '12.00']]);
  });
  it('names the documents where there are several, and their pages where it has to', () => {
    const [a, b, c] = [{ ...one, document: 'may.pdf' }, { ...two, document: 'may.pdf' }, { ...madeReading([[10, 10, 'Total'], [300, 10, '14.00']], 'c', 0), document: 'june.png' }];
    expect(answerFromText('What is the total?', [a, b, c]).text).toBe('may.pdf, Page 1: 10.00\nmay.pdf, Page 2: 12.00\njune.png: 14.00');
    expect(answerFromText('find willow', [a, c])).toMatchObject({ text: 'may.pdf: Willow Court' });
    expect(answerFromText('What is the total?', [a, { ...c, text: one.text }]).explanation).toContain('in “may.pdf”');
  });
  it('counts, finds, lists and reads', () => {
    expect(answerFromText('How many pages mention Willow Court?', [one, two])).toMatchObject({ kind: 'count', found: true, text: '1\nPage 1' });
    expect(answerFromText('find willow', [one, two])).toMatchObject({ kind: 'places', text: 'Page 1: Willow Court' });
    expect(answerFromText('list all fields', [one])).toMatchObject({ kind: 'fields', text: 'Total: 10.00' });
    // A label keeps the bracket that it opens.
    expect(answerFromText('list all fields', [madeReading([[10, 10, 'Oat milk (extra)'], [300, 10, '0.60'], [10, 40, '[Card no]'], [300, 40, '4417']])]).text).toBe('Oat milk (extra): 0.60\nCard no: 4417');
    // The colon of a time parts no key from its value.
    expect(answerFromText('list all fields', [madeReading([[10, 10, 'Open daily 7:30 - 18:00'], [10, 40, 'Tel: 555 0100']], 'a', 0)]).text).toBe('Tel: 555 0100');
    expect(answerFromText('read all', [one]).text).toBe('Total\n10.00\nWillow Court');
  });
  it('says what it is when asked for more than text and places', () => {
    const answer = answerFromText('Summarize this document', [one]);
    expect(answer).toMatchObject({ kind: 'beyond', found: false });
    expect(answer.explanation).toContain('Qwen-VL');
    expect(answerFromText('이 문서를 요약해 줘', [one]).explanation).toContain('Qwen-VL');
  });
  it('says of a blank page, and of no page, that there is nothing', () => {
    expect(answerFromText('What is the total?', [madeReading([])])).toMatchObject({ kind: 'absent', found: false });
    expect(answerFromText('What is the total?', []).found).toBe(false);
  });
});
