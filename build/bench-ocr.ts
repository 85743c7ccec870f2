// `npm run bench:ocr [-- --pages DIR] [--only TEXT]`: the built-in reader beside Debian's Tesseract 5 on the same pages, in turns, page by
// page: error and time as ratios, and peak memory. Knows pages with ground truth in the form of test/fixtures/pages.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { linesOf } from '../src-preload/contract/document.ts';
import { quietJob } from '../src-main/base/job.ts';
import { decodeImage, encodePng } from '../src-main/inference/image/decode-image.ts';
import { openPdf } from '../src-main/ocr/rasterize.ts';
import { PageReader } from '../src-main/ocr/read-picture.ts';
import { meanScore, scorePage, type PageScore, type PlacedText } from '../test/helpers/score-pages.ts';

interface Item {
  readonly id: string;
  readonly file: string;
  readonly lang: string;
  readonly gt: string;
  readonly orderTrusted?: boolean;
  readonly foldCase?: boolean;
}
interface Result {
  readonly score: PageScore;
  readonly wallMs: number;
  readonly cpuMs: number;
}

const given = parseArgs({ options: { pages: { type: 'string' }, only: { type: 'string' } } });
const from = process.env['INIT_CWD'] ?? process.cwd();
const pages = given.values.pages ? resolve(from, given.values.pages) : resolve(import.meta.dirname ?? 'build', '../test/fixtures/pages');
const items = (JSON.parse(readFileSync(join(pages, 'manifest.json'), 'utf8')) as { items: Item[] }).items.filter((item) => !given.values.only || item.id.includes(given.values.only));
const work = mkdtempSync(join(tmpdir(), 'lectern-bench-ocr-'));

/** What a user of Tesseract who knows the page's language would ask for. */
const tesseractLanguages: Readonly<Record<string, string>> = { en: 'eng', ko: 'kor', zh: 'chi_sim', 'zh-Hant': 'chi_tra', ja: 'jpn' };

