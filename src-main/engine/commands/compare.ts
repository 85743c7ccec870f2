// `lectern compare`: two pictures or documents in, what changed between them out. Pages are matched by what stands on them, and compared
// two at a time, so that memory does not grow with their number.
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ComparedPage, ModelView, PageComparison, PagePair } from '@contract/compare.ts';
import { linesOf, type FileFormat, type PageText } from '@contract/document.ts';
import type { PageSource } from '@contract/job.ts';
import { changeAnswerTokens, changeQuestion } from '../../base/change-question.ts';
import { AppError, fileError } from '../../base/errors.ts';
import { isKnownByText } from '../../base/known-by-text.ts';
import { partOf, throwIfCancelled, type Job } from '../../base/job.ts';
import { logFor } from '../../base/log.ts';
import { cropChanges } from '../../compare/change-crops.ts';
import { comparePages } from '../../compare/compare-pages.ts';
import { matchPages, type PageGist } from '../../compare/match-pages.ts';
import { namedChanges } from '../../compare/named-changes.ts';
import { changeFrames, comparisonHtml, comparisonJson, type ReportPair } from '../../exporters/comparison-report.ts';
import { changeSentence, comparisonSummary } from '../../exporters/comparison-sentences.ts';
import { encodePng, reducePicture } from '../../inference/image/decode-image.ts';
import { answer } from '../jobs/answer.ts';
import { closeModel } from '../jobs/load-model.ts';
import { countPages, decodePage } from '../jobs/page-pictures.ts';
import { closeReader, readPage } from '../jobs/read-page.ts';
import { refuse, type Command } from './command.ts';
import { sentenceFor } from './error-sentences.ts';
import { packageFolder } from './models-folder.ts';
import { progressLine } from './progress-line.ts';
import { exists, fileInTheWay } from './read-output.ts';
import { formatOf, wantedOf } from './wanted-files.ts';

const usage = `Usage: lectern compare BEFORE AFTER [--model MODEL] [--json] [--output DIR]

Compares two pictures, or two documents page by page, and prints what changed. FILE.pdf#3 compares the third page alone.

  --json         print {summary, pairs: [{before, after, moved, alignment, changes: [{kind, before: {quad, text},
                 after: {quad, text}, confidence, doubtful, cell}]}]}; kind is changed, inserted, removed, moved or picture;
                 quads are pixels of the stored pages; doubtful changes may only be misreadings
  --model MODEL  ask this compiled model, too, what differs: each change it names is held against those found, and told as
                 confirmed or unconfirmed (in the JSON: modelView of each pair)
  --output DIR   write report.html and report.json into DIR, with pictures of both sides of every change

The exit code is 0 when the files were compared, whether or not they differ, and 1 when one could not be.
`;

interface ReadPage {
  readonly page: ComparedPage;
  readonly source: PageSource;
  readonly text: PageText;
  readonly gist: PageGist;
}

const log = logFor('compare');
/** Pages are matched in this size. */
const gistSide = 96;

async function readDocument(job: Job, argument: string): Promise<ReadPage[]> {
  const wanted = await wantedOf(argument);
  const format: FileFormat = await formatOf(wanted.path);
  const pageCount = await countPages(wanted.path, format);
  const indexes = wanted.page === null ? Array.from({ length: pageCount }, (_, at) => at) : [wanted.page];
  const pages: ReadPage[] = [];
  for (const [at, pageIndex] of indexes.entries()) {
    throwIfCancelled(job);
    const part = partOf(job, at / indexes.length, (at + 1) / indexes.length), source = { path: wanted.path, format, pageIndex };
    const text = await readPage(part, { source, rotation: null });
    const lines = linesOf(text).map((line) => line.text).join('\n');
    const look = isKnownByText(lines) ? null : await reducePicture((await decodePage(source)).picture, gistSide);
    pages.push({ page: { name: basename(wanted.name), pageIndex, pageCount }, source, text, gist: { text: lines, picture: look } });
  }
  return pages;
}

