// The built-in reader's answer to a question about recognised pages: picks what was asked for, has it looked up, says how it was
// found. What is not there is said, never guessed.
import type { PageText } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';
import type { ReaderAnswer, ReaderGrounding } from '@contract/reader-answer.ts';
import { rangesOf } from '../base/fold.ts';
import type { Concept } from './concepts.ts';
import { findCell, isQuantity } from './find-cell.ts';
import { conceptOf, findExact, findInParty, findValues, type FoundValue } from './find-values.ts';
import { keyValuesOf } from './key-values.ts';
import { quadOfRange, readerPage, type ReaderPage } from './page-pieces.ts';
import { isParty, partyBlock, type Party } from './party-block.ts';
import { keysOf, splitsOf, wantedOf } from './question.ts';
import { languageOf, say, type Language } from './sentences.ts';
import { isOnly, valuesIn } from './typed-values.ts';

/** What a value must reach to be an answer. */
const enough = 0.6;
/** Values of other pages that are as sure as the best are given too. */
const asSure = 0.08;
/** Places that one answer lists. */
const mostPlaces = 200;

interface Draft {
  text: string;
  groundings: ReaderGrounding[];
}

function append(draft: Draft, before: string, value: string, quads: readonly { pageId: string; quad: Quad }[], label: string | null): void {
  draft.text += before;
  const start = draft.text.length;
  draft.text += value;
  for (const { pageId, quad } of quads) draft.groundings.push({ start, end: draft.text.length, label, pageId, quad });
}

/** @param pages with `document` (a file's name) where they are those of several documents */
export function answerFromText(question: string, pages: readonly { pageId: string; index: number; document?: string | undefined; text: PageText }[]): ReaderAnswer {
  const language = languageOf(question);
  const read = pages.map(({ pageId, index, document, text }) => readerPage(pageId, index, text, document));
  const not = (kind: 'absent' | 'beyond', text: string, explanation: string): ReaderAnswer => ({ text, found: false, groundings: [], explanation, kind });
  const these = read.length === 1 ? say(language, 'thisPage') : say(language, 'thesePages', { count: read.length });
  if (read.length === 0) return not('absent', say(language, 'unread'), say(language, 'unread'));
  const wanted = wantedOf(question);
  const nowhere = (label: string): ReaderAnswer => not('absent', say(language, read.length === 1 ? 'notOnPage' : 'notOnPages'), say(language, 'absent', { label, pages: these }));
  if (wanted.kind === 'beyond') return (wanted.key === null ? null : exactOf(read, wanted.key, language)) ?? not('beyond', say(language, 'cannot'), say(language, 'beyond'));
  if (wanted.kind === 'page-count') return { text: String(read.length), found: true, groundings: [], explanation: say(language, 'pageCount'), kind: 'count' };
  if (read.every((page) => page.pieces.length === 0)) return not('absent', say(language, read.length === 1 ? 'notOnPage' : 'notOnPages'), say(language, 'noText', { pages: these }));
  switch (wanted.kind) {
    case 'text': return textOf(read, language);
    case 'fields': return fieldsOf(read, language) ?? nowhere(question.trim());
    case 'mentions': return mentionsOf(read, wanted.what, language);
    case 'places': return placesOf(read, wanted.what, language) ?? valueOf(read, wanted.what, null, language) ?? nowhere(wanted.what);
    case 'value': return valueOf(read, wanted.key, wanted.column, language) ?? nowhere(wanted.key);
  }
}

/** Which of several pages: of several documents by the document's name, and its page where more than one of them is asked. */
function nameOf(read: readonly ReaderPage[], { document, index }: ReaderPage, language: Language): string {
  const page = say(language, 'pageName', { page: index + 1 });
  if (document === null) return page;
  return read.filter((one) => one.document === document).length > 1 ? `${document}, ${page}` : document;
}
const heading = (read: readonly ReaderPage[], page: ReaderPage, language: Language): string => (read.length > 1 ? `${nameOf(read, page, language)}: ` : '');
function whereOf(read: readonly ReaderPage[], page: ReaderPage, language: Language): string {
  if (read.length === 1) return '';
  return page.document === null ? say(language, 'onPage', { page: page.index + 1 }) : say(language, 'inDocument', { document: nameOf(read, page, language) });
}

function textOf(read: readonly ReaderPage[], language: Language): ReaderAnswer {
  const draft: Draft = { text: '', groundings: [] };
  for (const page of read) {
    if (read.length > 1) draft.text += `${draft.text ? '\n\n' : ''}${nameOf(read, page, language)}\n`;
    page.lines.forEach((line, at) => append(draft, at > 0 ? '\n' : '', line.text, [{ pageId: page.pageId, quad: line.quad }], null));
  }
  return { ...draft, found: true, explanation: say(language, 'text'), kind: 'text' };
}

function fieldsOf(read: readonly ReaderPage[], language: Language): ReaderAnswer | null {
  const draft: Draft = { text: '', groundings: [] };
  for (const page of read) {
    for (const { key, value, quads } of keyValuesOf(page)) {
      append(draft, `${draft.text ? '\n' : ''}${heading(read, page, language)}${key}: `, value, quads.map((quad) => ({ pageId: page.pageId, quad })), key);
    }
  }
  return draft.groundings.length ? { ...draft, found: true, explanation: say(language, 'fields'), kind: 'fields' } : null;
}

