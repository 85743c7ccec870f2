// `npm run bench:compare [-- --pairs DIR] [--only TEXT] [--show]`: draws pairs of pages with known edits (or takes those already drawn in DIR),
// compares them as the command line does, and counts which edits were found, which changes are none, and how many unchanged pages stay quiet.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { PageText } from '../src-preload/contract/document.ts';
import { quietJob } from '../src-main/base/job.ts';
import { comparePages } from '../src-main/compare/compare-pages.ts';
import { closeReader, readPage } from '../src-main/engine/jobs/read-page.ts';
import { decodeImage } from '../src-main/inference/image/decode-image.ts';
import { scorePair, sumScores, type KnownEdit, type PairScore } from '../test/helpers/score-changes.ts';

interface Pair {
  readonly id: string;
  readonly lang: string;
  readonly before: string;
  readonly after: string;
  readonly edits: readonly KnownEdit[];
}

const { values } = parseArgs({ options: { pairs: { type: 'string' }, only: { type: 'string' }, show: { type: 'boolean', default: false } } });
const from = process.env['INIT_CWD'] ?? process.cwd();
const folder = values.pairs ? resolve(from, values.pairs) : mkdtempSync(join(tmpdir(), 'lectern-bench-compare-'));
const list = join(folder, 'pairs.json');
if (!existsSync(list)) execFileSync(process.execPath, [resolve('build/fixtures/render-pairs.mjs'), folder], { stdio: 'inherit' });
const pairs = (JSON.parse(readFileSync(list, 'utf8')) as Pair[]).filter((pair) => !values.only || pair.id.includes(values.only));

/** The recognised text of a picture, kept beside it. */
async function textOf(file: string): Promise<PageText> {
  const path = join(folder, file), kept = `${path}.text.json`;
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8')) as PageText;
  const text = await readPage(quietJob(), { source: { path, format: file.endsWith('png') ? 'png' : 'jpeg', pageIndex: 0 }, rotation: null });
  writeFileSync(kept, JSON.stringify(text));
  return text;
}

const share = (part: number, whole: number): string => (whole ? (part / whole).toFixed(3) : '  –  ');
const results: { pair: Pair; score: PairScore; ms: number }[] = [];
try {
  for (const pair of pairs) {
    const [first, second] = [await textOf(pair.before), await textOf(pair.after)];
    const [before, after] = [await decodeImage(join(folder, pair.before)), await decodeImage(join(folder, pair.after))];
    const started = performance.now();
    const { changes, alignment } = await comparePages(quietJob(), { picture: before, text: first }, { picture: after, text: second });
    const ms = performance.now() - started, score = scorePair(changes, pair.edits);
    results.push({ pair, score, ms });
    console.log(`${pair.id.padEnd(24)} found ${score.found}/${score.edits}  wrong ${score.wrong}  doubtful ${score.doubtful}  ${alignment.method} ${alignment.errorPixels.toFixed(2)} px  ${ms.toFixed(0)} ms`);
    for (const line of [...score.missed.map((one) => `missed ${one}`), ...score.extra.map((one) => `wrong ${one}`)]) console.log(`    ${line}`);
    if (values.show) for (const change of changes) console.log(`    ${change.doubtful ? '(doubtful) ' : ''}${change.kind} ${change.confidence.toFixed(2)} "${change.before.text}" → "${change.after.text}"`);
  }
} finally {
  await closeReader();
  if (!values.pairs) rmSync(folder, { recursive: true });
}

const report = (name: string, some: typeof results): void => {
  const total = sumScores(some.map(({ score }) => score));
  const same = some.filter(({ pair }) => pair.edits.length === 0);
  const quiet = same.filter(({ score }) => score.reported === 0).length;
  console.log(`${name.padEnd(6)} ${String(some.length).padStart(3)} pairs   precision ${share(total.right, total.reported)}   recall ${share(total.found, total.edits)}   same page, no change reported ${quiet}/${same.length}   listed as doubtful ${total.doubtful}`);
};
console.log();
for (const lang of new Set(pairs.map((pair) => pair.lang))) report(lang, results.filter(({ pair }) => pair.lang === lang));
report('all', results);
const sorted = results.map(({ ms }) => ms).sort((a, b) => a - b);
console.log(`median ${(sorted[sorted.length >> 1] ?? 0).toFixed(0)} ms a pair, its reading not counted; peak memory ${Math.round(process.resourceUsage().maxRSS / 1000)} MB`);
process.exit(0);
