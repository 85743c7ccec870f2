// Finds lines by any part of their text, in any script: rare text through the trigram index, frequent or short text by walking the
// library in order until enough is found.
import type { SearchHit } from '@contract/document.ts';
import type { Database } from './database.ts';
import { fold, rangesOf } from '../base/fold.ts';

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
/** Further words of a query are not looked for. */
const maxWords = 8;

/** A quoted FTS5 string: nothing in it is query syntax. */
const quoted = (needle: string): string => `"${needle.replaceAll('"', '""')}"`;

/** With more hits than this, walking the library in order until enough are found is quicker than sorting them all. */
const frequent = 2000;

/** True when the trigram index can name the few lines with this text. It cannot see needles under three characters. */
function isRare(database: Database, needle: string): boolean {
  if ([...needle].length < 3) return false;
  const row = database.row<{ count: number }>('count-matches', 'SELECT count(*) AS count FROM (SELECT 1 FROM line_search WHERE line_search MATCH :needle LIMIT :limit)', {
    needle: quoted(needle),
    limit: frequent + 1,
  });
  return (row?.count ?? 0) <= frequent;
}

/** Rows of lines in the library's order, newest document first. The joins are walked in exactly this order, so LIMIT ends them early. */
const inOrder = 'documents d CROSS JOIN pages p ON p.document_id = d.id CROSS JOIN lines l ON l.page_id = p.id';
/** The same rows reached from the lines, for when few are wanted. */
const fromLines = 'lines l CROSS JOIN pages p ON p.id = l.page_id CROSS JOIN documents d ON d.id = p.document_id';

interface Query {
  name: string;
  from: string;
  where: readonly string[];
  parameters: Record<string, string>;
  needles: readonly string[];
}

function hits(database: Database, query: Query, input: SearchInput): SearchHit[] {
  const inDocument = input.documentId !== undefined;
  const rows = database.rows<HitRow>(
    query.name,
    `SELECT p.document_id, l.page_id, p.page_index, l.line_index, l.text FROM ${query.from}
     WHERE ${['d.deleted_at IS NULL', ...(inDocument ? ['d.id = :documentId'] : []), ...query.where].join(' AND ')}
     ORDER BY d.seq DESC, p.page_index, l.line_index LIMIT :limit`,
    { ...query.parameters, ...(inDocument ? { documentId: input.documentId! } : {}), limit: input.limit },
  );
  return rows.map((row) => ({
    documentId: row.document_id,
    pageId: row.page_id,
    pageIndex: row.page_index,
    lineIndex: row.line_index,
    text: row.text,
    ranges: rangesOf(row.text, query.needles),
  }));
}

function searchPhrase(database: Database, phrase: string, input: SearchInput): SearchHit[] {
  if (input.documentId === undefined && isRare(database, phrase)) {
    const where = ['l.id IN (SELECT rowid FROM line_search WHERE line_search MATCH :phrase)'];
    return hits(database, { name: 'search-rare-phrase', from: fromLines, where, parameters: { phrase: quoted(phrase) }, needles: [phrase] }, input);
  }
  return hits(database, { name: 'search-phrase', from: inOrder, where: ['instr(l.folded, :phrase) > 0'], parameters: { phrase }, needles: [phrase] }, input);
}

/** Lines with some of the words, on pages that have all of them. */
function searchWords(database: Database, words: readonly string[], input: SearchInput): SearchHit[] {
  const rare = input.documentId === undefined ? words.find((word) => isRare(database, word)) : undefined;
  const parameters: Record<string, string> = Object.fromEntries(words.map((word, at) => [`word${at}`, word]));
  const where = words.map((_, at) => `EXISTS (SELECT 1 FROM lines o WHERE o.page_id = p.id AND instr(o.folded, :word${at}) > 0)`);
  if (rare !== undefined) {
    where.unshift('p.id IN (SELECT page_id FROM lines WHERE id IN (SELECT rowid FROM line_search WHERE line_search MATCH :rare))');
    parameters['rare'] = quoted(rare);
  }
  where.push(`(${words.map((_, at) => `instr(l.folded, :word${at}) > 0`).join(' OR ')})`);
  return hits(database, { name: 'search-words', from: inOrder, where, parameters, needles: words }, input);
}

/** Lines that contain the text as typed; when there is none, the lines of pages that contain all its words. */
export function search(database: Database, input: SearchInput): SearchHit[] {
  const phrase = fold(input.text.slice(0, maxNeedleLength)).text;
  if (!phrase) return [];
  const whole = searchPhrase(database, phrase, input);
  const words = [...new Set(phrase.split(' '))].slice(0, maxWords);
  return whole.length || words.length < 2 ? whole : searchWords(database, words, input);
}
