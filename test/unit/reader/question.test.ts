// What a question asks for, in three languages. Would catch: scaffolding left in the key, an opinion taken for a key, a count of
// pages taken for a search.
import { describe, expect, it } from 'vitest';
import { wantedOf } from '../../../src-main/reader/question.ts';

describe('keys', () => {
  it.each([
    ['What is the total?', 'total'], ['What’s the invoice number on this page?', 'invoice number'], ['invoice no', 'invoice no'], ['Tell me the IBAN please', 'IBAN'], ['When is payment due?', 'due date'],
    ['사업자등록번호 알려줘', '사업자등록번호'], ['이 영수증의 합계는 얼마야?', '합계'], ['입사일이 언제인가요?', '입사일'], ['여기 적힌 이메일 주소 알려줘', '이메일 주소'], ['언제 결제했나요? 날짜 알려줘', '날짜'],
    ['请问单号是多少？', '单号'], ['这张发票的税额是多少', '税额'], ['姓名是什么？', '姓名'],
  ])('%s', (question, key) => expect(wantedOf(question)).toMatchObject({ kind: 'value', key }));
});

describe('other intents', () => {
  it.each([
    ['Read all text on this page', 'text'], ['전부 읽어 주세요', 'text'], ['读出全部文字', 'text'],
    ['list all fields', 'fields'], ['모든 항목을 나열해줘', 'fields'], ['列出所有字段', 'fields'],
    ['How many pages are there?', 'page-count'], ['Summarize this document', 'beyond'], ['What color is the logo?', 'beyond'], ['Is this a receipt?', 'beyond'], ['이 문서를 요약해 줘', 'beyond'], ['为什么金额这么高？', 'beyond'],
  ])('%s', (question, kind) => expect(wantedOf(question).kind).toBe(kind));
  it.each([
    ['find "Flat White"', 'Flat White'], ['Where is Willow Court?', 'Willow Court'], ['버들마을을 찾아줘', '버들마을'], ['查找“合计”', '合计'],
  ])('%s', (question, what) => expect(wantedOf(question)).toEqual({ kind: 'places', what }));
  it.each([
    ['How many pages mention Willow Court?', 'Willow Court'], ['몇 페이지에 창문이 나오나요?', '창문'], ['有几页提到发票？', '发票'],
  ])('%s', (question, what) => expect(wantedOf(question)).toEqual({ kind: 'mentions', what }));
});
