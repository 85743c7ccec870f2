// Answers a question about pages: pixels from their files, the model's answer as it is written, places on the pages.
import type { JobInput, JobResult } from '@contract/job.ts';
import type { Grounding } from '@contract/model.ts';
import { partOf, type Job } from '../../base/job.ts';
import type { PlacedGrounding, Question } from '../../inference/answer-question.ts';
import type { ChatMessage } from '../../inference/tokenizer/chat-prompt.ts';
import { answerStream } from './answer-stream.ts';
import { modelFor } from './load-model.ts';
import { shownPictures } from './shown-pictures.ts';

const groundingOf = ({ image, ...rest }: PlacedGrounding): Grounding => ({ ...rest, page: image });

/**
 * @throws what opening a package or a page throws, page-blank, context-overflow, image-empty, template-invalid, out-of-memory, logits-not-finite,
 * job-cancelled
 */
export async function answer(job: Job, input: JobInput<'answer'>): Promise<JobResult<'answer'>> {
  const { answerer } = await modelFor(partOf(job, 0, 0.1), input.model);
  const pictures = await shownPictures(job, input.messages);
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
  const stream = answerStream(job);
  const result = await answerer.answer(job, question, { onText: stream.text, onGrounding: (found) => stream.place(groundingOf(found)) }).finally(stream.flush);
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
