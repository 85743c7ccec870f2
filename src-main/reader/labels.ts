// Finds the labels of keys in pieces of text: exact after folding, or nearly so where a recogniser may have slipped. Values are
// never matched this way. Knows text, not places.
import { fold, type Folded } from '../base/fold.ts';
import { concepts } from './concepts.ts';

/** How a label was found in a text. */
export interface LabelMatch {
  /** 1 for the same words; less when letters differ or more words stand around it. */
  readonly score: number;
  /** [from, to) of the label in the text. */
  readonly from: number;
  readonly to: number;
  /** Words of the same key beside the label: "GBP" of "TOTAL GBP", "due" of "Total due". */
  readonly besides: readonly string[];
  /** True when so many words stand around it that it is part of a sentence. */
  readonly inSentence: boolean;
}

const letter = /[\p{L}\p{N}]/u;
const latin = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u;

/** What was worked out for a text; the same few thousand texts are asked for again and again. */
function remembered<T>(work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = work(text);
    if (known.size > 8000) known.clear();
    known.set(text, made);
    return made;
  };
}

/** Traditional and Japanese forms of characters that labels are made of, each with its simplified one. */
const characters = '總总計计額额號号碼码電电話话單单編编貨货發发訂订購购買买賣卖銷销價价數数稅税繳缴餘余帳账賬账戶户銀银開开時时間间郵邮傳传員员職职務务門门聯联繫系證证簽签國国對对備备註注項项產产運运費费實实應应優优減减類类點点麼么誰谁裡里裏里錢钱幾几個个請请問问嗎吗訴诉統统經经稱称執执處处領领繳缴發发';
const simple = new Map([...characters].flatMap((one, at, all) => (at % 2 === 0 ? [[one, all[at + 1]!] as const] : [])));

/** The same text with those characters in one form; every other character and all offsets stay. */
export const simplified = (text: string): string => text.replace(/\p{Script=Han}/gu, (one) => simple.get(one) ?? one);

