// Looks a key up on a page: first under the very words, then under every label of the concept that the words mean, then by how
// such values are written. Knows concepts and places, not sentences.
import type { Quad } from '@contract/geometry.ts';
import { fold } from '../base/fold.ts';
import { concepts, type Concept } from './concepts.ts';
import { editsBetween, findLabel, holdsKeyAndValue, isLabel, labelForm, labelText, slipsAllowed, type LabelMatch, type LabelText } from './labels.ts';
import { heightOf, quadsOf, stacked, type Piece, type ReaderPage } from './page-pieces.ts';
import { isParty, partyBlock, type Party } from './party-block.ts';
import { kindWord, say, type Language } from './sentences.ts';
import { tablesOf } from './tables.ts';
import { valuesIn, type ValueType } from './typed-values.ts';
import { unlabelled } from './unlabelled.ts';
import { belowOf, rightOf, valuesNear, type PlacedValue } from './value-near.ts';

export interface FoundValue {
  readonly kind: 'value' | 'cell';
  readonly text: string;
  readonly parts: readonly { readonly text: string; readonly quads: readonly Quad[] }[];
  /** As printed. */
  readonly label: string | null;
  readonly score: number;
  readonly explain: (language: Language, where: string) => string;
}

interface Candidate {
  readonly piece: Piece;
  readonly match: LabelMatch;
  readonly value: PlacedValue;
  readonly score: number;
}

