// One question to a server about each of many pages by itself, as many at once as the server takes; the answers stand below each other in the
// order of the pages. Knows no conversation.
import type { AskOptions, MessageGrounding, SentPicture } from '@contract/conversation.ts';
import type { ReachedEndpoint } from '@contract/endpoint.ts';
import type { JobResult } from '@contract/job.ts';
import { isCancellation, toWireError } from '../base/errors.ts';
import type { Engine } from './engine-process.ts';
import { onPages, sentPictures } from './question-parts.ts';
import type { QuestionParts } from './question-parts.ts';

type PageAnswer = { answer: JobResult<'answer-from-endpoint'> } | { failure: unknown };

export interface EachPage {
  text: string;
  groundings: MessageGrounding[];
  pictures: SentPicture[];
  promptTokens: number | null;
  newTokens: number | null;
}

export interface EachPageOptions {
  engine: Pick<Engine, 'run'>;
  endpoint: ReachedEndpoint;
  parts: QuestionParts;
  options: AskOptions;
  signal: AbortSignal;
  /** Hears the answers so far whenever a page is done. */
  onPage(sofar: EachPage): void;
}

/** @throws the first page's failure when no page was answered, job-cancelled */
export async function askEachPage({ engine, endpoint, parts, options, signal, onPage }: EachPageOptions): Promise<EachPage> {
  const asked = parts.messages.at(-1)?.parts ?? [];
  const text = asked.flatMap((part) => (part.type === 'text' ? [part] : []));
  const pages = asked.flatMap((part) => (part.type === 'page' ? [part] : []));
  const pictures = parts.pictures.slice(parts.pictures.length - pages.length);
  const { maxImageTokens, sampling, maxNewTokens } = options;
  const answers: (PageAnswer | null)[] = pages.map(() => null);

  const together = (): EachPage => {
    const all: EachPage = { text: '', groundings: [], pictures: [], promptTokens: null, newTokens: null };
    for (const [at, one] of answers.entries()) {
      const picture = pictures[at]!;
      if (!one) continue;
      all.text += `${all.text === '' ? '' : '\n\n'}### ${picture.fileName}, page ${picture.page.index + 1}\n\n`;
      if ('failure' in one) {
        all.text += `*No answer for this page (${toWireError(one.failure).code}).*`;
        continue;
      }
      const { answer } = one;
      const offset = all.text.length;
      all.text += answer.text;
      all.groundings.push(...onPages([picture], answer.groundings).map((grounding) => ({ ...grounding, start: grounding.start + offset, end: grounding.end + offset })));
      all.pictures.push(...sentPictures([picture], answer.record.pages));
      const { promptTokens, newTokens } = answer.record;
      if (promptTokens !== null) all.promptTokens = (all.promptTokens ?? 0) + promptTokens;
      if (newTokens !== null) all.newTokens = (all.newTokens ?? 0) + newTokens;
    }
    return all;
  };

  await Promise.all(
    pages.map(async (page, at) => {
      try {
        const answer = await engine.run(
          'answer-from-endpoint',
          {
            endpoint,
            messages: [{ role: 'user', parts: [page, ...text] }],
            ...(maxImageTokens === undefined ? {} : { maxImageTokens }),
            ...(sampling === undefined ? {} : { sampling }),
            ...(maxNewTokens === undefined ? {} : { maxNewTokens }),
          },
          { signal },
        );
        answers[at] = { answer };
      } catch (failure) {
        // One page's failure is not the others'.
        if (isCancellation(failure) || signal.aborted) throw failure;
        answers[at] = { failure };
      }
      onPage(together());
    }),
  );
  const failed = answers.flatMap((one) => (one && 'failure' in one ? [one.failure] : []));
  if (failed.length === answers.length && failed.length > 0) throw failed[0];
  return together();
}
