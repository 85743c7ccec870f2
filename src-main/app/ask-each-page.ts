// One question to a server about each of many pages by itself, as many at once as the server takes; the answers stand below each other in the
// order of the pages, and all of them stream. Knows no conversation.
import { joinedSections } from '@contract/answer-sections.ts';
import type { AnswerSection, AnswerSectionPlace } from '@contract/answer-sections.ts';
import type { AskOptions, MessageGrounding, SentPicture } from '@contract/conversation.ts';
import type { ReachedEndpoint } from '@contract/endpoint.ts';
import type { ErrorCode } from '@contract/errors.ts';
import type { JobInput, JobResult } from '@contract/job.ts';
import { isCancellation, toWireError } from '../base/errors.ts';
import type { KeptAnswer } from '../base/job.ts';
import type { Engine } from './engine-process.ts';
import { onPages, sentPictures } from './question-parts.ts';
import type { QuestionParts, ShownPart } from './question-parts.ts';

/** What is asked about at once: a page, a part of one, or all tiles of one. */
interface AskedPage {
  readonly heading: string;
  readonly pictures: ShownPart[];
  readonly parts: JobInput<'answer-from-endpoint'>['messages'][number]['parts'];
}

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
  messageId: string;
  signal: AbortSignal;
  /** Hears what all pages have written so far. */
  onKept(sofar: Pick<EachPage, 'text' | 'groundings'>): void;
}

/** Why a page has no answer, in the few words that fit into the answer. */
const reasons: Partial<Record<ErrorCode, string>> = {
  'endpoint-busy': 'the server was too busy', 'endpoint-timeout': 'the server fell silent', 'endpoint-cut': 'the connection broke off', 'endpoint-failed': 'the server failed',
  'endpoint-refused': 'the server refused it', 'endpoint-unauthorised': 'the server refused the key', 'network-unavailable': 'the server was not reached', 'page-blank': 'the page is blank',
};

function askedPages(parts: QuestionParts): AskedPage[] {
  const last = parts.messages.at(-1)?.parts ?? [];
  const pageParts = last.filter((part) => part.type === 'page');
  const pictures = parts.pictures.slice(parts.pictures.length - pageParts.length);
  const asked: AskedPage[] = [];
  for (const [at, picture] of pictures.entries()) {
    // The tiles of one page are asked about together.
    if ((picture.tile ?? 0) > 0) {
      asked.at(-1)!.pictures.push(picture);
      asked.at(-1)!.parts.push(pageParts[at]!);
    } else asked.push({ heading: `${picture.fileName}, page ${picture.page.index + 1}`, pictures: [picture], parts: [pageParts[at]!] });
  }
  return asked;
}

/** @throws the first page's failure when no page was answered, job-cancelled */
export async function askEachPage({ engine, endpoint, parts, options, messageId, signal, onKept }: EachPageOptions): Promise<EachPage> {
  const words = (parts.messages.at(-1)?.parts ?? []).filter((part) => part.type === 'text');
  const asked = askedPages(parts);
  const { maxImageTokens, sampling, maxNewTokens } = options;
  const sections: AnswerSection[] = asked.map(({ heading }) => ({ heading, text: '', groundings: [] }));
  const answers: JobResult<'answer-from-endpoint'>[] = [];
  const failures: unknown[] = [];

  const write = (at: number, { text, groundings }: Pick<KeptAnswer, 'text' | 'groundings'>): void => {
    sections[at] = { heading: asked[at]!.heading, text, groundings: onPages(asked[at]!.pictures, groundings) };
    onKept(joinedSections(sections));
  };
  const sent = asked.map((): SentPicture[] => []);

  await Promise.all(
    asked.map(async ({ heading, pictures, parts: pageParts }, at) => {
      const section: AnswerSectionPlace = { at, of: asked.length, heading };
      try {
        const answer = await engine.run(
          'answer-from-endpoint',
          {
            endpoint,
            messages: [{ role: 'user', parts: [...pageParts, ...words] }],
            ...(maxImageTokens === undefined ? {} : { maxImageTokens }),
            ...(sampling === undefined ? {} : { sampling }),
            ...(maxNewTokens === undefined ? {} : { maxNewTokens }),
          },
          { messageId, section, pageIds: pictures.map(({ page }) => page.id), signal, onKept: (kept) => write(at, kept) },
        );
        answers.push(answer);
        sent[at] = sentPictures(pictures, answer.record.pages);
        write(at, answer);
      } catch (failure) {
        // One page's failure is not the others', and what it wrote before stays.
        if (isCancellation(failure) || signal.aborted) throw failure;
        failures.push(failure);
        const { code } = toWireError(failure);
        const { text, groundings } = sections[at]!;
        sections[at] = { heading, text: `${text}${text === '' ? '' : '\n\n'}*No ${text === '' ? 'answer' : 'whole answer'} for this page: ${reasons[code] ?? code}.*`, groundings };
        onKept(joinedSections(sections));
      }
    }),
  );
  if (failures.length === asked.length && failures.length > 0) throw failures[0];
  const total = (count: (record: JobResult<'answer-from-endpoint'>['record']) => number | null): number | null =>
    answers.reduce((sum: number | null, { record }) => (count(record) === null ? sum : (sum ?? 0) + count(record)!), null);
  return { ...joinedSections(sections), pictures: sent.flat(), promptTokens: total((record) => record.promptTokens), newTokens: total((record) => record.newTokens) };
}