/** Compares one pair and, where wanted, writes the pictures of its changes. */
async function comparePair(job: Job, before: ReadPage | null, after: ReadPage | null, { moved }: PagePair, number: number, folder: string | null): Promise<ReportPair> {
  const pages = { before: before?.page ?? null, after: after?.page ?? null, moved, modelView: null };
  if (!before || !after) return { ...pages, comparison: null, crops: [] };
  const [first, second] = [(await decodePage(before.source)).picture, (await decodePage(after.source)).picture];
  const comparison = await comparePages(job, { picture: first, text: before.text }, { picture: second, text: after.text });
  if (folder === null || comparison.changes.length === 0) return { ...pages, comparison, crops: [] };
  await mkdir(join(folder, 'crops'), { recursive: true });
  const write = async (side: 'before' | 'after'): Promise<string[]> => {
    const [picture, page] = side === 'before' ? [first, before] : [second, after];
    const crops = await cropChanges(picture, page.text.rotation, comparison.changes.map((change) => change[side].quad), changeFrames(comparison.changes, side));
    return await Promise.all(crops.map(async (crop, at) => {
      const name = `crops/${number}-${at + 1}-${side}.png`;
      await writeFile(join(folder, name), await encodePng(crop));
      return name;
    }));
  };
  const [left, right] = [await write('before'), await write('after')];
  return { ...pages, comparison, crops: left.map((one, at) => ({ before: one, after: right[at]! })) };
}

async function modelViewOf(job: Job, folder: string, before: ReadPage, after: ReadPage, comparison: PageComparison): Promise<ModelView> {
  const started = performance.now();
  const page = ({ source, text }: ReadPage) => ({ type: 'page' as const, page: { source, rotation: text.rotation } });
  const { text, raw, groundings, finish, record } = await answer(job, {
    model: { folder }, numberPictures: true, sampling: { temperature: 0 }, maxNewTokens: changeAnswerTokens,
    messages: [{ role: 'user', parts: [page(before), page(after), { type: 'text', text: changeQuestion }] }],
  });
  return { ...namedChanges(text, groundings, comparison), answererName: record.model.name, answer: raw, isCut: finish !== 'stop' && finish !== 'stop-text', totalMs: performance.now() - started };
}

function viewRows({ answererName, named, unnamed, isCut }: ModelView): string[] {
  const words = ({ text, before, after }: ModelView['named'][number]): string => `${text}${before.text || after.text ? ` (“${before.text}” → “${after.text}”)` : ''}`;
  return [
    `  ${answererName} ${named.length === 0 ? 'sees no difference' : 'sees'}${isCut ? ' (cut off)' : ''}${named.length === 0 ? '' : ':'}`,
    ...named.map((one) => `    ${one.confirmedBy.length > 0 ? 'confirmed  ' : 'unconfirmed'} ${words(one)}`),
    ...(unnamed.length ? [`    it does not name ${unnamed.length} of the changes above`] : []),
  ];
}

function printed(pairs: readonly ReportPair[]): string {
  const rows = [comparisonSummary(pairs)];
  const name = (page: ComparedPage): string => (page.pageCount > 1 ? `${page.name}#${page.pageIndex + 1}` : page.name);
  for (const { before, after, moved, comparison, modelView } of pairs) {
    if (!before || !after || !comparison) rows.push('', before ? `${name(before)}: page removed` : `${name(after!)}: page added`);
    else if (comparison.changes.length || moved) {
      rows.push('', `${name(before)} → ${name(after)}${moved ? ' (page moved)' : ''}`);
      for (const change of comparison.changes.filter((one) => !one.doubtful)) rows.push(`  ${change.kind.padEnd(9)}${changeSentence(change)}`);
      for (const change of comparison.changes.filter((one) => one.doubtful)) rows.push(`  doubtful ${changeSentence(change)}`);
    }
    if (modelView) rows.push('', ...viewRows(modelView));
  }
  return `${rows.join('\n')}\n`;
}

