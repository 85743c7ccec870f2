// Receipts, invoices, cards and forms as strangers bring them, asked the way people ask. Would catch: a paid amount for the total, one
// date for another, the buyer's number for the seller's, keys over values taken for a table, an answer to what is not there.
import { describe, expect, it } from 'vitest';
import { bundledSchemas } from '../../../src-main/base/bundled-schemas.ts';
import { parseExtractionSchema } from '@contract/extraction-json-schema.ts';
import { answerFromText } from '../../../src-main/reader/answer-from-text.ts';
import { extractFields } from '../../../src-main/reader/extract-fields.ts';
import { madeReading } from '../../helpers/true-reading.ts';

type Texts = Parameters<typeof madeReading>[0];
type Asked = readonly (readonly [question: string, answer: string | null])[];

/** Left and right ends of rows, one under the other. */
const rows = (top: number, left: number, right: number, ...pairs: readonly (readonly string[])[]): Texts => pairs.flatMap(([a, b], at): Texts => [[left, top + 32 * at, a!], ...(b === undefined ? [] : [[right, top + 32 * at, b] as const])]);

const receipt = rows(10, 20, 380, ['BLUE HERON COFFEE'], ['418 Alder Street'], ['(503) 555-0148'], ['11/03/26', '8:42 AM'], ['Server: Dana', 'Check #: 20418'], ['2 Latte 12oz', '9.50'], ['1 Blueberry Muffin', '3.75'], ['Offer: Muffin', '-0.50'], ['Subtotal', '12.75'], ['Tax 8.5%', '1.08'], ['Tip', '3.00'], ['Total', '$16.83'], ['CASH', '20.00'], ['CHANGE', '3.17'], ['VISA ********4821', '16.83']);
const invoice: Texts = [
  ...rows(10, 20, 20, ['Larkspur Design Studio'], ['9 Foundry Court'], ['hello@larkspur.example']),
  ...rows(10, 500, 700, ['Invoice', 'LDS-0117'], ['Invoice date', '3 Nov 2026'], ['Due date', '3 Dec 2026'], ['PO Number', 'PO-88213']),
  ...rows(200, 20, 20, ['Bill To'], ['Northgate Dental Practice'], ['Attn: Dr Helen Marsh'], ['Tel: 01904 555 0148'], ['55 Castle Street']),
  [20, 400, 'Description'], [520, 400, 'Hours'], [620, 400, 'Rate'], [740, 400, 'Amount'],
  [20, 440, 'Brand guidelines with'], [520, 440, '12'], [620, 440, '65.00'], [740, 440, '780.00'], [20, 464, 'colour profiles'],
  [20, 510, 'Website banner set'], [560, 510, '4.5 65.00'], [740, 510, '292.50'],
  ...rows(560, 460, 740, ['Subtotal', '1,072.50'], ['VAT (20%)', '214.50'], ['Total', '£1,287.00'], ['Amount paid', '£500.00'], ['Balance due', '£787.00']),
  [20, 740, 'Sort code: 20-11-43 Account no: 40118826'], [20, 772, 'IBAN: GB29 HARB 2011 4340 1188 26'],
];
const stacked: Texts = [
  [20, 10, 'Invoice number'], [300, 10, 'Customer ID'], [600, 10, 'Payment due'], [20, 36, '000418'], [300, 36, 'C-7741'], [600, 36, 'Nov. 17th, 2026'],
  [20, 90, 'Issued'], [300, 90, 'Payment terms'], [600, 90, 'Amount due'], [20, 116, 'Nov. 3rd, 2026'], [300, 116, 'Net 14'], [600, 116, 'USD 4,310.00'],
];
const grid: Texts = [
  [20, 10, '공급자'], [500, 10, '공급받는자'], ...rows(42, 20, 160, ['등록번호', '214-81-55012'], ['상호', '(주)한빛산업'], ['전화', '032-555-0177']), ...rows(42, 500, 660, ['등록번호', '605-22-40118'], ['상호', '다온인테리어'], ['전화', '051-555-0120']),
  [20, 170, '작성일자: 2026년 11월 3일'], [20, 202, '합계금액: 일백이십일만원정 (₩1,210,000)'],
];
const card: Texts = rows(10, 20, 20, ['주식회사 누리솔루션'], ['데이터플랫폼팀'], ['강 하 늘 책임연구원'], ['T 02-555-0161 F 02-555-0162'], ['M 010-5550-0148'], ['haneul.kang@nurisol.example']);
const bill: Texts = [
  ...rows(10, 20, 260, ['株式会社 緑風商事 御中'], ['ご請求金額', '¥217,800-'], ['お支払期限', '令和8年12月31日']),
  ...rows(10, 520, 700, ['請求番号', 'INV-26-0481'], ['発行日', '2026年11月3日'], ['あおぞら印刷株式会社'], ['TEL 075-555-0177']),
  ...rows(200, 520, 760, ['小計', '198,000'], ['消費税(10%)', '19,800'], ['合計', '217,800']),
];
const slip: Texts = rows(10, 20, 320, ['半山咖啡（静安店）'], ['地址：愚园路218号'], ['时间：2026-11-03 08:42'], ['拿铁（大杯）', '64.00'], ['可颂', '18.00'], ['小计', '82.00'], ['会员优惠', '-8.20'], ['应付', '￥73.80'], ['微信支付', '73.80']);

