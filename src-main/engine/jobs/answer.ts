// Answers a question about pages: pixels from their files, the model's answer as it is written, places on the pages.
import type { JobInput, JobResult } from '@contract/job.ts';
import type { Grounding } from '@contract/model.ts';
import { partOf, throwIfCancelled, type Job } from '../../base/job.ts';
import type { PlacedGrounding, Question, SentPicture } from '../../inference/answer-question.ts';
import { turnPicture } from '../../inference/image/picture.ts';
import type { ChatMessage } from '../../inference/tokenizer/chat-prompt.ts';
import { modelFor } from './load-model.ts';
import { decodePage } from './page-pictures.ts';

/** Text is posted at most once in this time: a window draws no faster. */
const postEveryMs = 16;

/** Collects text and posts it in bundles, in order with what else is posted. */
function bundledText(post: NonNullable<Job['post']>): { add(text: string): void; flush(): void } {
  let waiting = '';
  let last = 0;
  const flush = (): void => {
    if (waiting !== '') post({ type: 'text', text: waiting });
    waiting = '';
    last = performance.now();
  };
  return {
    add: (text) => {
      waiting += text;
      if (performance.now() - last >= postEveryMs) flush();
    },
    flush,
  };
}

const groundingOf = ({ image, ...rest }: PlacedGrounding): Grounding => ({ ...rest, page: image });

/** The pages as pictures, upright, in the order of the messages. */
async function picturesOf(job: Job, input: JobInput<'answer'>): Promise<SentPicture[]> {
  const pages = input.messages.flatMap((message) => message.parts).flatMap((part) => (part.type === 'page' ? [part.page] : []));
  const pictures: SentPicture[] = [];
  for (const [at, { source, rotation }] of pages.entries()) {
    throwIfCancelled(job);
    job.progress('decoding', at / pages.length);
    const { picture } = await decodePage(source);
    pictures.push({ picture: turnPicture(picture, rotation), placement: { pageWidth: picture.width, pageHeight: picture.height, rotation, left: 0, top: 0 } });
  }
  return pictures;
}

/**
 * @throws what opening a package or a page throws, context-overflow, image-empty, template-invalid, out-of-memory, logits-not-finite,
 * job-cancelled
 */
export async function answer(job: Job, input: JobInput<'answer'>): Promise<JobResult<'answer'>> {
  const { answerer } = await modelFor(partOf(job, 0, 0.1), input.model);
  const pictures = await picturesOf(job, input);
  const messages: ChatMessage[] = input.messages.map(({ role, parts }) => ({ role, parts: parts.map((part) => (part.type === 'page' ? { type: 'image' } : part)) }));
  const { sampling = {}, maxNewTokens, stopTexts, numberPictures } = input;
  const question: Question = {
    messages,
    pictures,
    sampling: Object.fromEntries(Object.entries(sampling).filter(([, value]) => value !== undefined)),
    ...(maxNewTokens === undefined ? {} : { maxNewTokens }),
    ...(stopTexts === undefined ? {} : { stopTexts }),
    ...(numberPictures === undefined ? {} : { numberPictures }),
  };
  const post = job.post ?? (() => {});
  const text = bundledText(post);
  const result = await answerer.answer(job, question, {
    onText: text.add,
    onGrounding: (found) => {
      // a place refers to text that must have arrived
      text.flush();
      post({ type: 'grounding', grounding: groundingOf(found) });
    },
  });
  text.flush();
  const { manifest, choice } = answerer.model;
  return {
    text: result.text,
    raw: result.raw,
    groundings: result.groundings.map(groundingOf),
    finish: result.finish,
    record: {
      model: { id: manifest.id, name: manifest.name, provider: choice.provider },
      promptTokens: result.sent.promptTokens,
      reusedTokens: result.sent.reusedTokens,
      newTokens: result.tokens.length,
      pages: result.sent.images.map(({ original, padded, input: sent, tokens }) => ({ original: sizeOf(original), padded: sizeOf(padded), input: sizeOf(sent), tokens })),
      sampling: { ...result.sampling },
      ...result.timing,
    },
  };
}

const sizeOf = ({ width, height }: { width: number; height: number }): { width: number; height: number } => ({ width, height });
