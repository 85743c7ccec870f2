// The value that belongs to a label by where it stands: behind it, to its right, below it. Knows places and types, no questions.
import type { Quad } from '@contract/geometry.ts';
import { holdsKeyAndValue, isLabel, keyPart, type LabelMatch } from './labels.ts';
import { heightOf, middleOf, overlapX, quadsOf, type Piece, type ReaderPage } from './page-pieces.ts';
import { isFigure } from './tables.ts';
import { isOnly, valuesIn, type TypedValue, type ValueType } from './typed-values.ts';

export type Way = 'behind' | 'right' | 'below';

export interface PlacedValue {
  readonly text: string;
  readonly typed: TypedValue;
  readonly quads: readonly Quad[];
  readonly way: Way;
  /** 0 to 1: how surely the value belongs to the label. */
  readonly score: number;
  /** Lowest part of the value on the page, to compare what stands further down. */
  readonly top: number;
}

/** Marks between a key and its value. */
const separators = /^(?:\s|[:：=|>)\]】]|[#№](?=\s)|[.·…‥_]+(?=[\s.·…_]|$|[^\d.])|\*+(?=\s|$)|[-–—]+(?=\s))+/u;
const onlySeparator = /^[\s:：=|>.·…_\-–—*]+$/u;
const onlyCurrency = /^(?:[£$€¥￥₩]|[A-Z]{2,3}|\([A-Z]{2,3}\)|元|원|円)$/u;
/** Small words in which a sentence goes on; a value does not start so. */
const sentence = /^(?:of|and|or|the|is|are|was|were|for|to|in|on|by|with|from|please|must|will|may|not|at)\b/i;

/** Texts whose values look like them: a code may be any short run with a digit. */
function typedIn(text: string, type: ValueType): TypedValue | null {
  const found = valuesIn(text, type);
  if (type === 'identifier' && /[%％]/u.test(text)) return null;
  if (type === 'identifier' && found[0] && /[*•]{2}|^[A-Z]{2}\d{2}\s/u.test(found[0].text)) return found[0];
  if (type === 'amount' && found.length > 1) {
    const dates = valuesIn(text, 'date');
    const rest = found.filter((one) => !dates.some((date) => date.from < one.to && one.from < date.to));
    return rest.findLast((one) => one.currency !== undefined) ?? rest.at(-1) ?? null;
  }
  if (type === 'amount') return found.findLast((one) => isOnly(text, one)) ?? found.findLast((one) => one.currency !== undefined) ?? found.at(-1) ?? null;
  if (type !== 'identifier') return found[0] ?? null;
  // A short run with a digit and hardly a word: all of it, whatever script its letters are of.
  const whole = text.trim();
  const words = whole.split(/\s+/);
  if (/\d/.test(whole) && [...whole].length <= 24 && words.length <= 5 && words.filter((word) => !/\d/.test(word)).length <= 1 && !/[:：,，]/.test(whole) && valuesIn(whole, 'date').length === 0 && !/^\d[\d,.]*[.,]\d{2}$/.test(whole) && !/[£$€¥￥₩원円元]/u.test(whole)) {
    const from = text.indexOf(whole);
    return { type, from, to: from + whole.length, text: whole, value: whole };
  }
  // What is written like money is no number of a thing.
  const money = /[£$€¥￥₩원円元]|^\D{0,2}\d[\d,.]*[.,]\d{2}$/u.test(text.trim());
  return found.find((one) => !/^\d[\d,.]*[.,]\d{2}$/.test(one.text)) ?? (money ? null : (valuesIn(text, 'number')[0] ?? null));
}

/** A date with its time, as printed: the whole stands for the answer. */
function widened(text: string, typed: TypedValue): TypedValue {
  if (typed.type !== 'date') return typed;
  const rest = text.slice(typed.to);
  // From one day to another: both.
  const range = /(?:^|\s)(?:\p{L}{3,9}\.?\s)?\d{1,2}(?:\s\p{L}{3,9})?\s?[-–~]\s?$/u.exec(text.slice(0, typed.from));
  if (range) return { ...typed, from: range.index + range[0].length - range[0].trimStart().length, text: text.slice(range.index, typed.to).trim() };
  const time = valuesIn(rest, 'time')[0];
  // Digits and a colon that are no time are one that was read with a slip: shown as read.
  const whole = /^\s?[\d\s]{1,4}:[\d\s:]{2,6}$/.exec(rest)?.[0];
  if (whole && !time) return { ...typed, to: text.length, text };
  if (!time || !/^[\s,T]*(?:\(?\p{L}{1,3}\)?[\s,]*)?$/u.test(rest.slice(0, time.from))) return typed;
  return { ...typed, to: typed.to + time.to, text: text.slice(typed.from, typed.to + time.to) };
}

/** The value of a type in [from, to) of a piece. */
function valueIn(piece: Piece, from: number, type: ValueType, way: Way, score: number): PlacedValue | null {
  const rest = piece.text.slice(from);
  const lead = separators.exec(rest)?.[0].length ?? 0;
  const text = rest.slice(lead);
  const found = typedIn(text, type);
  if (!found) return null;
  const typed = widened(text, found);
  const start = from + lead + typed.from, end = from + lead + typed.to;
  return { text: typed.text, typed, quads: quadsOf(piece, start, end), way, score, top: piece.top };
}

/** Value of a text type made of pieces that run on to the right. */
function joined(pieces: readonly Piece[], way: Way, score: number): PlacedValue | null {
  const text = pieces.map((piece) => piece.text.trim()).join(' ').replace(separators, '').trim();
  const typed = valuesIn(text, 'text')[0];
  if (!typed) return null;
  const first = pieces[0]!;
  const lead = separators.exec(first.text)?.[0].length ?? 0;
  return {
    text, typed, way, score, top: first.top,
    quads: pieces.flatMap((piece, at) => quadsOf(piece, at === 0 ? lead : 0)),
  };
}

/** Pieces to the right at the same height, up to the next label. */
export function rightOf(page: ReaderPage, piece: Piece): Piece[] {
  const found: Piece[] = [];
  const beside = page.pieces.filter((other) => other.left > piece.right - 0.5 * page.lineHeight && other.left > piece.left && middleOf(other) > piece.top && middleOf(other) < piece.bottom).sort((a, b) => a.left - b.left);
  for (const other of beside) {
    if (onlySeparator.test(other.text)) continue;
    if (isLabel(other.text)) break;
    found.push(other);
  }
  return found;
}

/** The nearest piece below that shares the label's column. */
export function belowOf(page: ReaderPage, piece: Piece, reach = 2.2): Piece | null {
  const height = Math.max(heightOf(piece), page.lineHeight * 0.8);
  let best: Piece | null = null;
  for (const other of page.pieces) {
    const down = other.top - piece.bottom;
    if (other === piece || down < -0.4 * height || middleOf(other) <= middleOf(piece) + 0.5 * height || down > reach * height) continue;
    const shared = overlapX(piece, other);
    const aligned = Math.abs(other.left - piece.left) < height || Math.abs((other.left + other.right) / 2 - (piece.left + piece.right) / 2) < height;
    if (shared < 0.3 * Math.min(piece.right - piece.left, other.right - other.left) || !(aligned || shared > 0.6 * (other.right - other.left))) continue;
    if (!best || other.top < best.top - 0.5 * height) best = other;
  }
  return best;
}

/** Lines that go on below the first one of a text value: the same left edge, the usual distance, no label. */
function linesOn(page: ReaderPage, first: Piece, limit: number, key: Piece | null = null): Piece[] {
  const found = [first];
  // A line with a key of its own in the first key's column is the next key's value.
  const keyed = (line: Piece): boolean => key !== null && page.pieces.some((other) => other !== line && other.right < line.left && other.left > key.left - 2 * heightOf(key) && Math.abs(middleOf(other) - middleOf(line)) < 0.6 * heightOf(line));
  while (found.length < limit) {
    const last = found.at(-1)!;
    const next = belowOf(page, last, 0.9);
    if (!next || Math.abs(next.left - last.left) > heightOf(last) || isLabel(next.text) || holdsKeyAndValue(next.text) || keyed(next) || Math.abs(heightOf(next) - heightOf(last)) > 0.4 * heightOf(last)) break;
    found.push(next);
  }
  return found;
}

/** Four or more texts at equal distances are a bar of entries, not labels with values. */
function inBar(page: ReaderPage, piece: Piece): boolean {
  const row = page.rows.find((one) => one.includes(piece)) ?? [];
  const gaps = row.slice(1).map((other, at) => other.left - row[at]!.right);
  const runs = gaps.slice(1).map((gap, at) => Math.abs(gap - gaps[at]!) < 0.15 * gap);
  // Every other one a label: two keys with their values.
  const keys = row.length % 2 === 0 && row.every((one, at) => at % 2 === 1 || isLabel(one.text) || isFigure(row[at + 1]!.text));
  return row.length >= 4 && !keys && runs.filter(Boolean).length >= Math.max(1, runs.length - 1);
}

/** One of several lines at equal distances, with another above it: an entry of a list has no value below it. */
function inList(page: ReaderPage, piece: Piece, below: Piece): boolean {
  const step = middleOf(below) - middleOf(piece);
  return page.pieces.some((other) => Math.abs(other.left - piece.left) < 0.6 * heightOf(piece) && Math.abs(middleOf(piece) - middleOf(other) - step) < 0.2 * step && !isLabel(other.text));
}

/** A heading over columns: other pieces of its row have something below too, and none of them is a value of the first. */
function headsColumn(page: ReaderPage, piece: Piece): boolean {
  const row = page.rows.find((one) => one.includes(piece)) ?? [];
  return row.length >= 2 && row.every((one) => isLabel(one.text) && !/[:：]$/u.test(one.text.trim()));
}

/**
 * Values that may belong to the label `match` in `piece`, best first. A typed value must be of its type; free text must not be a
 * label itself. `lines` is how many lines a text value may run over.
 */
export function valuesNear(page: ReaderPage, piece: Piece, match: LabelMatch, type: ValueType, lines = 1): PlacedValue[] {
  const found: PlacedValue[] = [];
  const add = (value: PlacedValue | null): void => {
    if (value) found.push(value);
  };
  const behind = piece.text.slice(match.to);
  const mark = separators.exec(behind)?.[0] ?? '';
  const rest = behind.slice(mark.length).trim();
  if (match.inSentence && !(rest !== '' && mark.length + piece.text.slice(match.to + mark.length).search(/\S/) <= 3)) return [];
  if (match.inSentence && type === 'text') return [];
  if (rest !== '') {
    const colon = /[:：=|\]】]|[.·…_]{3,}/u.test(behind.slice(0, Math.max(mark.length, keyPart(behind).length + 1)));
    if (type === 'text') {
      const start = colon && match.besides.length > 0 ? keyPart(piece.text).length : match.to;
      if (colon || (mark !== '' && match.besides.length > 0 && !sentence.test(rest) && rest.length < 60)) add(joinRest(page, piece, start, colon ? 1 : 0.9, lines));
    } else add(valueIn(piece, match.to, type, 'behind', colon ? 1 : 0.95));
    if (colon || found.length > 0 || match.inSentence) return found.filter((one) => !match.inSentence || one.typed.from <= 4);
    // More words of the label, or a label in a sentence.
    if (rest.length > 40) return found;
  }
  const right = rightOf(page, piece);
  if (type === 'text') {
    const first = right[0];
    if (first && !headsColumn(page, piece) && !inBar(page, piece)) {
      const run = [first];
      for (const other of right.slice(1)) {
        if (other.left - run.at(-1)!.right > 1.5 * heightOf(first)) break;
        run.push(other);
      }
      const more = run.length === 1 ? linesOn(page, first, lines, piece).slice(1) : [];
      add(joined([...run, ...more], 'right', 0.97 - level(piece, first)));
    }
  } else {
    for (const [at, other] of right.entries()) {
      // "RM" or "£" in a column of its own belongs to the figure behind it.
      if (onlyCurrency.test(other.text.trim())) continue;
      const value = valueIn(other, 0, type, 'right', 0.97 - 0.02 * at - level(piece, other));
      if (value) {
        add(value);
        break;
      }
      if (type !== 'amount' && type !== 'number') break;
    }
  }
  const below = belowOf(page, piece);
  if (below && !isLabel(below.text) && (type !== 'text' || (match.besides.length === 0 && !inList(page, piece, below) && !inBar(page, piece)))) {
    if (type === 'text') add(joined(linesOn(page, below, Math.max(lines, 1)), 'below', 0.85));
    else {
      const value = valueIn(below, 0, type, 'below', 0.87);
      // A figure in a sentence below is not the label's amount.
      if (value && (type !== 'amount' || value.typed.currency !== undefined || isOnly(below.text, value.typed))) add(value);
    }
  }
  return found;
}

/** A value level with its label is surer than one half a line off. */
function level(piece: Piece, value: Piece): number {
  return 0.04 * Math.min(1, Math.abs(middleOf(piece) - middleOf(value)) / Math.max(1, heightOf(value)));
}

function joinRest(page: ReaderPage, piece: Piece, from: number, score: number, lines: number): PlacedValue | null {
  const rest = piece.text.slice(from);
  const lead = separators.exec(rest)?.[0].length ?? 0;
  const text = rest.slice(lead).trim();
  if (text === '') return null;
  const more = lines > 1 ? linesOn(page, piece, lines).slice(1) : [];
  const whole = [text, ...more.map((one) => one.text)].join(' ');
  return {
    text: whole,
    typed: { type: 'text', from: 0, to: whole.length, text: whole, value: whole },
    quads: [...quadsOf(piece, from + lead), ...more.flatMap((one) => quadsOf(one))],
    way: 'behind', score, top: piece.top,
  };
}
