// What a model says differs between two pages, held against the differences found without it: each change it names gets a place on both
// pages and is confirmed or not. Takes its answer as text with places; knows no model and no pixels.
import type { Change, CheckedAnswer, NamedChange, NamedSide, PageComparison } from '@contract/compare.ts';
import { boundsOf, type Quad } from '@contract/geometry.ts';
import type { Grounding } from '@contract/model.ts';
import { invert, projectQuad } from './matrix.ts';
import { codeOf } from './page-characters.ts';
import { alignSequences } from './sequence.ts';
import { overlapOf } from './text-changes.ts';

type SideName = 'before' | 'after';
interface SpokenSide {
  readonly quad: Quad | null;
  readonly text: string;
}
/** A change as it was said. */
interface Spoken {
  readonly text: string;
  readonly before: SpokenSide;
  readonly after: SpokenSide;
}

const sideNames = ['before', 'after'] as const;
/** Longer texts are compared by their beginnings. */
const comparedCharacters = 300;

/** Objects of JSON in a text, outer ones first; what does not parse (an answer that was cut off) is looked through for those inside it. */
function objectsIn(text: string, from = 0, to = text.length): { start: number; end: number; value: Readonly<Record<string, unknown>> }[] {
  const found: ReturnType<typeof objectsIn> = [];
  for (let start = text.indexOf('{', from); start >= 0 && start < to; start = text.indexOf('{', start + 1)) {
    const end = endOfObject(text, start, to);
    if (end === null) continue;
    let value: unknown = null;
    try {
      value = JSON.parse(text.slice(start, end));
    } catch {
      continue;
    }
    if (isRecord(value)) {
      // A wrapper around the list is no change itself.
      if (isChange(value)) found.push({ start, end, value });
      else found.push(...objectsIn(text, start + 1, end));
      start = end - 1;
    }
  }
  return found;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isChange = (value: Readonly<Record<string, unknown>>): boolean => isRecord(value['before']) || isRecord(value['after']) || ['change', 'difference', 'label', 'description'].some((key) => typeof value[key] === 'string');

function endOfObject(text: string, start: number, to: number): number | null {
  let depth = 0, quoted = false;
  for (let at = start; at < to; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at + 1;
  }
  return null;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

function spokenAsJson(answer: string, groundings: readonly Grounding[]): Spoken[] {
  return objectsIn(answer).map(({ start, end, value }) => {
    const inside = groundings.filter((one) => one.start >= start && one.end <= end);
    const side = (name: SideName, page: number): SpokenSide => {
      const said = value[name];
      return { quad: inside.find((one) => one.page === page)?.quad ?? null, text: isRecord(said) ? textOf(said['text']) : textOf(said) };
    };
    const text = ['change', 'difference', 'description', 'label'].map((key) => textOf(value[key])).find((one) => one !== '') ?? '';
    return { text, before: side('before', 0), after: side('after', 1) };
  });
}

/** Prose: a line that points at places, or says something at all, names a change; its k-th place on one picture belongs to the k-th on the other. */
function spokenInLines(answer: string, groundings: readonly Grounding[]): Spoken[] {
  const spoken: Spoken[] = [];
  let start = 0;
  for (const line of answer.split('\n')) {
    const end = start + line.length;
    const inside = groundings.filter((one) => one.start >= start && one.start <= end);
    const places = sideNames.map((_, page) => inside.filter((one) => one.page === page));
    const text = line.replace(/^[\s\-*•\d.)]+/u, '').trim();
    const sideOf = (one: Grounding | undefined): SpokenSide => ({ quad: one?.quad ?? null, text: one?.label ?? '' });
    for (let at = 0; at < Math.max(places[0]!.length, places[1]!.length); at++) spoken.push({ text, before: sideOf(places[0]![at]), after: sideOf(places[1]![at]) });
    if (inside.length === 0 && isListed(line) && text !== '') spoken.push({ text, before: { quad: null, text: '' }, after: { quad: null, text: '' } });
    start = end + 1;
  }
  return spoken;
}

const isListed = (line: string): boolean => /^\s*(?:[-*•]|\d+[.)])\s/u.test(line);

