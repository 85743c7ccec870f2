// Finds lines by any part of their text, in any script. Three characters and more use the trigram index, fewer a scan.
import type { SearchHit } from '@contract/document.ts';
import type { Database } from './database.ts';
import { fold, rangesOf } from './fold.ts';

export interface SearchInput {
  text: string;
  documentId?: string | undefined;
  limit: number;
}

interface HitRow {
  document_id: string;
  page_id: string;
  page_index: number;
  line_index: number;
  text: string;
}

/** Longest needle looked for; more would only slow the index down. */
const maxNeedleLength = 400;

/** A quoted FTS5 string: nothing in it is query syntax. */
const quoted = (needle: string): string => `"${needle.replaceAll('"', '""')}"`;

/** SQL that selects the rowids of lines containing the parameter. The trigram index cannot see needles under three characters. */
function linesContaining(needle: string, name: string): string {
  return [...needle].length >= 3
    ? `SELECT rowid FROM line_search WHERE line_search MATCH :${name}`
    : `SELECT id FROM lines WHERE instr(folded, :${name}) > 0`;
}

const value = (needle: string): string => ([...needle].length >= 3 ? quoted(needle) : needle);

function hits(database: Database, name: string, condition: string, parameters: Record<string, string>, input: SearchInput, needles: readonly string[]): SearchHit[] {
  const rows = database.rows<HitRow>(
    name,
    `SELECT p.document_id, l.page_id, p.page_index, l.line_index, l.text
     FROM lines l JOIN pages p ON p.id = l.page_id JOIN documents d ON d.id = p.document_id
     WHERE d.deleted_at IS NULL ${input.documentId === undefined ? '' : 'AND d.id = :documentId'} AND ${condition}
     ORDER BY d.seq DESC, p.page_index, l.line_index LIMIT :limit`,
    { ...parameters, ...(input.documentId === undefined ? {} : { documentId: input.documentId }), limit: input.limit },
  );
  return rows.map((row) => ({
    documentId: row.document_id,
    pageId: row.page_id,
    pageIndex: row.page_index,
    lineIndex: row.line_index,
    text: row.text,
    ranges: rangesOf(row.text, needles),
  }));
}

/** Lines that contain the text as typed; when there is none, the lines of pages that contain all its words. */
export function search(database: Database, input: SearchInput): SearchHit[] {
  const phrase = fold(input.text.slice(0, maxNeedleLength)).text;
  if (!phrase) return [];
  const whole = hits(database, 'search-phrase', `l.id IN (${linesContaining(phrase, 'phrase')})`, { phrase: value(phrase) }, input, [phrase]);
  const words = [...new Set(phrase.split(' '))].slice(0, 8);
  if (whole.length || words.length < 2) return whole;
  const parameters = Object.fromEntries(words.map((one, at) => [`word${at}`, value(one)]));
  const everyWord = words.map((one, at) => `l.page_id IN (SELECT page_id FROM lines WHERE id IN (${linesContaining(one, `word${at}`)}))`);
  const someWord = words.map((one, at) => `l.id IN (${linesContaining(one, `word${at}`)})`);
  return hits(database, 'search-words', `${everyWord.join(' AND ')} AND (${someWord.join(' OR ')})`, parameters, input, words);
}