function checkTesseract(): void {
  try {
    const listed = execFileSync('tesseract', ['--list-langs'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    const missing = Object.values(tesseractLanguages).filter((language) => !listed.split('\n').includes(language));
    if (missing.length === 0) return;
    throw new Error(`without ${missing.join(', ')}`);
  } catch (error) {
    console.error(`Tesseract is missing (${error instanceof Error ? error.message.split('\n')[0] : String(error)}). Install it:\n  sudo apt-get install -y tesseract-ocr tesseract-ocr-kor tesseract-ocr-jpn tesseract-ocr-chi-sim tesseract-ocr-chi-tra`);
    process.exit(1);
  }
}

/** Words of Tesseract's TSV, joined to lines. */
function tesseractLines(tsv: string): PlacedText[] {
  const lines = new Map<string, { words: string[]; left: number; top: number; right: number; bottom: number }>();
  for (const row of tsv.split('\n').slice(1)) {
    const cells = row.split('\t');
    if (cells[0] !== '5') continue;
    const [left, top, width, height] = cells.slice(6, 10).map(Number) as [number, number, number, number];
    const key = cells.slice(1, 5).join();
    const line = lines.get(key) ?? { words: [], left, top, right: 0, bottom: 0 };
    line.words.push(cells[11] ?? '');
    line.left = Math.min(line.left, left);
    line.top = Math.min(line.top, top);
    line.right = Math.max(line.right, left + width);
    line.bottom = Math.max(line.bottom, top + height);
    lines.set(key, line);
  }
  return [...lines.values()].map(({ words, left, top, right, bottom }) => ({ text: words.join(' '), quad: [[left, top], [right, top], [right, bottom], [left, bottom]] }));
}

function score(item: Item, lines: readonly PlacedText[]): PageScore {
  const truth = JSON.parse(readFileSync(join(pages, item.gt), 'utf8'));
  return scorePage(truth, lines, { ...(item.orderTrusted !== undefined && { orderTrusted: item.orderTrusted }), ...(item.foldCase !== undefined && { foldCase: item.foldCase }) });
}

function readWithTesseract(item: Item, file: string): Result {
  const languages = item.lang.split('+').map((language) => tesseractLanguages[language] ?? 'eng');
  const wanted = [...new Set([...languages, 'eng'])].join('+');
  const started = performance.now();
  // The shell's own clock gives the child's processor time, which Node does not.
  const run = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time tesseract "$0" - -l "$1" --psm 1 tsv 2>/dev/null`, file, wanted], { encoding: 'utf8', maxBuffer: 1e8, env: { ...process.env, OMP_THREAD_LIMIT: '1' } });
  const wallMs = performance.now() - started;
  const [user = 0, system = 0] = (run.stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { score: score(item, tesseractLines(run.stdout)), wallMs, cpuMs: (user + system) * 1000 };
}

const reader = new PageReader();

async function readWithLectern(item: Item, file: string): Promise<Result> {
  const cpu = process.cpuUsage(), started = performance.now();
  const text = await reader.read(quietJob(), await decodeImage(file), null);
  const wallMs = performance.now() - started, { user, system } = process.cpuUsage(cpu);
  return { score: score(item, linesOf(text)), wallMs, cpuMs: (user + system) / 1000 };
}

/** A picture both can open: pages of a PDF are drawn once, for both. */
async function pictureOf(item: Item): Promise<string> {
  const [path, page] = item.file.split('#') as [string, string | undefined];
  if (page === undefined) return join(pages, path);
  const pdf = await openPdf(join(pages, path));
  const file = join(work, `${item.id}.png`);
  writeFileSync(file, await encodePng(pdf.draw(Number(page) - 1)));
  pdf.close();
  return file;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const megabytes = (): number => Math.round(process.resourceUsage().maxRSS / 1000);

checkTesseract();
const first = items[0];
if (!first) {
  console.error(`No pages in ${pages}.`);
  process.exit(1);
}
const before = megabytes();
// Loading the networks is no part of a page's time; neither is the first run of Tesseract from a cold disk.
const warm = await pictureOf(first);
await readWithLectern(first, warm);
readWithTesseract(first, warm);

const results: { item: Item; lectern: Result; tesseract: Result }[] = [];
try {
  for (const [at, item] of items.entries()) {
    const file = await pictureOf(item);
    // In turns, so that neither always has the quieter machine.
    const early = at % 2 === 0 ? await readWithLectern(item, file) : null;
    const tesseract = readWithTesseract(item, file);
    const lectern = early ?? (await readWithLectern(item, file));
    results.push({ item, lectern, tesseract });
    console.log(`${item.id.padEnd(30)} error ${lectern.score.headline.toFixed(3)} / ${tesseract.score.headline.toFixed(3)}   seconds ${(lectern.wallMs / 1000).toFixed(2)} / ${(tesseract.wallMs / 1000).toFixed(2)} = ${(lectern.wallMs / tesseract.wallMs).toFixed(2)}   processor ${(lectern.cpuMs / tesseract.cpuMs).toFixed(2)}`);
  }
} finally {
  await reader.close();
  rmSync(work, { recursive: true });
}

const report = (name: string, some: typeof results): void => {
  const ours = meanScore(some.map(({ lectern }) => lectern.score)), theirs = meanScore(some.map(({ tesseract }) => tesseract.score));
  const wall = some.map(({ lectern, tesseract }) => lectern.wallMs / tesseract.wallMs);
  const totals = (pick: (result: Result) => number): number => sum(some.map(({ lectern }) => pick(lectern))) / sum(some.map(({ tesseract }) => pick(tesseract)));
  console.log(`${name.padEnd(10)} ${String(some.length).padStart(3)} pages   error ${ours.headline.toFixed(3)} / ${theirs.headline.toFixed(3)} = ${(ours.headline / theirs.headline).toFixed(2)}   time, median page ${median(wall).toFixed(2)}, all pages ${totals((result) => result.wallMs).toFixed(2)}   processor ${totals((result) => result.cpuMs).toFixed(2)}`);
};
console.log('\nLectern / Tesseract, OMP_THREAD_LIMIT=1, told the language');
for (const language of new Set(items.map((item) => item.lang))) report(language, results.filter(({ item }) => item.lang === language));
report('all', results);
console.log(`peak memory ${megabytes()} MB (${before} MB before the first page)`);
process.exit(0);
