// What `lectern ask` does without a model: reads the pages and lets the built-in reader answer from what it read. Only the
// answer goes to stdout; that no model gave it is said on stderr.
import type { PageText } from '@contract/document.ts';
import type { PageSource } from '@contract/job.ts';
import { isCancellation } from '../../base/errors.ts';
import { logFor } from '../../base/log.ts';
import { answerFromText } from '../../reader/answer-from-text.ts';
import { closeReader, readPage } from '../jobs/read-page.ts';
import { sentenceFor } from './error-sentences.ts';
import { progressLine } from './progress-line.ts';

/** Gives the exit code: 1 when a page cannot be read, or the answer is not on the pages. */
export async function askReader(question: string, sources: readonly (PageSource & { name: string })[], json: boolean, signal: AbortSignal): Promise<number> {
  const pages: { pageId: string; index: number; document: string; text: PageText }[] = [];
  try {
    for (const [index, { name, ...source }] of sources.entries()) {
      const progress = progressLine(name);
      try {
        pages.push({ pageId: name, index, document: name, text: await readPage({ signal, log: logFor('ask'), progress: progress.show }, { source, rotation: null }) });
      } catch (error) {
        if (isCancellation(error)) throw error;
        process.stderr.write(`${name}: ${sentenceFor(error)}\n`);
        return 1;
      } finally {
        progress.clear();
      }
    }
  } finally {
    await closeReader();
  }
  const { groundings, ...answer } = answerFromText(question, pages);
  process.stderr.write('No Qwen-VL model answered: this is the built-in reader, from recognised text. "lectern model import" installs a model.\n');
  if (json) process.stdout.write(`${JSON.stringify({ answeredBy: 'built-in reader', ...answer, groundings: groundings.map(({ pageId, ...rest }) => ({ ...rest, page: pageId })) }, null, 2)}\n`);
  else process.stdout.write(`${answer.text}\n`);
  if (!json) process.stderr.write(`${answer.explanation}\n`);
  return answer.found ? 0 : 1;
}