const pages: Readonly<Record<string, readonly [Texts, Asked]>> = {
  'a receipt with cash, change, tip and an offer': [receipt, [
    ['how much did I pay?', '$16.83'], ['what did the latte cost', '9.50'], ['what did the muffin cost?', '3.75'], ['how many lattes?', '2'], ['how much change did I get back?', '3.17'], ['How much tax was charged?', '1.08'], ['who was the server?', 'Dana'], ['what is the check number?', '20418'], ['When was this?', '11/03/26'], ['card number?', '********4821'], ['what store is this?', 'BLUE HERON COFFEE'],
    ['is there a discount?', null], ['when is it due?', null], ['who is the customer?', null], ['What is the VAT number?', null],
  ]],
  'an invoice partly paid': [invoice, [
    ['what do I owe?', '£787.00'], ['What is the total?', '£1,287.00'], ['how much is already paid?', '£500.00'], ['when is it due?', '3 Dec 2026'], ['When was it issued?', '3 Nov 2026'], ['who is the invoice for?', 'Northgate Dental Practice'], ['who is the seller?', 'Larkspur Design Studio'], ["what's the buyer's phone number?", '01904 555 0148'], ["what's the sort code?", '20-11-43'], ['account number?', '40118826'], ['What is the IBAN?', 'GB29 HARB 2011 4340 1188 26'], ['how many hours for the website banner set?', '4.5'], ['invoice number?', 'LDS-0117'],
    ["what's the VAT number?", null], ['delivery address?', null], ['order date?', null], ["what is the buyer's e-mail?", null],
  ]],
  'keys over their values': [stacked, [["what's the customer ID", 'C-7741'], ['Invoice no?', '000418'], ['When do I have to pay?', 'Nov. 17th, 2026'], ['how much is due?', 'USD 4,310.00'], ['date of issue?', 'Nov. 3rd, 2026'], ['IBAN?', null]]],
  'two parties side by side': [grid, [['공급자는 누구야?', '(주)한빛산업'], ['공급받는자 상호는?', '다온인테리어'], ['구매자는 누구입니까?', '다온인테리어'], ['공급받는자 전화번호는?', '051-555-0120'], ['작성일자는?', '2026년 11월 3일'], ['합계 얼마야?', '₩1,210,000'], ['언제까지 내야 해?', null], ['할인 있어?', null]]],
  'a card without labels': [card, [['이름이 뭐야?', '강 하 늘'], ['직급은?', '책임연구원'], ['부서는?', '데이터플랫폼팀'], ['회사는 어디야?', '주식회사 누리솔루션'], ['팩스번호는?', '02-555-0162'], ['휴대폰 번호 알려줘', '010-5550-0148'], ['전화번호는?', '02-555-0161'], ['생일은?', null]]],
  'a Japanese bill': [bill, [['いつまでに払えばいいですか？', '令和8年12月31日'], ['請求金額はいくらですか？', '¥217,800'], ['消費税は？', '19,800'], ['請求先は？', '株式会社 緑風商事'], ['電話番号を教えてください', '075-555-0177'], ['発行日は？', '2026年11月3日'], ['割引はありますか？', null], ['納品日は？', null]]],
  'a Chinese slip': [slip, [['一共付了多少钱？', '￥73.80'], ['优惠了多少？', '-8.20'], ['拿铁多少钱？', '64.00'], ['怎么付款的？', '微信支付'], ['地址在哪裡？', '愚园路218号'], ['什么时候消费的？', '2026-11-03 08:42'], ['找零多少？', null], ['服务费多少？', null]]],
};

describe('asked as people ask', () => {
  it.each(Object.entries(pages))('%s', (_, [texts, asked]) => {
    const page = madeReading(texts);
    const answers = asked.map(([question]) => {
      const answer = answerFromText(question, [page]);
      return [question, answer.found ? answer.text : null];
    });
    expect(answers).toEqual(asked);
  });
});

describe('taken apart by a schema', () => {
  const fields = (name: string, texts: Texts) => extractFields(parseExtractionSchema(bundledSchemas[name]), [madeReading(texts)]);
  it('keeps seller from buyer, and totals from rows', () => {
    const { fields: found, rows: tables } = fields('invoice', invoice);
    expect(found['seller']?.text).toBe('Larkspur Design Studio');
    expect(found['buyer']?.text).toBe('Northgate Dental Practice');
    expect(found['account_number']?.text).toBe('40118826');
    expect(tables['lines']!.map((row) => [row['description']?.text, row['quantity']?.value, row['amount']?.value])).toEqual([['Brand guidelines with colour profiles', 12, 780], ['Website banner set', 4.5, 292.5]]);
  });
  it('takes a yen sign beside kana for yen', () => {
    const ramen = rows(10, 20, 320, ['みなと食堂'], ['しょうゆラーメン', '¥980'], ['ぎょうざ', '¥300'], ['合計', '¥1,280']);
    expect(fields('receipt', ramen).fields['total']).toMatchObject({ value: 1280, currency: 'JPY' });
    expect(fields('receipt', slip).fields['total']).toMatchObject({ value: 73.8, currency: 'CNY' });
  });
});