const reportFiles = ['report.html', 'report.json'] as const;

/** Of the files of a report, the first that is in the folder already. */
async function firstThere(folder: string): Promise<string | null> {
  for (const name of reportFiles) if (await exists(join(folder, name))) return join(folder, name);
  return null;
}

export const compareCommand: Command = {
  usage,
  async run(args, signal) {
    let given;
    try {
      given = parseArgs({ args: [...args], allowPositionals: true, options: { json: { type: 'boolean', default: false }, output: { type: 'string' }, model: { type: 'string' } } });
    } catch (error) {
      return refuse(compareCommand, error instanceof Error ? error.message : String(error));
    }
    const { values, positionals } = given;
    const [first, second] = positionals;
    if (first === undefined || second === undefined || positionals.length > 2) return refuse(compareCommand, 'Which two files?');
    const folder = values.output === undefined ? null : resolve(values.output);
    if (folder !== null) {
      const inTheWay = await fileInTheWay(folder);
      if (inTheWay !== null) process.stderr.write(`${inTheWay}: this is a file, not a folder to write into\n`);
      const there = inTheWay === null ? await firstThere(folder) : null;
      if (there !== null) process.stderr.write(`${there}: ${sentenceFor(new AppError('file-exists', { file: there }))}; name another folder\n`);
      if (inTheWay !== null || there !== null) return 1;
    }
    const model = values.model === undefined ? null : packageFolder(values.model);
    const progress = progressLine('compare');
    const job: Job = { signal, log, progress: progress.show };
    try {
      const documents: ReadPage[][] = [];
      for (const [at, argument] of [first, second].entries()) {
        try {
          documents.push(await readDocument(partOf(job, at * 0.4, at * 0.4 + 0.4), argument));
        } catch (error) {
          if (signal.aborted) throw error;
          progress.clear();
          process.stderr.write(`${argument}: ${sentenceFor(error)}\n`);
          return 1;
        }
      }
      const [before, after] = documents as [ReadPage[], ReadPage[]];
      if (folder !== null) await mkdir(folder, { recursive: true }).catch((error: unknown) => {
        throw fileError(error, folder, 'write-failed');
      });
      const matched = await matchPages(job, before.map((page) => page.gist), after.map((page) => page.gist));
      const pairs: ReportPair[] = [];
      for (const [at, pair] of matched.entries()) {
        throwIfCancelled(job);
        const part = partOf(job, 0.8 + (0.2 * at) / matched.length, 0.8 + (0.2 * (at + 1)) / matched.length);
        pairs.push(await comparePair(part, pair.before === null ? null : before[pair.before]!, pair.after === null ? null : after[pair.after]!, pair, at + 1, folder));
      }
      if (model !== null) {
        await closeReader();
        for (const [at, { before: first, after: second }] of matched.entries()) {
          const { comparison } = pairs[at]!;
          if (first === null || second === null || !comparison) continue;
          pairs[at] = { ...pairs[at]!, modelView: await modelViewOf(job, model, before[first]!, after[second]!, comparison) };
        }
      }
      progress.clear();
      if (folder !== null) {
        const title = `${basename(first, extname(first))} → ${basename(second, extname(second))}`;
        await writeFile(join(folder, 'report.html'), comparisonHtml(title, pairs));
        await writeFile(join(folder, 'report.json'), comparisonJson(pairs));
        process.stderr.write(`written to ${join(folder, 'report.html')}\n`);
      }
      if (values.json) process.stdout.write(comparisonJson(pairs));
      else if (folder === null) process.stdout.write(printed(pairs));
      else process.stdout.write(`${comparisonSummary(pairs)}\n`);
      return 0;
    } finally {
      progress.clear();
      await closeReader();
      await closeModel();
    }
  },
};
