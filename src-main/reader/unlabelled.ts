// Values that say what they are without a label: the only date, an e-mail address, the name at the head of a receipt. Each has a
// rule that rather finds nothing than something else. Knows how values are written and where heads stand.
import type { Quad } from '@contract/geometry.ts';
import { cardPart, type CardPartName } from './business-card.ts';
import type { Concept } from './concepts.ts';
import { holdsKeyAndValue, isLabel } from './labels.ts';
import { heightOf, quadsOf, type Piece, type ReaderPage } from './page-pieces.ts';
import { isFigure, tablesOf } from './tables.ts';
import { isOnly, valuesIn, type TypedValue, type ValueType } from './typed-values.ts';

export interface Unlabelled {
  readonly text: string;
  readonly quads: readonly Quad[];
  readonly score: number;
  readonly how: 'onlyOfKind' | 'firstOfKind' | 'heading' | 'written';
  readonly kind: string;
}

const legalForm = /\b(?:ltd|limited|inc|llc|llp|plc|corp|corporation|gmbh|ag|s\.?a\.?|bhd|pty|pte|co)\b\.?|주식회사|\(주\)|㈜|유한회사|有限公司|公司|株式会社|有限会社|集团|商店|超市|便利店|药店|书店|餐厅|酒店/iu;
const personTitle = /^(?:Dr|DR|Prof|PROF|Mr|MR|Mrs|MRS|Ms|MS|Miss|Sir)\.?\s+\p{L}|\p{Script=Hangul}{2,4}\s?(?:박사|교수|님|선생님?|대표|과장|부장|팀장|사원|대리|이사)$|^\p{Script=Han}{2,4}\s?(?:博士|教授|先生|女士|老师|经理|样|様)$/u;
/** What documents call themselves; a line of nothing else names nobody. */
const genericWords = /\b(?:receipt|invoice|tax|simplified|sales|cash|delivery|note|statement|account|bank|bill|credit|debit|memo|purchase|order|confirmation|quotation|copy|customer|merchant|welcome|to|of|original|duplicate|official|payment|slip|thank you)\b|진료비|계산서|명세서|증명서|확인서|계약서|영\s?수\s?증|거래\s?명세서|세금\s?계산서|청구서|견적서|주문\s?확인서|주문서|增值税|电子|普通|专用|销售|购物|发票|收据|小票|订单|确认|单据|领\s?収\s?書|領収書|領収証|請求書|納品書|注文書|レシート/giu;
const isGeneric = (text: string): boolean => !/\p{L}{2}/u.test(text.replace(genericWords, ' '));
const street = /\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|square|sq|court|ct|place|pl|way|jalan|jln|quay|yard|highway|hwy|suite|floor|unit|p\.?\s?o\.?\s?box|terrace|close|parade|rue|route|chemin|calle|avenida|viale|piazza|plaza|strasse|platz|allee|gasse)\b|\p{L}(?:straße|strasse|weg|platz)\s\d|(?:대로|로|길)\s?\d+(?![\d.]*\s?[월일년시분%퍼명개원])|[시군구읍면동리]\s\S+[로길동]\s?\d|[路街道巷弄]\s?\d+\s?号|\p{Script=Han}+[省市区县镇].*\d+\s?[号楼室]|丁目|番地|\p{Script=Han}{2,}[都道府県市区町村].*\d/iu;
const fax = /\b(?:fax|facsimile)\b|팩스|传真/iu;

/** All values of a type on the page, each with its piece; whether it is all its piece says. */
function all(page: ReaderPage, type: ValueType): { piece: Piece; typed: TypedValue; alone: boolean }[] {
  return page.pieces.flatMap((piece) => valuesIn(piece.text, type).map((typed) => ({ piece, typed, alone: isOnly(piece.text, typed) })));
}

const distinct = (found: readonly { typed: TypedValue }[]): number => new Set(found.map(({ typed }) => typed.value)).size;

function placed({ piece, typed }: { piece: Piece; typed: TypedValue }, score: number, how: Unlabelled['how'], kind: string): Unlabelled {
  return { text: typed.text, quads: quadsOf(piece, typed.from, typed.to), score, how, kind };
}