/** Every line that holds `what`, with the ranges in it. */
function hitsOf(page: ReaderPage, what: string): { text: string; quad: Quad }[] {
  return page.lines.flatMap((line) => rangesOf(line.text, [what.normalize('NFC').toLowerCase()]).map(([from, to]) => ({ text: line.text, quad: quadOfRange(line, from, to) })));
}

function placesOf(read: readonly ReaderPage[], what: string, language: Language): ReaderAnswer | null {
  const draft: Draft = { text: '', groundings: [] };
  let count = 0, pageCount = 0;
  for (const page of read) {
    const hits = hitsOf(page, what);
    if (hits.length) pageCount += 1;
    for (const { text, quad } of hits) {
      if (count++ < mostPlaces) append(draft, `${draft.text ? '\n' : ''}${heading(read, page, language)}`, text, [{ pageId: page.pageId, quad }], what);
    }
  }
  if (count === 0) return null;
  const explanation = say(language, 'places', { label: what, count, places: say(language, count === 1 ? 'place' : 'manyPlaces'), pageCount: say(language, pageCount === 1 ? 'pageWord' : 'pagesWord', { count: pageCount }) });
  return { ...draft, found: true, explanation, kind: 'places' };
}

function mentionsOf(read: readonly ReaderPage[], what: string, language: Language): ReaderAnswer {
  const draft: Draft = { text: '', groundings: [] };
  const holding = read.map((page) => ({ page, hits: hitsOf(page, what) })).filter(({ hits }) => hits.length > 0);
  draft.text = String(holding.length);
  for (const { page, hits } of holding) append(draft, '\n', nameOf(read, page, language), hits.map(({ quad }) => ({ pageId: page.pageId, quad })), what);
  return { ...draft, found: true, explanation: say(language, 'mentions', { pages: holding.length, all: read.length, label: what }), kind: 'count' };
}

type Found = { page: ReaderPage; value: FoundValue }[];

/** A form may well ask "whether handed over?": a label to the letter is answered, whatever it sounds like. */
function exactOf(read: readonly ReaderPage[], key: string, language: Language): ReaderAnswer | null {
  return answerWith(read, read.flatMap((page) => {
    const value = findExact(page, key);
    return value ? [{ page, value }] : [];
  }), language);
}

/** "the seller's telephone", "购买方的地址": of which party what is asked. */
function ownedBy(key: string): { party: Party; concept: Concept | null } | null {
  for (const { key: what, about } of splitsOf(key)) {
    const party = conceptOf(about)?.id ?? '', concept = conceptOf(what);
    if (isParty(party) && concept) return { party, concept: ['name', 'company'].includes(concept.id) ? null : concept };
  }
  return null;
}

/** Asked how much or how many, a text is no answer. */
function fitsColumn(column: string, text: string): boolean {
  if (isQuantity(column)) return /^\d{1,4}(?:[.,]\d+)?\s?\p{L}{0,6}$/u.test(text.trim());
  return valuesIn(text, 'amount').some((one) => isOnly(text, one) || one.currency !== undefined);
}

function valueOf(read: readonly ReaderPage[], key: string, column: string | null, language: Language): ReaderAnswer | null {
  const found: Found = [];
  const owned = ownedBy(key);
  for (const page of read) {
    const theirs = owned && findInParty(page, owned.party, owned.concept);
    if (theirs) found.push({ page, value: theirs });
    // What is asked of the buyer is not answered with something of the seller's.
    if (theirs || (owned && owned.party !== 'company' && partyBlock(page, owned.party))) continue;
    const plain = keysOf(key).map((one) => findValues(page, one)).find((one) => one !== null) ?? null;
    const value = plain && (column === null || fitsColumn(column, plain.text)) ? plain : null;
    // A label as asked for; then a cell by row and column; then the concept behind the words; then a whole column.
    const cells = [...splitsOf(key), ...(column === null ? [] : [{ key: column, about: key }])];
    const cell = value && (column === null ? value.score >= 0.95 : conceptOf(key) !== null) ? null : cells.map((one) => findCell(page, one.key, one.about)).find((one) => one !== null) ?? null;
    const best = cell ?? value ?? findCell(page, key, null);
    if (best && best.score >= enough) found.push({ page, value: best });
  }
  return answerWith(read, found, language);
}

function answerWith(read: readonly ReaderPage[], found: Found, language: Language): ReaderAnswer | null {
  const top = Math.max(...found.map(({ value }) => value.score));
  const sure = found.filter(({ value }) => value.score >= top - asSure);
  const first = sure[0];
  if (!first) return null;
  const differ = sure.some(({ value }) => value.text !== first.value.text);
  const given = differ ? sure : [sure.find(({ value }) => value.score === top)!];
  const draft: Draft = { text: '', groundings: [] };
  for (const { page, value } of given) {
    value.parts.forEach((part, at) => {
      append(draft, at > 0 ? '\n' : `${draft.text ? '\n' : ''}${differ ? heading(read, page, language) : ''}`, part.text, part.quads.map((quad) => ({ pageId: page.pageId, quad })), value.label);
    });
  }
  const one = given[0]!;
  return { ...draft, found: true, explanation: differ ? say(language, 'several') : one.value.explain(language, whereOf(read, one.page, language)), kind: one.value.kind };
}
