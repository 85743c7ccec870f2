// Finds values that show their type by how they are written: amounts, dates, times, numbers, telephone numbers, e-mail and web
// addresses, identifiers. Exact: what a recogniser got wrong is not repaired here. Knows one run of text, not the page.

export type ValueType = 'amount' | 'date' | 'time' | 'number' | 'percent' | 'phone' | 'email' | 'url' | 'identifier' | 'text';

/** A value in a text; `value` is its comparable form: 1018.08, 2025-03-14, digits of a telephone number. */
export interface TypedValue {
  readonly type: ValueType;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly value: string | number;
  /** ISO code, where the text names one. */
  readonly currency?: string;
}

const symbols: Readonly<Record<string, string>> = { '£': 'GBP', '$': 'USD', '€': 'EUR', '₩': 'KRW', '원': 'KRW', '元': 'CNY', '円': 'JPY', '₫': 'VND', '₹': 'INR', '₽': 'RUB', '฿': 'THB', RM: 'MYR', 'HK$': 'HKD', 'NT$': 'TWD', 'US$': 'USD', 'A$': 'AUD', 'C$': 'CAD', 'S$': 'SGD', 'R$': 'BRL', RMB: 'CNY', kr: 'SEK', Fr: 'CHF' };
const codes = ['GBP', 'USD', 'EUR', 'KRW', 'CNY', 'JPY', 'MYR', 'HKD', 'TWD', 'AUD', 'CAD', 'SGD', 'CHF', 'SEK', 'NOK', 'DKK', 'INR', 'BRL', 'PLN', 'CZK', 'THB', 'VND', 'IDR', 'PHP', 'MXN', 'NZD', 'ZAR', 'AED', 'TRY', 'RUB'];
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const before = [...Object.keys(symbols).filter((symbol) => !['원', '元', '円', 'kr'].includes(symbol)), '¥', '￥', ...codes].sort((a, b) => b.length - a.length).map(escaped).join('|');
const after = ['원', '元', '円', 'kr', '€', '£', '₫', ...codes].map(escaped).join('|');
// Grouped by threes ("1,018.08", "1.018,08", "1 018"), or plain with at most two decimals.
const figure = "(?:\\d{1,3}(?:,\\s?\\d{3})+(?:\\.\\d{1,2})?|\\d{1,3}(?:\\.\\d{3})+(?:,\\d{1,2})?|\\d{1,3}(?:['’ ]\\d{3})+(?:[.,]\\d{2})?|\\d+[.,]\\d{2}|\\d+\\.\\d(?=\\s?[원元円])|\\d+)(?![\\d])";
const amountPattern = new RegExp(`(?<![\\d.,/:\\p{L}-])(?<sign>[-−–(]\\s?)?(?:(?<before>${before})\\s?)?(?<minus>[-−–])?(?<slip>f(?=\\d[\\d,]*\\.\\d{2}(?!\\d)))?(?<figure>${figure})(?:\\s?(?<after>${after})(?!\\p{Script=Latin}))?(?<closing>\\)|-(?![\\p{L}\\d]))?(?![.,/:-]?\\d|\\s?%|\\p{Script=Latin})`, 'gu');

