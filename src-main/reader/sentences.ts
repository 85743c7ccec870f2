// What the reader says about its answers, in the language of the question: English, Korean or Chinese. Knows words only.

export type Language = 'en' | 'ko' | 'zh';

/** Korean when there is Hangul, Chinese when there is Han without kana, else English. */
export function languageOf(text: string): Language {
  if (/\p{Script=Hangul}/u.test(text)) return 'ko';
  return /\p{Script=Han}/u.test(text) && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) ? 'zh' : 'en';
}

type Words = readonly [en: string, ko: string, zh: string];

const sentences = {
  behind: ['It stands behind “{label}”{where}.', '“{label}” 바로 뒤에 적혀 있습니다{where}.', '它写在“{label}”之后{where}。'],
  right: ['It stands to the right of “{label}”{where}.', '“{label}” 오른쪽에 적혀 있습니다{where}.', '它位于“{label}”的右侧{where}。'],
  below: ['It stands below “{label}”{where}.', '“{label}” 아래에 적혀 있습니다{where}.', '它位于“{label}”的下方{where}。'],
  onlyOfKind: ['It is the only {kind}{where}; no label stands at it.', '라벨은 없지만 {kind}(은)는 이것 하나뿐입니다{where}.', '没有标签，但这是唯一的{kind}{where}。'],
  firstOfKind: ['It is the first {kind} that stands by itself{where}; no label stands at it.', '라벨은 없지만 따로 적힌 첫 번째 {kind}입니다{where}.', '没有标签，但这是第一个单独书写的{kind}{where}。'],
  heading: ['It is the name at the head of the page{where}; no label stands at it.', '라벨은 없지만 페이지 맨 위에 적힌 이름입니다{where}.', '没有标签，但这是页首的名称{where}。'],
  written: ['It is written like {kind}{where}; no label stands at it.', '라벨은 없지만 {kind} 형식으로 적혀 있습니다{where}.', '没有标签，但其写法是{kind}{where}。'],
  cell: ['It stands in the row “{row}” and the column “{column}”{where}.', '“{row}” 행과 “{column}” 열이 만나는 칸에 있습니다{where}.', '它位于“{row}”行、“{column}”列{where}。'],
  rowEnd: ['It is the amount in the row “{row}”{where}.', '“{row}” 행의 금액입니다{where}.', '它是“{row}”行的金额{where}。'],
  column: ['These are the cells of the column “{column}”{where}.', '“{column}” 열의 값들입니다{where}.', '这些是“{column}”列的单元格{where}。'],
  several: ['The pages say different things; each is given with its page.', '페이지마다 값이 달라 각각 적었습니다.', '各页内容不同，已分别列出。'],
  absent: ['“{label}” was not found on {pages}.', '{pages}에서 “{label}”(을)를 찾지 못했습니다.', '在{pages}上未找到“{label}”。'],
  noText: ['There is no text on {pages}.', '{pages}에 글자가 없습니다.', '{pages}上没有文字。'],
  unread: ['No page was given.', '주어진 페이지가 없습니다.', '没有给出页面。'],
  places: ['“{label}” stands at {count} {places}, on {pageCount}.', '“{label}”(은)는 {pageCount}, {count}곳에 있습니다.', '“{label}”出现在{pageCount}的{count}处。'],
  mentions: ['{pages} of {all} mention “{label}”.', '{all}페이지 가운데 {pages}페이지에 “{label}”(이)가 나옵니다.', '{all}页中有{pages}页提到“{label}”。'],
  pageCount: ['So many pages were given.', '주어진 페이지의 수입니다.', '这是给出的页数。'],
  fields: ['Every text that stands at a label, as it is placed on the page.', '라벨에 딸린 값을 배치에 따라 모두 적었습니다.', '按版面位置列出所有带标签的内容。'],
  text: ['The recognised text, in reading order.', '인식한 글자를 읽는 순서대로 적었습니다.', '按阅读顺序列出识别的文字。'],
  beyond: [
    'The built-in reader answers from recognised text and its places only; a question like this needs a Qwen-VL model, which can be installed under Models.',
    '내장 판독기는 인식된 글자와 그 위치로만 답합니다. 이런 질문에는 ‘모델’에서 설치할 수 있는 Qwen-VL 모델이 필요합니다.',
    '内置阅读器只根据识别出的文字及其位置作答；这类问题需要在“模型”中安装 Qwen-VL 模型。',
  ],
  notOnPage: ['Not on this page.', '이 페이지에 없습니다.', '此页上没有。'],
  notOnPages: ['Not on these pages.', '이 페이지들에 없습니다.', '这些页面上没有。'],
  cannot: ['The built-in reader cannot answer this.', '내장 판독기는 이 질문에 답할 수 없습니다.', '内置阅读器无法回答这个问题。'],
  onPage: [' on page {page}', ' ({page}페이지)', '（第{page}页）'],
  inDocument: [' in “{document}”', ' (“{document}”)', '（“{document}”）'],
  thisPage: ['this page', '이 페이지', '此页'],
  thesePages: ['these {count} pages', '이 {count}페이지', '这{count}页'],
  pageName: ['Page {page}', '{page}페이지', '第{page}页'],
  pageWord: ['{count} page', '{count}페이지', '{count}页'],
  pagesWord: ['{count} pages', '{count}페이지', '{count}页'],
  place: ['place', '곳', '处'],
  manyPlaces: ['places', '곳', '处'],
} as const satisfies Readonly<Record<string, Words>>;

const kinds: Readonly<Record<string, Words>> = {
  date: ['date', '날짜', '日期'],
  time: ['time', '시각', '时间'],
  phone: ['telephone number', '전화번호', '电话号码'],
  email: ['e-mail address', '이메일 주소', '电子邮箱地址'],
  url: ['web address', '웹 주소', '网址'],
  address: ['an address', '주소', '地址'],
  name: ['a person’s name with a title', '직함이 붙은 사람 이름', '带称谓的人名'],
  company: ['the name of a company', '회사 이름', '公司名称'],
  position: ['a job title', '직함', '职位'],
  department: ['a department', '부서 이름', '部门'],
  identity: ['number of an identity card', '신분증 번호', '证件号码'],
  card: ['card number', '카드번호', '卡号'],
  amount: ['amount', '금액', '金额'],
  identifier: ['number written so', '이런 형식의 번호', '这样书写的编号'],
  payment: ['a means of payment', '결제수단', '支付方式'],
  postal: ['a postal code', '우편번호', '邮政编码'],
  iban: ['account number', '계좌번호', '账号'],
  currency: ['the currency of the amounts', '금액에 쓰인 통화', '金额所用的货币'],
};

const at: Readonly<Record<Language, 0 | 1 | 2>> = { en: 0, ko: 1, zh: 2 };

export type SentenceName = keyof typeof sentences;

/** A sentence with its blanks filled. */
export function say(language: Language, name: SentenceName, blanks: Readonly<Record<string, string | number>> = {}): string {
  return (sentences[name] as Words)[at[language]].replace(/\{(\w+)\}/g, (_, blank: string) => String(blanks[blank] ?? ''));
}

export const kindWord = (language: Language, kind: string): string => kinds[kind]?.[at[language]] ?? kind;
