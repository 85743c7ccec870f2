// Who sells and who buys, where a heading names the party and lines under it say more: "Bill To" over an address, 공급받는자 over a
// grid of keys. Such a block is looked at as a page of its own. Knows headings and places, no questions.
import { labelForm } from './labels.ts';
import { heightOf, middleOf, type Piece, type ReaderPage } from './page-pieces.ts';
import { tablesOf } from './tables.ts';

export type Party = 'company' | 'customer' | 'delivery address' | 'billing address';

const headings: Readonly<Record<Party, readonly string[]>> = {
  company: ['seller', 'vendor', 'supplier', 'from', 'sold by', 'bill from', 'billed from', 'remit to', 'payee', '공급자', '공급하는자', '판매자', '판매자 정보', '공급자 정보', '销售方', '销售方信息', '销货单位', '卖方', '卖方信息', '供应商', '供应商信息', '收款方', '販売元', '発行元', '売主'],
  customer: ['bill to', 'billed to', 'invoice to', 'invoiced to', 'sold to', 'buyer', 'customer', 'client', 'customer details', '공급받는자', '구매자', '구매자 정보', '주문자 정보', '购买方', '购买方信息', '购货单位', '买方', '买方信息', '客户信息', '付款方', '請求先', 'お客様', 'お客様情報', '宛先', '購入者'],
  'delivery address': ['ship to', 'shipped to', 'shipping address', 'deliver to', 'delivery address', 'deliver to address', '배송지', '배송지 정보', '받는 분', '收货信息', '收货地址', 'お届け先', '納品先', '配送先'],
  'billing address': ['billing address', 'bill to', 'billed to', 'invoice address', '청구지', '账单地址', '請求先'],
};
const known = new Map(Object.entries(headings).map(([party, labels]) => [party as Party, new Set(labels.map(labelForm))]));
const anyParty = new Set([...known.values()].flatMap((labels) => [...labels]));

export const isParty = (id: string): id is Party => known.has(id as Party);

const isHeading = (piece: Piece, labels: ReadonlySet<string>): boolean => labels.has(labelForm(piece.text));

export interface PartyBlock {
  readonly heading: Piece;
  /** What stands under the heading. */
  readonly page: ReaderPage;
}

/** What stands below the heading in its column, up to a wide gap or the next heading. */
function under(page: ReaderPage, heading: Piece): Piece[] {
  const height = Math.max(heightOf(heading), page.lineHeight);
  const beside = page.pieces.filter((piece) => piece.left > heading.right && Math.abs(middleOf(piece) - middleOf(heading)) < 0.8 * height);
  const limit = Math.min(...beside.filter((piece) => isHeading(piece, anyParty) || piece.left > heading.right + 4 * height).map((piece) => piece.left - height), Infinity);
  const heads = new Set(tablesOf(page).flatMap((table) => [...table.head]));
  const column = page.pieces.filter((piece) => middleOf(piece) > heading.bottom && piece.left > heading.left - 2 * height && piece.left < limit).sort((a, b) => a.top - b.top);
  const found: Piece[] = [];
  let bottom = heading.bottom;
  for (const piece of column) {
    if (piece.top - bottom > 1.4 * height || isHeading(piece, anyParty) || heads.has(piece)) break;
    bottom = Math.max(bottom, piece.bottom);
    found.push(piece);
  }
  return found;
}

/** The block of a party; null where nothing on the page is headed so. */
export function partyBlock(page: ReaderPage, party: Party): PartyBlock | null {
  for (const heading of page.pieces.filter((piece) => isHeading(piece, known.get(party)!))) {
    // One of many in a row is an entry of a bar or the head of a column.
    if ((page.rows.find((row) => row.includes(heading))?.length ?? 0) > 3) continue;
    const pieces = new Set(under(page, heading));
    if (pieces.size === 0) continue;
    return { heading, page: { ...page, pieces: page.pieces.filter((piece) => pieces.has(piece)), rows: page.rows.map((row) => row.filter((piece) => pieces.has(piece))).filter((row) => row.length > 0) } };
  }
  return null;
}
