// What is recorded of a reading, and when a new reading is worse than the record. Knows numbers only.
import { linesOf, type PageText } from '@contract/document.ts';
import { charactersOf, normaliseText, withoutSpaces } from '../helpers/text-distance.ts';
import type { FixtureItem, FixtureTruth } from '../helpers/fixture-set.ts';
import type { PageScore } from '../helpers/score-pages.ts';

export interface PageRecord {
  /** Edits per character, compared where the text stands. */
  readonly placed: number;
  /** Edits per character in reading order, without spaces. */
  readonly ordered: number;
  /** Edits per word in reading order. */
  readonly words: number;
  /** Agreement of line boxes with the truth at an intersection over union of 0.5. */
  readonly detection: number;
  /** Marked values (totals, dates, answers of a form) that stand in the text to the letter. */
  readonly values: number;
}

/** Where the same weights on another processor round otherwise, a character here and there may differ. */
const slackCharacters = 2;
const slackWords = 2;
const slackDetection = 0.03;

const round = (value: number): number => Math.round(value * 10_000) / 10_000;

function markedValues(truth: FixtureTruth): string[] {
  return [...new Set([...Object.values(truth.fields ?? {}), ...(truth.kv ?? []).flatMap((pair) => pair.a)])];
}

export function recordOf(truth: FixtureTruth, text: PageText, score: PageScore): PageRecord {
  const dense = (value: string): string => withoutSpaces(normaliseText(value));
  const found = dense(linesOf(text).map((line) => line.text).join(' '));
  return {
    placed: round(score.placedError ?? 1),
    ordered: round(score.orderedError),
    words: round(score.wordError),
    detection: round(score.detection?.f1 ?? 0),
    values: markedValues(truth).filter((value) => found.includes(dense(value))).length,
  };
}

/** Says in what a reading is worse than the record, or nothing. */
export function lossesAgainst(record: PageRecord, now: PageRecord, item: Pick<FixtureItem, 'orderTrusted'>, truth: FixtureTruth): string[] {
  const characters = Math.max(1, charactersOf(withoutSpaces(normaliseText(truth.text))).length);
  const words = Math.max(1, truth.words?.length ?? 1);
  const losses: string[] = [];
  const above = (name: string, value: number, recorded: number, slack: number): void => {
    if (value > recorded + slack) losses.push(`${name} ${value} (recorded ${recorded}, slack ${round(slack)})`);
  };
  above('placed error', now.placed, record.placed, slackCharacters / characters);
  if (item.orderTrusted) {
    above('ordered error', now.ordered, record.ordered, slackCharacters / characters);
    above('word error', now.words, record.words, slackWords / words);
  }
  if (now.detection < record.detection - slackDetection) losses.push(`detection ${now.detection} (recorded ${record.detection})`);
  if (now.values < record.values) losses.push(`${now.values} marked values found (recorded ${record.values})`);
  return losses;
}