export function unlabelled(page: ReaderPage, concept: Concept): Unlabelled | null {
  switch (concept.id) {
    case 'email':
    case 'website': {
      const type = concept.id === 'email' ? 'email' : 'url';
      const found = all(page, type);
      return found[0] ? placed(found[0], found.length === 1 ? 0.9 : 0.75, distinct(found) === 1 ? 'onlyOfKind' : 'firstOfKind', type) : null;
    }
    case 'mobile':
    case 'fax': {
      const found = phonesOf(page).filter(({ kind }) => kind === concept.id);
      return found[0] ? placed(found[0], 0.85, distinct(found) === 1 ? 'onlyOfKind' : 'firstOfKind', 'phone') : null;
    }
    case 'identity number': {
      const found = all(page, 'identifier').filter(({ typed }) => /^\d{6}-[1-8](?:\d{6}|[*•]{6})$|^\d{17}[\dXx]$/u.test(typed.text));
      return found[0] && distinct(found) === 1 ? placed(found[0], 0.8, 'onlyOfKind', 'identity') : null;
    }
    case 'card number': {
      const found = all(page, 'identifier').filter(({ typed }) => /(?:[*•Xx]{4}|[*•Xx]{2,4}[\s-][*•Xx]{4}).*\d{3,4}$/u.test(typed.text));
      return found[0] && distinct(found) === 1 ? placed(found[0], 0.8, 'onlyOfKind', 'card') : null;
    }
    case 'fare': {
      const found = all(page, 'amount').filter(({ typed }) => typed.currency !== undefined);
      return found[0] && found.length === 1 ? placed(found[0], 0.75, 'onlyOfKind', 'amount') : null;
    }
    case 'train number': return written(page, /(?<![\p{L}\d])[GDCZTKYS]\d{1,4}(?![\p{L}\d])/gu);
    case 'seat': return written(page, /\d{1,2}车\s?\d{1,3}[A-F]?(?:号|座)?/gu);
    case 'iban': {
      const found = all(page, 'identifier').filter(({ typed }) => /^[A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){3,}/u.test(typed.text));
      return found[0] && distinct(found) === 1 ? placed(found[0], 0.8, 'onlyOfKind', 'iban') : null;
    }
    case 'customer': {
      const found = page.pieces.flatMap((piece) => {
        const match = honoured.exec(piece.text);
        return match ? [{ piece, typed: { type: 'text' as const, from: 0, to: match[1]!.length, text: match[1]!, value: match[1]! } }] : [];
      });
      return found.length === 1 && amountsOn(page) >= 2 ? placed(found[0]!, 0.8, 'written', 'name') : null;
    }
    case 'payment method': {
      const found = page.rows.filter((row) => row.length === 2 && valuesIn(row[1]!.text, 'amount').length > 0).flatMap((row) => {
        const match = means.exec(row[0]!.text);
        return match ? [{ piece: row[0]!, typed: { type: 'text' as const, from: match.index, to: match.index + match[0].length, text: match[0], value: match[0] } }] : [];
      });
      return found.length === 1 ? placed(found[0]!, 0.75, 'written', 'payment') : null;
    }
    case 'postal code': {
      const found = page.pieces.flatMap((piece) => [...piece.text.matchAll(/(?<=〒\s?)\d{3}-\d{4}/gu)].map((match) => ({ piece, typed: { type: 'identifier' as const, from: match.index, to: match.index + match[0].length, text: match[0], value: match[0] } })));
      return found.length === 1 ? placed(found[0]!, 0.8, 'written', 'postal') : null;
    }
    case 'bank': {
      const head = page.pieces.filter((piece) => piece.top < Math.min(...page.pieces.map((one) => one.top)) + 3 * page.lineHeight);
      const found = head.filter((piece) => /\p{L}\sBank$|^Bank\s\p{L}|\p{L}{2}은행$|\p{L}{2}银行$|\p{L}{2}銀行$/iu.test(piece.text.trim()) && piece.text.length < 40);
      return found.length === 1 ? { text: found[0]!.text.trim(), quads: quadsOf(found[0]!), score: 0.75, how: 'heading', kind: 'name' } : null;
    }
    case 'issue date': {
      // A card bears few lines, and the only date on it is the one it was issued on.
      const found = all(page, 'date');
      return page.pieces.length <= 12 && found[0]?.alone && distinct(found) === 1 ? placed(found[0], 0.7, 'onlyOfKind', 'date') : null;
    }
    case 'position':
    case 'department': return ofCard(page, concept.id);
    case 'phone': {
      const marked = phonesOf(page).filter(({ kind }) => kind === 'phone');
      if (marked[0]) return placed(marked[0], 0.85, distinct(marked) === 1 ? 'onlyOfKind' : 'firstOfKind', 'phone');
      const mobile = new Set(phonesOf(page).filter(({ kind }) => kind !== null).map(({ typed }) => typed.value));
      const found = all(page, 'phone').filter(({ piece, alone, typed }) => !fax.test(piece.text) && (!mobile.has(typed.value) || mobile.size === 1) && (alone || /[+(]/.test(typed.text)) && !/번호|号码|\bno\b/iu.test(piece.text.slice(0, typed.from)));
      return found[0] ? placed(found[0], 0.75, distinct(found) === 1 ? 'onlyOfKind' : 'firstOfKind', 'phone') : null;
    }
    case 'date': {
      const found = all(page, 'date');
      if (found.length > 0 && distinct(found) === 1) return placed(found[0]!, 0.85, 'onlyOfKind', 'date');
      // Beside a label it is that label's date; by itself, or with its time, it is the page's.
      const free = found.filter(({ piece, alone }) => (alone || valuesIn(piece.text, 'time').length > 0) && !isLabelled(page, piece));
      return free[0] && distinct(free) === 1 ? placed(free[0], 0.75, 'firstOfKind', 'date') : null;
    }
    case 'time': {
      const found = all(page, 'time');
      return found.length > 0 && distinct(found) === 1 ? placed(found[0]!, 0.8, 'onlyOfKind', 'time') : null;
    }
    case 'company': return ofCard(page, 'company') ?? headName(page);
    case 'address': return addressOf(page);
    case 'name': {
      const found = page.pieces.filter((piece) => personTitle.test(piece.text.trim()) && piece.text.length < 40 && !/[,，]/.test(piece.text));
      return found.length === 1 ? { text: found[0]!.text.trim(), quads: quadsOf(found[0]!), score: 0.75, how: 'written', kind: 'name' } : (ofCard(page, 'name') ?? onIdentityCard(page));
    }
    default: return null;
  }
}

/** Whom a letter or a bill is for: "あおぞら印刷 御中", "한마음아파트 귀하". */
const honoured = /^(\p{L}[^:：,，。]{1,30}?)\s?(?:御中|様|귀하|귀중|고객님)$/u;

/** What a pattern finds on the page when it finds one thing only. */
function written(page: ReaderPage, pattern: RegExp): Unlabelled | null {
  const found = page.pieces.flatMap((piece) => [...piece.text.matchAll(pattern)].map((match) => ({ piece, from: match.index, text: match[0] })));
  const [one] = found;
  return one && found.length === 1 ? { text: one.text, quads: quadsOf(one.piece, one.from, one.from + one.text.length), score: 0.75, how: 'onlyOfKind', kind: 'identifier' } : null;
}

const means = /^(?:visa|mastercard|master card|amex|american express|paypal|apple pay|google pay|contactless|cash|credit card|debit card|微信支付|微信|支付宝|现金|銀聯|银联|信用卡|현금|신용카드|체크카드|카카오페이|네이버페이|삼성페이|現金|クレジット(?:カード)?|PayPay|電子マネー|交通系)/iu;

/** A letter or a word before a telephone number says which one it is. */
const marks: readonly (readonly ['phone' | 'mobile' | 'fax', RegExp])[] = [
  ['fax', /(?:^|[\s|/,(])(?:f|fax|fx|팩스|传真|傳真|ファックス|ファクス)[\s.:：)]*$/iu],
  ['mobile', /(?:^|[\s|/,(])(?:m|mob|mobile|cell|c|h\.?\s?p|휴대폰|휴대전화|핸드폰|手机|手機|携帯)[\s.:：)]*$/iu],
  ['phone', /(?:^|[\s|/,(])(?:t|tel|telephone|ph|phone|p|o|office|direct|d|☎|전화|电话|電話|座机)[\s.:：)]*$|☎\s*$/iu],
];

function phonesOf(page: ReaderPage): { piece: Piece; typed: TypedValue; kind: 'phone' | 'mobile' | 'fax' | null }[] {
  return all(page, 'phone').map(({ piece, typed }) => {
    const before = piece.text.slice(0, typed.from);
    const row = page.rows.find((one) => one.includes(piece)) ?? [];
    const left = row[row.indexOf(piece) - 1];
    const near = before.trim() === '' && left && piece.left - left.right < 3 * heightOf(piece) ? left.text : before;
    return { piece, typed, kind: marks.find(([, mark]) => mark.test(near))?.[0] ?? null };
  });
}

function ofCard(page: ReaderPage, part: CardPartName): Unlabelled | null {
  const found = cardPart(page, part);
  return found && { text: found.piece.text.slice(found.from, found.to).trim(), quads: quadsOf(found.piece, found.from, found.to), score: 0.78, how: 'written', kind: part };
}

/** A name in Hangul and, in brackets, in Han is a Korean identity card's. */
function onIdentityCard(page: ReaderPage): Unlabelled | null {
  const found = page.pieces.filter((piece) => /^\p{Script=Hangul}(?:\s?\p{Script=Hangul}){1,3}\s?[(（]\p{Script=Han}{2,4}[)）]$/u.test(piece.text.trim()));
  return found.length === 1 ? { text: found[0]!.text.trim(), quads: quadsOf(found[0]!), score: 0.8, how: 'written', kind: 'name' } : null;
}

/** Something to its left on the row, or a label over it, claims the piece. */
function isLabelled(page: ReaderPage, piece: Piece): boolean {
  const row = page.rows.find((one) => one.includes(piece)) ?? [];
  return row.slice(0, row.indexOf(piece)).some((left) => isLabel(left.text) || /\p{L}/u.test(left.text));
}

/** How many pieces are sums of money by how they are written. */
const amountsOn = (page: ReaderPage): number => page.pieces.filter((piece) => valuesIn(piece.text, 'amount').some((one) => isOnly(piece.text, one) && (one.currency !== undefined || /[.,]\d{2}$|,\d{3}$/.test(one.text)))).length;

/** A receipt, an invoice or a card is headed by who gives it: the first name-like line, where the page has amounts or ways to reach someone. */
function headName(page: ReaderPage): Unlabelled | null {
  const amounts = amountsOn(page);
  const reach = all(page, 'phone').length + all(page, 'email').length;
  const short = page.pieces.length <= 14;
  if (amounts < 2 && !(short && reach > 0)) return null;
  const bottom = Math.max(...page.pieces.map((piece) => piece.bottom)), top = Math.min(...page.pieces.map((piece) => piece.top));
  const head = page.pieces.filter((piece) => piece.top < top + 0.3 * (bottom - top) || short);
  const columns = new Set(tablesOf(page).flatMap((table) => table.head));
  const named = head.filter((piece) => !columns.has(piece) && !/(?:번호|일자|\b(?:no|number|date)\.?|编号|号码|日期|番号)$/iu.test(piece.text.trim()) && !honoured.test(piece.text.trim()) && !isGeneric(piece.text) && /\p{L}{2}/u.test(piece.text) && !isFigure(piece.text) && !holdsKeyAndValue(piece.text) && !isLabel(piece.text) && !street.test(piece.text) && piece.text.length < 60 && valuesIn(piece.text, 'phone').length + valuesIn(piece.text, 'email').length + valuesIn(piece.text, 'url').length + valuesIn(piece.text, 'date').length === 0);
  const legal = named.find((piece) => legalForm.test(piece.text));
  const first = named[0];
  if (!first) return null;
  const large = named.filter((piece) => heightOf(piece) > 1.25 * page.lineHeight)[0];
  const chosen = legal && legal.top - first.top < 4 * page.lineHeight ? legal : large && large.top - first.top < 3 * page.lineHeight ? large : first;
  if (personTitle.test(chosen.text.trim())) return null;
  return { text: chosen.text.trim(), quads: quadsOf(chosen), score: 0.75, how: 'heading', kind: 'name' };
}

/** A code of a post office, with the place it belongs to. */
const postal = /\p{L}.*\b(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|\d{5}(?:-\d{4})?)\b|^\s?\d{5}\s\p{L}{2}/u;

/** The first line written like an address, with the lines that go on below it. */
function addressOf(page: ReaderPage): Unlabelled | null {
  const found = page.pieces.filter((piece) => street.test(piece.text) && /\d/.test(piece.text) && !/[다요까]\.|[。!?]/u.test(piece.text) && !holdsKeyAndValue(piece.text) && piece.text.length < 90 && valuesIn(piece.text, 'amount').every((one) => one.currency === undefined) && valuesIn(piece.text, 'email').length === 0);
  const first = found[0];
  if (!first) return null;
  const lines = [first];
  const goesOn = (piece: Piece): boolean => found.includes(piece) || (postal.test(piece.text) && piece.text.length < 60 && !holdsKeyAndValue(piece.text) && !isLabel(piece.text) && (['phone', 'email', 'url', 'date'] as const).every((type) => valuesIn(piece.text, type).length === 0));
  // The province and the town may stand in a line of their own above.
  const above = page.pieces.find((piece) => first.top - piece.bottom < 0.8 * heightOf(first) && piece.bottom < first.bottom && piece.top < first.top && Math.abs(piece.left - first.left) < heightOf(first) && /^[가-힣]{2,7}(?:특별시|광역시|특별자치[시도]|도|시)\s[가-힣]+[시군구](?:\s[가-힣]+구)?$/u.test(piece.text.trim()));
  if (above) lines.unshift(above);
  for (const piece of page.pieces.filter((one) => one.top > first.top && goesOn(one))) {
    const last = lines.at(-1)!;
    const aligned = Math.abs(piece.left - last.left) < heightOf(last) || Math.abs(piece.left + piece.right - last.left - last.right) < 2 * heightOf(last);
    if (aligned && piece.top - last.bottom < 0.8 * heightOf(last) && piece.top > last.top + 0.5 * heightOf(last)) lines.push(piece);
  }
  return { text: lines.map((piece) => piece.text.trim()).join(' '), quads: lines.flatMap((piece) => quadsOf(piece)), score: 0.75, how: 'written', kind: 'address' };
}
