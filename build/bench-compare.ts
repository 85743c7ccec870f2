// `npm run bench:compare [-- --pairs DIR] [--set known|pages|hard|fresh] [--only TEXT] [--show]`: draws pairs of pages with known edits (or takes those
// already drawn in DIR), compares them as the command line does, and counts which edits were found, which changes are none, and how many
// unchanged pages stay quiet. Four sets, a table each: pairs that comparing was made with, the project's own pages beside their photographs, worse
// pictures with other edits (of which the Korean ones were looked at), and as bad ones of another page (of which those with a removed row were).
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
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
  /** Pictures by their paths. */
  readonly before: string;
  readonly after: string;
  readonly edits: readonly KnownEdit[];
}
interface Result { readonly pair: Pair; readonly score: PairScore; readonly ms: number }

const sets = { known: 'pairs with known edits', pages: 'the project’s pages beside their photographs and turned copies', hard: 'worse pictures, other edits; Korean ones were looked at', fresh: 'as bad pictures of another page; those with a removed row were looked at' } as const;
type SetName = keyof typeof sets;

const { values } = parseArgs({ options: { pairs: { type: 'string' }, set: { type: 'string' }, only: { type: 'string' }, show: { type: 'boolean', default: false } } });
const from = process.env['INIT_CWD'] ?? process.cwd();
const folder = values.pairs ? resolve(from, values.pairs) : mkdtempSync(join(tmpdir(), 'lectern-bench-compare-'));

/** Pairs as they are drawn; kept where they lie in a folder that was named. */
function drawnPairs(name: 'known' | 'hard' | 'fresh'): Pair[] {
  const target = join(folder, name), list = join(target, 'pairs.json');
  if (!existsSync(list)) execFileSync(process.execPath, [resolve('build/fixtures/render-pairs.mjs'), target, ...(name === 'known' ? [] : [name])], { stdio: 'inherit' });
  return (JSON.parse(readFileSync(list, 'utf8')) as Pair[]).map((pair) => ({ ...pair, before: join(target, pair.before), after: join(target, pair.after) }));
}

/** Every committed page as it was drawn, beside each photograph and each turned copy of it: nothing changed on any of them. */
function fixturePairs(): Pair[] {
  const pages = resolve('test/fixtures/pages');
  const { items } = JSON.parse(readFileSync(join(pages, 'manifest.json'), 'utf8')) as { items: { id: string; file: string; lang: string; kind: string; variant: string }[] };
  return items.filter((item) => item.variant !== 'clean' && item.lang !== 'ja').map((item) => {
    const clean = items.find((one) => one.variant === 'clean' && `${one.id}-${item.variant}` === item.id)!;
    return { id: item.id, lang: item.lang.includes('+') ? 'mixed' : item.lang, before: join(pages, clean.file), after: join(pages, item.file), edits: [] };
  });
}

const pairsOf = (name: SetName): Pair[] => (name === 'pages' ? fixturePairs() : drawnPairs(name)).filter((pair) => !values.only || pair.id.includes(values.only));

/** The recognised text of a picture, kept for the next run. */
async function textOf(path: string): Promise<PageText> {
  const texts = join(folder, 'texts'), kept = join(texts, `${basename(path)}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8')) as PageText;
  const text = await readPage(quietJob(), { source: { path, format: path.endsWith('png') ? 'png' : 'jpeg', pageIndex: 0 }, rotation: null });
  mkdirSync(texts, { recursive: true });
  writeFileSync(kept, JSON.stringify(text));
  return text;
}

async function measured(pair: Pair): Promise<Result> {
  const [first, second] = [await textOf(pair.before), await textOf(pair.after)];
  const [before, after] = [await decodeImage(pair.before), await decodeImage(pair.after)];
  const started = performance.now();
  const { changes, alignment } = await comparePages(quietJob(), { picture: before, text: first }, { picture: after, text: second });
  const ms = performance.now() - started, score = scorePair(changes, pair.edits);
  console.log(`${pair.id.padEnd(28)} found ${score.found}/${score.edits}  wrong ${score.wrong}  doubtful ${score.doubtful}  ${alignment.method} ${alignment.errorPixels.toFixed(2)} px  ${ms.toFixed(0)} ms`);
  for (const line of [...score.missed.map((one) => `missed ${one}`), ...score.extra.map((one) => `wrong ${one}`)]) console.log(`    ${line}`);
  if (values.show) for (const change of changes) console.log(`    ${change.doubtful ? '(doubtful) ' : ''}${change.kind} ${change.confidence.toFixed(2)} "${change.before.text}" → "${change.after.text}" at ${change.after.quad[0].map(Math.round).join(',')}`);
  return { pair, score, ms };
}

const share = (part: number, whole: number): string => (whole ? (part / whole).toFixed(3) : '  –  ');
function row(name: string, some: readonly Result[]): string {
  const total = sumScores(some.map(({ score }) => score));
  const same = some.filter(({ pair }) => pair.edits.length === 0);
  const quiet = same.filter(({ score }) => score.reported === 0).length;
  return `${name.padEnd(6)} ${String(some.length).padStart(3)} pairs   precision ${share(total.right, total.reported)}   recall ${share(total.found, total.edits)}   same page, no change reported ${quiet}/${same.length}   listed as doubtful ${total.doubtful}`;
}

const tables: string[] = [];
try {
  for (const name of Object.keys(sets) as SetName[]) {
    if (values.set && values.set !== name) continue;
    const results: Result[] = [];
    for (const pair of pairsOf(name)) results.push(await measured(pair));
    if (results.length === 0) continue;
    const sorted = results.map(({ ms }) => ms).sort((a, b) => a - b);
    tables.push('', `${sets[name]} (median ${sorted[sorted.length >> 1]!.toFixed(0)} ms a pair, its reading not counted)`);
    for (const lang of new Set(results.map(({ pair }) => pair.lang))) tables.push(row(lang, results.filter(({ pair }) => pair.lang === lang)));
    tables.push(row('all', results));
  }
} finally {
  await closeReader();
  if (!values.pairs) rmSync(folder, { recursive: true });
}
console.log(tables.join('\n'));
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1000)} MB`);
process.exit(0);
