// The lines of a business card, which bears no labels: whose it is, where the person works and as what. Knows how names, titles and
// companies are written; rather finds nothing than something else.
import { holdsKeyAndValue, isLabel } from './labels.ts';
import { heightOf, type Piece, type ReaderPage } from './page-pieces.ts';
import { isOnly, valuesIn, type ValueType } from './typed-values.ts';

export interface CardPart {
  readonly piece: Piece;
  /** [from, to) of the piece's text. */
  readonly from: number;
  readonly to: number;
}

export type CardPartName = 'name' | 'company' | 'position' | 'department';

const firm = /\b(?:ltd|limited|inc|llc|llp|plc|corp|corporation|gmbh|s\.?a\.?|bhd|pty|pte|co|company|group|holdings|institute|university|college|school|hospital|clinic|bank|studios?|labs?|laborator(?:y|ies)|partners|associates|agency|foundation|solutions|systems|technologies|consulting|services|solicitors|architects|museum|hotel)\b|주식회사|\(주\)|㈜|유한회사|회사|은행|병원|대학교?|연구소|재단|법인|公司|集团|银行|医院|大学|研究院|事务所|株式会社|有限会社|合同会社|銀行|病院|事務所|研究所/iu;
const englishTitle = /\b(?:manager|director|engineer|partner|consultant|officer|president|analyst|designer|developer|architect|specialist|coordinator|assistant|head of|lead|founder|owner|attorney|solicitor|lawyer|counsel|nurse|doctor|physician|professor|lecturer|scientist|researcher|editor|accountant|agent|representative|executive|chef|technician|administrator|supervisor|\p{L}+ologist|secretary|advis[eo]r|broker|realtor|photographer|planner|programmer|chair(?:man|woman|person)?|ceo|cto|cfo|coo|vp)\b/iu;
const koreanTitle = /(?:대표이사|대표|부사장|사장|전무|상무|이사|본부장|부장|차장|과장|팀장|실장|센터장|원장|대리|사원|주임|매니저|책임연구원|선임연구원|수석연구원|연구원|엔지니어|디자이너|변호사|회계사|세무사|컨설턴트|프로|책임|선임|수석)$/u;
const hanTitle = /(?:总监|总经理|副总经理|经理|工程师|主任|主管|总裁|副总裁|董事长|教授|顾问|助理|专员|律师|医生|设计师|店长|院长|會計師|部長|次長|課長|係長|主任|社長|取締役|代表|店長|室長|マネージャー|エンジニア|デザイナー|コンサルタント)$/u;
const unit = /(?:팀|본부|사업부|센터|실|과|부서|연구소)$|(?:\p{Script=Han}{2,})(?:部|课|課|科|处|中心|室)$|(?:グループ|チーム)$|\b(?:department|dept|division|team)\b/iu;
const latinName = /^\p{Lu}[\p{L}.'’-]*(?:\s(?:\p{Lu}[\p{L}.'’-]*|de|da|von|van|der|la|el|bin|al)){1,3}$/u;
const hangulName = /^\p{Script=Hangul}(?:\s?\p{Script=Hangul}){1,3}$/u;
const hanName = /^\p{Script=Han}(?:\s?\p{Script=Han}){1,3}$|^\p{Script=Han}{1,3}\s[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{1,4}$/u;

const reaches: readonly ValueType[] = ['phone', 'email', 'url'];
const letters = (text: string): string => text.toLowerCase().normalize('NFKD').replace(/[^\p{L}\d]/gu, '');

/** Few lines, a way to reach someone, and no sums of money. */
function isCard(page: ReaderPage): boolean {
  return page.pieces.length <= 18 && reaches.some((type) => page.pieces.some((piece) => valuesIn(piece.text, type).length > 0))
    && !page.pieces.some((piece) => valuesIn(piece.text, 'amount').some((one) => one.currency !== undefined || (isOnly(piece.text, one) && /[.,]\d{2}$/.test(one.text))));
}

interface Line extends CardPart {
  readonly text: string;
  readonly is: CardPartName | null;
}

const titled = (text: string): boolean => englishTitle.test(text) || koreanTitle.test(text) || hanTitle.test(text);

/** "강하늘 책임연구원", "陈雨桐 市场总监", "営業部 課長": one piece, two things. */
function halves(piece: Piece): { from: number; to: number }[] {
  const text = piece.text;
  const whole = [{ from: 0, to: text.length }];
  if (/\p{Script=Latin}/u.test(text)) return whole;
  const cut = [...text.matchAll(/\s+/gu)].findLast((space) => titled(text.slice(space.index + space[0].length)));
  if (!cut) return whole;
  const first = text.slice(0, cut.index);
  return hangulName.test(first) || hanName.test(first) || unit.test(first) ? [{ from: 0, to: cut.index }, { from: cut.index + cut[0].length, to: text.length }] : whole;
}

function partsOf(page: ReaderPage): Line[] {
  const emails = page.pieces.flatMap((piece) => valuesIn(piece.text, 'email').map((one) => one.text.toLowerCase()));
  const domains = emails.map((email) => letters(email.split('@')[1]!.split('.')[0]!)).filter((domain) => domain.length >= 4);
  const people = emails.flatMap((email) => email.split('@')[0]!.split(/[._-]/)).map(letters).filter((name) => name.length >= 4);
  const bare = page.pieces.filter((piece) => /\p{L}{2}|\p{Script=Hangul}\s\p{Script=Hangul}|\p{Script=Han}\s\p{Script=Han}/u.test(piece.text) && !/\d/.test(piece.text) && piece.text.length < 60 && !holdsKeyAndValue(piece.text) && !isLabel(piece.text) && reaches.every((type) => valuesIn(piece.text, type).length === 0));
  return bare.flatMap((piece) => halves(piece).map(({ from, to }): Line => {
    const text = piece.text.slice(from, to);
    const plain = letters(text);
    const ours = domains.some((domain) => plain.includes(domain) || (plain.length >= 4 && domain.includes(plain)));
    const person = (latinName.test(text) || hangulName.test(text) || hanName.test(text)) && !firm.test(text);
    const theirs = people.some((name) => plain.includes(name));
    const is = firm.test(text) || (ours && !theirs) ? 'company' : theirs && person ? 'name' : titled(text) ? 'position' : unit.test(text) ? 'department' : person ? 'name' : null;
    return { piece, from, to, text, is };
  }));
}

/** The part of a card, or null where the page is none or two lines may be meant. */
export function cardPart(page: ReaderPage, name: CardPartName): CardPart | null {
  if (!isCard(page)) return null;
  const found = partsOf(page).filter(({ is }) => is === name);
  const tallest = found.reduce<Line | null>((best, one) => (best && heightOf(best.piece) >= heightOf(one.piece) ? best : one), null);
  if (!tallest || found.length === 1) return tallest;
  // The name is what is printed largest; of two alike neither is surely it.
  return found.every((one) => one === tallest || heightOf(one.piece) < 0.9 * heightOf(tallest.piece)) ? tallest : name === 'company' || name === 'position' ? found[0]! : null;
}