const months: Readonly<Record<string, number>> = { jan: 1, feb: 2, mar: 3, apr: 4, may: 5, jun: 6, jul: 7, aug: 8, sep: 9, oct: 10, nov: 11, dec: 12 };
const monthName = '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
/** The year before the first of each era; 民國 counts from 1912. */
const eras: Readonly<Record<string, number>> = { 令和: 2018, 平成: 1988, 昭和: 1925, 大正: 1911, 民国: 1911, 民國: 1911 };
const eraName = Object.keys(eras).join('|');
/** Year first, day first or month first; group names say which number is which. */
const datePatterns: readonly RegExp[] = [
  new RegExp(`(?<![\\d.,])(?<y>(?:19|20)\\d{2})\\s?年\\s?[(（](?:${eraName})\\s?(?:\\d{1,2}|元)\\s?年[)）]\\s?(?<m>\\d{1,2})\\s?月\\s?(?<d>\\d{1,2})\\s?日`, 'gu'),
  new RegExp(`(?<era>${eraName})\\s?(?<y>\\d{1,3}|元)\\s?年\\s?(?<m>\\d{1,2})\\s?月\\s?(?<d>\\d{1,2})\\s?日?`, 'gu'),
  // A year of three digits is one of the Republic of China's.
  /(?<![\d.,])(?<roc>1\d{2})\s?年\s?(?<m>\d{1,2})\s?月\s?(?<d>\d{1,2})\s?日/gu,
  /(?<![\d.,])(?<y>(?:19|20)\d{2}|(?<!\d)\d{2})\s?[年년]\s?(?<m>\d{1,2})\s?[月월]\s?(?<d>\d{1,2})\s?[日일]?/gu,
  /(?<![\d.,/-])(?<y>(?:19|20)\d{2})\s?(?<sep>[-./])\s?(?<m>\d{1,2})\s?\k<sep>\s?(?<d>\d{2}(?=\d{2}:\d{2})|\d{1,2}(?!\d))\.?/gu,
  new RegExp(`(?<![\\d.,/-])(?<d>\\d{1,2})(?:st|nd|rd|th)?(?:\\.?\\s?|-)(?:of\\s)?(?<name>${monthName})(?:[.,]{0,2}\\s?|-|\\s-\\s)(?<y>(?:19|20)\\d{2}|\\d{2})(?!\\d)`, 'giu'),
  new RegExp(`(?<!\\p{L})(?<name>${monthName})\\.?\\s?(?<d>\\d{1,2})(?:st|nd|rd|th)?\\s?,?\\s?(?<y>(?:19|20)\\d{2})(?!\\d)`, 'giu'),
  /(?<![\d.,/-]|\d\s)(?<d>\d{2})\s(?<m>\d{2})\s(?<y>(?:19|20)\d{2})(?!\s?[\d/-])/gu,
  /(?<![\d.,/-])(?<a>\d{1,2})(?<sep>[-./])(?<b>\d{1,2})\k<sep>(?<y>(?:19|20)\d{2}(?=\d{2}:\d{2})|(?:(?:19|20)\d{2}|\d{2})(?![\d/-]))/gu,
];
const timePattern = /(?<![\d:./-])(?:[01]?\d|2[0-3])\s?:\s?[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\.?)?(?![\d:])|(?:오전|오후|上午|下午|午前|午後)\s?\d{1,2}\s?[시時点点:]\s?(?:\d{1,2}\s?[분分]?)?/giu;
const emailPattern = /[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu;
const urlPattern = /(?:https?:\/\/|www\.)[^\s,;()<>"']+[^\s.,;()<>"']|(?<![@\w.-])(?:[a-z\d-]{2,}\.)+(?:com|net|org|io|app|dev|info|biz|shop|store|example|edu|gov|kr|cn|jp|tw|hk|uk|de|fr|es|it|nl|ch|eu|us|ca|au)(?:\/[^\s,;()<>"']*)?(?![\w@.-])/giu;
const phonePattern = /(?<![\d.,/\p{L}-])(?:\+\s?\d{1,3}(?:[\s.-]?(?:\(\d{1,4}\)|\d{1,4})){2,6}|1[3-9]\d(?:\d{8}|\*{4}\d{4})|1[568]\d{2}-\d{4}|0\d{4}[\s-]\d{3}[\s-]?\d{3,4}|0\d(?:[\s.]\d{2}){4})(?![\d/]|[.,]\d|-\d)|(?<![\d.,/\p{L}-])(?:\+\s?\d{1,3}[\s.-]?|1[\s.-])?(?:\(\+?\d{1,4}\)\s?|\d{2,4}[\s.-])\d{2,4}\s?[\s.-]\s?\d{3,4}(?:[\s.-]\d{2,4})?(?![\d/]|[.,]\d)|(?<![\d.,/\p{L}-])0\d{1,3}-\d{7,8}(?![\d-])/gu;
const percentPattern = /(?<![\d.,])[+\-−]?\d{1,3}(?:[.,]\d+)?\s?[%％]/gu;
const numberPattern = /(?<![\d.,/:\p{L}-])[+\-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d/:]|[.,-]\d|\p{Script=Latin})/gu;
/** A run without spaces that holds a digit; at most one space between groups of digits. */
const ibanPattern = /(?<![\p{L}\d])[A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){2,7}(?:\s?[A-Z\d]{1,3})?(?![\p{L}\d])/gu;
/** Parts of it hidden: a card's or a person's number. */
const maskedPattern = /(?<![\p{L}\d])(?=[\dXx*•\s-]*[Xx*•]{2})(?=[\dXx*•\s-]*\d)[\dXx*•](?:[\dXx*•]|[\s-](?=[\dXx*•]))*[\dXx*•](?![\p{L}\d])/gu;
const identifierPattern = /(?<![\p{L}\d])(?:[A-Z]{2}\s(?=\d{2}))?#?(?=[\p{L}/_-]{0,12}\d)[\p{Script=Latin}\d][\p{Script=Latin}\d/_.-]*(?:\s(?=[\d]{2,})[\d-]+)*[\p{Script=Latin}\d*]/gu;

