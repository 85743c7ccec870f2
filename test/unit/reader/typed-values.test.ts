// Values by how they are written. Would catch: a date taken for a telephone number, a grouped figure cut at its comma, a day that
// does not exist, a minus that gets lost.
import { describe, expect, it } from 'vitest';
import { valuesIn, type ValueType } from '../../../src-main/reader/typed-values.ts';

const first = (type: ValueType, text: string): unknown => {
  const [found] = valuesIn(text, type);
  return found ? [found.text, found.value, found.currency ?? null] : null;
};

describe('amounts', () => {
  it.each([
    ['£1,018.08', ['£1,018.08', 1018.08, 'GBP']], ['TOTAL GBP 40.92', ['GBP 40.92', 40.92, 'GBP']], ['64,700원', ['64,700원', 64700, 'KRW']],
    ['1.018,08 €', ['1.018,08 €', 1018.08, 'EUR']], ['-3.00', ['-3.00', -3, null]], ['(3.00)', ['(3.00)', -3, null]], ['4.90-', ['4.90-', -4.9, null]],
    ['RM 4.90', ['RM 4.90', 4.9, 'MYR']], ['￥53.0元', ['￥53.0元', 53, 'CNY']], ['58, 818', ['58, 818', 58818, null]],
    ['2025-03-14', null], ['12:46', null], ['HB-2025-0387', null], ['20%', null], ['A4', null],
  ])('%s', (text, wanted) => expect(first('amount', text)).toEqual(wanted));
});

describe('dates', () => {
  it.each([
    ['14/03/2025 12:46', '2025-03-14'], ['07-24-2017 06:59 PM', '2017-07-24'], ['2024年9月22日', '2024-09-22'], ['2025년 7월 7일', '2025-07-07'], ['2025. 3. 14.', '2025-03-14'],
    ['September 22, 2024', '2024-09-22'], ['22nd September 2024', '2024-09-22'], ['2018年04月19日10:51开', '2018-04-19'], ['2025-03-1819:27', '2025-03-18'],
  ])('%s', (text, wanted) => expect(valuesIn(text, 'date')[0]?.value).toBe(wanted));
  it.each(['31/02/2025', '99.99.2020', '00-44-17290', '055-0104-4471', '1.5'])('%s is none', (text) => expect(valuesIn(text, 'date')).toEqual([]));
});

describe('what names and reaches', () => {
  it.each([
    ['phone', 'Tel. (555) 010-4472', '(555) 010-4472'], ['phone', '+1 (555) 010-9937', '+1 (555) 010-9937'], ['phone', '0555-0104471', '0555-0104471'], ['phone', '전화 055-0104-4471', '055-0104-4471'],
    ['email', 'E-mail e.w@northgate.example.', 'e.w@northgate.example'], ['url', 'see www.harbour.example.', 'www.harbour.example'],
    ['identifier', '#20418', '#20418'], ['identifier', 'GB 000 4417 29', 'GB 000 4417 29'], ['identifier', 'ASH/7715', 'ASH/7715'], ['percent', 'VAT 20 %', '20 %'], ['time', '06:59 PM', '06:59 PM'],
  ] as const)('%s in %s', (type, text, wanted) => expect(valuesIn(text, type)[0]?.text).toBe(wanted));
  it('takes a date for no telephone number, and letters for no identifier', () => {
    expect(valuesIn('2025-03-14 2025', 'phone')).toEqual([]);
    expect(valuesIn('Form', 'identifier')).toEqual([]);
  });
});