const codes = (text: string): string[] => [...text.replace(/\s+/gu, '')].map((one) => codeOf(one).toLowerCase()).slice(0, comparedCharacters);

/** 1: one text holds the other; else the part of the longer one's characters that both have in order. */
function likeness(one: string, other: string): number {
  const a = codes(one), b = codes(other);
  if (a.length === 0 || b.length === 0) return 0;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length >= 2 && long.join('').includes(short.join(''))) return 1;
  return alignSequences(a, b).filter(([i, j]) => a[i] === b[j]).length / long.length;
}

/** A box around half the page is around every change. */
const largestBox = 40;

function isAt(quad: Quad | null, change: Quad): boolean {
  if (!quad) return false;
  const told = boundsOf(quad), found = boundsOf(change);
  // Models point roughly: a text height around the change counts as the change.
  const margin = Math.min(found.height, 40) * 0.5;
  const wider = { x: found.x - margin, y: found.y - margin, width: found.width + 2 * margin, height: found.height + 2 * margin };
  return overlapOf(told, wider) > 0.3 && told.width * told.height < largestBox * wider.width * wider.height;
}

const alike = 0.6;

/** Whether a difference that was found is what the model speaks of: the place agrees and the words do not say otherwise, or the words alone are beyond doubt. */
function bearsOut(change: Change, spoken: Spoken): boolean {
  const agreed = sideNames.map((name) => {
    const [found, said] = [change[name].text, spoken[name].text];
    if (found === '' || said === '') return null;
    return likeness(found, said) >= alike;
  });
  const isPlaced = sideNames.some((name) => isAt(spoken[name].quad, change[name].quad));
  const isSaid = agreed.includes(true) && !agreed.includes(false);
  if (isPlaced && (isSaid || (!change.doubtful && agreed.every((one) => one === null)))) return true;
  // Without a place: both texts in their sides, or both in the sentence. Single characters are everywhere.
  if (sideNames.some((name) => spoken[name].quad)) return isSaid && sideNames.every((name) => change[name].text === '' || codes(change[name].text).length > 2) && agreed.filter(Boolean).length === sideNames.filter((name) => change[name].text !== '').length;
  const parts = sideNames.map((name) => codes(change[name].text).join('')).filter((one) => one !== '');
  const sentence = codes(`${spoken.text}\n${spoken.before.text}\n${spoken.after.text}`).join('');
  return parts.length > 0 && parts.every((part) => part.length > 2 && sentence.includes(part));
}

/** @param groundings with `page` 0 for the page before and 1 for the page after */
export function namedChanges(answer: string, groundings: readonly Grounding[], { alignment, changes }: PageComparison): CheckedAnswer {
  const json = spokenAsJson(answer, groundings);
  const spoken = json.length > 0 ? json : spokenInLines(answer, groundings);
  const onto = alignment.method === 'none' ? null : { after: alignment.matrix, before: invert(alignment.matrix) };
  const named = spoken.map((one): NamedChange => {
    const confirmedBy = changes.flatMap((change, at) => (bearsOut(change, one) ? [at] : []));
    const side = (name: SideName): NamedSide => {
      const { quad, text } = one[name], other = one[name === 'before' ? 'after' : 'before'].quad;
      if (quad) return { quad, text, placedBy: 'model' };
      const difference = confirmedBy[0] === undefined ? null : changes[confirmedBy[0]]![name].quad;
      if (difference) return { quad: difference, text, placedBy: 'difference' };
      return other && onto ? { quad: projectQuad(onto[name], other), text, placedBy: 'alignment' } : { quad: null, text, placedBy: null };
    };
    return { text: one.text, before: side('before'), after: side('after'), confirmedBy };
  });
  const said = new Set(named.flatMap((one) => one.confirmedBy));
  return { named, unnamed: changes.flatMap((change, at) => (change.doubtful || said.has(at) ? [] : [at])) };
}
