// `npm run bench:compare-long [-- PAGES]`: a long document and a later version of it (pages put in, taken out and moved, words changed), read,
// matched and compared as the command line does it: what was found, time and memory of every stage, and how soon cancelling ends it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PageComparison } from '../src-preload/contract/compare.ts';
import { linesOf, type PageText } from '../src-preload/contract/document.ts';
import { quietJob } from '../src-main/base/job.ts';
import { matchPages } from '../src-main/engine/jobs/match-pages.ts';
import { comparePages } from '../src-main/engine/jobs/compare-pages.ts';
import { closeReader, readPage } from '../src-main/engine/jobs/read-page.ts';
import { longVersions } from '../test/helpers/long-versions.ts';

const count = Number(process.argv[2] ?? 200);
const folder = mkdtempSync(join(tmpdir(), 'lectern-compare-long-'));
const { before, after, truth } = longVersions(count);
const files = { before: join(folder, 'before.pdf'), after: join(folder, 'after.pdf') };
writeFileSync(files.before, before);
writeFileSync(files.after, after);

let peak = 0, longest = 0, last = performance.now();
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
  longest = Math.max(longest, performance.now() - last - 100);
  last = performance.now();
}, 100);
const stage = async <T>(name: string, pages: number, work: () => Promise<T>): Promise<T> => {
  const started = performance.now(), cpu = process.cpuUsage();
  peak = longest = 0;
  last = performance.now();
  const result = await work();
  const ms = performance.now() - started, { user, system } = process.cpuUsage(cpu);
  console.log(`${name.padEnd(10)} ${String(pages).padStart(4)} pages  ${(ms / 1000).toFixed(1).padStart(6)} s  ${(ms / pages).toFixed(0).padStart(5)} ms a page  CPU ${((user + system) / 1e6).toFixed(1)} s  peak ${Math.round(peak / 1e6)} MB  longest block ${Math.round(longest)} ms`);
  return result;
};
const source = (path: string, pageIndex: number) => ({ path, format: 'pdf' as const, pageIndex });

try {
  const read = async (path: string, pages: number): Promise<PageText[]> => {
    const texts: PageText[] = [];
    for (let at = 0; at < pages; at++) texts.push(await readPage(quietJob(), { source: source(path, at), rotation: null }));
    return texts;
  };
  const first = await stage('before', truth.pagesBefore, () => read(files.before, truth.pagesBefore));
  const second = await stage('after', truth.pagesAfter, () => read(files.after, truth.pagesAfter));
  await closeReader();
  const gist = (text: PageText) => ({ text: linesOf(text).map((line) => line.text).join('\n'), picture: null });
  const { pairs } = await stage('matching', truth.pagesAfter, () => matchPages(quietJob(), { before: first.map(gist), after: second.map(gist) }));
  const compare = (pair: (typeof pairs)[number], signal?: AbortSignal): Promise<PageComparison> =>
    comparePages(quietJob(signal), { before: { source: source(files.before, pair.before!), text: first[pair.before!]! }, after: { source: source(files.after, pair.after!), text: second[pair.after!]! } });
  const both = pairs.filter((pair) => pair.before !== null && pair.after !== null);
  const changes = await stage('comparing', both.length, async () => {
    const told: string[] = [];
    for (const pair of both) for (const change of (await compare(pair)).changes) told.push(`${change.doubtful ? '(doubtful) ' : ''}${pair.before! + 1}: ${change.kind} ${change.before.text} > ${change.after.text}`);
    return told;
  });
  const pages = { added: pairs.filter((pair) => pair.before === null).map((pair) => pair.after! + 1), removed: pairs.filter((pair) => pair.after === null).map((pair) => pair.before! + 1), moved: pairs.filter((pair) => pair.moved).map((pair) => pair.before! + 1) };
  console.log(`pages added ${pages.added.join(' ')}, removed ${pages.removed.join(' ')}, moved ${pages.moved.join(' ')}; made: added ${truth.added.join(' ')}, removed ${truth.removed.join(' ')}, moved ${truth.moved.join(' ')}`);
  console.log(`changes found ${truth.changes.filter((one) => changes.includes(one)).length} of ${truth.changes.length}, wrong ${changes.filter((one) => !one.startsWith('(doubtful)') && !truth.changes.includes(one)).length}, doubtful ${changes.filter((one) => one.startsWith('(doubtful)')).length}`);
  for (const one of changes.filter((told) => !truth.changes.includes(told))) console.log(`    ${one}`);
  const controller = new AbortController(), changed = both.find((pair) => truth.changes.some((one) => one.startsWith(`${pair.before! + 1}:`)))!;
  let asked = 0;
  setTimeout(() => {
    asked = performance.now();
    controller.abort();
  }, 300);
  await compare(changed, controller.signal).catch(() => {});
  console.log(asked === 0 ? 'the pair was done before it could be cancelled' : `cancelled after ${Math.round(performance.now() - asked)} ms`);
} finally {
  clearInterval(watch);
  await closeReader();
  rmSync(folder, { recursive: true });
}
process.exit(0);