/** A phrase as labels are compared: folded, abbreviations' dots and end marks dropped. */
export const labelForm = remembered((text) => simplified(fold(text).text).replace(/(?<=\p{L})\.(?=\s|$)/gu, '').replace(/[\s:：.?？!！*]+$/u, '').replace(/^[\s"'“([{<*]+/u, '').replace(/^[ごお](?=\p{Script=Han})/u, '').trim());

/** Edits that a label of this length may differ by: recognisers slip, short words differ in meaning. */
export function slipsAllowed(label: string): number {
  const length = [...label.replaceAll(' ', '')].length;
  if (/[\u3040-\u9fff\uac00-\ud7a3]/u.test(label)) return length >= 5 ? 1 : 0;
  if (length >= 10) return 2;
  return length >= 5 ? 1 : 0;
}

/** Edits between two short texts, or `limit + 1` when there are more. Digits must agree. */
export function editsBetween(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit || a.replace(/\D/g, '') !== b.replace(/\D/g, '')) return limit + 1;
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      current.push(Math.min(above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1), above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
    if (Math.min(...above) > limit) return limit + 1;
  }
  return Math.min(above[b.length]!, limit + 1);
}

/** Where the key part of a folded text ends: at its first colon (but for a time of day's), leader or bar; else at its end. */
function keyEnd(text: string): { end: number; marked: boolean } {
  const mark = /[:：](?!(?<=\d[:：])\d\d)|[=|]|\s?[.·…_]{3,}|(?<=\S)\s*>{1,2}/u.exec(text);
  return mark && mark.index > 0 ? { end: mark.index, marked: true } : { end: text.length, marked: false };
}

const wordsOf = (text: string): string[] => text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+|[\p{L}\p{N}']+/gu) ?? [];

/** Labels have few words, and short ones where scripts have no spaces. */
const isSentence = (words: readonly string[], besides = words.filter((word) => /\p{L}/u.test(word))): boolean => besides.length > 4 || besides.some((word) => (/[\u3040-\u9fff\uac00-\ud7a3]/u.test(word) ? word.length > 5 : false)) || besides.join('').length > 24;

function rangeIn(folded: Folded, start: number, end: number): { from: number; to: number } {
  return { from: folded.starts[start]!, to: folded.ends[end - 1]! };
}

/** A text made ready for being searched for many labels. */
export interface LabelText {
  readonly folded: Folded;
  readonly key: string;
  /** Length of bullets and brackets before the key. */
  readonly lead: number;
  /** True when the key is a label to the letter. */
  readonly isKnown: boolean;
}

export function labelText(text: string): LabelText {
  const plain = fold(text);
  const folded = { ...plain, text: simplified(plain.text) };
  const key = folded.text.slice(0, keyEnd(folded.text).end);
  const lead = /^(?:[\s"'“([{<【*※•·■□▶-]|\(?\d{1,2}[.)]\s|[ごお](?=\p{Script=Han}))+/u.exec(key)?.[0].length ?? 0;
  return { folded, key, lead, isKnown: known.has(labelForm(key)) };
}

/** The best place of `label` (in label form) in the key part of a text, or null. */
export function findLabel({ folded, key, lead, isKnown }: LabelText, label: string): LabelMatch | null {
  if (label === '') return null;
  const exact = exactPlace(key, label, lead);
  if (exact) {
    const plural = key[exact.end - 1] === 's' && !label.endsWith('s') ? ['s'] : [];
    const besides = [...wordsOf(key.slice(lead, exact.start)), ...plural, ...wordsOf(key.slice(exact.end))];
    // "담당" in "담당자": in scripts without spaces the label may be the beginning of another word.
    const glued = /[\p{Script=Han}\p{Script=Hangul}]$/u.test(label) && /[\p{Script=Han}\p{Script=Hangul}]/u.test(key[exact.end] ?? '') ? 0.9 : 1;
    return { score: besides.length === 0 ? 1 : glued * (exact.start === lead ? 0.93 : 0.86), ...rangeIn(folded, exact.start, exact.end), besides, inSentence: isSentence(besides) };
  }
  const slips = slipsAllowed(label);
  if (hangul.test(label) && !isKnown) return hangulSlip(folded, key, lead, label);
  // What is another label to the letter is not a slip of this one.
  if (slips === 0 || isKnown) return null;
  for (let length = label.length - slips; length <= label.length + slips; length++) {
    const until = lead + length;
    if (until > key.length || length < 2 || (latin.test(key[until - 1] ?? '') && latin.test(key[until] ?? ''))) continue;
    const edits = editsBetween(key.slice(lead, until), label, slips);
    if (edits > slips) continue;
    const besides = wordsOf(key.slice(until));
    // "Purchased from" is no slip of "purchaser".
    if (!label.includes(' ') && besides.some((word) => /\p{L}/u.test(word))) continue;
    return { score: (besides.length === 0 ? 0.92 : 0.84) - 0.03 * (edits - 1), ...rangeIn(folded, lead, until), besides, inSentence: isSentence(besides) };
  }
  return null;
}

const hangul = /^\p{Script=Hangul}+$/u;

/** Hangul is misread by the letter: 합게 is 합계 with one of its six wrong. As many syllables, and hardly a letter that differs. */
function hangulSlip(folded: Folded, key: string, lead: number, label: string): LabelMatch | null {
  const read = key.slice(lead, lead + label.length);
  if (!hangul.test(read) || read.length < label.length) return null;
  const wanted = label.normalize('NFD');
  const slips = wanted.length >= 10 ? 2 : wanted.length >= 6 ? 1 : 0;
  const edits = slips === 0 ? 1 : editsBetween(read.normalize('NFD'), wanted, slips);
  if (edits > slips) return null;
  const besides = wordsOf(key.slice(lead + label.length));
  return { score: (besides.length === 0 ? 0.9 : 0.8) - 0.03 * (edits - 1), ...rangeIn(folded, lead, lead + label.length), besides, inSentence: isSentence(besides) };
}

function exactPlace(key: string, label: string, lead: number): { start: number; end: number } | null {
  // One character of Han or Hangul is part of every other word.
  if ([...label].length === 1 && !latin.test(label)) return key.slice(lead).replace(/[\s)\]】>]+$/u, '') === label ? { start: lead, end: lead + label.length } : null;
  let best: { start: number; end: number } | null = null;
  for (let start = key.indexOf(label); start >= 0; start = key.indexOf(label, start + 1)) {
    const end = start + label.length;
    const before = key[start - 1] ?? '', after = key[end] ?? '';
    // Latin words end where letters end; a plural is the same label.
    if (latin.test(label[0]!) && latin.test(before)) continue;
    if (latin.test(label.at(-1)!) && latin.test(after) && !(after === 's' && !letter.test(key[end + 1] ?? ''))) continue;
    const stop = after === 's' && latin.test(label.at(-1)!) ? end + 1 : end;
    if (start === lead) return { start, end: stop };
    best ??= { start, end: stop };
  }
  if (best) return best;
  // Dots of abbreviations that the label leaves out: "tel" in "tel.", "invoice no" in "invoice n.o".
  if (!key.includes('.')) return null;
  const dotted = key.replace(/(?<=\p{L})\.(?=\p{L})/gu, '');
  return dotted !== key && dotted.startsWith(label, lead) && !latin.test(dotted[lead + label.length] ?? '') ? { start: lead, end: Math.min(key.length, lead + label.length + (key.length - dotted.length)) } : null;
}

const known = new Set(concepts.flatMap((concept) => concept.labels.map(labelForm)));
/** Words that stand where labels stand without being asked for. */
for (const word of ['description', 'amount', 'unit price', 'price', 'item', 'no', 'remark', '품명', '품목', '단가', '금액', '규격', '货物名称', '品名', '规格', '单位', '单价', '金额', '商品', '数量', '单价', '商品名', '単価', '金額', 'signature', 'page', 'period', 'statement period', 'payment terms', 'terms', 'membership type', 'type', 'category', 'class', 'status', 'approved by', 'submitted by', 'authorised by', 'authorized by', 'prepared by', 'tax code', 'sheet', 'patient', 'allergies', 'group', 'nights', 'persons', 'rate', 'basic pay', 'pension', 'tel', 'fax', '서명', '단위', '비고', '옵션', '배송 상태', '등록번호', '개인정보', '單位', '規格', '序号', '序號', '备案', '部门主管', '開票人', '开票人', '收款人', '复核', '税率', '项目名称', '規格型号', '规格型号', '品目', '数量', '単位', '備考', 'フリガナ', '会員種別', '年会費', '署名', '印', '税率']) known.add(labelForm(word));

/** True when the whole text is a label, or ends as labels do. */
export const isLabel = remembered((text) => {
  const trimmed = text.trim();
  return /[:：]$/u.test(trimmed) || known.has(labelForm(trimmed)) || known.has(labelForm(keyPart(trimmed)));
});

/** The part of a text before its colon or leader; the whole when there is none. */
export function keyPart(text: string): string {
  const { end } = keyEnd(text);
  return text.slice(0, end).trim();
}

/** True when a text is "key: value" in itself. */
export function holdsKeyAndValue(text: string): boolean {
  const { end, marked } = keyEnd(text);
  return marked && letter.test(text.slice(0, end)) && letter.test(text.slice(end));
}

/** How long the longest label is that `text` ends with, besides other words; 0 for none. */
export function labelAtEnd(text: string): number {
  for (const [end] of [4, 3, 2, 1].flatMap((count) => [new RegExp(`(?<=\\s)(?:\\S+\\s){${count - 1}}\\S+\\s?$`, 'u').exec(text) ?? []])) {
    if (end !== undefined && known.has(labelForm(end))) return end.length;
  }
  for (let length = Math.min(8, text.length - 1); length >= 2; length--) {
    const end = text.slice(-length);
    if (/^[\p{Script=Han}\p{Script=Hangul}]+$/u.test(end) && known.has(end)) return length;
  }
  return 0;
}
