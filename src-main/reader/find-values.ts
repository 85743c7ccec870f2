// Looks a key up on a page: first under the very words, then under every label of the concept that the words mean, then by how
// such values are written. Knows concepts and places, not sentences.
import type { Quad } from '@contract/geometry.ts';
import { fold } from '../base/fold.ts';
import { concepts, type Concept } from './concepts.ts';
import { editsBetween, findLabel, labelForm, labelText, slipsAllowed, type LabelMatch, type LabelText } from './labels.ts';
import { heightOf, stacked, type Piece, type ReaderPage } from './page-pieces.ts';
import { kindWord, say, type Language } from './sentences.ts';
import { tablesOf } from './tables.ts';
import type { ValueType } from './typed-values.ts';
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
    if (slips > 0 && isLatin(text) && editsBetween(form, text, slips) <= slips) return concept;
  }
  return null;
}

const phrases = new Map<string, Concept>();
for (const concept of concepts) {
  for (const phrase of [...(concept.asked ?? []), ...concept.labels]) {
    const form = labelForm(phrase);
    for (const text of [form, form.replaceAll(' ', '')]) if (text !== '' && !phrases.has(text)) phrases.set(text, concept);
  }
  if (!phrases.has(concept.id)) phrases.set(concept.id, concept);
}

function candidatesFor(page: ReaderPage, label: string, type: ValueType, lines: number, unless: ReadonlySet<string>, weight: number): Candidate[] {
  const found: Candidate[] = [];
  for (const piece of labelPieces(page, label)) {
    const match = findLabel(preparedOf(piece), label);
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

/** The best value for the words of a question on one page, or null. */
export function findValues(page: ReaderPage, phrase: string): FoundValue | null {
  const concept = conceptOf(phrase);
  const type = concept?.type ?? 'text';
  const lines = concept?.id === 'address' || concept?.id === 'reason' ? 4 : 1;
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
    return placed && placed.score > 0.65 ? toFound(placed) : null;
  }
  return findConcept(page, concept, lines);
}

/** What stands at a label of the concept, or what is written like it. */
export function findConcept(page: ReaderPage, concept: Concept, lines: number): FoundValue | null {
  const inHead = headsOf(page);
  const unless = new Set((concept.unless ?? []).map((word) => fold(word).text));
  const labelled = concept.labels.flatMap((label, at) => candidatesFor(page, labelForm(label), concept.type, lines, unless, 1 - 0.004 * Math.min(at, 75))).filter((one) => !inHead.has(one.piece));
  const chosen = bestOf(labelled, concept.type);
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
