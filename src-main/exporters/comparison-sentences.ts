// What changed, in English sentences, from the list of changes alone: the summary above a report. Knows no pictures and no models.
import type { Change, ChangeKind, ComparedPair } from '@contract/compare.ts';

export const kindNames: Readonly<Record<ChangeKind, string>> = { changed: 'changed', inserted: 'added', removed: 'removed', moved: 'moved', picture: 'drawing' };

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
const joined = (parts: readonly string[]): string => (parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}` : (parts[0] ?? ''));

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57).trimEnd()}…` : text);

/** One change as a sentence without a full stop. */
export function changeSentence({ kind, before, after }: Pick<Change, 'kind' | 'before' | 'after'>): string {
  if (kind === 'changed') return `“${short(before.text)}” became “${short(after.text)}”`;
  if (kind === 'inserted') return `“${short(after.text)}” was added`;
  if (kind === 'removed') return `“${short(before.text)}” was removed`;
  if (kind === 'moved') return `“${short(after.text)}” was moved`;
  const text = after.text || before.text;
  return text ? `Something was drawn or removed: “${short(text)}”` : 'Something besides text was drawn or removed';
}

const isNumber = (text: string): boolean => /\d/.test(text);

/** Two or three sentences: how many changes of which kind, which values, which pages. */
export function comparisonSummary(pairs: readonly ComparedPair[]): string {
  const changes = pairs.flatMap(({ comparison }) => comparison?.changes ?? []);
  const sure = changes.filter((change) => !change.doubtful), doubtful = changes.length - sure.length;
  const sentences: string[] = [];
  const pagesIn = pairs.filter(({ before }) => before === null).length, pagesOut = pairs.filter(({ after }) => after === null).length, pagesMoved = pairs.filter(({ moved }) => moved).length;
  const pages = [pagesIn && `${plural(pagesIn, 'page')} added`, pagesOut && `${plural(pagesOut, 'page')} removed`, pagesMoved && `${plural(pagesMoved, 'page')} moved`].filter((part) => typeof part === 'string');
  if (pages.length) sentences.push(`${joined(pages)}.`);
  if (sure.length === 0) sentences.push(pages.length ? 'The pages that both have show no change.' : 'No change was found.');
  else {
    const count = (kind: ChangeKind): number => sure.filter((change) => change.kind === kind).length;
    const kinds = [
      count('changed') && plural(count('changed'), 'changed passage'), count('inserted') && plural(count('inserted'), 'addition'), count('removed') && plural(count('removed'), 'removal'),
      count('moved') && plural(count('moved'), 'moved passage'), count('picture') && plural(count('picture'), 'change besides text', 'changes besides text'),
    ].filter((part) => typeof part === 'string');
    sentences.push(`${joined(kinds)}.`);
    const values = sure.filter((change) => change.kind === 'changed' && isNumber(change.before.text) && isNumber(change.after.text));
    const named = values.length ? values : sure;
    sentences.push(`${joined(named.slice(0, 3).map(changeSentence))}${named.length > 3 ? ', and more' : ''}.`);
  }
  if (pairs.some(({ comparison }) => comparison?.alignment.method === 'none')) sentences.push('Some pages have too little in common to be laid on one another; they were compared by their text alone.');
  if (doubtful) sentences.push(`${plural(doubtful, 'difference')} more may only be ${doubtful === 1 ? 'a misreading' : 'misreadings'}.`);
  const [first = '', ...rest] = sentences;
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(' ');
}