/** Digits, letters and marks at full width become ASCII of the same length, so that offsets stay. */
export function halfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e\u3000]/g, (one) => (one === '\u3000' ? ' ' : String.fromCharCode(one.charCodeAt(0) - 0xfee0))).replace(/[−‒–—]/g, '-');
}

/** 1018.08 of "1,018.08", "1.018,08" or "1 018.08". A single separator before three digits groups them. */
export function numberOf(figureText: string): number {
  const plain = figureText.replace(/[\s'’]/g, '');
  const lastDot = plain.lastIndexOf('.'), lastComma = plain.lastIndexOf(',');
  const decimalAt = Math.max(lastDot, lastComma);
  const decimals = decimalAt < 0 ? 0 : plain.length - decimalAt - 1;
  const grouped = decimals === 3 && (lastDot < 0 || lastComma < 0) && (plain[decimalAt] === ',' || plain.split('.').length > 2);
  if (decimalAt < 0 || grouped) return Number(plain.replace(/[.,]/g, ''));
  return Number(`${plain.slice(0, decimalAt).replace(/[.,]/g, '')}.${plain.slice(decimalAt + 1)}`);
}

function currencyOf(mark: string): string {
  return mark === '¥' || mark === '￥' ? 'CNY' : (symbols[mark] ?? mark);
}

const year = (text: string): number => (text.length === 2 ? (Number(text) < 70 ? 2000 : 1900) + Number(text) : Number(text));
const exists = (y: number, m: number, d: number): boolean => m >= 1 && m <= 12 && d >= 1 && d <= new Date(Date.UTC(y, m, 0)).getUTCDate();
const iso = (y: number, m: number, d: number): string => `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;

function datesIn(text: string): TypedValue[] {
  const found: TypedValue[] = [];
  for (const pattern of datePatterns) {
    for (const match of text.matchAll(pattern)) {
      const groups = match.groups!;
      const y = groups['roc'] ? 1911 + Number(groups['roc']) : groups['era'] ? eras[groups['era']]! + (groups['y'] === '元' ? 1 : Number(groups['y'])) : year(groups['y']!);
      const named = groups['name'] ? months[groups['name'].slice(0, 3).toLowerCase()]! : null;
      // Day or month first: what cannot be a month is the day; else the day, as most of the world writes.
      const [a, b] = [Number(groups['a']), Number(groups['b'])];
      const [m, d] = groups['a'] ? (b > 12 ? [a, b] : [b, a]) : [named ?? Number(groups['m']), Number(groups['d'])];
      if (!exists(y, m, d)) continue;
      const text_ = match[0].trimEnd();
      if (found.some((other) => other.from < match.index + text_.length && match.index < other.to)) continue;
      found.push({ type: 'date', from: match.index, to: match.index + text_.length, text: text_, value: iso(y, m, d) });
    }
  }
  return found;
}

function amountsIn(text: string): TypedValue[] {
  return [...text.matchAll(amountPattern)].map((match) => {
    const { sign = '', minus = '', closing = '', figure: digits = '', before: front, after: back, slip } = match.groups!;
    const bracket = sign.startsWith('(');
    // Recognisers take a pound sign for the letter.
    const mark = front ?? back ?? (slip ? '£' : undefined);
    // Behind words a bracket says the same again: "... won only (₩1,210,000)". "¥1,280-" only ends the figure.
    const aside = bracket && closing === ')' && /\p{L}/u.test(text.slice(0, match.index));
    const ended = closing === '-' && (mark === '¥' || mark === '￥');
    const negative = minus !== '' || (sign !== '' && !aside && (!bracket || closing === ')')) || (closing === '-' && !ended);
    // A bracket that does not close round the figure is not part of it.
    const from = match.index + (aside || (bracket && closing !== ')') ? sign.length : 0);
    const to = match.index + match[0].length - (aside || ended || (closing === ')' && !bracket) ? 1 : 0);
    return { type: 'amount' as const, from, to, text: text.slice(from, to), value: (negative ? -1 : 1) * numberOf(digits), ...(mark ? { currency: currencyOf(mark) } : {}) };
  });
}

const simple = (type: ValueType, pattern: RegExp, value: (text: string) => string | number | null) => (text: string): TypedValue[] =>
  [...text.matchAll(pattern)].flatMap((match) => {
    const parsed = value(match[0]);
    const trimmed = match[0].trim();
    const from = match.index + match[0].indexOf(trimmed);
    return parsed === null ? [] : [{ type, from, to: from + trimmed.length, text: trimmed, value: parsed }];
  });

const finders: Readonly<Record<Exclude<ValueType, 'text'>, (text: string) => TypedValue[]>> = {
  amount: amountsIn,
  date: datesIn,
  time: simple('time', timePattern, (text) => text),
  number: simple('number', numberPattern, (text) => numberOf(text.replace(/^\+/, ''))),
  percent: simple('percent', percentPattern, (text) => numberOf(text.replace(/[%％\s+]/g, ''))),
  phone: simple('phone', phonePattern, (text) => {
    const digits = text.replace(/[^\d*]/g, '');
    return digits.length >= 8 && digits.length <= 15 && datesIn(text).length === 0 ? digits : null;
  }),
  email: simple('email', emailPattern, (text) => text.toLowerCase()),
  url: simple('url', urlPattern, (text) => text.toLowerCase()),
  identifier: identifiersIn,
};

/** Account numbers and hidden ones are one identifier with their spaces; dates are none. */
function identifiersIn(text: string): TypedValue[] {
  const whole = [...simple('identifier', ibanPattern, (one) => one)(text), ...simple('identifier', maskedPattern, (one) => one)(text)];
  const taken = [...whole, ...amountsIn(text).filter((amount) => amount.currency !== undefined && !/^[A-Z]/.test(amount.text)), ...datesIn(text).filter((date) => /(?:19|20)\d{2}|\p{L}/u.test(date.text))];
  const plain = simple('identifier', identifierPattern, (one) => one)(text);
  return [...whole, ...plain.filter((one) => !taken.some((other) => other.from < one.to && one.from < other.to))];
}

/** All values of a type in `text`, in order. Offsets are those of `text`. */
export function valuesIn(text: string, type: ValueType): TypedValue[] {
  const trimmed = text.trim();
  if (type === 'text') return trimmed ? [{ type, from: text.indexOf(trimmed), to: text.indexOf(trimmed) + trimmed.length, text: trimmed, value: trimmed }] : [];
  const plain = halfWidth(text);
  return finders[type](plain).map((found) => ({ ...found, text: text.slice(found.from, found.to) })).sort((a, b) => a.from - b.from);
}

/** True when the value is all the text there is, besides brackets and end marks. */
export function isOnly(text: string, value: TypedValue): boolean {
  return /^[\s:：=([{*.]*$/.test(text.slice(0, value.from)) && /^[\s)\]}*.,;%-]*$/.test(text.slice(value.to));
}
