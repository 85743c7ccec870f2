// `npm run bench:extract [-- --pages DIR] [--only TEXT] [--show]`: fields that the built-in reader takes out of pages with ground
// truth, by the bundled schemas: how many that are there to the letter, how many that are not there stay empty.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseExtractionSchema } from '../src-preload/contract/extraction-json-schema.ts';
import { bundledSchemas } from '../src-main/base/bundled-schemas.ts';
import { extractFields } from '../src-main/reader/extract-fields.ts';
import { readingsOf, sameValue, sourcePage, truthAsReading, type BenchTruth } from './bench-readings.ts';

interface Expected {
  readonly schema: string;
  /** As printed; null for what the page does not have. */
  readonly fields: Readonly<Record<string, string | null>>;
  /** The last amounts of rows. */
  readonly rows: Readonly<Record<string, readonly string[]>>;
}

const given = parseArgs({ options: { pages: { type: 'string' }, only: { type: 'string' }, show: { type: 'boolean', default: false }, 'truth-only': { type: 'boolean', default: false } } }).values;
const from = process.env['INIT_CWD'] ?? process.cwd();
const own = resolve(import.meta.dirname ?? 'build', '../test/fixtures/pages');
const folder = given.pages ? resolve(from, given.pages) : own;
const ownExpected = JSON.parse(readFileSync(join(own, 'extractions.json'), 'utf8')) as Record<string, Expected[]>;
/** Names of public receipt data sets. */
const renamed: Readonly<Record<string, string>> = { company: 'merchant', address: 'address', date: 'date', total: 'total' };

interface Tally { present: number; exact: number; absent: number; empty: number; rows: number; rowsExact: number }
const tallies: Record<'truth' | 'read', Tally> = { truth: { present: 0, exact: 0, absent: 0, empty: 0, rows: 0, rowsExact: 0 }, read: { present: 0, exact: 0, absent: 0, empty: 0, rows: 0, rowsExact: 0 } };
const { items, readingOf, close } = readingsOf(folder, given.only ?? '');
for (const item of items) {
  const truth = JSON.parse(readFileSync(join(folder, item.gt), 'utf8')) as BenchTruth;
  const expected: Expected[] = folder === own ? (ownExpected[sourcePage(item)] ?? []) : truth.fields ? [{ schema: 'receipt', fields: Object.fromEntries(Object.entries(truth.fields).filter(([name]) => renamed[name]).map(([name, value]) => [renamed[name]!, value])), rows: {} }] : [];
  if (expected.length === 0) continue;
  const readings = [['truth', truthAsReading(truth, item)] as const, ...(given['truth-only'] ? [] : [['read', await readingOf(item)] as const])];
  for (const [source, text] of readings) {
    const tally = tallies[source];
    for (const { schema, fields, rows } of expected) {
      const found = extractFields(parseExtractionSchema(bundledSchemas[schema]), [{ pageId: item.id, index: 0, text }]);
      const show = (what: string, wanted: string | null, got: string | undefined): void => {
        if (given.show) console.log(`  ${source} ${item.id} ${schema} ${what}: wanted ${wanted ?? 'nothing'}, got ${got ?? 'nothing'}`);
      };
      for (const [name, wanted] of Object.entries(fields)) {
        const got = found.fields[name]?.text;
        const right = wanted === null ? got === undefined : got !== undefined && (sameValue(got, wanted) || (name === 'date' && sameValue(got, wanted.split(' ')[0]!)));
        if (wanted === null) {
          tally.absent += 1;
          if (right) tally.empty += 1;
        } else {
          tally.present += 1;
          if (right) tally.exact += 1;
        }
        if (!right) show(name, wanted, got);
      }
      for (const [name, wanted] of Object.entries(rows)) {
        const got = (found.rows[name] ?? []).map((row) => Object.values(row).findLast((value) => typeof value?.value === 'number')?.text ?? '');
        tally.rows += wanted.length;
        const right = wanted.filter((amount, at) => got[at] !== undefined && sameValue(got[at], amount)).length;
        tally.rowsExact += right;
        if (right < wanted.length || got.length !== wanted.length) show(name, wanted.join(' / '), got.join(' / '));
      }
      if (given.show && found.problems.length) console.log(`  ${source} ${item.id} ${schema} problems: ${found.problems.map((problem) => `${problem.kind} ${problem.field} ${problem.detail}`).join('; ')}`);
    }
  }
}
await close();
const share = (part: number, whole: number): string => `${part} / ${whole}${whole ? ` = ${((100 * part) / whole).toFixed(1)} %` : ''}`;
for (const [name, tally] of Object.entries(tallies)) {
  if (tally.present + tally.absent > 0) console.log(`${name === 'truth' ? 'true lines   ' : 'as recognised'}  present ${share(tally.exact, tally.present)}   absent left empty ${share(tally.empty, tally.absent)}   amounts of rows ${share(tally.rowsExact, tally.rows)}`);
}
process.exit(0);
