// Which script a character belongs to, and how another one writes it. Knows Unicode ranges, nothing else.

export const isHangul = (text: string): boolean => /^[\uAC00-\uD7A3\u1100-\u11FF\u3130-\u318F]/.test(text);
export const isKana = (text: string): boolean => /^[\u3041-\u3096\u309D\u309E\u30A1-\u30FA\u30FC-\u30FE\uFF66-\uFF9D]/.test(text);
export const isHan = (text: string): boolean => /^[\u3005\u3007\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF]/.test(text);
/** Latin, Greek and Cyrillic letters, with their accents and full-width forms. */
export const isAlphabetic = (text: string): boolean => /^[A-Za-z\u00C0-\u024F\u0370-\u04FF\uFF21-\uFF3A\uFF41-\uFF5A]/.test(text);
export const isDigit = (text: string): boolean => /^[0-9\uFF10-\uFF19]/.test(text);
/** Written in a square of its own, without spaces between words. */
export const isIdeographic = (text: string): boolean => isHan(text) || isKana(text) || /^[\u3000-\u3004\u3008-\u303F\uFF01-\uFF0F\uFF1A-\uFF20]/.test(text);
export const isPunctuation = (text: string): boolean => text.length > 0 && !isHangul(text) && !isKana(text) && !isHan(text) && !isAlphabetic(text) && !isDigit(text) && text.trim() !== '';

/** Frequent characters that only traditional Chinese (and older Japanese and Korean) print has: simplified print writes each of them otherwise. */
const traditionalOnly = new Set('們個來這為國時學會說對開關還點過發經後動進現長間問東車馬電話門體數業報書頁員實賣買費價運貨應該線給與無樂讓處單請謝訂號購預約幣億萬歲歷張劉陳楊許葉黃區縣銀錢賬帳營廠場辦證總務顧護衛醫藥類團圖園專屬從優選擇聯絡傳訊網際機構設計畫條質級續檢驗標準');
export const isTraditional = (text: string): boolean => traditionalOnly.has(text);

/** Latin and Korean print sets the marks of Latin script; the Chinese network writes the wide ones of its own. */
export function asciiMark(text: string): string {
  if (text === '。') return '.';
  if (text === '、') return ',';
  return /^[\uFF01-\uFF5E]$/.test(text) ? String.fromCharCode(text.charCodeAt(0) - 0xfee0) : text;
}