const isLatin = (text: string): boolean => /^[\p{Script=Latin}\d\s.,'#/&-]+$/u.test(text);

/** Question words to concepts: the concept with the very phrase; a longer phrase is tried without its first words. */
export function conceptOf(phrase: string): Concept | null {
  const form = labelForm(phrase);
  if (form === '') return null;
  const named = (text: string): Concept | undefined => phrases.get(text) ?? phrases.get(text.replace(/(?<=\p{Script=Latin})s$/u, ''));
  const whole = named(form) ?? named(form.replaceAll(' ', '')) ?? named(form.replace(/\bnumber\b|\bnr\b|\bnum\b|#/u, 'no').trim()) ?? named(form.replace(/\s?(?:number|번호|号码|番号|号)$/u, ''));
  if (whole) return whole;
  for (const [text, concept] of phrases) {
    const slips = slipsAllowed(text);
    if (slips > 0 && text.length > 5 && isLatin(text) && editsBetween(form, text, slips) <= slips) return concept;
  }
  return null;
}

/** A phrase means the concept that it is the strongest label of. */
const phrases = new Map<string, Concept>();
const ranked = concepts.flatMap((concept) => [
  { phrase: concept.id, concept, rank: -1 },
  ...(concept.asked ?? []).map((phrase) => ({ phrase, concept, rank: 0.5 })),
  ...concept.labels.map((phrase, rank) => ({ phrase, concept, rank })),
]);
for (const { phrase, concept } of ranked.sort((a, b) => a.rank - b.rank)) {
  const form = labelForm(phrase);
  for (const text of [form, form.replaceAll(' ', '')]) if (text !== '' && !phrases.has(text)) phrases.set(text, concept);
}

function candidatesFor(page: ReaderPage, label: string, type: ValueType, lines: number, unless: ReadonlySet<string>, weight: number): Candidate[] {
  const found: Candidate[] = [];
  for (const piece of labelPieces(page, label)) {
    const match = findLabel(preparedOf(piece), label);
    // "to" is the beginning of many a sentence.
    if (match && label.length <= 2 && isLatin(label) && match.besides.some((word) => /\p{L}/u.test(word))) continue;
    if (!match || match.besides.some((word) => unless.has(word))) continue;
    // Han and Hangul compounds are one word: "세액 합계", "金额合计".
    if ([...unless].some((word) => !isLatin(word) && match.besides.join('').includes(word))) continue;
    const part = goesOn(page, piece) ? 0.95 : 1;
    for (const value of valuesNear(page, piece, match, type, lines)) {
      found.push({ piece, match, value, score: match.score * value.score * weight * part });
    }
  }
  return found;
}

/** A label that goes on in the next line of its cell is another label: "Deputy" of "Deputy informed". */
function goesOn(page: ReaderPage, piece: Piece): boolean {
  const below = belowOf(page, piece, 0.35);
  return below !== null && Math.abs(below.left - piece.left) < 0.5 * heightOf(piece) && /\p{L}/u.test(below.text) && rightOf(page, below).length === 0 && rightOf(page, piece).length > 0;
}

/** The pieces of a page; where a label has several words, also two lines of one cell as one piece. */
function labelPieces(page: ReaderPage, label: string): Piece[] {
  if (!label.includes(' ')) return [...page.pieces];
  const cells = page.pieces.flatMap((piece) => {
    const form = labelForm(piece.text);
    if (form === '' || !label.startsWith(`${form} `)) return [];
    const below = belowOf(page, piece, 0.8);
    return below && labelForm(below.text) === label.slice(form.length + 1) ? [stacked(piece, below)] : [];
  });
  return [...cells, ...page.pieces];
}

const prepared = new WeakMap<Piece, LabelText>();
function preparedOf(piece: Piece): LabelText {
  const known = prepared.get(piece);
  if (known) return known;
  const made = labelText(piece.text);
  prepared.set(piece, made);
  return made;
}

function toFound({ match, piece, value, score }: Candidate): FoundValue {
  const label = piece.text.slice(match.from, match.to);
  return {
    kind: 'value', text: value.text, parts: [{ text: value.text, quads: value.quads }], label, score,
    explain: (language, where) => say(language, value.way, { label, where }),
  };
}

/** What stands at a label of exactly these words, or null. */
export function findExact(page: ReaderPage, phrase: string): FoundValue | null {
  const exact = candidatesFor(page, labelForm(phrase), 'text', 1, new Set(), 1).filter((one) => one.match.score === 1);
  const best = bestOf(exact, 'text');
  return best && best.score > 0.8 ? toFound(best) : null;
}

const linesFor = (concept: Concept | null): number => (concept && (concept.id.endsWith('address') || concept.id === 'reason') ? 4 : 1);

/** "folio number", "하차 시간", "検針日": the last word says of what type the value is, the others are the label. */
const typedWords: readonly (readonly [RegExp, ValueType])[] = [
  [/^(.{2,30}?)\s?(?:number|no|nr|#|번호|号码|编号|号|番号)$/u, 'identifier'],
  [/^(.{2,30}?)\s?(?:time|시간|시각|时间|時間|時刻|时刻)$/u, 'time'],
  [/^(.{2,30}?)\s(?:date|날짜|일자)$|^(.{2,12}?)(?:일자|일시|날짜|日期|日)$/u, 'date'],
];

function conceptFrom(phrase: string): Concept | null {
  const form = labelForm(phrase);
  for (const [pattern, type] of typedWords) {
    const match = pattern.exec(form);
    const stem = match?.[1] ?? match?.[2];
    if (stem) return type === 'identifier' ? { id: form, type, labels: [form, `${stem} no`, `${stem} #`, `${stem} id`], behind: [stem] } : { id: form, type, labels: [form, stem] };
  }
  return null;
}

/** The best value for the words of a question on one page, or null. */
export function findValues(page: ReaderPage, phrase: string): FoundValue | null {
  const concept = conceptOf(phrase);
  const type = concept?.type ?? 'text';
  const lines = linesFor(concept);
  const inHead = headsOf(page);
  const usable = (one: Candidate): boolean => !inHead.has(one.piece);
  // The very words, as a label of their own: what stands there is the answer, whatever it is.
  const exact = candidatesFor(page, labelForm(phrase), 'text', lines, new Set(), 1).filter((one) => one.match.besides.length === 0 && usable(one));
  const typedExact = concept && type !== 'text' ? candidatesFor(page, labelForm(phrase), type, lines, new Set(), 1).filter((one) => one.match.besides.length === 0 && usable(one)) : [];
  const best = bestOf(typedExact.length ? typedExact : concept && type !== 'text' ? [] : exact, type);
  if (best && best.score > 0.8) return toFound(best);
  if (!concept) {
    const near = candidatesFor(page, labelForm(phrase), 'text', lines, new Set(), 0.95).filter((one) => usable(one) && (one.match.besides.length <= 2 || one.match.score > 0.9));
    const placed = bestOf(near, 'text');
    if (placed && placed.score > 0.65) return toFound(placed);
    const made = conceptFrom(phrase);
    return made && findConcept(page, made, 1);
  }
  const found = findConcept(page, concept, lines);
  if (found || type !== 'date') return found;
  // "Valid: 30 days from the date of the offer" is what the label says, though it is no date.
  const said = bestOf(exact.filter((one) => one.match.score === 1 && one.value.way !== 'below' && /\d/.test(one.value.text) && one.value.text.length <= 30), 'text');
  return said && said.score > 0.9 ? toFound(said) : null;
}

/** What a company or a person is named under in a block of its own. */
const nameInBlock: Concept = { id: 'name in block', type: 'text', labels: ['名称', '单位名称', '公司名称', '상호', '상호명', '상호(법인명)', '회사명', 'company name', 'company', 'name', '会社名', '商号', '名前', '姓名', '성명'] };

/** Something that is asked of the seller or the buyer: their name, or what stands in their block of the page. */
export function findInParty(page: ReaderPage, party: Party, concept: Concept | null): FoundValue | null {
  const block = partyBlock(page, party);
  if (!block) return null;
  if (concept) return findConcept(block.page, concept, linesFor(concept));
  const named = findConcept(block.page, nameInBlock, 1);
  if (named) return named;
  // All lines of an address, the first of anything else.
  const first = block.page.rows[0]![0]!;
  if (isLabel(first.text) || holdsKeyAndValue(first.text) || !/\p{L}{2}/u.test(first.text)) return null;
  const lines = block.page.rows.map((row) => row[0]!).filter((piece) => Math.abs(piece.left - first.left) < 0.6 * heightOf(first));
  const end = lines.findIndex((piece) => holdsKeyAndValue(piece.text) || isLabel(piece.text) || valuesIn(piece.text, 'phone').length > 0 || valuesIn(piece.text, 'email').length > 0);
  const taken = party.endsWith('address') ? lines.slice(0, end < 0 ? 6 : Math.min(end, 6)) : [first];
  const text = taken.map((piece) => piece.text.trim()).join(' ');
  const label = block.heading.text;
  return { kind: 'value', text, parts: [{ text, quads: taken.flatMap((piece) => quadsOf(piece)) }], label, score: 0.9, explain: (language, where) => say(language, 'below', { label, where }) };
}

/** What stands at a label of the concept, or what is written like it. */
export function findConcept(page: ReaderPage, concept: Concept, lines: number): FoundValue | null {
  const party = isParty(concept.id) ? findInParty(page, concept.id, null) : null;
  if (party) return party;
  // What is said of the buyer is not said of the seller.
  const others = new Set(concept.id === 'company' ? partyBlock(page, 'customer')?.page.pieces : []);
  const inHead = new Set([...headsOf(page), ...others]);
  const unless = new Set((concept.unless ?? []).map((word) => fold(word).text));
  const labelled = [...concept.labels, ...(concept.also ?? [])].flatMap((label, at) => {
    const found = candidatesFor(page, labelForm(label), concept.type, lines, unless, 1 - 0.004 * Math.min(at, 75));
    return found.filter((one) => !inHead.has(one.piece) && (at < concept.labels.length || concept.type !== 'amount' || one.value.way !== 'below'));
  });
  const behind = (concept.behind ?? []).flatMap((label) => candidatesFor(page, labelForm(label), concept.type, 1, unless, 0.8)).filter((one) => !inHead.has(one.piece) && /^$|[/|]\s*$/u.test(one.piece.text.slice(0, one.match.from).trim()) && /\d/.test(one.value.text) && !/\d[.,]\d{2}$/.test(one.value.text) && (one.value.way === 'behind' ? /^[\s#:：№.]*(?:[A-Z]{0,4}-?\d|[*•Xx])/u.test(one.piece.text.slice(one.match.to)) : one.value.way === 'right' && one.match.besides.length === 0));
  const named = ['company', 'customer', 'name'].includes(concept.id);
  const chosen = bestOf([...labelled, ...behind].filter((one) => !named || /\p{L}.*\p{L}|\p{Script=Han}|\p{Script=Hangul}/u.test(one.value.text)), concept.type);
  if (chosen && chosen.score > 0.6) return toFound(chosen);
  const other = unlabelled(page, concept);
  if (!other) return null;
  return {
    kind: 'value', text: other.text, parts: [{ text: other.text, quads: other.quads }], label: null, score: other.score,
    explain: (language, where) => say(language, other.how, { kind: kindWord(language, other.kind), where }),
  };
}

const headsOf = (page: ReaderPage): Set<Piece> => new Set(tablesOf(page).flatMap((table) => [...table.head]));

/** The surest; among equals the largest amount, then what stands first (totals: last). */
function bestOf(candidates: readonly Candidate[], type: ValueType): Candidate | null {
  const sorted = [...candidates].sort((a, b) => b.score - a.score);
  const top = sorted[0];
  if (!top) return null;
  // The same label again, half a line off its figure: a summary of taxes repeats "Total".
  const label = (one: Candidate): string => labelForm(one.piece.text.slice(one.match.from, one.match.to));
  const slack = (one: Candidate): number => (type === 'amount' && label(one) === label(top) ? 0.045 : 0.003);
  const equal = sorted.filter((one) => one.score > top.score - slack(one));
  if (type === 'amount') return equal.reduce((best, one) => (Number(one.value.typed.value) > Number(best.value.typed.value) ? one : best));
  return equal.reduce((best, one) => (one.value.top < best.value.top ? one : best));
}
